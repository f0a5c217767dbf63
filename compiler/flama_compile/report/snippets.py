"""Source lines with carets, in rustc's form.

Columns of spans count characters; columns of a terminal count cells: a tab stops at every fourth
cell, an East Asian wide character takes two, a combining mark none. A span of one line::

    31 | @app.route("/items/{number:int}/")
       |            ^^^^^^^^^^^^^^^^^^^^^^ every GET here is answered by an earlier route

A span of several lines::

    12 | / app.add_route(
    13 | |     path(),
    14 | | )
       | |_^ this call
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flama_compile.source import Span

__all__ = ["Annotation", "Line", "Piece", "Source", "snippet", "source_lines", "visible"]

Piece = tuple[str, str]
"""Text and the name of its style: "", `gutter`, `error`, `warning`, `note`, `second`, `bold`."""

Line = list[Piece]

Source = Callable[[str], str | None]
"""The text of a file by its path relative to the root, None when it cannot be read."""

TAB = 4
WIDEST = 150
"""Cells of a source line that are shown; of a longer one, the part around the span."""
TALLEST = 6
"""Lines of a span that are shown whole; of a taller one, the first three and the last."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One marked stretch of source."""

    span: Span
    text: str
    primary: bool
    style: str


@lru_cache(maxsize=4)
def source_lines(text: str) -> list[str]:
    """Lines as Python counts them: split at CR LF, LF and CR, not at form feeds or others."""
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def snippet(annotations: Sequence[Annotation], source: Source) -> list[Line]:
    """The marked lines of every annotation; the primary one's file first."""
    gutter = max(len(str(note.span.end_line)) for note in annotations)
    lines: list[Line] = []
    first = annotations[0].span.file
    files = [first, *dict.fromkeys(a.span.file for a in annotations if a.span.file != first)]
    for position, file in enumerate(files):
        notes = [note for note in annotations if note.span.file == file]
        arrow = "-->" if position == 0 else ":::"
        lines.append([(" " * gutter + arrow, "gutter"), (f" {notes[0].span}", "")])
        text = source(file)
        if text is None:
            lines.extend(_unread(note, gutter) for note in notes if note.text)
            continue
        lines.append(_edge(gutter))
        lines.extend(_file(notes, source_lines(text), gutter))
        lines.append(_edge(gutter))
    return lines


def visible(text: str) -> str:
    """Text of unknown origin on one line of a terminal: control characters become pictures."""
    return "".join(_drawn(character, 0) if character != "\t" else " " for character in text)


def _unread(note: Annotation, gutter: int) -> Line:
    return [(" " * gutter + " = ", "gutter"), (f"{note.span.line}: {visible(note.text)}", "")]


def _edge(gutter: int) -> Line:
    return [(" " * gutter + " |", "gutter")]


def _file(notes: Iterable[Annotation], lines: list[str], gutter: int) -> list[Line]:
    """All annotations of one file from top to bottom; a line is printed once."""
    shown: list[Line] = []
    previous = 0
    for note in sorted(notes, key=lambda note: (note.span, not note.primary)):
        start = note.span.line
        if previous and start > previous + 1:
            shown.append([("...", "gutter")])
        if note.span.end_line > start:
            shown.extend(_tall(note, lines, gutter))
        else:
            shown.extend(_flat(note, lines, gutter, repeat=start != previous))
        previous = max(previous, note.span.end_line)
    return shown


def _flat(note: Annotation, lines: list[str], gutter: int, repeat: bool) -> list[Line]:
    text = _line(lines, note.span.line)
    begin, end = note.span.column - 1, max(note.span.end_column - 1, note.span.column)
    view = _View(text, begin, end)
    carets = ("^" if note.primary else "-") * max(view.width(begin, end), 1)
    shown: list[Line] = []
    if repeat:
        shown.append(_numbered(note.span.line, gutter, [(view.text, "")]))
    mark = " " * view.cell(begin) + carets
    label = f" {visible(note.text)}" if note.text else ""
    shown.append([*_edge(gutter), (" ", ""), (mark + label, note.style)])
    return shown


