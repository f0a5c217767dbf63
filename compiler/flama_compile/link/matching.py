"""`match`: cases in order, in doubt where the subject is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import (
    blocks,
    expressions,
    operations,
    patterns,
)
from flama_compile.link.values import (
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["run_match"]


def run_match(machine: Machine, fact: facts.Match, scope: Scope) -> blocks.Flow | None:
    """A `match` statement."""
    subject = expressions.evaluate(machine, fact.subject, scope)
    return _cases(machine, fact, subject, fact.cases, scope)


def _cases(
    machine: Machine,
    fact: facts.Match,
    subject: Value,
    cases: Sequence[facts.Case],
    scope: Scope,
) -> blocks.Flow | None:
    for index, case in enumerate(cases):
        fits = patterns.fits(machine, case.pattern, subject, scope)
        if fits is True and case.guard is not None:
            fits = operations.truth(machine, expressions.evaluate(machine, case.guard, scope))
        if fits is True:
            return blocks.run_block(machine, case.body, scope)
        if isinstance(fits, Unknown):
            span = machine.span(scope, fact.at)
            why = Unknown(
                span, "conditional-on-unknown", f"the subject is not known: {fits.detail}"
            )
            rest = cases[index + 1 :]
            return blocks.branch(
                machine,
                why,
                lambda case=case: blocks.run_block(machine, case.body, scope),  # type: ignore[misc]
                lambda rest=rest: _cases(machine, fact, subject, rest, scope),  # type: ignore[misc]
            )
    return None
