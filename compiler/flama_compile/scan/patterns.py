"""Patterns of `match` statements, as they stand in the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from flama_compile.ir import facts
from flama_compile.scan.places import MISSING

if TYPE_CHECKING:
    from flama_compile.scan.expressions import Expressions

__all__ = ["read_pattern"]


def read_pattern(reader: Expressions, node: cst.CSTNode, tree: Any) -> facts.Pattern:
    """One pattern and all inside it; `tree` is its twin from `ast`, for places."""
    match node:
        case cst.MatchValue():
            return facts.Pattern("value", reader.expression(node.value, tree.value), "", ())
        case cst.MatchSingleton():
            twin = reader.expression(node.value, MISSING) if tree is MISSING else None
            value = twin or facts.Constant(tree.value, reader.places.at(node, tree))
            return facts.Pattern("value", value, "", ())
        case cst.MatchAs():
            name = node.name.value if node.name else ""
            if node.pattern is None:
                return facts.Pattern("capture", None, name, ())
            return facts.Pattern(
                "as", None, name, (read_pattern(reader, node.pattern, tree.pattern),)
            )
        case cst.MatchOr():
            found = [element.pattern for element in node.patterns]
            return facts.Pattern("or", None, "", _all(reader, found, tree.patterns))
        case cst.MatchSequence():
            return facts.Pattern("sequence", None, "", _elements(reader, node, tree.patterns))
        case cst.MatchMapping():
            inside = [element.pattern for element in node.elements]
            keys = [element.key for element in node.elements]
            return facts.Pattern(
                "mapping",
                None,
                node.rest.value if node.rest is not None else "",
                _all(reader, inside, tree.patterns),
                tuple(reader.expression(key, tree.keys[i]) for i, key in enumerate(keys)),
            )
        case cst.MatchClass():
            by_place = _all(reader, [one.value for one in node.patterns], tree.patterns)
            by_name = _all(reader, [one.pattern for one in node.kwds], tree.kwd_patterns)
            return facts.Pattern(
                "class",
                reader.expression(node.cls, tree.cls),
                "",
                by_place + by_name,
                keywords=tuple(one.key.value for one in node.kwds),
            )
    raise AssertionError(f"no pattern: {type(node).__name__}")


def _elements(
    reader: Expressions, node: cst.MatchSequence, trees: Any
) -> tuple[facts.Pattern, ...]:
    found = []
    for i, element in enumerate(node.patterns):
        if isinstance(element, cst.MatchStar):
            name = element.name.value if element.name is not None else ""
            found.append(facts.Pattern("star", None, name, ()))
        else:
            found.append(read_pattern(reader, element.value, trees[i]))
    return tuple(found)


def _all(
    reader: Expressions, nodes: Sequence[cst.CSTNode], trees: Any
) -> tuple[facts.Pattern, ...]:
    return tuple(read_pattern(reader, node, trees[i]) for i, node in enumerate(nodes))
