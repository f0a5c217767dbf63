"""Objects of classes of the project: how they are made and filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    classes,
    data_classes,
    escapes,
    framework,
    operations,
    plain,
    registration,
)
from flama_compile.link.values import (
    MISSING,
    Arguments,
    ClassValue,
    DictValue,
    EnumMember,
    External,
    Instance,
    StaticMethod,
    Unknown,
    Value,
)
from flama_compile.source import Span

Places = Mapping[int | str, Span]

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = [
    "blank",
    "construct",
    "equal",
    "initialise",
    "instantiate",
    "is_plain",
    "iterate",
    "method",
    "tuple_fields",
]


def blank(cls: ClassValue) -> Instance:
    """A new object without attributes."""
    return Instance(cls, unknown=cls.open)


def tuple_fields(cls: ClassValue) -> list[str] | None:
    """Fields of a `NamedTuple`; None for other classes."""
    if any(isinstance(base, External) and base.name == "NamedTuple" for base in cls.order):
        return classes.fields(cls)
    return None


def instantiate(
    machine: Machine,
    cls: ClassValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    """What calling a class of the project gives."""
    made = registration.instantiate(machine, cls, positional, keywords, span, places)
    if made is not MISSING:
        return made
    made_by = classes.metaclass(cls)
    maker = classes.own_attribute(made_by, "__call__") if isinstance(made_by, ClassValue) else None
    if maker is not None:
        return calls.call(machine, maker[1], [cls, *positional], keywords, span)
    return construct(machine, cls, positional, keywords, span)


def construct(
    machine: Machine,
    cls: ClassValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> Value:
    """A new object, as `type.__call__` makes it."""
    if classes.is_enum(cls):
        return _enum_member(machine, cls, positional, span)
    if any(isinstance(base, External) and base.name == "TypedDict" for base in cls.order):
        return DictValue(dict(keywords))
    text = _plain_subclass(cls, positional, span)
    if text is not MISSING:
        return text
    new = classes.own_attribute(cls, "__new__")
    value: Value = blank(cls)
    if new is not None:
        maker = new[1].function if isinstance(new[1], StaticMethod) else new[1]
        value = calls.call(machine, maker, [cls, *positional], keywords, span)
        if not isinstance(value, Instance):
            return value
    initialise(machine, cls, value, positional, keywords, span)
    return value


def initialise(
    machine: Machine,
    cls: ClassValue,
    value: Value,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> None:
    """Run `__init__`, the project's own or the one that data classes get."""
    if cls.open is not None:
        machine.may_raise(span, cls.open.detail)
    init = classes.own_attribute(cls, "__init__")
    generated = next((one for one in cls.order if _has_fields(one)), None)
    if init is not None and (
        generated is None or cls.order.index(init[0]) <= cls.order.index(generated)
    ):
        calls.call(machine, init[1], [value, *positional], keywords, span)
    elif isinstance(value, Instance) and generated is not None:
        data_classes.fill(machine, value, positional, keywords, span)
    elif isinstance(value, Instance) and tuple_fields(cls) is not None:
        _fill_tuple(machine, cls, value, positional, keywords, span)
    elif cls.open is not None:
        escapes.escape(machine, [*positional, *keywords.values()], cls.open, span)
    elif (positional or keywords) and _takes_nothing(cls):
        raise machine.failure(
            "TypeError",
            "FC207",
            f"`{cls.name}` takes no arguments",
            span,
            "called here",
            (f"call `{cls.name}()`, or give the class an `__init__`",),
        )


def _takes_nothing(cls: ClassValue) -> bool:
    """Whether objects are made as `object` makes them."""
    return classes.own_attribute(cls, "__new__") is None and all(
        isinstance(base, ClassValue) or base in _PLAIN for base in cls.order
    )


_PLAIN = (External("builtins", "object"), External("abc", "ABC"), External("typing", "Generic"))


def iterate(machine: Machine, value: Instance, span: Span) -> list[Value] | Unknown:
    """What going over an object of the project gives; Failure where it cannot be gone through."""
    fields = tuple_fields(value.cls)
    if fields is not None:
        return [value.attributes.get(name) for name in fields]
    method = classes.own_attribute(value.cls, "__iter__")
    if method is not None:
        result = calls.call(machine, method[1], [value], {}, span)
        if not isinstance(result, Instance):
            return operations.iterate(machine, result, span)
    elif is_plain(value):
        raise machine.failure(
            "TypeError",
            "FC206",
            f"an object of `{value.cls.name}` cannot be iterated over",
            span,
            "here",
        )
    return Unknown(span, "unknown", "going over an object")


