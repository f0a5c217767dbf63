"""Entries: one registration each, or the dynamic site that stands where one is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama import paths

from flama_compile.link import (
    classes,
    framework,
    handlers,
    operations,
    plain,
    refusals,
    registration,
    signatures,
)
from flama_compile.link.applications import Application, MountEntry, RouteEntry, Site
from flama_compile.link.arguments import Given, take
from flama_compile.link.refusals import refused
from flama_compile.link.values import (
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    ListValue,
    SetValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Entry", "implicit", "make"]

Entry = RouteEntry | MountEntry | Site

_NO_TEXTS = (ListValue, DictValue, SetValue, tuple, FunctionValue, ClassValue, Application)
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def make(machine: Machine, kind: External, given: Given) -> Entry:
    """The entry of a `Route`, `WebSocketRoute` or `Mount` with these arguments."""
    if kind == framework.MOUNT:
        return _mount(machine, given)
    order = ("path", "endpoint")
    names = {*order, "name", "include_in_schema", "tags", "pagination"}
    if kind == framework.ROUTE:
        names.add("methods")
    found = take(machine, kind.name, given, order, names)
    path, endpoint = found.get("path"), found.get("endpoint")
    if path is None or endpoint is None:
        missing = "path" if path is None else "endpoint"
        raise refused(machine, f"a route without `{missing}`", given.span, (f"give `{missing}`",))
    if found.get("pagination") is not None:
        raise refused(
            machine, "pagination is not offered", given.place("pagination"), ("remove it",)
        )
    text = _path(machine, path, given)
    if isinstance(text, Site):
        return text
    methods = _methods(machine, found.get("methods"), given)
    if isinstance(methods, Site):
        return methods
    _check_name(machine, found.get("name"), given)
    endpoint = handlers.unwrapped(endpoint)
    refusals.check_view(machine, kind, endpoint, given)
    return RouteEntry(
        kind="http" if kind == framework.ROUTE else "websocket",
        path=text,
        endpoint=endpoint,
        methods=methods,
        name=_name_now(machine, found.get("name"), endpoint),
        include_in_schema=_known_truth(machine, found.get("include_in_schema", True)),
        tags=found.get("tags"),
        span=given.span,
        path_span=given.place("path", 0),
        verbs=_verbs_now(endpoint),
    )


def _known_truth(machine: Machine, value: Value) -> bool | None:
    """Whether a value counts as true; None when only the run knows."""
    truth = operations.truth(machine, value)
    return None if isinstance(truth, Unknown) else truth


def _name_now(machine: Machine, name: Value, endpoint: Value) -> Value:
    """The name as given, else the endpoint's, which may be renamed later."""
    return handlers.handler_of(machine, endpoint)[1] if name is None else name


def _verbs_now(endpoint: Value) -> dict[str, Value]:
    if not isinstance(endpoint, ClassValue):
        return {}
    found = {verb: classes.own_attribute(endpoint, verb) for verb in framework.VERBS}
    return {verb: own[1] for verb, own in found.items() if own is not None}


def implicit(machine: Machine, name: str, path: Value, given: Given) -> Entry:
    """The routes that every `Flama` has: its schema and its docs."""
    place = given.place(name)
    text = _path(machine, path, Given([], {}, {"path": place}, given.span))
    if isinstance(text, Site):
        return text
    return RouteEntry(
        kind="http",
        path=text,
        endpoint=External("flama.schemas", f"{name}_view"),
        methods=("GET", "HEAD"),
        name=name,
        include_in_schema=False,
        tags=None,
        span=given.span,
        path_span=place,
    )


