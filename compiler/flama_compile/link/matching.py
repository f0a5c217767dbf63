"""`match`: cases in order, in doubt where it is not known whether one fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import (
    attributes,
    blocks,
    classes,
    data_classes,
    dicts,
    expressions,
    instances,
    kinds,
    operations,
    plain,
    statements,
)
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    ListValue,
    Scope,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["run_match"]

Captured = dict[str, Value]

_ITSELF = frozenset(
    [
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "set",
        "str",
        "tuple",
    ]
)
"""Classes whose one pattern by position is matched against the subject itself."""


def run_match(machine: Machine, fact: facts.Match, scope: Scope) -> blocks.Flow | None:
    """A `match` statement."""
    subject = expressions.evaluate(machine, fact.subject, scope)
    return _cases(machine, fact, subject, fact.cases, scope)


def _cases(
    machine: Machine,
    fact: facts.Match,
    subject: Value,
    cases: Sequence[facts.Case],
    scope: Scope,
) -> blocks.Flow | None:
    for index, case in enumerate(cases):
        captured: Captured = {}
        fits = _fits(machine, case.pattern, subject, scope, captured)
        if fits is True:
            for name, value in captured.items():
                statements.bind(machine, scope, name, value)
        if fits is True and case.guard is not None:
            fits = operations.truth(machine, expressions.evaluate(machine, case.guard, scope))
        if fits is True:
            return blocks.run_block(machine, case.body, scope)
        if isinstance(fits, Unknown):
            span = machine.span(scope, fact.at)
            why = Unknown(
                span, "conditional-on-unknown", f"the subject is not known: {fits.detail}"
            )
            return _in_doubt(machine, fact, subject, cases[index:], scope, why)
    return None


def _in_doubt(
    machine: Machine,
    fact: facts.Match,
    subject: Value,
    cases: Sequence[facts.Case],
    scope: Scope,
    why: Unknown,
) -> blocks.Flow | None:
    """The first of the cases may fit, or one of the rest."""
    case, *rest = cases

    def run() -> blocks.Flow | None:
        if case.pattern.kind != "capture":
            for name in _names(case.pattern):
                statements.bind(machine, scope, name, why)
        return blocks.run_block(machine, case.body, scope)

    return blocks.branch(machine, why, run, lambda: _cases(machine, fact, subject, rest, scope))


def _names(pattern: facts.Pattern) -> Iterator[str]:
    """What a pattern binds when it fits."""
    if pattern.name:
        yield pattern.name
    for part in pattern.parts:
        yield from _names(part)


def _fits(
    machine: Machine, pattern: facts.Pattern, subject: Value, scope: Scope, captured: Captured
) -> bool | Unknown:
    """Whether a pattern fits; what it captures is bound when all of it does."""
    match pattern.kind:
        case "capture":
            _capture(captured, pattern.name, subject)
            return True
        case "as":
            found = _fits(machine, pattern.parts[0], subject, scope, captured)
            if found is True:
                _capture(captured, pattern.name, subject)
            return found
        case "or":
            return _any(machine, pattern, subject, scope, captured)
        case "value":
            assert pattern.value is not None, "a value pattern has its value"
            if isinstance(pattern.value, facts.Constant) and _is_singleton(pattern.value.value):
                subject = plain.bare(subject)
                known = isinstance(subject, Unknown)
                return subject if known else subject is pattern.value.value
            return operations.equal(
                machine, subject, expressions.evaluate(machine, pattern.value, scope)
            )
    subject = plain.bare(subject)
    if isinstance(subject, Unknown):
        return subject
    match pattern.kind:
        case "sequence":
            return _sequence(machine, pattern, subject, scope, captured)
        case "mapping":
            return _mapping(machine, pattern, subject, scope, captured)
    return _class(machine, pattern, subject, scope, captured)


def _is_singleton(value: Value) -> bool:
    """`None`, `True` and `False` are compared by identity."""
    return value is None or isinstance(value, bool)


def _capture(captured: Captured, name: str, value: Value) -> None:
    if name:
        captured[name] = value


def _any(
    machine: Machine, pattern: facts.Pattern, subject: Value, scope: Scope, captured: Captured
) -> bool | Unknown:
    for part in pattern.parts:
        own: Captured = {}
        found = _fits(machine, part, subject, scope, own)
        if found is not False:
            captured.update(own)
            return found
    return False


def _all(
    machine: Machine, pairs: Sequence[tuple[facts.Pattern, Value]], scope: Scope, captured: Captured
) -> bool | Unknown:
    doubt: bool | Unknown = True
    for pattern, value in pairs:
        found = _fits(machine, pattern, value, scope, captured)
        if found is False:
            return False
        doubt = doubt if found is True else found
    return doubt


def _sequence(
    machine: Machine, pattern: facts.Pattern, subject: Value, scope: Scope, captured: Captured
) -> bool | Unknown:
    items: list[Value]
    match subject:
        case ListValue():
            if subject.unknown is not None:
                return subject.unknown
            items = list(subject.items)
        case tuple() | range():
            items = list(subject)
        case Instance() if (fields := instances.tuple_fields(subject.cls)) is not None:
            items = [subject.attributes.get(name) for name in fields]
        case _:
            return _is_another(subject, "whether an object is a sequence")
    at = next((i for i, part in enumerate(pattern.parts) if part.kind == "star"), None)
    if at is None:
        if len(items) != len(pattern.parts):
            return False
        return _all(machine, list(zip(pattern.parts, items, strict=True)), scope, captured)
    after = len(pattern.parts) - at - 1
    if len(items) < at + after:
        return False
    end = len(items) - after
    _capture(captured, pattern.parts[at].name, ListValue(items[at:end]))
    pairs = [*zip(pattern.parts[:at], items, strict=False)]
    pairs += zip(pattern.parts[at + 1 :], items[end:], strict=True)
    return _all(machine, pairs, scope, captured)


def _mapping(
    machine: Machine, pattern: facts.Pattern, subject: Value, scope: Scope, captured: Captured
) -> bool | Unknown:
    if not isinstance(subject, DictValue):
        return _is_another(subject, "whether an object is a mapping")
    if subject.unknown is not None:
        return subject.unknown
    keys = [dicts.key_of(expressions.evaluate(machine, key, scope)) for key in pattern.keys]
    unknown = plain.first_unknown(tuple(keys))
    if unknown is not None:
        return unknown
    if any(key not in subject.items for key in keys):
        return False
    values = [subject.items[key] for key in keys]
    rest = {key: value for key, value in subject.items.items() if key not in keys}
    _capture(captured, pattern.name, DictValue(rest))
    return _all(machine, list(zip(pattern.parts, values, strict=True)), scope, captured)


def _is_another(subject: Value, question: str) -> bool | Unknown:
    """False for what surely is no sequence and no mapping, whichever was asked for."""
    known = (ListValue, DictValue, SetValue, tuple, range, FunctionValue, ClassValue)
    if plain.is_constant(subject) or isinstance(subject, known):
        return False
    if isinstance(subject, Instance) and instances.is_plain(subject):
        return False
    return Unknown(None, "pattern", question)


def _class(
    machine: Machine, pattern: facts.Pattern, subject: Value, scope: Scope, captured: Captured
) -> bool | Unknown:
    assert pattern.value is not None, "a class pattern has its class"
    cls = expressions.evaluate(machine, pattern.value, scope)
    span = machine.span(scope, pattern.value.at)
    found = kinds.is_instance(machine, [subject, cls], {}, span)
    if found is not True:
        return found if isinstance(found, bool | Unknown) else Unknown(span, "pattern", "a class")
    by_place = len(pattern.parts) - len(pattern.keywords)
    if isinstance(cls, External) and cls.module == "builtins" and cls.name in _ITSELF:
        pairs = [(part, subject) for part in pattern.parts[:by_place]]
        return (
            _all(machine, pairs, scope, captured) if not pattern.keywords else _no_attributes(span)
        )
    names = [] if not by_place else _match_args(cls)
    if names is None or len(names) < by_place:
        return _no_attributes(span)
    values = []
    for name in [*names[:by_place], *pattern.keywords]:
        try:
            values.append(attributes.get_attribute(machine, subject, name, span))
        except Failure as failure:
            if failure.kind == "AttributeError":
                return False
            raise
    return _all(machine, list(zip(pattern.parts, values, strict=True)), scope, captured)


def _no_attributes(span: Span) -> Unknown:
    return Unknown(span, "pattern", "which attributes a pattern looks at")


def _match_args(cls: Value) -> list[str] | None:
    """The attributes that patterns by position look at; None when they are not known."""
    if not isinstance(cls, ClassValue):
        return None
    own = classes.own_attribute(cls, "__match_args__")
    if own is not None:
        is_known = isinstance(own[1], tuple) and all(isinstance(one, str) for one in own[1])
        return list(own[1]) if is_known else None
    if data_classes.is_data_class(cls):
        known = [field for field in data_classes.fields(cls) if field.init and not field.kw_only]
        return [field.name for field in known]
    if instances.tuple_fields(cls) is not None:
        return classes.fields(cls)
    return None
