"""The route table: what an application answers, in registration order.

A table is a tree of applications. The entries of an application stand in registration order, and
order is law: the first entry that matches answers. A mount carries the table of the application
below it (or none, for a foreign ASGI application). An application mounted twice stands twice, each
time with the whole paths of that place.

Templates are tuples of segments, the text between slashes after the first one::

    ""                     ()
    "/"                    ("",)
    "/items/{id:int}/"     ("items", Param("id", "int"), "")
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flama.paths import Param

from flama_compile.source import Span

__all__ = [
    "App",
    "DynamicSite",
    "Entry",
    "Handler",
    "Mount",
    "Origin",
    "Param",
    "Parameter",
    "ParameterKind",
    "Route",
    "RouteTable",
    "Segment",
    "Template",
    "View",
]

Segment = str | Param
Template = tuple[Segment, ...]

ParameterKind = Literal[
    "positional-only", "positional", "var-positional", "keyword-only", "var-keyword"
]

Origin = Literal["connection", "component", "path", "query", "body", "empty", "late", "unfillable"]
"""Where a parameter's value comes from. `empty`: `*args` and `**kwargs`. `late`: only live
objects can tell (an unresolved annotation, a component chosen by `can_handle_parameter`).
`unfillable`: nothing can fill it, which `check` reports."""


@dataclass(frozen=True, slots=True)
class Handler:
    """An object that applications name: a view, an endpoint class, an application.

    `late` says that the object is known only when the application is loaded (a closure, a renamed
    function, the result of an unknown decorator); module and qualified name are then the best
    that the source says, for people, and take no part in comparisons.
    """

    module: str
    qualname: str
    late: bool = False

    def __str__(self) -> str:
        return f"{self.module}:{self.qualname}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a view.

    `type` is the canonical text of the annotation after resolution: a primitive's word (`int
    float str bool uuid decimal date time datetime`), `T?` for Optional, `list[T]`, `A|B`,
    `Literal['a', 1]`, `module:qualname` for any other class, `*` when it cannot be known and
    "" when there is none. `default` is the source text of the default, None when there is none.
    """

    name: str
    kind: ParameterKind
    type: str
    default: str | None
    origin: Origin
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One callable of a route: the function, or one verb or hook of an endpoint class."""

    verb: str
    """"" for a function, else the method's name: `get`, `post`, `on_receive`."""
    parameters: tuple[Parameter, ...]
    awaits: bool | None
    """Whether it is `async def`; None when only the live object can tell."""
    returns: str
    """Canonical type text of the return annotation, "" when there is none, `*` when unknown."""
    late: bool = False
    """The signature is known only at load; `parameters` is then empty."""


@dataclass(frozen=True, slots=True)
class Route:
    """One registration of a view under a path."""

    kind: Literal["http", "websocket"]
    own: str
    """The path as it was registered, leading slashes collapsed, without any prefix."""
    path: str
    """The whole path, with the prefixes of all mounts above."""
    segments: Template
    """Segments of the whole path."""
    methods: tuple[str, ...]
    """Sorted, HEAD included; empty for a websocket."""
    handler: Handler
    is_class: bool
    views: tuple[View, ...]
    name: str | None
    """The route's own name, without those of mounts; None when it is known only at load."""
    include_in_schema: bool | None
    """None when it is known only at load."""
    span: Span | None
    encoding: str | None = None
    """`bytes`, `text` or `json` of a WebSocketEndpoint, `?` when it is known only at load; None
    otherwise."""
    body_digest: str = ""
    """Digest of the handler's source (decorators and docstring aside), to follow moved code."""
    deprecated: bool | None = False
    """None when `tags` are known only at load."""
    sunset: str | None = None
    """ISO date after which the route may go, from `tags`; None when there is none, or when it is
    known only at load."""
    path_span: Span | None = None
    """The path argument alone, for diagnostics; None for implicit routes."""


@dataclass(frozen=True, slots=True)
class DynamicSite:
    """A place where the application may register routes that its source does not tell.

    Nothing that is registered after it may be matched before it.
    """

    reason: str
    """Kebab-case, such as `loop-over-unknown`."""
    detail: str
    """One sentence for people."""
    span: Span | None
    file: str = ""
    """The file, where a manifest gives no more than that."""
    declared: bool = False
    """The project's settings or a marker on the line say that it is so: no reason to refuse."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Everything under a prefix handed to another application. A prefix that matches is final."""

    own: str
    """The prefix as it was registered; a trailing slash is dropped, "" takes everything."""
    path: str
    """The whole prefix, with those of the mounts above; "" for the root."""
    segments: Template
    target: Handler
    app: App | None
    """The table below; None for a foreign ASGI application."""
    name: str | None
    late_name: bool
    span: Span | None
    body_digest: str = ""
    """Digest of a foreign application's source, where it is a function or class of the project."""


Entry = Route | Mount | DynamicSite


@dataclass(frozen=True, slots=True)
class App:
    """One application of the tree: a Flama or a Router."""

    ref: Handler
    kind: Literal["flama", "router"]
    group: bool
    """It has middleware or exception handlers: its own stack runs before its own matching."""
    components: tuple[Handler, ...] | None
    """Component classes in registration order; None when the list is not static."""
    entries: tuple[Entry, ...]
    span: Span | None
    group_late: bool = False
    """Whether it has any is known only at load; it is then treated as a group, which is right for
    both."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All that one application answers."""

    app: str
    """`package.module:attribute`."""
    root: App

    def walk(self) -> Iterator[Entry]:
        """Every entry, depth first: a mount, then what is below it."""
        return _walk(self.root)

    @property
    def routes(self) -> list[Route]:
        return [entry for entry in self.walk() if isinstance(entry, Route)]

    @property
    def dynamic(self) -> list[DynamicSite]:
        return [entry for entry in self.walk() if isinstance(entry, DynamicSite)]

    @property
    def exact(self) -> bool:
        """Whether nothing is registered that the source does not tell."""
        return not self.dynamic


def _walk(app: App) -> Iterator[Entry]:
    for entry in app.entries:
        yield entry
        if isinstance(entry, Mount) and entry.app is not None:
            yield from _walk(entry.app)
