"""Compares the emitted module with an independent reading of the route table, request by request.

The requests are derived from the table (`witnesses`), the expected answers come from `oracle`, the
compiled ones from the module itself, executed with stubs for user modules (`emitted`). What was
verified before is remembered by group: the entries that share a first literal, with all that have
none, and the part of the module that decides between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from flama_compile.cache import Cache
from flama_compile.ir.plan import DispatchPlan
from flama_compile.ir.routes import DynamicSite, Entry, Mount, Param, Route, RouteTable, View
from flama_compile.verify.emitted import Emitted, Search, StandIn
from flama_compile.verify.memory import Memory
from flama_compile.verify.oracle import Decision, Oracle, Protocol, convert
from flama_compile.verify.witnesses import Request, groups_of

__all__ = ["verify"]

_CONVERTED = frozenset(("int", "float", "decimal", "uuid", "str"))


def verify(
    table: RouteTable, plan: DispatchPlan, module: str, cache: Cache | None = None
) -> str | None:
    """The first disagreement, in words; None if there is none.

    Raises what the emitted module raises when it is executed: it is our fault as well.

    :param cache: Where verified groups are remembered; None verifies all of them.
    """
    memory = Memory(cache, plan, module)
    if memory.module in memory.known:
        return None
    digests = [memory.module]
    emitted = Emitted(table, module)
    oracle = Oracle(table)
    groups = groups_of(table)
    for first in (*groups.literal, None):
        digests.append(memory.group(first, groups.near(first)))
        if digests[-1] in memory.known:
            continue
        difference = _first(emitted, oracle, groups.requests(first))
        if difference is not None:
            return difference
    difference = _first(emitted, oracle, _everywhere())
    if difference is None:
        memory.keep(digests)
    return difference


def _first(emitted: Emitted, oracle: Oracle, requests: Iterable[Request]) -> str | None:
    # PERF: neighbouring routes ask for many of the same paths, and both sides look a path up once
    # for all methods.
    methods: dict[tuple[Protocol, str], dict[str, None]] = {}
    for protocol, method, path in requests:
        methods.setdefault((protocol, path), {})[method] = None
    for (protocol, path), asked in methods.items():
        difference = _compare(emitted, oracle, protocol, path, asked)
        if difference is not None:
            return difference
    return None


def _everywhere() -> Iterator[Request]:
    """Paths that belong to no entry."""
    protocols: tuple[Protocol, ...] = ("http", "websocket")
    for protocol in protocols:
        for path in ("", "/", "//", "*", "abc", "abc/abc", "/abc", "/abc/abc/", "/\n"):
            yield protocol, "GET", path


def _compare(
    emitted: Emitted, oracle: Oracle, protocol: Protocol, path: str, methods: Iterable[str]
) -> str | None:
    walk = oracle.walk(protocol, path)
    search = Search(emitted, protocol, path)
    seen: StandIn | None = None
    for method in methods:
        wanted = walk.decision(method)
        shown, entry, found = _answer(search, method)
        expected = _expected(wanted)
        if shown != expected or entry is not wanted.entry:
            return (
                f"{protocol} {method} {path!r} is {shown} {_name(entry)} when compiled, and should "
                f"be {expected} {_name(wanted.entry)}"
            )
        if found is None or not isinstance(entry, Route) or found[0] is seen:
            continue
        # What one view gets from a path does not depend on the method.
        seen = found[0]
        difference = _compare_values(entry, method, path, emitted.values(*found))
        if difference is not None:
            return f"{protocol} {method} {path!r} {difference}"
    return None


def _compare_values(
    entry: Route, method: str, path: str, values: dict[str, Any] | None
) -> str | None:
    """What the view gets from the path and should not; None where it gets what it asks for."""
    if values is None:
        return None
    texts = _texts(entry, path)
    for parameter in _view(entry, method).parameters:
        kind = _type(entry, parameter.name)
        if parameter.type and parameter.type != kind:
            # The runtime reads the text by rules of its own, wider than those of the segment.
            continue
        if parameter.origin != "path" or kind not in _CONVERTED:
            continue
        if parameter.kind == "positional-only" or parameter.name not in texts:
            continue
        right = convert(kind, texts[parameter.name])
        given = values.get(parameter.name)
        if type(given) is not type(right) or not _same(given, right):
            return (
                f"gives {parameter.name}={given!r} to {_name(entry)} when compiled, and should "
                f"give {right!r}"
            )
    return None


def _view(entry: Route, method: str) -> View:
    """The view that answers a method: one of a class, or the only one."""
    verbs = {view.verb: view for view in entry.views}
    asked = [method.lower(), "get"] if method == "HEAD" else [method.lower()]
    return next((verbs[verb] for verb in asked if verb in verbs), entry.views[0])


def _same(given: Any, right: Any) -> bool:
    """Whether two values of one type cannot be told apart; -0.0 is not 0.0, nor 1.0 1.00."""
    if isinstance(right, float | Decimal):
        return repr(given) == repr(right)
    return bool(given == right)


def _answer(
    search: Search, method: str
) -> tuple[str, Entry | None, tuple[StandIn, Any, Mapping[str, str]] | None]:
    """What the compiled module says: a word, the entry, and for a route what its view is given:
    the parts of the path and the texts of the prefixes above."""
    method = method if search.protocol == "http" else "WEBSOCKET"
    resource, segments = search.resource, search.segments
    above: list[Any] = []
    prefix: dict[str, str] = {}
    while True:
        view = resource.get(method, resource.rest)
        if view is None:
            return _refused([*above, resource], search.protocol), None, None
        entry = view.entry
        if isinstance(entry, Route):
            return "route", entry, (view, segments, prefix)
        if isinstance(entry, DynamicSite):
            return "dynamic", entry, None
        if entry.app is None:
            return "mount", entry, None
        # Inside a group the search starts again, with what its prefix leaves.
        above.append(resource)
        parts = search.path.split("/")[1:]
        for segment, text in zip(entry.segments, parts, strict=False):
            if isinstance(segment, Param):
                prefix[segment.name] = text
        left = search.path
        if left.startswith("/") or not left:
            left = "".join(f"/{text}" for text in parts[len(entry.segments) :]) or "/"
        resource, segments = search.inside(view, left)


def _refused(resources: list[Any], protocol: str) -> str:
    if protocol == "websocket":
        return "refused"
    if resources[-1].hidden:
        return "404"
    return f"405 {','.join(sorted({method for one in resources for method in one}))}"


def _expected(wanted: Decision) -> str:
    return f"405 {','.join(wanted.allow)}" if wanted.status == "405" else wanted.status


def _name(entry: Route | Mount | DynamicSite | None) -> str:
    match entry:
        case Route():
            return f"{entry.path} ({entry.handler})"
        case Mount():
            return f"{entry.path or '/'} ({entry.target})"
        case DynamicSite():
            return f"({entry.reason})"
        case None:
            return ""


def _texts(route: Route, path: str) -> dict[str, str]:
    return {
        segment.name: text
        for segment, text in zip(route.segments, path.split("/")[1:], strict=False)
        if isinstance(segment, Param)
    }


def _type(route: Route, name: str) -> str:
    return next(
        (
            part.type
            for part in reversed(route.segments)
            if isinstance(part, Param) and part.name == name
        ),
        "",
    )
