"""Questions about what a value is: `isinstance`, `type`, `callable`, `hasattr`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import (
    attributes,
    classes,
    metaclasses,
    packages,
    plain,
    registration,
)
from flama_compile.link.applications import Application
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    Arguments,
    Bound,
    Builtin,
    ClassValue,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    Keywords,
    ListValue,
    ModuleValue,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["type_of"]


def is_instance(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value, kinds = positional[0], positional[1]
    if isinstance(value, Unknown):
        return value
    wanted = list(kinds) if isinstance(kinds, tuple) else [kinds]
    wanted = [part for kind in wanted for part in getattr(kind, "arguments", (kind,))]
    own = type_of(value)
    if own is MISSING:
        return Unknown(span, "unknown", "the class of an object")
    return _derives(machine, own, wanted, span)


def is_subclass(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    cls, kinds = positional[0], positional[1]
    if not isinstance(cls, ClassValue | External):
        return cls if isinstance(cls, Unknown) else Unknown(span, "unknown", "a class")
    return _derives(machine, cls, list(kinds) if isinstance(kinds, tuple) else [kinds], span)


def _derives(machine: Machine, cls: Value, wanted: list[Value], span: Span) -> bool | Unknown:
    above = list(classes.ancestors(machine, cls))
    for kind in wanted:
        kind = registration.canonical_class(machine, kind)
        if any(one is kind or one == kind for one in above):
            return True
        if kind == External("builtins", "object"):
            return True
    open_ = getattr(cls, "open", None) or next((a for a in above if isinstance(a, Unknown)), None)
    if open_ is not None:
        return Unknown(span, open_.reason, open_.detail)
    return False


_TYPES: dict[type, str] = {
    str: "str",
    bytes: "bytes",
    bool: "bool",
    int: "int",
    float: "float",
    complex: "complex",
    tuple: "tuple",
    range: "range",
    ListValue: "list",
    DictValue: "dict",
    SetValue: "set",
}


def type_of(value: Value) -> Value:
    """The class of a value; MISSING when that is not known."""
    match value:
        case Instance() | EnumMember():
            return value.cls
        case Application():
            return value.cls or registration.framework_class(value)
        case ExternalObject():
            return value.cls
        case FunctionValue():
            return External("types", "FunctionType")
        case ClassValue():
            return External("builtins", "type")
        case ModuleValue():
            return External("types", "ModuleType")
        case None:
            return External("types", "NoneType")
    name = _TYPES.get(type(value))
    return MISSING if name is None else External("builtins", name)


def type_call(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) != 1:
        return metaclasses.computed(machine, positional, keywords, span)
    found = type_of(positional[0])
    return Unknown(span, "unknown", "the class of an object") if found is MISSING else found


def has_attribute(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    owner, name = positional[0], plain.bare(positional[1])
    if not isinstance(name, str):
        return Unknown(span, "unknown", "an attribute of unknown name")
    try:
        value = attributes.get_attribute(machine, owner, name, span)
    except Failure as failure:
        if failure.kind == "AttributeError":
            return False
        raise
    if isinstance(owner, External):
        known = packages.has(machine, owner, name)
        why = Unknown(span, "unknown", f"whether `{owner}` has `{name}`")
        return why if known is None else known
    return Unknown(span, value.reason, value.detail) if isinstance(value, Unknown) else True


def is_callable(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    if isinstance(value, Unknown):
        return value
    if isinstance(value, FunctionValue | Bound | ClassValue | Builtin):
        return True
    if plain.is_constant(value) or isinstance(value, ListValue | DictValue | tuple):
        return False
    return Unknown(span, "unknown", "whether an object can be called")
