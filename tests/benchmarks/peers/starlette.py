"""Starlette: msgspec where the framework has no opinion, its own `JSONResponse` for answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from apps.tagged import Tagged
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("starlette",)

TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


decode_user = msgspec.json.Decoder(User).decode


async def hello(request: Request) -> Response:
    return JSONResponse({"message": "hello"})


async def show_item(request: Request) -> Response:
    return JSONResponse({"item_id": request.path_params["item_id"], "in_stock": True})


async def search(request: Request) -> Response:
    query = request.query_params
    try:
        found = {
            "q": query["q"],
            "limit": int(query["limit"]),
            "strict": TRUTHS[query["strict"].lower()],
        }
    except (KeyError, ValueError) as fault:
        raise HTTPException(400, str(fault)) from None
    return JSONResponse(found)


async def create_user(request: Request) -> Response:
    if request.headers.get("content-type", "application/json") != "application/json":
        raise HTTPException(415)
    try:
        user = decode_user(await request.body())
    except msgspec.DecodeError as fault:
        raise HTTPException(400, str(fault)) from None
    return JSONResponse({"name": user.name, "age": user.age})


def sync_hello(request: Request) -> Response:
    return JSONResponse({"message": "hello"})


def current_user(request: Request) -> str:
    return request.headers["authorization"].removeprefix("Bearer ")


async def me(request: Request) -> Response:
    return JSONResponse({"user": current_user(request)})


class ItemView(HTTPEndpoint):
    """The class view."""

    async def get(self, request: Request) -> Response:
        return JSONResponse({"item_id": request.path_params["item_id"], "in_stock": True})


async def show_product(request: Request) -> Response:
    return JSONResponse({"product_id": request.path_params["product_id"]})


async def room(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


async def http_error(request: Request, fault: Exception) -> Response:
    """Errors as all peers answer them; `Allow` sorted, for Starlette joins a set."""
    assert isinstance(fault, HTTPException)
    headers = fault.headers
    if headers and "Allow" in headers:
        headers = {"Allow": ", ".join(sorted(headers["Allow"].split(", ")))}
    return JSONResponse(
        {"status_code": fault.status_code, "detail": fault.detail, "error": "HTTPException"},
        fault.status_code,
        headers,
    )


def application(*middleware: Middleware) -> Starlette:
    shop = [Route("/products/{product_id:int}", show_product)]
    return Starlette(
        routes=[
            Route("/hello", hello),
            Route("/items/{item_id:int}", show_item),
            Route("/search", search),
            Route("/users", create_user, methods=["POST"]),
            Route("/sync", sync_hello),
            Route("/me", me),
            Route("/class/{item_id:int}", ItemView),
            Mount("/v1", routes=[Mount("/shop", routes=shop)]),
            WebSocketRoute("/rooms/{room}", room),
        ],
        middleware=list(middleware),
        exception_handlers={HTTPException: http_error},
    )


def plain() -> Any:
    """The application."""
    return application()


def middleware() -> Any:
    """The application behind one middleware."""
    return application(Middleware(Tagged))


def lookup(chosen: RouteSet) -> Lookup:
    """Starlette's linear list of compiled regular expressions."""
    made = [
        Route(path, hello, methods=[method], name=str(number))
        for number, (method, path) in enumerate(chosen.routes)
    ]
    full = Match.FULL

    def run(requests: Sequence[tuple[str, str]]) -> None:
        for method, path in requests:
            scope = {"type": "http", "method": method, "path": path, "root_path": ""}
            for route in made:
                match, _ = route.matches(scope)
                if match is full:
                    break

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        scope = {"type": "http", "method": method, "path": path, "root_path": ""}
        for route in made:
            match, child = route.matches(scope)
            if match is full:
                return int(route.name), dict(child["path_params"])
        return None

    return Lookup(run, find)
