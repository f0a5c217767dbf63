"""Applications that really run, from the descriptions of `tables`, and what they answer.

Views answer with their own name and the parameters that they were given, so that an answer says
which route gave it. Nothing of the compiler takes part in what `observe` gives.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from random import Random
from typing import Any

from flama import Flama, Middleware, Router, http, websockets
from flama_compile.verify.oracle import Answer

from support.tables import MountSpec, RouteSpec, SiteSpec, Spec, random_path

__all__ = ["Observed", "application", "observe", "requests", "seen"]

Observed = tuple[Any, ...]
"""`("route", name, params)`, `("mount", name, root_path)`, `("405", allow)`, `("404",)`."""

Message = MutableMapping[str, Any]

METHODS = ["GET", "POST", "PUT", "HEAD", "BREW", "DELETE"]


class Passing:
    """A middleware that changes nothing; an application that has one is a group."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


def application(specs: list[Spec]) -> Flama:
    """The running application of a description."""
    app = Flama(schema=None, docs=None)
    _fill(app, specs)
    return app


def observe(app: Any, protocol: str, method: str, path: str) -> Observed:
    """What a client sees of one request; `path` is percent-decoded."""
    return asyncio.run(_observe(app, protocol, method, path))


def seen(found: Answer) -> Observed:
    """An answer of the oracle as a client would see it."""
    params = tuple(
        sorted((name, type(value).__name__, str(value)) for name, value in found.params.items())
    )
    match found.status:
        case "route":
            assert found.route is not None
            return "route", found.route.handler.qualname, params
        case "mount":
            assert found.mount is not None
            return "mount", found.mount.target.qualname, found.root_path, params
        case "405":
            return "405", found.allow
        case _:
            return ("404",)


def requests(rng: Random, *specs: list[Spec]) -> list[tuple[str, str, str]]:
    """Requests that are likely to be answered."""
    found = []
    for _ in range(12):
        path = random_path(rng, *specs)
        if path.startswith("/") and rng.random() < 0.25:
            found.append(("websocket", "", path))
        else:
            found.append(("http", rng.choice(METHODS), path))
    return found


def _fill(app: Flama | Router, specs: list[Spec]) -> None:
    for spec in specs:
        match spec:
            case RouteSpec(kind="websocket"):
                app.add_websocket_route(spec.own, _websocket(spec.handler), name=spec.name)
            case RouteSpec():
                app.add_route(
                    spec.own, _view(spec.handler), methods=list(spec.methods), name=spec.name
                )
            case MountSpec():
                app.mount(spec.own or "/", _mounted(spec), name=spec.name)
            case SiteSpec():
                raise ValueError("a dynamic site does not run")


def _mounted(spec: MountSpec) -> Any:
    if spec.children is None:
        return _foreign(spec.target)
    middleware = [Middleware(Passing)] if spec.group else None
    inner: Flama | Router
    if spec.kind == "router":
        inner = Router(middleware=middleware)
    else:
        inner = Flama(schema=None, docs=None, middleware=middleware)
    _fill(inner, spec.children)
    return inner


def _view(name: str) -> Callable[..., Any]:
    def view(request: http.Request) -> Any:
        return {"handler": name, "params": _written(request.path_params)}

    view.__name__ = name
    return view


def _websocket(name: str) -> Callable[..., Awaitable[None]]:
    async def view(websocket: websockets.WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json({"handler": name, "params": _written(websocket.path_params)})
        await websocket.close()

    view.__name__ = name
    return view


def _foreign(name: str) -> Callable[..., Awaitable[None]]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("no lifespan")
        body = {"mount": name, "root_path": scope.get("root_path", "")}
        body["params"] = _written(scope.get("path_params", {}))
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": json.dumps(body)})
            await send({"type": "websocket.close", "code": 1000})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    return app


def _written(params: Any) -> dict[str, list[str]]:
    return {name: [type(value).__name__, str(value)] for name, value in params.items()}


async def _observe(app: Any, protocol: str, method: str, path: str) -> Observed:
    sent: list[Message] = []
    waiting: list[Message] = [{"type": f"{protocol}.connect"}]
    if protocol == "http":
        waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        end = "http.disconnect" if protocol == "http" else "websocket.disconnect"
        return waiting.pop(0) if waiting else {"type": end, "code": 1000}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": protocol,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "scheme": "http" if protocol == "http" else "ws",
        "server": ("localhost", 8000),
        "client": ("localhost", 1),
    }
    scope |= {"method": method} if protocol == "http" else {"subprotocols": []}
    await app(scope, receive, send)
    return _http(sent) if protocol == "http" else _frames(sent)


def _http(sent: list[Message]) -> Observed:
    start = sent[0]
    status = start["status"]
    if status == 405:
        headers = {name.lower(): value for name, value in start["headers"]}
        allow = headers.get(b"allow", b"").decode()
        return "405", tuple(method for method in allow.split(", ") if method)
    if status == 404:
        return ("404",)
    return _said(status, json.loads(b"".join(each.get("body", b"") for each in sent[1:])))


def _frames(sent: list[Message]) -> Observed:
    if sent[0]["type"] != "websocket.accept":
        return ("404",)
    return _said(200, json.loads(sent[1]["text"]))


def _said(status: int, body: dict[str, Any]) -> Observed:
    if status != 200:
        return "status", status, json.dumps(body)
    params = tuple(sorted((name, *value) for name, value in body["params"].items()))
    if "mount" in body:
        return "mount", body["mount"], body["root_path"], params
    return "route", body["handler"], params
