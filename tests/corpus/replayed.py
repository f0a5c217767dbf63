"""Asks an interpreted application and its compiled module the same questions.

Runs in the forked process of `observed`. For every live route there is a request that fits, one
with a wrong method, one with another slash at the end, and one that no converter takes; the
messages that the two applications send must be the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

__all__ = ["differences"]

_SAMPLES = {
    "str": "word",
    "int": "7",
    "float": "1.5",
    "decimal": "2.50",
    "uuid": "12345678-1234-5678-1234-567812345678",
}


def differences(interpreted: Any, compiled: Any, rows: list[dict[str, Any]]) -> list[str]:
    """One line for every question that is answered in two ways."""
    # Views raise on purpose or for want of a body; the log of that is of no interest here.
    logging.disable(logging.CRITICAL)
    return asyncio.run(_differences(interpreted, compiled, rows))


async def _differences(interpreted: Any, compiled: Any, rows: list[dict[str, Any]]) -> list[str]:
    found = []
    for kind, method, path in dict.fromkeys(_questions(rows)):
        one = await _ask(interpreted, kind, method, path)
        two = await _ask(compiled, kind, method, path)
        if one != two:
            found.append(f"{kind} {method} {path}: interpreted {one}, compiled {two}")
    return found


def _questions(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    yield "http", "GET", "/no-such-path-at-all/"
    yield "websocket", "", "/no-such-path-at-all/"
    for row in rows:
        path = "/".join(map(_sample, row["path"].split("/"))) or "/"
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        bad = "/".join(_misfit(segment) for segment in row["path"].split("/")) or "/"
        if row["kind"] == "mount":
            yield from (("http", "GET", path), ("http", "GET", f"{path}/nothing-here"))
            yield from _questions(row["children"] or [])
            continue
        kind = row["kind"]
        for method in row["methods"] or [""]:
            yield from ((kind, method, path), (kind, method, other), (kind, method, bad))
        yield "http", "BREW", path
        yield "http" if kind == "websocket" else "websocket", "GET", path


def _sample(segment: str) -> str:
    if not segment.startswith("{"):
        return segment
    return _SAMPLES[segment[1:-1].partition(":")[2] or "str"]


def _misfit(segment: str) -> str:
    return "x+x" if segment.startswith("{") else segment


async def _ask(app: Any, kind: str, method: str, path: str) -> Any:
    sent: list[Any] = []
    given = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}]
    if kind == "http":
        given = [{"type": "http.request", "body": b"", "more_body": False}]
        given += [{"type": "http.disconnect"}]

    async def receive() -> Any:
        return given.pop(0) if given else {"type": f"{kind}.disconnect", "code": 1006}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode("utf-8"),
        "root_path": "",
        "query_string": b"q=1",
        "headers": [(b"host", b"example.org")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
    }
    if kind == "http":
        scope["method"] = method
    try:
        await asyncio.wait_for(app(scope, receive, send), 10)
    except Exception as error:
        sent.append(f"{type(error).__name__}: {error}")
    return sent
