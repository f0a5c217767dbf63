"""Websocket endpoints that never receive."""

from __future__ import annotations

from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.ir.routes import Route, RouteTable

__all__ = ["check_websockets"]


def check_websockets(table: RouteTable, report: Report) -> None:
    """Warn of endpoints without `on_receive`."""
    for route in table.routes:
        if route.kind != "websocket":
            continue
        if route.is_class and not route.handler.late and not _receives(route):
            report.add(_never_receives(route))


def _receives(route: Route) -> bool:
    return any(view.verb == "on_receive" or view.late for view in route.views)


def _never_receives(route: Route) -> Diagnostic:
    return Diagnostic(
        "FC309",
        f"websocket endpoint `{route.handler.qualname}` does not override `on_receive`",
        route.span,
        "it accepts connections and drops every message",
        (),
        ("define `async def on_receive(self, websocket, data)`",),
    )
