"""What `NamedTuple` and `namedtuple` give to their classes and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import calls, instances, operations
from flama_compile.link.values import (
    MISSING,
    Arguments,
    Builtin,
    ClassValue,
    DictValue,
    Instance,
    Keywords,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["class_attribute", "instance_attribute", "values"]


def values(owner: Instance) -> tuple[Value, ...] | None:
    """The items of a named tuple; None for other objects."""
    fields = instances.tuple_fields(owner.cls)
    return None if fields is None else tuple(owner.attributes.get(name) for name in fields)


def class_attribute(cls: ClassValue, name: str) -> Value:
    """`_fields` and `_make`; MISSING for other names and classes."""
    fields = instances.tuple_fields(cls)
    if fields is None:
        return MISSING
    if name == "_fields":
        return tuple(fields)
    if name != "_make":
        return MISSING

    def make(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        items = operations.iterate(machine, positional[0], span)
        if isinstance(items, Unknown):
            return items
        return calls.call(machine, cls, items, {}, span)

    return Builtin(name, make)


def instance_attribute(owner: Instance, name: str) -> Value:
    """`_replace` and `_asdict`, and what the class has; MISSING for other names and objects."""
    fields = instances.tuple_fields(owner.cls)
    if fields is None:
        return MISSING
    held = {field: owner.attributes.get(field) for field in fields}
    if name == "_asdict":
        return Builtin(name, lambda *_: DictValue(dict(held)))
    if name != "_replace":
        return class_attribute(owner.cls, name)

    def replace(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return calls.call(machine, owner.cls, [], {**held, **keywords}, span)

    return Builtin(name, replace)
