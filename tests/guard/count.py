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
from collections.abc import Callable, Coroutine
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
    "below two mounts": ("GET", "/v1/shop/products/42", b"", 200),
    "404": ("GET", "/nothing/here", b"", 404),
    "405": ("DELETE", "/items/42", b"", 405),
}
"""Method, path, query and expected status of a request."""


async def requests(counts: dict[str, int]) -> None:
    """Counts one request of each case, after some that fill every cache there is."""
    app = importlib.import_module("guarded_compiled").app
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    lifespan = asyncio.create_task(app({"type": "lifespan"}, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    await outgoing.get()
    for name, (method, path, query, status) in CASES.items():
        for _ in range(3):
            await app(scope(method, path, query), receive, send)
        request = app(scope(method, path, query), receive, send)
        counts[name] = hot(lambda request=request: finish(request))  # type: ignore[misc]
        assert set(statuses) == {status}, (name, statuses)
        statuses.clear()
    await incoming.put({"type": "lifespan.shutdown"})
    await lifespan


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
    asyncio.run(requests(counts))
    lookups(counts)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
