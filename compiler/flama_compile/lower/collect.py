"""Which rules fit one whole path: a tree of segments, walked once for each path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flama.paths import Param

from flama_compile.algebra import accepts
from flama_compile.lower.rules import Rule

__all__ = ["Fits"]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    types: dict[str, _Node] = field(default_factory=dict)
    exact: list[Rule] = field(default_factory=list)
    tails: list[Rule] = field(default_factory=list)


class Fits:
    """The rules of a unit, indexed by segment."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._root = _Node()
        for rule in rules:
            node = self._root
            for segment in rule.template:
                if isinstance(segment, Param):
                    node = node.types.setdefault(segment.type, _Node())
                else:
                    node = node.literals.setdefault(segment, _Node())
            (node.tails if rule.tail else node.exact).append(rule)

    def of(self, segments: Sequence[str]) -> list[Rule]:
        """The rules that fit a path, in order, up to the first that ends the search."""
        found: list[Rule] = []
        nodes = [self._root]
        for segment in segments:
            found += (rule for node in nodes for rule in node.tails)
            below: list[_Node] = []
            for node in nodes:
                if segment in node.literals:
                    below.append(node.literals[segment])
                below += (under for type, under in node.types.items() if accepts(type, segment))
            nodes = below
        found += (rule for node in nodes for rule in (*node.tails, *node.exact))
        found.sort(key=_order)
        for position, rule in enumerate(found):
            if rule.tail:
                return found[: position + 1]
        return found


def _order(rule: Rule) -> int:
    return rule.order
