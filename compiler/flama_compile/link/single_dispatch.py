"""`functools.singledispatch`: which function is called follows from the first argument's class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flama_compile.link import calls, classes, escapes, hints, kinds, packages
from flama_compile.link.values import (
    MISSING,
    Alias,
    Arguments,
    Builtin,
    ClassValue,
    External,
    FunctionValue,
    Keywords,
    Scope,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["call", "model"]


def model(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """Makes a generic function of one of the project."""
    function = positional[0]
    if not isinstance(function, FunctionValue):
        return Unknown(span, "unknown-call", "a generic function of something else")
    machine.touch(function, "cases")
    function.cases = []

    def register(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return _register(machine, function, positional, span)

    machine.touch(function, "attributes")
    function.attributes["register"] = Builtin("register", register)
    for name in ("dispatch", "registry"):
        function.attributes[name] = Unknown(span, "unknown", f"`{name}` of a function")
    return function


def _register(
    machine: Machine, function: FunctionValue, positional: Arguments, span: Span
) -> Value:
    """`f.register(cls)(g)`, `f.register(cls, g)`, or `f.register(g)` with an annotation."""
    first = positional[0] if positional else None
    if len(positional) > 1:
        _add(machine, function, [first], positional[1])
        return positional[1]
    if isinstance(first, FunctionValue):
        annotations = [
            first.annotations[one.name]
            for one in first.fact.parameters
            if one.name in first.annotations
        ]
        scope = first.scope if isinstance(first.scope, Scope) else None
        kind = hints.resolve(machine, annotations[0], scope) if annotations else MISSING
        _add(machine, function, _members(kind), first)
        return first

    def apply(machine: Machine, given: Arguments, keywords: Keywords, span: Span) -> Value:
        _add(machine, function, _members(first), given[0])
        return given[0]

    return Builtin("register", apply)


def _members(kind: Value) -> Sequence[Value]:
    return kind.arguments if isinstance(kind, Alias) and kind.origin == "|" else [kind]


def _add(machine: Machine, function: FunctionValue, kinds_: Sequence[Value], case: Value) -> None:
    assert function.cases is not None, "it is a generic function"
    machine.touch(function, "cases")
    function.cases = [*function.cases, *((kind, case) for kind in kinds_)]


def call(
    machine: Machine,
    function: FunctionValue,
    positional: list[Value],
    keywords: Mapping[str, Value],
    span: Span,
) -> Value:
    """The case for the class of the first argument; MISSING for the function itself."""
    cases = function.cases
    if not cases:
        return MISSING
    found = _choose(machine, cases, positional[0]) if positional else MISSING
    if isinstance(found, Unknown):
        why = Unknown(span, found.reason, "which case of a generic function is called")
        given = [*positional, *(case for _, case in cases)]
        return escapes.unknown_call(machine, why, given, keywords, span)
    if found is MISSING:
        return MISSING
    return calls.call(machine, found, positional, keywords, span)


def _choose(machine: Machine, cases: Sequence[tuple[Value, Value]], subject: Value) -> Value:
    unknown = Unknown(None, "unknown-call", "the class of an argument")
    if isinstance(cases, Unknown) or isinstance(subject, Unknown):
        return unknown
    if not all(isinstance(kind, ClassValue | External) for kind, _ in cases):
        return unknown
    own = kinds.type_of(subject)
    if own is MISSING:
        return unknown
    for base in classes.ancestors(machine, own):
        if isinstance(base, Unknown):
            return base
        for kind, case in reversed(cases):
            known = packages.canonical(machine, kind) if isinstance(kind, External) else kind
            if known is base or known == base:
                return case
    # Abstract classes, such as `Sequence`, take objects that do not derive from them.
    plain = all(
        isinstance(kind, ClassValue) or kind.module in ("builtins", "types") for kind, _ in cases
    )
    return MISSING if plain else unknown
