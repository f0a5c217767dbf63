"""Values as Python's own objects, for formatting and for the methods of strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flama_compile.link import calls
from flama_compile.link.values import (
    ClassValue,
    DictValue,
    EnumMember,
    External,
    Instance,
    ListValue,
    Overlay,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "NOT_PLAIN",
    "bare",
    "first_unknown",
    "is_constant",
    "mixed",
    "percent",
    "real",
    "text",
]


class _NotPlain:
    pass


NOT_PLAIN = _NotPlain()

_CONSTANTS = (str, bytes, int, float, complex, bool, type(None), type(...))
_MIXED = {"str", "int", "float", "bytes", "StrEnum", "IntEnum", "IntFlag"}
_SHOWN_AS_VALUE = {"StrEnum", "IntEnum", "IntFlag", "ReprEnum"}


def is_constant(value: Value) -> bool:
    """Whether a value stands for itself and holds no others."""
    return isinstance(value, _CONSTANTS)


def _external_bases(member: EnumMember) -> set[str]:
    return {base.name for base in member.cls.order if isinstance(base, External)}


def mixed(member: EnumMember) -> bool:
    """Whether a member is its value as well: `class Path(str, Enum)`."""
    return bool(_external_bases(member) & _MIXED)


def bare(value: Value) -> Value:
    """The value of a mixed-in enum member, and of what the settings overlay."""
    if isinstance(value, EnumMember) and mixed(value):
        return value.value
    if isinstance(value, Overlay):
        return value.base
    return value


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown value inside, if any."""
    match value:
        case Unknown():
            return value
        case ListValue() | SetValue():
            return value.unknown or _first(value.items)
        case DictValue():
            return value.unknown or _first([*value.items, *value.items.values()])
        case tuple():
            return _first(list(value))
        case Instance():
            return value.unknown
    return None


def _first(values: list[Value]) -> Unknown | None:
    return next((found for value in values if (found := first_unknown(value)) is not None), None)


def real(value: Value) -> Any:
    """A Python object that equals the value, or NOT_PLAIN."""
    value = bare(value)
    if isinstance(value, _CONSTANTS) or isinstance(value, range):
        return value
    match value:
        case tuple():
            found = [real(item) for item in value]
            return NOT_PLAIN if NOT_PLAIN in found else tuple(found)
        case ListValue(unknown=None):
            found = [real(item) for item in value.items]
            return NOT_PLAIN if NOT_PLAIN in found else found
        case SetValue(unknown=None):
            found = [real(item) for item in value.items]
            return NOT_PLAIN if NOT_PLAIN in found else set(found)
        case DictValue(unknown=None):
            pairs = {real(key): real(item) for key, item in value.items.items()}
            if NOT_PLAIN in pairs or NOT_PLAIN in pairs.values():
                return NOT_PLAIN
            return pairs
    return NOT_PLAIN


def text(machine: Machine, value: Value, span: Span) -> str | Unknown:
    """`str(value)`."""
    if isinstance(value, str):
        return value
    unknown = first_unknown(value)
    if unknown is not None:
        return unknown
    if isinstance(value, EnumMember):
        return _enum_text(machine, value, span)
    if isinstance(value, Instance):
        for cls in value.cls.order:
            if isinstance(cls, ClassValue):
                for name in ("__str__", "__repr__"):
                    if name in cls.names:
                        return calls.call(machine, cls.names[name], [value], {}, span)
    found = real(value)
    if found is NOT_PLAIN:
        return Unknown(span, "unknown", "the text of an object")
    if isinstance(value, SetValue) and len(value.items) > 1:
        return Unknown(span, "set-order", "the order of a set changes from run to run")
    return str(found)


def _enum_text(machine: Machine, value: EnumMember, span: Span) -> str | Unknown:
    for cls in value.cls.order:
        if isinstance(cls, ClassValue) and "__str__" in cls.names:
            return calls.call(machine, cls.names["__str__"], [value], {}, span)
    if _external_bases(value) & _SHOWN_AS_VALUE:
        return str(value.value)
    return f"{value.cls.name}.{value.name}"


class _Shown:
    """Stands for an object whose text is known, while Python formats."""

    def __init__(self, text: str, value: Any = NOT_PLAIN) -> None:
        self._text = text
        self._value = value

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        raise TypeError("only its text is known")

    def __format__(self, spec: str) -> str:
        return format(self._text, spec)


def formattable(machine: Machine, value: Value, span: Span) -> Any:
    """What Python's formatting takes for a value, or `Unknown`."""
    if isinstance(value, EnumMember | Instance):
        shown = text(machine, value, span)
        return shown if isinstance(shown, Unknown) else _Shown(shown)
    unknown = first_unknown(value)
    if unknown is not None:
        return unknown
    found = real(value)
    return Unknown(span, "unknown", "the text of an object") if found is NOT_PLAIN else found


def percent(machine: Machine, pattern: str, value: Value, span: Span) -> Value:
    """`pattern % value`."""
    arguments: Any
    if isinstance(value, tuple):
        arguments = tuple(formattable(machine, item, span) for item in value)
        unknown = next((item for item in arguments if isinstance(item, Unknown)), None)
    else:
        arguments = formattable(machine, value, span)
        unknown = arguments if isinstance(arguments, Unknown) else None
    if unknown is not None:
        return unknown
    try:
        return pattern % arguments
    except (TypeError, ValueError, KeyError) as error:
        kind = type(error).__name__
        raise machine.failure(kind, "FC206", f"{error}", span, f"raises {kind}") from None
