"""Parameters that are filled from the connection itself, by their annotation.

Classes of Starlette are recognised only when Starlette has been loaded: an annotation cannot name
a class that does not exist yet.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from flama import types
from flama._call import Call
from flama._filling import NOTHING, REQUEST, SCOPE, Filler
from flama.bodies import FORMS, JSON, Body, form_data, media
from flama.types import RequestData

__all__ = ["body_source", "connection_source", "injectable_source"]


def connection_source(annotation: Any, protocol: str, apps: tuple[Any, ...]) -> Filler | None:
    """The request or websocket, the parts of the ASGI call, and the application."""
    try:
        source = _ASGI.get(annotation)
    except TypeError:
        return None
    if source is not None:
        return Filler(source, needs=SCOPE)
    if not isinstance(annotation, type):
        return None
    kind = _connection_kind(annotation)
    if kind == "app":
        owner = next((app for app in apps if isinstance(app, annotation)), None)
        if owner is None:
            from flama.applications import Flama

            owner = next((app for app in apps if isinstance(app, Flama)), None)
        return None if owner is None else Filler(lambda call: owner)
    if kind == protocol or kind == "either":
        return Filler(_request if protocol == "http" else _websocket, needs=SCOPE)
    return None


def injectable_source(annotation: Any, protocol: str) -> Filler | None:
    """The other injectable types."""
    try:
        source = _PLAIN.get(annotation)
    except TypeError:
        return None
    if source is not None:
        return Filler(source, needs=_NEEDS.get(annotation, NOTHING))
    if protocol == "http":
        if annotation is types.Method:
            return Filler(lambda call: call.scope["method"])
        if annotation is types.Body:
            return Filler(Call.body, awaits=True)
        if annotation is RequestData:
            return Filler(_request_data, awaits=True, forms=True)
    if not isinstance(annotation, type):
        return None
    if annotation.__module__ == "starlette.datastructures":
        name = annotation.__name__
        if name == "Headers":
            return Filler(_headers_of(annotation))
        if name in _STARLETTE:
            attribute, needs = _STARLETTE[name]
            return Filler(_attribute(attribute, protocol), needs=needs)
    if _is_route(annotation):
        return Filler(lambda call: call.scope["route"], needs=SCOPE)
    return None


def body_source(body: Body) -> Filler:
    """The body as one parameter declares it."""

    async def fill(call: Call) -> Any:
        if media(call.scope["headers"]) == JSON:
            return body.load_json(await call.body())
        _, form = await call.parsed()
        return body.load_form(form)

    return Filler(fill, awaits=True, forms=True)


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


def _headers_of(kind: Any) -> Callable[[Call], Any]:
    """PERF: `Headers` are what components read most, and a request object costs more than they."""

    def headers(call: Call) -> Any:
        if call._connection is not None:
            return call._connection.headers
        if call._headers is None:
            call._headers = kind(scope=call.scope)
        return call._headers

    return headers


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

_NEEDS = {types.PathParams: SCOPE, types.Cookies: REQUEST}

_STARLETTE = {"URL": ("url", SCOPE), "QueryParams": ("query_params", REQUEST)}
