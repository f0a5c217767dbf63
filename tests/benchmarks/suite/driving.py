"""Drives ASGI applications in process: life cycle, one answer, many timed requests."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from suite.cases import Answer, Case, scope_of

__all__ = ["ask", "check", "discard", "echo", "receiver", "serve", "started"]


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """Run the application's lifespan around the block."""
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.create_task(app(scope, incoming.get, outgoing.put))
    await step(task, incoming, outgoing, "lifespan.startup")
    try:
        yield
    finally:
        if task.done():  # real Flama returns after each message and wants to be called again
            task.result()
            task = asyncio.create_task(app(scope, incoming.get, outgoing.put))
        await step(task, incoming, outgoing, "lifespan.shutdown")
        await task


async def step(
    task: asyncio.Task[None],
    incoming: asyncio.Queue[dict[str, Any]],
    outgoing: asyncio.Queue[dict[str, Any]],
    kind: str,
) -> None:
    """One lifespan message and its acknowledgement."""
    await incoming.put({"type": kind})
    reply = asyncio.create_task(outgoing.get())
    await asyncio.wait({task, reply}, return_when=asyncio.FIRST_COMPLETED)
    if not reply.done():
        reply.cancel()
        task.result()
        raise RuntimeError(f"the application ended at {kind}")
    message = reply.result()
    if message["type"] != f"{kind}.complete":
        raise RuntimeError(f"{kind} was answered with {message}")


def receiver(body: bytes) -> Callable[[], Any]:
    """A `receive` that gives the whole body each time it is called."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def discard(message: Any) -> None:
    """A `send` that drops what it gets."""


async def ask(app: Any, case: Case, path: str) -> Answer:
    """The answer to one request of a case, with all headers in lower case."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope_of(case, path), receiver(case.body), send)
    start = messages[0]
    body = b"".join(message.get("body", b"") for message in messages[1:])
    headers = tuple((name.decode().lower(), value.decode()) for name, value in start["headers"])
    return Answer(start["status"], body, headers)


async def check(app: Any, case: Case, peer: str, count: int = 20) -> list[str]:
    """How a peer's answers differ from what the case demands; nothing when they are equal."""
    problems = []
    for scope, wanted in case.batch(count, seed=1):
        got = await ask(app, case, scope["path"])
        headers = dict(got.headers)
        if (got.status, got.body) != (wanted.status, wanted.body):
            problems.append(f"{scope['path']}: {got.status} {got.body!r}, not {wanted}")
        for name, value in wanted.headers:
            if headers.get(name) != value and not (name == "allow" and peer in case.silent):
                problems.append(f"{scope['path']}: {name}: {headers.get(name)!r}, not {value!r}")
        if headers.get("content-length") not in (None, str(len(got.body))):
            problems.append(f"{scope['path']}: wrong content-length")
    return sorted(set(problems))


async def serve(app: Any, case: Case, count: int, seed: int) -> int:
    """Nanoseconds of CPU time that `count` requests take, all their scopes made before."""
    scopes = [scope for scope, _ in case.batch(count, seed)]
    receive = receiver(case.body)
    clock = time.process_time_ns if case.threads else time.thread_time_ns
    gc.collect()
    gc.freeze()  # what is there now is looked at no more, neither in the loop nor next time
    begin = clock()
    for scope in scopes:
        await app(scope, receive, discard)
    return clock() - begin


async def echo(app: Any, count: int, *, verify: bool = False) -> int:
    """Nanoseconds of CPU time of a websocket connection on which `count` texts are echoed.

    With `verify`, every message that the application sends is compared.
    """
    text = "a message of an ordinary length"
    remaining = count
    sent: list[Any] = []
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/rooms/lobby",
        "raw_path": b"/rooms/lobby",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "state": {},
    }
    connected = False
    unanswered = 0

    async def receive() -> dict[str, Any]:
        nonlocal remaining, connected, unanswered
        if not connected:
            connected = True
            return {"type": "websocket.connect"}
        while unanswered:  # a peer that reads ahead waits for the echo, as a client would
            await asyncio.sleep(0)
        if remaining:
            remaining -= 1
            unanswered += 1
            return {"type": "websocket.receive", "text": text}
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        nonlocal unanswered
        if message["type"] == "websocket.send":
            unanswered -= 1
        if verify:
            sent.append(message)

    begin = time.thread_time_ns()
    await app(scope, receive, send)
    spent = time.thread_time_ns() - begin
    if verify:
        texts = [message.get("text") for message in sent if message["type"] == "websocket.send"]
        if sent[0]["type"] != "websocket.accept" or texts != [text] * count:
            raise RuntimeError(f"not an echo: {sent[:3]}")
    return spent
