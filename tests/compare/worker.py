"""Answers requests with applications that it imports: orders on stdin, answers on stdout."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from urllib.parse import unquote


def load(folder: str) -> Any:
    """The application of a folder, imported afresh."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    try:
        from shop.main import app

        return app
    finally:
        sys.path.remove(folder)


async def ask(app: Any, method: str, path: str) -> dict[str, Any]:
    """One HTTP request."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("localhost", 1),
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return {"status": sent[0]["status"], "body": body.decode()}


def main() -> None:
    """Answer every order."""
    apps: dict[str, Any] = {}
    answers = []
    for order in json.load(sys.stdin):
        folder = order["folder"]
        if folder not in apps:
            apps[folder] = load(folder)
        answers.append(asyncio.run(ask(apps[folder], order["method"], order["path"])))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
