"""Which route of the base is which route of the head, so that a move is a move.

Nothing is decided by position. The surest signs go first: the same paths and the same handler,
then the same mount, path below it and handler, then the same paths, then the same handler, then
the same explicit name, then the same body. Duplicates are legal and paired in order.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from flama_compile.compare.items import Item, language
from flama_compile.ir.routes import Handler, Mount, Route

__all__ = ["Pairs", "default_name", "pair"]

_NEAR = 64
"""How many routes of one path are compared with each other before the first is good enough."""


@dataclass(slots=True)
class Pairs:
    """Partners of items, in both directions, for routes, foreign applications and mounts."""

    head_of: dict[Item, Item] = field(default_factory=dict)
    base_of: dict[Item, Item] = field(default_factory=dict)
    head_mount: dict[int, Mount] = field(default_factory=dict)
    """By the identity of a mount of the base, the same mount in the head."""
    base_mount: dict[int, Mount] = field(default_factory=dict)

    def link(self, base: Item, head: Item) -> None:
        self.head_of[base], self.base_of[head] = head, base

    def together(self, base: Item, head: Item) -> bool:
        """Whether the two items are one."""
        return self.head_of.get(base) is head


def pair(base: Sequence[Item], head: Sequence[Item]) -> Pairs:
    """Pair what the two lists have in common; an item without a partner was removed or added."""
    pairs = Pairs()
    _pair_mounts(pairs, _mounts(base), _mounts(head))
    old = [item for item in base if item.role == "route"]
    new = [item for item in head if item.role == "route"]
    mounts = {id(mount): number for number, mount in enumerate(_mounts(base))}
    number_of = {
        **mounts,
        **{key: mounts[id(mount)] for key, mount in pairs.base_mount.items()},
    }

    def inside(item: Item) -> Hashable:
        """The mount that a route stands in, one number for both tables; None for no partner."""
        if not item.chain:
            return -1
        return number_of.get(id(item.chain[-1]))

    def own(item: Item) -> Hashable:
        above = len(item.chain[-1].segments) if item.chain else 0
        return item.language[above:]

    def paths(item: Item) -> Hashable:
        return item.language, item.route.own == ""

    def handler(item: Item) -> Hashable:
        known = item.route.handler
        return None if known.late else (known.module, known.qualname)

    def moved(item: Item) -> Hashable:
        route = item.route
        if route.handler.late or not route.body_digest:
            return None
        return route.handler.qualname, route.body_digest

    def body(item: Item) -> Hashable:
        return item.route.body_digest or None

    def explicit(item: Item) -> Hashable:
        name = item.route.name
        return None if name is None or name == default_name(item.route) else (inside(item), name)

    def kind(item: Item) -> Hashable:
        return item.route.kind

    def methods(item: Item) -> Hashable:
        return item.route.methods

    steps: list[tuple[Callable[[Item], Hashable], ...]] = [
        (kind, paths, methods, handler, inside),
        (kind, paths, methods, handler),
        (kind, paths, methods, moved),
        (kind, inside, own, methods, handler),
        (kind, inside, own, methods, moved),
        (kind, paths, handler),
        (kind, paths, moved),
        (kind, inside, own, handler),
    ]
    for step in steps:
        old, new = _by_key(pairs, old, new, step)
    old, new = _same_paths(pairs, old, new, lambda item: (kind(item), paths(item)))
    for step in [
        (kind, methods, handler, body),
        (kind, methods, handler),
        (kind, methods, moved),
        (kind, handler),
        (kind, moved),
        (kind, explicit),
    ]:
        old, new = _by_key(pairs, old, new, step)
    # What is left on one path, but under the other protocol, has changed its protocol.
    for protocol in ("http", "websocket"):
        left = [item for item in old if item.route.kind == protocol]
        right = [item for item in new if item.route.kind != protocol]
        for step in [(paths, handler), (paths, moved), (paths,)]:
            left, right = _by_key(pairs, left, right, step)
    return pairs


def default_name(route: Route) -> str:
    """The name that a route has when the source gives none."""
    return route.handler.qualname.rpartition(".")[2]


def _by_key(
    pairs: Pairs,
    old: Sequence[Item],
    new: Sequence[Item],
    step: tuple[Callable[[Item], Hashable], ...],
) -> tuple[list[Item], list[Item]]:
    """Pair, in order, items whose keys are equal; a None in a key is no sign of anything."""
    if not old or not new:
        return list(old), list(new)
    waiting: defaultdict[Hashable, deque[Item]] = defaultdict(deque)
    for item in new:
        key = tuple(part(item) for part in step)
        if None not in key:
            waiting[key].append(item)
    for item in old:
        queue = waiting.get(tuple(part(item) for part in step))
        if queue:
            pairs.link(item, queue.popleft())
    return _left(pairs.head_of, old), _left(pairs.base_of, new)


def _same_paths(
    pairs: Pairs,
    old: Sequence[Item],
    new: Sequence[Item],
    key: Callable[[Item], Hashable],
) -> tuple[list[Item], list[Item]]:
    """Pair routes of the same paths that share a method, those that share most first."""
    waiting: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in new:
        waiting[key(item)].append(item)
    for item in old:
        free = (each for each in waiting.get(key(item), ()) if each not in pairs.base_of)
        best = max(islice(free, _NEAR), key=lambda each: _shared(item, each), default=None)
        if best is not None and (_shared(item, best) or item.route.kind == "websocket"):
            pairs.link(item, best)
    return _left(pairs.head_of, old), _left(pairs.base_of, new)


def _shared(a: Item, b: Item) -> int:
    return len({*a.route.methods} & {*b.route.methods})


def _left(paired: dict[Item, Item], items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item not in paired]


def _mounts(items: Iterable[Item]) -> list[Mount]:
    """Mounts in the order of their `end`, or of themselves if they are foreign."""
    return [item.mount for item in items if item.role in ("end", "foreign")]


def _pair_mounts(pairs: Pairs, old: list[Mount], new: list[Mount]) -> None:
    def paths(mount: Mount) -> Hashable:
        return language(mount.segments)

    def target(mount: Mount) -> Hashable:
        return None if mount.target.late else str(mount.target)

    def attribute(mount: Mount) -> Hashable:
        return None if mount.target.late else (mount.target.qualname, mount.app is None)

    def name(mount: Mount) -> Hashable:
        return mount.name

    def routes(mount: Mount) -> Hashable:
        return _contents(mount)

    def always(mount: Mount) -> Hashable:
        return True

    steps: list[tuple[Callable[[Mount], Hashable], ...]] = [
        (paths, target),
        (target, name),
        (target, always),
        (paths, attribute),
        (paths, always),
        (attribute, name),
        (routes, always),
        (name, attribute),
    ]
    for step in steps:
        waiting: defaultdict[Hashable, deque[Mount]] = defaultdict(deque)
        for mount in new:
            key = tuple(part(mount) for part in step)
            if id(mount) not in pairs.base_mount and None not in key:
                waiting[key].append(mount)
        for mount in old:
            if id(mount) in pairs.head_mount:
                continue
            queue = waiting.get(tuple(part(mount) for part in step))
            if queue:
                partner = queue.popleft()
                pairs.head_mount[id(mount)] = partner
                pairs.base_mount[id(partner)] = mount


def _contents(mount: Mount) -> Hashable:
    """What stands directly below a mount, by own path and handler; None when nothing does."""
    if mount.app is None or not mount.app.entries:
        return None
    found = tuple(
        (entry.own, entry.methods, _text(entry.handler))
        for entry in mount.app.entries
        if isinstance(entry, Route)
    )
    return found or None


def _text(handler: Handler) -> str:
    return "" if handler.late else handler.qualname
