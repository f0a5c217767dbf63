"""Methods of applications: each performs what the method of that name does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    classes,
    dicts,
    entries,
    framework,
    refusals,
    registration,
    signatures,
)
from flama_compile.link.applications import (
    Application,
    MountEntry,
    RouteEntry,
    Site,
    SpecObject,
)
from flama_compile.link.arguments import Given, Missing, take
from flama_compile.link.values import (
    MISSING,
    Builtin,
    External,
    ExternalObject,
    Instance,
    ListValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["FLAMA_ONLY", "METHODS", "Perform"]

Places = Mapping[int | str, Span]


_QUIET = frozenset({"resolve_url", "prepare", "tree"})
"""Methods that register nothing."""


FLAMA_ONLY = frozenset({"add_exception_handler", "add_event_handler", "on_event"})
"""Methods that a `Router` does not have."""


Perform = Callable[["Machine", Application, list[Value], dict[str, Value], Span, Places], Value]


_OPTIONS = {"name", "include_in_schema", "tags", "pagination"}


def _overridden(app: Application, name: str) -> bool:
    return name in app.attributes or (
        app.cls is not None and classes.own_attribute(app.cls, name) is not None
    )


def _shorthand(verb: str) -> Perform:
    def perform(
        machine: Machine,
        app: Application,
        positional: list[Value],
        keywords: dict[str, Value],
        span: Span,
        places: Places,
    ) -> Value:
        given = Given(positional, keywords, places, span)
        found = take(machine, verb, given, ("path",), {"path", *_OPTIONS}, ("path",))
        methods = ListValue([verb.upper()])
        rest = {name: value for name, value in keywords.items() if name in _OPTIONS}
        target = registration.get_attribute(machine, app, "route", span)
        moved = {**places, 0: given.place("path", 0)}
        return calls.call(machine, target, [found["path"], methods], rest, span, moved)

    return perform


def _add_shorthand(verb: str) -> Perform:
    def perform(
        machine: Machine,
        app: Application,
        positional: list[Value],
        keywords: dict[str, Value],
        span: Span,
        places: Places,
    ) -> Value:
        given = Given(positional, keywords, places, span)
        order = ("path", "endpoint")
        found = take(machine, f"add_{verb}", given, order, {*order, *_OPTIONS}, order)
        methods = ListValue([verb.upper()])
        rest = {name: value for name, value in keywords.items() if name in _OPTIONS}
        target = registration.get_attribute(machine, app, "add_route", span)
        moved = {**places, 0: given.place("path", 0), 1: given.place("endpoint", 1)}
        call = [found["path"], found["endpoint"], methods]
        return calls.call(machine, target, call, rest, span, moved)

    return perform


def _route(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    order, _ = framework.PARAMETERS["route"]
    given = Given(positional, keywords, places, span)
    found = take(machine, "route", given, order, {*order, *_OPTIONS}, ("path",))
    return _decorator(machine, app, "add_route", found, given)


def _websocket_route(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    given = Given(positional, keywords, places, span)
    order, _ = framework.PARAMETERS["websocket_route"]
    found = take(machine, "websocket_route", given, order, {*order, *_OPTIONS}, ("path",))
    return _decorator(machine, app, "add_websocket_route", found, given)


def _decorator(
    machine: Machine, app: Application, method: str, found: Missing, given: Given
) -> Value:
    """Registers what it is applied to, at the place where it was made, and gives it back."""
    if signatures.is_callable(machine, found["path"]) is True:
        raise refusals.refused(
            machine,
            "a decorator was given a view and no path",
            given.place("path", 0),
            ('write the path in brackets: `@app.get("/items/")`',),
        )
    places: dict[int | str, Span] = {k: v for k, v in given.places.items() if isinstance(k, str)}
    places["path"] = given.place("path", 0)
    places["methods"] = given.place("methods", 1)

    def register(
        machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
    ) -> Value:
        view = positional[0] if positional else keywords.get("view")
        target = registration.get_attribute(machine, app, method, given.span)
        calls.call(machine, target, [], {**found, "endpoint": view}, given.span, places)
        return view

    return Builtin(method.removeprefix("add_"), register)


def _add_route(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    return _add(
        machine,
        app,
        framework.ROUTE,
        "route",
        Given(positional, keywords, places, span),
    )


def _add_websocket_route(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    return _add(
        machine,
        app,
        framework.WEBSOCKET_ROUTE,
        "route",
        Given(positional, keywords, places, span),
    )


def _mount(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    return _add(
        machine,
        app,
        framework.MOUNT,
        "mount",
        Given(positional, keywords, places, span),
    )


def _add(
    machine: Machine,
    app: Application,
    kind: External,
    ready: str,
    given: Given,
) -> Value:
    what = {framework.MOUNT: "mount", framework.ROUTE: "add_route"}.get(kind, "add_websocket_route")
    order, others = framework.PARAMETERS[what]
    found = take(machine, what, given, order, {*order, *others})
    item = found.get(ready)
    if item is not None:
        _check_ready(machine, kind, item, given.place(ready))
    if item is None:
        made: Value = SpecObject(entries.make(machine, kind, given.with_values(found, order)))
    else:
        made = item
    if _overridden(app, "add_entry"):
        target = registration.get_attribute(machine, app, "add_entry", given.span)
        calls.call(machine, target, [made], {}, given.span)
    else:
        registration.add_entry(machine, app, made, given.span)
    return made


def _check_ready(machine: Machine, kind: External, item: Value, span: Span) -> None:
    """A route object that is registered as it is must be of the method's kind."""
    entry = item.entry if isinstance(item, SpecObject) else item
    fits: bool = isinstance(entry, Unknown | Site | ExternalObject | Instance)
    if isinstance(entry, RouteEntry):
        fits = kind == (framework.ROUTE if entry.kind == "http" else framework.WEBSOCKET_ROUTE)
    elif isinstance(entry, MountEntry):
        fits = kind == framework.MOUNT
    if not fits:
        raise refusals.refused(machine, f"what is given is no `{kind.name}`", span)


