"""Methods of applications: each performs what the method of that name does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    classes,
    entries,
    framework,
    registration,
)
from flama_compile.link.applications import Application, SpecObject
from flama_compile.link.arguments import Given, Missing, take
from flama_compile.link.values import (
    Builtin,
    ClassValue,
    External,
    FunctionValue,
    ListValue,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["METHODS", "Perform"]

Places = Mapping[int | str, Span]


_QUIET = frozenset({"add_event_handler", "on_event", "resolve_url", "prepare", "tree"})
"""Methods that register nothing."""


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
    if isinstance(found["path"], FunctionValue | ClassValue):
        raise entries.refused(
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
    registration.add_component(
        machine, app, positional[0] if positional else keywords.get("component")
    )
    return None


def _add_layer(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    machine.touch(app.middleware, "items")
    app.middleware.items.append(positional[0] if positional else None)
    return None


def _quiet(
    machine: Machine,
    app: Application,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """A method that registers nothing; as a decorator it gives back what it decorates."""
    return Builtin("identity", lambda machine, given, keywords, span: given[0] if given else None)


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
    "add_middleware": _add_layer,
    "add_exception_handler": _add_layer,
    **{name: _quiet for name in _QUIET},
}
