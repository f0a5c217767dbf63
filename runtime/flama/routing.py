"""Routes, and the small linear router that is the specification of which one answers.

Entries are tested in registration order; the first that matches answers. A path match with the
wrong method is remembered while the search goes on. A mount whose prefix matches is final.

    Router(routes=[
        Route("/", list_items),
        Route("/{item_id:int}/", get_item, methods=["GET", "DELETE"]),
        WebSocketRoute("/feed/", feed),
        Mount("/admin", admin),
    ])

A route is a record. What serves it is bound when the application starts (`Router.prepare`) and
kept in `Route.bindings`, one binding per chain of applications that leads to it.

Matching keeps its state in the scope: `flama.chain` (applications around the request, the
innermost first) and `flama.prefix` (what mounts have matched, a `Prefix`). `app`, `path_params`,
`root_path`, `app_root_path`, `route` and `endpoint` are as in Starlette. A mount gives the
application below it a copy of the scope; a route adds to the one it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any

from flama._arguments import checked_name, items_of
from flama._matching import (
    Prefix,
    mounted_scope,
    route_path,
    taken_text,
)
from flama._registration import Registration
from flama._routes import NO_TAGS, BaseRoute, Route, WebSocketRoute
from flama._tree import (
    COMPILED,
    applications_below,
    check_cycle,
    hand_over,
    in_reach,
    prepare_entry,
    router_of,
    warn_of_empty,
)
from flama.exceptions import ApplicationError, MethodNotAllowedException, NotFoundException
from flama.injection import Component, Components
from flama.middleware import as_middleware
from flama.paths import (
    Param,
    match,
    match_prefix,
    normalise,
    parse_prefix,
    split,
)
from flama.types import ASGIApp, Receive, Scope, Send

__all__ = [
    "BaseRoute",
    "Mount",
    "Prefix",
    "Route",
    "Router",
    "WebSocketRoute",
    "in_reach",
    "mounted_scope",
    "route_path",
    "router_of",
]


class Mount(BaseRoute):
    """Another application under a prefix: a `Flama`, a `Router`, or any ASGI application.

    :raises ValueError: The path is no template.
    :raises ApplicationError: There is no application.
    """

    __slots__ = ("_segments", "app", "tags")

    kind = "mount"

    def __init__(
        self,
        path: str,
        app: Any = None,
        *,
        name: str | None = None,
        routes: Sequence[BaseRoute] | None = None,
        tags: Mapping[str, Any] | None = None,
    ) -> None:
        self._segments = parse_prefix(path)
        self.path = normalise(path).rstrip("/")
        if app is None and routes is not None:
            app = Router(routes)
        if app is None or not callable(app):
            raise ApplicationError(f"app={app!r} is not an application that can be mounted")
        # A compiled application is one of its own; here it is a part of another, and has its names,
        # its documents and its life in common with it.
        self.app = COMPILED.get(app, app) if type(app) is FunctionType else app
        self.name = checked_name(name)
        self.include_in_schema = True
        self.tags = tags or NO_TAGS

    @property
    def segments(self) -> tuple[str | Param, ...]:
        """The segments of the prefix, without a trailing slash."""
        return self._segments

    @property
    def routes(self) -> list[BaseRoute]:
        """The entries of the application below; empty for a foreign one."""
        router = router_of(self.app)
        return [] if router is None else router.routes

    async def handle(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        texts: Mapping[str, str],
        taken: str,
        allowed: frozenset[str],
    ) -> None:
        """Hand a request over. `taken` is the text that the prefix matched."""
        below = mounted_scope(scope, self.segments, texts, taken, allowed)
        await hand_over(self.app, scope, below, receive, send)


class Router(Registration):
    """A list of routes with components and middleware of its own.

    :param app: An application whose components are in reach too, wherever it is mounted.
    """

    kind = "router"

    def __init__(
        self,
        routes: Iterable[BaseRoute] | None = None,
        *,
        components: Iterable[Component] | None = None,
        middleware: Iterable[Any] | None = None,
        app: Any = None,
    ) -> None:
        self.routes: list[BaseRoute] = []
        self.components = Components(components)
        self.middleware = [as_middleware(item) for item in items_of("middleware", middleware)]
        self.app = app
        self.frozen: str | None = None
        """Why no more routes can be registered, when dispatch is compiled."""
        self.flattened: str | None = None
        """Why no layers can be added: compiled dispatch knows of none and leads past them."""
        self.chains: list[tuple[tuple[Any, ...], Mapping[str, str]]] = []
        """The places where this router was prepared: its chains of applications."""
        self.mounted = False
        """Whether it is mounted somewhere, so that its path is never empty."""
        self.foreign_states: dict[int, Mapping[str, Any]] = {}
        self._stacks: dict[bool, ASGIApp] = {}
        for route in items_of("routes", routes):
            self.add_entry(route)

    # Registration.

    def add_entry(self, route: Any) -> None:
        """Append one entry.

        :raises ApplicationError: It is no route, or closes a circle of mounts, or registration is
            over.
        """
        if not isinstance(route, BaseRoute):
            raise ApplicationError(f"routes: {route!r} is not a Route, WebSocketRoute or Mount")
        if self.frozen is not None:
            raise ApplicationError(self.frozen)
        if isinstance(route, Mount):
            check_cycle(self, route.app)
            below = router_of(route.app)
            if below is not None:
                below.mounted = True
                for entry in below.routes:
                    warn_of_empty(entry)
        elif self.mounted:
            warn_of_empty(route)
        for chain, types in self.chains:
            # Serving already: what cannot work is said here, not to a client.
            prepare_entry(route, chain, types)
        self.routes.append(route)

    def add_component(self, component: Component) -> None:
        """Add a component, which later registered ones do not override.

        :raises ApplicationError: It is not a component.
        """
        self.components.append(component)

    def add_middleware(self, middleware: Any, *args: Any, **kwargs: Any) -> None:
        """Add a middleware around all others.

        :raises ApplicationError: It is none, or compiled dispatch leads past it.
        """
        if self.flattened is not None:
            raise ApplicationError(self.flattened)
        self.middleware.insert(0, as_middleware(middleware, *args, **kwargs))
        self._stacks.clear()

    # Preparation.

    def prepare(self, chain: tuple[Any, ...], types: Mapping[str, str]) -> None:
        """Bind every route, here and below.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        if (chain, types) not in self.chains:
            self.chains.append((chain, types))
        from flama._planning import check_components

        check_components(self.components, in_reach(chain))
        for entry in list(self.routes):
            prepare_entry(entry, chain, types)

    def tree(self) -> Iterator[Any]:
        """Every application mounted here and below, each once, parents first; not routers."""
        return applications_below(self, set())

    # Serving.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve this router by itself, as the application that it is."""
        if "flama.chain" in scope and self in scope["flama.chain"]:
            await self.enter(scope, receive, send)
            return
        await self._standalone(scope, receive, send)

    async def _standalone(self, scope: Scope, receive: Receive, send: Send) -> None:
        alone = self.__dict__.get("_alone")
        if alone is None:
            from flama.applications import Flama

            alone = self._alone = Flama(schema=None, docs=None)
            alone.mount("", self)
        await alone(scope, receive, send)

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that a mount hands over: through the middleware, then by a route."""
        layers = self._stacks.get(False)
        if layers is None:
            from flama._layers import Exceptions, stack

            inside = Exceptions(self.dispatch, {})
            layers = self._stacks[False] = stack(inside, self.middleware, outermost=False)
        await layers(scope, receive, send)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the entry that answers, and let it.

        :raises NotFoundException: No entry has the path.
        :raises MethodNotAllowedException: Entries have the path, but not the method.
        """
        kind = scope["type"]
        path = route_path(scope)
        segments = split(path)
        allowed: set[str] = set()
        found = False
        for entry in self.routes:
            if isinstance(entry, Mount):
                if segments is None:
                    texts: dict[str, str] | None = None if entry.segments else {}
                else:
                    texts = match_prefix(entry.segments, segments)
                if texts is None:
                    continue
                taken = "" if segments is None else taken_text(segments, len(entry.segments))
                methods = frozenset(allowed)
                await entry.handle(scope, receive, send, texts, taken, methods)
                return
            if segments is None or entry.kind != kind:
                continue
            texts = match(entry.segments, segments)
            if texts is None:
                continue
            if isinstance(entry, Route) and scope["method"] not in entry.methods:
                allowed |= entry.methods
                found = True
                continue
            await entry.handle(scope, receive, send, texts)  # type: ignore[attr-defined]
            return
        if kind == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
        elif found:
            allowed |= scope["flama.prefix"].allowed
            raise MethodNotAllowedException(scope["path"], scope["method"], allowed)
        else:
            raise NotFoundException(scope["path"])

    # Names.

    def resolve_url(self, name: str, **params: Any) -> Any:
        """The URL of a route by its name; see `flama.urls`.

        :raises NotFoundException: No route has this name with these parameters.
        """
        from flama.urls import resolve_url

        return resolve_url(self, name, params)
