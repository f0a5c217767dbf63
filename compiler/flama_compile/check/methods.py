"""Methods and paths that no request can have."""

from __future__ import annotations

from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.ir.routes import App, Mount, Route, RouteTable

__all__ = ["check_methods"]


def check_methods(table: RouteTable, report: Report) -> None:
    """Warn of methods in lower case and of empty paths below a mount."""
    _visit(table.root, False, report)


def _visit(app: App, below: bool, report: Report) -> None:
    for entry in app.entries:
        if isinstance(entry, Mount) and entry.app is not None:
            _visit(entry.app, True, report)
        if not isinstance(entry, Route):
            continue
        wrong = [method for method in entry.methods if method != method.upper()]
        if wrong:
            report.add(_lower_case(entry, wrong))
        if below and not entry.own:
            report.add(_empty(entry))


def _lower_case(route: Route, wrong: list[str]) -> Diagnostic:
    quoted = ", ".join(f"`{method}`" for method in wrong)
    right = ", ".join(f'"{method.upper()}"' for method in wrong)
    plural = len(wrong) > 1
    return Diagnostic(
        "FC304",
        f"method{'s' if plural else ''} {quoted} can never match a request",
        route.span,
        "methods are case-sensitive, and clients send them in upper case",
        (),
        (f"write {right}",),
    )


def _empty(route: Route) -> Diagnostic:
    return Diagnostic(
        "FC305",
        "an empty path below a mount answers nothing",
        route.path_span or route.span,
        'what is left of a path below a mount is never empty: it is at least "/"',
        (),
        ('write "/", which answers the prefix with and without a slash at its end',),
    )
