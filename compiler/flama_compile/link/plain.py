"""Values as Python's own objects, for formatting and for the methods of strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.link import calls
from flama_compile.link.values import (
    ClassValue,
    DictValue,
    EnumMember,
    External,
    Instance,
    ListValue,
    LiveView,
    OneShot,
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
    "NoText",
    "VALUE_LIMIT",
    "bare",
    "first_unknown",
    "formattable",
    "is_constant",
    "is_wide",
    "mixed",
    "percent",
    "ranks",
    "real",
    "representation",
    "text",
]


class _NotPlain:
    pass


NOT_PLAIN = _NotPlain()

VALUE_LIMIT = 100_000
"""Most parts of a value that are looked at, and most characters or items that are made."""
_NESTING_LIMIT = 200

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
    """The first unknown value inside, if any; a value too large to be searched counts as one."""
    waiting = [value]
    for _ in range(VALUE_LIMIT):
        if not waiting:
            return None
        match waiting.pop():
            case Unknown() as found:
                return found
            case ListValue() | SetValue() as items:
                if items.unknown is not None:
                    return items.unknown
                waiting.extend(reversed(items.items))
            case DictValue() as pairs:
                if pairs.unknown is not None:
                    return pairs.unknown
                waiting.extend(reversed([*pairs.items, *pairs.items.values()]))
            case tuple() as parts:
                waiting.extend(reversed(parts))
            case LiveView() as view:
                waiting.append(view.owner)
            case OneShot(unknown=Unknown() as why):
                return why
            case Instance(unknown=Unknown() as why):
                return why
    return Unknown(None, "analysis-bounded", "a value is very large, or holds itself")


def real(value: Value) -> Any:
    """A Python object that equals the value, or NOT_PLAIN."""
    return _Reader().read(value)


def ranks(values: Sequence[Value]) -> list[Any]:
    """What decides the order of values: of pairs with an object, their first items where no two of
    these are equal."""
    found = [real(value) for value in values]
    if any(one is NOT_PLAIN for one in found):
        firsts = [value[0] if isinstance(value, tuple) and value else None for value in values]
        if all(isinstance(one, str) for one in firsts) and len(set(firsts)) == len(firsts):
            return firsts
    return found


class _Reader:
    """Counts what it reads: a few tuples in tuples can stand for more than memory holds."""

    def __init__(self) -> None:
        self._left = VALUE_LIMIT

    def read(self, value: Value, depth: int = 0) -> Any:
        value = bare(value)
        if isinstance(value, (*_CONSTANTS, range)):
            return value
        self._left -= 1
        if self._left < 0 or depth > _NESTING_LIMIT:
            return NOT_PLAIN
        match value:
            case tuple():
                found = self._all(value, depth)
                return found if found is NOT_PLAIN else tuple(found)
            case ListValue(unknown=None):
                return self._all(value.items, depth)
            case SetValue(unknown=None):
                found = self._all(value.items, depth)
                return found if found is NOT_PLAIN else set(found)
            case DictValue(unknown=None):
                keys = self._all(value.items, depth)
                items = self._all(value.items.values(), depth)
                if keys is NOT_PLAIN or items is NOT_PLAIN:
                    return NOT_PLAIN
                return dict(zip(keys, items, strict=True))
        return NOT_PLAIN

    def _all(self, values: Iterable[Value], depth: int) -> Any:
        found = []
        for value in values:
            one = self.read(value, depth + 1)
            if one is NOT_PLAIN:
                return NOT_PLAIN
            found.append(one)
        return found


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
                        return _checked(calls.call(machine, cls.names[name], [value], {}, span))
    found = NOT_PLAIN if _holds_members(value) else real(value)
    if found is NOT_PLAIN:
        return Unknown(span, "unknown", "the text of an object")
    if isinstance(value, SetValue) and len(value.items) > 1:
        return Unknown(span, "set-order", "the order of a set changes from run to run")
    try:
        return str(found)
    except ValueError as error:  # a whole number of very many digits
        raise machine.failure(
            "ValueError", "FC206", str(error).partition(";")[0], span, "raises ValueError"
        ) from None


def _checked(found: Value) -> str | Unknown:
    """What `__str__` returned, when it is a text."""
    if isinstance(found, str | Unknown):
        return found
    return Unknown(None, "unknown", "the text of an object")


def _enum_text(machine: Machine, value: EnumMember, span: Span) -> str | Unknown:
    for cls in value.cls.order:
        if isinstance(cls, ClassValue) and "__str__" in cls.names:
            return _checked(calls.call(machine, cls.names["__str__"], [value], {}, span))
    if _external_bases(value) & _SHOWN_AS_VALUE:
        return str(value.value)
    return f"{value.cls.name}.{value.name}"


class NoText(Exception):
    """What `repr` gives of an object is asked for, and is not known."""


class _Shown:
    """Stands for an object whose text is known, while Python formats."""

    def __init__(self, text: str, shown: str | None) -> None:
        self._text = text
        self._shown = shown

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        if self._shown is None:
            raise NoText
        return self._shown

    def __format__(self, spec: str) -> str:
        return format(self._text, spec)


class _Number(int):
    """Stands for a member of an `IntEnum`, which is formatted as the number that it is."""

    member = ""

    def __str__(self) -> str:
        return str(int(self))

    def __repr__(self) -> str:
        return f"<{self.member}: {int(self)}>"


def _number(value: Value) -> _Number | None:
    if not isinstance(value, EnumMember) or not _external_bases(value) & {"IntEnum", "IntFlag"}:
        return None
    own = [cls.names for cls in value.cls.order if isinstance(cls, ClassValue)]
    if not isinstance(value.value, int) or any(
        name in names for names in own for name in ("__str__", "__format__", "__repr__")
    ):
        return None
    number = _Number(value.value)
    number.member = f"{value.cls.name}.{value.name}"
    return number


def formattable(machine: Machine, value: Value, span: Span) -> Any:
    """What Python's formatting takes for a value, or `Unknown`."""
    if isinstance(value, Instance) and any(
        isinstance(cls, ClassValue) and "__format__" in cls.names for cls in value.cls.order
    ):
        return Unknown(span, "unknown", "an object that formats itself")
    number = _number(value)
    if number is not None:
        return number
    if isinstance(value, EnumMember | Instance):
        shown = text(machine, value, span)
        inside = representation(value)
        known = inside if isinstance(inside, str) else None
        return shown if isinstance(shown, Unknown) else _Shown(shown, known)
    unknown = first_unknown(value)
    if unknown is not None:
        return unknown
    found = NOT_PLAIN if _holds_members(value) else real(value)
    return Unknown(span, "unknown", "the text of an object") if found is NOT_PLAIN else found


