"""What a route or a mount points at: handlers and foreign applications by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.ir.routes import (
    Handler,
)
from flama_compile.link import framework, packages
from flama_compile.link.applications import Application
from flama_compile.link.values import (
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    Partial,
    StaticMethod,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["class_of", "digest_of", "handler_of", "target_of", "unwrapped"]


def unwrapped(value: Value) -> Value:
    """What is behind a static method that is registered by itself."""
    while isinstance(value, StaticMethod):
        value = value.function
    return value


def handler_of(machine: Machine, endpoint: Value) -> tuple[Handler, str | None]:
    """The object that is registered, and the name that a route of it gets."""
    match endpoint:
        case FunctionValue():
            module = endpoint.attributes.get("__module__", endpoint.module.name)
            if endpoint.renamed or not isinstance(module, str):
                return Handler(endpoint.module.name, endpoint.qualname, True), None
            return Handler(module, endpoint.qualname), endpoint.name
        case ClassValue():
            return Handler(endpoint.module.name, endpoint.qualname), endpoint.name
        case Bound() | ClassMethod():
            handler, name = handler_of(machine, endpoint.function)
            return handler, name
        case Partial():
            inner = endpoint.function
            while isinstance(inner, Partial):
                inner = inner.function
            handler, name = handler_of(machine, inner)
            return Handler(handler.module, handler.qualname, True), name
        case Instance():
            cls = endpoint.cls
            return Handler(cls.module.name, cls.qualname), cls.name
        case External():
            return Handler(endpoint.module, endpoint.name), endpoint.name
        case Unknown() if isinstance(endpoint.about, FunctionValue | ClassValue):
            handler, _ = handler_of(machine, endpoint.about)
            return Handler(handler.module, handler.qualname, True), None
        case Builtin():
            return Handler("builtins", endpoint.name, True), None
    return Handler("", "?", True), None


def digest_of(endpoint: Value) -> str:
    """The digest of a handler's source, to follow moved code."""
    inner = endpoint
    while isinstance(inner, Bound | ClassMethod | Partial):
        inner = inner.function
    if isinstance(inner, Unknown):
        inner = inner.about
    if isinstance(inner, FunctionValue) and inner.wrapped is not None:
        return digest_of(inner.wrapped)
    return str(getattr(getattr(inner, "fact", None), "digest", ""))


def target_of(machine: Machine, target: Value) -> Handler | None:
    """What a foreign application is called; None when it may be one of ours."""
    match target:
        case FunctionValue():
            module = target.attributes.get("__module__", target.module.name)
            return Handler(str(module), target.qualname, target.renamed)
        case Bound() | Partial() | ClassMethod():
            return target_of(machine, target.function)
        case Instance():
            return Handler(target.cls.module.name, target.cls.qualname)
        case ClassValue():
            return Handler(target.module.name, target.qualname)
        case ExternalObject():
            found = packages.canonical(machine, target.cls)
            above = list(packages.ancestors(machine, found))
            if any(isinstance(one, Unknown) for one in above):
                return None
            return Handler(found.module, found.name)
        case Unknown() if isinstance(target.about, FunctionValue):
            return Handler(target.about.module.name, target.about.qualname, True)
    return None


def class_of(app: Application) -> Handler:
    """An application that no name holds is called after its class."""
    if app.cls is not None:
        return Handler(app.cls.module.name, app.cls.qualname)
    found = framework.FLAMA if app.kind == "flama" else framework.ROUTER
    return Handler(found.module, found.name)
