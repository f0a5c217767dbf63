"""Sends one request straight to an ASGI application and gives what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass
class Answer:
    """What an application sent, and the exception that reached the server."""

    status: int | None
    headers: dict[str, str]
    body: bytes
    error: Exception | None

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


async def request(
    app: Any,
    path: str,
    method: str = "GET",
    query: bytes = b"",
    headers: Sequence[tuple[bytes, bytes]] = (),
    body: bytes = b"",
    **more: Any,
) -> Answer:
    """One HTTP request; `more` are further keys of the scope."""
    sent: list[Any] = []
    incoming: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogatepass"),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        **more,
    }
    error: Exception | None = None
    try:
        await app(scope, receive, send)
    except Exception as failure:
        error = failure
    start = next((m for m in sent if m["type"] == "http.response.start"), None)
    return Answer(
        status=None if start is None else start["status"],
        headers={} if start is None else {k.decode(): v.decode() for k, v in start["headers"]},
        body=b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body"),
        error=error,
    )


def ask(app: Any, path: str, method: str = "GET", **options: Any) -> Answer:
    """One HTTP request in an event loop of its own."""
    return asyncio.run(request(app, path, method, **options))