def representation(value: Value) -> str | None:
    """`repr(value)`; None where it is not known."""
    if isinstance(value, EnumMember):
        own = [cls.names for cls in value.cls.order if isinstance(cls, ClassValue)]
        inside = representation(value.value)
        if inside is None or any("__repr__" in names for names in own):
            return None
        return f"<{value.cls.name}.{value.name}: {inside}>"
    if first_unknown(value) is not None or _holds_members(value):
        return None
    found = real(value)
    try:
        return None if found is NOT_PLAIN or isinstance(found, set) else repr(found)
    except ValueError:
        # A number of more digits than Python writes.
        return None


def _holds_members(value: Value, depth: int = 0) -> bool:
    """Whether a container holds members of enums, which are shown as such inside it."""
    match value:
        case EnumMember():
            return depth > 0
        case ListValue() | SetValue():
            inside = value.items
        case DictValue():
            inside = [*value.items, *value.items.values()]
        case tuple():
            inside = list(value)
        case _:
            return False
    return depth > 20 or any(_holds_members(one, depth + 1) for one in inside)


def is_wide(pattern: str, arguments: Iterable[Any]) -> bool:
    """Whether formatting may make a very long text: a width in the pattern or from a value."""
    if re.search(r"\d{5}", pattern):
        return True
    inner = "*" in pattern or re.search(r":[^{}]*\{", pattern) is not None
    return inner and any(isinstance(value, int) and abs(value) > 9_999 for value in arguments)


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
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    if is_wide(pattern, given):
        return Unknown(span, "analysis-bounded", "the text may be very long")
    try:
        return pattern % arguments
    except NoText:
        return Unknown(span, "unknown", "the text of an object")
    except (TypeError, ValueError, KeyError) as error:
        kind = type(error).__name__
        raise machine.failure(kind, "FC206", f"{error}", span, f"raises {kind}") from None
