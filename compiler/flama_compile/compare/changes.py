"""Each class of requests that changed, and the one edit of the application that explains it.

The descent says what changed and proves it; this file says why. Causes are edits: a route that
went, a mount that moved. Many classes have one cause, and one cause becomes one finding. A change
that no edit explains has the cause `unexplained`, and is reported all the same (RT200).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Literal

from flama_compile.algebra import includes
from flama_compile.compare.answers import Answers, Outcome, answers, equal
from flama_compile.compare.descent import Leaf
from flama_compile.compare.items import Item, language
from flama_compile.compare.pairing import Pairs
from flama_compile.ir.routes import Mount

__all__ = ["Cause", "Change", "Explainer", "Kind", "changes", "fits"]

Kind = Literal[
    "removed",
    "added",
    "methods-removed",
    "methods-added",
    "path",
    "handler",
    "parameters",
    "shadow",
    "order",
    "uncovered",
    "mount-removed",
    "mount-added",
    "mount-moved",
    "mount-replaced",
    "mount-swallows",
    "unexplained",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One class of requests with two answers."""

    leaf: Leaf
    protocol: Literal["http", "websocket"]
    method: str
    """"" for a websocket."""
    was: Outcome
    now: Outcome
    named: bool
    """Whether some route names the method; the others get 404 or 405 whatever they are."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One edit. Which of the two sides are set depends on the kind."""

    kind: Kind
    base: Item | Mount | None = None
    head: Item | Mount | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """Equal for one edit. Mounts that are equal in every field are still two mounts."""
        return self.kind, id(self.base), id(self.head)


def changes(leaf: Leaf, same: Callable[[Item, Item], bool], winners: set[Item]) -> Iterator[Change]:
    """The requests of one class of paths whose answer changed; adds who answers in the head."""
    protocols: tuple[Literal["http", "websocket"], ...] = ("http", "websocket")
    # A websocket's path always starts with a slash.
    for protocol in protocols if leaf.segments is not None else protocols[:1]:
        was, now = answers(leaf.base, protocol), answers(leaf.head, protocol)
        for outcome in (*now.by_method.values(), now.other):
            if outcome.item is not None and outcome.kind in ("route", "foreign"):
                winners.add(outcome.item)
        for method, named in _methods(was, now, protocol):
            a, b = was.to(method), now.to(method)
            if not equal(a, b, same):
                yield Change(leaf, protocol, method, a, b, named)


def fits(item: Item, segments: tuple[str, ...] | None) -> bool:
    """Whether an item takes a path, by its patterns alone."""
    if segments is None:
        return item.role != "route" and item.patterns == ((),)
    whole = item.role == "route"
    return any(
        (len(pattern) == len(segments) if whole else len(pattern) <= len(segments))
        and all(map(includes, pattern, segments))
        for pattern in item.patterns
    )


def _methods(was: Answers, now: Answers, protocol: str) -> Iterator[tuple[str, bool]]:
    if protocol == "websocket":
        yield "", True
        return
    named = dict.fromkeys([*was.by_method, *now.by_method])
    for method in named:
        yield method, True
    candidates = chain(("GET", "POST", "BREW"), (f"BREW{number}" for number in count(2)))
    yield next(method for method in candidates if method not in named), False


