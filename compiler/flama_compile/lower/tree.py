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
    Count,
    Each,
    Function,
    Is,
    Longer,
    OfType,
    Resource,
    Row,
    Step,
    Switch,
    Table,
    Test,
    When,
)
from flama_compile.lower.rules import Rule, resource_of
from flama_compile.lower.tests import Open, narrower, overlap, passes, point

__all__ = ["grow_tree"]

LADDER = 8
"""The most `if`s in a row. Measured on CPython 3.11 and 3.13 with fresh strings, a ladder and a
dictionary cost the same at 6 to 8 children; at 32 the dictionary takes half the time."""

NESTING = 7
"""Levels of `if` before a block is cut out as a function; with what surrounds and follows it, the
text stays below 12 levels."""

STEPS = 64
STEPS_PER_RULE = 16
"""A group of rules may visit `STEPS + STEPS_PER_RULE * rules` nodes; then it is tested in order.
Tables of real applications visit 2 to 4 nodes a rule."""


LEVELS = 100
"""Decisions on one way down; each takes four frames of Python's stack."""


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
    most = STEPS + STEPS_PER_RULE * len(rules)
    for text, literal in own.items():
        value = Is(1, text)
        wide = [rule for rule in wild if passes(rule, 1, value)]
        near[text] = [rule for rule in wide if any(overlap(rule, other) for other in literal)]
        most -= len(near[text])
        if most < 0:
            # Every branch would hold a copy of nearly all rules.
            return (Each(_rows(rules)),)
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
    steps = _arms(branches, (), 0)
    tree.group = wild
    steps += tree.grow(wild, frozenset(), True, 0, ())
    return steps


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
        """The block for some rules; `final` says that no code after it can answer."""
        if self._budget is not None:
            self._budget -= 1
            if self._budget < 0 or self._level > LEVELS:
                raise _TooLarge
        self._level += 1
        try:
            return self._grow(rules, handled, final, depth, words)
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
        if _hides_nothing(rules, handled):
            return ()
        rules = _relevant(rules, handled)
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
            return (When(_in_order(rule.tests.values()), (_answer(rule.rule),)),)
        if depth >= NESTING:
            block = self.grow(rules, handled, final, 1, words)
            return (Call(Function(words, _shape(words), block, final), final),)
        dimension = _dimension(own)
        if dimension and (shared := _shared(rules)):
            known = list(rules)
            for test in shared:
                known = _known(known, test.position, test)
            block = self.grow(known, handled, final, depth + 1, words)
            return (_when(shared, block),) if block else ()
        steps = self._points(rules, handled, final, depth, words, dimension)
        steps += self._classes(rules, handled, final, depth, words, dimension)
        others = [rule for rule in rules if dimension not in rule.tests]
        return steps + self.grow(others, handled, final, depth, words)

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
        for value in sorted(ending, key=_count):
            ours = ending[value]
            wide = [rule for rule in later if passes(rule, dimension, value)]
            group = _known(sorted([*ours, *wide], key=_order), dimension, value)
            after = _handled_after(group, wide, ours, handled)
            last = final and not wide
            more = (*words, value.text) if isinstance(value, Is) else words
            block = self._arm(group, after, last, depth + 1, more, dimension, value)
            if block:
                branches.append((value, block, last))
        return _arms(branches, words, depth)

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
                steps.append(_when((value,), block))
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
        self._budget = STEPS + STEPS_PER_RULE * len(rules)
        try:
            return self.grow(rules, handled, final, depth, words)
        except _TooLarge:
            return (Each(_rows(_known(self.group, 0, value))),)
        finally:
            self._budget = None


def _relevant(rules: Sequence[Open], handled: frozenset[int]) -> list[Open]:
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
        kept = [rule for at, rule in enumerate(kept) if not _shadowed(rule, kept[:at])]
    own = [rule for rule in kept if rule.rule.order not in handled]
    if len(own) == len(kept):
        return kept
    return [
        rule
        for rule in kept
        if rule.rule.order not in handled or any(overlap(rule, other) for other in own)
    ]


def _hides_nothing(rules: Sequence[Open], handled: frozenset[int]) -> bool:
    """Whether there are only stops, and no rule behind them: then the end of the search is near."""
    own = [rule for rule in rules if rule.rule.order not in handled]
    return all(rule.rule.stop for rule in own) and not any(
        overlap(rule, stop) for rule in rules if rule.rule.order in handled for stop in own
    )


def _silent(rule: Rule, certain: set[str], levels: set[int]) -> bool:
    return rule.route and rule.level in levels and certain.issuperset(rule.methods)


def _shadowed(rule: Open, earlier: Sequence[Open]) -> bool:
    """Whether an earlier rule fits every path that this route fits, and leaves it no method."""
    if not rule.rule.route:
        return False
    return any(
        (other.rule.tail or _says_all(other.rule, rule.rule)) and _includes(other, rule)
        for other in earlier
    )


def _says_all(earlier: Rule, later: Rule) -> bool:
    return earlier.level == later.level and set(earlier.methods).issuperset(later.methods)


def _includes(wide: Open, narrow: Open) -> bool:
    return all(
        (own := narrow.tests.get(dimension)) is not None
        and passes(Open(wide.rule, {dimension: test}), dimension, own) is not None
        for dimension, test in wide.tests.items()
    )


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


def _arms(
    branches: Sequence[tuple[Test, Block, bool]], words: tuple[str, ...], depth: int
) -> Block:
    """Lays out the arms of one dimension: tables for many leaves alike, ladders, a switch."""
    tables: dict[tuple[Test, ...], list[tuple[str, Resource]]] = {}
    for value, block, _ in branches:
        if isinstance(value, Is) and (leaf := _leaf(block)):
            tables.setdefault(leaf[0], []).append((value.text, leaf[1]))
    tabled = {tests: rows for tests, rows in tables.items() if len(rows) > LADDER}
    steps: list[Step] = []
    others = []
    for branch in branches:
        leaf = _leaf(branch[1]) if isinstance(branch[0], Is) else None
        if leaf is None or leaf[0] not in tabled:
            others.append(branch)
    for tests, rows in tabled.items():
        steps.append(Table(words, _position(branches), tuple(rows), tests))
    if len(others) > LADDER and isinstance(others[0][0], Is):
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
        steps.append(_when((value,), block))
    return tuple(steps)


def _function(words: tuple[str, ...], block: Block, final: bool) -> Function:
    return Function(words, _shape(words), block, final)


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


def _when(tests: tuple[Test, ...], block: Block) -> When:
    match block:
        case (When(tests=more, then=then),):
            return When(_in_order((*tests, *more)), then)
        case _:
            return When(tests, block)


def _in_order(tests: Iterable[Test]) -> tuple[Test, ...]:
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


def _count(test: Test) -> int:
    match test:
        case Count(number) | Longer(number):
            return number
        case _:
            return 0


def _answer(rule: Rule) -> Answer:
    return Answer(resource_of([rule]))


def _order(rule: Open) -> int:
    return rule.rule.order


def _shape(words: tuple[str, ...]) -> str:
    return "".join("/" + word for word in words) + "/…"


def _rows(rules: Sequence[Open]) -> tuple[Row, ...]:
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
            rows.append(Row(_in_order(stop.tests.values()), Resource(), False))
        resource = Resource() if rule.rule.stop else resource_of([rule.rule])
        if rule.rule.route:
            resource = Resource(resource.methods, "405")
        rows.append(Row(_in_order(rule.tests.values()), resource, rule.rule.tail))
        if rule.rule.tail and not rule.tests:
            break
    return tuple(rows)
