"""The floor: what a careful engineer writes by hand on ASGI, for exactly this application.

It does the same work as the others: the same parsing and validation, the same 400, 404, 405 and
415 answers, msgspec for JSON.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote_plus

import msgspec
import pydantic

__all__ = ["PACKAGES", "middleware", "plain"]

PACKAGES = ("msgspec", "uvicorn")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

encode = msgspec.json.Encoder().encode
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class User(msgspec.Struct):
    """The body of `POST /users`."""

    name: str
    age: int


class Account(pydantic.BaseModel):
    """The body of `POST /accounts`."""

    name: str
    age: int


decode_user = msgspec.json.Decoder(User).decode


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, detail: Any, error: str = "HTTPException") -> None:
        self.status = status
        self.body = encode({"status_code": status, "detail": detail, "error": error})


NOT_FOUND = encode({"status_code": 404, "detail": "Not Found", "error": "HTTPException"})
WRONG_METHOD = encode(
    {"status_code": 405, "detail": "Method Not Allowed", "error": "HTTPException"}
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The whole application."""
    kind = scope["type"]
    if kind == "http":
        path = scope["path"]
        methods = FIXED.get(path)
        text = ""
        if methods is None:
            parts = path.split("/")
            count = len(parts)
            if count == 3:
                methods = PREFIXED.get(parts[1])
                text = parts[2]
            elif count == 5 and path.startswith("/v1/shop/products/"):
                methods = PRODUCTS
                text = parts[4]
            if methods is None or not is_integer(text):
                await answer(send, 404, NOT_FOUND)
                return
        view = methods.get(scope["method"])
        if view is None:
            await send(
                {
                    "type": "http.response.start",
                    "status": 405,
                    "headers": [
                        (b"content-length", b"%d" % len(WRONG_METHOD)),
                        (b"content-type", b"application/json"),
                        (b"allow", ALLOW[id(methods)]),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": WRONG_METHOD})
            return
        try:
            body = encode(await view(scope, receive, text))
        except Refused as refused:
            await answer(send, refused.status, refused.body)
            return
        await answer(send, 200, body)
    elif kind == "websocket":
        await rooms(scope, receive, send)
    else:
        await lifespan(receive, send)


async def answer(send: Send, status: int, body: bytes) -> None:
    """Send a JSON response."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-length", b"%d" % len(body)),
                (b"content-type", b"application/json"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


def is_integer(text: str) -> bool:
    """Whether a path segment is `-?[0-9]+`."""
    return text.isascii() and (text.isdigit() or (text[:1] == "-" and text[1:].isdigit()))


async def hello(scope: Scope, receive: Receive, text: str) -> Any:
    return {"message": "hello"}


async def show_item(scope: Scope, receive: Receive, text: str) -> Any:
    return {"item_id": int(text), "in_stock": True}


async def show_product(scope: Scope, receive: Receive, text: str) -> Any:
    return {"product_id": int(text)}


async def search(scope: Scope, receive: Receive, text: str) -> Any:
    query = parse_query(scope["query_string"])
    problems: dict[str, Any] = {}
    q = query.get("q")
    if q is None:
        problems["q"] = missing("q", query)
    limit = 0
    raw = query.get("limit")
    if raw is None:
        problems["limit"] = missing("limit", query)
    else:
        try:
            limit = int(raw)
        except ValueError:
            problems["limit"] = wrong("limit", raw, "int_parsing")
    strict = None
    raw = query.get("strict")
    if raw is None:
        problems["strict"] = missing("strict", query)
    else:
        strict = BOOLEANS.get(raw.lower())
        if strict is None:
            problems["strict"] = wrong("strict", raw, "bool_parsing")
    if problems:
        raise Refused(400, problems, "ValidationError")
    return {"q": q, "limit": limit, "strict": strict}


def parse_query(raw: bytes) -> dict[str, str]:
    """The query's values, the last one of each name."""
    found = {}
    for pair in raw.decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name = unquote_plus(name)
            value = unquote_plus(value)
        found[name] = value
    return found


def missing(name: str, query: dict[str, str]) -> dict[str, Any]:
    return {"type": "missing", "loc": [name], "msg": "Field required", "input": query}


def wrong(name: str, text: str, kind: str) -> dict[str, Any]:
    return {"type": kind, "loc": [name], "msg": "Input is not valid", "input": text}


async def create_user(scope: Scope, receive: Receive, text: str) -> Any:
    try:
        user = decode_user(await read_json(scope, receive))
    except msgspec.DecodeError as fault:
        raise Refused(400, str(fault)) from None
    return {"name": user.name, "age": user.age}


async def create_account(scope: Scope, receive: Receive, text: str) -> Any:
    try:
        account = Account.model_validate_json(await read_json(scope, receive))
    except pydantic.ValidationError as fault:
        raise Refused(400, fault.errors(include_url=False), "ValidationError") from None
    return {"name": account.name, "age": account.age}


async def read_json(scope: Scope, receive: Receive) -> bytes:
    """The body, if its content type is JSON or not given."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            if value.partition(b";")[0].strip().lower() != b"application/json":
                raise Refused(415, "Unsupported Media Type")
            break
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        chunks = [body]
        while message.get("more_body", False):
            message = await receive()
            chunks.append(message.get("body", b""))
        body = b"".join(chunks)
    return body


def sync_hello() -> Any:
    return {"message": "hello"}


async def in_thread(scope: Scope, receive: Receive, text: str) -> Any:
    return await asyncio.to_thread(sync_hello)


def current_user(scope: Scope) -> str:
    """The user whom the `authorization` header names."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return str(value.decode("latin-1").removeprefix("Bearer "))
    raise Refused(401, "Unauthorized")


async def me(scope: Scope, receive: Receive, text: str) -> Any:
    return {"user": current_user(scope)}


class ItemView:
    """A class view: an instance for each request."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def get(self, item_id: int) -> Any:
        return {"item_id": item_id, "in_stock": True}


async def class_view(scope: Scope, receive: Receive, text: str) -> Any:
    return await ItemView(scope).get(int(text))


View = Callable[[Scope, Receive, str], Awaitable[Any]]


def get(view: View) -> dict[str, View]:
    return {"GET": view, "HEAD": view}


FIXED: dict[str, dict[str, View]] = {
    "/hello": get(hello),
    "/search": get(search),
    "/users": {"POST": create_user},
    "/accounts": {"POST": create_account},
    "/sync": get(in_thread),
    "/me": get(me),
}
PREFIXED = {"items": get(show_item), "class": get(class_view)}
PRODUCTS = get(show_product)
ALLOW = {
    id(methods): ", ".join(sorted(methods)).encode()
    for methods in (*FIXED.values(), *PREFIXED.values(), PRODUCTS)
}


async def rooms(scope: Scope, receive: Receive, send: Send) -> None:
    """The echo of text messages."""
    await receive()
    parts = scope["path"].split("/")
    if len(parts) != 3 or parts[1] != "rooms" or not parts[2]:
        await send({"type": "websocket.close", "code": 1000, "reason": ""})
        return
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": message["text"]})


async def lifespan(receive: Receive, send: Send) -> None:
    """Nothing is started and nothing stopped."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def tagged(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind one middleware."""
    if scope["type"] != "http":
        await app(scope, receive, send)
        return
    await app(scope, receive, functools.partial(send_tagged, send))


async def send_tagged(send: Send, message: MutableMapping[str, Any]) -> None:
    if message["type"] == "http.response.start":
        message["headers"].append((b"x-bench", b"1"))
    await send(message)


def plain() -> Any:
    """The application."""
    return app


def middleware() -> Any:
    """The application behind one middleware."""
    return tagged
