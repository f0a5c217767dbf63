"""The product descent: every class of paths that two tables could tell apart, once.

Both lists of items become trees by segment. The descent walks the two trees together. At each
place it tries the literals of both, and one fresh text of each smallest type (`algebra.REGIONS`)
and the empty segment: within such a class no item of either table can tell two texts apart, so
one path stands for all of them. ::

    base  /users/me  /users/{id}        classes below /users: me, any other text, int, ...
    head  /users/{id:int}

Only classes that some changed item fits are walked, because all others meet the same items in the
same order. States are remembered, so that a pair of subtrees is walked once; their number is
bounded, and reaching the bound is an error that the caller must tell (`TooManyStates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from flama_compile.algebra import REGIONS, region, sample
from flama_compile.compare.items import Item
from flama_compile.ir.routes import Param, Template

__all__ = ["Leaf", "TooManyStates", "descend"]

_WORK = 8
"""Subtrees and items that a state holds on average in real tables, generously."""
_NARROW = 16
_PREFERRED = ("str", "int", "float", "uuid")
"""The order in which fresh texts are tried: a word first, as it reads best in a witness."""
_TAKES = {
    "int": frozenset({"int"}),
    "float": frozenset({"int", "float"}),
    "decimal": frozenset({"int", "float"}),
    "uuid": frozenset({"uuid"}),
    "str": frozenset(REGIONS),
}


class TooManyStates(Exception):
    """The tables overlap in more ways than the bound allows."""

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"the routes overlap in more ways than the bound of {bound:,} lets us compare"
        )
        self.bound = bound


@dataclass(frozen=True, slots=True)
class Leaf:
    """One class of paths: a path that stands for it, and the items that fit, in order."""

    segments: tuple[str, ...] | None
    """None for a path that does not start with a slash, such as the `*` of `OPTIONS *`."""
    base: tuple[Item, ...]
    head: tuple[Item, ...]


@dataclass(eq=False, slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    types: dict[str, _Node] = field(default_factory=dict)
    exact: list[Item] = field(default_factory=list)
    prefix: list[Item] = field(default_factory=list)
    first: int = 1 << 60
    """Lowest rank in the subtree."""
    changed: bool = False
    """Whether the subtree holds a changed item."""
    busy: list[str] = field(default_factory=list)
    """Literals whose subtrees hold a changed item."""


Nodes = tuple[_Node, ...]
Path = tuple["Path", str] | None


State = tuple[Nodes, Nodes, Item | None, Item | None]


def descend(base: Sequence[Item], head: Sequence[Item], bound: int) -> Iterator[Leaf]:
    """Every class of paths that a changed item fits. TooManyStates after `bound` states.

    States that hold many subtrees, or many items, count for as much as they take.
    """
    yield from _without_slash(base, head)
    seen: set[State] = set()
    wide: dict[State, set[str]] = {}
    work = 0
    stack: list[tuple[State, Path]] = [(((_tree(base),), (_tree(head),), None, None), None)]
    while stack:
        (left, right, stop_left, stop_right), path = stack.pop()
        work += 1 + len(left) + len(right)
        left, stop_left = _enter(left, stop_left)
        right, stop_right = _enter(right, stop_right)
        if not _relevant(left, right, stop_left, stop_right):
            continue
        state = (left, right, stop_left, stop_right)
        if state in seen:
            continue
        seen.add(state)
        if len(seen) > bound or work > _WORK * bound:
            raise TooManyStates(bound)
        leaf = _leaf(state, path)
        if leaf is not None:
            work += 4 * (len(leaf.base) + len(leaf.head))
            yield leaf
        if left or right:
            # The stack is last in, first out: what reads best goes on top.
            stack.extend(reversed(list(_children(state, path, wide))))


def _children(
    state: State, path: Path, wide: dict[State, set[str]]
) -> Iterator[tuple[State, Path]]:
    left, right, stop_left, stop_right = state
    both = (*left, *right)
    typed = any(node.changed for each in both for node in each.types.values())
    everything = typed or _changed(stop_left) or _changed(stop_right)
    known = _literals(state, everything, wide)
    for text in known:
        at = region(text)
        yield (_step(left, text, at), _step(right, text, at), stop_left, stop_right), (path, text)
    if not everything:
        return
    avoid = _AnyOf(both)
    for name in _PREFERRED:
        text = sample(Param("", name), avoid)
        yield (
            (_step(left, None, name), _step(right, None, name), stop_left, stop_right),
            (path, text),
        )
    if "" not in avoid:
        yield ((), (), stop_left, stop_right), (path, "")


def _literals(state: State, everything: bool, wide: dict[State, set[str]]) -> Iterable[str]:
    """The literals worth a step of their own.

    PERF: `/{tenant}/<5,000 literals>` beside 5,000 routes `/<literal>/z` would make 25 million
    steps, all but a few to states that are known. What only the wide nodes have leads, from
    every state that holds them, to the same states, so it is stepped to once.
    """
    left, right, stop_left, stop_right = state
    narrow = [node for node in (*left, *right) if not node.types and len(node.literals) <= _NARROW]
    own: dict[str, None] = {}
    for node in narrow:
        own.update(dict.fromkeys(node.literals))
    big = tuple(node for node in left if node not in narrow)
    tall = tuple(node for node in right if node not in narrow)
    if not big and not tall:
        return own
    shared: dict[str, None] = {}
    for node in (*big, *tall):
        shared.update(dict.fromkeys(node.literals if everything else node.busy))
    if len(shared) <= _NARROW:
        return {**own, **shared}
    key = (big, tall, stop_left, stop_right)
    missing = wide.get(key)
    if missing is None:
        wide[key] = {text for text in own if text in shared}
        return {**own, **shared}
    rest = [text for text in missing if text not in own]
    missing.difference_update(rest)
    return [*own, *sorted(rest)]


class _AnyOf:
    """The literals of several nodes, as a container."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def __contains__(self, text: object) -> bool:
        return any(text in node.literals for node in self._nodes)


