"""Applications changed from outside their methods, or used in ways that are not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flama_compile.link import (
    app_methods,
    framework,
    registration,
)
from flama_compile.link.applications import Application, Site, SpecObject
from flama_compile.link.values import (
    MISSING,
    Builtin,
    External,
    ExternalObject,
    Method,
    Suspect,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = [
    "ROUTES",
    "change_routes",
    "patched",
    "routes_member",
    "routes_of",
    "set_attribute",
    "set_spec_attribute",
    "spec_attribute",
    "suspect_of",
    "suspicious",
    "unknown_arguments",
    "unknown_method",
]

Places = Mapping[int | str, Span]

_ADDERS = frozenset(f"add_{verb}" for verb in framework.SHORTHANDS)
_REGISTERS = (
    framework.SHORTHANDS
    | _ADDERS
    | {"route", "add_route", "websocket_route", "add_websocket_route", "mount", "add_entry"}
)


_ROUTING = frozenset({"routes", "router", "components", "__call__", "dispatch"})
"""Attributes that decide which route answers."""


ROUTES = External("flama.routing", "routes")


def routes_member(machine: Machine, owner: ExternalObject, name: str, span: Span) -> Value:
    """A method of the list `app.routes`; MISSING when the object is another one."""
    if owner.cls != ROUTES:
        return MISSING
    app = owner.arguments[0]

    def change(
        machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
    ) -> Value:
        if name == "append" and len(positional) == 1:
            registration.add_entry(machine, app, positional[0], span)
        elif name == "extend" and len(positional) == 1:
            registration.extend_entries(machine, app, positional[0], span)
        elif name not in ("copy", "index", "count"):
            forget_entries(machine, app, f"`routes.{name}` changes what is registered", span)
        return Unknown(span, "unknown", f"the result of `routes.{name}`")

    return Builtin(name, change)


def forget_entries(machine: Machine, app: Application, detail: str, span: Span) -> None:
    """Entries may have been removed or moved: nothing of the list is known any more."""
    machine.touch(app, "entries")
    site = machine.site(Unknown(span, "monkeypatch", detail), "FC114", span)
    app.entries[:] = [site]


def change_routes(machine: Machine, owner: ExternalObject, span: Span) -> None:
    """`app.routes[…] = …` or `del app.routes[…]`; nothing for other objects."""
    if owner.cls == ROUTES:
        forget_entries(machine, owner.arguments[0], "the list of routes is edited", span)


def routes_of(owner: ExternalObject) -> list[Value] | None:
    """The objects in `app.routes`; None when some are not known, or it is another object."""
    if owner.cls != ROUTES:
        return None
    entries = owner.arguments[0].entries
    if any(isinstance(entry, Site) for entry in entries):
        return None
    return [SpecObject(entry) for entry in entries]


def spec_attribute(spec: SpecObject, name: str, span: Span) -> Value:
    """An attribute of a route object."""
    if name == "path" and not isinstance(spec.entry, Site):
        return spec.entry.path
    return Unknown(span, "unknown", f"`{name}` of a route object")


def set_spec_attribute(machine: Machine, spec: SpecObject, name: str, span: Span) -> None:
    """`route.name = value`: what the route is now is not known, wherever it is registered."""
    why = Unknown(span, "monkeypatch", f"`{name}` of a route is changed")
    site = machine.site(why, "FC114", span)
    for app in machine.applications:
        for place, entry in enumerate(app.entries):
            if entry is spec.entry:
                machine.touch(app, "entries")
                app.entries[place] = site
    machine.touch(spec, "entry")
    spec.entry = site


def set_attribute(machine: Machine, app: Application, name: str, value: Value, span: Span) -> None:
    """`app.name = value`; replacing what registers or routes is a dynamic site."""
    machine.touch(app, "attributes")
    app.attributes[name] = value
    if name in app_methods.METHODS or name in (
        "routes",
        "router",
        "components",
        "__call__",
        "dispatch",
    ):
        detail = f"`{name}` of the application is replaced"
        if name in ("routes", "router"):
            forget_entries(machine, app, detail, span)
        else:
            why = Unknown(span, "monkeypatch", detail)
            registration.dynamic(machine, app, why, "FC114", span)


def patched(machine: Machine, owner: Value, name: str, span: Span) -> None:
    """A name of the framework itself is replaced: every application may be concerned."""
    is_ours = isinstance(owner, External) and owner.module.partition(".")[0] == "flama"
    if not is_ours or machine.patched_framework is not None:
        return
    why = Unknown(span, "monkeypatch", f"`{owner}.{name}` is replaced")
    site = machine.site(why, "FC114", span)
    machine.touch(machine, "patched_framework")
    machine.patched_framework = site
    for app in machine.applications:
        machine.add_site(app, site)


def unknown_method(machine: Machine, app: Application, why: Unknown, span: Span) -> Value:
    """`getattr(app, unknown)`: whatever it is, using it may register."""

    def use(
        machine: Machine,
        app: Application,
        positional: list[Value],
        keywords: dict[str, Value],
        span: Span,
        places: Places,
    ) -> Value:
        detail = f"a method of the application whose name is not known is called: {why.detail}"
        registration.handed_over(machine, app, Unknown(span, why.reason, detail), span)
        return Unknown(span, why.reason, detail)

    return Method(app, "?", use)


def unknown_arguments(machine: Machine, method: Method, unknown: Unknown, span: Span) -> None:
    """A method of an application is called with `*unknown` or `**unknown`."""
    app = method.receiver
    if method.name in _REGISTERS or method.name == "?":
        why = Unknown(span, unknown.reason, f"registered with unknown arguments: {unknown.detail}")
        registration.dynamic(machine, app, why, "FC102", span)
    elif method.name == "add_component":
        machine.touch(app, "components_unknown")
        app.components_unknown = True


def suspicious(machine: Machine, why: Unknown, span: Span) -> None:
    """A method that registers is called on something unknown, which may be any application."""
    suspect = why.about
    if not isinstance(suspect, Suspect) or machine.suspecting:
        return
    if not suspect.applied:
        return
    detail = f"`{suspect.name}` of something unknown, which may be an application: {why.detail}"
    site = machine.site(Unknown(span, "unknown-receiver", detail), "FC118", span)
    machine.add_site_everywhere(site)


def suspect_of(owner: Unknown, name: str) -> Suspect | None:
    """What to remember of an attribute of something unknown, in case that it registers."""
    if name in ("route", "websocket_route") or name in framework.SHORTHANDS:
        return Suspect(name, False)
    if name in _REGISTERS:
        return Suspect(name, True)
    return None
