"""Tables of tables: one look-up for each literal in place of a function for each of them.

    'a': count == 4: answer 1                  count == 4: look up [1]:  'a' -> 1, 'b' -> 3
         count == 6: answer 2        becomes   count == 6: look up [1]:  'a' -> 2
    'b': count == 4: answer 3

A block is *flat* when it is no more than resources behind tests and look-ups. Where all branches
of a position are flat and are tested alike, the tests are written once and the branches are rows.
A row that is missing falls to the code below, as a branch does that answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flama_compile.ir.plan import (
    Answer,
    Block,
    Count,
    Is,
    Longer,
    OfType,
    Resource,
    Rows,
    Step,
    Table,
    Test,
    When,
)
from flama_compile.lower import limits

__all__ = ["in_order", "tables", "when"]


class _Way(NamedTuple):
    """How resources are reached: the tests that hold, then the positions that are looked up."""

    tests: tuple[Test, ...]
    positions: tuple[int, ...]


_Target = Resource | Rows
_Ways = list[tuple[_Way, _Target]]


def tables(branches: Sequence[tuple[Test, Block]], words: tuple[str, ...]) -> Block | None:
    """The tables for the branches of one position; None where they would be no gain."""
    found: list[tuple[str, _Ways]] = []
    position = 0
    if len(branches) <= limits.LADDER:
        return None
    for value, block in branches:
        ways = _flat(block)
        if ways is None or not isinstance(value, Is):
            return None
        position = value.position
        found.append((value.text, ways))
    common = {way for _, ways in found for way, _ in ways if way.positions}
    rows: dict[_Way, dict[str, _Target]] = {}
    order: list[_Way] = []
    for text, ways in found:
        at = -1
        for way, target in ways:
            way, target = _as_others(way, target, common)
            if way not in rows:
                rows[way] = {}
                order.insert(at + 1, way)
                if len(order) > limits.WAYS:
                    return None
            if text in rows[way] or order.index(way) < at:
                # Another branch asks in another order, or this one asks twice.
                return None
            at = order.index(way)
            rows[way][text] = target
    return tuple(_step(words, position, way, tuple(rows[way].items())) for way in order)


def _step(words: tuple[str, ...], position: int, way: _Way, rows: Rows) -> Step:
    if len(rows) > 1:
        return Table(words, (position, *way.positions), rows, way.tests)
    ((text, target),) = rows
    more = (*words, text)
    one = Answer(target) if isinstance(target, Resource) else Table(more, way.positions, target, ())
    return when((Is(position, text), *way.tests), (one,))


def _flat(block: Block) -> _Ways | None:
    """All that a block answers, in order; None for one that does more than test and look up."""
    found: _Ways = []
    for step in block:
        match step:
            case Answer(resource=resource):
                found.append((_Way((), ()), resource))
            case Table(positions=positions, rows=rows, tests=tests):
                found.append((_Way(tests, positions), rows))
            case When(tests=tests, then=then):
                inner = _flat(then)
                if inner is None:
                    return None
                for way, target in inner:
                    all_tests = in_order((*tests, *way.tests))
                    found.append((_Way(all_tests, way.positions), target))
            case _:
                return None
    return _without_ladders(found)


def _without_ladders(ways: _Ways) -> _Ways:
    """Neighbours that differ in one literal only become rows of one table."""
    result: _Ways = []
    run: _Ways = []
    shared: dict[_Step, dict[str, _Target]] = {}
    for way, target in ways:
        own = _steps(way, target)
        going_on = {
            step: {**rows, **own[step]}
            for step, rows in shared.items()
            if step in own and rows.keys().isdisjoint(own[step])
        }
        if not going_on:
            result += _table(run, shared)
            run = []
        run.append((way, target))
        shared = going_on or own
    return result + _table(run, shared)


_Step = tuple[int, _Way]
"""A position to look up, and the way that is left after it."""


def _steps(way: _Way, target: _Target) -> dict[_Step, dict[str, _Target]]:
    """How a way could be a row of a table: by each literal that it tests."""
    return {
        (test.position, _Way(_others(way.tests, test), way.positions)): {test.text: target}
        for test in way.tests
        if isinstance(test, Is)
    }


def _table(run: _Ways, shared: dict[_Step, dict[str, _Target]]) -> _Ways:
    if len(run) < 2:
        return run
    (position, rest), rows = next(iter(shared.items()))
    return [(_Way(rest.tests, (position, *rest.positions)), tuple(rows.items()))]


def _as_others(way: _Way, target: _Target, common: set[_Way]) -> tuple[_Way, _Target]:
    """A way that ends with one literal where those of other branches look up: a row of one."""
    for (position, rest), rows in _steps(way, target).items():
        other = _Way(rest.tests, (position, *rest.positions))
        if other in common:
            return other, tuple(rows.items())
    return way, target


def _others(tests: tuple[Test, ...], test: Test) -> tuple[Test, ...]:
    return tuple(other for other in tests if other is not test)


def when(tests: tuple[Test, ...], block: Block) -> When:
    """A guarded block; a block that is only guarded itself becomes one condition."""
    match block:
        case (When(tests=more, then=then),):
            return When(in_order((*tests, *more)), then)
        case _:
            return When(tests, block)


def in_order(tests: Iterable[Test]) -> tuple[Test, ...]:
    """Cheap tests first: the first segment, the number of parts, literals, types."""
    return tuple(sorted(tests, key=_cost))


def _cost(test: Test) -> tuple[int, int]:
    match test:
        case Is(position=1):
            # Every path that is looked at has it, whatever the number of its parts.
            return 0, 0
        case Count() | Longer():
            return 1, 0
        case Is(position=position):
            return 2, position
        case OfType(position=position, type=type):
            return (3 if type == "str" else 4), position
