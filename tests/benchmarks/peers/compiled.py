"""Ours: what `flama-compile build` makes of `apps/` and the sets of routes, in the work folder."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("flama-runtime", "flama-compile", "msgspec")


def plain() -> Any:
    """The application."""
    return importlib.import_module("plain_compiled").app


def middleware() -> Any:
    """The application behind one middleware."""
    return importlib.import_module("behind_compiled").app


def lookup(chosen: RouteSet) -> Lookup:
    """The match function of the generated module, and the table of methods of what it finds."""
    match_http = importlib.import_module(f"{chosen.module}_compiled").match_http

    def run(requests: Sequence[tuple[str, str]]) -> None:
        match = match_http
        for method, path in requests:
            resource, _ = match(path)
            resource.get(method)

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        resource, segments = match_http(path)
        view = resource.get(method)
        if view is None:
            return None
        number = int(view.entry.name[1:])
        template = chosen.routes[number][1].split("/")
        return number, {
            name[1:-1]: segments[place]
            for place, name in enumerate(template)
            if name.startswith("{")
        }

    return Lookup(run, find)
