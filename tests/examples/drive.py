"""Run by `test_examples`: asks one application everything, and prints what it said as JSON.

python drive.py shop.main:app
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
from typing import Any

from flama.client import Client

ORDER = "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"

REQUESTS: dict[str, list[tuple[str, str, Any]]] = {
    "views": [
        ("GET", "/notes/", None),
        ("GET", "/notes/1/?loud=yes", None),
        ("GET", "/notes/1/?loud=perhaps", None),
        ("GET", "/notes/one/", None),
        ("POST", "/notes/1/", None),
        ("GET", "/counter/", None),
        ("POST", "/counter/?step=5", None),
        ("POST", "/counter/?step=x", None),
        ("DELETE", "/counter/", None),
        ("HEAD", "/counter/", None),
        ("GET", "/relay/", None),
        ("GET", "/schema/", None),
        ("GET", "/docs/", None),
        ("WS", "/relay/", ["one", b"two"]),
        ("WS", "/dialogue/", ["Ada"]),
        ("WS", "/mirror/", [b"abc"]),
        ("WS", "/nowhere/", []),
    ],
    "routes": [
        ("GET", "/", None),
        ("GET", "/books/7/", None),
        ("GET", "/books/new/", None),
        ("POST", "/books/", None),
        ("OPTIONS", "/books/", None),
        ("PUT", "/books/7/", None),
        ("PATCH", "/books/-7/", None),
        ("DELETE", "/books/007/", None),
        ("POST", "/books/7/", None),
        ("HEAD", "/alive/", None),
        ("GET", "/alive/", None),
        ("GET", "/readers/Ada%20L/profile/", None),
        ("GET", f"/loans/{ORDER}/", None),
        ("GET", "/loans/7/", None),
        ("GET", "/fines/7.5/", None),
        ("GET", "/fines/7/", None),
        ("POST", "/search/?q=a&limit=2", None),
        ("GET", "/search/?limit=two", None),
        ("GET", "/system/status/", None),
        ("GET", "/reading-room/shelves/", None),
        ("GET", "/reading-room/shelf/?topic=gardens", None),
        ("GET", "/reading-room/shelf/", None),
        ("GET", "/api/v1/stacks/shelves/3/", None),
        ("POST", "/api/v1/stacks/shelves/3/", None),
        ("GET", "/api/v1/stacks", None),
        ("GET", "/cafe/menu/", None),
        ("GET", "/cafe/menu/tea/", None),
        ("GET", "/cafe/schema/", None),
        ("GET", "/cafe", None),
        ("GET", "/schema/", None),
        ("WS", "/desk/", ["a book, please"]),
        ("WS", "/bell/", []),
    ],
    "shop": [
        ("GET", "/", None),
        ("GET", "/health/", None),
        ("GET", "/items/", None),
        ("GET", "/items", None),
        ("GET", "/items/?q=lamp&colour=green&limit=1", None),
        ("GET", "/items/?colour=blue&limit=x", None),
        ("POST", "/items/", {"name": "mug", "price": 7.5, "extra": 1}),
        ("POST", "/items/", {"name": "mug"}),
        ("POST", "/items/", [1]),
        ("GET", "/items/3/", None),
        ("GET", "/items/99/", None),
        ("DELETE", "/items/3/", None),
        ("PUT", "/items/3/", None),
        ("POST", "/orders/", {"items": [1, 2]}),
        ("GET", f"/orders/{ORDER}/", None),
        ("GET", "/orders/7/", None),
        ("GET", "/admin", None),
        ("GET", "/admin/", None),
        ("GET", "/admin/reports/stock/", None),
        ("GET", "/admin/reports/sales/2020/?since=2020-02-30", None),
        ("GET", "/admin/reports/sales/2020/?since=2020-02-28", None),
        ("GET", "/admin/reports/nothing", None),
        ("GET", "/static/shop.css", None),
        ("GET", "/static/missing.css", None),
        ("POST", "/static/shop.css", None),
        ("GET", "/schema/", None),
        ("WS", "/feed/lamp/", ["abc"]),
        ("WS", "/prices/", ['{"item": 1}', '{"item": 99}']),
        ("WS", "/prices/", ["no json"]),
    ],
}

VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.+Z-]+"
)
HEADERS = ("date", "x-request-id")


async def drive(app: Any, requests: list[tuple[str, str, Any]]) -> list[Any]:
    said: list[Any] = []
    async with Client(app) as client:
        for method, path, body in requests:
            if method == "WS":
                said.append([method, path, await talk(client, path, body)])
                continue
            reply = await client.request(method, path, **({} if body is None else {"json": body}))
            headers = [
                (name, value) for name, value in reply.headers.items() if name not in HEADERS
            ]
            text = VARYING.sub("…", reply.text)
            said.append([method, path, reply.status_code, headers, text])
    return said


async def talk(client: Client, path: str, messages: list[str | bytes]) -> list[str]:
    said = []
    try:
        async with client.websocket(path) as session:
            for message in messages:
                if isinstance(message, bytes):
                    await session.send_bytes(message)
                else:
                    await session.send_text(message)
                said.append(repr(await session.receive()))
    except Exception as error:
        said.append(f"{type(error).__name__}: {error}")
    return said


def main() -> None:
    module, _, attribute = sys.argv[1].partition(":")
    app = getattr(importlib.import_module(module), attribute)
    name = module.partition(".")[0].removesuffix("_compiled")
    json.dump(asyncio.run(drive(app, REQUESTS[name])), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
