"""Calls of what we cannot see, and values that get out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import (
    calls,
    classes,
    iterators,
    library_facts,
    outside,
    plain,
    registration,
)
from flama_compile.link.applications import Application, Site
from flama_compile.link.journal import Doubt
from flama_compile.link.machine import Choices
from flama_compile.link.values import (
    Bound,
    Builtin,
    ClassValue,
    Coroutine,
    DictValue,
    External,
    ExternalObject,
    FunctionValue,
    Held,
    Instance,
    ListValue,
    Method,
    ModuleValue,
    OneShot,
    Overlay,
    Partial,
    SetValue,
    Suspect,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = [
    "any_of",
    "call_any",
    "call_with_unknown_arguments",
    "called",
    "escape",
    "given_to",
    "kept",
    "member",
    "remembered",
    "unknown_call",
]


def call_with_unknown_arguments(
    machine: Machine,
    function: Value,
    positional: list[Value],
    keywords: dict[str, Value],
    unknown: Unknown,
    span: Span,
) -> Value:
    """A call with `*unknown` or `**unknown`."""
    if isinstance(function, Method):
        outside.unknown_arguments(machine, function, unknown, span)
        return Unknown(span, unknown.reason, unknown.detail)
    if isinstance(function, Partial) and isinstance(function.function, Method):
        outside.unknown_arguments(machine, function.function, unknown, span)
        return Unknown(span, unknown.reason, unknown.detail)
    receivers = [function.receiver] if isinstance(function, Bound) else []
    why = Unknown(span, unknown.reason, f"called with unknown arguments: {unknown.detail}")
    if isinstance(function, FunctionValue):
        # It may still reach applications through the names it sees.
        _suspect(machine, function, why, span)
    return unknown_call(machine, why, [*receivers, *positional], keywords, span)


def unknown_call(
    machine: Machine,
    why: Unknown,
    positional: Sequence[Value],
    keywords: Mapping[str, Value],
    span: Span,
) -> Value:
    """A call of something that we cannot see: it may do anything to what it is given."""
    given = [*positional, *keywords.values()]
    by = why.about.by if isinstance(why.about, Held) else why.about
    if not isinstance(by, External) or not library_facts.is_calm(by):
        machine.may_raise(span, why.detail)
    about: Value = None
    if not isinstance(by, External) or not library_facts.is_harmless(by):
        if isinstance(why.about, Held):
            _use(machine, why.about, why, span)
        if isinstance(by, Instance):
            _suspect_methods(machine, by, why, span)
        escape(machine, given, why, span)
        about = remembered(by, [*given, *getattr(why.about, "applications", ())])
    outside.suspicious(machine, why, span)
    if isinstance(why.about, Suspect) and not why.about.applied and _is_path(positional):
        about = Suspect(why.about.name, True)
    return Unknown(span if why.span is None else why.span, why.reason, why.detail, about)


def _suspect_methods(machine: Machine, owner: Instance, why: Unknown, span: Span) -> None:
    """A base outside the project may call what the class of the project defines."""
    detail = f"it is held by an object of `{owner.cls.name}`: {why.detail}"
    for app in _applications([owner]):
        registration.handed_over(machine, app, Unknown(span, "unknown-call", detail), span)
    for cls in owner.cls.order:
        for name, method in cls.names.items() if isinstance(cls, ClassValue) else ():
            if isinstance(method, FunctionValue) and not name.startswith("__"):
                _suspect(machine, Bound(method, owner), why, span)


def _use(machine: Machine, held: Held, why: Unknown, span: Span) -> None:
    """Something that was given applications before is used: it may register on them now."""
    for app in held.applications:
        last = app.entries[-1] if app.entries else None
        if isinstance(last, Site) and not last.declared and not last.tentative:
            continue  # Nothing was registered since the site that tells of it.
        detail = f"it was given the application before: {why.detail}"
        registration.handed_over(machine, app, Unknown(span, "unknown-call", detail), span)


def remembered(by: Value, given: Sequence[Value]) -> Held | None:
    """That what comes out of a call was given applications; None when it was given none."""
    found = _applications(given)
    return Held(by, tuple(found)) if found else None


def kept(owner: Unknown) -> Held | None:
    """That an attribute of something unknown may use the applications that this was given."""
    return owner.about if isinstance(owner.about, Held) else None


def member(value: Value, owner: ExternalObject) -> Value:
    """An attribute of an object of another package, which may use what the object was given."""
    if not isinstance(value, Unknown) or not isinstance(value.about, External):
        return value
    held = remembered(owner.cls, [*owner.arguments, *owner.keywords.values()])
    return value if held is None else Unknown(value.span, value.reason, value.detail, held)


def given_to(machine: Machine, owner: External, value: Value, span: Span) -> None:
    """An application is put into an attribute of something outside the project."""
    if library_facts.is_harmless(owner):
        return
    why = Unknown(span, "unknown-call", f"an attribute of `{owner}` is set to it")
    for app in _applications([value]):
        registration.handed_over(machine, app, why, span)


def _is_path(positional: Sequence[Value]) -> bool:
    """Whether a call looks like `.get("/path")`."""
    first = plain.bare(positional[0]) if positional else None
    return isinstance(first, Unknown) or (
        isinstance(first, str) and (first == "" or first.startswith("/"))
    )


def escape(machine: Machine, given: Sequence[Value], why: Unknown, span: Span) -> None:
    """Values get out of sight: applications may be registered on, containers may change."""
    for app in _applications(given):
        detail = f"the application is handed to something that cannot be seen: {why.detail}"
        registration.handed_over(machine, app, Unknown(span, "unknown-call", detail), span)
    for value in given:
        if isinstance(value, OneShot):
            iterators.consume_in_doubt(machine, value, why)
        elif isinstance(value, ListValue | DictValue | SetValue | Instance):
            machine.taint(value, Unknown(span, "unknown-call", "something unknown may change it"))
        elif isinstance(value, FunctionValue | Bound | Partial | Coroutine):
            _suspect(machine, value, why, span)


def _applications(given: Sequence[Value], depth: int = 0) -> list[Application]:
    """Applications that can be reached from values, each once."""
    found: dict[int, Application] = {}
    if depth > 5:
        return []
    for value in given:
        inner: Sequence[Value] = ()
        match value:
            case Application():
                found[id(value)] = value
            case Method():
                inner = [value.receiver]
            case Bound():
                inner = [value.receiver]
            case Partial():
                inner = [value.function, *value.arguments, *value.keywords.values()]
            case Coroutine():
                inner = [*value.arguments, *value.keywords.values()]
            case ListValue() | SetValue() | OneShot():
                inner = value.items
            case DictValue():
                inner = list(value.items.values())
            case tuple():
                inner = value
            case Instance():
                inner = [*value.attributes.values(), value.cls]
            case ClassValue():
                inner = [one for base in value.order for one in _names(base)]
            case ModuleValue():
                inner = list(value.names.values())
            case ExternalObject():
                inner = [*value.arguments, *value.keywords.values()]
            case Overlay():
                inner = [value.base]
        for app in _applications(inner, depth + 1) if inner else ():
            found[id(app)] = app
    return list(found.values())


def _names(base: Value) -> list[Value]:
    """What a class of the project holds, methods aside: those are looked at when they are given."""
    if not isinstance(base, ClassValue):
        return []
    held = (Application, ListValue, DictValue, SetValue, tuple, Instance)
    return [value for value in base.names.values() if isinstance(value, held)]


def any_of(values: Iterable[Value], why: Unknown) -> Unknown:
    """An unknown item of a container; what it may be matters where it is called."""
    found = tuple(value for value in (*choices_of(why), *values) if not plain.is_constant(value))
    return Unknown(why.span, why.reason, why.detail, Choices(found, None)) if found else why


def choices_of(why: Unknown) -> tuple[Value, ...]:
    """What an unknown value may be, as far as that is known."""
    return why.about.values if isinstance(why.about, Choices) else ()


def call_any(
    machine: Machine,
    function: Unknown,
    choices: Choices,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> Value:
    """A call of one of several functions, nobody knows which: each is called in doubt."""
    detail = f"what is called is not known: {function.detail}"
    why = Unknown(span, function.reason, detail)

    def other() -> Value:
        unseen = Unknown(function.span, function.reason, function.detail)
        return unknown_call(machine, unseen, positional, keywords, span)

    runs: list[Callable[[], Value]] = [
        partial(calls.call, machine, one, list(positional), dict(keywords), span)
        for one in choices.values
        if isinstance(one, FunctionValue | Bound | Partial | Method | Builtin | ClassValue)
    ]
    if len(runs) < len(choices.values) or len(runs) < 2:
        runs.append(other)
    outcomes = machine.journal.branches(Doubt(why, "FC111"), runs)
    results = [one.result for one in outcomes if one.failure is None]
    return machine.one_of(results, why) if results else why


def called(machine: Machine, given: Sequence[Value], why: Unknown, span: Span) -> None:
    """Functions, methods and classes among these are called, nobody knows how often."""
    for value in given:
        match value:
            case FunctionValue() | Bound() | Partial() | Method():
                escape(machine, [value], why, span)
            case ClassValue() | Instance():
                cls, name = (
                    (value, "__init__")
                    if isinstance(value, ClassValue)
                    else (
                        value.cls,
                        "__call__",
                    )
                )
                method = classes.own_attribute(cls, name)
                if method is not None:
                    _suspect(machine, method[1], why, span)


def _suspect(machine: Machine, function: Value, why: Unknown, span: Span) -> None:
    """A function that something unknown may call: look at what that would register."""
    inner = function
    while isinstance(inner, Bound | Partial | Coroutine):
        inner = inner.function
    if not isinstance(inner, FunctionValue):
        return
    left_out = isinstance(inner.fact, facts.Function) and inner.fact.body is None
    if left_out and machine.caches.get("decorated") is inner:
        return
    if machine.depth > 20 or ("suspected", id(inner)) in machine.caches:
        return
    machine.caches["suspected", id(inner)] = inner
    doubt = Unknown(span, "unknown-call", f"`{inner.name}` may be called: {why.detail}")
    argument = Unknown(span, "argument", "an argument")
    names = [parameter.name for parameter in inner.fact.parameters]
    given = {name: inner.defaults.get(name, argument) for name in names}

    def run() -> None:
        machine.suspecting += 1
        try:
            calls.run_function(machine, inner, given, span)
            if any(plain.is_constant(value) for value in given.values()):
                # It may be called with something else than the defaults.
                unknown = {
                    name: argument if plain.is_constant(value) else value
                    for name, value in given.items()
                }
                calls.run_function(machine, inner, unknown, span)
        finally:
            machine.suspecting -= 1

    machine.journal.repeat(Doubt(doubt, "FC112"), run)
    del machine.caches["suspected", id(inner)]
