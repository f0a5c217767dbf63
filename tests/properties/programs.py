"""Makes the application that a table describes, and the compiled module over it."""

from __future__ import annotations

import builtins
import json
from collections.abc import Coroutine
from types import ModuleType
from typing import Any

from flama import types
from flama.applications import Flama
from flama.middleware import Middleware
from flama.routing import Mount as LiveMount
from flama.routing import Route as LiveRoute
from flama.routing import Router, WebSocketRoute
from flama_compile.emit import emit
from flama_compile.ir.routes import App, Mount, Route, RouteTable
from flama_compile.lower import lower
from flama_compile.verify.oracle import Answer

from .tables import Request

_TYPES = {"int": "int", "float": "float", "decimal": "Decimal", "uuid": "UUID", "str": "str"}


class Passing:
    """A middleware that does nothing, which makes its application a group."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class Program:
    """One table as a live application, interpreted and compiled."""

    def __init__(self, table: RouteTable) -> None:
        self.interpreted = _application(table.root, outermost=True)
        self.text = emit(lower(table))
        self.compiled = _load(self.text, self.interpreted)

    def run(self, app: Any, request: Request) -> list[Any]:
        """What an application sends for a request, or the exception that it lets out."""
        protocol, method, path = request
        scope: dict[str, Any] = {
            "type": protocol,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": [],
        }
        if protocol == "http":
            scope["method"] = method
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        try:
            _finish(app(scope, receive, send))
        except Exception as error:
            sent.append(repr(error))
        return sent


def expected(answer: Answer, path: str) -> list[Any] | None:
    """What the oracle's answer looks like on the wire; None where it does not say."""
    match answer.status:
        case "404":
            return _error(404, "Not Found")
        case "405":
            allow = (b"allow", ", ".join(answer.allow).encode())
            return _error(405, "Method Not Allowed", allow)
        case "refused":
            return [{"type": "websocket.close", "code": 1000, "reason": ""}]
        case "mount":
            # A foreign application says what it sees.
            seen = {"root_path": answer.root_path, "path": path}
            return [{"type": "foreign", "body": json.dumps(seen)}]
    route = answer.route
    assert route is not None
    if route.kind == "websocket":
        return [{"type": "websocket.close", "code": 3000, "reason": route.name}]
    asked = [parameter.name for parameter in route.views[0].parameters]
    values = {name: repr(answer.params[name]) for name in asked}
    return _response(200, json.dumps({"view": route.name, **values}))


def _error(status: int, detail: str, *headers: tuple[bytes, bytes]) -> list[Any]:
    body = f'{{"status_code":{status},"detail":"{detail}","error":"HTTPException"}}'
    return _response(status, body, *headers)


def _response(status: int, body: str, *headers: tuple[bytes, bytes]) -> list[Any]:
    raw = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
    own = [(b"content-length", b"%d" % len(raw)), (b"content-type", b"application/json")]
    return [
        {"type": "http.response.start", "status": status, "headers": [*own, *headers]},
        {"type": "http.response.body", "body": raw},
    ]


def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Runs what never really waits."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("something waits")


def _application(app: App, outermost: bool = False) -> Any:
    live: Any
    middleware = [Middleware(Passing)] if app.group and not outermost else None
    if app.kind == "flama":
        live = Flama(schema=None, docs=None, middleware=middleware)
        live.lifecycle.ready = True
    else:
        live = Router(middleware=middleware)
    for entry in app.entries:
        match entry:
            case Route():
                live.add_entry(_route(entry))
            case Mount(app=None):
                live.add_entry(LiveMount(entry.own, _foreign))
            case Mount(app=App() as below):
                live.add_entry(LiveMount(entry.own, _application(below)))
    return live


def _route(route: Route) -> Any:
    name = route.handler.qualname
    if route.kind == "websocket":
        source = (
            f"async def {name}(send: Send):\n"
            f"    await send(dict(type='websocket.close', code=3000, reason={name!r}))\n"
        )
    else:
        asked = route.views[0].parameters
        given = ", ".join(f"{p.name}: {_TYPES[p.type]}" if p.type else p.name for p in asked)
        shown = "".join(f", {p.name!r}: repr({p.name})" for p in asked)
        stars = "*, " if asked else ""
        source = f"async def {name}({stars}{given}):\n    return {{'view': {name!r}{shown}}}\n"
    names: dict[str, Any] = {"__name__": "shop.main", "Send": types.Send}
    exec(f"from decimal import Decimal\nfrom uuid import UUID\n{source}", names)
    if route.kind == "websocket":
        return WebSocketRoute(route.own, names[name])
    return LiveRoute(route.own, names[name], methods=route.methods)


async def _foreign(scope: Any, receive: Any, send: Any) -> None:
    seen = {"root_path": scope["root_path"], "path": scope["path"]}
    await send({"type": "foreign", "body": json.dumps(seen)})


def _load(text: str, application: Any) -> Any:
    module = ModuleType("shop.main")
    module.app = application  # type: ignore[attr-defined]

    def find(name: str, *rest: Any) -> Any:
        return module if name == "shop.main" else builtins.__import__(name, *rest)

    names: dict[str, Any] = {
        "__name__": "shop.main_compiled",
        "__builtins__": {**vars(builtins), "__import__": find},
    }
    exec(compile(text, "shop/main_compiled.py", "exec"), names)
    return names["app"]
