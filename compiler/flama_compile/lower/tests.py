"""Rules with the tests that are still open on the way down a tree of decisions.

A test belongs to a *dimension*: 0 is the number of parts of the path, `p` is the part at position
`p` of `path.split("/")`. In every dimension a test is either a point (a number of parts, a
literal) or a class of points that includes others (a minimum of parts, a type), and that is all
the tree needs to know.
"""

from __future__ import annotations

from typing import NamedTuple

from flama.paths import Param

from flama_compile.algebra import includes, meets
from flama_compile.ir.plan import Count, Is, Longer, OfType, Test
from flama_compile.lower.rules import Rule

__all__ = ["Open", "covers", "narrower", "open_rule", "overlap", "passes", "point"]


class Open(NamedTuple):
    """A rule and its open tests by dimension."""

    rule: Rule
    tests: dict[int, Test]


def open_rule(rule: Rule) -> Open:
    """The rule with all its tests; a parameter's name plays no part."""
    length = len(rule.template) + 1
    tests: dict[int, Test] = {}
    if not rule.tail:
        tests[0] = Count(length)
    elif length > 2:
        # Every path that is looked at has a first segment.
        tests[0] = Longer(length - 1)
    for position, segment in enumerate(rule.template, start=1):
        tests[position] = (
            OfType(position, _TYPES[segment.type])
            if isinstance(segment, Param)
            else Is(position, segment)
        )
    return Open(rule, tests)


_TYPES = {"str": "str", "int": "int", "float": "float", "decimal": "float", "uuid": "uuid"}
# `float` and `decimal` take the same texts, so that one test serves both.

_OF_TYPE = {name: Param("", name) for name in ("str", "int", "float", "uuid")}

_RANKS = {"int": 0, "uuid": 1, "float": 2, "str": 3}


def point(test: Test) -> bool:
    """Whether the test holds for one value only."""
    return isinstance(test, Count | Is)


def covers(test: Test, value: Test) -> bool:
    """Whether everything that passes `value` passes `test` (same dimension)."""
    if isinstance(test, Is | OfType):
        return includes(_segment(test), _segment(value))
    match test, value:
        case (Count(a), Count(b)):
            return a == b
        case (Longer(a), Count(b)):
            return b > a
        case (Longer(a), Longer(b)):
            return b >= a
        case _:
            return False


def _meet(a: Test, b: Test) -> bool:
    match a, b:
        case (Longer(), Longer()):
            return True
        case (Longer(least), Count(number)) | (Count(number), Longer(least)):
            return number > least
        case (Count(a_number), Count(b_number)):
            return a_number == b_number
        case _:
            return meets(_segment(a), _segment(b))


def _segment(test: Test) -> str | Param:
    if isinstance(test, Is):
        return test.text
    if isinstance(test, OfType):
        return _OF_TYPE[test.type]
    raise TypeError(f"{test} is no test of a segment")


def overlap(a: Open, b: Open) -> bool:
    """Whether some path passes the open tests of both; may say yes where the answer is no."""
    if len(b.tests) < len(a.tests):
        a, b = b, a
    for dimension, test in a.tests.items():
        other = b.tests.get(dimension)
        if other is not None and not _meet(test, other):
            return False
    return True


def passes(rule: Open, dimension: int, value: Test) -> Open | None:
    """The rule once `value` is known to hold; None if that does not settle its own test."""
    test = rule.tests.get(dimension)
    if test is None:
        return rule
    if not covers(test, value):
        return None
    return Open(rule.rule, {at: rest for at, rest in rule.tests.items() if at != dimension})


def narrower(test: Test) -> tuple[int, int]:
    """Sorts the classes of one dimension so that none follows one that includes it."""
    match test:
        case Longer(number):
            return (0, -number)
        case OfType(type=type):
            return (1, _RANKS[type])
        case _:
            return (2, 0)
