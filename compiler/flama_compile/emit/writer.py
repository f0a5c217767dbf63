"""Lines of Python as black lays them out, so that nothing has to be formatted afterwards.

What fits into 88 columns stands on one line. What does not is opened with one item a line and a
comma after the last, which black keeps at any line length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["WIDTH", "Writer", "inside", "literal", "width"]

WIDTH = 88
"""Black's default. A project that formats with another length keeps every opened bracket too."""


_PIECES = re.compile(r"(?:\\.|[^\\ /]){0,60}(?: +|/)|(?:\\.|[^\\ /]){1,60}")
"""Words with the space or slash after them; endless words in parts. An escape is never cut."""


class Writer:
    """Collects lines at a level of indentation."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.level = 0

    def line(self, text: str = "") -> None:
        """One line; an empty one has no indentation."""
        self.lines.append("    " * self.level + text if text else "")

    def gap(self) -> None:
        """The two empty lines around a definition."""
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        self.lines += ["", ""]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A compound statement: the head, which ends in a colon, and what is indented below."""
        self.line(head)
        with self.indented():
            yield

    @contextmanager
    def indented(self) -> Iterator[None]:
        """One level deeper."""
        self.level += 1
        yield
        self.level -= 1

    def items(self, head: str, items: Sequence[str], tail: str) -> None:
        """A bracketed list: `head` ends with the opening bracket, `tail` starts with the closing.

        A lone item between round brackets of a tuple needs its comma from the caller.
        """
        one = f"{head}{', '.join(items)}{tail}"
        if self.fits(one) or not items:
            self.line(one)
            return
        self.line(head)
        with self.indented():
            for item in items:
                self.line(f"{item},")
        self.line(tail)

    def chain(self, name: str, table: str, keys: Sequence[str]) -> None:
        """`name = table.get(key).get(key)…`, opened as black opens it where it is too long."""
        calls = [f".get({key})" for key in keys]
        one = f"{name} = {table}{''.join(calls)}"
        if self.fits(one) or len(calls) == 1:
            self.line(one)
        elif len(calls) == 2:
            # Black would break inside the last brackets.
            self.line(f"rows = {table}{calls[0]}")
            self.line(f"{name} = rows{calls[1]}")
        else:
            self.line(f"{name} = (")
            with self.indented():
                self.line(f"{table}{calls[0]}")
                for call in calls[1:]:
                    self.line(call)
            self.line(")")

    def when(self, conditions: Sequence[str]) -> None:
        """`if a and b:`, opened where it is too long; what it guards is indented by the caller."""
        one = f"if {' and '.join(conditions)}:"
        if self.fits(one) or len(conditions) == 1:
            self.line(one)
            return
        self.line("if (")
        with self.indented():
            self.line(conditions[0])
            for condition in conditions[1:]:
                self.line(f"and {condition}")
        self.line("):")

    def prose(self, text: str) -> None:
        """A line between triple quotes; one that is too long goes on after a backslash."""
        line = ""
        if len(text) < WIDTH and text.isascii() and "\\" not in text and '"' not in text:
            # PERF: nearly every route is such a line.
            self.lines.append(text)
            return
        for piece in _PIECES.findall(inside(text)):
            if line and width(line) + width(piece) >= WIDTH:
                self.lines.append(f"{line}\\")
                line = ""
            line += piece
        self.lines.append(line)

    def fits(self, text: str) -> bool:
        """Whether the line, at this level, stays within the width."""
        return 4 * self.level + width(text) <= WIDTH

    def text(self) -> str:
        """The whole, with one newline at the end."""
        return "\n".join(self.lines).rstrip("\n") + "\n"


def width(text: str) -> int:
    """Columns of a line as black counts them: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def inside(text: str) -> str:
    """Text as it is written between triple quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def literal(text: str) -> str:
    """A string literal with the quotes that black would choose."""
    body = repr(text + '"')[1:-2]
    # The double quote at the end makes `repr` choose single quotes, and escape those inside.
    single = f"'{body}'"
    double = '"' + body.replace("\\'", "'").replace('"', '\\"') + '"'
    return double if text.count('"') <= text.count("'") else single
