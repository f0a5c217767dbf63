"""The application whose compiled hot path is guarded: one view for each kind of binding."""

from __future__ import annotations

from typing import Any

import msgspec
from flama import Component, Flama, types
from flama.endpoints import HTTPEndpoint


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


shop = Flama(schema=None, docs=None)


@shop.get("/products/{product_id:int}")
async def show_product(product_id: int) -> Any:
    return {"product_id": product_id}


version = Flama(schema=None, docs=None)
version.mount("/shop", shop)
app.mount("/v1", version)
