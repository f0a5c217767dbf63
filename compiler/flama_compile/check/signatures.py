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


def _unfillable(route: Route, view: View, parameter: Parameter) -> Diagnostic:
    type = f"`{parameter.type}`" if parameter.type not in ("", "*") else "its annotation"
    reason = "it has no annotation" if not parameter.type else f"no component provides {type}"
    known = [part.name for part in route.segments if isinstance(part, Param)]
    help = [
        (
            f"register a component whose `resolve` returns {type}"
            if parameter.type
            else "annotate it with a primitive such as `str`, or with a model"
        )
    ]
    if known:
        fields = ", ".join(f"`{name}`" for name in known)
        help.append(f"for a path parameter, use its name: the path has {fields}")
    else:
        help.append(f"to take it from the path, put `{{{parameter.name}}}` in the path")
    return Diagnostic(
        "FC306",
        f"nothing can fill parameter `{parameter.name}` of `{_named(route, view)}`",
        parameter.span or route.span,
        f"not in the path, and {reason}",
        _registered(route, parameter),
        tuple(help),
    )


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
