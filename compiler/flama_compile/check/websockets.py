"""Websocket views that cannot work: synchronous ones, and endpoints that never receive."""

from __future__ import annotations

from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.ir.routes import Route, RouteTable

__all__ = ["check_websockets"]

HOOKS = ("on_connect", "on_receive", "on_disconnect")


def check_websockets(table: RouteTable, report: Report) -> None:
    """Refuse synchronous websocket views; warn of endpoints without `on_receive`."""
    for route in table.routes:
        if route.kind != "websocket":
            continue
        for view in route.views:
            if view.awaits is False and (not view.verb or view.verb in HOOKS):
                report.add(_synchronous(route, view.verb))
        if route.is_class and not route.handler.late and not _receives(route):
            report.add(_never_receives(route))


def _receives(route: Route) -> bool:
    return any(view.verb == "on_receive" or view.late for view in route.views)


def _synchronous(route: Route, hook: str) -> Diagnostic:
    name = f"{route.handler.qualname}.{hook}" if hook else route.handler.qualname
    return Diagnostic(
        "FC308",
        f"websocket view `{name}` is not `async`",
        route.span,
        "registered as a websocket here",
        (),
        (f"write `async def {name.rpartition('.')[2]}`",),
    )


def _never_receives(route: Route) -> Diagnostic:
    return Diagnostic(
        "FC309",
        f"websocket endpoint `{route.handler.qualname}` does not override `on_receive`",
        route.span,
        "it accepts connections and drops every message",
        (),
        ("define `async def on_receive(self, websocket, data)`",),
    )