def is_plain(value: Instance) -> bool:
    """Whether its class has no more than what the project wrote, and that cannot be iterated."""
    cls = value.cls
    known = (External("builtins", "object"), *framework.WITHOUT_METHODS)
    return (
        cls.open is None
        and all(isinstance(one, ClassValue) or one in known for one in cls.order)
        and classes.own_attribute(cls, "__getitem__") is None
        and "dataclass" not in cls.decorated
    )


def equal(machine: Machine, one: Instance, other: Value) -> bool | Unknown:
    """`one == other`, by `__eq__`, by fields, or by identity."""
    method = classes.own_attribute(one.cls, "__eq__")
    if method is not None:
        result = calls.call(machine, method[1], [one, other], {}, one.cls.span)
        return operations.truth(machine, result)
    if any(_has_fields(cls) for cls in one.cls.order) or tuple_fields(one.cls) is not None:
        if not isinstance(other, Instance):
            return Unknown(None, "unknown", "an object is compared")
        return one.cls is other.cls and _equal_fields(machine, one, other)
    if one is not other and one.cls.open is not None:
        return Unknown(None, one.cls.open.reason, one.cls.open.detail)
    return one is other


def _equal_fields(machine: Machine, one: Instance, other: Instance) -> bool | Unknown:
    doubt: bool | Unknown = True
    for name in _compared(one.cls):
        found = operations.equal(machine, one.attributes.get(name), other.attributes.get(name))
        if found is False:
            return False
        doubt = doubt if found is True else found
    return doubt


def _compared(cls: ClassValue) -> list[str]:
    if data_classes.is_data_class(cls):
        return [field.name for field in data_classes.fields(cls) if field.is_kept]
    return classes.fields(cls)


_TEXTS_AND_NUMBERS = ("str", "bytes", "int", "float")


def _plain_subclass(cls: ClassValue, positional: Arguments, span: Span) -> Value:
    """`class Path(str): ...`: the text itself when the class adds nothing; MISSING for others."""
    bases = {base.name for base in cls.order if isinstance(base, External)}
    if not bases.intersection(_TEXTS_AND_NUMBERS) or classes.is_enum(cls):
        return MISSING
    own = [name for base in cls.order if isinstance(base, ClassValue) for name in base.names]
    bare = all(name in ("__doc__", "__slots__", "__module__", "__qualname__") for name in own)
    if bare and "str" in bases and len(positional) == 1 and isinstance(positional[0], str):
        return positional[0]
    return Unknown(span, "unknown", f"an object of `{cls.name}`, a kind of text or number")


def _has_fields(cls: Value) -> bool:
    return (
        isinstance(cls, ClassValue)
        and "dataclass" in cls.decorated
        and "no-init" not in cls.decorated
    )


def method(cls: ClassValue, name: str) -> Value:
    """A method of a class as it stands there; None when there is none."""
    found = classes.own_attribute(cls, name)
    return None if found is None else found[1]


def _fill_tuple(
    machine: Machine,
    cls: ClassValue,
    value: Instance,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> None:
    """The fields of a new `NamedTuple`; Failure where the call does not fit."""
    left, named = list(positional), dict(keywords)
    for name in classes.fields(cls):
        default = classes.own_attribute(cls, name)
        if left:
            value.attributes[name] = left.pop(0)
        elif name in named:
            value.attributes[name] = named.pop(name)
        elif default is not None:
            value.attributes[name] = default[1]
        else:
            raise machine.failure(
                "TypeError", "FC207", f"call of `{cls.name}` misses `{name}`", span, "called here"
            )
    if left or named:
        what = "has too many arguments" if left else f"has no field `{next(iter(named))}`"
        raise machine.failure(
            "TypeError", "FC207", f"call of `{cls.name}` {what}", span, "called here"
        )


def _enum_member(machine: Machine, cls: ClassValue, positional: list[Value], span: Span) -> Value:
    unknown = plain.first_unknown(tuple(positional))
    if unknown is not None:
        return unknown
    for member in cls.names.values():
        if isinstance(member, EnumMember) and positional:
            wanted = plain.real(positional[0])
            if member is positional[0] or plain.real(member.value) == wanted:
                return member
    raise machine.failure(
        "ValueError", "FC206", f"`{cls.name}` has no such member", span, "raises ValueError"
    )
