"""The two layers that answer exceptions, and the stack of an application.

From outside to inside, an application is::

    ServerErrors     only around the outermost application: 500, and the exception goes on
    user middleware  the first of the list is the outermost
    Exceptions       handlers of the application and its parents, then the default answers
    router           any ASGI callable: the interpreted router, or compiled dispatch

`stack(...)` builds it around any layer for exceptions, so that compiled dispatch has the very same
layers. Keys of the scope serve them: `flama.handlers` (handler tables, the nearest first),
`flama.root` (the outermost application), `flama.watch` (that of the nearest layer), and
`flama.inner` (the scope below, where dispatch has flattened mounts: what failed there is answered
with it).

Dispatch that runs without a stack uses the functions instead: `answer(...)` for an exception that
somebody may handle, `server_error(...)` for one that nobody did.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from flama._handlers import Handlers, call_handler, check_handler, find_handler, is_starlette
from flama.exceptions import (
    ClientLeft,
    HTTPException,
    ValidationError,
    WebSocketException,
)
from flama.results import encode, error_body, is_response, json_messages
from flama.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "Exceptions",
    "Handlers",
    "ServerErrors",
    "Watch",
    "answer",
    "beside",
    "check_handler",
    "error_response",
    "find_handler",
    "server_error",
    "stack",
]

POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011


class Watch:
    """What has been sent so far, seen from outside of all middleware."""

    # PERF: defaults of the class, because each request has a watch in each layer.
    started = False
    """A response has begun."""
    accepted = False
    """A websocket has been accepted."""
    ended = False
    """A websocket has been closed, or refused, by either side."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    def watches(self, send: Send) -> bool:
        """Whether this is the watch of a channel, or the channel that it gives."""
        return send is self._send or send == self.send

    async def receive(self) -> Message:
        """Passes a message on, and remembers that the client has left."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self.ended = True
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Passes a message on, and remembers what it begins or ends.

        PERF: no coroutine of its own, which every message would pay for, in every layer.
        """
        kind = message["type"]
        if kind == "http.response.start":
            self.started = True
        elif kind == "websocket.accept":
            self.accepted = True
        elif kind in ("websocket.close", "websocket.http.response.start"):
            self.ended = True
        return self._send(message)


def beside(receive: Receive, send: Send) -> tuple[Receive, Send, list[Watch]]:
    """The channels for frames of an accepted websocket, which tell a watch nothing: the server's
    own, or those of the middleware that stands between; and the watches that are passed by."""
    passed: dict[int, Watch] = {}
    while isinstance(watch := getattr(receive, "__self__", None), Watch):
        passed[id(watch)] = watch
        receive = watch._receive
    while isinstance(watch := getattr(send, "__self__", None), Watch):
        passed[id(watch)] = watch
        send = watch._send
    return receive, send, list(passed.values())


class ServerErrors:
    """The outermost layer: answers what nobody handled, and lets it travel on to the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = Watch(receive, send)
        try:
            if scope["type"] == "http":
                # Receiving needs no watch here, and bodies come in many messages.
                await self.app(scope, receive, watch.send)
            else:
                await self.app(scope, watch.receive, watch.send)
        except Exception as error:
            await server_error(error, scope, send, watch)
            raise


class Exceptions:
    """The innermost layer: answers exceptions of routing and of views."""

    def __init__(self, app: ASGIApp, handlers: Handlers) -> None:
        self.app = app
        self.handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = self.enter(scope, receive, send)
        try:
            if scope["type"] == "http":
                await self.app(scope, receive, watch.send)
            else:
                await self.app(scope, watch.receive, watch.send)
        except Exception as error:
            if not await self.answer(error, scope, receive, watch):
                raise

    def enter(self, scope: Scope, receive: Receive, send: Send) -> Watch:
        """Let exceptions of a request find the handlers of this layer."""
        outer = scope.get("flama.handlers", ())
        if not outer or outer[0] is not self.handlers:
            scope["flama.handlers"] = (self.handlers, *outer)
        # A middleware may send the same scope through again.
        scope.pop("flama.inner", None)
        scope.pop("flama.entered", None)
        # NOTE: middleware may hold messages back, so every layer has to watch for itself.
        watch = scope["flama.watch"] = Watch(receive, send)
        return watch

    async def answer(self, error: Exception, scope: Scope, receive: Receive, watch: Watch) -> bool:
        """Answer an exception as the nearest handler does, or by default; False if nobody does."""
        inner = scope
        while "flama.inner" in inner:
            inner = inner["flama.inner"]
        return await answer(error, inner, receive, watch.send, watch)


def stack(
    innermost: Exceptions, middleware: Sequence[Callable[[ASGIApp], ASGIApp]], *, outermost: bool
) -> ASGIApp:
    """An application's other layers around the one for exceptions.

    :param outermost: Add the layer for server errors.
    """
    app: ASGIApp = innermost
    for build in reversed(middleware):
        app = build(app)
    return ServerErrors(app) if outermost else app


async def answer(
    error: Exception, scope: Scope, receive: Receive, send: Send, watch: Watch
) -> bool:
    """Answer an exception as the nearest handler does, or by default; False if nobody does.

    Handler tables are taken from `scope["flama.handlers"]`, the nearest application first.
    """
    if scope["type"] == "http" and watch.started:
        return False
    handler = find_handler(error, scope.get("flama.handlers", ()))
    if handler is not None:
        if scope["type"] == "websocket":
            send = _without_second_close(send, watch)
        result = await call_handler(handler, error, scope, receive, send)
        if scope["type"] == "http":
            await _send_handled(result, error, scope, receive, send)
        elif result is not None:
            await _refuse(result, scope, receive, send, watch)
        return True
    if scope["type"] == "http":
        return await _answer_http(error, scope, send)
    return await _answer_websocket(error, scope, receive, send, watch)


async def server_error(error: Exception, scope: Scope, send: Send, watch: Watch) -> None:
    """The end of a request that failed: 500 unless a response has begun, close for a websocket."""
    if scope["type"] == "http":
        if watch.started:
            return
        if getattr(scope.get("flama.root"), "debug", False) and _wants_html(scope):
            from flama._debug import error_page

            body, kind = error_page(error, scope), b"text/html; charset=utf-8"
        else:
            body, kind = b"Internal Server Error", b"text/plain; charset=utf-8"
        await _send_body(send, 500, [(b"content-type", kind)], body)
    elif watch.accepted and not watch.ended:
        await _close(send, INTERNAL_ERROR, "")


def error_response(
    error: Exception, debug: bool = False, scope: Scope | None = None
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body that an HTTP error becomes when no handler takes it.

    :param error: An `HTTPException` of this package or of Starlette.
    """
    status: int = error.status_code  # type: ignore[attr-defined]
    headers = _raw_headers(getattr(error, "headers", None))
    if status in (204, 304):
        return status, headers, b""
    if status == 404 and debug and scope is not None and _wants_html(scope):
        from flama._debug import not_found_page

        body, kind = not_found_page(scope), b"text/html; charset=utf-8"
    else:
        name = getattr(error, "error", None) or type(error).__name__
        detail = error.detail  # type: ignore[attr-defined]
        body, kind = error_body(status, detail, name), b"application/json"
    taken = {key for key, _ in headers}
    own = [(b"content-length", b"%d" % len(body)), (b"content-type", kind)]
    return status, [*(pair for pair in own if pair[0] not in taken), *headers], body


