"""Which rules can still say something about the paths that come to one place of the tree.

GET /users/me      1        after `/users/me` is certain for GET and HEAD,
GET /users/{name}  2        rule 2 is silent: it adds no method
"""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.lower.rules import Rule
from flama_compile.lower.tests import Open, covers, overlap

__all__ = ["meeting", "relevant"]


def relevant(rules: Sequence[Open], handled: frozenset[int]) -> list[Open]:
    """The rules that can still say something: order and methods rule out the others."""
    kept: list[Open] = []
    certain: set[str] = set()
    levels: set[int] = set()
    for rule in rules:
        if rule.tests and _silent(rule.rule, certain, levels):
            continue
        kept.append(rule)
        if not rule.tests:
            if rule.rule.tail:
                break
            certain.update(rule.rule.methods)
            levels.add(rule.rule.level)
    if len(kept) <= 64:
        kept = [rule for at, rule in enumerate(kept) if not _shadowed(rule, kept[:at], handled)]
    own = [rule for rule in kept if rule.rule.order not in handled]
    if len(own) == len(kept):
        return kept
    others = [rule for rule in kept if rule.rule.order in handled]
    near = {rule.rule.order for rule in meeting(own, others)}
    return [rule for rule in kept if rule.rule.order not in handled or rule.rule.order in near]


def meeting(own: Sequence[Open], others: Sequence[Open]) -> list[Open]:
    """The others that can fit a path of our own rules, or of one that does: what is decided
    together with ours is decided with all that it meets itself."""
    found: list[Open] = []
    reached = list(own)
    while reached and others:
        new: list[Open] = []
        left: list[Open] = []
        for rule in others:
            (new if any(overlap(rule, other) for other in reached) else left).append(rule)
        found += new
        reached, others = new, left
    return found


def _silent(rule: Rule, certain: set[str], levels: set[int]) -> bool:
    return rule.route and rule.level in levels and certain.issuperset(rule.methods)


def _shadowed(rule: Open, earlier: Sequence[Open], handled: frozenset[int]) -> bool:
    """Whether an earlier rule fits every path that this route fits, and leaves it no method.

    A handled route stays in sight of rules that are not: the code that answers it would not know
    them.
    """
    if not rule.rule.route:
        return False
    if rule.rule.order in handled:
        earlier = [other for other in earlier if other.rule.order in handled]
    return any(
        (other.rule.tail or _says_all(other.rule, rule.rule)) and _includes(other, rule)
        for other in earlier
    )


def _says_all(earlier: Rule, later: Rule) -> bool:
    return earlier.level == later.level and set(earlier.methods).issuperset(later.methods)


def _includes(wide: Open, narrow: Open) -> bool:
    return all(
        (own := narrow.tests.get(dimension)) is not None and covers(test, own)
        for dimension, test in wide.tests.items()
    )