def _mount(machine: Machine, given: Given) -> Entry:
    order = ("path", "app")
    names = {*order, "path_prefix", "app_to_mount", "name", "routes", "tags", "mount"}
    found = take(machine, "mount", given, order, names)
    path, app = found.get("path"), found.get("app")
    for one, other in (("path", "path_prefix"), ("app", "app_to_mount")):
        if found.get(one) is not None and found.get(other) is not None:
            raise refused(
                machine, f"`{one}` and `{other}` are names of one argument", given.place(other), ()
            )
    path = found.get("path_prefix") if path is None else path
    app = found.get("app_to_mount") if app is None else app
    if app is None and found.get("routes") is not None:
        inner = Given([], {"routes": found["routes"]}, given.places, given.span)
        app = registration.instantiate(
            machine, framework.ROUTER, inner.positional, inner.keywords, given.span, given.places
        )
    if path is None or app is None:
        missing = "path" if path is None else "app"
        raise refused(machine, f"a mount without `{missing}`", given.span, (f"give `{missing}`",))
    if signatures.is_callable(machine, app) is False:
        raise refused(machine, "what is mounted is no application", given.place("app", 1))
    named = "path_prefix" if "path_prefix" in found else "path"
    text = _path(machine, path, given, named)
    if isinstance(text, Site):
        return text
    _check_name(machine, found.get("name"), given)
    return MountEntry(text, app, found.get("name"), given.span, given.place(named, 0))


def _check_name(machine: Machine, name: Value, given: Given) -> None:
    name = plain.bare(name)
    if name is None or isinstance(name, str):
        return
    if plain.is_constant(name) or isinstance(name, _NO_TEXTS):
        kind = type(name).__name__ if plain.is_constant(name) else "an object"
        raise refused(
            machine,
            f"name is no string but {kind}",
            given.place("name"),
            ("write the name as a string",),
        )


def _path(machine: Machine, value: Value, given: Given, name: str = "path") -> str | Site:
    """The text of a path; a site where it is not known, Failure where it is no template."""
    value = plain.bare(value)
    place = given.place(name, 0)
    if isinstance(value, Unknown):
        why = Unknown(place, value.reason, f"the path is not known: {value.detail}")
        return machine.site(why, "FC102", given.span)
    if not isinstance(value, str):
        kind = type(value).__name__ if plain.is_constant(value) else "an object"
        raise machine.failure(
            "ValueError",
            "FC210",
            f"path is no string but {kind}",
            place,
            "this path",
            ('a path is a string such as `"/items/{item_id:int}/"`',),
        )
    try:
        (paths.parse_prefix if name == "path_prefix" else paths.parse)(value)
    except ValueError as error:
        raise machine.failure(
            "ValueError",
            "FC210",
            _one_line(str(error)),
            place,
            "this path",
            (
                "parameters are whole segments, `{name}` or `{name:type}`; types are "
                + ", ".join(f"`{word}`" for word in paths.CONVERTERS),
            ),
        ) from None
    text: str = paths.normalise(value)
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _methods(machine: Machine, value: Value, given: Given) -> tuple[str, ...] | None | Site:
    """Methods as given, sorted; None when they follow from the endpoint."""
    if value is None:
        return None
    place = given.place("methods", 2)
    value = plain.bare(value)
    if isinstance(value, str | bytes):
        raise machine.failure(
            "ApplicationError",
            "FC211",
            "methods are one string",
            place,
            "a string is a sequence of letters",
            (f"write a list: `methods=[{value!r}]`",),
        )
    items = (
        list(value.items)
        if isinstance(value, SetValue) and value.unknown is None
        else refusals.items(machine, "methods", value, place, "FC211")
    )
    found: list[str] = []
    for item in [items] if isinstance(items, Unknown) else items:
        method = plain.bare(item)
        if isinstance(method, Unknown):
            why = Unknown(place, method.reason, f"the methods are not known: {method.detail}")
            return machine.site(why, "FC110", given.span)
        if not isinstance(method, str) or not method or not _TOKEN.issuperset(method):
            shown = repr(method) if plain.is_constant(method) else "an object"
            raise machine.failure(
                "ApplicationError",
                "FC211",
                f"{shown} is not the name of a method",
                place,
                "these methods",
                ('methods are tokens such as `"GET"`',),
            )
        found.append(method)
    return tuple(sorted(set(found)))