def _tall(note: Annotation, lines: list[str], gutter: int) -> list[Line]:
    span = note.span
    shown: list[Line] = []
    first = _line(lines, span.line)
    view = _View(first, 0, 0)
    bar = (" | ", note.style)
    if not first[: span.column - 1].strip():
        shown.append(_numbered(span.line, gutter, [(" / ", note.style), (view.text, "")], pad=""))
    else:
        shown.append(_numbered(span.line, gutter, [("   ", ""), (view.text, "")], pad=""))
        reach = view.cell(span.column - 1)
        mark = "^" if note.primary else "-"
        shown.append([*_edge(gutter), (f"  _{'_' * reach}{mark}", note.style)])
    numbers = list(range(span.line + 1, span.end_line + 1))
    if len(numbers) > TALLEST:
        numbers = [*numbers[:2], 0, numbers[-1]]
    for number in numbers:
        if number == 0:
            shown.append([("...".ljust(gutter + 2), "gutter"), bar])
            continue
        text = _View(_line(lines, number), 0, 0).text
        shown.append(_numbered(number, gutter, [bar, (text, "")], pad=""))
    last = _View(_line(lines, span.end_line), 0, 0)
    reach = max(last.cell(span.end_column - 1) - 1, 0)
    mark = "^" if note.primary else "-"
    label = f" {visible(note.text)}" if note.text else ""
    shown.append([*_edge(gutter), (f" |_{'_' * reach}{mark}{label}", note.style)])
    return [_stripped(line) for line in shown]


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _numbered(number: int, gutter: int, pieces: list[Piece], pad: str = " ") -> Line:
    return _stripped([(f"{number:>{gutter}} |{pad}", "gutter"), *pieces])


def _stripped(line: Line) -> Line:
    """Without blanks at its end, so that reports can be compared and pasted."""
    while line and not line[-1][0].rstrip():
        line = line[:-1]
    if line:
        line = [*line[:-1], (line[-1][0].rstrip(), line[-1][1])]
    return line


class _View:
    """One source line as a terminal shows it: tabs opened, controls made visible, cut to size."""

    def __init__(self, text: str, begin: int, end: int) -> None:
        cells = [0]
        drawn: list[str] = []
        for character in text:
            shape = _drawn(character, cells[-1])
            drawn.append(shape)
            cells.append(cells[-1] + _cells(shape))
        left, right = 0, len(text)
        if cells[-1] > WIDEST:
            left, right = _window(cells, min(begin, len(text)), min(end, len(text)))
        self._cells = cells
        self._left = left
        self._right = right
        self._shift = (1 if left else 0) - cells[left]
        before, after = "…" if left else "", "…" if right < len(text) else ""
        self.text = (before + "".join(drawn[left:right]) + after).rstrip()

    def cell(self, index: int) -> int:
        """The cell where a character stands; past the end, one cell for each missing one."""
        known = max(min(index, self._right), self._left)
        past = index - known if self._right == len(self._cells) - 1 else 0
        return self._cells[known] + self._shift + max(past, 0)

    def width(self, begin: int, end: int) -> int:
        return self.cell(end) - self.cell(begin)


def _window(cells: list[int], begin: int, end: int) -> tuple[int, int]:
    """Which characters of a long line to show: the span's start with some context before it."""
    left = begin
    while left > 0 and cells[begin] - cells[left - 1] <= WIDEST // 3:
        left -= 1
    right = left
    while right + 1 < len(cells) and cells[right + 1] - cells[left] <= WIDEST:
        right += 1
    return left, max(right, min(end, begin + 1))


def _drawn(character: str, cell: int) -> str:
    if character == "\t":
        return " " * (TAB - cell % TAB)
    if character == "\x7f":
        return "␡"
    if character < " ":
        return chr(0x2400 + ord(character))
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return "�" if character != "\u200d" else ""
    return character


def _cells(text: str) -> int:
    width = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
            continue
        width += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return width
