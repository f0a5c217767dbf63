"""What the items that fit a path answer, method by method, and when two answers are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from flama_compile.compare.items import Item
from flama_compile.ir.routes import Handler

__all__ = ["Answers", "Outcome", "answers", "equal", "same_handler"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer. `nothing` is 404, or a websocket that is closed before accept."""

    kind: Literal["route", "foreign", "405", "nothing"]
    item: Item | None = None
    """The route or foreign application that answers, or the `end` of the mount that gives up."""
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one class of paths."""

    by_method: dict[str, Outcome]
    """Methods of which some route answers; the key of a websocket is ""."""
    other: Outcome
    """The answer to every other method."""

    def to(self, method: str) -> Outcome:
        """The answer to one method."""
        return self.by_method.get(method, self.other)


def answers(items: Sequence[Item], protocol: str) -> Answers:
    """What the items that fit a path answer; the last may be a `foreign` or an `end`."""
    stop = items[-1] if items and items[-1].role != "route" else None
    routes = [item for item in items if item.role == "route" and item.route.kind == protocol]
    found: dict[str, Outcome] = {}
    for item in routes:
        for method in item.route.methods if protocol == "http" else ("",):
            if method not in found:
                found[method] = Outcome("route", item)
    if stop is not None and stop.role == "foreign":
        return Answers(found, Outcome("foreign", stop))
    # A mount's answer stands: only its own routes make a 405 of its 404.
    scope = 0 if stop is None else stop.scope
    if protocol == "http" and any(item.scope == scope for item in routes):
        allow = tuple(sorted({method for item in routes for method in item.route.methods}))
        return Answers(found, Outcome("405", stop, allow))
    return Answers(found, Outcome("nothing", stop))


def equal(a: Outcome, b: Outcome, same: Callable[[Item, Item], bool]) -> bool:
    """Whether a client, or the view that it reaches, can tell the two answers apart.

    `same` says whether two items run the same handler. Parameters count with their names, types
    and segments, and so does the part of the path that a foreign application finds in `root_path`.
    """
    if a.kind != b.kind:
        return False
    if a.kind == "405":
        return a.allow == b.allow
    if a.kind == "nothing":
        return True
    assert a.item is not None and b.item is not None
    if a.item.params != b.item.params or not same(a.item, b.item):
        return False
    return a.kind == "route" or len(a.item.mount.segments) == len(b.item.mount.segments)


def same_handler(a: Handler, b: Handler, old_body: str, new_body: str) -> bool:
    """Whether two handlers are one function: the same name, or the same body somewhere else.

    Bodies are digests, and only known of a table that was read from source; without them, the
    name decides.
    """
    if (a.module, a.qualname) == (b.module, b.qualname):
        return True
    return a.qualname == b.qualname and old_body != "" and old_body == new_body
