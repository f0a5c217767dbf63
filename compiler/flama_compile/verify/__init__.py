"""Compares the emitted module with an independent reading of the route table, request by request.

The requests are derived from the table (`witnesses`), the expected answers come from `oracle`, the
compiled ones from the module itself, executed with stubs for user modules (`emitted`). What was
verified before is remembered by group: the entries that share a first literal, with all that have
none, and the part of the module that decides between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flama_compile.cache import Cache
from flama_compile.ir.plan import DispatchPlan
from flama_compile.ir.routes import DynamicSite, Mount, Param, Route, RouteTable
from flama_compile.verify.emitted import Emitted, Found, StandIn
from flama_compile.verify.memory import Memory
from flama_compile.verify.oracle import Decision, Oracle, convert
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
        # Neighbouring routes ask for many of the same paths.
        for request in dict.fromkeys(groups.requests(first)):
            difference = _compare(table, emitted, oracle, request)
            if difference is not None:
                return difference
    for request in _everywhere():
        difference = _compare(table, emitted, oracle, request)
        if difference is not None:
            return difference
    memory.keep(digests)
    return None


def _everywhere() -> Iterator[Request]:
    """Paths that belong to no entry."""
    for protocol in ("http", "websocket"):
        for path in ("", "/", "//", "*", "abc", "abc/abc", "/abc", "/abc/abc/", "/\n"):
            yield protocol, "GET", path


def _compare(table: RouteTable, emitted: Emitted, oracle: Oracle, request: Request) -> str | None:
    protocol, method, path = request
    wanted = oracle.decide(protocol, method, path)  # type: ignore[arg-type]
    shown, entry, values = _answer(emitted, protocol, method, path)
    expected = _expected(wanted)
    if shown != expected or entry is not wanted.entry:
        return (
            f"{protocol} {method} {path!r} is {shown} {_name(entry)} when compiled, and should be "
            f"{expected} {_name(wanted.entry)}"
        )
    if values is not None and isinstance(entry, Route):
        texts = _texts(entry, path)
        for parameter in entry.views[0].parameters:
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
                    f"{protocol} {method} {path!r} gives {parameter.name}={given!r} to "
                    f"{_name(entry)} when compiled, and should give {right!r}"
                )
    return None


def _same(given: Any, right: Any) -> bool:
    """Whether two values of one type cannot be told apart; -0.0 is not 0.0, nor 1.0 1.00."""
    if isinstance(right, float | Decimal):
        return repr(given) == repr(right)
    return bool(given == right)


def _answer(
    emitted: Emitted, protocol: str, method: str, path: str
) -> tuple[str, Any, dict[str, Any] | None]:
    """What the compiled module says: a word, the entry, and the values from the path."""
    group: StandIn | None = None
    allowed: frozenset[str] = frozenset()
    whole, depth = path, 0
    prefix: dict[str, str] = {}
    while True:
        found = emitted.find(group, protocol, method, path)
        view = found.view
        if view is None:
            return _refused(found, protocol, allowed.union(found.resource)), None, None
        entry = view.entry
        if isinstance(entry, Route):
            return "route", entry, emitted.values(found, prefix)
        if isinstance(entry, DynamicSite):
            return "dynamic", entry, None
        if entry.app is None:
            return "mount", entry, None
        # Inside a group the search starts again, with what its prefix leaves.
        group = view
        allowed = allowed.union(found.resource)
        parts = whole.split("/")[1:]
        depth = len(entry.segments)
        for segment, text in zip(entry.segments, parts, strict=False):
            if isinstance(segment, Param):
                prefix[segment.name] = text
        if whole.startswith("/") or not whole:
            path = "".join(f"/{text}" for text in parts[depth:]) or "/"


def _refused(found: Found, protocol: str, allowed: frozenset[str]) -> str:
    if protocol == "websocket":
        return "refused"
    return "404" if found.resource.hidden else f"405 {','.join(sorted(allowed))}"


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
