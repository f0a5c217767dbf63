"""Turns ordered rules into blocks of decisions, without changing which rule answers.

    GET /items/{id:int}/    1         when count == 4 and literal 3 ""
    PUT /items/{name}/      2             when int 2
                                              answer GET 1 · PUT 2
                                          when str 2
                                              answer PUT 2

Registration order holds because a block never stops at the first rule that fits: it goes on until
it knows every rule that fits the path and can still say something, and the resource it answers
with is merged from them in order (`resource_of`). A block that answers nothing falls to the code
after it. *Handled* rules are those which that code answers; a block looks at them only where they
can fit a path that fits one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flama_compile.ir.plan import (
    Answer,
    Block,
    Call,
    Each,
    Function,
    Is,
    OfType,
    Step,
    Test,
    When,
)
from flama_compile.lower import limits
from flama_compile.lower.arms import arms, number, rows, shape
from flama_compile.lower.relevance import meeting, relevant
from flama_compile.lower.rules import Rule, resource_of
from flama_compile.lower.tables import in_order, when
from flama_compile.lower.tests import Open, narrower, overlap, passes, point

__all__ = ["grow_tree"]


class _TooLarge(Exception):
    """The templates overlap too much for a tree."""


def grow_tree(rules: Sequence[Open]) -> Block:
    """The block that decides between rules, from the first segment on.

    May read position 1 before the number of parts is known: the caller has made sure of it.
    """
    tree = _Tree()
    wild = [rule for rule in rules if not isinstance(rule.tests.get(1), Is)]
    own: dict[str, list[Open]] = {}
    for rule in rules:
        match rule.tests.get(1):
            case Is(text=text):
                own.setdefault(text, []).append(rule)
            case _:
                pass
    near: dict[str, list[Open]] = {}
    most = limits.STEPS + limits.STEPS_PER_RULE * len(rules)
    for text, literal in own.items():
        value = Is(1, text)
        wide = [rule for rule in wild if passes(rule, 1, value)]
        near[text] = meeting(literal, wide)
        most -= len(near[text])
        if most < 0:
            # Every branch would hold a copy of nearly all rules.
            return (Each(rows(rules)),)
    handled = frozenset(rule.rule.order for rule in wild)
    branches: list[tuple[Test, Block, bool]] = []
    for text, literal in own.items():
        value = Is(1, text)
        wide = [rule for rule in wild if passes(rule, 1, value)]
        tree.group = _known(sorted([*literal, *wide], key=_order), 1, value)
        group = _known(sorted([*literal, *near[text]], key=_order), 1, value)
        block = tree.grow(group, handled, not wide, 1, (text,))
        if block:
            branches.append((value, block, not wide))
    steps = arms(branches, (), 0)
    tree.group = wild
    steps += tree.grow(wild, frozenset(), True, 0, ())
    return _trimmed(steps)


class _Tree:
    """One growth: what it may still spend, and the rules of the group it is in."""

    def __init__(self) -> None:
        self.group: Sequence[Open] = ()
        self._budget: int | None = None
        self._level = 0

    def grow(
        self,
        rules: Sequence[Open],
        handled: frozenset[int],
        final: bool,
        depth: int,
        words: tuple[str, ...],
    ) -> Block:
        """The block for some rules.

        :param final: No code after it can answer.
        """
        if self._budget is not None:
            self._budget -= 1
            if self._budget < 0 or self._level > limits.LEVELS:
                raise _TooLarge
        self._level += 1
        try:
            block = self._grow(rules, handled, final, depth, words)
            return _trimmed(block) if final else block
        finally:
            self._level -= 1

    def _grow(
        self,
        rules: Sequence[Open],
        handled: frozenset[int],
        final: bool,
        depth: int,
        words: tuple[str, ...],
    ) -> Block:
        rules = relevant(rules, handled)
        own = [rule for rule in rules if rule.rule.order not in handled]
        if not own:
            return ()
        if any(not rule.tests for rule in own):
            # A path that comes here will be answered here, so nothing is left to later code.
            handled, own = frozenset(), list(rules)
            if all(not rule.tests for rule in rules):
                return (Answer(resource_of([rule.rule for rule in rules])),)
        elif len(rules) == 1:
            rule = rules[0]
            return (When(in_order(rule.tests.values()), (_answer(rule.rule),)),)
        if depth >= limits.NESTING:
            block = self.grow(rules, handled, final, 1, words)
            return (Call(Function(words, shape(words), block, final), final),)
        dimension = _dimension(own)
        if dimension and (shared := _shared(rules)):
            known = list(rules)
            for test in shared:
                known = _known(known, test.position, test)
            block = self.grow(known, handled, final, depth + 1, words)
            return (when(shared, block),) if block else ()
        steps = self._points(rules, handled, final, depth, words, dimension)
        steps += self._classes(rules, handled, final, depth, words, dimension)
        others = [rule for rule in rules if dimension not in rule.tests]
        steps += self.grow(others, handled, final, depth, words)
        return steps

    def _points(
        self,
        rules: Sequence[Open],
        handled: frozenset[int],
        final: bool,
        depth: int,
        words: tuple[str, ...],
        dimension: int,
    ) -> Block:
        """Arms for numbers of parts, or for literals."""
        ending: dict[Test, list[Open]] = {}
        later: list[Open] = []
        for rule in rules:
            test = rule.tests.get(dimension)
            if test is not None and point(test):
                ending.setdefault(test, []).append(rule)
            else:
                later.append(rule)
        branches = []
        for value in sorted(ending, key=number):
            ours = ending[value]
            wide = [rule for rule in later if passes(rule, dimension, value)]
            group = _known(sorted([*ours, *wide], key=_order), dimension, value)
            after = _handled_after(group, wide, ours, handled)
            last = final and not wide
            more = (*words, value.text) if isinstance(value, Is) else words
            block = self._arm(group, after, last, depth + 1, more, dimension, value)
            if block:
                branches.append((value, block, last))
        return arms(branches, words, depth)

    def _classes(
        self,
        rules: Sequence[Open],
        handled: frozenset[int],
        final: bool,
        depth: int,
        words: tuple[str, ...],
        dimension: int,
    ) -> Block:
        """Arms for minimum numbers of parts, or for types, each before those that include it."""
        left = [rule for rule in rules if not (t := rule.tests.get(dimension)) or not point(t)]
        tests = {test for rule in left if (test := rule.tests.get(dimension))}
        steps: list[Step] = []
        for value in sorted(tests, key=narrower):
            group = _known(left, dimension, value)
            later = [rule for rule in left if rule.tests.get(dimension) != value]
            ours = [rule for rule in left if rule.tests.get(dimension) == value]
            wide = [rule for rule in later if passes(rule, dimension, value)]
            after = _handled_after(group, wide, ours, handled)
            last = final and not wide
            block = self._arm(group, after, last, depth + 1, words, dimension, value)
            if block:
                steps.append(when((value,), block))
            left = later
        return tuple(steps)

    def _arm(
        self,
        rules: Sequence[Open],
        handled: frozenset[int],
        final: bool,
        depth: int,
        words: tuple[str, ...],
        dimension: int,
        value: Test,
    ) -> Block:
        """One arm; a new number of parts is where the effort is bounded."""
        if dimension or self._budget is not None:
            return self.grow(rules, handled, final, depth, words)
        self._budget = limits.STEPS + limits.STEPS_PER_RULE * len(rules)
        try:
            return self.grow(rules, handled, final, depth, words)
        except _TooLarge:
            return (Each(rows(_known(self.group, 0, value))),)
        finally:
            self._budget = None


def _handled_after(
    group: Sequence[Open], wide: Sequence[Open], ours: Sequence[Open], handled: frozenset[int]
) -> frozenset[int]:
    """What the code after an arm answers rightly for a path that falls out of it.

    `wide` are the rules of the arm that go on after it, `ours` those that end with it. A handled
    rule that ends here is answered by code far below, after what goes on: where one of those may
    fit the same path, both are decided in this arm.
    """
    ending = {rule.rule.order for rule in ours if rule.rule.order in handled}
    going = {rule.rule.order for rule in wide}
    hidden = [rule for rule in group if rule.rule.order in ending]
    together = {
        order
        for rule in group
        if rule.rule.order in going and rule.rule.order not in handled
        for other in hidden
        if overlap(rule, other)
        for order in (rule.rule.order, other.rule.order)
    }
    return (handled | going) - together


def _trimmed(block: Block) -> Block:
    """Without the steps at the end that only say what the end says: nothing has this path."""
    while block:
        match block[-1]:
            case Answer(resource=resource) | When(then=(Answer(resource=resource),)):
                if not resource.nothing:
                    break
            case _:
                break
        block = block[:-1]
    return block


def _known(rules: Iterable[Open], dimension: int, value: Test) -> list[Open]:
    return [known for rule in rules if (known := passes(rule, dimension, value)) is not None]


def _shared(rules: Sequence[Open]) -> tuple[OfType, ...]:
    """Tests for a type that all rules have, so that they are written once around the others."""
    first, *others = rules
    return tuple(
        test
        for dimension, test in first.tests.items()
        if isinstance(test, OfType) and all(rule.tests.get(dimension) == test for rule in others)
    )


def _dimension(own: Sequence[Open]) -> int:
    """The number of parts first, then the position where most rules have a literal."""
    if any(0 in rule.tests for rule in own):
        return 0
    literals: dict[int, list[Test]] = {}
    for rule in own:
        for dimension, test in rule.tests.items():
            if isinstance(test, Is):
                literals.setdefault(dimension, []).append(test)
    if literals:
        return max(literals, key=lambda at: (len(literals[at]), len(set(literals[at])), -at))
    return min(dimension for rule in own for dimension in rule.tests)


def _answer(rule: Rule) -> Answer:
    return Answer(resource_of([rule]))


def _order(rule: Open) -> int:
    return rule.rule.order
