"""Registration: what calls of an application's methods put into its list of entries.

Methods call each other as in the framework (`get` → `route` → `add_route` → `add_entry`), so that
a subclass that overrides one of them has its say.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flama_compile.link import (
    app_methods,
    attributes,
    calls,
    classes,
    entries,
    framework,
    outside,
    packages,
    refusals,
)
from flama_compile.link.applications import Application, Site, SpecObject
from flama_compile.link.arguments import Given, take
from flama_compile.link.values import (
    MISSING,
    Builtin,
    ClassValue,
    DictValue,
    External,
    ExternalObject,
    Instance,
    ListValue,
    Method,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "add_component",
    "add_entry",
    "canonical_class",
    "check_ready",
    "dynamic",
    "extend_entries",
    "framework_class",
    "get_attribute",
    "handed_over",
    "instantiate",
    "super_member",
    "unbound",
]

Places = Mapping[int | str, Span]

_STATE = frozenset(
    [
        "debug",
        "parent",
        "openapi",
        "events",
        "lifecycle",
        "modules",
        "frozen",
        "schema_path",
        "docs_path",
        "chains",
        "app",
        "foreign_states",
        "_stacks",
        "_layered",
        "_add_documents",
        "_standalone",
        "_alone",
    ]
)
"""Attributes that applications have, whose values do not matter here."""


def dynamic(machine: Machine, app: Application, why: Unknown, code: str, span: Span) -> None:
    """Put a dynamic site into an application's order."""
    machine.add_site(app, machine.site(why, code, span))


def handed_over(machine: Machine, app: Application, why: Unknown, span: Span) -> None:
    """Something that cannot be seen has an application: it may register anything on it."""
    dynamic(machine, app, why, "FC112", span)
    machine.touch(app, "ready")
    app.ready = True
    machine.touch(app, "components_unknown")
    app.components_unknown = True
    for layers in (app.middleware, app.handlers):
        machine.taint(layers, why)


def check_ready(machine: Machine, app: Value, name: str, span: Span) -> None:
    """Refuse what a subclass does with itself before it is an application."""
    if isinstance(app, Application) and app.ready is False:
        raise machine.failure(
            "AttributeError",
            "FC206",
            f"`{name}` is called before `super().__init__()`",
            span,
            "the application has nothing to register on yet",
            ("call `super().__init__()` first",),
        )


def framework_class(app: Application) -> External:
    """The class of an application that is of no class of the project."""
    return framework.FLAMA if app.kind == "flama" else framework.ROUTER


def canonical_class(machine: Machine, value: Value) -> Value:
    """A class where it is defined."""
    return packages.canonical(machine, value) if isinstance(value, External) else value


