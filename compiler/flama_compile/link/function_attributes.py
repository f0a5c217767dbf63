"""Attributes of functions of the project, and what assigning them changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import attributes
from flama_compile.link.values import Builtin, DictValue, FunctionValue, Unknown, Value
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["get", "put"]


def get(machine: Machine, owner: FunctionValue, name: str, span: Span) -> Value:
    """`function.name`; Failure where it has no such attribute."""
    if name in owner.attributes:
        return owner.attributes[name]
    match name:
        case "__name__":
            return Unknown(span, "renamed", "its name was changed") if owner.renamed else owner.name
        case "__qualname__":
            return owner.qualname
        case "__module__":
            return owner.module.name
        case "__wrapped__" if owner.wrapped is not None:
            return owner.wrapped
        case "__annotations__" if "__signature__" not in owner.attributes:
            # Whoever looks at them may change them.
            machine.touch(owner, "attributes")
            owner.attributes["__signature__"] = Unknown(None, "signature", "it may be changed")
            return Unknown(span, "unknown", "annotations of a function")
        case "__dict__":
            return DictValue(owner.attributes)
        case "cache_clear" | "cache_info" if owner.remembers:
            return Builtin(name, lambda *_: None)
    if name.startswith("__"):
        return Unknown(span, "unknown", f"`{name}` of a function")
    raise attributes.no_attribute(machine, f"function `{owner.name}`", name, owner.attributes, span)


def put(machine: Machine, owner: FunctionValue, name: str, value: Value) -> None:
    """`function.name = value`."""
    machine.touch(owner, "attributes")
    machine.touch(owner, "name")
    machine.touch(owner, "qualname")
    machine.touch(owner, "renamed")
    machine.touch(owner, "wrapped")
    match name:
        case "__name__" if isinstance(value, str):
            owner.name = value
        case "__qualname__" if isinstance(value, str):
            owner.qualname = value
        case "__name__" | "__qualname__" | "__module__":
            owner.renamed = True
        case "__wrapped__":
            owner.wrapped = value
        case "__signature__" | "__annotations__" | "__defaults__" | "__kwdefaults__" | "__code__":
            owner.attributes["__signature__"] = Unknown(None, "signature", "it is assigned")
        case _:
            owner.attributes[name] = value
