"""The requests of the in-process benchmark and the answers that every peer must give to them.

Every peer serves the same application:

========================================  =====================================================
`GET /hello`                              `{"message":"hello"}`
`GET /items/{item_id:int}`                a typed path
`GET /search?q=str&limit=int&strict=bool` a typed query, all required
`POST /users`                             a JSON body, validated against `name: str, age: int`
`POST /accounts`                          the same with a pydantic model, where a peer has that
`GET /sync`                               a `def` view
`GET /me`                                 a component: the user named by the `authorization` header
`GET /class/{item_id:int}`                a class view
`GET /v1/shop/products/{product_id:int}`  below two mounts
`WS /rooms/{room}`                        an echo of text messages
========================================  =====================================================

and, in an application of its own, `GET /hello` behind one middleware that adds a header.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["CASES", "Answer", "Case", "scope_of"]

JSON_BODY = b'{"name":"Ada Lovelace","age":36}'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request must be answered with; headers beside these are not compared."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request: `request` makes the path and its answer from a random source."""

    name: str
    title: str
    request: Callable[[random.Random], tuple[str, Answer]]
    method: str = "GET"
    query: bytes = b""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    app: str = "plain"
    threads: bool = False
    """The view runs in a worker thread: the time of the whole process is counted."""
    absent: frozenset[str] = frozenset()
    """Peers that have no such thing."""
    silent: frozenset[str] = frozenset()
    """Peers that leave out a header of the answer; their status and body are still compared."""

    def batch(self, count: int, seed: int) -> list[tuple[dict[str, Any], Answer]]:
        """Fresh scopes with the answers that they must get."""
        source = random.Random(seed)
        made = (self.request(source) for _ in range(count))
        return [(scope_of(self, path), answer) for path, answer in made]


def scope_of(case: Case, path: str) -> dict[str, Any]:
    """A scope as uvicorn makes it; every string is new, so that no hash is remembered."""
    raw = path.encode("ascii")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": case.method,
        "scheme": "http",
        "path": raw.decode("ascii"),
        "raw_path": raw,
        "query_string": case.query,
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"user-agent", b"benchmark"),
            (b"accept", b"*/*"),
            *case.headers,
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


def always(path: str, answer: Answer) -> Callable[[random.Random], tuple[str, Answer]]:
    """The same path each time."""
    return lambda source: (path, answer)


def with_id(
    start: str, answer: Callable[[int], Answer], numbers: Iterable[int]
) -> Callable[[random.Random], tuple[str, Answer]]:
    """A path that ends with a number out of `numbers`."""
    choices = list(numbers)

    def request(source: random.Random) -> tuple[str, Answer]:
        number = source.choice(choices)
        return f"{start}{number}", answer(number)

    return request


def item(number: int) -> Answer:
    """The answer of the views that show an item."""
    return Answer(200, b'{"item_id":%d,"in_stock":true}' % number)


def product(number: int) -> Answer:
    """The answer of the view below two mounts."""
    return Answer(200, b'{"product_id":%d}' % number)


def error(status: int, detail: str, **headers: str) -> Answer:
    """An error as Flama's clients know it."""
    body = f'{{"status_code":{status},"detail":"{detail}","error":"HTTPException"}}'
    return Answer(status, body.encode(), (("content-type", "application/json"), *headers.items()))


HELLO = Answer(200, b'{"message":"hello"}')
JSON = ((b"content-type", b"application/json"), (b"content-length", b"%d" % len(JSON_BODY)))
USER = Answer(200, b'{"name":"Ada Lovelace","age":36}')
MANY = range(100_000)

CASES: tuple[Case, ...] = (
    Case("static", "static path", always("/hello", HELLO)),
    Case("path", "typed path, one id", always("/items/42", item(42))),
    Case("ids", "typed path, varied ids", with_id("/items/", item, MANY)),
    Case(
        "query",
        "typed query",
        always("/search", Answer(200, b'{"q":"lamp","limit":25,"strict":true}')),
        query=b"q=lamp&limit=25&strict=true",
    ),
    Case("body", "JSON body to schema", always("/users", USER), "POST", b"", JSON_BODY, JSON),
    Case(
        "model",
        "JSON body to pydantic",
        always("/accounts", USER),
        "POST",
        b"",
        JSON_BODY,
        JSON,
        absent=frozenset({"falcon", "starlette", "litestar", "blacksheep"}),
    ),
    Case("404", "404", always("/nothing/here", error(404, "Not Found"))),
    Case(
        "405",
        "405",
        with_id("/items/", lambda _: error(405, "Method Not Allowed", allow="GET, HEAD"), MANY),
        "DELETE",
        absent=frozenset({"blacksheep"}),
        silent=frozenset({"litestar", "flama"}),
    ),
    Case("sync", "sync view", always("/sync", HELLO), threads=True),
    Case(
        "component",
        "component",
        always("/me", Answer(200, b'{"user":"ada"}')),
        headers=((b"authorization", b"Bearer ada"),),
    ),
    Case(
        "middleware",
        "one middleware",
        always("/hello", Answer(200, HELLO.body, (*HELLO.headers, ("x-bench", "1")))),
        app="middleware",
    ),
    Case("class", "class view", with_id("/class/", item, MANY)),
    Case("mounted", "below two mounts", with_id("/v1/shop/products/", product, MANY)),
)
