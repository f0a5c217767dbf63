"""Entries of an application that have a view: HTTP routes and websocket routes.

They are public as `flama.routing.Route` and `flama.routing.WebSocketRoute`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from flama._arguments import check_websocket, checked_name, endpoint_name, methods_of
from flama._matching import Prefix, enter_route
from flama._signatures import remember_names
from flama._tree import bound
from flama.paths import Param, normalise, parse
from flama.types import Receive, Scope, Send

__all__ = ["NO_TAGS", "BaseRoute", "Route", "ViewRoute", "WebSocketRoute"]

NO_TAGS: Mapping[str, Any] = MappingProxyType({})
"""One for all entries without tags."""


class BaseRoute:
    """One entry of an application's routes."""

    __module__ = "flama.routing"
    __slots__ = ("include_in_schema", "name", "path")

    kind: ClassVar[str] = ""
    """`http`, `websocket` or `mount`."""
    path: str
    name: str | None
    include_in_schema: bool

    @property
    def segments(self) -> tuple[str | Param, ...]:
        """The segments of the path."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r}, name={self.name!r})"


class ViewRoute(BaseRoute):
    """What routes of both protocols have in common."""

    __slots__ = ("_segments", "bindings", "endpoint", "tags")

    def __init__(
        self,
        path: str,
        endpoint: Any,
        name: str | None,
        include_in_schema: bool,
        tags: Mapping[str, Any] | None,
    ) -> None:
        # PERF: only said to be a template here. Compiled dispatch never asks for the segments of
        # most routes, and 10,000 of them take 2 MB.
        parse(path)
        given_name = checked_name(name)
        self._segments: tuple[str | Param, ...] | None = None
        self.path = normalise(path)
        remember_names(endpoint)
        self.endpoint = endpoint
        self.name = endpoint_name(endpoint) if given_name is None else given_name
        self.include_in_schema = include_in_schema
        self.tags = tags or NO_TAGS
        self.bindings: dict[Any, Any] | None = None

    @property
    def segments(self) -> tuple[str | Param, ...]:
        """The segments of the path."""
        if self._segments is None:
            self._segments = parse(self.path)
        return self._segments

    def bind(self, chain: tuple[Any, ...], types: Mapping[str, str]) -> Any:
        """What serves requests here, for one place in the tree of applications.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        raise NotImplementedError

    async def handle(
        self, scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]
    ) -> None:
        """Answer a request whose path and method match; `texts` are this route's parameters."""
        prefix: Prefix = scope["flama.prefix"]
        binding = self.bind(scope["flama.chain"], prefix.types)
        enter_route(scope, self, texts)
        await binding(scope, receive, send, {**prefix.texts, **texts})


class Route(ViewRoute):
    """An HTTP view under a path.

    :param endpoint: A function, any other callable, or an `HTTPEndpoint` class.
    :param methods: GET for a function, its verbs for a class; GET adds HEAD.
    :param tags: Kept with the route, for tools.
    :raises ValueError: The path is no template.
    :raises ApplicationError: Another argument is unsuitable.
    """

    __module__ = "flama.routing"
    __slots__ = ("methods",)

    kind = "http"

    def __init__(
        self,
        path: str,
        endpoint: Any,
        *,
        methods: Iterable[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = True,
        tags: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(path, endpoint, name, include_in_schema, tags)
        self.methods = methods_of(methods, endpoint)

    def bind(self, chain: tuple[Any, ...], types: Mapping[str, str]) -> Any:
        """What answers requests here: see `ViewRoute.bind`."""
        from flama._http_views import bind_http

        return bound(self, chain, types, bind_http)


class WebSocketRoute(ViewRoute):
    """A websocket view under a path.

    :param endpoint: An asynchronous function or callable, or a `WebSocketEndpoint` class.
    :raises ValueError: The path is no template.
    :raises ApplicationError: The view is synchronous, or another argument is unsuitable.
    """

    __module__ = "flama.routing"
    __slots__ = ()

    kind = "websocket"

    def __init__(
        self,
        path: str,
        endpoint: Any,
        *,
        name: str | None = None,
        include_in_schema: bool = True,
        tags: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(path, endpoint, name, include_in_schema, tags)
        check_websocket(endpoint)

    def bind(self, chain: tuple[Any, ...], types: Mapping[str, str]) -> Any:
        """What serves connections here: see `ViewRoute.bind`."""
        from flama._websocket_views import bind_websocket

        return bound(self, chain, types, bind_websocket)
