"""Traps: short programs that a careless reading of Python would get wrong.

A file of `traps/` holds many. Each begins with its name and what must come of it, and follows a
common beginning (`app`, a view `v`); `@@ name.py` starts another file::

    === genexpr lazy: exact
    x = (app.add_get(f'/{i}', v, name=str(i)) for i in range(3))
    app.add_get('/before', v, name='b')
    list(x)

`exact`: the static table is the live one. `sites`: something depends on the run; what is claimed
is so, and more may be live at the sites. `errors`: the compiler refuses the program. `refused`: so
does the framework, when it is imported or when it starts. Environments may follow, as JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from corpus.projects import HERE, Project

__all__ = ["Trap", "traps"]

BEGINNING = """\
from flama import Flama, Router
from flama.routing import Route, Mount, WebSocketRoute
import os
app = Flama(schema=None, docs=None)
def v(): ...
"""

_HEADING = re.compile(
    r"^=== (?P<name>.+?): (?P<kind>exact|sites|errors|refused)(?:  (?P<worlds>.+))?\n", re.M
)


@dataclass(frozen=True)
class Trap:
    """One program and what must come of it."""

    project: Project
    kind: str
    """`exact`, `sites`, `errors` or `refused`."""


def traps() -> list[Trap]:
    """All traps, file by file."""
    return [
        trap
        for path in sorted((HERE / "traps").glob("*.txt"))
        for trap in _read(path.stem, path.read_text(encoding="utf-8"))
    ]


def _read(area: str, text: str) -> list[Trap]:
    headings = list(_HEADING.finditer(text))
    if len(headings) != text.count("\n=== ") + text.startswith("=== "):
        raise ValueError(f"traps/{area}.txt: a heading is `=== name: kind`")
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [
        _trap(area, heading, text[heading.end() : end])
        for heading, end in zip(headings, ends, strict=True)
    ]


def _trap(area: str, heading: re.Match[str], body: str) -> Trap:
    files = {"main.py": [BEGINNING]}
    current = "main.py"
    for line in body.splitlines(keepends=True):
        if line.startswith("@@ "):
            current = line[3:].strip()
            files.setdefault(current, [])
        else:
            files[current].append(line)
    project = Project(
        name=f"{area}/{heading['name']}",
        title=heading["name"],
        app="main:app",
        files={name: "".join(lines).encode() for name, lines in files.items()},
        worlds=tuple(json.loads(heading["worlds"] or "[{}]")),
    )
    return Trap(project, heading["kind"])
