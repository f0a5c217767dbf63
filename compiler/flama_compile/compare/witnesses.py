"""From a class of requests to one request that people can send, and its two answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from flama_compile.algebra import region, sample
from flama_compile.compare.answers import Outcome, answers
from flama_compile.compare.changes import Change, fits
from flama_compile.compare.descent import Leaf
from flama_compile.compare.items import Item
from flama_compile.ir.findings import Example, Reply, Witness
from flama_compile.ir.routes import Param, Template

__all__ = [
    "best",
    "example",
    "example_at",
    "fitting",
    "proved",
    "reply",
    "sample_path",
    "settled",
    "wire",
]

_METHODS = {name: order for order, name in enumerate(("GET", "POST", "PUT", "PATCH", "DELETE", ""))}
_REGIONS = {"str": 0, "int": 0, "float": 1, "uuid": 2, "": 3}
_EXAMPLES = 5
"""Requests that one finding shows at most."""


def best(changes: Iterable[Change]) -> list[Change]:
    """The changes that show a cause best, best first, for different items."""
    chosen: dict[tuple[object, ...], Change] = {}
    ranked = sorted(changes, key=_effort)
    # What only turns 404 into 405 follows from a change that says more, unless nothing else did.
    plain = [each for each in ranked if {each.was.kind, each.now.kind} & {"route", "foreign"}]
    for change in plain or ranked:
        key = (change.was.kind, change.was.item, change.now.kind, change.now.item)
        if key not in chosen:
            chosen[key] = change
            if len(chosen) == _EXAMPLES:
                break
    return list(chosen.values())


def example(change: Change) -> Example:
    """The request of a change, with what answered it and what answers it now."""
    segments = change.leaf.segments
    method = "" if change.protocol == "websocket" else change.method
    witness = Witness(change.protocol, method, wire(segments))
    return Example(witness, reply(change.was, segments), reply(change.now, segments))


def example_at(
    base: Sequence[Item], head: Sequence[Item], item: Item, segments: tuple[str, ...]
) -> Example:
    """A request that fits a route, with what answers it in both tables."""
    route = item.route
    method = ""
    if route.kind == "http":
        method = min(route.methods, key=lambda each: (_METHODS.get(each, 5), each), default="GET")
    was = answers(fitting(base, segments), route.kind).to(method)
    now = answers(fitting(head, segments), route.kind).to(method)
    witness = Witness(route.kind, method, wire(segments))
    return Example(witness, reply(was, segments), reply(now, segments))


def fitting(items: Sequence[Item], segments: tuple[str, ...] | None) -> tuple[Item, ...]:
    """The items that fit a path, in order, up to the first that ends the search."""
    found = []
    for item in items:
        if item.role != "dynamic" and fits(item, segments):
            found.append(item)
            if item.role != "route":
                break
    return tuple(found)


def settled(change: Change, base: Sequence[Item], head: Sequence[Item]) -> Change | None:
    """The change with a request that shows it; None when no request of its class can.

    One handler may get one parameter from two places, as in `/{x}/7` and `/7/{x}`. Where the texts
    of both places are equal by chance, another request of the class shows the difference; where
    the templates make them equal, as on `/7/7`, there is none.
    """
    segments, a, b = change.leaf.segments, change.was.item, change.now.item
    if change.was.kind != change.now.kind or change.was.kind not in ("route", "foreign"):
        return change
    if a is None or b is None or segments is None:
        return change
    if a.params.keys() != b.params.keys() or reply(change.was, segments) != reply(
        change.now, segments
    ):
        return change
    parts = (part for item in (*base, *head) for pattern in item.patterns for part in pattern)
    taken = {part for part in parts if isinstance(part, str)}
    for name, (type, at) in a.params.items():
        other, there = b.params[name]
        if type != other:
            return change
        for place in (at, there) if at != there else ():
            text = sample(Param("", region(segments[place])), taken)
            varied = (*segments[:place], text, *segments[place + 1 :])
            leaf = Leaf(varied, fitting(base, varied), fitting(head, varied))
            was = answers(leaf.base, change.protocol).to(change.method)
            now = answers(leaf.head, change.protocol).to(change.method)
            if was.item is a and now.item is b:
                return replace(change, leaf=leaf, was=was, now=now)
    return None


def proved(change: Change, base: Sequence[Item], head: Sequence[Item]) -> bool:
    """Whether no dynamic site (`base` and `head` hold those) could have answered before."""
    for sites, outcome in ((base, change.was), (head, change.now)):
        for site in sites:
            before = outcome.item is None or site.rank < outcome.item.rank
            if before and fits(site, change.leaf.segments):
                return False
    return True


def reply(outcome: Outcome, segments: tuple[str, ...] | None) -> Reply | None:
    """An answer for people and tools; None for 404 and for a refused websocket."""
    if outcome.kind == "nothing":
        return None
    if outcome.kind == "405":
        return Reply(status=405)
    item = outcome.item
    assert item is not None
    texts = segments or ()
    params = {name: _value(type, texts[at]) for name, (type, at) in item.params.items()}
    if outcome.kind == "route":
        handler = item.route.handler
        return Reply(None if handler.late else str(handler), params)
    prefix = "".join(f"/{text}" for text in texts[: len(item.mount.segments)])
    target = item.mount.target
    return Reply(None if target.late else str(target), params, root_path=prefix)


def sample_path(template: Template, avoid: Iterable[str] = ()) -> tuple[str, ...]:
    """A path that fits a template."""
    taken = set(avoid)
    return tuple(sample(part, taken) if isinstance(part, Param) else part for part in template)


def wire(segments: tuple[str, ...] | None) -> str:
    """A path as it goes on the wire."""
    if segments is None:
        return "*"
    return "".join("/" + quote(text, "!$&'()*+,;=:@~", errors="surrogatepass") for text in segments)


def _effort(change: Change) -> tuple[object, ...]:
    """How hard a change is to understand: an answer that was lost reads best."""
    segments = change.leaf.segments
    texts = segments or ()
    return (
        not {change.was.kind, change.now.kind} & {"route", "foreign"},
        change.was.kind not in ("route", "foreign"),
        segments is None or not segments,
        change.now.kind == "foreign",
        _METHODS.get(change.method, 9),
        sum(_REGIONS[region(text)] for text in texts),
        len(texts),
        change.method,
        texts,
    )


def _value(type: str, text: str) -> str | int | float:
    match type:
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "decimal":
            return str(Decimal(text))
        case "uuid":
            return str(UUID(text))
        case _:
            return text
