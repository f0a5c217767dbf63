"""Context managers: what `with` gets from them, and their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    calls,
    classes,
)
from flama_compile.link.blocks import Flow, both
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["enter", "leave", "may_swallow", "run_swallowed"]


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


def may_swallow(machine: Machine, manager: Value) -> bool:
    """Whether what is raised in the body may end there: the project's `__exit__` may be true."""
    if not isinstance(manager, Instance):
        return False
    method = classes.own_attribute(manager.cls, "__exit__")
    if method is None or not isinstance(method[1], FunctionValue):
        return False
    return any(
        one.value is not None
        and not (isinstance(one.value, facts.Constant) and not one.value.value)
        for one in _returns(calls.with_body(machine, method[1]).body or ())
    )


def run_swallowed(machine: Machine, span: Span, inside: Callable[[], Flow | None]) -> Flow | None:
    """The body of a manager that may end it wherever something is raised."""
    why = Unknown(span, "may-raise", "the context manager ends its body where something raises")
    risks = len(machine.risks)
    machine.trying += 1
    try:
        outcome = machine.journal.branches(Doubt(why, "FC111"), [inside, lambda: None])[0]
    finally:
        machine.trying -= 1
        del machine.risks[risks:]
    return both(machine, outcome.result, None, why)


def _returns(body: Sequence[Any]) -> Iterator[facts.Return]:
    """Every `return` of a function, at any depth of its blocks."""
    for fact in body:
        if isinstance(fact, facts.Return):
            yield fact
        elif not isinstance(fact, facts.Function | facts.Class):
            for part in fact if isinstance(fact, tuple) else ():
                if isinstance(part, tuple) and part and isinstance(part[0], tuple):
                    yield from _returns(part)
