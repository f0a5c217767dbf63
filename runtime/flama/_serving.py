"""The ASGI function of a compiled application, and the dispatch inside groups.

`serve` makes a plain function with two ways through it. Without middleware, a request costs a
match, a look-up of the method, the binder, the encoder and two sends. All else (websockets,
lifespan, start-up, middleware, exceptions) goes through the same layers as interpreted dispatch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flama._entering import descended, entered, opened
from flama._layers import Exceptions, Handlers, answer, server_error, stack
from flama._matching import route_path
from flama._tree import COMPILED
from flama._views import SENT, View, as_declared, hand_over, interpret
from flama.exceptions import MethodNotAllowedException, NotFoundException
from flama.results import (
    _I,
    _N,
    JSON_HEADER,
    _encode,
    encode,
    encode_result,
    error_body,
    is_response,
)
from flama.routing import router_of
from flama.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from flama._taking import Views
    from flama.dispatch import Match, Resource

__all__ = ["Group", "serve"]

Matcher = Callable[[str], "Match"]

NOT_FOUND_BODY = error_body(404, "Not Found", "HTTPException")
NOT_ALLOWED_BODY = error_body(405, "Method Not Allowed", "HTTPException")
NOT_FOUND_LENGTH = (b"content-length", b"%d" % len(NOT_FOUND_BODY))
NOT_ALLOWED_LENGTH = (b"content-length", b"%d" % len(NOT_ALLOWED_BODY))

KNOWN = 1024
LENGTHS = [(b"content-length", b"%d" % size) for size in range(KNOWN)]
"""The headers of short bodies.

PERF: formatting the number takes 120 ns of a request's 900, looking it up 35; making them takes
0.1 ms and 100 kB. Tuples may be shared, lists of headers may not.
"""

_allow: dict[tuple[str, ...], tuple[bytes, bytes]] = {}
"""The `Allow` header of every list of methods that was refused; an application has few."""

_SENDS_BY_ITSELF = (as_declared, hand_over, interpret)


def serve(views: Views, match_http: Matcher, match_websocket: Matcher) -> ASGIApp:
    """The compiled application: an ASGI function over the imported one.

    :param match_http: From a path to its resource and its segments.
    :param match_websocket: The same, for websockets.
    """
    application = views.application
    life = application.lifecycle
    layered = Layered(application, match_http, match_websocket, outermost=True)
    # These two are changed in place.
    middleware, handlers = application.middleware, application.exception_handlers

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """The compiled application."""
        if scope["type"] != "http" or not life.ready or middleware or "flama.root" in scope:
            if scope["type"] == "lifespan":
                await life(scope, receive, send)
                return
            if scope.get("flama.root", application) is not application:
                # Inside another application, whose components and handlers are in reach too, and
                # for which nothing here was compiled.
                await application(scope, receive, send)
                return
            if not life.ready:
                await life.admit()
            if scope["type"] != "http" or middleware:
                application.begin(scope)
                await layered.stack()(scope, receive, send)
                return
        path = scope["path"] if not scope.get("root_path") else route_path(scope)
        resource, segments = match_http(path)
        view = resource.get(scope["method"])
        if view is None:
            view = resource.rest
            if view is None:
                if handlers or application.debug:
                    application.begin(scope)
                    await layered.stack()(scope, receive, send)
                else:
                    await refuse(resource, send)
                return
            if resource:
                scope["flama.allowed"] = frozenset(resource)
        try:
            result = await view.bind(view, scope, receive, send, segments)
            kind = type(result)
            if kind is dict or kind is list:
                try:
                    # PERF: `encode` without its call, which is 2 % of a request.
                    body = _encode(result)
                    if _N in body or _I in body:
                        body = encode(result)
                except Exception:
                    # Fails again, with a log line that names the view.
                    body = encode_result(result, view.handler)
            elif result is SENT:
                return
            elif is_response(result):
                await respond(result, view, scope, receive, send, segments)
                return
            else:
                body = encode_result(result, view.handler)
        except Exception as error:
            if not await answered(error, view, scope, receive, send, segments):
                raise
            return
        size = len(body)
        length = LENGTHS[size] if size < KNOWN else (b"content-length", b"%d" % size)
        await send({"type": "http.response.start", "status": 200, "headers": [length, JSON_HEADER]})
        await send({"type": "http.response.body", "body": body})

    COMPILED[app] = application
    return app


async def refuse(resource: Resource, send: Send) -> None:
    """The default answer where nothing has the path, or nothing the method."""
    if resource.hidden:
        headers = [NOT_FOUND_LENGTH, JSON_HEADER]
        status, body = 404, NOT_FOUND_BODY
    else:
        methods = tuple(resource)
        allow = _allow.get(methods)
        if allow is None:
            allow = _allow[methods] = (b"allow", ", ".join(sorted(methods)).encode("latin-1"))
        headers = [NOT_ALLOWED_LENGTH, JSON_HEADER, allow]
        status, body = 405, NOT_ALLOWED_BODY
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def encoded(result: Any, view: View) -> bytes:
    """The JSON of a dictionary or a list that a view returned."""
    try:
        return encode(result)
    except Exception:
        # Fails again, with a log line that names the view.
        return encode_result(result, view.handler)


async def respond(
    response: Any,
    view: View,
    scope: Scope,
    receive: Receive,
    send: Send,
    segments: Sequence[str],
) -> None:
    """Let a response send itself, in the scope that its route has."""
    opened(view.level.root, scope, receive, send)
    inner, _ = entered(view, scope, segments)
    await response(inner, receive, scope["flama.watch"].send)


async def answered(
    error: Exception,
    view: View,
    scope: Scope,
    receive: Receive,
    send: Send,
    segments: Sequence[str],
) -> bool:
    """Answer an exception as the layers would; False if it is to travel on to the server."""
    opened(view.level.root, scope, receive, send)
    watch = scope["flama.watch"]
    if view.bind is interpret:
        inner = scope
    elif view.bind is hand_over:
        inner = descended(view, scope, segments)
    else:
        inner, _ = entered(view, scope, segments)
    try:
        if await answer(error, inner, receive, watch.send, watch):
            return True
    except Exception as second:
        await server_error(second, scope, watch.send, watch)
        raise
    await server_error(error, scope, watch.send, watch)
    return False


class Dispatch(Exceptions):
    """The innermost layer of an application, with compiled matching inside."""

    def __init__(self, match_http: Matcher, match_websocket: Matcher, handlers: Handlers) -> None:
        super().__init__(self._connect, handlers)
        self._match_http = match_http
        self._match_websocket = match_websocket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the view and let it answer."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        watch = self.enter(scope, receive, send)
        try:
            path = scope["path"]
            if not path or scope.get("root_path"):
                path = route_path(scope)
            resource, segments = self._match_http(path)
            view = resource.get(scope["method"])
            if view is None:
                view = resource.rest
                if view is None:
                    await _refuse(resource, scope, receive, watch.send)
                    return
                if resource:
                    scope["flama.allowed"] = frozenset(resource)
            inner = scope
            if view.bind not in _SENDS_BY_ITSELF:
                # Middleware may look at what a matched route writes.
                inner, _ = entered(view, scope, segments)
            result = await view.bind(view, scope, receive, watch.send, segments)
            kind = type(result)
            if kind is dict or kind is list:
                body = encoded(result, view)
            elif result is SENT:
                return
            elif is_response(result):
                await result(inner, receive, watch.send)
                return
            else:
                body = encode_result(result, view.handler)
        except Exception as error:
            if not await self.answer(error, scope, receive, watch):
                raise
            return
        # What fails from here on fails after the start of a response: nobody can answer it.
        size = len(body)
        length = LENGTHS[size] if size < KNOWN else (b"content-length", b"%d" % size)
        await send({"type": "http.response.start", "status": 200, "headers": [length, JSON_HEADER]})
        await send({"type": "http.response.body", "body": body})

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the view of a websocket and let it converse."""
        resource, segments = self._match_websocket(route_path(scope))
        view = resource.get("WEBSOCKET") or resource.rest
        if view is None:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        await view.bind(view, scope, receive, send, segments)


