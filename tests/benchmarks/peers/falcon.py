"""Falcon's ASGI application, with msgspec as its JSON handler, as its documentation recommends."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import falcon
import falcon.asgi
import msgspec
from falcon.routing import CompiledRouter
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("falcon",)


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


decode_user = msgspec.json.Decoder(User).decode


class Hello:
    async def on_get(self, req: Any, resp: Any) -> None:
        resp.media = {"message": "hello"}


class Item:
    async def on_get(self, req: Any, resp: Any, item_id: int) -> None:
        resp.media = {"item_id": item_id, "in_stock": True}

    on_head = on_get


class Search:
    async def on_get(self, req: Any, resp: Any) -> None:
        resp.media = {
            "q": req.get_param("q", required=True),
            "limit": req.get_param_as_int("limit", required=True),
            "strict": req.get_param_as_bool("strict", required=True),
        }


class Users:
    async def on_post(self, req: Any, resp: Any) -> None:
        if req.content_type not in (None, "application/json"):
            raise falcon.HTTPUnsupportedMediaType()
        try:
            user = decode_user(await req.stream.read())
        except msgspec.DecodeError as fault:
            raise falcon.HTTPBadRequest(description=str(fault)) from None
        resp.media = {"name": user.name, "age": user.age}


class Sync:
    def get(self, resp: Any) -> None:
        resp.media = {"message": "hello"}

    async def on_get(self, req: Any, resp: Any) -> None:
        await falcon.sync_to_async(self.get, resp)


def current_user(req: Any) -> str:
    return str(req.get_header("authorization", required=True)).removeprefix("Bearer ")


class Me:
    async def on_get(self, req: Any, resp: Any) -> None:
        resp.media = {"user": current_user(req)}


class Product:
    async def on_get(self, req: Any, resp: Any, product_id: int) -> None:
        resp.media = {"product_id": product_id}


class Room:
    async def on_websocket(self, req: Any, websocket: Any, room: str) -> None:
        await websocket.accept()
        try:
            while True:
                await websocket.send_text(await websocket.receive_text())
        except falcon.WebSocketDisconnected:
            return


async def http_error(req: Any, resp: Any, fault: Any, params: Any, **ignored: Any) -> None:
    """Errors as all peers answer them; Falcon's own OPTIONS is left out of `Allow`."""
    resp.status = fault.status
    resp.media = {
        "status_code": fault.status_code,
        "detail": fault.status[4:],
        "error": "HTTPException",
    }
    allow = (fault.headers or {}).get("Allow")
    if allow:
        resp.set_header("allow", ", ".join(sorted(set(allow.split(", ")) - {"OPTIONS"})))


class Tagging:
    async def process_response(
        self, req: Any, resp: Any, resource: Any, req_succeeded: bool
    ) -> None:
        resp.set_header("x-bench", "1")


def application(**options: Any) -> Any:
    app = falcon.asgi.App(**options)
    json = falcon.media.JSONHandler(dumps=msgspec.json.encode, loads=msgspec.json.decode)
    app.resp_options.media_handlers.update({falcon.MEDIA_JSON: json})
    app.add_error_handler(falcon.HTTPError, http_error)
    app.add_route("/hello", Hello())
    app.add_route("/items/{item_id:int}", Item())
    app.add_route("/search", Search())
    app.add_route("/users", Users())
    app.add_route("/sync", Sync())
    app.add_route("/me", Me())
    app.add_route("/class/{item_id:int}", Item())
    app.add_route("/v1/shop/products/{product_id:int}", Product())
    app.add_route("/rooms/{room}", Room())
    return app


def plain() -> Any:
    """The application."""
    return application()


def middleware() -> Any:
    """The application behind one middleware."""
    return application(middleware=[Tagging()])


def lookup(chosen: RouteSet) -> Lookup:
    """Falcon's compiled router; one resource for all methods of a path, as it wants."""
    methods: dict[str, dict[str, int]] = {}
    for number, (method, path) in enumerate(chosen.routes):
        methods.setdefault(path, {})[method] = number

    def responder(req: Any, resp: Any, *, number: int, **params: Any) -> None:
        """Never called: only looked up."""

    router = CompiledRouter()
    for path, numbers in methods.items():
        resource = type("Resource", (), {})()
        for method, number in numbers.items():
            setattr(resource, f"on_{method.lower()}", functools.partial(responder, number=number))
        router.add_route(path, resource)
    router.find("/")  # compiles

    def run(requests: Sequence[tuple[str, str]]) -> None:
        find = router.find
        for method, path in requests:
            found = find(path)
            if found is not None:
                found[1][method]

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        found = router.find(path)
        if found is None:
            return None
        _, table, params, _ = found
        return table[method].keywords["number"], params

    return Lookup(run, find)
