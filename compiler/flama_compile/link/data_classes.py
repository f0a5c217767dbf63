"""Data classes of the project: their fields, and what `dataclasses` makes of objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from flama_compile.ir import facts
from flama_compile.link import calls, instances
from flama_compile.link.values import (
    MISSING,
    Arguments,
    ClassValue,
    DictValue,
    External,
    ExternalObject,
    Instance,
    Keywords,
    Lazy,
    ListValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["MODELS", "Field", "fields", "fill", "is_data_class"]

_FIELD = External("dataclasses", "field")


class Field(NamedTuple):
    """One annotated name of a data class."""

    name: str
    default: Value
    """MISSING when there is none."""
    init: bool
    """Whether it is an argument."""
    kw_only: bool
    is_kept: bool
    """Whether it is an attribute; an `InitVar` goes to `__post_init__` only."""


def is_data_class(cls: Value) -> bool:
    """Whether a class of the project, or one that it derives from, is decorated."""
    return isinstance(cls, ClassValue) and any(
        isinstance(one, ClassValue) and "dataclass" in one.decorated for one in cls.order
    )


def fields(cls: ClassValue) -> list[Field]:
    """The fields in order, those of base classes first, each as it was redefined last."""
    found: dict[str, Field] = {}
    for base in reversed(cls.order):
        if not isinstance(base, ClassValue) or "dataclass" not in base.decorated:
            continue
        kw_only = "kw_only" in base.decorated
        for name, annotation in base.annotations.items():
            word = _head(annotation)
            if word == "KW_ONLY":
                kw_only = True
            elif word != "ClassVar":
                found[name] = _field(name, base.names.get(name, MISSING), kw_only, word)
    return list(found.values())


def _field(name: str, value: Value, kw_only: bool, word: str) -> Field:
    init = True
    if isinstance(value, ExternalObject) and value.cls == _FIELD:
        init = value.keywords.get("init", True) is not False
        kw_only = value.keywords.get("kw_only", kw_only) is True
        if "default" not in value.keywords and "default_factory" not in value.keywords:
            value = MISSING
    return Field(name, value, init, kw_only, word != "InitVar")


def _head(annotation: Value) -> str:
    """The last name of an annotation before its brackets."""
    fact = annotation.fact if isinstance(annotation, Lazy) else None
    if isinstance(fact, facts.Subscript):
        fact = fact.value
    if isinstance(fact, facts.Attribute):
        return fact.name
    if isinstance(fact, facts.Name):
        return fact.id
    if isinstance(fact, facts.Constant) and isinstance(fact.value, str):
        return fact.value.partition("[")[0].rpartition(".")[2]
    return ""


def fill(
    machine: Machine,
    value: Instance,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> None:
    """Do what the `__init__` does that a data class gets; Failure where the call does not fit."""
    cls = value.cls
    left, named = list(positional), dict(keywords)
    given_on: list[Value] = []
    for field in sorted(fields(cls), key=lambda one: one.kw_only):
        if field.init and left and not field.kw_only:
            found = left.pop(0)
        elif field.init and field.name in named:
            found = named.pop(field.name)
        elif field.default is not MISSING:
            found = _default(machine, field.default, span)
        elif not field.init:
            continue
        elif cls.open is None:
            raise _misfit(machine, cls, f"misses `{field.name}`", span)
        else:
            found = Unknown(span, "unknown", f"field `{field.name}`")
        if field.is_kept:
            machine.touch(value, "attributes")
            value.attributes[field.name] = found
        else:
            given_on.append(found)
    if cls.open is None and (left or named):
        what = f"has no field `{next(iter(named))}`" if named else "has too many arguments"
        raise _misfit(machine, cls, what, span)
    after = instances.method(cls, "__post_init__")
    if after is not None:
        calls.call(machine, after, [value, *given_on], {}, span)


def _misfit(machine: Machine, cls: ClassValue, what: str, span: Span) -> Exception:
    return machine.failure(
        "TypeError", "FC207", f"call of `{cls.name}` {what}", span, "called here"
    )


def _default(machine: Machine, value: Value, span: Span) -> Value:
    """A field's default: as written, or what `field(default=…, default_factory=…)` says."""
    if not isinstance(value, ExternalObject) or value.cls != _FIELD:
        return value
    if "default" in value.keywords:
        return value.keywords["default"]
    return calls.call(machine, value.keywords["default_factory"], [], {}, span)


# What `dataclasses` makes of objects.


def _replace(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    if not isinstance(value, Instance) or not is_data_class(value.cls):
        return Unknown(span, "unknown", "`dataclasses.replace` of an object")
    kept = {
        field.name: value.attributes[field.name]
        for field in fields(value.cls)
        if field.init and field.is_kept and field.name in value.attributes
    }
    return calls.call(machine, value.cls, [], {**kept, **keywords}, span)


def _deep(make: Callable[[list[str], list[Value]], Value]) -> Callable[..., Value]:
    """`asdict` and `astuple`: of an object and of all data classes inside."""

    def convert(value: Value) -> Value:
        if isinstance(value, Instance) and is_data_class(value.cls):
            names = [field.name for field in fields(value.cls) if field.is_kept]
            return make(names, [convert(value.attributes.get(name)) for name in names])
        if isinstance(value, ListValue):
            return ListValue([convert(item) for item in value.items], value.unknown)
        if isinstance(value, DictValue):
            pairs = {key: convert(item) for key, item in value.items.items()}
            return DictValue(pairs, value.unknown)
        return tuple(map(convert, value)) if isinstance(value, tuple) else value

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        value = positional[0]
        known = isinstance(value, Instance) and is_data_class(value.cls) and not value.unknown
        if not known or keywords or len(positional) > 1:
            return Unknown(span, "unknown", "the fields of an object")
        return convert(value)

    return run


def _fields(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    cls = value.cls if isinstance(value, Instance) else value
    if not is_data_class(cls):
        return Unknown(span, "unknown", "the fields of an object")
    kind = External("types", "SimpleNamespace")
    return tuple(
        ExternalObject(kind, (), {"name": field.name}, span)
        for field in fields(cls)
        if field.is_kept
    )


MODELS: dict[str, Callable[..., Value]] = {
    "dataclasses.replace": _replace,
    "copy.replace": _replace,
    "dataclasses.asdict": _deep(
        lambda names, values: DictValue(dict(zip(names, values, strict=True)))
    ),
    "dataclasses.astuple": _deep(lambda names, values: tuple(values)),
    "dataclasses.fields": _fields,
}
"""Functions by the name that they have outside."""
