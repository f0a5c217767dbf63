"""An independent reading of a route table: which entry answers one request, and why.

It shares no code with the interpreted router and none with the compiled matcher: it walks the
tree of applications in registration order, as `behaviour.md` sections 2 to 5 say, and is slow on
purpose. `answer` tests every entry. An `Oracle` tests, in order, only those whose number of
segments and literal segments can fit, which keeps tables of 10,000 routes affordable; tests
compare the two.

    answer(table, "http", "GET", "/users/me").route   ->  the route of `shop:me`
    answer(table, "http", "GET", "/nowhere").status   ->  "404"
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from flama_compile.algebra import accepts
from flama_compile.ir.routes import App, DynamicSite, Entry, Mount, Param, Route, RouteTable

__all__ = [
    "Answer",
    "Decision",
    "Oracle",
    "Protocol",
    "Value",
    "answer",
    "convert",
    "segments_of",
]

Protocol = Literal["http", "websocket"]
Status = Literal["route", "mount", "404", "405", "refused", "dynamic"]
Value = str | int | float | Decimal | uuid.UUID
_Candidates = Callable[[App, int, tuple[str, ...] | None], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets."""

    status: Status
    """`mount`: a foreign application took it. `refused`: a websocket is closed before accept.
    `dynamic`: a dynamic site stands before any answer that the table knows."""
    route: Route | None = None
    params: dict[str, Value] = field(default_factory=dict)
    """Converted values by name, those of mounts' prefixes included; a repeated name keeps the
    last, the one nearest to the view."""
    allow: tuple[str, ...] = ()
    """Sorted methods, of a 405 only."""
    mount: Mount | None = None
    """The foreign application that took the request."""
    root_path: str = ""
    """The text that the prefixes of all mounts matched, decoded: `/orgs/5`."""
    rest: str = ""
    """What is left of the path below the innermost mount; the whole path outside of mounts."""
    within: tuple[Mount, ...] = ()
    """The mounts that committed, outermost first; the last one gives a 404 or 405."""
    others: tuple[Route, ...] = ()
    """Routes of this protocol that fit the path and lost, by method or by order; filled by the
    function `answer`, not by an `Oracle`."""
    site: DynamicSite | None = None


def answer(table: RouteTable, protocol: Protocol, method: str, path: str) -> Answer:
    """The answer of a linear reading that tests every entry; `path` is percent-decoded."""
    found = _answered(_walk(table.root, _every, protocol, path).decision(method), path)
    fitting = _fitting(table.root, protocol, 0, segments_of(path), False)
    return replace(found, others=tuple(route for route in fitting if route is not found.route))


class Oracle:
    """The same answers from an index of the entries by number of segments and literals."""

    def __init__(self, table: RouteTable) -> None:
        self._root = table.root
        self._indices: dict[tuple[int, int], _Index] = {}

    def answer(self, protocol: Protocol, method: str, path: str) -> Answer:
        """As the function `answer`."""
        return _answered(self.walk(protocol, path).decision(method), path)

    def walk(self, protocol: Protocol, path: str) -> Walk:
        """The core of `answer`, for every method at once."""
        return _walk(self._root, self._near, protocol, path)

    def _near(self, app: App, depth: int, rest: tuple[str, ...] | None) -> Iterable[Entry]:
        if rest is None:
            return app.entries
        # An application mounted twice stands twice in the tree, as two objects.
        index = self._indices.get((id(app), depth))
        if index is None:
            index = self._indices[id(app), depth] = _Index(app, depth)
        return index.fitting(rest)


def segments_of(path: str) -> tuple[str, ...] | None:
    """The segments of a request's path; None for a path that does not start with a slash.

    `""` has none, `/` has one empty segment, `/a/b` has two.
    """
    if not path:
        return ()
    return tuple(path.split("/")[1:]) if path.startswith("/") else None


@lru_cache(4096)
def convert(type: str, text: str) -> Value:
    """The value that a parameter of this type delivers for a text that it accepts."""
    # PERF: many routes are asked with the same texts, and some of them are numbers of 4,300 digits.
    match type:
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "decimal":
            return Decimal(text)
        case "uuid":
            return uuid.UUID(text)
        case _:
            return text


def _every(app: App, depth: int, rest: tuple[str, ...] | None) -> Iterable[Entry]:
    return app.entries


class Decision(NamedTuple):
    """What `Answer` says in short: the status, and what answers or refuses.

    PERF: verifying asks tens of thousands of times; an `Answer` takes as long as finding it.
    """

    status: Status
    entry: Entry | None
    """The route, the foreign mount or the dynamic site; None for a refusal."""
    allow: tuple[str, ...]
    params: dict[str, Value]
    within: tuple[Mount, ...]


class Walk(NamedTuple):
    """What one path meets, whatever the method."""

    fitting: list[tuple[Route, dict[str, Value], tuple[Mount, ...]]]
    """Routes whose path fits, in the order in which they are asked, with parameters and mounts."""
    end: Decision
    """What answers where none of them has the method."""

    def decision(self, method: str) -> Decision:
        """What answers a request with this method."""
        for route, params, within in self.fitting:
            if method in route.methods:
                return Decision("route", route, (), params, within)
        return self.end


