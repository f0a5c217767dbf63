"""Markdown files as test suites.

A heading of the second level starts a case. A line that holds only a file name in backquotes and a
colon names the next fenced block, a file of the project. A fenced block whose language is the name
of an output (`routes`, `diagnostics`, ...) is what is expected; the rest of its first line is an
argument (`facts shop/items.py`). A line "App: `shop.main:app`" names another application than
`app:app`. Everything else is prose::

    ## A literal after a parameter is unreachable

    The first registered route wins.

    `app.py`:
    ```py
    ...
    ```
    ```diagnostics
    ...
    ```
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Block", "Case", "read_cases", "update"]

_HEADING = re.compile(r"^## +(?P<name>.+?)\s*$")
_FILE = re.compile(r"^`(?P<path>[^`]+)`:\s*$")
_APP = re.compile(r"^App: `(?P<app>[^`]+)`")
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """One expected output."""

    kind: str
    argument: str
    text: str
    start: int
    """Index of the first line inside the fence, in the lines of the Markdown file."""
    end: int
    """Index of the closing fence."""


@dataclass(frozen=True)
class Case:
    """One heading: a project and what is expected of it."""

    source: Path
    name: str
    app: str
    files: Mapping[str, str]
    blocks: tuple[Block, ...]

    @property
    def id(self) -> str:
        return f"{self.source.parent.name}/{self.source.stem}: {self.name}"


def read_cases(source: Path, kinds: Collection[str]) -> list[Case]:
    """All cases of a Markdown file; ValueError for a block that is neither file nor output."""
    cases: list[Case] = []
    name: str | None = None
    app, files, blocks = "app:app", dict[str, str](), list[Block]()
    path: str | None = None

    def finish() -> None:
        if name is None:
            return
        if not files or not blocks:
            raise ValueError(f"{source}: case {name!r} needs files and an expected block")
        if any(case.name == name for case in cases):
            raise ValueError(f"{source}: two cases are named {name!r}")
        cases.append(Case(source, name, app, dict(files), tuple(blocks)))

    lines = source.read_text(encoding="utf-8").split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        if heading := _HEADING.match(line):
            finish()
            name, app, files, blocks, path = heading["name"], "app:app", {}, [], None
        elif match := _APP.match(line):
            app = match["app"]
        elif match := _FILE.match(line):
            path = match["path"]
        elif match := _FENCE.match(line):
            start = index + 1
            end = next(at for at in range(start, len(lines)) if lines[at] == match["fence"])
            text = "".join(inner + "\n" for inner in lines[start:end])
            kind, _, argument = match["info"].strip().partition(" ")
            if path is not None:
                files[path] = text
            elif kind in kinds:
                blocks.append(Block(kind, argument.strip(), text, start, end))
            else:
                raise ValueError(f"{source}:{index + 1}: a `{kind}` block without a file name")
            path = None
            index = end
        index += 1
    finish()
    return cases


def update(source: Path, changed: Sequence[tuple[Block, str]]) -> None:
    """Put new texts into expected blocks; they are replaced from the last to the first."""
    lines = source.read_text(encoding="utf-8").split("\n")
    for block, text in sorted(changed, key=lambda item: -item[0].start):
        lines[block.start : block.end] = text.removesuffix("\n").split("\n") if text else []
    source.write_text("\n".join(lines), encoding="utf-8")
