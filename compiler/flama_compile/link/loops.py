"""Loops: unrolled over what is known, executed once in doubt over what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import blocks, expressions, operations, statements
from flama_compile.link.journal import Doubt
from flama_compile.link.values import LOOP_LIMIT, Scope, Unknown, Value

if TYPE_CHECKING:
    from flama_compile.link.blocks import Flow
    from flama_compile.link.machine import Machine

__all__ = ["run_for", "run_while"]


def run_for(machine: Machine, fact: facts.For, scope: Scope) -> Flow | None:
    """A `for`; over an unknown iterable its body may run any number of times."""
    span = machine.span(scope, fact.at)
    items = operations.iterate(machine, expressions.evaluate(machine, fact.iterable, scope), span)
    if isinstance(items, Unknown):
        bounded = items.reason == "analysis-bounded"
        why = Unknown(
            span,
            items.reason if bounded else "loop-over-unknown",
            items.detail if bounded else f"what the loop goes over is not known: {items.detail}",
        )

        def once() -> Flow | None:
            item = Unknown(span, items.reason, items.detail)
            statements.assign(machine, fact.target, item, scope)
            return blocks.run_block(machine, fact.body, scope)

        return _in_doubt(machine, why, once)

    def run(item: Value) -> Flow | None:
        statements.assign(machine, fact.target, item, scope)
        return blocks.run_block(machine, fact.body, scope)

    flow, broken = _iterate(machine, items, run)
    if broken or flow is not None:
        return flow
    return blocks.run_block(machine, fact.otherwise, scope)


def _in_doubt(machine: Machine, why: Unknown, once: Callable[[], Flow | None]) -> Flow | None:
    """A body that runs an unknown number of times: twice, so that it sees its own effects."""

    def several() -> Flow | None:
        first = once()
        return first if first is not None else once()

    code = "FC117" if why.reason == "analysis-bounded" else "FC111"
    outcomes = machine.journal.branches(Doubt(why, code), [several, lambda: None])
    flow = outcomes[0].result
    if flow is None or flow.kind != "return":
        return None
    result: Flow = flow._replace(certain=False, why=why)
    return result


def _iterate(
    machine: Machine, items: Sequence[Value], run: Callable[[Value], Flow | None]
) -> tuple[Flow | None, bool]:
    """All items in turn; the second result says that a `break` left the loop."""
    for index, item in enumerate(items):
        machine.step()
        flow = run(item)
        if flow is None or flow.kind == "continue":
            continue
        if flow.certain:
            return (None, True) if flow.kind == "break" else (flow, False)
        rest = items[index + 1 :]
        assert flow.why is not None, "what is not certain has a reason"
        outcomes = machine.journal.branches(
            Doubt(flow.why, "FC111"),
            [lambda rest=rest: _iterate(machine, rest, run)[0], lambda: None],  # type: ignore[misc]
        )
        if flow.kind == "break":
            after: Flow | None = outcomes[0].result
            return (after and after._replace(certain=False, why=flow.why)), True
        return blocks.both(machine, flow, outcomes[0].result, flow.why), False
    return None, False


def run_while(machine: Machine, fact: facts.While, scope: Scope) -> Flow | None:
    """A `while`; bounded, and in doubt from where its condition is unknown."""
    span = machine.span(scope, fact.at)
    for _ in range(LOOP_LIMIT):
        machine.step()
        known = operations.truth(machine, expressions.evaluate(machine, fact.test, scope))
        if known is False:
            return blocks.run_block(machine, fact.otherwise, scope)
        if isinstance(known, Unknown):
            why = Unknown(
                span, "loop-over-unknown", f"the loop's condition is not known: {known.detail}"
            )
            return _in_doubt(machine, why, lambda: blocks.run_block(machine, fact.body, scope))
        flow = blocks.run_block(machine, fact.body, scope)
        if flow is None or flow.kind == "continue":
            continue
        if flow.certain:
            return None if flow.kind == "break" else flow
        assert flow.why is not None, "what is not certain has a reason"
        rest = _in_doubt(machine, flow.why, lambda: blocks.run_block(machine, fact.body, scope))
        return None if flow.kind == "break" else blocks.both(machine, flow, rest, flow.why)
    why = Unknown(span, "analysis-bounded", f"the loop runs more than {LOOP_LIMIT:,} times")
    return _in_doubt(machine, why, lambda: blocks.run_block(machine, fact.body, scope))
