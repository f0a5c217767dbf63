"""Comprehensions: unrolled like loops, in doubt over what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import (
    dicts,
    expressions,
    iterators,
    operations,
    statements,
)
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    MISSING,
    DictValue,
    ListValue,
    OneShot,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["comprehension"]


def comprehension(machine: Machine, fact: facts.Comprehension, scope: Scope) -> Value:
    # The names of a class body are not seen by what is inside it.
    """A comprehension of any kind."""
    inner = Scope(scope.globals, scope.outer if scope.is_class else scope, scope.owner)
    inner.is_comprehension = True
    results: list[Value] = []
    span = machine.span(scope, fact.at)

    def run(index: int, first: Value = MISSING) -> Unknown | None:
        if index == len(fact.clauses):
            value = expressions.evaluate(machine, fact.value, inner)
            if fact.key is not None:
                results.append((expressions.evaluate(machine, fact.key, inner), value))
            else:
                results.append(value)
            return None
        clause = fact.clauses[index]
        source = first
        if source is MISSING:
            around = scope if index == 0 else inner
            source = expressions.evaluate(machine, clause.iterable, around)
        with iterators.interleaved(machine, source, span):
            items = operations.iterate(machine, source, span)
            if clause.is_async:
                return Unknown(span, "unknown", "an asynchronous comprehension")
            if isinstance(items, Unknown):
                return _run_in_doubt(index, clause, items)
            for item in items:
                machine.step()
                statements.assign(machine, clause.target, item, inner)
                failed = _conditions(clause, index)
                if failed is not None:
                    return failed
        return None

    def _conditions(clause: facts.Clause, index: int) -> Unknown | None:
        for condition in clause.conditions:
            known = operations.truth(machine, expressions.evaluate(machine, condition, inner))
            if isinstance(known, Unknown):
                return _run_in_doubt(index + 1, clause, known)
            if not known:
                return None
        return run(index + 1)

    def _run_in_doubt(index: int, clause: facts.Clause, why: Unknown) -> Unknown:
        """Let the rest have its effects in doubt: a comprehension may register as it goes."""
        doubt = Unknown(
            span,
            "loop-over-unknown",
            f"what the comprehension goes over is not known: {why.detail}",
        )

        def once() -> None:
            statements.assign(machine, clause.target, why, inner)
            run(len(fact.clauses))

        machine.journal.repeat(Doubt(doubt, "FC111"), once)
        return Unknown(span, why.reason, why.detail)

    if fact.kind == "generator":
        # Python evaluates the first iterable at once, and all else when somebody asks.
        first = expressions.evaluate(machine, fact.clauses[0].iterable, scope)
        return OneShot([], lambda: ListValue(results, run(0, first)))
    unknown = run(0)
    match fact.kind:
        case "dict":
            found = DictValue({}, unknown)
            for key, value in results:
                dicts.put(found, key, value)
            return found
        case "set":
            made = expressions.make_set(machine, results)
            made.unknown = made.unknown or unknown
            return made
    return ListValue(results, unknown)