def _add_entry_method(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    item = positional[0] if positional else keywords.get("route")
    registration.add_entry(machine, app, item, span)
    return None


def _add_component_method(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    given = Given(positional, keywords, places, span)
    found = take(machine, "add_component", given, ("component",), {"component"}, ("component",))
    place = given.place("component", 0)
    registration.add_component(machine, app, found["component"], place)
    return None


def _add_middleware(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    given = Given(positional, keywords, places, span)
    layer = positional[0] if positional else keywords.get("middleware", MISSING)
    if layer is MISSING:
        take(machine, "add_middleware", given, ("middleware",), {"middleware"}, ("middleware",))
    refusals.check_layer(machine, layer, given.place("middleware", 0))
    machine.touch(app.middleware, "items")
    app.middleware.items.insert(0, layer)
    return None


def _add_exception_handler(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    given = Given(positional, keywords, places, span)
    order = ("exc_class_or_status_code", "handler")
    found = take(machine, "add_exception_handler", given, order, order, order)
    refusals.check_handler(machine, found[order[0]], found[order[1]], given)
    machine.touch(app.handlers, "items")
    app.handlers.items[dicts.key_of(found[order[0]])] = found[order[1]]
    return None


def _add_event_handler(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    given = Given(positional, keywords, places, span)
    order = ("event", "handler")
    found = take(machine, "add_event_handler", given, order, order, order)
    refusals.check_event(machine, found["event"], found["handler"], given)
    return None


def _on_event(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """A decorator that gives back what it decorates."""
    given = Given(positional, keywords, places, span)
    found = take(machine, "on_event", given, ("event",), ("event",), ("event",))
    refusals.check_event(machine, found["event"], MISSING, given)

    def register(
        machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
    ) -> Value:
        handler = positional[0] if positional else keywords.get("handler")
        refusals.check_event(machine, found["event"], handler, given)
        return handler

    return Builtin("register", register)


def _quiet(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """A method that registers nothing."""
    return Unknown(span, "unknown", "what a method of an application gives")


METHODS: dict[str, Perform] = {
    **{verb: _shorthand(verb) for verb in framework.SHORTHANDS},
    **{f"add_{verb}": _add_shorthand(verb) for verb in framework.SHORTHANDS},
    "route": _route,
    "websocket_route": _websocket_route,
    "add_route": _add_route,
    "add_websocket_route": _add_websocket_route,
    "mount": _mount,
    "add_entry": _add_entry_method,
    "add_component": _add_component_method,
    "add_middleware": _add_middleware,
    "add_exception_handler": _add_exception_handler,
    "add_event_handler": _add_event_handler,
    "on_event": _on_event,
    **{name: _quiet for name in _QUIET},
}
