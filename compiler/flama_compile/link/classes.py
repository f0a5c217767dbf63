"""Classes of the project: order of attributes, enums, data classes, what they derive from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flama_compile.link import calls, metaclasses, packages, plain
from flama_compile.link.values import (
    Alias,
    ClassMethod,
    ClassValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Property,
    StaticMethod,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["ancestors", "derives", "fields", "finish", "is_enum", "metaclass", "own_attribute"]

_ENUMS = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"}


def finish(machine: Machine, cls: ClassValue, span: Span) -> Value:
    """What Python makes of a class when its body has run: the class, unless a metaclass differs."""
    cls.order = _linearise(cls)
    for base in cls.order:
        if isinstance(base, Unknown):
            cls.open = base
        elif isinstance(base, ExternalObject):
            cls.open = Unknown(span, "unknown", "a base class that is computed")
        elif isinstance(base, External) and not _understood(base):
            cls.open = Unknown(span, "unknown-base", f"`{cls.name}` derives from `{base}`")
    made_by = metaclass(cls)
    if isinstance(made_by, ClassValue):
        changed = any(own_attribute(made_by, name) is not None for name in _CHANGING)
    else:
        changed = made_by is not None and not isinstance(made_by, External)
    if changed:
        cls.open = Unknown(span, "metaclass", f"`{cls.name}` has a metaclass")
    if is_enum(cls):
        _make_members(cls)
        _initialise_members(machine, cls, span)
    return metaclasses.create(machine, cls, span)


_CHANGING = ("__new__", "__init__", "__prepare__", "__getattribute__", "__getattr__", "mro")
"""Methods of a metaclass that decide what its classes are, not only how objects are made."""


def metaclass(cls: ClassValue) -> Value:
    """The metaclass that a class or one of its bases names; None when there is none."""
    for base in cls.order:
        if isinstance(base, ClassValue) and "metaclass" in base.keywords:
            return base.keywords["metaclass"]
    return None


def _understood(base: External) -> bool:
    """Whether a base outside the project leaves attributes as the class body says."""
    head = base.module.partition(".")[0]
    return head == "flama" or head in sys.stdlib_module_names or head == "typing_extensions"


def _linearise(cls: ClassValue) -> list[Value]:
    """Python's order (C3); where it fails, which only Python reports, depth first."""
    sequences: list[list[Value]] = []
    bases = [base.origin if isinstance(base, Alias) else base for base in cls.bases]
    for base in bases:
        sequences.append(list(base.order) if isinstance(base, ClassValue) else [base])
    sequences.append(list(bases))
    order: list[Value] = [cls]
    while any(sequences):
        sequences = [sequence for sequence in sequences if sequence]
        for sequence in sequences:
            head = sequence[0]
            if not any(_holds(other[1:], head) for other in sequences):
                break
        else:
            head = sequences[0][0]
        if not _holds(order, head):
            order.append(head)
        sequences = [[one for one in sequence if not _same(one, head)] for sequence in sequences]
    return order


def _same(one: Value, other: Value) -> bool:
    return one is other or (isinstance(one, External) and one == other)


def _holds(sequence: list[Value], value: Value) -> bool:
    return any(_same(one, value) for one in sequence)


def ancestors(machine: Machine, cls: Value) -> Iterator[Value]:
    """A class and all that it derives from, through installed packages too."""
    if isinstance(cls, ClassValue):
        for base in cls.order:
            if isinstance(base, External):
                yield from packages.ancestors(machine, base)
            else:
                yield base
    elif isinstance(cls, External):
        yield from packages.ancestors(machine, cls)


def derives(machine: Machine, cls: Value, names: set[External]) -> bool:
    """Whether a class is, or derives from, one of these."""
    return any(isinstance(base, External) and base in names for base in ancestors(machine, cls))


def is_enum(cls: ClassValue) -> bool:
    """Whether a class derives from one of the enums of the standard library."""
    return any(
        isinstance(base, External) and base.module == "enum" and base.name in _ENUMS
        for base in cls.order
    ) or any(isinstance(base, ClassValue) and is_enum(base) for base in cls.order[1:])


def _make_members(cls: ClassValue) -> None:
    last: Value = 0
    members: list[EnumMember] = []
    strings = any(isinstance(b, External) and b.name == "StrEnum" for b in cls.order)
    for name, value in list(cls.names.items()):
        if name.startswith("_") or isinstance(
            value, FunctionValue | Property | ClassMethod | StaticMethod | ClassValue | EnumMember
        ):
            continue
        if isinstance(value, ExternalObject) and value.cls == External("enum", "auto"):
            value = name.lower() if strings else (last + 1 if isinstance(last, int) else value)
        last = value
        known = plain.real(value)
        alias = next((one for one in members if _is_alias(plain.real(one.value), known)), None)
        if alias is None:
            alias = EnumMember(cls, name, value)
            members.append(alias)
        cls.names[name] = alias


def _is_alias(one: Value, other: Value) -> bool:
    return one is not plain.NOT_PLAIN and bool(one == other)


def own_attribute(cls: ClassValue, name: str) -> tuple[ClassValue, Value] | None:
    """Where an attribute is found among the classes of the project."""
    for base in cls.order:
        if isinstance(base, ClassValue) and name in base.names:
            return base, base.names[name]
    return None


def _initialise_members(machine: Machine, cls: ClassValue, span: Span) -> None:
    """An `__init__` of an enum takes the value of each member apart."""
    init = own_attribute(cls, "__init__")
    if init is None:
        return
    for member in cls.names.values():
        if isinstance(member, EnumMember):
            given = member.value if isinstance(member.value, tuple) else (member.value,)
            calls.call(machine, init[1], [member, *given], {}, span)


def fields(cls: ClassValue) -> list[str]:
    """Annotated names in order, those of base classes first: the fields of a data class."""
    found: dict[str, None] = {}
    for base in reversed(cls.order):
        if isinstance(base, ClassValue):
            for name in base.annotations:
                found[name] = None
    return list(found)
