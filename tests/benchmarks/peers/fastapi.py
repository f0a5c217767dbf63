"""FastAPI, as its documentation writes applications."""

from __future__ import annotations

from typing import Annotated, Any

from apps.tagged import Tagged
from fastapi import Depends, FastAPI, Header, Request, WebSocket
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

__all__ = ["PACKAGES", "middleware", "plain"]

PACKAGES = ("fastapi", "pydantic")


class User(BaseModel):
    """The body of `POST /users` and `POST /accounts`."""

    name: str
    age: int


def current_user(authorization: Annotated[str, Header()]) -> str:
    return authorization.removeprefix("Bearer ")


class ItemView:
    """FastAPI has no class views; an instance as a dependency is its way."""

    def __init__(self, request: Request) -> None:
        self.request = request

    async def get(self, item_id: int) -> Any:
        return {"item_id": item_id, "in_stock": True}


async def http_error(request: Request, fault: Exception) -> JSONResponse:
    """Errors as all peers answer them."""
    assert isinstance(fault, HTTPException)
    headers = dict(fault.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    return JSONResponse(
        {"status_code": fault.status_code, "detail": fault.detail, "error": "HTTPException"},
        fault.status_code,
        headers,
    )


def plain() -> Any:
    """The application."""
    app = FastAPI(openapi_url=None, exception_handlers={HTTPException: http_error})

    @app.api_route("/hello", methods=["GET", "HEAD"])
    async def hello() -> Any:
        return {"message": "hello"}

    @app.api_route("/items/{item_id:int}", methods=["GET", "HEAD"])
    async def show_item(item_id: int) -> Any:
        return {"item_id": item_id, "in_stock": True}

    @app.get("/search")
    async def search(q: str, limit: int, strict: bool) -> Any:
        return {"q": q, "limit": limit, "strict": strict}

    @app.post("/users")
    async def create_user(user: User) -> Any:
        return {"name": user.name, "age": user.age}

    app.post("/accounts")(create_user)

    @app.get("/sync")
    def sync_hello() -> Any:
        return {"message": "hello"}

    @app.get("/me")
    async def me(user: Annotated[str, Depends(current_user)]) -> Any:
        return {"user": user}

    @app.get("/class/{item_id:int}")
    async def class_view(item_id: int, view: Annotated[ItemView, Depends(ItemView)]) -> Any:
        return await view.get(item_id)

    shop = FastAPI(openapi_url=None)

    @shop.get("/products/{product_id:int}")
    async def show_product(product_id: int) -> Any:
        return {"product_id": product_id}

    version = FastAPI(openapi_url=None)
    version.mount("/shop", shop)
    app.mount("/v1", version)

    @app.websocket("/rooms/{room}")
    async def echo(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    return app


def middleware() -> Any:
    """The application behind one middleware."""
    app = plain()
    app.add_middleware(Tagged)
    return app