def _step(nodes: Nodes, literal: str | None, at: str) -> Nodes:
    found = []
    for node in nodes:
        if literal is not None and (child := node.literals.get(literal)) is not None:
            found.append(child)
        found += [child for type, child in node.types.items() if at in _TAKES[type]]
    return tuple(found)


def _enter(nodes: Nodes, stop: Item | None) -> tuple[Nodes, Item | None]:
    """Take in what ends the search here, and drop what comes after it in the order."""
    for node in nodes:
        for item in node.prefix:
            if item.role != "dynamic" and (stop is None or item.rank < stop.rank):
                stop = item
    if stop is None:
        return nodes, None
    return tuple(node for node in nodes if node.first < stop.rank), stop


def _relevant(left: Nodes, right: Nodes, stop_left: Item | None, stop_right: Item | None) -> bool:
    if _changed(stop_left) or _changed(stop_right):
        return True
    return any(node.changed for node in left) or any(node.changed for node in right)


def _changed(item: Item | None) -> bool:
    return item is not None and item.changed


def _leaf(state: State, path: Path) -> Leaf | None:
    left, right, stop_left, stop_right = state
    base, head = _fitting(left, stop_left), _fitting(right, stop_right)
    if not any(item.changed for item in base) and not any(item.changed for item in head):
        return None
    return Leaf(_texts(path), base, head)


def _fitting(nodes: Nodes, stop: Item | None) -> tuple[Item, ...]:
    found = [item for node in nodes for item in node.exact if stop is None or item.rank < stop.rank]
    found.sort(key=_rank)
    return tuple(found) if stop is None else (*found, stop)


def _rank(item: Item) -> int:
    return item.rank


def _texts(path: Path) -> tuple[str, ...]:
    texts = []
    while path is not None:
        path, text = path
        texts.append(text)
    return tuple(reversed(texts))


def _without_slash(base: Iterable[Item], head: Iterable[Item]) -> Iterator[Leaf]:
    """A path without a leading slash fits only mounts whose prefix is empty."""

    def fitting(items: Iterable[Item]) -> tuple[Item, ...]:
        for item in items:
            if item.role in ("foreign", "end") and item.patterns == ((),):
                return (item,)
        return ()

    leaf = Leaf(None, fitting(base), fitting(head))
    if any(item.changed for item in (*leaf.base, *leaf.head)):
        yield leaf


def _tree(items: Iterable[Item]) -> _Node:
    root = _Node()
    for item in items:
        for pattern in item.patterns:
            _insert(root, item, pattern)
    return root


def _insert(root: _Node, item: Item, pattern: Template) -> None:
    node = root
    trail = [(root, "")]
    for part in pattern:
        if isinstance(part, str):
            child = node.literals.get(part)
            if child is None:
                child = node.literals[part] = _Node()
            trail.append((child, part))
        else:
            # `float` and `decimal` take the same texts, so one node serves both.
            type = "float" if part.type == "decimal" else part.type
            child = node.types.get(type)
            if child is None:
                child = node.types[type] = _Node()
            trail.append((child, ""))
        node = child
    (node.exact if item.role == "route" else node.prefix).append(item)
    for above, _ in trail:
        above.first = min(above.first, item.rank)
    if item.changed:
        before = root
        for above, literal in trail:
            if not above.changed:
                above.changed = True
                if above is not root and before.literals.get(literal) is above:
                    before.busy.append(literal)
            before = above
