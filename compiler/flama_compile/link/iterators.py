"""Iterators: made when somebody asks, and given once.

Generators, `map`, `zip`, `iter` and their like do nothing until something goes over them. Then all
items are made at once, which is right unless making them registers routes while the loop that asks
registers too, or stops early; an application to which that happens gets a dynamic site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flama_compile.link import escapes
from flama_compile.link.applications import Application
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    Arguments,
    Keywords,
    ListValue,
    LiveView,
    OneShot,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "calling",
    "consume_in_doubt",
    "drain",
    "interleaved",
    "lazily",
    "make",
    "take",
    "viewed",
]

Model = Callable[["Machine", Arguments, Keywords, Span], Value]


def lazily(model: Model) -> Model:
    """A function whose result is an iterator: it runs when the iterator is asked."""

    run = calling(model)

    def call(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return OneShot([], lambda: run(machine, positional, keywords, span))

    return call


def calling(model: Model) -> Model:
    """A function that calls what it is given, also as often as nobody knows."""

    def call(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        found = model(machine, positional, keywords, span)
        why = found if isinstance(found, Unknown) else getattr(found, "unknown", None)
        if isinstance(why, Unknown):
            given = [*positional, *keywords.values(), *escapes.choices_of(why)]
            why = Unknown(span, why.reason, why.detail, why.about)
            escapes.called(machine, given, why, span)
        return found

    return call


def make(machine: Machine, one: OneShot) -> dict[Application, int]:
    """Make the items; for applications that this registered on, how many entries they had."""
    if isinstance(one.thunk, Unknown):
        # Two branches left it in different states.
        one.unknown, one.thunk = one.thunk, None
    if one.thunk is None:
        return {}
    for attribute in ("thunk", "items", "unknown"):
        machine.touch(one, attribute)
    thunk, one.thunk = one.thunk, None
    before = {app: len(app.entries) for app in machine.applications}
    if one.unknown is not None:
        machine.journal.branches(Doubt(one.unknown, "FC111"), [thunk, lambda: None])
    else:
        found = thunk()
        if isinstance(found, ListValue):
            one.items[:], one.unknown = found.items, found.unknown
        else:
            one.unknown = found if isinstance(found, Unknown) else _strange(found)
    return {app: count for app, count in before.items() if len(app.entries) > count}


def _strange(found: Value) -> Unknown:
    return Unknown(None, "unknown", f"what an iterator gives ({type(found).__name__})")


def drain(
    machine: Machine, one: OneShot, span: Span, *, whole: bool = True
) -> list[Value] | Unknown:
    """All items that are left; `whole` is false where the program may stop before the last."""
    registered = make(machine, one)
    if not whole:
        _doubt(machine, registered, span)
    if one.unknown is not None:
        return one.unknown
    machine.touch(one, "items")
    items = list(one.items)
    one.items.clear()
    return items


def consume_in_doubt(machine: Machine, one: OneShot, why: Unknown) -> None:
    """Something unknown has the iterator, and may go over it."""
    machine.journal.branches(Doubt(why, "FC112"), [lambda: make(machine, one), lambda: None])
    for attribute in ("thunk", "unknown"):
        machine.touch(one, attribute)
    one.thunk, one.unknown = None, why


def take(machine: Machine, one: OneShot, span: Span) -> Value:
    """The next item, Unknown where that cannot be told; StopIteration where none is left."""
    _doubt(machine, make(machine, one), span)
    if one.unknown is not None:
        return one.unknown
    if not one.items:
        raise StopIteration
    machine.touch(one, "items")
    return one.items.pop(0)


@contextmanager
def interleaved(machine: Machine, value: Value, span: Span) -> Iterator[None]:
    """Go over a value inside; doubt what its making registered if the body registers as well."""
    if not isinstance(value, OneShot):
        yield
        return
    registered = make(machine, value)
    made = {app: len(app.entries) for app in registered}
    yield
    mixed = {
        app: count
        for app, count in registered.items()
        if len(app.entries) != made[app] or value.items
    }
    _doubt(machine, mixed, span)


def _doubt(machine: Machine, registered: dict[Application, int], span: Span) -> None:
    for app, count in registered.items():
        detail = "routes are registered while an iterator is being consumed"
        machine.touch(app, "entries")
        app.entries[count:] = [machine.site(Unknown(span, "lazy", detail), "FC111", span)]


def viewed(view: LiveView) -> list[Value]:
    """What a view of a dict shows now."""
    match view.kind:
        case "keys":
            return list(view.owner.items)
        case "values":
            return list(view.owner.items.values())
    return list(view.owner.items.items())
