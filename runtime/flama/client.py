"""A test client: requests and websockets without a server, around the application's life.

    async with Client(app) as client:                       # start-up
        response = await client.get("/items/7/")
        async with client.websocket("/echo/") as session:
            await session.send_text("hi")
            assert await session.receive_text() == "hi"
                                                            # shutdown

It is an `httpx.AsyncClient`, so everything that httpx offers works. Exceptions that the application
raises to its server are raised to the caller, unless `raise_app_exceptions=False`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from flama.exceptions import ApplicationError, WebSocketDisconnect
from flama.types import ASGIApp, Message, Receive, Scope, Send

try:
    import httpx
except ImportError as error:
    raise ImportError(
        "flama.client needs httpx, which is not installed: pip install 'flama-runtime[client]'"
    ) from error

__all__ = ["Client", "WebSocketSession"]


class Client(httpx.AsyncClient):
    """Talks to an application in this process.

    :param app: Any ASGI application.
    :param raise_app_exceptions: Raise what the application raises to its server, rather than
        return the response that was sent before.
    :param base_url: What relative URLs are below.
    :param options: All that `httpx.AsyncClient` takes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        raise_app_exceptions: bool = True,
        base_url: str = "http://localapp",
        **options: Any,
    ) -> None:
        self.app = app
        self._raises = raise_app_exceptions
        self._life = _Life(app)
        transport = httpx.ASGITransport(app=self._serve, raise_app_exceptions=raise_app_exceptions)
        super().__init__(transport=transport, base_url=base_url, **options)

    async def __aenter__(self) -> Self:
        """Start the application.

        :raises ApplicationError: Its start-up fails.
        """
        await self._life.start()
        return await super().__aenter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Stop the application.

        :raises ApplicationError: Its shutdown fails.
        """
        try:
            await super().__aexit__(exc_type, exc_value, traceback)
        finally:
            await self._life.stop()

    @asynccontextmanager
    async def websocket(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        subprotocols: Iterable[str] = (),
    ) -> AsyncIterator[WebSocketSession]:
        """A websocket connection, open inside the block.

        :raises WebSocketDisconnect: The application refuses the handshake.
        """
        request = self.build_request("GET", url, params=params, headers=headers)
        session = WebSocketSession(self._serve, _scope(request, list(subprotocols)), self._raises)
        await session.open()
        try:
            yield session
        finally:
            await session.leave()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": dict(self._life.state)}, receive, send)


class WebSocketSession:
    """The client's end of one connection.

    :param app: The application.
    :param scope: The ASGI scope of the connection.
    :param raises: Raise what the application raises to its server.
    """

    def __init__(self, app: ASGIApp, scope: Scope, raises: bool = True) -> None:
        self.subprotocol: str | None = None
        """What the application chose."""
        self._call = (app, scope)
        self._raises = raises
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._open = False

    async def open(self) -> None:
        """Shake hands.

        :raises WebSocketDisconnect: The application refuses, with this code.
        """
        app, scope = self._call
        self._task = asyncio.create_task(
            app(scope, self._inbox.get, self._outbox.put)  # type: ignore[arg-type]
        )
        await self._inbox.put({"type": "websocket.connect"})
        answer = await self._next()
        if answer["type"] != "websocket.accept":
            code, reason = answer.get("code", 1000), answer.get("reason")
            await self._inbox.put({"type": "websocket.disconnect", "code": 1006, "reason": ""})
            await self._finish()
            raise WebSocketDisconnect(code, reason)
        self.subprotocol = answer.get("subprotocol")
        self._open = True

    async def send_text(self, data: str) -> None:
        """Send a text frame."""
        await self._inbox.put({"type": "websocket.receive", "text": data})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        await self._inbox.put({"type": "websocket.receive", "bytes": data})

    async def send_json(self, data: Any) -> None:
        """Send a value as JSON in a text frame."""
        await self.send_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False))

    async def receive(self) -> str | bytes:
        """The next frame of the application.

        :raises WebSocketDisconnect: The application has closed the connection.
        """
        message = await self._next()
        if message["type"] == "websocket.close":
            self._open = False
            code, reason = message.get("code", 1000), message.get("reason") or ""
            await self._inbox.put({"type": "websocket.disconnect", "code": code, "reason": reason})
            raise WebSocketDisconnect(code, reason)
        text: str | None = message.get("text")
        return bytes(message.get("bytes") or b"") if text is None else text

    async def receive_text(self) -> str:
        """The next frame, which has to be text.

        :raises TypeError: It is binary.
        """
        frame = await self.receive()
        if not isinstance(frame, str):
            raise TypeError(f"a text frame was expected, not {frame!r}")
        return frame

    async def receive_bytes(self) -> bytes:
        """The next frame, which has to be binary.

        :raises TypeError: It is text.
        """
        frame = await self.receive()
        if not isinstance(frame, bytes):
            raise TypeError(f"a binary frame was expected, not {frame!r}")
        return frame

    async def receive_json(self) -> Any:
        """The value in the next frame of either kind."""
        return json.loads(await self.receive())

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Leave, with a code that the application gets to see."""
        if self._open:
            self._open = False
            await self._inbox.put({"type": "websocket.disconnect", "code": code, "reason": reason})

    async def leave(self) -> None:
        """Close, and wait until the application is done with the connection.

        :raises Exception: What the application raises.
        """
        await self.close()
        await self._finish()

    async def _next(self) -> Message:
        """The next message of the application; its exception when it fails instead."""
        assert self._task is not None
        message = asyncio.create_task(self._outbox.get())
        await asyncio.wait({message, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if message.done():
            return message.result()
        message.cancel()
        if not self._outbox.empty():
            return self._outbox.get_nowait()
        await self._finish()
        # It returned without a close: for the client the connection is lost.
        return {"type": "websocket.close", "code": 1006, "reason": ""}

    async def _finish(self) -> None:
        assert self._task is not None
        await asyncio.wait({self._task})
        if self._raises:
            await self._task
        elif not self._task.cancelled():
            self._task.exception()


class _Life:
    """The lifespan of an application: start-up, shutdown, and the state between them."""

    def __init__(self, app: ASGIApp) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self.state}
        self._task = asyncio.create_task(
            self._app(scope, self._inbox.get, self._outbox.put)  # type: ignore[arg-type]
        )
        await self._turn("startup")

    async def stop(self) -> None:
        assert self._task is not None
        if not self._task.done():
            await self._turn("shutdown")
            await self._task
        self._task = None

    async def _turn(self, event: str) -> None:
        assert self._task is not None
        await self._inbox.put({"type": f"lifespan.{event}"})
        answer = asyncio.create_task(self._outbox.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() and not self._outbox.empty():
            await answer
        if not answer.done():
            answer.cancel()
            error = self._task.exception()
            if error is not None and event == "shutdown":
                raise error
            # The application does not speak the protocol, which it is free not to.
            return
        message = answer.result()
        if message["type"] == f"lifespan.{event}.failed":
            error = (await asyncio.gather(self._task, return_exceptions=True))[0]
            raise ApplicationError(
                f"the {event} of the application failed: {message.get('message', '')}"
            ) from error


def _scope(request: httpx.Request, subprotocols: list[str]) -> Scope:
    url = request.url
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "wss" if url.scheme in ("https", "wss") else "ws",
        "path": unquote(url.raw_path.partition(b"?")[0].decode("ascii")),
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 50000),
        "server": (url.host, url.port or (443 if url.scheme in ("https", "wss") else 80)),
        "subprotocols": subprotocols,
    }
