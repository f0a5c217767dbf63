"""Decides how each view is called: by text in the generated module, or by the runtime's planner.

    show(item_id: int, q: str, limit: int = 10)      call: item_id <- path[2] int, q <- query str, …
    create(item: Item)                               call: item <- body *
    whoami(request: Request, user: User)             live
    class Item: async def get(self, item_id: int)    live; get: item_id <- path[2] int

Text is written only for what the source says for sure and the fingerprint guards: parts of the
path, query values, one body. A primitive's word is part of the fingerprint; any other annotation
may change without making the module stale, so how to read its text is asked of the live one.
"""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.ir.plan import PRIMITIVES, Argument, Binding, Unit, Verb
from flama_compile.ir.routes import Entry, Mount, Param, Parameter, Route, View
from flama_compile.lower.rules import entries_of

__all__ = ["bindings_of"]


def bindings_of(entries: Sequence[Entry], units: Sequence[Unit]) -> tuple[Binding | None, ...]:
    """One binding for each route; None for mounts and dynamic sites."""
    depths = _depths(entries, units)
    return tuple(
        _binding(entry, depth) if isinstance(entry, Route) else None
        for entry, depth in zip(entries, depths, strict=True)
    )


def _depths(entries: Sequence[Entry], units: Sequence[Unit]) -> list[int]:
    """For each entry, the segments of the prefix of the group that it belongs to."""
    depths = [0] * len(entries)
    for unit in units:
        if unit.place is None:
            continue
        mount = entries[unit.place]
        if isinstance(mount, Mount):
            end = unit.place + len(entries_of(unit.app)) + 1
            depths[unit.place + 1 : end] = [len(mount.segments)] * (end - unit.place - 1)
    return depths


def _binding(route: Route, depth: int) -> Binding:
    if route.handler.module == "flama.schemas":
        # Views of the runtime itself, which can be filled and are seldom called.
        return Binding(live=True)
    if route.kind == "http" and route.is_class and route.views and not route.handler.late:
        late = _is_late(route)
        verbs = () if late else _verbs(route, depth)
        return Binding(live=True, late=late, is_class=True, verbs=verbs)
    if route.kind == "websocket" or route.is_class or route.handler.late or len(route.views) != 1:
        return Binding(live=True, late=_is_late(route))
    view = route.views[0]
    if view.late or any(parameter.origin == "late" for parameter in view.parameters):
        return Binding(live=True, late=True)
    arguments = _arguments(view, route, depth)
    if arguments is None:
        return Binding(live=True)
    if _bodies(arguments) > 1:
        return Binding(live=True, late=True)
    return Binding(live=False, arguments=arguments)


def _verbs(route: Route, depth: int) -> tuple[Verb, ...]:
    """The verbs that text fills: those that run on the loop, and that the source explains."""
    verbs = []
    for view in route.views:
        arguments = _arguments(view, route, depth) if view.awaits else None
        if arguments is not None and _bodies(arguments) < 2:
            verbs.append(Verb(view.verb, arguments))
    return tuple(verbs)


def _arguments(view: View, route: Route, depth: int) -> tuple[Argument, ...] | None:
    """What a view is given; None where only the runtime's planner can fill a parameter."""
    arguments: list[Argument] = []
    for parameter in view.parameters:
        if parameter.origin == "empty":
            continue
        argument = _argument(parameter, route, depth)
        if argument is None:
            return None
        arguments.append(argument)
    return tuple(arguments)


def _bodies(arguments: Sequence[Argument]) -> int:
    return sum(argument.source == "body" for argument in arguments)


def _is_late(route: Route) -> bool:
    return route.handler.late or any(
        view.late
        or any(parameter.origin in ("late", "unfillable") for parameter in view.parameters)
        for view in route.views
    )


def _argument(parameter: Parameter, route: Route, depth: int) -> Argument | None:
    positional = parameter.kind == "positional-only"
    type = parameter.type if parameter.type in PRIMITIVES else "*"
    match parameter.origin:
        case "path":
            place = _place(route, parameter.name)
            if place is None or (type == "*" and parameter.type):
                return None
            position, segment = place
            return Argument(
                parameter.name,
                "path",
                parameter.type and type,
                # A group sees only what is below its prefix.
                max(position - depth, 0),
                segment,
                positional=positional,
            )
        case "query":
            if "list[" in parameter.type:
                return None
            required = parameter.default is None
            return Argument(parameter.name, "query", type, required=required, positional=positional)
        case "body":
            return Argument(parameter.name, "body", "*", positional=positional)
        case _:
            return None


def _place(route: Route, name: str) -> tuple[int, str] | None:
    """Position and type of a parameter; the last one of that name, which is nearest to the view."""
    found = None
    for position, segment in enumerate(route.segments, start=1):
        if isinstance(segment, Param) and segment.name == name:
            found = position, segment.type
    return found
