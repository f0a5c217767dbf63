"""Applications, routers and what is registered on them, as they are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flama_compile.ir.routes import Handler
from flama_compile.link.values import ClassValue, DictValue, ListValue, Unknown, Value
from flama_compile.source import Span

__all__ = ["Application", "MountEntry", "RouteEntry", "Site", "SpecObject"]


@dataclass(frozen=True, slots=True, eq=False)
class RouteEntry:
    """A registration of a view."""

    kind: Literal["http", "websocket"]
    path: str
    endpoint: Value
    methods: tuple[str, ...] | None
    """As given; None when they follow from the endpoint."""
    name: Value
    """A string; None for the endpoint's; Unknown."""
    include_in_schema: bool | None
    """None when it is not known."""
    tags: Value
    span: Span
    path_span: Span
    verbs: Mapping[str, Value] = field(default_factory=dict)
    """What a class of views had under the names of verbs when it was registered."""


@dataclass(frozen=True, slots=True, eq=False)
class MountEntry:
    """An application under a prefix."""

    path: str
    target: Value
    name: Value
    span: Span
    path_span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place where something unknown may be registered."""

    reason: str
    detail: str
    span: Span
    code: str
    declared: bool
    tentative: bool = False
    """It stands only if nothing else in its file turned out to be dynamic."""


@dataclass(slots=True, eq=False)
class SpecObject:
    """A `Route(...)`, `WebSocketRoute(...)` or `Mount(...)` that stands by itself."""

    entry: RouteEntry | MountEntry | Site


@dataclass(slots=True, eq=False)
class Application:
    """A `Flama` or a `Router`, or an object of a subclass."""

    kind: Literal["flama", "router"]
    cls: ClassValue | None
    span: Span
    entries: list[RouteEntry | MountEntry | Site] = field(default_factory=list)
    components: list[Value] = field(default_factory=list)
    components_unknown: bool = False
    above: Application | None = None
    """`parent=` of a Flama, `app=` of a Router: its components are in reach too."""
    middleware: ListValue = field(default_factory=lambda: ListValue([]))
    """Middleware and added exception handlers: what makes a group of it."""
    handlers: DictValue = field(default_factory=lambda: DictValue({}))
    ready: bool = True
    """Whether the framework's own `__init__` has run; not yet, where a subclass has one."""
    modules_given: bool = False
    """It has modules, whose names are attributes."""
    attributes: dict[str, Value] = field(default_factory=dict)
    ref: Handler | None = None
    """Where it is found: the first module attribute that it was assigned to."""
    local: Handler | None = None
    """The function in which it was made, when no module attribute holds it."""
    unknown: Unknown | None = None
