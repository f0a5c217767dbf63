"""One cold start: import the project in the given folder, answer one request, say what it cost.

    python start.py FOLDER MODULE METHOD PATH

Prints a JSON object: the body of the answer, CPU seconds since the process began, and resident
memory in KiB. Imports nothing of the suite, so that only the project is measured.
"""

from __future__ import annotations

import sys
import time


def main(folder: str, module: str, method: str, path: str) -> None:
    sys.path[0] = folder
    import asyncio
    import importlib

    app = importlib.import_module(module).app
    answer = asyncio.run(first_answer(app, method, path))
    cpu = time.process_time()
    with open("/proc/self/status", encoding="ascii") as status:
        resident = next(line for line in status if line.startswith("VmRSS")).split()[1]
    import json

    print(json.dumps({"answer": answer.decode(), "cpu": cpu, "rss": int(resident)}), flush=True)


async def first_answer(app, method: str, path: str) -> bytes:  # type: ignore[no-untyped-def]
    """Start the application as a server does and ask once."""
    import asyncio

    incoming: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    outgoing: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    await incoming.put({"type": "lifespan.startup"})
    lifespan = asyncio.create_task(
        app({"type": "lifespan", "asgi": {"version": "3.0"}}, incoming.get, outgoing.put)
    )
    started = await outgoing.get()
    if started["type"] != "lifespan.startup.complete":
        raise RuntimeError(f"not started: {started}")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    body = b""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal body
        content = message.get("body", b"")
        assert isinstance(content, bytes)
        body += content

    await app(scope, receive, send)
    lifespan.cancel()
    return body


if __name__ == "__main__":
    main(*sys.argv[1:])