def instantiate(
    machine: Machine,
    cls: Value,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """An application, a route object or a component; MISSING for all other classes."""
    kind = _kind(machine, cls)
    if kind is None:
        return MISSING
    given = Given(positional, keywords, places, span)
    if kind.name not in ("Flama", "Router"):
        order, others = framework.PARAMETERS[kind.name]
        take(machine, kind.name, given, order, {*order, *others})
    if kind in (framework.ROUTE, framework.WEBSOCKET_ROUTE, framework.MOUNT):
        if isinstance(cls, ClassValue) and classes.own_attribute(cls, "__init__") is not None:
            why = Unknown(span, "custom-route", f"`{cls.name}` has an `__init__` of its own")
            return SpecObject(machine.site(why, "FC111", span))
        return SpecObject(entries.make(machine, kind, given))
    app = Application(
        "flama" if kind == framework.FLAMA else "router",
        cls if isinstance(cls, ClassValue) else None,
        span,
    )
    machine.touch(machine, "applications")
    machine.applications.append(app)
    if machine.patched_framework is not None:
        machine.add_site(app, machine.patched_framework)
    if isinstance(cls, ClassValue):
        init = classes.own_attribute(cls, "__init__")
        if cls.open is not None:
            why = Unknown(span, "unknown-base", f"`{cls.name}`: {cls.open.detail}")
            handed_over(machine, app, why, span)
        if init is not None:
            app.ready = False
            calls.call(machine, init[1], [app, *positional], keywords, span)
            return app
    elif cls != kind:
        why = Unknown(span, "unknown-base", f"`{cls}` is defined in an installed package")
        handed_over(machine, app, why, span)
    _initialise(machine, app, given)
    return app


_KINDS = (
    framework.FLAMA,
    framework.ROUTER,
    framework.ROUTE,
    framework.WEBSOCKET_ROUTE,
    framework.MOUNT,
)


def _kind(machine: Machine, cls: Value) -> External | None:
    if isinstance(cls, External) and cls.module.partition(".")[0] == "builtins":
        return None
    key = ("kind", id(cls) if isinstance(cls, ClassValue) else cls)
    if key not in machine.caches:
        above = list(classes.ancestors(machine, cls))
        machine.caches[key] = (
            cls,
            next((kind for kind in _KINDS if any(one == kind for one in above)), None),
        )
    found: External | None = machine.caches[key][1]
    return found


def _initialise(machine: Machine, app: Application, given: Given) -> None:
    """What the `__init__` of the framework's classes does, in its order."""
    machine.touch(app, "ready")
    app.ready = True
    name = framework_class(app).name
    order, others = framework.PARAMETERS[name]
    found = take(machine, name, given, order, {*order, *others})
    schema = found.get("schema", "/schema/") if app.kind == "flama" else None
    docs = found.get("docs", "/docs/") if app.kind == "flama" else None
    if app.kind == "flama" and schema is None and docs is not None:
        raise refusals.refused(
            machine,
            "the docs need the schema: `schema=None` allows `docs=None` only",
            given.place("schema"),
            ("give `docs=None` too",),
        )
    extend_entries(machine, app, found.get("routes"), given.place("routes"))
    _add_components(machine, app, found.get("components"), given.place("components"))
    above = found.get("parent" if app.kind == "flama" else "app")
    if isinstance(above, Application):
        app.above = above
    elif above is not None:
        app.components_unknown = True
    _add_layers(machine, app, found.get("middleware"), given.place("middleware"))
    refusals.check_settings(machine, app, found, given)
    app.modules_given = found.get("modules") is not None
    for name, path in (("schema", schema), ("docs", docs)):
        if path is not None:
            _append(machine, app, entries.implicit(machine, name, path, given))


def extend_entries(machine: Machine, app: Application, routes: Value, span: Span) -> None:
    """Append the route objects of a list, or a site when it is not known."""
    if routes is None:
        return
    if isinstance(routes, ListValue) and routes.unknown is not None:
        # What is known of the list may stand around what is not: nothing of it has a sure place.
        items: list[Value] | Unknown = routes.unknown
    else:
        items = refusals.items(machine, "routes", routes, span)
    if isinstance(items, Unknown):
        why = Unknown(span, "unknown-routes", f"the list of routes is not known: {items.detail}")
        place = items.span if items.reason == "conditional-on-unknown" and items.span else span
        machine.add_site(app, machine.site(why, "FC116", place))
        return
    for item in items:
        add_entry(machine, app, item, span)


def unbound(
    machine: Machine,
    function: External,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """`Flama.method(app, …)`; MISSING when it is another call."""
    if function.module.partition(".")[0] != "flama" or "." not in function.name:
        return MISSING
    app = positional[0] if positional else None
    if not isinstance(app, Application):
        return MISSING
    name = function.name.rpartition(".")[2]
    method = super_member(machine, app, name, span)
    moved = {at - 1 if isinstance(at, int) else at: place for at, place in places.items()}
    return calls.call(machine, method, positional[1:], keywords, span, moved)


def add_entry(machine: Machine, app: Application, item: Value, span: Span) -> None:
    """Append a route object."""
    if isinstance(item, SpecObject):
        _append(machine, app, item.entry)
    elif isinstance(item, Unknown):
        why = Unknown(span, "unknown-routes", f"a route object is not known: {item.detail}")
        dynamic(machine, app, why, "FC116", span)
    elif isinstance(item, ExternalObject | Instance):
        why = Unknown(span, "unknown-routes", "an object of a class that is not known as a route")
        dynamic(machine, app, why, "FC116", span)
    else:
        raise refusals.refused(machine, "the list of routes holds something that is no route", span)


def _append(machine: Machine, app: Application, entry: entries.Entry) -> None:
    if isinstance(entry, Site):
        machine.add_site(app, entry)
        return
    if machine.patched_framework is not None:
        # What registers may be another method by now, so nothing says what it registers.
        machine.add_site(app, machine.patched_framework)
        return
    machine.touch(app, "entries")
    app.entries.append(entry)


def _add_components(machine: Machine, app: Application, components: Value, span: Span) -> None:
    if components is None:
        return
    items = refusals.items(machine, "components", components, span)
    if isinstance(items, Unknown):
        machine.touch(app, "components_unknown")
        app.components_unknown = True
        return
    for item in items:
        add_component(machine, app, item, span)


def add_component(machine: Machine, app: Application, component: Value, span: Span) -> None:
    """Append a component."""
    refusals.check_component(machine, component, span)
    machine.touch(app, "components")
    app.components.append(component)
    if isinstance(component, Unknown | ExternalObject):
        machine.touch(app, "components_unknown")
        app.components_unknown = True


def _add_layers(machine: Machine, app: Application, layers: Value, span: Span) -> None:
    if layers is None:
        return
    items = refusals.items(machine, "middleware", layers, span)
    if isinstance(items, Unknown):
        machine.taint(app.middleware, items)
    else:
        for item in items:
            refusals.check_layer(machine, item, span)
        machine.touch(app.middleware, "items")
        app.middleware.items.extend(items)


def get_attribute(machine: Machine, app: Application, name: str, span: Span) -> Value:
    """An attribute of an application: its own, its class's, the framework's."""
    if name in app.attributes:
        return app.attributes[name]
    if app.cls is not None:
        found = classes.own_attribute(app.cls, name)
        if found is not None:
            return attributes.bound(machine, found[1], app, app.cls, span)
    return _framework_attribute(machine, app, name, span)


def super_member(machine: Machine, app: Application, name: str, span: Span) -> Value:
    """`super().name` in a subclass of the framework's classes."""
    if name == "__init__":

        def init(
            machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
        ) -> Value:
            _initialise(machine, app, Given(positional, keywords, {}, span))
            return None

        return Builtin(name, init)
    return _framework_attribute(machine, app, name, span)


def _framework_attribute(machine: Machine, app: Application, name: str, span: Span) -> Value:
    performed = app_methods.METHODS.get(name)
    if performed is not None and not (app.kind == "router" and name in app_methods.FLAMA_ONLY):
        return Method(app, name, performed)
    match name:
        case "router":
            return app
        case "routes":
            return ExternalObject(outside.ROUTES, (app,), {}, span)
        case "components":
            return ListValue(app.components)
        case "middleware":
            return app.middleware
        case "exception_handlers":
            return app.handlers
        case "__class__":
            return app.cls or framework_class(app)
        case "__dict__":
            return DictValue(app.attributes)
    if name in _STATE:
        return Unknown(span, "unknown", f"`{name}` of an application")
    if app.cls is not None and app.cls.open is not None:
        return Unknown(span, app.cls.open.reason, app.cls.open.detail)
    if app.modules_given or name.startswith("__"):
        return Unknown(span, "unknown", f"`{name}` of an application")
    getter = None if app.cls is None else classes.own_attribute(app.cls, "__getattr__")
    if getter is not None:
        return calls.call(machine, getter[1], [app, name], {}, span)
    what = "Flama" if app.kind == "flama" else "Router"
    near = difflib.get_close_matches(name, list(app_methods.METHODS), n=1)
    raise machine.failure(
        "AttributeError",
        "FC204",
        f"a `{what}` has no attribute `{name}`",
        span,
        "looked up here",
        [f"did you mean `{near[0]}`?"] if near else [],
    )


# The methods.
