"""The application: routes, and all that surrounds them.

    app = Flama(components=[...], middleware=[Middleware(...)])

    @app.get("/items/{item_id:int}/")
    async def show(item_id: int): ...

A `Flama` is an ASGI application that serves by itself, interpreted. Compiled dispatch serves the
same application through the same layers and life cycle:

* `layers(innermost, outermost=...)` builds the middleware and exception layers around any router;
* `lifecycle` is its life (`flama.lifespan.Lifespan`): `ready`, `admit()`, and the ASGI protocol;
* `begin(scope)` writes what the outermost application adds to the scope of every request;
* `freeze(reason)` refuses routes from then on, here and below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flama._arguments import items_of, mapping_of
from flama._layers import Exceptions, Handlers, check_handler, stack
from flama._matching import NO_PREFIX
from flama._registration import Registration
from flama.exceptions import ApplicationError
from flama.injection import Component, Components
from flama.lifespan import Lifespan
from flama.middleware import as_middleware
from flama.modules import Module, Modules
from flama.routing import BaseRoute, Prefix, Route, Router, router_of
from flama.types import ASGIApp, Receive, Scope, Send

__all__ = ["Flama"]

EVENTS = ("startup", "shutdown")

NOT_OFFERED: Mapping[str, str] = {
    **dict.fromkeys(("resources", "resource", "add_resource"), "resources"),
    **dict.fromkeys(("models", "model", "add_model", "model_resource"), "machine-learning models"),
    **dict.fromkeys(("paginate", "paginator"), "pagination helpers"),
    **dict.fromkeys(("sqlalchemy", "authentication", "telemetry", "mcp"), "optional modules"),
}
"""Attributes that applications of Flama itself have, and what they are for."""

OPENAPI: Mapping[str, Any] = {
    "info": {"title": "Flama", "version": "0.1.0", "description": "Firing up with the flame"}
}


class Flama(Registration):
    """An application.

    :param routes: Entries to start with; they come before `/schema/` and `/docs/`.
    :param components: Values that views ask for by type.
    :param modules: Parts with a start and an end; each is an attribute of the application.
    :param middleware: The first is the outermost.
    :param debug: Show HTML pages for 404 and 500 to browsers.
    :param events: `{"startup": [...], "shutdown": [...]}`, sync or async functions.
    :param lifespan: Called with the application, gives an asynchronous context manager; what it
        yields is in `request.state`.
    :param openapi: Parts of the OpenAPI document that signatures cannot tell.
    :param schema: Path of the OpenAPI document, None for none.
    :param docs: Path of the documentation page, None for none.
    :param parent: An application whose components are in reach too.
    :raises ApplicationError: An argument is unsuitable; the message names it.
    """

    def __init__(
        self,
        *,
        routes: Iterable[BaseRoute] | None = None,
        components: Iterable[Component] | None = None,
        modules: Iterable[Module | type[Module]] | None = None,
        middleware: Iterable[Any] | None = None,
        debug: bool = False,
        events: Mapping[str, Iterable[Callable[..., Any]]] | None = None,
        lifespan: Callable[[Any], Any] | None = None,
        openapi: Mapping[str, Any] | None = None,
        schema: str | None = "/schema/",
        docs: str | None = "/docs/",
        parent: Flama | None = None,
    ) -> None:
        if schema is None and docs is not None:
            raise ApplicationError(
                f"docs={docs!r} needs the schema: schema=None allows docs=None only"
            )
        if parent is not None and not isinstance(parent, Flama):
            raise ApplicationError(f"parent={parent!r} is not a Flama application")
        self.debug = debug
        self.parent = parent
        self.openapi = OPENAPI if openapi is None else mapping_of("openapi", openapi)
        self.schema_path = schema
        self.docs_path = docs
        self.router = Router(routes, components=components)
        self.middleware = [as_middleware(item) for item in items_of("middleware", middleware)]
        self.exception_handlers: Handlers = {}
        self.events = _events(events)
        self.modules = Modules(self, modules)
        self.lifecycle = Lifespan(self, lifespan)
        self._stacks: dict[bool, ASGIApp] = {}
        if schema is not None:
            self._add_documents(schema, docs)

    # Registration.

    @property
    def routes(self) -> list[BaseRoute]:
        """The entries, in registration order."""
        return self.router.routes

    @property
    def components(self) -> Components:
        """The components, in registration order."""
        return self.router.components

    def add_entry(self, route: Any) -> None:
        """Append one entry to the routes.

        :raises ApplicationError: It is no route, or closes a circle of mounts, or registration is
            over.
        """
        self.router.add_entry(route)

    def add_component(self, component: Component) -> None:
        """Add a component; the first that can resolve a parameter does.

        :raises ApplicationError: It is not a component.
        """
        self.router.add_component(component)

    def add_middleware(self, middleware: Any, *args: Any, **kwargs: Any) -> None:
        """Add a middleware around all others: a `Middleware`, or a class and its arguments.

        :raises ApplicationError: It is none, or compiled dispatch leads past it.
        """
        if self.router.flattened is not None:
            raise ApplicationError(self.router.flattened)
        self.middleware.insert(0, as_middleware(middleware, *args, **kwargs))
        self._stacks.clear()

    def add_exception_handler(
        self, exc_class_or_status_code: type[Exception] | int, handler: Callable[..., Any]
    ) -> None:
        """Answer exceptions of a class (and its subclasses), or HTTP errors of a status.

        :param handler: Takes `(request, exc)` or `(scope, receive, send, exc)`, sync or async, and
            returns the response.
        :raises ApplicationError: An argument is unsuitable, or compiled dispatch leads past it.
        """
        if self.router.flattened is not None:
            raise ApplicationError(self.router.flattened)
        check_handler(exc_class_or_status_code, handler)
        self.exception_handlers[exc_class_or_status_code] = handler

    def add_event_handler(self, event: str, handler: Callable[..., Any]) -> None:
        """Run a function at `startup` or `shutdown`.

        :raises ApplicationError: An argument is unsuitable.
        """
        if event not in EVENTS:
            raise ApplicationError(f"event={event!r} is neither 'startup' nor 'shutdown'")
        if not callable(handler):
            raise ApplicationError(f"handler={handler!r} cannot be called")
        self.events[event].append(handler)

    def on_event(self, event: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Run the decorated function at `startup` or `shutdown`.

        :raises ApplicationError: The event is neither.
        """
        if event not in EVENTS:
            raise ApplicationError(f"event={event!r} is neither 'startup' nor 'shutdown'")

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.add_event_handler(event, handler)
            return handler

        return register

    def resolve_url(self, name: str, **params: Any) -> Any:
        """The URL of a route by its name, `mount:route` through mounts; its `path` is the path.

        :raises NotFoundException: No route has this name with these parameters.
        """
        return self.router.resolve_url(name, **params)

    # What compiled dispatch shares.

    def layers(self, innermost: ASGIApp, *, outermost: bool) -> ASGIApp:
        """The middleware and exception layers of this application around what routes requests."""
        inside = Exceptions(innermost, self.exception_handlers)
        return stack(inside, self.middleware, outermost=outermost)

    def begin(self, scope: Scope) -> None:
        """Write what the outermost application adds to the scope of a request."""
        scope["app"] = scope["flama.root"] = self
        scope["flama.chain"] = (self,)
        if "flama.prefix" not in scope:
            # NOTE: kept when a middleware sends the same scope through again.
            params = scope.get("path_params")
            scope["flama.prefix"] = Prefix(dict(params), {}, {}) if params else NO_PREFIX
        if "app_root_path" in scope:
            # Mounted in a foreign application: URLs of ours begin below that mount.
            scope["flama.outer"] = scope["root_path"][len(scope["app_root_path"]) :]
        state = scope.setdefault("state", {})
        if self.lifecycle.state:
            for key, value in self.lifecycle.state.items():
                state.setdefault(key, value)

    def prepare(self) -> None:
        """Find out how every parameter of every view here and below is filled.

        :raises ApplicationError: One cannot be.
        """
        self.router.prepare((self,), {})

    def freeze(self, reason: str) -> None:
        """Refuse further routes on this application and on all that are mounted below it."""
        self.router.frozen = reason
        for entry in self.router.routes:
            if entry.kind != "mount":
                continue
            router = router_of(entry.app)  # type: ignore[attr-defined]
            if router is not None and router.frozen is None:
                router.frozen = reason
                owner = entry.app  # type: ignore[attr-defined]
                if isinstance(owner, Flama):
                    owner.freeze(reason)

    # Serving, interpreted.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] == "lifespan":
            await self.lifecycle(scope, receive, send)
            return
        root = scope.get("flama.root")
        if root is not None and root is not self:
            # Mounted behind something that is not ours.
            if self not in scope["flama.chain"]:
                scope["flama.chain"] = (self, *scope["flama.chain"])
            await self.enter(scope, receive, send)
            return
        if not self.lifecycle.ready:
            await self.lifecycle.admit()
        self.begin(scope)
        await self._layered(outermost=True)(scope, receive, send)

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that a mount hands over."""
        if not self.lifecycle.ready:
            await self.lifecycle.admit()
        scope["app"] = self
        scope.setdefault("state", {}).update(self.lifecycle.state)
        await self._layered(outermost=False)(scope, receive, send)

    def _layered(self, *, outermost: bool) -> ASGIApp:
        layers = self._stacks.get(outermost)
        if layers is None:
            layers = self._stacks[outermost] = self.layers(
                self.router.dispatch, outermost=outermost
            )
        return layers

    def _add_documents(self, schema: str, docs: str | None) -> None:
        from flama.schemas import docs_view, schema_view

        self.add_entry(Route(schema, schema_view, name="schema", include_in_schema=False))
        if docs is not None:
            self.add_entry(Route(docs, docs_view, name="docs", include_in_schema=False))

    if TYPE_CHECKING:
        # Modules are attributes of their application, which a type checker cannot know.
        def __getattr__(self, name: str) -> Any: ...


class _NotOffered:
    """An attribute that applications of Flama itself have; one of the application's own, a module
    for example, comes first.

    PERF: with a `__getattr__`, reading any attribute of an application takes three times as long.
    """

    def __init__(self, name: str, what: str) -> None:
        self._name = name
        self._what = what

    def __get__(self, app: Any, owner: type) -> Any:
        if app is None:
            raise AttributeError(f"type object {owner.__name__!r} has no attribute {self._name!r}")
        raise AttributeError(f"{self._name!r}: {self._what} of Flama are not offered here")


def _offer_not(names: Mapping[str, str]) -> None:
    for name, what in names.items():
        setattr(Flama, name, _NotOffered(name, what))


_offer_not(NOT_OFFERED)


def _events(
    events: Mapping[str, Iterable[Callable[..., Any]]] | None,
) -> dict[str, list[Callable[..., Any]]]:
    found: dict[str, list[Callable[..., Any]]] = {event: [] for event in EVENTS}
    for event, handlers in mapping_of("events", events).items():
        if event not in EVENTS:
            raise ApplicationError(f"events: {event!r} is neither 'startup' nor 'shutdown'")
        if callable(handlers):
            raise ApplicationError(f"events: {event!r} needs a list of functions, not {handlers!r}")
        for handler in items_of(f"events: {event!r}", handlers):
            if not callable(handler):
                raise ApplicationError(f"events: {handler!r} of {event!r} cannot be called")
            found[event].append(handler)
    return found
