"""`try` and `contextlib.suppress`: what raises for certain, and what may raise.

An operation on something unknown may raise. Inside a `try` whose clauses could catch that, it is
not known from there on whether the rest of the body runs or a clause does::

    try:
        size = int(os.environ["SIZE"])      # may raise KeyError or ValueError
        app.add_get("/sized", view)         # in doubt
    except ValueError:
        app.add_get("/default", view)       # in doubt
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flama_compile.ir import facts
from flama_compile.link import blocks, expressions, patterns, statements
from flama_compile.link.failures import Failure, Risk
from flama_compile.link.journal import Doubt, Outcome
from flama_compile.link.values import (
    ClassValue,
    External,
    ExternalObject,
    Instance,
    Scope,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.blocks import Flow
    from flama_compile.link.machine import Machine

__all__ = ["run_suppressed", "run_try"]

_SELDOM = (ImportError, NameError, SyntaxError, StopIteration, MemoryError, RecursionError)
"""What calls of unknown code are not expected to raise; imports raise the first themselves."""


class _Clause(NamedTuple):
    """One way to catch."""

    kinds: Callable[[], tuple[Value, ...] | None]
    """Classes that it catches, evaluated when something was raised; None catches all."""
    run: Callable[[Failure | None], Flow | None]


def run_try(machine: Machine, fact: facts.Try, scope: Scope) -> Flow | None:
    """A `try` statement; its `finally` runs whatever happens."""
    clauses = [_clause(machine, handler, scope) for handler in fact.handlers]
    attempt = _Attempt(machine, scope, clauses, fact.otherwise)
    try:
        flow = attempt.run(fact.body)
    except Failure:
        final = blocks.run_block(machine, fact.final, scope)
        if final is not None and final.certain:
            return final
        raise
    final = blocks.run_block(machine, fact.final, scope)
    return final if final is not None else flow


def run_suppressed(
    machine: Machine, body: statements.Block, kinds: Sequence[Value], scope: Scope
) -> Flow | None:
    """The body of `with contextlib.suppress(...)`."""
    clause = _Clause(lambda: tuple(kinds), lambda failure: None)
    return _Attempt(machine, scope, [clause], ()).run(body)


def _clause(machine: Machine, handler: facts.Handler, scope: Scope) -> _Clause:
    def kinds() -> tuple[Value, ...] | None:
        if handler.type is None:
            return None
        caught = expressions.evaluate(machine, handler.type, scope)
        return caught if isinstance(caught, tuple) else (caught,)

    def run(failure: Failure | None) -> Flow | None:
        machine.handling.append(failure)
        try:
            if not handler.name:
                return blocks.run_block(machine, handler.body, scope)
            place = machine.span(scope, handler.at)
            statements.bind(machine, scope, handler.name, _raised(failure, place))
            flow = blocks.run_block(machine, handler.body, scope)
        finally:
            machine.handling.pop()
        statements.unbind(machine, scope, handler.name)
        return flow

    return _Clause(kinds, run)


def _raised(failure: Failure | None, place: Span) -> Value:
    """The exception object that a clause binds."""
    match failure:
        case None:
            return Unknown(place, "exception", "an exception that may be raised")
        case Failure(value=None):
            return ExternalObject(External("builtins", failure.kind), (), {}, place)
        case Failure(value=External() as cls):
            return ExternalObject(cls, (), {}, place)
        case Failure(value=ClassValue() as cls):
            return Instance(cls)
    return failure.value


class _Attempt:
    """The body of one `try`, statement by statement."""

    def __init__(
        self,
        machine: Machine,
        scope: Scope,
        clauses: Sequence[_Clause],
        otherwise: statements.Block,
    ) -> None:
        self._machine = machine
        self._scope = scope
        self._clauses = clauses
        self._otherwise = otherwise

    def run(self, body: statements.Block) -> Flow | None:
        """The statements that are left, then `else`."""
        for index, statement in enumerate(body):
            rest = body[index + 1 :]
            first = len(self._machine.risks)
            outcome, redo = self._attempt(statement)
            risks = self._machine.risks[first:]
            doubtful = [clause for clause in self._clauses if _may_catch(clause, risks)]
            flow: Flow | None = outcome.result
            if doubtful:
                del self._machine.risks[first:]
                return self._in_doubt(outcome, redo, rest, risks[0], doubtful)
            redo()
            if outcome.failure is not None:
                return self._caught(outcome.failure)
            if flow is not None:
                return flow if flow.certain else self._perhaps(flow, rest)
        return blocks.run_block(self._machine, self._otherwise, self._scope)

    def _attempt(self, statement: facts.Statement) -> tuple[Outcome, Callable[[], None]]:
        """Run one statement; its changes are made when the second result is called."""
        machine = self._machine

        def run() -> Flow | None:
            return blocks.run_block(machine, (statement,), self._scope)

        if not self._clauses:
            return Outcome(run(), None), lambda: None
        machine.trying += 1
        try:
            return machine.journal.attempt(run)
        finally:
            machine.trying -= 1

    def _caught(self, failure: Failure) -> Flow | None:
        clause = self._catching(failure)
        if clause is None:
            raise failure
        return clause.run(failure)

    def _catching(self, failure: Failure) -> _Clause | None:
        for clause in self._clauses:
            kinds = clause.kinds()
            if kinds is None or any(patterns.catches(kind, failure) for kind in kinds):
                return clause
        return None

    def _in_doubt(
        self,
        outcome: Outcome,
        redo: Callable[[], None],
        rest: statements.Block,
        risk: Risk,
        clauses: list[_Clause],
    ) -> Flow | None:
        """Either the statement does what it does and the body goes on, or a clause runs."""
        why = Unknown(risk.span, "may-raise", f"whether this raises is not known: {risk.detail}")

        def go_on() -> Flow | None:
            redo()
            if outcome.failure is not None:
                return self._caught(outcome.failure)
            return self.run(rest) if outcome.result is None else outcome.result

        runs = [go_on, *(lambda clause=clause: clause.run(None) for clause in clauses)]
        outcomes = self._machine.journal.branches(Doubt(why, "FC111"), runs)
        return self._merged(outcomes, why)

    def _merged(self, outcomes: Sequence[Outcome], why: Unknown) -> Flow | None:
        ended = [outcome.result for outcome in outcomes if outcome.failure is None]
        failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
        if not ended:
            raise failures[0]
        for failure in failures:
            assert why.span is not None, "what may raise has a place"
            self._machine.may_raise(why.span, why.detail, failure.kind)
        flow: Flow | None = ended[0]
        for other in ended[1:]:
            if flow is not None or other is not None:
                flow = blocks.both(self._machine, flow, other, why)
        return flow

    def _perhaps(self, flow: Flow, rest: statements.Block) -> Flow | None:
        """A statement that may have left the block."""
        assert flow.why is not None, "what is not certain has a reason"
        outcomes = self._machine.journal.branches(
            Doubt(flow.why, "FC111"), [lambda: self.run(rest), lambda: None]
        )
        return blocks.both(self._machine, flow, outcomes[0].result, flow.why)


def _may_catch(clause: _Clause, risks: Sequence[Risk]) -> bool:
    """Whether a clause could catch one of the exceptions that may have been raised."""
    if not risks:
        return False
    kinds = clause.kinds()
    if kinds is None:
        return True
    return any(_overlaps(kind, name) for kind in kinds for risk in risks for name in risk.kinds)


def _overlaps(kind: Value, name: str) -> bool:
    """Whether an `except` class can catch an exception of a built-in class; "" is any class."""
    caught = getattr(builtins, kind.name, None) if isinstance(kind, External) else None
    if not isinstance(caught, type):
        return name in ("", "Exception")
    if not name:
        return not issubclass(caught, _SELDOM)
    raised = getattr(builtins, name, Exception)
    return issubclass(raised, caught) or issubclass(caught, raised)
