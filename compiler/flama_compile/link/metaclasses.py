"""The making of a class: its metaclass, `__set_name__` and `__init_subclass__`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import attributes, calls, classes, escapes, instances
from flama_compile.link.values import (
    Builtin,
    ClassMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    Property,
    StaticMethod,
    Super,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["computed", "create", "make", "super_attribute"]

_TYPE = External("builtins", "type")


def create(machine: Machine, cls: ClassValue, span: Span) -> Value:
    """What the class statement gives once the body has run: the class, as a rule."""
    made_by = classes.metaclass(cls)
    if not isinstance(made_by, ClassValue):
        _type_new(machine, cls, span)
        return cls
    keywords = _keywords(cls)
    given: list[Value] = [cls.name, tuple(cls.bases), DictValue(cls.names)]
    new = classes.own_attribute(made_by, "__new__")
    made: Value = cls
    if new is None:
        _type_new(machine, cls, span)
    else:
        function = new[1].function if isinstance(new[1], StaticMethod) else new[1]
        machine.unmade.append(cls)
        waiting = len(machine.unmade)
        made = calls.call(machine, function, [made_by, *given], keywords, span)
        if len(machine.unmade) == waiting:
            # It never came to `type.__new__` in sight, and nothing else makes classes.
            machine.unmade.pop()
            _type_new(machine, cls, span)
        if isinstance(made, Unknown):
            # As a rule it is the class, with something done to it that cannot be seen.
            _doubt(cls, made)
            made = cls
    init = classes.own_attribute(made_by, "__init__")
    if init is not None and made is cls:
        calls.call(machine, init[1], [cls, *given], keywords, span)
    return made


def make(
    machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
) -> Value:
    """`object.__new__(cls)`, and `type.__new__(metaclass, name, bases, names)`."""
    cls = positional[0] if positional else None
    if not isinstance(cls, ClassValue):
        why = Unknown(span, "unknown-call", "`__new__` of something unknown")
        return escapes.unknown_call(machine, why, positional, keywords, span)
    if not machine.unmade or classes.metaclass(machine.unmade[-1]) is not cls:
        if _TYPE not in cls.order:
            return instances.blank(cls)
        why = Unknown(span, "metaclass", "a class that is made by a call")
        return escapes.unknown_call(machine, why, positional, keywords, span)
    made = machine.unmade.pop()
    _take(machine, made, positional[1:], span)
    _type_new(machine, made, span)
    return made


def computed(
    machine: Machine, positional: list[Value], keywords: dict[str, Value], span: Span
) -> Value:
    """`type(name, bases, names)`: nobody knows the class, but what its bases do with it is done."""
    why = Unknown(span, "computed-class", "a class that is computed")
    match positional:
        case [str(name), tuple(bases), DictValue(unknown=None) as names]:
            known = {key: value for key, value in names.items.items() if isinstance(key, str)}
            cls = ClassValue(
                name=name,
                module=machine.module,
                qualname=name,
                bases=list(bases),
                names=known,
                fact=facts.Class(name, (), (), (), (), "", _at(span)),
                span=span,
                keywords=keywords,
                open=why,
            )
            classes.finish(machine, cls, span)
            cls.open = Unknown(span, "metaclass", why.detail)
            return why
    return escapes.unknown_call(machine, why, positional, keywords, span)


def _take(machine: Machine, cls: ClassValue, given: list[Value], span: Span) -> None:
    """The class is made of what the metaclass hands on, not of what it was given."""
    match given:
        case [str(name), tuple(bases), DictValue(unknown=None) as names] if (
            list(bases) == cls.bases
        ):
            cls.name = name
            kept = {key: value for key, value in names.items.items() if isinstance(key, str)}
            cls.names.clear()
            cls.names.update(kept)
        case _:
            _doubt(cls, Unknown(span, "metaclass", f"`{cls.name}` has a metaclass"))


def _at(span: Span) -> facts.At:
    return (span.line, span.column, span.end_line, span.end_column)


def _doubt(cls: ClassValue, why: Unknown) -> None:
    """Nobody knows what the class holds; its methods may still be those of its body."""
    cls.open = why
    for name, value in cls.names.items():
        if not isinstance(value, FunctionValue | ClassMethod | StaticMethod | Property):
            cls.names[name] = why


def super_attribute(
    machine: Machine, cls: ClassValue, owner: Super, name: str, span: Span
) -> Value:
    """`super().name` in a method of the metaclass, where the object is a class."""
    made_by = classes.metaclass(cls)
    if not isinstance(made_by, ClassValue) or owner.after not in made_by.order:
        return Unknown(span, "unknown", "`super()`")
    for base in made_by.order[made_by.order.index(owner.after) + 1 :]:
        if isinstance(base, ClassValue) and name in base.names:
            return attributes.bound(machine, base.names[name], cls, made_by, span)
    if name == "__init__":
        return Builtin(name, lambda machine, positional, keywords, span: None)
    if name == "__call__":
        return Builtin(
            name,
            lambda machine, positional, keywords, span: instances.construct(
                machine, cls, positional, keywords, span
            ),
        )
    return Unknown(span, "unknown", "`super()`")


def _type_new(machine: Machine, cls: ClassValue, span: Span) -> None:
    """What `type.__new__` tells the attributes of the class, and the class above."""
    for name, value in list(cls.names.items()):
        if isinstance(value, Instance):
            hook = classes.own_attribute(value.cls, "__set_name__")
            if hook is not None:
                calls.call(machine, hook[1], [value, cls, name], {}, span)
    for base in cls.order[1:]:
        if isinstance(base, ClassValue) and "__init_subclass__" in base.names:
            found = base.names["__init_subclass__"]
            function = found.function if isinstance(found, ClassMethod) else found
            calls.call(machine, function, [cls], _keywords(cls), span)
            break


def _keywords(cls: ClassValue) -> dict[str, Value]:
    return {name: value for name, value in cls.keywords.items() if name != "metaclass"}
