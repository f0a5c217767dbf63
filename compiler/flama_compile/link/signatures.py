"""Signatures: what a view takes, as the framework reads it from the live object."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flama_compile.ir import facts
from flama_compile.ir.routes import ParameterKind
from flama_compile.link import classes, plain
from flama_compile.link.values import (
    MISSING,
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Partial,
    StaticMethod,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Signature", "Taken", "read", "read_method"]


class Taken(NamedTuple):
    """One parameter, its annotation not read yet."""

    name: str
    kind: ParameterKind
    annotation: Value
    """MISSING when there is none."""
    default: str | None
    span: Span
    scope: object
    """Where strings in the annotation are looked up: a Scope, or None."""


class Signature(NamedTuple):
    """What a callable takes; `known` is false when only the live object can tell."""

    parameters: tuple[Taken, ...]
    returns: Value
    awaits: bool | None
    known: bool


_LATE = Signature((), MISSING, None, False)


def read(machine: Machine, value: Value) -> Signature:
    """The signature of a view."""
    match value:
        case FunctionValue():
            return _read_function(machine, value)
        case Bound(function=FunctionValue()):
            return _without_first(read(machine, value.function))
        case Partial():
            return _read_partial(machine, value)
        case StaticMethod():
            return read(machine, value.function)
        case ClassMethod():
            return _without_first(read(machine, value.function))
        case Instance():
            method = classes.own_attribute(value.cls, "__call__")
            if method is not None:
                inner = read(machine, method[1])
                return inner if isinstance(method[1], StaticMethod) else _without_first(inner)
    return _LATE


def read_method(machine: Machine, cls: ClassValue, name: str) -> Signature:
    """The signature of a method as objects of the class are called."""
    found = classes.own_attribute(cls, name)
    if found is None:
        return _LATE
    if isinstance(found[1], StaticMethod | ClassMethod):
        return read(machine, found[1])
    return _without_first(read(machine, found[1]))


def _without_first(signature: Signature) -> Signature:
    parameters = signature.parameters
    if parameters and parameters[0].kind in ("positional-only", "positional"):
        return signature._replace(parameters=parameters[1:])
    return signature


def _read_function(machine: Machine, function: FunctionValue) -> Signature:
    if "__signature__" in function.attributes:
        return _LATE._replace(awaits=function.is_async)
    own = _own(machine, function)
    if function.wrapped is None:
        return own
    return _wrapper(own, read(machine, function.wrapped))


def _wrapper(own: Signature, inner: Signature) -> Signature:
    """A wrapper that takes `*args, **kwargs` passes on what it wraps; its own come first."""
    if not inner.known:
        return _LATE._replace(awaits=own.awaits)
    kinds = {one.kind for one in own.parameters}
    mine = [one for one in own.parameters if one.kind not in ("var-positional", "var-keyword")]
    taken = {one.name for one in mine}
    passed: list[Taken] = []
    if kinds & {"var-positional", "var-keyword"}:
        for one in inner.parameters:
            if one.name in taken:
                continue
            kind: ParameterKind = one.kind
            if kind == "positional" and "var-keyword" not in kinds:
                kind = "positional-only"
            elif kind == "positional" and mine and "var-positional" not in kinds:
                kind = "keyword-only"
            passed.append(one._replace(kind=kind))
    order = ("positional-only", "positional", "var-positional", "keyword-only", "var-keyword")
    parameters = sorted([*mine, *passed], key=lambda one: order.index(one.kind))
    return Signature(tuple(parameters), inner.returns, own.awaits, True)


def _own(machine: Machine, function: FunctionValue) -> Signature:
    file = function.module.found.path
    parameters = tuple(
        Taken(
            one.name,
            one.kind,
            function.annotations.get(one.name, MISSING),
            _default(function, one),
            Span(file, *one.at),
            function.scope,
        )
        for one in function.fact.parameters
    )
    generator = isinstance(function.fact, facts.Function) and function.fact.is_generator
    awaits = function.is_async and not generator
    returns = function.annotations.get("return", MISSING)
    return Signature(parameters, returns, awaits, True)


def _default(function: FunctionValue, parameter: facts.Parameter) -> str | None:
    """A default as text: the same for `'x'` and `"x"`, or for a name and what it stands for."""
    if parameter.name not in function.defaults:
        return None
    value = function.defaults[parameter.name]
    found = plain.real(value)
    if found is plain.NOT_PLAIN or isinstance(found, set) or "0x" in repr(found):
        return parameter.default_text
    return "..." if found is ... else repr(found)


def _read_partial(machine: Machine, value: Partial) -> Signature:
    signature = read(machine, value.function)
    if not signature.known:
        return signature
    left = list(signature.parameters)
    for _ in value.arguments:
        if left and left[0].kind in ("positional-only", "positional"):
            left.pop(0)
    kept: list[Taken] = []
    fixed = False
    for one in left:
        if one.name in value.keywords and one.kind != "positional-only":
            fixed = True
            continue
        if fixed and one.kind == "positional":
            one = one._replace(kind="keyword-only")
        kept.append(one)
    return signature._replace(parameters=tuple(kept))


def is_callable(value: Value) -> bool | None:
    """Whether something can be a view; None when that is not known."""
    if isinstance(value, FunctionValue | Bound | Partial | ClassValue | Builtin | StaticMethod):
        return True
    if isinstance(value, Instance):
        if classes.own_attribute(value.cls, "__call__") is not None:
            return True
        return None if value.cls.open is not None else False
    if isinstance(value, Unknown | External):
        return None
    return False if plain.is_constant(value) else None


__all__ += ["is_callable"]
