"""Signatures: what a view takes, as the framework reads it from the live object."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flama_compile.ir import facts
from flama_compile.ir.routes import ParameterKind
from flama_compile.link import classes, packages, plain
from flama_compile.link.applications import Application, SpecObject
from flama_compile.link.values import (
    MISSING,
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    DictValue,
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    ListValue,
    Method,
    ModuleValue,
    OneShot,
    Partial,
    Scope,
    SetValue,
    StaticMethod,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Signature", "Taken", "is_callable", "read", "read_method", "takes"]


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
    returns_span: Span | None = None
    """Where the return annotation stands."""


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
    scope = function.scope or _module_scope(machine, function.module)
    parameters = tuple(
        Taken(
            one.name,
            one.kind,
            function.annotations.get(one.name, MISSING),
            _default(function, one),
            Span(file, *one.at),
            scope,
        )
        for one in function.fact.parameters
    )
    generator = isinstance(function.fact, facts.Function) and function.fact.is_generator
    awaits = function.is_async and not generator
    returns = function.annotations.get("return", MISSING)
    at = function.fact.returns if isinstance(function.fact, facts.Function) else None
    place = None if at is None else Span(file, *at.at)
    return Signature(parameters, returns, awaits, True, place)


def _module_scope(machine: Machine, module: ModuleValue) -> Scope:
    """The names of a module, for annotations in quotes."""
    key = ("scope", module.name)
    if key not in machine.caches:
        machine.caches[key] = Scope(module, None, "")
        machine.caches[key].names = module.names
    found: Scope = machine.caches[key]
    return found


def _default(function: FunctionValue, parameter: facts.Parameter) -> str | None:
    """A default as text: the same for `'x'` and `"x"`, or for a name and what it stands for."""
    if parameter.name not in function.defaults:
        return None
    value = function.defaults[parameter.name]
    found = plain.real(value)
    if found is plain.NOT_PLAIN or isinstance(found, set):
        return parameter.default_text
    try:
        shown = repr(found)
    except ValueError:  # a whole number of very many digits
        return parameter.default_text
    if "0x" in shown:
        return parameter.default_text
    return "..." if found is ... else shown


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


_CALLED = (
    FunctionValue,
    Bound,
    Partial,
    ClassValue,
    Builtin,
    StaticMethod,
    Method,
    Application,
)
_NOT_CALLED = (
    ListValue,
    DictValue,
    SetValue,
    tuple,
    range,
    slice,
    OneShot,
    ModuleValue,
    SpecObject,
)


def is_callable(machine: Machine, value: Value) -> bool | None:
    """Whether something can be called; None when that is not known."""
    value = plain.bare(value)
    if isinstance(value, _CALLED):
        return True
    if isinstance(value, _NOT_CALLED):
        return False
    match value:
        case Instance():
            return _has_call(machine, value)
        case ExternalObject():
            return packages.has_method(machine, value.cls, "__call__")
        case External():
            if not value.name:
                return False
            return packages.is_callable(machine, value)
    return False if plain.is_constant(value) else None


def _has_call(machine: Machine, value: Instance) -> bool | None:
    if classes.own_attribute(value.cls, "__call__") is not None:
        return True
    bases = [base for base in value.cls.order if not isinstance(base, ClassValue)]
    known = [
        packages.has_method(machine, base, "__call__") if isinstance(base, External) else None
        for base in bases
    ]
    if any(known):
        return True
    return None if value.cls.open is not None or None in known else False


def takes(signature: Signature, counts: tuple[int, ...]) -> bool:
    """Whether a callable takes one of these numbers of arguments by position."""
    positional = [
        one for one in signature.parameters if one.kind in ("positional-only", "positional")
    ]
    required = [one for one in positional if one.default is None]
    if any(one.kind == "keyword-only" and one.default is None for one in signature.parameters):
        return False
    if any(one.kind == "var-positional" for one in signature.parameters):
        return len(required) <= max(counts)
    return any(len(required) <= count <= len(positional) for count in counts)