class Explainer:
    """Finds the cause of a change."""

    def __init__(
        self,
        base: Iterable[Item],
        head: Iterable[Item],
        pairs: Pairs,
        same: Callable[[Item, Item], bool],
        mover: Callable[[Item, Item], Item],
    ) -> None:
        self._pairs = pairs
        self._same = same
        self._mover = mover
        self._base = {id(item.entry): item for item in base}
        self._head = {id(item.entry): item for item in head}

    def cause(self, change: Change) -> Cause:
        """The edit that explains a change."""
        if change.was.kind in ("route", "foreign"):
            found = self._lost(change)
        elif change.now.kind in ("route", "foreign"):
            found = self._gained(change)
        else:
            found = self._neither(change)
        return found or Cause("unexplained", change.was.item, change.now.item)

    def base_mount(self, item: Item) -> Cause | None:
        """What happened to the outermost changed mount above an item of the base."""
        for mount in item.chain:
            partner = self._pairs.head_mount.get(id(mount))
            if partner is None:
                return Cause("mount-removed", base=mount)
            if found := _mount_edit(mount, partner):
                return found
        return None

    def head_mount(self, item: Item) -> Cause | None:
        """What happened to the outermost changed mount above an item of the head."""
        for mount in item.chain:
            partner = self._pairs.base_mount.get(id(mount))
            if partner is None:
                return Cause("mount-added", head=mount)
            if found := _mount_edit(partner, mount):
                return found
        return None

    def item_of(self, mount: Mount) -> Item:
        """The item of the base that stands for a mount."""
        return self._base[id(mount)]

    def head_of(self, item: Item) -> Item | None:
        """The item of the head that is the same as one of the base."""
        if item.role == "route":
            return self._pairs.head_of.get(item)
        partner = self._pairs.head_mount.get(id(item.mount))
        return None if partner is None else self._head[id(partner)]

    def base_of(self, item: Item) -> Item | None:
        """The item of the base that is the same as one of the head."""
        if item.role == "route":
            return self._pairs.base_of.get(item)
        partner = self._pairs.base_mount.get(id(item.mount))
        return None if partner is None else self._base[id(partner)]

    def _lost(self, change: Change) -> Cause | None:
        old, winner = change.was.item, change.now.item
        assert old is not None
        mount, partner = self.base_mount(old), self.head_of(old)
        if mount is not None and mount.kind == "mount-replaced":
            return mount
        if partner is None:
            return self._gone(old)
        if not fits(partner, change.leaf.segments):
            return mount or _elsewhere(old, partner)
        if old.role == "route":
            if partner.route.kind != old.route.kind:
                return Cause("path", old, partner)
            if change.method not in (*partner.route.methods, ""):
                return Cause("methods-removed", old, partner)
        if winner is partner:
            if not self._same(old, partner):
                kind: Kind = "handler" if old.role == "route" else "mount-replaced"
                return Cause(kind, *_subject(old, partner))
            return self._parameters(old, partner)
        if winner is None:
            return None
        if block := _block(winner, partner):
            before = self._pairs.base_mount.get(id(block))
            edit = before and _mount_edit(before, block)
            return edit or Cause("mount-swallows", head=block)
        if winner.role != "route":
            return None
        before_item = self.base_of(winner)
        if before_item is not None and _answers(before_item, change):
            mover = self._mover(winner, partner)
            return Cause("order", self.base_of(mover), mover)
        return Cause("shadow", before_item, winner)

    def _gained(self, change: Change) -> Cause | None:
        new, stop = change.now.item, change.was.item
        assert new is not None
        mount, before = self.head_mount(new), self.base_of(new)
        if mount is not None and mount.kind == "mount-replaced":
            return mount
        if before is None:
            return self._fresh(new)
        if not fits(before, change.leaf.segments):
            moved = mount is not None and mount.kind == "mount-moved"
            return mount if moved else _elsewhere(before, new)
        if new.role == "route":
            if before.route.kind != new.route.kind:
                return Cause("path", before, new)
            if change.method not in (*before.route.methods, ""):
                return Cause("methods-added", before, new)
        if stop is None:
            return None
        return self.base_mount(stop) or Cause("uncovered", stop.mount)

    def _neither(self, change: Change) -> Cause | None:
        """405 became 404, or the reverse, or `Allow` changed: some route came, went or changed."""
        segments = change.leaf.segments
        for item in change.leaf.head:
            if item.role == "route" and item.route.kind != change.protocol:
                continue
            before, mount = self.base_of(item), self.head_mount(item)
            if before is None:
                return self._fresh(item)
            if not fits(before, segments):
                moved = mount is not None and mount.kind == "mount-moved"
                return mount if moved else _elsewhere(before, item)
            if item.role == "route":
                if before.route.kind != item.route.kind:
                    return Cause("path", before, item)
                if {*item.route.methods} - {*before.route.methods}:
                    return Cause("methods-added", before, item)
                if {*before.route.methods} - {*item.route.methods}:
                    return Cause("methods-removed", before, item)
        for item in change.leaf.base:
            if item.role == "route" and item.route.kind != change.protocol:
                continue
            partner, mount = self.head_of(item), self.base_mount(item)
            if mount is not None:
                return mount
            if partner is None:
                return self._gone(item)
            if not fits(partner, segments) or (
                item.role == "route" and partner.route.kind != item.route.kind
            ):
                return _elsewhere(item, partner)
        old, new = change.was.item, change.now.item
        if old is not None and (old.changed or new is None):
            return Cause("uncovered", old.mount)
        if new is not None:
            return Cause("mount-swallows", head=new.mount)
        return None

    def _gone(self, item: Item) -> Cause:
        """Why an item of the base has no partner: the outermost mount that went, or itself."""
        for mount in item.chain:
            if id(mount) not in self._pairs.head_mount:
                return Cause("mount-removed", base=mount)
        return Cause("removed", base=item)

    def _fresh(self, item: Item) -> Cause:
        """Why an item of the head has no partner: the outermost mount that came, or itself."""
        for mount in item.chain:
            if id(mount) not in self._pairs.base_mount:
                return Cause("mount-added", head=mount)
        return Cause("added", head=item)

    def _parameters(self, old: Item, new: Item) -> Cause:
        """Parameters of a mount's prefix belong to the mount, not to each route below it."""
        for before, after in zip(old.chain, new.chain, strict=False):
            if before.segments != after.segments:
                return Cause("parameters", before, after)
        return Cause("parameters", old, new)


def _elsewhere(old: Item, new: Item) -> Cause:
    """One item that takes other paths than it did."""
    if old.role == "route":
        return Cause("path", old, new)
    return Cause("mount-moved", old.mount, new.mount)


def _mount_edit(base: Mount, head: Mount) -> Cause | None:
    if language(base.segments) != language(head.segments):
        return Cause("mount-moved", base, head)
    if (base.app is None) != (head.app is None):
        return Cause("mount-replaced", base, head)
    return None


def _block(winner: Item, loser: Item) -> Mount | None:
    """The outermost mount that took the request, and does not hold the loser."""
    inside = {id(mount) for mount in loser.chain}
    return next((mount for mount in winner.chain if id(mount) not in inside), None)


def _subject(old: Item, new: Item) -> tuple[Item | Mount, Item | Mount]:
    return (old, new) if old.role == "route" else (old.mount, new.mount)


def _answers(item: Item, change: Change) -> bool:
    """Whether an item would have answered a request, had nothing stood before it."""
    if not fits(item, change.leaf.segments):
        return False
    return item.route.kind == change.protocol and (
        change.protocol == "websocket" or change.method in item.route.methods
    )
