"""The application of the benchmark, as it is written for Flama. The suite compiles it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pydantic
from flama import Component, Flama, types, websockets
from flama.endpoints import HTTPEndpoint


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


class Account(pydantic.BaseModel):
    """The body of `POST /accounts`."""

    name: str
    age: int


class CurrentUser(str):
    """The user whom the `authorization` header names."""


class CurrentUserComponent(Component):
    def resolve(self, headers: types.Headers) -> CurrentUser:
        return CurrentUser(headers["authorization"].removeprefix("Bearer "))


app = Flama(schema=None, docs=None, components=[CurrentUserComponent()])


@app.get("/hello")
async def hello() -> Any:
    return {"message": "hello"}


@app.get("/items/{item_id:int}")
async def show_item(item_id: int) -> Any:
    return {"item_id": item_id, "in_stock": True}


@app.get("/search")
async def search(q: str, limit: int, strict: bool) -> Any:
    return {"q": q, "limit": limit, "strict": strict}


@app.post("/users")
async def create_user(user: User) -> Any:
    return {"name": user.name, "age": user.age}


@app.post("/accounts")
async def create_account(
    account: Annotated[types.Schema, types.SchemaMetadata(Account)],
) -> Any:
    return {"name": account["name"], "age": account["age"]}


@app.get("/sync")
def sync_hello() -> Any:
    return {"message": "hello"}


@app.get("/me")
async def me(user: CurrentUser) -> Any:
    return {"user": user}


@app.route("/class/{item_id:int}")
class ItemView(HTTPEndpoint):
    """The class view."""

    async def get(self, item_id: int) -> Any:
        return {"item_id": item_id, "in_stock": True}


shop = Flama(schema=None, docs=None)


@shop.get("/products/{product_id:int}")
async def show_product(product_id: int) -> Any:
    return {"product_id": product_id}


version = Flama(schema=None, docs=None)
version.mount("/shop", shop)
app.mount("/v1", version)


@app.websocket_route("/rooms/{room}")
async def echo(websocket: websockets.WebSocket, room: str) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
