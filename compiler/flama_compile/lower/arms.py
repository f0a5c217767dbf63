"""Lays out the arms of one decision: tables, ladders, a switch; and the rows of ordered tests.

    [4] == 'a': answer 1                    look up [4]:  'a' -> 1, 'b' -> 2, … (more than 8 alike)
    [4] == 'b': answer 2        becomes     go by [4]:    'x' -> function, …    (more than 8 others)
    …                                       when [4] == …                       (the rest)

Arms of one dimension exclude each other, so their order plays no part.
"""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.ir.plan import (
    Answer,
    Block,
    Call,
    Count,
    Function,
    Is,
    Longer,
    Resource,
    Row,
    Step,
    Switch,
    Table,
    Test,
    When,
)
from flama_compile.lower import limits
from flama_compile.lower.rules import resource_of
from flama_compile.lower.tables import in_order, tables, when
from flama_compile.lower.tests import Open

__all__ = ["arms", "number", "rows", "shape"]


def arms(branches: Sequence[tuple[Test, Block, bool]], words: tuple[str, ...], depth: int) -> Block:
    """Lays out the arms of one dimension: tables for many leaves alike, ladders, a switch."""
    if (block := tables([(value, block) for value, block, _ in branches], words)) is not None:
        return block
    leaves: dict[tuple[Test, ...], list[tuple[str, Resource]]] = {}
    for value, block, _ in branches:
        if isinstance(value, Is) and (leaf := _leaf(block)):
            leaves.setdefault(leaf[0], []).append((value.text, leaf[1]))
    tabled = {tests: rows for tests, rows in leaves.items() if len(rows) > limits.LADDER}
    steps: list[Step] = []
    others = []
    for branch in branches:
        leaf = _leaf(branch[1]) if isinstance(branch[0], Is) else None
        if leaf is None or leaf[0] not in tabled:
            others.append(branch)
    for tests, rows in tabled.items():
        steps.append(Table(words, (_position(branches),), tuple(rows), tests))
    if len(others) > limits.LADDER and isinstance(others[0][0], Is):
        functions = tuple(
            (value.text, _function((*words, value.text), block, final))
            for value, block, final in others
            if isinstance(value, Is)
        )
        switch = all(final for _, _, final in others)
        functions = tuple((text, _finally(function, switch)) for text, function in functions)
        return (*steps, Switch(words, _position(branches), functions, switch))
    for value, block, final in others:
        if depth == 0 and isinstance(value, Is) and _leaf(block) is None:
            block = (Call(_function((*words, value.text), block, final), final),)
        steps.append(when((value,), block))
    return tuple(steps)


def _function(words: tuple[str, ...], block: Block, final: bool) -> Function:
    return Function(words, shape(words), block, final)


def _finally(function: Function, final: bool) -> Function:
    return Function(function.words, function.shape, function.block, final)


def _position(branches: Sequence[tuple[Test, Block, bool]]) -> int:
    return next(value.position for value, _, _ in branches if isinstance(value, Is))


def _leaf(block: Block) -> tuple[tuple[Test, ...], Resource] | None:
    """The tests and the resource of a block that is no more than that."""
    match block:
        case (Answer(resource=resource),):
            return (), resource
        case (When(tests=tests, then=(Answer(resource=resource),)),):
            return tests, resource
        case _:
            return None


def shape(words: tuple[str, ...]) -> str:
    """The paths that begin with these literals, for people: `/items/…`."""
    return "".join("/" + word for word in words) + "/…"


def rows(rules: Sequence[Open]) -> tuple[Row, ...]:
    """Rows of ordered tests. Entering a mount is a row too: nothing in it has matched yet."""
    entering: dict[int, list[Open]] = {}
    for stop in rules:
        if stop.rule.stop:
            inside = next(
                rule
                for rule in rules
                if rule is stop
                or (rule.rule.place > stop.rule.place and rule.rule.order < stop.rule.order)
            )
            entering.setdefault(inside.rule.order, []).append(stop)
    rows: list[Row] = []
    for rule in rules:
        for stop in sorted(entering.get(rule.rule.order, ()), key=lambda entry: entry.rule.level):
            rows.append(Row(in_order(stop.tests.values()), Resource(), False))
        resource = Resource() if rule.rule.stop else resource_of([rule.rule])
        if rule.rule.route:
            resource = Resource(resource.methods, "405")
        rows.append(Row(in_order(rule.tests.values()), resource, rule.rule.tail))
        if rule.rule.tail and not rule.tests:
            break
    return tuple(rows)


def number(test: Test) -> int:
    """The number of parts that a test asks for, 0 for a test of a segment."""
    match test:
        case Count(number) | Longer(number):
            return number
        case _:
            return 0
