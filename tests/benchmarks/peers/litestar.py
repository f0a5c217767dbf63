"""Litestar, with msgspec Structs, which it takes natively. Its 405 says nothing in `Allow`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from apps.tagged import Tagged
from litestar import Controller, Litestar, Request, Response, Router, get, post, route, websocket
from litestar.connection import WebSocket
from litestar.di import Provide
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("litestar",)


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


@get("/hello")
async def hello() -> dict[str, Any]:
    return {"message": "hello"}


@route("/items/{item_id:int}", http_method=["GET", "HEAD"])
async def show_item(item_id: int) -> dict[str, Any]:
    return {"item_id": item_id, "in_stock": True}


@get("/search")
async def search(q: str, limit: int, strict: bool) -> dict[str, Any]:
    return {"q": q, "limit": limit, "strict": strict}


@post("/users", status_code=200)
async def create_user(data: User) -> dict[str, Any]:
    return {"name": data.name, "age": data.age}


@get("/sync", sync_to_thread=True)
def sync_hello() -> dict[str, Any]:
    return {"message": "hello"}


async def current_user(request: Request[Any, Any, Any]) -> str:
    return request.headers["authorization"].removeprefix("Bearer ")


@get("/me", dependencies={"user": Provide(current_user)})
async def me(user: str) -> dict[str, Any]:
    return {"user": user}


class ItemView(Controller):
    """The class view."""

    path = "/class"

    @get("/{item_id:int}")
    async def show(self, item_id: int) -> dict[str, Any]:
        return {"item_id": item_id, "in_stock": True}


@get("/products/{product_id:int}")
async def show_product(product_id: int) -> dict[str, Any]:
    return {"product_id": product_id}


@websocket("/rooms/{room:str}")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())


def http_error(request: Request[Any, Any, Any], fault: HTTPException) -> Response[Any]:
    """Errors as all peers answer them."""
    detail = fault.detail
    if isinstance(fault, MethodNotAllowedException):
        detail = "Method Not Allowed"
    elif isinstance(fault, NotFoundException):
        detail = "Not Found"
    content = {"status_code": fault.status_code, "detail": detail, "error": "HTTPException"}
    return Response(content, status_code=fault.status_code)


def application(**options: Any) -> Any:
    shop = Router("/shop", route_handlers=[show_product])
    version = Router("/v1", route_handlers=[shop])
    handlers = [hello, show_item, search, create_user, sync_hello, me, ItemView, version, echo]
    return Litestar(
        route_handlers=handlers,
        openapi_config=None,
        exception_handlers={HTTPException: http_error},
        **options,
    )


def plain() -> Any:
    """The application."""
    return application()


def middleware() -> Any:
    """The application behind one middleware."""
    return application(middleware=[Tagged])


def lookup(chosen: RouteSet) -> Lookup:
    """Litestar's trie."""
    handlers = []
    for number, (method, path) in enumerate(chosen.routes):

        async def view() -> None: ...

        typed = path.replace("}", ":str}")
        handlers.append(route(typed, http_method=method, name=str(number), status_code=200)(view))
    router = Litestar(route_handlers=handlers, openapi_config=None).asgi_router

    def run(requests: Sequence[tuple[str, str]]) -> None:
        handle = router.handle_routing
        for method, path in requests:
            try:
                handle(path, method)
            except NotFoundException:
                continue

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        try:
            _, handler, _, params, _ = router.handle_routing(path, method)
        except NotFoundException:
            return None
        return int(handler.name), params

    return Lookup(run, find)
