"""Websocket connections: Starlette's, with rules for endings that people get wrong.

Three things differ from Starlette:

* `close()` after the client has left, or after another close, sends nothing and raises nothing.
* A frame of the wrong kind and invalid JSON close the connection with 1003, and the view sees a
  `WebSocketDisconnect(1003)`.
* `async with websocket:` accepts on entry and closes on exit.

A view may send and receive what it likes::

    @app.websocket_route("/echo/")
    async def echo(websocket: WebSocket):
        async with websocket:
            async for text in websocket.iter_text():
                await websocket.send_text(text)
"""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, NoReturn, Self

import anyio
from starlette.datastructures import URL
from starlette.exceptions import WebSocketException as StarletteWebSocketException
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket as _StarletteWebSocket
from starlette.websockets import WebSocketClose as Close
from starlette.websockets import WebSocketDisconnect
from starlette.websockets import WebSocketState as State

from flama._layers import beside
from flama._requests import absolute_url
from flama.exceptions import WebSocketException
from flama.results import encode
from flama.types import Code, Data, Encoding

__all__ = ["Close", "Code", "Data", "Encoding", "State", "WebSocket", "WebSocketDisconnect"]

NORMAL = 1000
UNSUPPORTED_DATA = 1003
NO_STATUS = 1005
ABNORMAL = 1006
INTERNAL_ERROR = 1011

# PERF: members of an enumeration are looked up anew each time they are named.
CONNECTING, CONNECTED, DISCONNECTED = State.CONNECTING, State.CONNECTED, State.DISCONNECTED

INVALID_JSON = (ValueError, RecursionError)
"""What `json.loads` raises: ValueError for malformed text, bytes that are not UTF-8 and endless
integers, RecursionError for a value that is nested too deep."""

_PATIENCE = 1.0
"""Seconds for a server to report the end of a connection that it no longer sends on."""


