"""A scope that is sent through a compiled application twice: who stands around it may do that.

Conformance cases do this with middleware of the application itself. A wrapper around the whole is
no part of it, so nothing tells the application that a second request is a new one.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conformance.compile import build

APP = """
from flama import Flama
from flama.endpoints import HTTPEndpoint
from flama.http import PlainTextResponse, Request

app = Flama(schema=None, docs=None)
part = Flama(schema=None, docs=None)


def seen(request):
    return [request.url.path, request.path_params, request.headers.get("x-try")]


@part.get("/json")
async def static(request: Request):
    return seen(request)


@part.get("/text")
async def text(request: Request):
    return PlainTextResponse(str(seen(request)))


@part.get("/items/{n:int}")
async def item(request: Request, n: int):
    if n == 1:
        raise KeyError(n)
    return PlainTextResponse(str(seen(request)))


@part.route("/class/{n:int}")
class View(HTTPEndpoint):
    async def get(self, n: int):
        return [n, *seen(self.request)]


async def foreign(scope, receive, send):
    raise KeyError(scope["root_path"])


async def failed(request, error):
    return PlainTextResponse(str(seen(request)), 500)


app.add_exception_handler(KeyError, failed)
part.mount("/foreign/{f}", foreign)
app.mount("/part", part)
"""


@pytest.fixture(scope="module", params=["interpreted", "compiled"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application in one mode, from a module of a name of its own."""
    name = f"scoped_{request.param}"
    folder = tmp_path_factory.mktemp(name)
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / f"{name}.py").write_text(APP, encoding="utf-8")
    target = f"{name}:app"
    if request.param == "compiled":
        target = build(folder, target)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(target.partition(":")[0]).app
    finally:
        sys.path.remove(str(folder))


async def ask(app: Any, scope: dict[str, Any]) -> tuple[int, bytes]:
    """Status and body of one request, on channels of its own."""
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages[0]["status"], messages[1]["body"]


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("/part/json", "/part/json", (200, b'["/part/json",{},"2"]')),
        ("/part/text", "/part/text", (200, b"['/part/text', {}, '2']")),
        ("/part/items/1", "/part/items/2", (200, b"['/part/items/2', {'n': 2}, '2']")),
        ("/part/items/2", "/part/items/1", (500, b"['/part/items/1', {'n': 1}, '2']")),
        ("/part/class/1", "/part/class/2", (200, b'[2,"/part/class/2",{"n":2},"2"]')),
        ("/part/foreign/a", "/part/foreign/b", (500, b"['/part/foreign/b', {}, '2']")),
        ("/part/items/1", "/part/foreign/b", (500, b"['/part/foreign/b', {}, '2']")),
    ],
)
def test_a_scope_may_come_again(
    app: Any, first: str, second: str, answer: tuple[int, bytes]
) -> None:
    """The second answer is that of the second request, and goes where it belongs."""

    async def both() -> tuple[int, bytes]:
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": first,
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"test"), (b"x-try", b"1")],
            "state": {},
        }
        await ask(app, scope)
        scope["path"] = second
        scope["headers"] = [(b"host", b"test"), (b"x-try", b"2")]
        return await ask(app, scope)

    assert asyncio.run(both()) == answer
