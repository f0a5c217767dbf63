"""Parameters that are filled from the connection itself, by their annotation.

Classes of Starlette are recognised only when Starlette has been loaded: an annotation cannot name
a class that does not exist yet.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

from flama import types
from flama._call import Call
from flama.bodies import FORMS, JSON, Body, form_data, media
from flama.types import RequestData

__all__ = ["body_source", "connection_source", "injectable_source"]


def connection_source(
    annotation: Any, protocol: str, apps: tuple[Any, ...]
) -> Callable[[Call], Any] | None:
    """The request or websocket, the parts of the ASGI call, and the application."""
    try:
        source = _ASGI.get(annotation)
    except TypeError:
        return None
    if source is not None:
        return source
    if not isinstance(annotation, type):
        return None
    kind = _connection_kind(annotation)
    if kind == "app":
        owner = next((app for app in apps if isinstance(app, annotation)), None)
        if owner is None:
            from flama.applications import Flama

            owner = next((app for app in apps if isinstance(app, Flama)), None)
        return None if owner is None else lambda call: owner
    if kind == protocol or kind == "either":
        return _request if protocol == "http" else _websocket
    return None


def injectable_source(annotation: Any, protocol: str) -> tuple[Callable[[Call], Any], bool] | None:
    """The other injectable types: a function of the call, and whether it awaits."""
    try:
        source = _PLAIN.get(annotation)
    except TypeError:
        return None
    if source is not None:
        return source, False
    if protocol == "http":
        if annotation is types.Method:
            return (lambda call: call.scope["method"]), False
        if annotation is types.Body:
            return Call.body, True
        if annotation is RequestData:
            return _request_data, True
    if not isinstance(annotation, type):
        return None
    if annotation.__module__ == "starlette.datastructures":
        name = _STARLETTE.get(annotation.__name__)
        if name is not None:
            return _attribute(name, protocol), False
    if _is_route(annotation):
        return (lambda call: call.scope["route"]), False
    return None


def body_source(body: Body) -> Callable[[Call], Awaitable[Any]]:
    """The body as one parameter declares it."""

    async def fill(call: Call) -> Any:
        if media(call.scope["headers"]) == JSON:
            return body.load_json(await call.body())
        _, form = await call.parsed()
        return body.load_form(form)

    return fill


def _connection_kind(annotation: type) -> str | None:
    for base in annotation.__mro__:
        place = (base.__module__, base.__name__)
        if place == ("starlette.requests", "Request"):
            return "http" if _is_ours(annotation, "flama._requests", "Request") else None
        if place == ("starlette.websockets", "WebSocket"):
            return "websocket" if _is_ours(annotation, "flama.websockets", "WebSocket") else None
        if place == ("starlette.requests", "HTTPConnection"):
            return "either" if annotation is base else None
        if place == ("flama.applications", "Flama"):
            return "app"
    return None


def _is_ours(annotation: type, module: str, name: str) -> bool:
    """Whether the object that we deliver is an instance of the annotation."""
    from importlib import import_module

    return issubclass(getattr(import_module(module), name), annotation)


def _is_route(annotation: type) -> bool:
    routing = sys.modules.get("flama.routing")
    return routing is not None and issubclass(annotation, routing.BaseRoute)


def _request(call: Call) -> Any:
    return call.request


def _websocket(call: Call) -> Any:
    return call.websocket


def _attribute(name: str, protocol: str) -> Callable[[Call], Any]:
    if protocol == "http":
        return lambda call: getattr(call.request, name)
    return lambda call: getattr(call.websocket, name)


def _server(call: Call) -> Any:
    server = call.scope.get("server")
    return None if server is None else tuple(server)


def _cookies(call: Call) -> dict[str, str]:
    connection = call.request if call.scope["type"] == "http" else call.websocket
    cookies: dict[str, str] = connection.cookies
    return cookies


async def _request_data(call: Call) -> RequestData:
    data, form = await call.parsed()
    if media(call.scope["headers"]) in FORMS:
        data = form_data(form) or None
    return RequestData(data)


_ASGI: dict[Any, Callable[[Call], Any]] = {
    types.Scope: lambda call: call.scope,
    types.Receive: lambda call: call.receive,
    types.Send: lambda call: call.send,
}

_PLAIN: dict[Any, Callable[[Call], Any]] = {
    types.Scheme: lambda call: call.scope.get("scheme", "http"),
    types.Server: _server,
    types.Path: lambda call: call.scope["path"],
    types.PathParams: lambda call: call.scope.get("path_params", {}),
    types.QueryString: lambda call: call.scope.get("query_string", b"").decode("latin-1"),
    types.Cookies: _cookies,
}

_STARLETTE = {"URL": "url", "QueryParams": "query_params", "Headers": "headers"}
