"""BlackSheep, with msgspec for JSON. It runs `def` views on the event loop, without a thread.

It has no 405: a path that is there for another method only is a 404.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from blacksheep import Application, FromHeader, Request, Response, WebSocket, json
from blacksheep.server.controllers import Controller
from blacksheep.server.routing import Router
from blacksheep.server.websocket import WebSocketDisconnectError
from blacksheep.settings.json import json_settings
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("blacksheep",)


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


decode_user = msgspec.json.Decoder(User).decode


class Authorization(FromHeader[str]):
    """The `authorization` header."""

    name = "authorization"


class CurrentUser(msgspec.Struct):
    """What the component gives."""

    name: str


def dumps(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def error(status: int, detail: str) -> Response:
    content = {"status_code": status, "detail": detail, "error": "HTTPException"}
    return json(content, status)


def application() -> Any:
    json_settings.use(loads=msgspec.json.decode, dumps=dumps)
    router = Router()
    app = Application(router=router)

    async def hello() -> Response:
        return json({"message": "hello"})

    router.add_get("/hello", hello)

    async def show_item(item_id: int) -> Response:
        return json({"item_id": item_id, "in_stock": True})

    router.add_get("/items/{int:item_id}", show_item)
    router.add_head("/items/{int:item_id}", show_item)

    async def search(q: str, limit: int, strict: bool) -> Response:
        return json({"q": q, "limit": limit, "strict": strict})

    router.add_get("/search", search)

    async def create_user(request: Request) -> Response:
        if request.content_type() not in (None, b"application/json"):
            return error(415, "Unsupported Media Type")
        try:
            user = decode_user(await request.read() or b"")
        except msgspec.DecodeError as fault:
            return error(400, str(fault))
        return json({"name": user.name, "age": user.age})

    router.add_post("/users", create_user)

    def sync_hello() -> Response:
        return json({"message": "hello"})

    router.add_get("/sync", sync_hello)

    async def current_user(authorization: Authorization) -> CurrentUser:
        return CurrentUser(authorization.value.removeprefix("Bearer "))

    async def me(authorization: Authorization) -> Response:
        user = await current_user(authorization)
        return json({"user": user.name})

    router.add_get("/me", me)

    class Class(Controller):
        """The class view."""

        @router.controllers_routes.get("/class/{int:item_id}")
        async def show(self, item_id: int) -> Response:
            return json({"item_id": item_id, "in_stock": True})

    async def show_product(product_id: int) -> Response:
        return json({"product_id": product_id})

    router.add_get("/v1/shop/products/{int:product_id}", show_product)

    async def echo(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        try:
            while True:
                await websocket.send_text(await websocket.receive_text())
        except WebSocketDisconnectError:
            return

    router.add_ws("/rooms/{room}", echo)

    async def not_found(app: Any, request: Request, fault: Exception) -> Response:
        return error(404, "Not Found")

    app.exceptions_handlers[404] = not_found
    return app


def plain() -> Any:
    """The application."""
    return application()


def middleware() -> Any:
    """The application behind one middleware, in BlackSheep's own form."""
    app = application()

    async def tagged(request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Any:
        response = await handler(request)
        response.add_header(b"x-bench", b"1")
        return response

    app.middlewares.append(tagged)
    return app


def lookup(chosen: RouteSet) -> Lookup:
    """BlackSheep's list of regular expressions for each method, behind its cache of 1,200 paths."""
    router = Router()
    for number, (method, path) in enumerate(chosen.routes):

        async def view() -> None: ...

        view.__name__ = str(number)
        router.add(method, path, view)
    router.apply_routes()
    router.sort_routes()
    numbers = {route.handler: int(route.handler.__name__) for route in router}

    def run(requests: Sequence[tuple[str, str]]) -> None:
        match = router.get_match_by_method_and_path
        for method, path in requests:
            match(method, path)

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        found = router.get_match_by_method_and_path(method, path)
        if found is None:
            return None
        return numbers[found.handler], {
            name: str(value) for name, value in (found.values or {}).items()
        }

    return Lookup(run, find)