async def _send_handled(
    result: Any, error: Exception, scope: Scope, receive: Receive, send: Send
) -> None:
    """What a handler returned: a response, None when it has sent by itself, else JSON."""
    if result is None:
        return
    if is_response(result):
        await result(scope, receive, send)
        return
    start, body = json_messages(encode(result), getattr(error, "status_code", 500))
    await send(start)
    await send(body)


async def _refuse(response: Any, scope: Scope, receive: Receive, send: Send, watch: Watch) -> None:
    """End a websocket as far as a response of a handler can: it may be written for HTTP alone."""
    if watch.ended:
        return
    if watch.accepted:
        await _close(send, INTERNAL_ERROR, "")
    elif is_response(response) and _can_deny(scope):
        await response(scope, receive, send)
    else:
        await _close(send, POLICY_VIOLATION, "")


def _without_second_close(send: Send, watch: Watch) -> Send:
    """A handler cannot know whether its websocket has ended, and servers refuse a second close."""

    async def pass_on(message: Message) -> None:
        if message["type"] != "websocket.close" or not watch.ended:
            await send(message)

    return pass_on


async def _answer_http(error: Exception, scope: Scope, send: Send) -> bool:
    if _is_http_error(error):
        debug = getattr(scope.get("flama.root"), "debug", False)
        status, headers, body = error_response(error, debug, scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return True
    # Nobody is there to be answered, and it is no fault of the application.
    return isinstance(error, ClientLeft) or is_starlette(error, "requests", "ClientDisconnect")


async def _answer_websocket(
    error: Exception, scope: Scope, receive: Receive, send: Send, watch: Watch
) -> bool:
    if isinstance(error, WebSocketException) or is_starlette(
        error, "exceptions", "WebSocketException"
    ):
        if not watch.ended:
            await _close(send, error.code, error.reason)  # type: ignore[attr-defined]
        return True
    if is_starlette(error, "websockets", "WebSocketDisconnect"):
        return True
    if not _is_http_error(error) or watch.accepted or watch.ended:
        # After accept it is an error like any other.
        return watch.ended and not watch.accepted and _is_http_error(error)
    if isinstance(error, ValidationError) or not _can_deny(scope):
        await _close(send, POLICY_VIOLATION, "")
        return True
    status, headers, body = error_response(error)
    try:
        await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": body})
    except OSError:
        # The client has gone, so nobody is left to be refused.
        return True
    return True


def _can_deny(scope: Scope) -> bool:
    return "websocket.http.response" in (scope.get("extensions") or {})


async def _close(send: Send, code: int, reason: str) -> None:
    try:
        await send({"type": "websocket.close", "code": code, "reason": reason})
    except OSError:
        # The client has gone; the error that led here is what matters.
        return


async def _send_body(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    headers = [(b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_http_error(error: Exception) -> bool:
    return isinstance(error, HTTPException) or is_starlette(error, "exceptions", "HTTPException")


def _wants_html(scope: Scope) -> bool:
    return any(key == b"accept" and b"text/html" in value for key, value in scope["headers"])


def _raw_headers(headers: Any) -> list[tuple[bytes, bytes]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return [(key.lower().encode("latin-1"), str(value).encode("latin-1")) for key, value in pairs]
