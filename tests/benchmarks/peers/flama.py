"""The real Flama from PyPI, in an environment of its own: it has the import name of ours.

It does not read string annotations, hence no `from __future__ import annotations` here, and its
405 has no `Allow`.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import pydantic
from flama import Component, Flama, exceptions, types
from flama.endpoints import HTTPEndpoint
from flama.http import Headers, WebSocket
from flama.middleware import Middleware
from suite.lookup import Lookup
from suite.routesets import RouteSet

__all__ = ["PACKAGES", "lookup", "middleware", "plain"]

PACKAGES = ("flama", "pydantic")


class User(pydantic.BaseModel):
    """The body of `POST /users`."""

    name: str
    age: int


class CurrentUser(str):
    """The user whom the `authorization` header names."""


class CurrentUserComponent(Component):  # type: ignore[misc]
    def resolve(self, headers: Headers) -> CurrentUser:
        return CurrentUser(headers["authorization"].removeprefix("Bearer "))


class Tagged(Middleware):  # type: ignore[misc]
    """The middleware, in Flama's own form."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def tagged(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-bench", b"1")]
            await send(message)

        await self.app(scope, receive, tagged)


class ItemView(HTTPEndpoint):  # type: ignore[misc]
    """The class view."""

    async def get(self, item_id: int):  # type: ignore[no-untyped-def]
        return {"item_id": item_id, "in_stock": True}


def application(**options: Any) -> Any:
    app = Flama(schema=None, docs=None, components=[CurrentUserComponent()], **options)

    async def hello():  # type: ignore[no-untyped-def]
        return {"message": "hello"}

    app.add_route("/hello", hello, methods=["GET"])

    async def show_item(item_id: int):  # type: ignore[no-untyped-def]
        return {"item_id": item_id, "in_stock": True}

    app.add_route("/items/{item_id:int}", show_item, methods=["GET"])

    async def search(q: str, limit: int, strict: bool):  # type: ignore[no-untyped-def]
        return {"q": q, "limit": limit, "strict": strict}

    app.add_route("/search", search, methods=["GET"])

    async def create_user(  # type: ignore[no-untyped-def]
        user: Annotated[types.Schema, types.SchemaMetadata(User)],
    ):
        return {"name": user["name"], "age": user["age"]}

    app.add_route("/users", create_user, methods=["POST"])
    app.add_route("/accounts", create_user, methods=["POST"])

    def sync_hello():  # type: ignore[no-untyped-def]
        return {"message": "hello"}

    app.add_route("/sync", sync_hello, methods=["GET"])

    async def me(user: CurrentUser):  # type: ignore[no-untyped-def]
        return {"user": user}

    app.add_route("/me", me, methods=["GET"])
    app.add_route("/class/{item_id:int}", ItemView)

    async def show_product(product_id: int):  # type: ignore[no-untyped-def]
        return {"product_id": product_id}

    shop = Flama(schema=None, docs=None)
    shop.add_route("/products/{product_id:int}", show_product, methods=["GET"])
    version = Flama(schema=None, docs=None)
    version.mount("/shop", shop)
    app.mount("/v1", version)

    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        while websocket.is_connected:
            text = await websocket.receive(data="text")
            await websocket.send(data=text)

    app.add_websocket_route("/rooms/{room}", echo)
    return app


def plain() -> Any:
    """The application."""
    return application()


def middleware() -> Any:
    """The application behind one middleware."""
    return application(middleware=[Tagged()])


def lookup(chosen: RouteSet) -> Lookup:
    """Flama's table, which is Rust, with the Python around it that every request goes through."""
    app = Flama(schema=None, docs=None)
    for number, (method, path) in enumerate(chosen.routes):

        async def view() -> None: ...

        app.add_route(path, view, methods=[method], name=str(number))
    router = app.router

    def scope_of(method: str, path: str) -> Any:
        return types.Scope(
            {"type": "http", "method": method, "path": path, "root_path": "", "app": app}
        )

    def run(requests: Sequence[tuple[str, str]]) -> None:
        resolve = router.resolve_route
        for method, path in requests:
            scope = {"type": "http", "method": method, "path": path, "root_path": "", "app": app}
            try:
                resolve(scope)
            except exceptions.NotFoundException:
                continue

    def find(method: str, path: str) -> tuple[int, dict[str, str]] | None:
        try:
            route, scope = router.resolve_route(scope_of(method, path))
        except exceptions.NotFoundException:
            return None
        match = route.path.match(scope["path"])
        return int(route.name), dict(match.parameters or {})

    return Lookup(run, find)
