"""Every rule of the comparison: `rules` lists them, `explain RT202` prints one."""

from __future__ import annotations

from flama_compile.compare.catalogue import contract, routing
from flama_compile.compare.catalogue.rule import Level, Proof, Rule, Severity

__all__ = ["LEVELS", "RULES", "SEVERITIES", "Level", "Proof", "Rule", "Severity", "find", "rule"]

RULES: tuple[Rule, ...] = tuple(sorted((*routing.RULES, *contract.RULES), key=lambda rule: rule.id))
"""All rules, by id."""

SEVERITIES: tuple[Severity, ...] = ("breaking", "risky", "safe")
"""Worst first."""
LEVELS: tuple[Level, ...] = ("wire", "names", "schema", "strict")
"""Each contract holds all that stands before it."""

_BY_ID = {rule.id: rule for rule in RULES}
_BY_SLUG = {rule.slug: rule for rule in RULES}


def rule(id: str) -> Rule:
    """The rule with this id; KeyError if there is none."""
    return _BY_ID[id]


def find(text: str) -> Rule | None:
    """The rule that a person means by `RT202`, `rt202` or `precedence-changed`."""
    return _BY_ID.get(text.upper()) or _BY_SLUG.get(text.lower())