class WebSocket(_StarletteWebSocket):
    """One websocket connection, from the handshake to its end."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self.ending: int | None = None
        """The code the connection ended with, whoever ended it; None while it lives."""
        self.accepted = False
        """Whether the handshake was answered with yes, even if the connection ended since."""
        self._live = False
        self._over = False
        self._send_failed = False
        # PERF: frames stop at no layer of ours: half as much for an echo.
        self._frame_in, self._frame_out, self._watches = beside(receive, send)
        if "flama.watch" in scope:
            # A handler of exceptions has channels of its own, which lead past it.
            self._watches.append(scope["flama.watch"])

    @property
    def closed(self) -> bool:
        """Whether either side has ended the connection."""
        return self.application_state is DISCONNECTED or self.client_state is DISCONNECTED

    # Messages of the protocol.

    async def receive(self) -> Message:
        """The next message of the server.

        :raises WebSocketDisconnect: The client left during the handshake.
        :raises RuntimeError: The client had left before, or the server breaks the protocol.
        """
        if self.client_state is DISCONNECTED:
            raise RuntimeError("the client has left: there is nothing more to receive")
        message = await (self._frame_in() if self._live else self._receive())
        if message["type"] != "websocket.receive" or self.client_state is not CONNECTED:
            self._note(message)
        return message

    def _note(self, message: Message) -> None:
        """Keep the state of the connection after a message of the server."""
        kind = message["type"]
        if kind == "websocket.disconnect":
            connecting = self.client_state is CONNECTING
            self._lost(message.get("code"))
            if connecting:
                self._raise_on_disconnect(message)
        elif self.client_state is CONNECTED:
            if kind != "websocket.receive":
                raise RuntimeError(f"expected websocket.receive or .disconnect, got {kind!r}")
        elif kind == "websocket.connect":
            self.client_state = CONNECTED
        else:
            raise RuntimeError(f"expected websocket.connect, got {kind!r}")

    async def send(self, message: Message) -> None:
        """Send one message, in the order that the protocol allows.

        :raises WebSocketDisconnect: The client has left.
        :raises RuntimeError: The application has closed the connection, or not accepted it yet.
        """
        kind = message["type"]
        if self._live and kind == "websocket.send":
            try:
                await self._frame_out(message)
            except OSError:
                self._broke()
            return
        if self.client_state is DISCONNECTED or self._over:
            raise WebSocketDisconnect(self.ending or ABNORMAL)
        if kind == "websocket.close":
            self._live = False
            if self.ending is None:
                self.ending = message.get("code", NORMAL)
        try:
            await super().send(message)
        except (OSError, WebSocketDisconnect):
            # Servers raise OSError, which Starlette turns into a disconnect once accepted.
            self._broke()
        if kind == "websocket.accept":
            self.accepted = self._live = True

    def _broke(self) -> NoReturn:
        self.application_state = DISCONNECTED
        self._send_failed = self.client_state is CONNECTED
        self._lost(ABNORMAL)
        raise WebSocketDisconnect(ABNORMAL) from None

    async def drain(self) -> None:
        """Learn the client's code after a send has failed: the server tells it behind the messages
        that nobody will read any more. For the only reader of the connection."""
        if self.ending != ABNORMAL or not self._send_failed:
            return
        with anyio.move_on_after(_PATIENCE):
            while True:
                message = await self._receive()
                if message["type"] == "websocket.disconnect":
                    code = message.get("code")
                    self.ending = NO_STATUS if code is None else int(code)
                    return

    def _lost(self, code: int | None) -> None:
        self.client_state = DISCONNECTED
        self._live = False
        for watch in self._watches:
            watch.ended = True
        if self.ending is None:
            self.ending = NO_STATUS if code is None else int(code)

    def _raise_on_disconnect(self, message: Message) -> None:
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(self.ending or NO_STATUS, message.get("reason"))

    def url_for(self, name: str, /, **path_params: Any) -> URL:
        """The absolute URL of a route, as `Request.url_for` gives it.

        :raises NotFoundException: No route has this name with these parameters.
        """
        return absolute_url(self, name, path_params)

    # What views read.

    async def receive_frame(self) -> str | bytes:
        """The next message of the client: `str` for a text frame, `bytes` for a binary one.

        :raises WebSocketDisconnect: The client has left.
        """
        if not self._live:
            self._refuse_to_read()
        message = await self._frame_in()
        if message["type"] != "websocket.receive" or self.client_state is not CONNECTED:
            self._no_frame(message)
        text: str | None = message.get("text")
        return bytes(message.get("bytes") or b"") if text is None else text

    async def receive_text(self) -> str:
        """The next message, which has to be a text frame; otherwise closes with 1003.

        :raises WebSocketDisconnect: The client has left, or was closed with 1003.
        """
        # PERF: these lines stand in three methods, because a call for each message costs 0.1 of an
        # echo.
        if not self._live:
            self._refuse_to_read()
        message = await self._frame_in()
        if message["type"] != "websocket.receive" or self.client_state is not CONNECTED:
            self._no_frame(message)
        text: str | None = message.get("text")
        if text is None:
            await self.reject("a text frame was expected")
        return text

    async def receive_bytes(self) -> bytes:
        """The next message, which has to be a binary frame; otherwise closes with 1003.

        :raises WebSocketDisconnect: The client has left, or was closed with 1003.
        """
        if not self._live:
            self._refuse_to_read()
        message = await self._frame_in()
        if message["type"] != "websocket.receive" or self.client_state is not CONNECTED:
            self._no_frame(message)
        data: bytes | None = message.get("bytes")
        if data is None:
            await self.reject("a binary frame was expected")
        return data

    async def receive_json(self, mode: str = "text") -> Any:
        """The next message, decoded. `mode` is the kind of frame: `text` or `binary`.

        :raises WebSocketDisconnect: The client has left, or was closed with 1003 for a frame of the
            other kind or for invalid JSON.
        """
        _check_mode(mode)
        frame = await (self.receive_text() if mode == "text" else self.receive_bytes())
        try:
            return json.loads(frame)
        except INVALID_JSON:
            await self.reject("valid JSON was expected")

    async def reject(self, reason: str) -> NoReturn:
        """Close with 1003, and leave the view.

        :raises WebSocketDisconnect: Always.
        """
        await self.end(UNSUPPORTED_DATA)
        raise WebSocketDisconnect(UNSUPPORTED_DATA, reason)

    def _refuse_to_read(self) -> NoReturn:
        if self.application_state is CONNECTING:
            raise RuntimeError('the connection is not accepted: call "accept" first')
        raise WebSocketDisconnect(self.ending or ABNORMAL)

    def _no_frame(self, message: Message) -> None:
        """What a message says that is not just a frame.

        :raises WebSocketDisconnect: The client has left.
        :raises RuntimeError: The server breaks the protocol.
        """
        self._note(message)
        self._raise_on_disconnect(message)

    # What views write.

    async def send_text(self, data: str) -> None:
        """Send a text frame.

        :raises WebSocketDisconnect: The client has left.
        """
        if not self._live:
            await self.send({"type": "websocket.send", "text": data})
            return
        try:
            await self._frame_out({"type": "websocket.send", "text": data})
        except OSError:
            self._broke()

    async def send_bytes(self, data: bytes | str) -> None:
        """Send a binary frame; text goes out as its UTF-8 bytes.

        :raises WebSocketDisconnect: The client has left.
        """
        payload = data.encode("utf-8") if isinstance(data, str) else data
        if not self._live:
            await self.send({"type": "websocket.send", "bytes": payload})
            return
        try:
            await self._frame_out({"type": "websocket.send", "bytes": payload})
        except OSError:
            self._broke()

    async def send_json(self, data: Any, mode: str = "text") -> None:
        """Send a value as JSON, written as results of views are. `mode` is the kind of frame:
        `text` or `binary`.

        :raises WebSocketDisconnect: The client has left.
        :raises TypeError: JSON has no form for the value.
        """
        _check_mode(mode)
        body = encode(data)
        if mode == "text":
            await self.send({"type": "websocket.send", "text": body.decode()})
        else:
            await self.send({"type": "websocket.send", "bytes": body})

    async def close(self, code: int = NORMAL, reason: str | None = None) -> None:
        """End the connection, or refuse it before it is accepted. Does nothing if it has ended."""
        if self.closed:
            return
        try:
            await self.send({"type": "websocket.close", "code": code, "reason": reason or ""})
        except WebSocketDisconnect:
            # The client left in this very moment: there is nobody to say goodbye to.
            return

    async def end(self, code: int, reason: str | None = None) -> None:
        """Close because of an error: what the view may still send is then sent in vain, just as if
        the client had left."""
        await self.close(code, reason)
        self._over = True
        self._live = False

    # `async with websocket:`

    async def __aenter__(self) -> Self:
        if self.application_state is CONNECTING:
            await self.accept()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            await self.close(NORMAL)
        elif isinstance(error, WebSocketException | StarletteWebSocketException):
            await self.close(error.code, error.reason)
        else:
            await self.close(INTERNAL_ERROR)


def _check_mode(mode: str) -> None:
    if mode not in ("text", "binary"):
        raise RuntimeError(f"mode is 'text' or 'binary', not {mode!r}")