def _walk(root: App, candidates: _Candidates, protocol: str, path: str) -> Walk:
    app, depth, rest = root, 0, segments_of(path)
    within: tuple[Mount, ...] = ()
    params: dict[str, Value] = {}
    fitting: list[tuple[Route, dict[str, Value], tuple[Mount, ...]]] = []
    while True:
        partial = False
        below: App | None = None
        for entry in candidates(app, depth, rest):
            if isinstance(entry, Route):
                if entry.kind != protocol:
                    continue
                values = _whole(entry, depth, rest, bool(within))
                if values is None:
                    continue
                if params:
                    values = params | values
                if protocol == "websocket":
                    return Walk([], Decision("route", entry, (), values, within))
                partial = True
                fitting.append((entry, values, within))
            elif isinstance(entry, DynamicSite):
                return Walk(fitting, Decision("dynamic", entry, (), {}, within))
            else:
                own = entry.segments[depth:]
                values = _prefix(own, rest)
                if values is None:
                    continue
                params |= values
                within += (entry,)
                if entry.app is None:
                    return Walk(fitting, Decision("mount", entry, (), params, within))
                depth = len(entry.segments)
                # An empty remainder is the sub-application's "/".
                rest = None if rest is None else rest[len(own) :] or ("",)
                below = entry.app
                break
        if below is None:
            break
        app = below
    if protocol == "websocket":
        return Walk(fitting, Decision("refused", None, (), {}, within))
    if partial:
        allow = {method for route, _, _ in fitting for method in route.methods}
        return Walk(fitting, Decision("405", None, tuple(sorted(allow)), {}, within))
    return Walk(fitting, Decision("404", None, (), {}, within))


def _answered(decision: Decision, path: str) -> Answer:
    status, entry, allow, params, within = decision
    root_path, rest = "", path
    whole = segments_of(path)
    if whole is not None and within:
        depth = len(within[-1].segments)
        root_path = "".join("/" + text for text in whole[:depth])
        rest = "".join("/" + text for text in whole[depth:]) or "/"
    return Answer(
        status,
        route=entry if isinstance(entry, Route) else None,
        params=params,
        allow=allow,
        mount=entry if isinstance(entry, Mount) else None,
        root_path=root_path,
        rest=rest,
        within=within,
        site=entry if isinstance(entry, DynamicSite) else None,
    )


def _fitting(
    app: App, protocol: str, depth: int, rest: tuple[str, ...] | None, below: bool
) -> Iterator[Route]:
    for entry in app.entries:
        if isinstance(entry, Route):
            if entry.kind == protocol and _whole(entry, depth, rest, below) is not None:
                yield entry
        elif isinstance(entry, Mount) and entry.app is not None:
            own = entry.segments[depth:]
            if _prefix(own, rest) is not None:
                left = None if rest is None else rest[len(own) :] or ("",)
                yield from _fitting(entry.app, protocol, len(entry.segments), left, True)


def _prefix(own: tuple[str | Param, ...], rest: tuple[str, ...] | None) -> dict[str, Value] | None:
    if rest is None:
        return None if own else {}
    return _values(own, rest[: len(own)]) if len(own) <= len(rest) else None


def _whole(
    route: Route, depth: int, rest: tuple[str, ...] | None, below: bool
) -> dict[str, Value] | None:
    # A "" route below a mount answers nothing: the empty remainder has become "/".
    if rest is None or (below and not route.own):
        return None
    own = route.segments[depth:]
    return _values(own, rest) if len(own) == len(rest) else None


def _values(own: tuple[str | Param, ...], texts: tuple[str, ...]) -> dict[str, Value] | None:
    values: dict[str, Value] = {}
    for segment, text in zip(own, texts, strict=True):
        if isinstance(segment, str):
            if segment != text:
                return None
            continue
        value = _taken(segment.type, text)
        if value is None:
            return None
        values[segment.name] = value
    return values


@lru_cache(4096)
def _taken(type: str, text: str) -> Value | None:
    """The value of a text that a parameter of this type accepts; None if it does not."""
    # PERF: many routes are asked with the same texts.
    return convert(type, text) if accepts(type, text) else None


class _Index:
    """Entries of one application by number of segments and by their literals."""

    def __init__(self, app: App, depth: int) -> None:
        self._entries = app.entries
        self._routes: dict[int, _Shapes] = {}
        self._mounts: dict[int, _Shapes] = {}
        self._always: list[int] = []
        self._near: dict[int, list[tuple[_Read, dict[Any, list[int]]]]] = {}
        for position, entry in enumerate(app.entries):
            if isinstance(entry, DynamicSite):
                self._always.append(position)
                continue
            own = entry.segments[depth:]
            places = tuple(at for at, part in enumerate(own) if isinstance(part, str))
            kind = self._mounts if isinstance(entry, Mount) else self._routes
            read, found = kind.setdefault(len(own), {}).setdefault(places, (_reader(places), {}))
            found.setdefault(read(own), []).append(position)

    def fitting(self, rest: tuple[str, ...]) -> list[Entry]:
        """Every entry whose number of segments and literals fit, in registration order."""
        near = self._near.get(len(rest))
        if near is None:
            near = self._near[len(rest)] = [
                *self._routes.get(len(rest), {}).values(),
                *(
                    shape
                    for length, shapes in self._mounts.items()
                    if length <= len(rest)
                    for shape in shapes.values()
                ),
            ]
        found = list(self._always)
        for read, positions in near:
            found += positions.get(read(rest), ())
        found.sort()
        return [self._entries[position] for position in found]


_Read = Callable[[tuple[Any, ...]], Any]
_Shapes = dict[tuple[int, ...], tuple[_Read, dict[Any, list[int]]]]
"""By the places of the literals: how they are read, and entries by what is read."""


def _reader(places: tuple[int, ...]) -> _Read:
    return itemgetter(*places) if places else _nothing


def _nothing(segments: tuple[Any, ...]) -> None:
    """There is no literal to read."""
