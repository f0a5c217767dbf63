"""Context managers: what `with` gets from them, and their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    calls,
    classes,
    escapes,
)
from flama_compile.link.blocks import Flow, both
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    Coroutine,
    External,
    ExternalObject,
    FunctionValue,
    Held,
    Instance,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["enter", "leave", "may_swallow", "run_swallowed"]


def enter(machine: Machine, manager: Value, span: Span, *, is_async: bool) -> Value:
    """What `with manager as name`, or `async with`, gives."""
    if isinstance(manager, Instance):
        method = classes.own_attribute(manager.cls, "__aenter__" if is_async else "__enter__")
        if method is not None:
            return _awaited(machine, calls.call(machine, method[1], [manager], {}, span), span)
    if isinstance(manager, ExternalObject) and manager.cls == External("contextlib", "nullcontext"):
        return manager.arguments[0] if manager.arguments else manager.keywords.get("enter_result")
    _use(machine, manager, span)
    return Unknown(span, "context-manager", "what a context manager gives", _held(manager))


def leave(machine: Machine, manager: Value, span: Span, *, is_async: bool) -> None:
    """The end of `with manager`, or `async with`."""
    if isinstance(manager, Instance):
        method = classes.own_attribute(manager.cls, "__aexit__" if is_async else "__exit__")
        if method is not None:
            result = calls.call(machine, method[1], [manager, None, None, None], {}, span)
            _awaited(machine, result, span)
    _use(machine, manager, span)


def _awaited(machine: Machine, value: Value, span: Span) -> Value:
    return calls.run_coroutine(machine, value, span) if isinstance(value, Coroutine) else value


def _held(manager: Value) -> Held | None:
    if isinstance(manager, ExternalObject):
        given = [*manager.arguments, *manager.keywords.values()]
        return escapes.remembered(manager.cls, given)
    return escapes.kept(manager) if isinstance(manager, Unknown) else None


def _use(machine: Machine, manager: Value, span: Span) -> None:
    """Something that cannot be seen runs, and may have been given applications before."""
    held = _held(manager)
    if held is not None:
        why = Unknown(span, "unknown-call", "a context manager", held)
        escapes.unknown_call(machine, why, [], {}, span)


def may_swallow(machine: Machine, manager: Value, *, is_async: bool) -> bool:
    """Whether what is raised in the body may end there: the project's `__exit__` may be true."""
    if not isinstance(manager, Instance):
        return False
    method = classes.own_attribute(manager.cls, "__aexit__" if is_async else "__exit__")
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
