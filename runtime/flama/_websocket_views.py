"""Serves websocket views: one connection, from the handshake to its one end.

`bind_websocket(endpoint, reach)` plans a view once and returns a function that serves a
connection::

    serve = bind_websocket(chat, Reach((app,), {"room": "int"}, "websocket"))
    await serve(scope, receive, send, {"room": "7"})

Exceptions leave it as they are, for the layers of the application to answer (`flama._layers`). A
class has its `on_disconnect` called before that, and has its connection closed.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import WebSocketException as StarletteWebSocketException

from flama._call import Call
from flama._planning import Plan, Reach, plan
from flama._signatures import Signature, describe, read, resolve
from flama.coercion import bare
from flama.endpoints import HOOKS, WebSocketEndpoint, hooks_of, make
from flama.exceptions import ApplicationError, WebSocketException
from flama.types import Code, Data, Encoding, Message, Receive, Scope, Send
from flama.websockets import INTERNAL_ERROR, INVALID_JSON, WebSocket, WebSocketDisconnect

__all__ = ["Conversation", "bind_websocket"]

_GIVEN = frozenset((Data, Code, Encoding))
"""Annotations whose values depend on the moment of a connection."""

_WRONG: Any = object()

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
    if any(bare(parameter.annotation) is Data for parameter in signature.parameters):
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

    async def serve(scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]) -> None:
        websocket = WebSocket(scope, receive, send)
        args, kwargs = await _arguments(planned, _call(websocket, texts, None))
        pass_on = _passing(view, signature, args, kwargs)
        await websocket.accept()
        while not websocket.closed:
            await pass_on(await websocket.receive_frame())

    return serve


def _passing(
    view: Callable[..., Awaitable[Any]],
    signature: Signature,
    args: list[Any],
    kwargs: dict[str, Any],
) -> Callable[[Any], Awaitable[Any]]:
    """A function of a message that calls the view, with all other arguments as they were filled."""
    positional = [bare(p.annotation) for p in signature.parameters if p.kind == "positional-only"]
    places = [place for place, annotation in enumerate(positional) if annotation is Data]
    names = [
        p.name
        for p in signature.parameters
        if bare(p.annotation) is Data and p.kind in ("positional", "keyword-only")
    ]

    if not args and len(names) == 1:
        (only,) = names
        others = {name: value for name, value in kwargs.items() if name != only}
        return lambda message: view(**others, **{only: message})

    def pass_on(message: Any) -> Awaitable[Any]:
        for place in places:
            args[place] = message
        for name in names:
            kwargs[name] = message
        return view(*args, **kwargs)

    return pass_on


# Classes.


def _class_conversation(endpoint: type[WebSocketEndpoint], reach: Reach) -> Conversation:
    hooks = {}
    for name, stated in hooks_of(endpoint).items():
        signature = _resolved(stated)
        planned = plan(signature, reach, f"{describe(endpoint)}.{name}")
        hooks[name] = _Hook(signature, planned)
    on_connect, on_receive, on_disconnect = (hooks[name] for name in HOOKS)

    async def serve(scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]) -> None:
        websocket = WebSocket(scope, receive, send)
        call = _call(websocket, texts, endpoint.encoding)
        view = make(endpoint, call)
        await websocket.receive()
        # A bad value for a later hook is found now, while the handshake can be refused.
        on_receive.plan.check(call)
        on_disconnect.plan.check(call)
        left: WebSocketDisconnect | None = None
        failure: Exception | None = None
        try:
            await on_connect.invoke(view.on_connect, call)
        except WebSocketDisconnect as error:
            if not websocket.accepted:
                raise
            left = error
        if left is None:
            left, failure = await _listen(view, websocket, on_receive, call)
        await websocket.drain()
        call.given[Code] = _code(websocket, left, failure)
        try:
            await on_disconnect.invoke(view.on_disconnect, call)
        except Exception as error:
            if failure is None:
                raise
            failure.add_note(f"after that, on_disconnect failed with {error!r}")
        if failure is not None:
            raise failure

    return serve


async def _listen(
    view: WebSocketEndpoint, websocket: WebSocket, hook: _Hook, call: Call
) -> tuple[WebSocketDisconnect | None, Exception | None]:
    """Pass on messages until either side ends the connection.

    :returns: What `on_receive` left with: the news that the client is gone, or an error that the
        server has to see.
    """
    encoding = view.encoding
    try:
        receive = await hook.receiver(view.on_receive, call)
        while not websocket.closed:
            message = await websocket.receive()
            if message["type"] == "websocket.receive":
                data = _decoded(message, encoding)
                if data is _WRONG or not websocket.accepted:
                    # A frame before the handshake is answered is as wrong as one of another kind.
                    await websocket.reject(f"a message in {encoding or 'bytes'} was expected")
                await receive(data)
    except WebSocketDisconnect as left:
        return left, None
    except (WebSocketException, StarletteWebSocketException) as error:
        await websocket.end(error.code, error.reason)
    except Exception as error:
        if not _only_left(error):
            await websocket.end(INTERNAL_ERROR)
            return None, error
    return None, None


class _Hook:
    """A hook with the way its parameters are filled."""

    def __init__(self, signature: Signature, planned: Plan) -> None:
        self.plan = planned
        self._signature = signature

    async def invoke(self, hook: Callable[..., Awaitable[Any]], call: Call) -> None:
        """Fill the parameters and call the hook."""
        args, kwargs = await _arguments(self.plan, call)
        await hook(*args, **kwargs)

    async def receiver(
        self, hook: Callable[..., Awaitable[Any]], call: Call
    ) -> Callable[[Any], Awaitable[Any]]:
        """A function of each message. Only the message differs from one to the next, unless there
        are components that are resolved anew each time."""
        if self.plan.awaits:

            async def resolve_and_call(data: Any) -> None:
                call.given[Data] = data
                await self.invoke(hook, call)

            return resolve_and_call
        return _passing(hook, self._signature, *self.plan.arguments_now(call))


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


def _decoded(message: Message, encoding: str | None) -> Any:
    """What a frame holds, or `_WRONG` where it is of another kind or no JSON."""
    if encoding == "text":
        text = message.get("text")
        return _WRONG if text is None else text
    if encoding == "json":
        frame = message.get("text")
        try:
            return json.loads((message.get("bytes") or b"") if frame is None else frame)
        except INVALID_JSON:
            return _WRONG
    raw = message.get("bytes")
    return _WRONG if raw is None else raw


def _resolved(signature: Signature) -> Signature:
    if signature.scope.__module__ == WebSocketEndpoint.__module__:
        # The default hooks name a class that `flama.endpoints` does not load.
        return resolve(signature, {"WebSocket": WebSocket})
    return resolve(signature)
