"""Context managers: what `with` gets from them, and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    classes,
)
from flama_compile.link.values import (
    External,
    ExternalObject,
    Instance,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["enter", "leave"]


def enter(machine: Machine, manager: Value, span: Span) -> Value:
    """What `with manager as name` gives."""
    if isinstance(manager, Instance):
        method = classes.own_attribute(manager.cls, "__enter__")
        if method is not None:
            return calls.call(machine, method[1], [manager], {}, span)
    if isinstance(manager, ExternalObject) and manager.cls == External("contextlib", "nullcontext"):
        return manager.arguments[0] if manager.arguments else manager.keywords.get("enter_result")
    return Unknown(span, "context-manager", "what a context manager gives")


def leave(machine: Machine, manager: Value, span: Span) -> None:
    """The end of `with manager`."""
    if isinstance(manager, Instance):
        method = classes.own_attribute(manager.cls, "__exit__")
        if method is not None:
            calls.call(machine, method[1], [manager, None, None, None], {}, span)
