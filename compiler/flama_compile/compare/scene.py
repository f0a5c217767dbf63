"""What the rules look at, and how they speak of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flama_compile.compare.changes import Cause, Change, Explainer
from flama_compile.compare.items import Item
from flama_compile.compare.pairing import Pairs
from flama_compile.ir.routes import Mount, Route, RouteTable
from flama_compile.source import Span

__all__ = [
    "Evidence",
    "Scene",
    "below",
    "entry_of",
    "handler_key",
    "handlers",
    "implicit",
    "item_of",
    "mount_of",
    "nearest",
    "one_path",
    "parameter_names",
    "path_of",
    "paths",
    "protocol_of",
    "span_of",
]


@dataclass(slots=True)
class Evidence:
    """One cause with all its changes."""

    cause: Cause
    changes: list[Change] = field(default_factory=list)
    also: list[Evidence] = field(default_factory=list)
    """Other causes of the same edit, which one finding tells as well."""

    @property
    def losses(self) -> list[Change]:
        """Changes of requests that something answered."""
        return [each for each in self.changes if each.was.kind in ("route", "foreign")]

    @property
    def lost(self) -> list[Item]:
        """What answered them, in order, each once."""
        return _once(each.was.item for each in self.losses)

    @property
    def gained(self) -> list[Item]:
        """What answers now, in order, each once."""
        found = (each.now for each in self.changes)
        return _once(now.item for now in found if now.kind in ("route", "foreign"))


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the rules look at."""

    base_table: RouteTable
    head_table: RouteTable
    base: Sequence[Item]
    head: Sequence[Item]
    pairs: Pairs
    explainer: Explainer
    evidence: Sequence[Evidence]
    winners: set[Item]
    """Items of the head that answer some request which a changed item fits."""
    dead: Container[Item]
    """Routes of the head that lost requests and can answer nothing any more."""
    handlers_of_both: frozenset[str]
    """Handlers that both tables name: none of them was renamed."""
    sites: tuple[Sequence[Item], Sequence[Item]]
    """The dynamic items of both tables."""
    strict: bool
    schema: bool
    """Whether the contract is `schema` or above."""
    today: date


def one_path(change: Change) -> bool:
    """Whether the old and the new route have the same paths."""
    old, new = change.was.item, change.now.item
    if old is None or new is None or old.role != "route" or new.role != "route":
        return False
    return old.language == new.language


def nearest(scene: Scene, item: Item) -> Span | None:
    """What is still there of the place where something was: a mount above, or the application."""
    for mount in reversed(item.chain):
        partner = scene.pairs.head_mount.get(id(mount))
        if partner is not None and partner.span is not None:
            return partner.span
    return scene.head_table.root.span


def handlers(items: Sequence[Item]) -> str:
    """Handlers for people."""
    return ", ".join(f"`{item.route.handler}`" for item in items if item.role == "route")


def paths(items: Sequence[Item]) -> str:
    """Templates for people: up to three, the others counted."""
    named = list(dict.fromkeys(f"`{path_of(item)}`" for item in items))
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return ", ".join(named[:3]) + more


def path_of(item: Item) -> str:
    """The template of a route, or the prefix of a mount."""
    return item.route.path if item.role == "route" else item.mount.path or "/"


def handler_key(route: Route) -> str:
    """A handler in a fingerprint; nothing for a late one."""
    return "" if route.handler.late else route.handler.qualname


def protocol_of(route: Route) -> str:
    """How people call a route's protocol."""
    return "HTTP" if route.kind == "http" else "websocket"


def implicit(route: Route) -> bool:
    """Whether `Flama` registered the route by itself."""
    handler = route.handler
    return handler.module == "flama.schemas" and handler.qualname in ("schema_view", "docs_view")


def below(mount: Mount) -> set[int]:
    """Identities of everything below a mount."""
    if mount.app is None:
        return set()
    found = set()
    for entry in mount.app.entries:
        found.add(id(entry))
        if isinstance(entry, Mount):
            found |= below(entry)
    return found


def _once(items: Iterator[Item | None]) -> list[Item]:
    return sorted({item for item in items if item is not None}, key=lambda item: item.rank)


def item_of(subject: Item | Mount | None) -> Item:
    """A subject that is an item."""
    assert isinstance(subject, Item)
    return subject


def mount_of(subject: Item | Mount | None) -> Mount:
    """A subject that is a mount."""
    assert isinstance(subject, Mount)
    return subject


def entry_of(subject: Item | Mount | None) -> Route | Mount:
    """The route or mount of a subject."""
    if isinstance(subject, Mount):
        return subject
    item = item_of(subject)
    return item.route if item.role == "route" else item.mount


def parameter_names(entry: Route | Mount) -> list[str]:
    """Names of path parameters, in order."""
    return [part.name for part in entry.segments if not isinstance(part, str)]


def span_of(subject: Item | Mount | None) -> Span | None:
    """Where a subject stands."""
    if subject is None:
        return None
    return subject.span if isinstance(subject, Mount) else subject.entry.span
