"""Requests that would tell a wrong matcher from a right one, derived from the route table.

For each route and mount: a path that fits, one near miss for each segment, texts at the edges of
each type, slash variants, empty segments, a newline, a slash that was `%2F`, another script's
digits, a method that nothing has. For each pair of entries that overlap: a path that fits both, at
most eight for an entry. Witnesses come in *groups* by the first segment of their path, because
what answers a path depends on no entry whose first literal is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flama_compile.algebra import common, sample
from flama_compile.ir.routes import DynamicSite, Mount, Param, Route, RouteTable, Segment, Template
from flama_compile.verify.oracle import Protocol

__all__ = ["Groups", "Request", "groups_of"]

OVERLAPS = 8
"""Overlap witnesses for one entry."""
CANDIDATES = 200
"""Entries that are looked at for an overlap with one entry."""
NEAR_MISSES = 32
"""Segments of one entry that are changed in turn."""

EDGES = {
    "str": ("", " ", "..", "é"),
    "int": ("-7", "007", "-", "+1", "1_0", "1.0", "٣", "", "0" * 4300, "0" * 4301),
    "float": ("-1.5", "1.", ".5", "1e5", "nan", "٣.٣", "", "5"),
    "decimal": ("-1.5", "1.", ".5", "inf", "", "5"),
    "uuid": ("3F2C1AA0-5B7E-4C1D-9A64-0E8F7D6C5B4A", "3f2c1aa05b7e4c1d9a640e8f7d6c5b4a", ""),
}

# PERF: zeros, for `int` takes 60 µs to read as many nines.

Request = tuple[Protocol, str, str]
"""Protocol, method and decoded path."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Entries by the first literal of their whole template, and those that have none."""

    literal: dict[str, list[Route | Mount]]
    wild: list[Route | Mount]

    def requests(self, first: str | None) -> Iterator[Request]:
        """The witnesses of one group; None for the entries that start with no literal."""
        own = self.wild if first is None else self.literal[first]
        by_length: dict[int, list[Route | Mount]] = {}
        for entry in self.near(first):
            by_length.setdefault(len(entry.segments), []).append(entry)
        for entry in own:
            yield from _of_entry(entry)
            yield from _overlaps(entry, by_length)

    def near(self, first: str | None) -> list[Route | Mount]:
        """The entries that can take a path of the group; its own before those without a literal."""
        return self.wild if first is None else [*self.literal[first], *self.wild]


def groups_of(table: RouteTable) -> Groups:
    """The groups of a table; dynamic sites belong to every one."""
    literal: dict[str, list[Route | Mount]] = {}
    wild: list[Route | Mount] = []
    for entry in table.walk():
        if isinstance(entry, DynamicSite):
            continue
        first = entry.segments[0] if entry.segments else None
        if isinstance(first, str):
            literal.setdefault(first, []).append(entry)
        else:
            wild.append(entry)
    return Groups(literal, wild)


def _of_entry(entry: Route | Mount) -> Iterator[Request]:
    both: tuple[Protocol, ...] = ("http", "websocket")
    protocols = both if isinstance(entry, Mount) else (entry.kind,)
    methods = ("GET", "POST") if isinstance(entry, Mount) else (*entry.methods, "UNHEARD-OF")
    fit = [sample(segment) for segment in entry.segments]
    if isinstance(entry, Mount):
        fit += ["abc"]
    for protocol in protocols:
        for method in methods if protocol == "http" else ("GET",):
            yield protocol, method, _path(fit)
        first = methods[0]
        for path in _variants(entry.segments, fit):
            yield protocol, first, path
        yield protocol, first, "/" + _path(fit)
        yield protocol, first, _path(fit) + "\n"
    other: Protocol = "websocket" if protocols == ("http",) else "http"
    yield other, methods[0], _path(fit)


def _variants(template: Template, fit: Sequence[str]) -> Iterator[str]:
    """Paths that differ from one that fits in their length or in one segment."""
    yield _path([*fit, ""])
    yield _path([*fit, "abc"])
    yield _path(fit[:-1])
    # Every segment of any real template; a sample of one with hundreds.
    for position in range(0, len(template), len(template) // NEAR_MISSES + 1):
        segment = template[position]
        others: Iterable[str]
        if isinstance(segment, Param):
            others = (*EDGES[segment.type], f"{fit[position]}\n", f"{fit[position]}/abc")
        else:
            others = (f"{segment}x", "", f"{segment}/", segment.swapcase())
        before, after = _path(fit[:position]) + "/", _path(fit[position + 1 :])
        for text in others:
            yield f"{before}{text}{after}"


def _overlaps(entry: Route | Mount, by_length: dict[int, list[Route | Mount]]) -> Iterator[Request]:
    found = looked = 0
    length = len(entry.segments)
    for other_length, others in by_length.items():
        short = other_length if other_length < length else length
        for other in others:
            if found == OVERLAPS or looked == CANDIDATES:
                return
            if other is entry or not _can_meet(entry, other):
                continue
            looked += 1
            texts = _common(entry.segments, other.segments, short)
            if texts is None:
                continue
            found += 1
            protocol = entry.kind if isinstance(entry, Route) else "http"
            methods = {"GET"}
            for route in (entry, other):
                if isinstance(route, Route):
                    methods.update(route.methods)
            for method in sorted(methods):
                yield protocol, method, _path(texts)


def _can_meet(entry: Route | Mount, other: Route | Mount) -> bool:
    if isinstance(entry, Route) and isinstance(other, Route):
        return entry.kind == other.kind and len(entry.segments) == len(other.segments)
    if isinstance(entry, Route):
        return len(other.segments) <= len(entry.segments)
    return isinstance(other, Mount) or len(entry.segments) <= len(other.segments)


def _common(one: Template, two: Template, short: int) -> list[str] | None:
    texts = []
    for a, b in zip(one[:short], two[:short], strict=True):
        text = common(a, b)
        if text is None:
            return None
        texts.append(text)
    longer: Sequence[Segment] = one if len(one) > len(two) else two
    return texts + [sample(segment) for segment in longer[short:]]


def _path(texts: Sequence[str]) -> str:
    return "/" + "/".join(texts) if texts else ""
