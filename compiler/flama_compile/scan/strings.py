"""Literals and strings: constants, joined strings, f-strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

import libcst as cst

from flama_compile.ir import facts
from flama_compile.scan.places import MISSING, Places

__all__ = ["Strings"]


class Strings:
    """Turns literals into facts. `expressions.Expressions` builds on it."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def expression(self, node: cst.CSTNode, tree: Any) -> facts.Expression:
        """One expression of any kind."""
        raise NotImplementedError

    def _literal(self, node: Any, tree: Any) -> facts.Expression:
        value: Any = ast.literal_eval(node.value) if tree is MISSING else tree.value
        return facts.Constant(value, self.places.at(node, tree))

    def _concatenated(self, node: cst.ConcatenatedString, tree: Any) -> facts.Expression:
        pieces = list(_pieces(node))
        if tree is MISSING:
            at = self.places.at(node, tree)
            parts: list[facts.Expression] = []
            for piece in pieces:
                part = self.expression(piece, MISSING)
                parts.extend(part.parts if isinstance(part, facts.Joined) else [part])
            if all(isinstance(part, facts.Constant) for part in parts):
                joined: Any = parts[0].value
                for part in parts[1:]:
                    joined += part.value
                return facts.Constant(joined, at)
            return facts.Joined(tuple(parts), at)
        if isinstance(tree, ast.Constant):
            value: Any = tree.value
            return facts.Constant(value, self.places.at(node, tree))
        if not isinstance(tree, ast.JoinedStr):
            return facts.Opaque("template string", self.places.at(node, tree))
        return self._joined(node, _formatted_expressions(pieces), tree)

    def _formatted(self, node: cst.FormattedString, tree: Any) -> facts.Expression:
        if tree is MISSING:
            return self._joined_without_tree(node)
        return self._joined(node, _formatted_expressions([node]), tree)

    def _joined(
        self, node: cst.CSTNode, found: list[cst.FormattedStringExpression], tree: ast.JoinedStr
    ) -> facts.Expression:
        """Constants as `ast` reads them (escapes, `{{`), expressions from both trees in step."""
        at = self.places.at(node, tree)
        remaining = iter(found)
        parts: list[facts.Expression] = []
        for value in tree.values:
            if isinstance(value, ast.FormattedValue):
                parts.append(self._replacement(next(remaining), value, at))
            else:
                assert isinstance(value, ast.Constant)
                constant: Any = value.value
                # Some releases of 3.12 end a specification with an empty text.
                if constant:
                    parts.append(facts.Constant(constant, at))
        return facts.Joined(tuple(parts), at)

    def _replacement(
        self, node: cst.FormattedStringExpression, tree: ast.FormattedValue, at: facts.At
    ) -> facts.Formatted:
        spec: facts.Expression | None = None
        if isinstance(tree.format_spec, ast.JoinedStr):
            inner = [
                part
                for part in node.format_spec or ()
                if isinstance(part, cst.FormattedStringExpression)
            ]
            spec = self._joined(node, inner, tree.format_spec)
        conversion = "" if tree.conversion < 0 else chr(tree.conversion)
        # NOTE: before 3.12, `ast` misplaces what stands inside an f-string.
        with self.places.fixed(at):
            value = self.expression(node.expression, tree.value)
        return facts.Formatted(value, conversion, spec, at)

    def _joined_without_tree(self, node: cst.FormattedString) -> facts.Expression:
        at = self.places.at(node, MISSING)
        return facts.Joined(self._parts(node.parts, "r" in node.prefix.lower(), at), at)

    def _parts(
        self, nodes: Iterable[cst.BaseFormattedStringContent], raw: bool, at: facts.At
    ) -> tuple[facts.Expression, ...]:
        """Texts and replacements of an f-string, or of a format specification."""
        parts: list[facts.Expression] = []
        for node in nodes:
            if isinstance(node, cst.FormattedStringText):
                parts.append(facts.Constant(_text(node.value, raw), at))
            elif not isinstance(node, cst.FormattedStringExpression) or node.equal is not None:
                parts.append(facts.Opaque("formatted value", at))
            else:
                value = self.expression(node.expression, MISSING)
                spec: facts.Expression | None = None
                if node.format_spec is not None:
                    spec = facts.Joined(self._parts(node.format_spec, raw, at), at)
                parts.append(facts.Formatted(value, node.conversion or "", spec, at))
        return tuple(parts)


def _pieces(node: cst.CSTNode) -> list[cst.CSTNode]:
    if isinstance(node, cst.ConcatenatedString):
        return [*_pieces(node.left), *_pieces(node.right)]
    return [node]


def _formatted_expressions(pieces: list[cst.CSTNode]) -> list[cst.FormattedStringExpression]:
    return [
        part
        for piece in pieces
        if isinstance(piece, cst.FormattedString)
        for part in piece.parts
        if isinstance(part, cst.FormattedStringExpression)
    ]


def _text(raw: str, is_raw: bool) -> str:
    text = raw.replace("{{", "{").replace("}}", "}")
    if is_raw or "\\" not in text:
        return text
    quoted = re.sub(r'(\\.)|"', lambda found: found.group(1) or '\\"', text, flags=re.DOTALL)
    return str(ast.literal_eval(f'"""{quoted}"""'))
