"""Class views: one class for all methods of a path, or for all hooks of a websocket.

    @app.route("/items/{item_id:int}/")
    class Item(HTTPEndpoint):
        async def get(self, item_id: int): ...
        def delete(self, item_id: int): ...

    @app.websocket_route("/chat/{room}/")
    class Chat(WebSocketEndpoint):
        encoding = "json"

        async def on_receive(self, websocket: WebSocket, data: Data, room: str): ...

An instance lives as long as its request or connection. Verbs and hooks take parameters as function
views do.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from flama._signatures import Signature, describe, read_method
from flama.exceptions import ApplicationError
from flama.types import Code, Data, Receive, Scope, Send

if TYPE_CHECKING:
    from flama._call import Call
    from flama._views import View
    from flama.http import Request
    from flama.websockets import WebSocket

__all__ = [
    "ENCODINGS",
    "HOOKS",
    "VERBS",
    "HTTPEndpoint",
    "WebSocketEndpoint",
    "hooks_of",
    "is_plain",
    "make",
]

VERBS = (
    "get",
    "head",
    "post",
    "put",
    "patch",
    "delete",
    "options",
    "connect",
    "trace",
    "query",
)
"""Names of methods that are verbs of an `HTTPEndpoint`."""

HOOKS = ("on_connect", "on_receive", "on_disconnect")
"""Names of methods that are hooks of a `WebSocketEndpoint`, in the order of their life."""

ENCODINGS = ("bytes", "text", "json", None)
"""What `WebSocketEndpoint.encoding` may be."""


class _FromRequest:
    """An attribute of an instance that has not looked at its request yet: found when it is asked
    for. Whatever an instance has of that name comes first."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, made: Any, owner: type) -> Any:
        if made is None or made._late is None:
            of = f"type object {owner.__name__!r}" if made is None else f"{owner.__name__!r} object"
            raise AttributeError(f"{of} has no attribute {self._name!r}")
        made._look()
        return getattr(made, self._name)


class _Endpoint:
    """One request or connection, seen from a class view."""

    _call: Call | None = None
    _state: dict[str, Any] | None = None
    _late: tuple[View, Scope, Receive, Send, Sequence[str]] | None = None
    """What is needed to look at the request, for an instance that `View.instance` has made."""
    _body: bytes | None = None
    """The bytes of the request body, where such an instance was given them."""

    if not TYPE_CHECKING:
        scope = _FromRequest()
        receive = _FromRequest()
        send = _FromRequest()

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send

    @property
    def state(self) -> dict[str, Any]:
        """The parts of the request by name: `scope receive send exc app root_app route path`, and
        `request` or `websocket`; a place for the view's own values too."""
        if self._state is None:
            self._state = self._parts()
        return self._state

    def _parts(self) -> dict[str, Any]:
        scope = self.scope
        return {
            "scope": scope,
            "receive": self.receive,
            "send": self.send,
            "exc": None,
            "app": scope.get("app"),
            "root_app": scope.get("root_app", scope.get("app")),
            "route": scope.get("route"),
            "path": scope["path"],
        }

    def _connection(self) -> Call:
        if self._late is not None:
            self._look()
        if self._call is None:
            from flama._call import Call

            self._call = Call(self.scope, self.receive, self.send, {})
            self._call._body = self._body
        return self._call

    def _look(self) -> None:
        """Write what a view may look for into the scope, and keep it."""
        if self._late is None:
            return
        view, scope, receive, send, segments = self._late
        self._late = None
        self.scope, self.send, _ = view.open(scope, receive, send, segments)
        self.receive = receive
        if self._call is not None:
            self._call.scope, self._call.send = self.scope, self.send


class HTTPEndpoint(_Endpoint):
    """A view for each method: `get`, `post`, … . A verb set to None is not there."""

    @classmethod
    def verbs(cls) -> dict[str, str]:
        """The HTTP methods that the class answers, each with the name of the method that does.

        GET brings HEAD, which is answered by `head` where there is one, otherwise by `get`.
        """
        verbs = {name.upper(): name for name in VERBS if callable(getattr(cls, name, None))}
        if "GET" in verbs:
            verbs.setdefault("HEAD", "get")
        return verbs

    @property
    def request(self) -> Request:
        """The request; the same object that a verb gets as a parameter."""
        request: Request = self._connection().request
        return request

    def _parts(self) -> dict[str, Any]:
        return {**super()._parts(), "request": self.request}


class WebSocketEndpoint(_Endpoint):
    """A view for each event of a websocket connection; `on_receive` is the one to override."""

    encoding: ClassVar[str | None] = None
    """`bytes`, `text` or `json`: the kind of frames that are taken. None is bytes. Any other frame,
    and invalid JSON, closes the connection with 1003."""

    @property
    def websocket(self) -> WebSocket:
        """The connection; the same object that a hook gets as a parameter."""
        websocket: WebSocket = self._connection().websocket
        return websocket

    def _parts(self) -> dict[str, Any]:
        return {**super()._parts(), "websocket": self.websocket}

    # For a type checker hooks take anything, because every subclass declares its own parameters.

    if TYPE_CHECKING:

        async def on_connect(self, *args: Any, **kwargs: Any) -> None: ...

        async def on_receive(self, *args: Any, **kwargs: Any) -> None: ...

        async def on_disconnect(self, *args: Any, **kwargs: Any) -> None: ...

    else:

        async def on_connect(self, websocket: WebSocket) -> None:
            """A client asks for a connection: accept it, or close it."""
            await websocket.accept()

        async def on_receive(self, websocket: WebSocket, data: Data) -> None:
            """A client has sent a message."""

        async def on_disconnect(self, websocket: WebSocket, websocket_code: Code) -> None:
            """The connection has ended, with this code; or ends now."""
            await websocket.close(websocket_code)


def make(endpoint: Any, call: Call) -> Any:
    """An instance of an endpoint that shares the request object of a call, in `__init__` too."""
    made = endpoint.__new__(endpoint)
    made._call = call
    made.__init__(call.scope, call.receive, call.send)
    return made


def is_plain(endpoint: type) -> bool:
    """Whether instances of an endpoint class are made as `HTTPEndpoint` makes them, so that they
    may look at their request later: nothing of the class's own takes part in that."""
    ours = (HTTPEndpoint, _Endpoint, object)
    own = [kind for kind in endpoint.__mro__ if kind not in ours]
    return type(endpoint) is type and not any(
        name in vars(kind) for kind in own for name in _TAKES_PART
    )


_TAKES_PART = (
    *("__init__", "__new__", "__del__", "__getattribute__", "__getattr__"),
    *("__setattr__", "__delattr__", "scope", "receive", "send", "state", "request"),
    *("_call", "_state", "_late", "_body", "_parts", "_connection", "_look"),
)


def hooks_of(endpoint: type[Any]) -> Mapping[str, Signature]:
    """What each hook of a websocket class takes, annotations as they stand.

    :raises ApplicationError: A hook is not `async def`, or the encoding is unknown.
    """
    if endpoint.encoding not in ENCODINGS:
        raise ApplicationError(
            f"encoding: {describe(endpoint)} has {endpoint.encoding!r}; "
            "known are 'bytes', 'text', 'json' and None"
        )
    hooks = {}
    for name in HOOKS:
        signature = read_method(endpoint, name)
        if not (signature.awaits or inspect.iscoroutinefunction(getattr(endpoint, name))):
            raise ApplicationError(
                f"{describe(endpoint)}.{name} is not async: write 'async def {name}', because "
                "websocket hooks run on the event loop"
            )
        hooks[name] = signature
    return hooks
