"""Serves websocket views: one connection, from the handshake to its one end.

`bind_websocket(endpoint, reach)` plans a view once and returns a function that serves a
connection::

    serve = bind_websocket(chat, Reach((app,), {"room": "int"}, "websocket"))
    await serve(scope, receive, send, {"room": "7"})

Exceptions leave it as they are, for the layers of the application to answer (`flama._layers`). A
class has its `on_disconnect` called before that, and has its connection closed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import WebSocketException as StarletteWebSocketException

from flama._call import Call
from flama._planning import Plan, Reach, plan
from flama._signatures import Signature, describe, read, resolve
from flama.endpoints import HOOKS, WebSocketEndpoint, hooks_of, make
from flama.exceptions import ApplicationError, WebSocketException
from flama.types import Code, Data, Encoding, Message, Receive, Scope, Send
from flama.websockets import INTERNAL_ERROR, WebSocket, WebSocketDisconnect

__all__ = ["Conversation", "bind_websocket"]

_GIVEN = frozenset((Data, Code, Encoding))
"""Annotations whose values depend on the moment of a connection."""

Conversation = Callable[[Scope, Receive, Send, Mapping[str, str]], Awaitable[None]]
"""Serves one connection; the mapping holds the text of each path parameter."""


def bind_websocket(endpoint: Any, reach: Reach, route: Any = None) -> Conversation:
    """How a websocket view serves a connection.

    :param endpoint: An asynchronous callable, or a `WebSocketEndpoint` class.
    :raises ApplicationError: A parameter that nothing can fill, or a view that is not async.
    """
    reach = reach._replace(given=_GIVEN)
    if isinstance(endpoint, type) and issubclass(endpoint, WebSocketEndpoint):
        return _class_conversation(endpoint, reach)
    signature = resolve(read(endpoint))
    if not signature.awaits:
        raise ApplicationError(
            f"{describe(endpoint)} is not async: write 'async def', because websocket views run "
            "on the event loop"
        )
    planned = plan(signature, reach, describe(endpoint))
    if any(parameter.annotation is Data for parameter in signature.parameters):
        return _message_conversation(endpoint, signature, planned)
    return _function_conversation(endpoint, planned)


def _call(websocket: WebSocket, texts: Mapping[str, str], encoding: str | None) -> Call:
    # The channels that a view may ask for keep the state of the connection up to date.
    return Call(
        websocket.scope,
        websocket.receive,
        websocket.send,
        texts,
        websocket,
        {Data: None, Code: None, Encoding: encoding},
    )


async def _arguments(planned: Plan, call: Call) -> tuple[list[Any], dict[str, Any]]:
    if planned.awaits:
        return await planned.arguments(call)
    return planned.arguments_now(call)


# Functions.


def _function_conversation(view: Callable[..., Awaitable[Any]], planned: Plan) -> Conversation:
    async def serve(scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]) -> None:
        websocket = WebSocket(scope, receive, send)
        args, kwargs = await _arguments(planned, _call(websocket, texts, None))
        try:
            await view(*args, **kwargs)
        except ExceptionGroup as group:
            if not _only_left(group):
                raise

    return serve


def _message_conversation(
    view: Callable[..., Awaitable[Any]], signature: Signature, planned: Plan
) -> Conversation:
    """A view that declares `Data` is called once for each message of an accepted connection."""
    place, name = _place_of_data(signature)

    async def serve(scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]) -> None:
        websocket = WebSocket(scope, receive, send)
        args, kwargs = await _arguments(planned, _call(websocket, texts, None))
        await websocket.accept()
        while not websocket.closed:
            frame = await websocket.receive_frame()
            if place is None:
                kwargs[name] = frame
            else:
                args[place] = frame
            await view(*args, **kwargs)

    return serve


def _place_of_data(signature: Signature) -> tuple[int | None, str]:
    """The place of the message among the arguments, or its keyword."""
    positional = [p for p in signature.parameters if p.kind == "positional-only"]
    for place, parameter in enumerate(positional):
        if parameter.annotation is Data:
            return place, parameter.name
    name = next(p.name for p in signature.parameters if p.annotation is Data)
    return None, name


# Classes.


def _class_conversation(endpoint: type[WebSocketEndpoint], reach: Reach) -> Conversation:
    plans = {
        name: plan(_resolved(signature), reach, f"{describe(endpoint)}.{name}")
        for name, signature in hooks_of(endpoint).items()
    }
    on_connect, on_receive, on_disconnect = (plans[name] for name in HOOKS)

    async def serve(scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]) -> None:
        websocket = WebSocket(scope, receive, send)
        call = _call(websocket, texts, endpoint.encoding)
        view = make(endpoint, call)
        await websocket.receive()
        # A bad value for a later hook is found now, while the handshake can be refused.
        on_receive.check(call)
        on_disconnect.check(call)
        left: WebSocketDisconnect | None = None
        failure: Exception | None = None
        try:
            await _invoke(view.on_connect, on_connect, call)
        except WebSocketDisconnect as error:
            if not websocket.accepted:
                raise
            left = error
        if left is None:
            left, failure = await _listen(view, websocket, on_receive, call)
        await websocket.drain()
        call.given[Code] = _code(websocket, left, failure)
        try:
            await _invoke(view.on_disconnect, on_disconnect, call)
        except Exception as error:
            if failure is None:
                raise
            failure.add_note(f"after that, on_disconnect failed with {error!r}")
        if failure is not None:
            raise failure

    return serve


async def _listen(
    view: WebSocketEndpoint, websocket: WebSocket, planned: Plan, call: Call
) -> tuple[WebSocketDisconnect | None, Exception | None]:
    """Pass on messages until either side ends the connection.

    :returns: What `on_receive` left with: the news that the client is gone, or an error that the
        server has to see.
    """
    try:
        while not websocket.closed:
            message = await websocket.receive()
            if message["type"] == "websocket.receive":
                call.given[Data] = await _decoded(websocket, message, view.encoding)
                await _invoke(view.on_receive, planned, call)
    except WebSocketDisconnect as left:
        return left, None
    except (WebSocketException, StarletteWebSocketException) as error:
        await websocket.end(error.code, error.reason)
    except Exception as error:
        if not _only_left(error):
            await websocket.end(INTERNAL_ERROR)
            return None, error
    return None, None


def _code(
    websocket: WebSocket, left: WebSocketDisconnect | None, failure: Exception | None
) -> int | None:
    """The code that `on_disconnect` is told. A view may say by an exception that it ended, although
    neither side has closed the connection."""
    if failure is not None:
        return INTERNAL_ERROR
    return left.code if websocket.ending is None and left is not None else websocket.ending


def _only_left(error: Exception) -> bool:
    """Whether tasks of a group failed for no other reason than that the client has left."""
    return isinstance(error, ExceptionGroup) and error.split(WebSocketDisconnect)[1] is None


async def _decoded(websocket: WebSocket, message: Message, encoding: str | None) -> Any:
    """What a frame holds; leaves with `WebSocketDisconnect` after a close with 1003."""
    text: str | None = message.get("text")
    raw: bytes | None = message.get("bytes")
    if not websocket.accepted:
        await websocket.reject("no frame was expected before the handshake is answered")
    if encoding == "json":
        return await websocket.decode_json((raw or b"") if text is None else text)
    if encoding == "text":
        if text is None:
            await websocket.reject("a text frame was expected")
        return text
    if raw is None:
        await websocket.reject("a binary frame was expected")
    return raw


async def _invoke(hook: Callable[..., Awaitable[Any]], planned: Plan, call: Call) -> None:
    args, kwargs = await _arguments(planned, call)
    await hook(*args, **kwargs)


def _resolved(signature: Signature) -> Signature:
    if signature.scope.__module__ == WebSocketEndpoint.__module__:
        # The default hooks name a class that `flama.endpoints` does not load.
        return resolve(signature, {"WebSocket": WebSocket})
    return resolve(signature)
