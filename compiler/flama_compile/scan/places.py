"""Places of syntax: from `ast`, matched node by node, or from libcst where `ast` cannot read.

libcst computes positions only by rendering the whole tree again, which costs more than the parse.
`ast` has them for a tenth of it, in UTF-8 bytes; lines with other characters are converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import libcst

from flama_compile.ir.facts import At

__all__ = ["MISSING", "Missing", "Places"]


class Missing:
    """Stands where `ast` has no node: every attribute and item of it is missing too."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Missing:
        return self

    def __getitem__(self, index: int) -> Missing:
        return self


MISSING = Missing()

_DEFINITION = re.compile(r"(?:async\s+)?(?:def|class)\s+")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Places:
    """The places of one file's nodes."""

    __slots__ = ("_ascii", "_fixed", "_positions", "lines", "text")

    def __init__(self, text: str, positions: Mapping[libcst.CSTNode, Any] | None = None) -> None:
        self.text = text
        self.lines = _LINE_END.split(text)
        self._ascii = text.isascii()
        self._positions = positions
        self._fixed: At | None = None

    @contextmanager
    def fixed(self, at: At) -> Iterator[None]:
        """Give every node this one place for a while."""
        kept, self._fixed = self._fixed, at
        try:
            yield
        finally:
            self._fixed = kept

    def at(self, node: libcst.CSTNode, tree: Any) -> At:
        """Where a node stands; `tree` is the node of `ast` for it, or MISSING."""
        if self._fixed is not None:
            return self._fixed
        if tree is MISSING:
            return self._from_positions(node)
        if self._ascii:
            return (tree.lineno, tree.col_offset + 1, tree.end_lineno, tree.end_col_offset + 1)
        return (
            tree.lineno,
            self._column(tree.lineno, tree.col_offset),
            tree.end_lineno,
            self._column(tree.end_lineno, tree.end_col_offset),
        )

    def named(self, at: At, name: str) -> At:
        """From the start of a definition to the end of its name."""
        line, column = at[0], at[1]
        text = self.lines[line - 1]
        keyword = _DEFINITION.match(text, column - 1)
        if keyword is None:
            # The name stands on another line, after a backslash.
            return (line, column, line, len(text) + 1)
        return (line, column, line, keyword.end() + len(name) + 1)

    def with_sign(self, at: At) -> At:
        """A decorator's place with its `@`, which stands before it on the same line."""
        line, column, end_line, end_column = at
        before = self.lines[line - 1][: column - 1]
        sign = before.rfind("@")
        return (line, sign + 1, end_line, end_column) if sign >= 0 else at

    def source(self, at: At) -> str:
        """The text at a place, its lines joined by one space."""
        line, column, end_line, end_column = at
        if line == end_line:
            return self.lines[line - 1][column - 1 : end_column - 1]
        first = self.lines[line - 1][column - 1 :].rstrip()
        middle = [text.strip() for text in self.lines[line : end_line - 1]]
        last = self.lines[end_line - 1][: end_column - 1].strip()
        return " ".join([first, *middle, last])

    def below(self, first: int, last: int) -> str:
        """The text below the first line of a definition; of one that has only one, that line."""
        return "\n".join(self.lines[first:last]) or self.lines[first - 1]

    def block(self, first: int, last: int) -> list[str]:
        """Whole lines, both ends included."""
        return self.lines[first - 1 : last]

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        if text.isascii():
            return offset + 1
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")) + 1

    def _from_positions(self, node: libcst.CSTNode) -> At:
        assert self._positions is not None, "no tree and no positions"
        found = self._positions[node]
        return (
            found.start.line,
            found.start.column + 1,
            found.end.line,
            found.end.column + 1,
        )
