"""Cells of a manifest's line: how a value is written so that it can be read back.

A value stands as it is unless it would be misread. What holds a space, a comma, `=`, a quote or a
character that does not print is a JSON string, and so is what would be taken for something else::

    show            ->  show
    a b             ->  "a b"
    Literal['a', 1] ->  "Literal['a', 1]"
    (empty)         ->  ""
"""

from __future__ import annotations

import json
import re

__all__ = [
    "ABSENT",
    "FORMAT",
    "KINDS",
    "UNKNOWN",
    "CellError",
    "list_of",
    "quote",
    "split_at",
    "split_cells",
    "unquote",
]

FORMAT = 1
"""Raised when a line can mean something that an older reader would misread."""

UNKNOWN = frozenset({"?"})
"""The word for what only the loaded application can tell."""
ABSENT = frozenset({"?", "-"})
"""That, and the word for nothing."""
KINDS = frozenset({"WS", "MOUNT", "DYNAMIC", "-"})
"""What a method's name must not be taken for."""

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_CELL = re.compile(rf'(?:{_QUOTED}|[^\s"])+')
_STRING = re.compile(_QUOTED)
_SPECIAL = frozenset(' ,="\\')


class CellError(ValueError):
    """A cell that no writer of this format writes; the message is for people."""


def quote(text: str, reserved: frozenset[str] = frozenset()) -> str:
    """A cell, or part of one, that `unquote` reads back as the text.

    `reserved` names the bare words that mean something else at this place.
    """
    if text and text not in reserved and text[0] != "#" and text.isprintable():
        if _SPECIAL.isdisjoint(text):
            return text
        return json.dumps(text, ensure_ascii=False)
    return "".join(
        char if char.isprintable() else json.dumps(char)[1:-1]
        for char in json.dumps(text, ensure_ascii=False)
    )


def unquote(cell: str) -> str:
    """The text of a cell; CellError when it is neither bare nor one whole JSON string."""
    if '"' not in cell:
        return cell
    try:
        value = json.loads(cell)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise CellError(f"{cell} is not a quoted string")
    return value


def split_cells(line: str) -> list[str]:
    """The cells of a line, still quoted; CellError for a quotation mark without its partner."""
    # PERF: nearly no line is quoted, and `split` is ten times as fast as the expression.
    if '"' not in line:
        return line.split()
    cells, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
        elif found := _CELL.match(line, at):
            cells.append(found[0])
            at = found.end()
        else:
            raise CellError(f"a quotation mark at column {at + 1} has no partner")
    return cells


def list_of(cell: str) -> list[str]:
    """The items of a cell that holds a list, still quoted; `-` is the empty list."""
    if cell == "-":
        return []
    if '"' not in cell:
        return cell.split(",")
    items, at = [], 0
    while True:
        item, rest = split_at(cell[at:], ",")
        items.append(item)
        if rest is None:
            return items
        at = len(cell) - len(rest)


def split_at(cell: str, separator: str) -> tuple[str, str | None]:
    """What stands before and after the first separator outside of quotes; None without one."""
    if '"' not in cell:
        before, found, after = cell.partition(separator)
        return before, after if found else None
    at = 0
    while at < len(cell) and cell[at] != separator:
        if cell[at] != '"':
            at += 1
        elif quoted := _STRING.match(cell, at):
            at = quoted.end()
        else:
            raise CellError(f"a quotation mark in {cell} has no partner")
    return cell[:at], cell[at + 1 :] if at < len(cell) else None
