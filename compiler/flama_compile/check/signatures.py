"""Parameters of views that nothing can fill, or that ask for the body twice."""

from __future__ import annotations

from flama_compile.diagnostics import Diagnostic, Label, Report
from flama_compile.ir.routes import Param, Parameter, Route, RouteTable, View

__all__ = ["check_signatures"]


def check_signatures(table: RouteTable, report: Report) -> None:
    """Refuse views that could only fail at request time."""
    seen: set[int] = set()
    for route in table.routes:
        for view in route.views:
            if id(view) in seen:
                continue  # an application mounted twice shares its views
            seen.add(id(view))
            for parameter in view.parameters:
                if parameter.origin == "unfillable":
                    report.add(_unfillable(route, view, parameter))
            bodies = [one for one in view.parameters if one.origin == "body"]
            if len(bodies) > 1:
                report.add(_two_bodies(route, view, bodies))


_WELL_KNOWN = {
    "request": "flama.http.Request",
    "websocket": "flama.websockets.WebSocket",
    "data": "flama.websockets.Data",
    "websocket_code": "flama.websockets.Code",
    "websocket_encoding": "flama.websockets.Encoding",
}
"""What parameters of these names are usually meant to be."""


def _unfillable(route: Route, view: View, parameter: Parameter) -> Diagnostic:
    type = parameter.type.replace("builtins:", "")
    shown = f"`{type}`" if type not in ("", "*") else "its annotation"
    known = [part.name for part in route.segments if isinstance(part, Param)]
    if parameter.name in known:
        # One without annotation would be filled from the path.
        label = f"in the path, but no path parameter is {shown}"
    elif type:
        label = f"not in the path, and no component provides {shown}"
    else:
        label = "not in the path, and it has no annotation"
    return Diagnostic(
        "FC306",
        f"nothing can fill parameter `{parameter.name}` of `{_named(route, view)}`",
        parameter.span or route.span,
        label,
        _registered(route, parameter),
        _ways_to_fill(route, parameter, shown, known),
    )


def _ways_to_fill(
    route: Route, parameter: Parameter, type: str, known: list[str]
) -> tuple[str, ...]:
    """What would fill a parameter, each complete."""
    ways = []
    meant = _WELL_KNOWN.get(parameter.name)
    if not parameter.type and meant is not None and _suits(route, meant):
        ways.append(f"annotate it with `{meant}`")
    elif not parameter.type:
        model = "" if route.kind == "websocket" else ", or with a model"
        ways.append(f"annotate it with a primitive such as `str`{model}")
    elif parameter.name not in known and type in ("`dict`", "`list`") and route.kind == "http":
        ways.append("to take it from the body, annotate it with a model")
    inside = parameter.type.removeprefix("Annotated[").removesuffix("]")
    if parameter.type.startswith("Annotated[") and inside != "*":
        ways.append(
            f"annotate it with `{inside}` alone, as a component returns it: to components "
            "`Annotated` is another type"
        )
    elif parameter.type:
        ways.append(f"register a component whose `resolve` returns {type}")
    if parameter.name in known:
        ways.append("annotate it with a primitive such as `str`")
    elif known:
        fields = ", ".join(f"`{name}`" for name in known)
        ways.append(f"for a path parameter, use its name: the path has {fields}")
    else:
        also = ", annotated as a primitive such as `str`" if parameter.type else ""
        ways.append(f"to take it from the path, put `{{{parameter.name}}}` in the path{also}")
    return tuple(ways)


def _suits(route: Route, meant: str) -> bool:
    return meant.startswith("flama.websockets.") == (route.kind == "websocket")


def _two_bodies(route: Route, view: View, bodies: list[Parameter]) -> Diagnostic:
    names = " and ".join(f"`{one.name}`" for one in bodies)
    first, second = bodies[0], bodies[1]
    labels = () if first.span is None else (Label(first.span, "the first"),)
    return Diagnostic(
        "FC307",
        f"{names} of `{_named(route, view)}` both ask for the body",
        second.span or route.span,
        "a request has one body",
        labels,
        ("join them in one model", "or take one from the query with a primitive type"),
    )


def _named(route: Route, view: View) -> str:
    return f"{route.handler.qualname}.{view.verb}" if view.verb else route.handler.qualname


def _registered(route: Route, parameter: Parameter) -> tuple[Label, ...]:
    if route.span is None or parameter.span is None:
        return ()
    return (Label(route.span, f"registered under `{route.path}`"),)
