"""A route table as one list: what a matcher would test, in order, for any request.

The tree of applications is written out. A mount becomes the items below it, with whole patterns,
and then an `end`, which takes every path under the prefix: a prefix that matches is final. ::

    GET /{page}                    route    /{page}
    MOUNT /admin                   route    /admin/users
      GET /users                   end      /admin/...
    MOUNT /static (foreign)        foreign  /static/...

The items that fit a path, in order, decide its answer: the first route with the method, the first
`foreign`, or at the first `end` (or after the last item) 405 or 404.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Mount,
    Param,
    Route,
    RouteTable,
    Template,
)

__all__ = ["Alignment", "Item", "flatten", "language", "parameters"]


@dataclass(eq=False, slots=True)
class Item:
    """One step of the list. Two items are the same only if they are one object."""

    role: Literal["route", "foreign", "end", "dynamic"]
    entry: Route | Mount | DynamicSite
    rank: int
    """Its place in the list."""
    patterns: tuple[Template, ...]
    """What it takes: exactly one of these for a route, anything that starts so for the others.
    The "/" of a mounted application has two, a "" below a mount none."""
    chain: tuple[Mount, ...]
    """The mounts above it, outermost first; an `end` and a `foreign` count their own."""
    scope: int
    """Number of the application that it belongs to: 0 for the root."""
    changed: bool = True
    """False when the other table has the same item at the same place of the order."""
    params: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By name, the type and the segment that a parameter is read from."""
    language: Template = ()
    """`language` of the whole template of a route or mount."""

    @property
    def route(self) -> Route:
        """The route of an item whose role is `route`."""
        assert isinstance(self.entry, Route)
        return self.entry

    @property
    def mount(self) -> Mount:
        """The mount of an item whose role is `foreign` or `end`."""
        assert isinstance(self.entry, Mount)
        return self.entry


def flatten(table: RouteTable) -> list[Item]:
    """Every item of a table, in the order in which they are tested."""
    items: list[Item] = []
    scopes = 0

    def visit(app: App, chain: tuple[Mount, ...], scope: int) -> None:
        nonlocal scopes
        for entry in app.entries:
            rank = len(items)
            match entry:
                case Route():
                    patterns = _patterns(entry, bool(chain))
                    known = parameters(entry.segments)
                    items.append(Item("route", entry, rank, patterns, chain, scope, params=known))
                case DynamicSite():
                    prefix = chain[-1].segments if chain else ()
                    items.append(Item("dynamic", entry, rank, (prefix,), chain, scope))
                case Mount(app=None):
                    known = parameters(entry.segments)
                    below = (*chain, entry)
                    patterns = (entry.segments,)
                    items.append(Item("foreign", entry, rank, patterns, below, scope, params=known))
                case Mount(app=App() as inner):
                    scopes += 1
                    own, below = scopes, (*chain, entry)
                    visit(inner, below, own)
                    items.append(Item("end", entry, len(items), (entry.segments,), below, own))

    visit(table.root, (), 0)
    for item in items:
        if not isinstance(item.entry, DynamicSite):
            item.language = language(item.entry.segments)
    return items


def parameters(template: Template) -> dict[str, tuple[str, int]]:
    """Name to type and segment; of a repeated name the last, which is the one delivered."""
    return {
        part.name: (part.type, place)
        for place, part in enumerate(template)
        if isinstance(part, Param)
    }


def language(template: Template) -> tuple[str | Param, ...]:
    """The template without names, and with `decimal` as `float`: equal for equal sets of paths."""
    return tuple(
        (
            Param("", "float" if part.type == "decimal" else part.type)
            if isinstance(part, Param)
            else part
        )
        for part in template
    )


class Alignment:
    """What two lists have in common, in one order."""

    def __init__(
        self, base: Sequence[Item], head: Sequence[Item], same: Callable[[Item], Hashable]
    ) -> None:
        """Clear `changed` of as many items as possible: those that both lists have in one order.

        `same` gives a key; items with equal keys answer alike. A request that fits no changed item
        meets the same items in the same order in both tables, so its answer has not changed.
        Dynamic sites take no part: what they answer is known of neither table.
        """
        for item in (*base, *head):
            item.changed = item.role != "dynamic"
        waiting: defaultdict[Hashable, list[Item]] = defaultdict(list)
        for item in reversed(head):
            if item.changed:
                waiting[same(item)].append(item)
        self._pairs = [
            (item, waiting[key].pop())
            for item in base
            if item.changed and waiting.get(key := same(item))
        ]
        kept = _longest([head.rank for _, head in self._pairs])
        for chosen in kept:
            for item in self._pairs[chosen]:
                item.changed = False
        self._length = len(kept)
        self._could: dict[Item, bool] = {}

    def could_have_moved(self, item: Item) -> bool:
        """Whether an item of the head that stands still could as well be the one that moved."""
        if item not in self._could:
            left = [head.rank for _, head in self._pairs if head is not item]
            self._could[item] = len(_longest(left)) == self._length
        return self._could[item]


def _longest(values: Sequence[int]) -> list[int]:
    """Indices of a longest strictly increasing subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[at], ends[at] = value, index
    chosen: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(index)
        index = before[index]
    return chosen[::-1]


def _patterns(route: Route, below: bool) -> tuple[Template, ...]:
    if not below:
        return (route.segments,)
    if not route.own:
        return ()
    # The empty remainder below a mount is the sub-application's "/".
    return (route.segments, route.segments[:-1]) if route.own == "/" else (route.segments,)
