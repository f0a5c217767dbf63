"""sanic-routing, the router of Sanic, alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanic_routing import BaseRouter
from sanic_routing.exceptions import NoMethod, NotFound
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup"]

PACKAGES = ("sanic-routing",)


class Router(BaseRouter):  # type: ignore[misc]
    """The router as sanic-routing's documentation makes one."""

    def get(self, path: str, method: str) -> Any:
        return self.resolve(path=path, method=method)


def lookup(chosen: RouteSet) -> Lookup:
    """Generated source, as Sanic uses it; it sorts routes by a heuristic of its own."""
    router = Router()
    for number, (method, path) in enumerate(chosen.routes):
        template = path.replace("{", "<").replace("}", ":str>")
        router.add(path=template, handler=number, methods=[method])
    router.finalize()

    def run(requests: Sequence[tuple[str, str]]) -> None:
        resolve = router.get
        for method, path in requests:
            try:
                resolve(path, method)
            except (NotFound, NoMethod):
                continue

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        try:
            _, handler, params = router.get(path, method)
        except (NotFound, NoMethod):
            return None
        return handler, params

    return Lookup(run, find)
