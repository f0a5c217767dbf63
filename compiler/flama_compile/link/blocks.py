"""Blocks of statements: in order, in doubt, or marked as dynamic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from flama_compile.ir import facts
from flama_compile.link import (
    statements,
)
from flama_compile.link.applications import Application
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["Flow", "both", "branch", "is_marked", "run_block", "run_marked"]

Block = Sequence[facts.Statement]


class Flow(NamedTuple):
    """How a block was left before its end; `certain` is false when it may have gone on."""

    kind: str
    """`return`, `break` or `continue`."""
    value: Value
    certain: bool
    why: Unknown | None = None


def run_block(machine: Machine, body: Block, scope: Scope) -> Flow | None:
    """Statements in order; None when the end was reached."""
    for index, fact in enumerate(body):
        with machine.running(scope.globals, fact.at):
            flow = statements.run(machine, fact, scope)
        if flow is None:
            continue
        if flow.certain or index + 1 == len(body):
            return flow
        rest = body[index + 1 :]
        assert flow.why is not None, "what is not certain has a reason"
        doubt = Doubt(flow.why, "FC111")
        outcomes = machine.journal.branches(
            doubt, [partial(run_block, machine, rest, scope), lambda: None]
        )
        return both(machine, flow, outcomes[0].result, flow.why)
    return None


def both(machine: Machine, one: Flow | None, other: Flow | None, why: Unknown) -> Flow | None:
    """How a block was left that was left in one of two ways."""
    if one is None or other is None:
        left = one or other
        return None if left is None else Flow(left.kind, left.value, False, why)
    if one.kind != other.kind:
        chosen = one if one.kind == "return" else other
        return Flow(chosen.kind, chosen.value, False, why)
    value = machine.one_of([one.value, other.value], why)
    certain = other.certain if not one.certain else one.certain and other.certain
    return Flow(one.kind, value, certain, why)


def is_marked(fact: facts.Statement, marks: dict[int, str]) -> bool:
    """Whether a simple statement, a decorator, or a compound statement's first line is marked."""
    spans = [(fact.at[0], fact.at[2])]
    if isinstance(fact, facts.Function | facts.Class):
        spans += [(decorator.at[0], decorator.at[2]) for decorator in fact.decorators]
    return any(
        word == "dynamic" and any(first <= line <= last for first, last in spans)
        for line, word in marks.items()
    )


def run_marked(machine: Machine, fact: facts.Statement, scope: Scope) -> Flow | None:
    """A marked statement: what it registers is a declared site, whatever we could tell."""
    span = machine.span(scope, fact.at)
    for decorator in getattr(fact, "decorators", ()):
        if any(
            word == "dynamic" and decorator.at[0] <= line <= decorator.at[2]
            for line, word in scope.globals.marks.items()
        ):
            span = machine.span(scope, decorator.at)
            break
    before = {id(app): list(app.entries) for app in machine.applications}
    machine.forced += 1
    try:
        for app in machine.applications:
            machine.touch(app, "entries")
        flow: Flow | None = statements.DISPATCH[type(fact)](machine, fact, scope)
    finally:
        machine.forced -= 1
    why = Unknown(span, "marked", "the line is marked as dynamic")
    site = machine.site(why, "FC111")
    touched = [app for app in machine.applications if _changed(app, before)]
    for app in touched:
        known = before[id(app)]
        app.entries[:] = [*known, site]
    if not touched:
        machine.add_site_everywhere(site)
    return flow


def _changed(app: Application, before: dict[int, list[Any]]) -> bool:
    return id(app) in before and len(app.entries) != len(before[id(app)])


def branch(
    machine: Machine,
    why: Unknown,
    one: Callable[[], Flow | None],
    other: Callable[[], Flow | None],
) -> Flow | None:
    """Run two branches of which one runs, and say how the block is left."""
    first, second = machine.journal.branches(Doubt(why, "FC111"), [one, other])
    if first.failure is not None and second.failure is not None:
        raise first.failure
    one_flow: Flow | None = first.result
    other_flow: Flow | None = second.result
    if first.failure is not None:
        return other_flow
    if second.failure is not None:
        return one_flow
    return both(machine, one_flow, other_flow, why)
