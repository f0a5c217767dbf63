"""Writes our applications into the work folder and compiles them, as a user would."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from suite.routesets import RouteSet, route_set
from suite.starts import flama_compile
from suite.workers import HERE

__all__ = ["prepare_ours"]


def prepare_ours(python: Path, work: Path, sets: Iterable[str]) -> None:
    """`plain`, `behind` and one module for each set of routes, with their compiled modules.

    Raises `RuntimeError` when a build fails.
    """
    for app in (HERE / "apps").glob("*.py"):
        shutil.copy(app, work)
    for name in ("plain", "behind"):
        flama_compile(python, work, f"{name}:app")
    for name in sets:
        chosen = route_set(name)
        (work / f"{chosen.module}.py").write_text(source(chosen), encoding="utf-8")
        flama_compile(python, work, f"{chosen.module}:app")


def source(chosen: RouteSet) -> str:
    """An application with the routes of a set; view `r7` answers its number and its values."""
    texts = [
        '"""Routes of which only the lookup is measured."""\n\n',
        "from __future__ import annotations\n\nfrom flama import Flama\n\n",
        "app = Flama(schema=None, docs=None)\n",
    ]
    for number, (method, path) in enumerate(chosen.routes):
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        parameters = ", ".join(f"{name}: str" for name in names)
        values = ", ".join(f'"{name}": {name}' for name in names)
        texts.append(
            f'\n\n@app.route("{path}", methods=["{method}"])\n'
            f"async def r{number}({parameters}):\n"
            f'    return {{"route": {number}, "values": {{{values}}}}}\n'
        )
    return "".join(texts)
