"""Prints what the compiled applications in a folder cost: a JSON object of instructions by case.

    python count.py FOLDER

Run by the test in a fresh process, where no tool looks at the same events. Views are not counted:
they are the user's.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from opcodes import executed

BODY = b'{"name":"Ada","age":36}'

CASES: dict[str, tuple[str, str, bytes, int]] = {
    "static path": ("GET", "/hello", b"", 200),
    "typed path": ("GET", "/items/42", b"", 200),
    "typed query": ("GET", "/search", b"q=lamp&limit=25&strict=true", 200),
    "JSON body": ("POST", "/users", b"", 200),
    "component": ("GET", "/caller", b"", 200),
    "class view": ("GET", "/class/42", b"", 200),
    "class view with all": ("PUT", "/class/42", b"", 200),
    "list query": ("GET", "/tags", b"tag=a&tag=b&page=2", 200),
    "one middleware": ("GET", "/hello", b"", 200),
    "below two mounts": ("GET", "/v1/shop/products/42", b"", 200),
    "404": ("GET", "/nothing/here", b"", 404),
    "405": ("DELETE", "/items/42", b"", 405),
}
"""Method, path, query and expected status of a request."""


BEHIND = {"one middleware"}
"""Cases of the application that has a middleware."""

FEW, MANY = 10, 110
"""Messages of two connections: what the second costs more is the cost of messages."""


async def served(counts: dict[str, int]) -> None:
    """Counts what the applications in the folder do."""
    app = importlib.import_module("guarded_compiled").app
    async with started(app):
        await requests(app, [name for name in CASES if name not in BEHIND], counts)
        messages(app, counts)
    behind = importlib.import_module("guarded_behind_compiled").app
    async with started(behind):
        await requests(behind, [name for name in CASES if name in BEHIND], counts)


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """Run the lifespan of an application around the block."""
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    lifespan = asyncio.create_task(app({"type": "lifespan"}, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    await outgoing.get()
    yield
    await incoming.put({"type": "lifespan.shutdown"})
    await lifespan


async def requests(app: Any, names: list[str], counts: dict[str, int]) -> None:
    """Counts one request of each case, after some that fill every cache there is."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    for name in names:
        method, path, query, status = CASES[name]
        for _ in range(3):
            await app(scope(method, path, query), receive, send)
        request = app(scope(method, path, query), receive, send)
        counts[name] = hot(lambda request=request: finish(request))  # type: ignore[misc]
        assert set(statuses) == {status}, (name, statuses)
        statuses.clear()


def messages(app: Any, counts: dict[str, int]) -> None:
    """Counts a message of a websocket that is sent back."""
    connection = {**scope("", "/echo", b""), "type": "websocket", "subprotocols": []}
    spent = []
    for number in (FEW, FEW, MANY):
        client = Client(number)
        work = app(dict(connection), client.receive, client.send)
        spent.append(hot(lambda work=work: finish(work)))  # type: ignore[misc]
        assert client.sent == 1 + number
    counts["websocket message"] = (spent[2] - spent[1]) // (MANY - FEW)


class Client:
    """A client that sends a number of messages and leaves."""

    def __init__(self, number: int) -> None:
        self.incoming = iter(
            [
                {"type": "websocket.connect"},
                *({"type": "websocket.receive", "text": "hello"} for _ in range(number)),
                {"type": "websocket.disconnect", "code": 1000},
            ]
        )
        self.sent = 0

    async def receive(self) -> Any:
        return next(self.incoming)

    async def send(self, message: Any) -> None:
        self.sent += 1


def scope(method: str, path: str, query: bytes) -> dict[str, Any]:
    """A scope as a server makes it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/json"),
            (b"x-caller", b"ada"),
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


def finish(request: Coroutine[Any, Any, None]) -> None:
    """Run a request that never has to wait."""
    try:
        request.send(None)
    except StopIteration:
        return
    raise RuntimeError("the request waits for something")


def hot(action: Callable[[], object]) -> int:
    """Instructions of an action, without those of this file and of the views."""
    counts = executed(action)
    mine = {__file__, sys.modules["guarded"].__file__} if "guarded" in sys.modules else {__file__}
    return sum(count for file, count in counts.items() if file not in mine)


def lookups(counts: dict[str, int]) -> None:
    """Counts looking up each of the routes once, and as many paths that are not there."""
    module = importlib.import_module("looked_up_compiled")
    paths = json.loads(Path(sys.argv[1], "paths.json").read_text(encoding="utf-8"))
    counts["all lookups"] = hot(lambda: [module.match_http(path) for path in paths])
    counts["all misses"] = hot(lambda: [module.match_http(path + "/x/y") for path in paths])


def main() -> None:
    sys.path.append(sys.argv[1])
    counts: dict[str, int] = {}
    asyncio.run(served(counts))
    lookups(counts)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
