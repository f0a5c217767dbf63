"""Operators on values: truth, equality, arithmetic, iteration, text."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    calls,
    classes,
    dicts,
    escapes,
    externals,
    instances,
    iterators,
    outside,
    overloads,
    plain,
)
from flama_compile.link.applications import Application
from flama_compile.link.journal import same
from flama_compile.link.values import (
    LOOP_LIMIT,
    MISSING,
    Alias,
    ClassValue,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    Instance,
    ListValue,
    LiveView,
    OneShot,
    Overlay,
    SetValue,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["augment", "binary", "compare", "equal", "iterate", "truth", "unary"]


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_CONTAINERS = (tuple, ListValue, SetValue, DictValue, LiveView)


def truth(machine: Machine, value: Value) -> bool | Unknown:
    """Whether a value counts as true."""
    match value:
        case Unknown():
            return value
        case ListValue() | SetValue() | DictValue():
            return value.unknown if value.unknown is not None else bool(value.items)
        case LiveView():
            return truth(machine, value.owner)
        case EnumMember():
            return bool(value.value) if plain.mixed(value) else True
        case Instance():
            for name in ("__bool__", "__len__"):
                method = next((c.names[name] for c in _project(value) if name in c.names), None)
                if method is not None:
                    result = calls.call(machine, method, [value], {}, value.cls.span)
                    return result if isinstance(result, Unknown) else bool(result)
            return value.unknown or True
        case ExternalObject() | Overlay():
            return Unknown(None, "unknown", "an object of another package")
        case External() if not externals.stands_for_itself(machine, value):
            return Unknown(None, "unknown", f"`{value}`")
    if plain.is_constant(value) or isinstance(value, tuple | range):
        return bool(value)
    return True


def _project(instance: Instance) -> list[ClassValue]:
    return [cls for cls in instance.cls.order if isinstance(cls, ClassValue)]


def equal(machine: Machine, one: Value, other: Value) -> bool | Unknown:
    """Whether two values are equal."""
    one, other = plain.bare(one), plain.bare(other)
    for value in (one, other):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, ExternalObject | Overlay):
            return True if one is other else Unknown(None, "unknown", "objects of other packages")
        if isinstance(value, External) and not externals.stands_for_itself(machine, value):
            return True if one == other else Unknown(None, "unknown", f"`{value}`")
    for value, against in ((one, other), (other, one)):
        if isinstance(value, Instance):
            return instances.equal(machine, value, against)
    if isinstance(one, EnumMember | ClassValue | Application):
        return one is other
    real, other_real = plain.real(one), plain.real(other)
    if real is not plain.NOT_PLAIN and other_real is not plain.NOT_PLAIN:
        return bool(real == other_real)
    unknown = plain.first_unknown(one) or plain.first_unknown(other)
    if unknown is not None:
        return unknown
    if same(one, other):
        return True
    if isinstance(one, _CONTAINERS) and isinstance(other, _CONTAINERS):
        return Unknown(None, "unknown", "containers of objects")
    return False


def compare(machine: Machine, sign: str, left: Value, right: Value, span: Span) -> bool | Unknown:
    """One comparison."""
    match sign:
        case "==":
            return equal(machine, left, right)
        case "!=":
            return _negated(equal(machine, left, right))
        case "is":
            return _identical(machine, left, right)
        case "is not":
            return _negated(_identical(machine, left, right))
        case "in":
            return _contains(machine, right, left, span)
        case "not in":
            return _negated(_contains(machine, right, left, span))
    left, right = plain.bare(left), plain.bare(right)
    if isinstance(left, Instance) or isinstance(right, Instance):
        ordered = overloads.compared(machine, sign, left, right, span)
        if ordered is not None:
            return ordered
    for value in (left, right):
        if isinstance(value, Unknown):
            machine.may_raise(span, value.detail, "TypeError")
            return value
    one, other = plain.real(left), plain.real(right)
    if one is plain.NOT_PLAIN or other is plain.NOT_PLAIN:
        return Unknown(span, "unknown", "objects are compared")
    try:
        return bool(_ORDER[sign](one, other))
    except TypeError as error:
        raise machine.failure("TypeError", "FC206", str(error), span, "raised here") from None


def _negated(value: bool | Unknown) -> bool | Unknown:
    return value if isinstance(value, Unknown) else not value


def _identical(machine: Machine, left: Value, right: Value) -> bool | Unknown:
    for value in (left, right):
        if isinstance(value, Unknown):
            other = right if value is left else left
            choices = getattr(value.about, "values", None)
            if choices is not None and all(not same(choice, other) for choice in choices):
                return False
            return value
        if isinstance(value, External) and not externals.stands_for_itself(machine, value):
            return True if left == right else Unknown(None, "unknown", f"`{value}`")
    return same(left, right) if plain.is_constant(left) else left is right or left == right


_ENVIRONMENT = External("os", "environ")


def _contains(machine: Machine, container: Value, item: Value, span: Span) -> bool | Unknown:
    container, item = plain.bare(container), plain.bare(item)
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, Instance):
        method = classes.own_attribute(container.cls, "__contains__")
        if method is not None:
            return truth(machine, calls.call(machine, method[1], [container, item], {}, span))
    if isinstance(item, Unknown):
        return item
    if container == _ENVIRONMENT:
        return Unknown(span, "environment", f"whether the environment holds `{item}`")
    if isinstance(container, SetValue | ListValue | DictValue):
        items = list(container.items)
        unknown = container.unknown
    else:
        found = (
            iterators.drain(machine, container, span, whole=False)
            if isinstance(container, OneShot)
            else iterate(machine, container, span)
        )
        if isinstance(found, Unknown):
            return found
        items, unknown = found, None
        if isinstance(container, OneShot):
            container.unknown = Unknown(span, "lazy", "an iterator is consumed in part")
    for one in items:
        known = equal(machine, one, item)
        if known is True:
            return True
        if isinstance(known, Unknown):
            unknown = known
    return unknown if unknown is not None else False


def iterate(machine: Machine, value: Value, span: Span) -> list[Value] | Unknown:
    """All items that going over a value gives, or why that is not known."""
    value = value.base if isinstance(value, Overlay) else value
    match value:
        case Unknown():
            return value
        case ListValue() | SetValue() | DictValue() if value.unknown is not None:
            return escapes.any_of(value.items, value.unknown)
        case ListValue() | DictValue():
            return list(value.items)
        case OneShot():
            return iterators.drain(machine, value, span)
        case LiveView():
            if value.owner.unknown is not None:
                return escapes.any_of(value.owner.items.values(), value.owner.unknown)
            return iterators.viewed(value)
        case SetValue():
            if len(value.items) > 1:
                why = Unknown(span, "set-order", "the order of a set changes from run to run")
                return escapes.any_of(value.items, why)
            return list(value.items)
        case str() | bytes() | tuple() | range():
            if len(value) > LOOP_LIMIT:
                return Unknown(
                    span, "analysis-bounded", f"there are more than {LOOP_LIMIT:,} items"
                )
            return list(value)
        case ClassValue():
            members = [name for name in value.names.values() if isinstance(name, EnumMember)]
            if members:
                return list(dict.fromkeys(members))
        case Instance():
            return instances.iterate(machine, value, span)
        case ExternalObject() if (routes := outside.routes_of(value)) is not None:
            return routes
        case External() if value == _ENVIRONMENT:
            return Unknown(span, "environment", "the variables of the environment")
        case ExternalObject() | Application() | External():
            return Unknown(span, "unknown", "going over an object of another package")
    kind = type(value).__name__ if plain.is_constant(value) else "object"
    raise machine.failure(
        "TypeError", "FC206", f"a value of type `{kind}` cannot be iterated over", span, "here"
    )


def unary(machine: Machine, sign: str, value: Value, span: Span) -> Value:
    """`not`, `-`, `+`, `~`."""
    if sign == "not":
        return _negated(truth(machine, value))
    value = plain.bare(value)
    made = overloads.unary(machine, sign, value, span)
    if made is not MISSING:
        return made
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, int | float | complex):
        return Unknown(span, "unknown", f"`{sign}` of an object")
    if sign == "~":
        return ~value if isinstance(value, int) else Unknown(span, "unknown", "`~` of a number")
    return -value if sign == "-" else +value


def augment(machine: Machine, sign: str, current: Value, value: Value, span: Span) -> Value:
    """`current += value`: lists, sets and dicts change in place."""
    if isinstance(current, ListValue) and sign == "+":
        items = iterate(machine, value, span)
        if isinstance(items, Unknown):
            machine.taint(current, items)
        elif len(current.items) + len(items) > plain.VALUE_LIMIT:
            machine.taint(current, Unknown(span, "analysis-bounded", "the list is very long"))
        else:
            machine.touch(current, "items")
            current.items.extend(items)
        return current
    if isinstance(current, DictValue) and sign == "|" and isinstance(value, DictValue):
        dicts.changing(machine, current)
        dicts.put_all(current, value)
        return current
    made = overloads.binary(machine, sign, current, value, span, in_place=True)
    return binary(machine, sign, current, value, span) if made is MISSING else made


def binary(machine: Machine, sign: str, left: Value, right: Value, span: Span) -> Value:
    """`left sign right`."""
    if sign == "|" and (_is_type(left) or _is_type(right)):
        return Alias("|", (*_members(left), *_members(right)))
    left, argument, right = plain.bare(left), right, plain.bare(right)
    if sign == "%" and isinstance(left, str):
        return plain.percent(machine, left, argument, span)
    if isinstance(left, Instance) or isinstance(right, Instance):
        made = overloads.binary(machine, sign, left, right, span)
        if made is not MISSING:
            return made
    for value in (left, right):
        if isinstance(value, Unknown):
            machine.may_raise(span, value.detail, "TypeError", "ArithmeticError")
            return value
    if isinstance(left, ListValue | SetValue | DictValue):
        return _containers(machine, sign, left, right, span)
    if _too_large(sign, left, right):
        return Unknown(span, "analysis-bounded", "the result is very large")
    usable = (str, bytes, int, float, complex, bool, type(None), tuple)
    if not isinstance(left, usable) or not isinstance(right, usable):
        machine.may_raise(span, f"`{sign}` of objects", "TypeError")
        return Unknown(span, "unknown", f"`{sign}` of objects")
    try:
        return _OPERATORS[sign](left, right)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        kind = type(error).__name__
        raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None


def _containers(machine: Machine, sign: str, left: Any, right: Value, span: Span) -> Value:
    for value in (left, right):
        why = getattr(value, "unknown", None)
        if why is not None:
            return why
    match sign, left, right:
        case "+", ListValue(), ListValue():
            if len(left.items) + len(right.items) > plain.VALUE_LIMIT:
                return Unknown(span, "analysis-bounded", "the list is very long")
            return ListValue([*left.items, *right.items])
        case "*", ListValue(), int():
            if len(left.items) * right > plain.VALUE_LIMIT:
                return Unknown(span, "analysis-bounded", "the list is very long")
            return ListValue(left.items * right)
        case "|", DictValue(), DictValue():
            made = DictValue(dict(left.items), left.unknown)
            dicts.put_all(made, right)
            return made
        case "|", SetValue(), SetValue():
            extra = [x for x in right.items if _contains(machine, left, x, span) is False]
            return SetValue([*left.items, *extra])
        case "&", SetValue(), SetValue():
            return SetValue([x for x in left.items if _contains(machine, right, x, span) is True])
        case "-", SetValue(), SetValue():
            return SetValue([x for x in left.items if _contains(machine, right, x, span) is False])
    return Unknown(span, "unknown", f"`{sign}` of containers")


def _too_large(sign: str, left: Value, right: Value) -> bool:
    sized = (str, bytes, tuple)
    if sign == "+" and isinstance(left, sized) and isinstance(right, sized):
        return len(left) + len(right) > plain.VALUE_LIMIT
    if sign == "*":
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | bytes | tuple) and isinstance(other, int):
                return len(one) * max(other, 0) > plain.VALUE_LIMIT
        return _bits(left) + _bits(right) > _BIT_LIMIT
    if sign == "**":
        return isinstance(right, int) and _bits(left) * abs(right) > _BIT_LIMIT
    if sign == "<<":
        return isinstance(right, int) and _bits(left) + right > _BIT_LIMIT
    return False


_BIT_LIMIT = 14_000
"""Python refuses to write numbers of more than 4,300 digits, which are 14,284 bits."""


def _bits(value: Value) -> int:
    return value.bit_length() if isinstance(value, int) else 64


def _is_type(value: Value) -> bool:
    return isinstance(value, External | ClassValue | Alias | TypeName) and not isinstance(
        value, Unknown
    )


def _members(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Alias) and value.origin == "|":
        return value.arguments
    return (value,)
