"""Loops: unrolled over what is known, executed once in doubt over what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import blocks, expressions, iterators, operations, statements
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    LOOP_LIMIT,
    DictValue,
    ListValue,
    LiveView,
    OneShot,
    Overlay,
    Scope,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.blocks import Flow
    from flama_compile.link.machine import Machine

__all__ = ["run_for", "run_while"]


def run_for(machine: Machine, fact: facts.For, scope: Scope) -> Flow | None:
    """A `for`; over an unknown iterable its body may run any number of times."""
    span = machine.span(scope, fact.at)
    value = expressions.evaluate(machine, fact.iterable, scope)
    with iterators.interleaved(machine, value, span):
        items = _source(machine, value, span)
        if isinstance(items, Unknown):
            return _run_unknown(machine, fact, scope, items, span)

        def run(item: Value) -> Flow | None:
            statements.assign(machine, fact.target, item, scope)
            return blocks.run_block(machine, fact.body, scope)

        flow, broken = _iterate(machine, items, run)
        if broken or flow is not None:
            return flow
        if items.doubt is not None:
            return _run_unknown(machine, fact, scope, items.doubt, span)
    return blocks.run_block(machine, fact.otherwise, scope)


def _run_unknown(
    machine: Machine, fact: facts.For, scope: Scope, unknown: Unknown, span: Span
) -> Flow | None:
    why = Unknown(
        span, "loop-over-unknown", f"what the loop goes over is not known: {unknown.detail}"
    )

    def once() -> Flow | None:
        item = Unknown(span, unknown.reason, unknown.detail, unknown.about)
        statements.assign(machine, fact.target, item, scope)
        return blocks.run_block(machine, fact.body, scope)

    return _in_doubt(machine, why, once)


class _Items:
    """What a loop goes over; the body may change it meanwhile."""

    def __init__(self, machine: Machine, value: Value, items: list[Value], span: Span) -> None:
        self._machine = machine
        self._value = value
        self._span = span
        # NOTE: not a copy for lists and iterators: their contents are changed in place.
        self._items = items
        self._index = 0
        self._size = len(items)
        self.doubt: Unknown | None = None
        """Why the items after those that were given are not known."""

    def __iter__(self) -> Iterator[Value]:
        while self.doubt is None:
            self.doubt = getattr(self._value, "unknown", None)
            if isinstance(self._value, DictValue | LiveView):
                self._check_size()
            if self.doubt is not None or self._index >= len(self._items):
                return
            if self._index > LOOP_LIMIT and len(self._items) > self._size:
                self.doubt = Unknown(
                    self._span, "analysis-bounded", "the list grows while the loop goes over it"
                )
                return
            if isinstance(self._value, OneShot):
                self._machine.touch(self._value, "items")
                yield self._items.pop(0)
            else:
                self._index += 1
                yield self._items[self._index - 1]

    def rest(self) -> list[Value]:
        """The items that are left now."""
        return self._items[self._index :]

    def _check_size(self) -> None:
        owner = self._value.owner if isinstance(self._value, LiveView) else self._value
        self.doubt = owner.unknown
        if len(owner.items) != self._size:
            raise self._machine.failure(
                "RuntimeError",
                "FC206",
                "the dict changes its size while the loop goes over it",
                self._span,
                "raises RuntimeError",
                ["go over `list(...)` of it"],
            )


def _source(machine: Machine, value: Value, span: Span) -> _Items | Unknown:
    value = value.base if isinstance(value, Overlay) else value
    if isinstance(value, ListValue | OneShot) and value.unknown is None:
        return _Items(machine, value, value.items, span)
    items = operations.iterate(machine, value, span)
    return items if isinstance(items, Unknown) else _Items(machine, value, items, span)


def _in_doubt(machine: Machine, why: Unknown, once: Callable[[], Flow | None]) -> Flow | None:
    """A body that runs an unknown number of times."""
    code = "FC117" if why.reason == "analysis-bounded" else "FC111"
    outcomes = machine.journal.repeat(Doubt(why, code), once)
    flows = [one.result for one in outcomes if one.result is not None]
    returns = [flow for flow in flows if flow.kind == "return"]
    if not returns:
        return None
    value = machine.one_of([flow.value for flow in returns], why)
    result: Flow = returns[0]._replace(value=value, certain=False, why=why)
    return result


def _iterate(
    machine: Machine, items: _Items | list[Value], run: Callable[[Value], Flow | None]
) -> tuple[Flow | None, bool]:
    """All items in turn; the second result says that a `break` left the loop."""
    left = iter(items)
    for item in left:
        machine.step()
        flow = run(item)
        if flow is None or flow.kind == "continue":
            continue
        if flow.certain:
            return (None, True) if flow.kind == "break" else (flow, False)
        rest = list(left) if isinstance(items, list) else items.rest()
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
    if isinstance(fact.test, facts.Constant) and scope.names is scope.globals.names:
        # Nothing but a `break` ends it: what follows in the module may never be reached.
        machine.add_site_everywhere(machine.site(why, "FC117"))
    return _in_doubt(machine, why, lambda: blocks.run_block(machine, fact.body, scope))