async def _refuse(resource: Resource, scope: Scope, receive: Receive, send: Send) -> None:
    """Inside layers a refusal is an exception, which handlers may answer."""
    if any(scope.get("flama.handlers", ())):
        # A handler sees the scope of the innermost application that the path leads to.
        router = router_of(scope["flama.chain"][0])
        if router is not None:
            await router.dispatch(scope, receive, send)
            return
    if resource.hidden:
        raise NotFoundException(scope["path"])
    allowed = scope["flama.prefix"].allowed.union(resource)
    raise MethodNotAllowedException(scope["path"], scope["method"], allowed)


class Layered:
    """An application's layers around compiled dispatch, built anew when middleware was added."""

    def __init__(
        self, app: Any, match_http: Matcher, match_websocket: Matcher, *, outermost: bool
    ) -> None:
        handlers = getattr(app, "exception_handlers", {})
        self._dispatch = Dispatch(match_http, match_websocket, handlers)
        self._outermost = outermost
        self._middleware = app.middleware
        self._stacked: list[Any] | None = None
        self._stack: ASGIApp

    def stack(self) -> ASGIApp:
        """The outermost layer."""
        if self._stacked != self._middleware:
            self._stacked = list(self._middleware)
            self._stack = stack(self._dispatch, self._stacked, outermost=self._outermost)
        return self._stack


class Group:
    """A mounted application that has layers of its own, with match functions of its own."""

    def __init__(self, view: View, match_http: Matcher, match_websocket: Matcher) -> None:
        self._app = view.entry.app
        self._layered = Layered(self._app, match_http, match_websocket, outermost=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that the mount hands over."""
        life = getattr(self._app, "lifecycle", None)
        if life is not None:
            if not life.ready:
                await life.admit()
            scope["app"] = self._app
            scope.setdefault("state", {}).update(life.state)
        await self._layered.stack()(scope, receive, send)
