"""The application whose compiled hot path is guarded: one view for each kind of binding."""

from __future__ import annotations

from typing import Any

import msgspec
from flama import Component, Flama, types, websockets
from flama.endpoints import HTTPEndpoint
from flama.middleware import Middleware


class User(msgspec.Struct):
    """A body."""

    name: str
    age: int


class Caller(str):
    """What the component gives."""


class CallerComponent(Component):
    def resolve(self, headers: types.Headers) -> Caller:
        return Caller(headers["x-caller"])


app = Flama(schema=None, docs=None, components=[CallerComponent()])


@app.get("/hello")
async def hello() -> Any:
    return {"message": "hello"}


@app.get("/items/{item_id:int}")
async def show_item(item_id: int) -> Any:
    return {"item_id": item_id}


@app.get("/search")
async def search(q: str, limit: int, strict: bool) -> Any:
    return {"q": q, "limit": limit, "strict": strict}


@app.post("/users")
async def create_user(user: User) -> Any:
    return {"name": user.name, "age": user.age}


@app.get("/caller")
async def caller(caller: Caller) -> Any:
    return {"caller": caller}


@app.route("/class/{item_id:int}")
class ItemView(HTTPEndpoint):
    async def get(self, item_id: int) -> Any:
        return {"item_id": item_id}

    async def put(self, item_id: int, user: User, caller: Caller) -> Any:
        return {"item_id": item_id, "name": user.name, "caller": caller}


@app.get("/tags")
async def tags(tag: list[str], page: int | None = None) -> Any:
    return {"tags": tag, "page": page}


@app.websocket_route("/echo")
async def echo(websocket: websockets.WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


shop = Flama(schema=None, docs=None)


@shop.get("/products/{product_id:int}")
async def show_product(product_id: int) -> Any:
    return {"product_id": product_id}


version = Flama(schema=None, docs=None)
version.mount("/shop", shop)
app.mount("/v1", version)


class Passing:
    """A middleware that does nothing."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


behind = Flama(schema=None, docs=None, middleware=[Middleware(Passing)])


@behind.get("/hello")
async def hello_behind() -> Any:
    return {"message": "hello"}
