"""`flama-compile build`: cold, with nothing changed and with one file changed.

Measured against `libcst.parse_module` of the same files, which nobody who reads Python with LibCST
can do without. Both are CPU time, of the whole process and its children for ours, of the parsing
alone for LibCST. Time on the wall is printed beside it: on several processors it is less.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from suite.environments import Environments
from suite.projects import write
from suite.rounds import Effort, progress, spread
from suite.workers import environment

__all__ = ["SIZES", "measure"]

SIZES = {"100x20": (2_000, True), "500x20": (10_000, True), "100x20 short": (2_000, False)}
"""Routes, 20 a file, and whether views are long: 400 lines a file, or 140."""

PARSE = """
import pathlib, sys, time
import libcst
texts = [path.read_bytes() for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))
         if not path.stem.endswith("_compiled")]
libcst.parse_module(texts[0])
begin = time.process_time()
for text in texts:
    libcst.parse_module(text)
print(time.process_time() - begin)
"""


def measure(environments: Environments, work: Path, effort: Effort) -> dict[str, Any]:
    """`{size: {"parse" | "cold" | "warm" | "changed": spread, …}}` and the ratios of a round.

    Raises `RuntimeError` when a build fails or does not see the change.
    """
    result: dict[str, Any] = {}
    for name, (routes, long) in SIZES.items():
        folder = work / "builds" / name.replace(" ", "-")
        shutil.rmtree(folder, ignore_errors=True)
        write("compiled", routes, folder, long=long)
        build(environments, folder)  # .pyc files of the compiler, and the file system
        columns: dict[str, list[float]] = {}
        for number in range(effort.builds):
            progress(["build", name, "round", number + 1, "of", effort.builds])
            row = one_round(environments, folder, number)
            for key, value in row.items():
                columns.setdefault(key, []).append(value)
        result[name] = {key: spread(values) for key, values in columns.items()}
        for top, bottom in (("cold", "parse"), ("warm", "cold"), ("changed", "cold")):
            pairs = zip(columns[top], columns[bottom], strict=True)
            result[name][f"{top} ÷ {bottom}"] = spread([above / below for above, below in pairs])
    return result


def one_round(environments: Environments, folder: Path, number: int) -> dict[str, float]:
    """CPU seconds of each kind of build and of the parsing, and seconds on the wall."""
    row: dict[str, float] = {}
    parse = subprocess.run(
        [str(environments.ours), "-c", PARSE, str(folder)],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    row["parse"] = float(parse.stdout)
    forget_build(folder)
    row["cold"], row["cold wall"] = timed(lambda: build(environments, folder))
    row["warm"], row["warm wall"] = timed(lambda: build(environments, folder))
    compiled = folder / "project" / "main_compiled.py"
    before = compiled.read_bytes()
    changed = folder / "project" / "views7.py"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text + added_view(number), encoding="utf-8")
    row["changed"], row["changed wall"] = timed(lambda: build(environments, folder))
    if compiled.read_bytes() == before:
        raise RuntimeError("the new route is not in the generated module")
    changed.write_text(text, encoding="utf-8")
    return row


def added_view(number: int) -> str:
    """The text of one more view."""
    path = f"/added{number}/{{added_id:int}}"
    return f'\n\n@app.get("{path}")\nasync def added(added_id: int):\n    return added_id\n'


def build(environments: Environments, folder: Path) -> None:
    done = subprocess.run(
        [
            str(environments.ours.parent / "flama-compile"),
            *("build", "project.main:app", "--root", str(folder)),
        ],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=folder,
    )
    if done.returncode:
        raise RuntimeError(f"build: exit {done.returncode}\n{done.stderr[-2000:]}")


def forget_build(folder: Path) -> None:
    """Remove what a build leaves: the caches and the artefacts."""
    shutil.rmtree(folder / ".flama_cache", ignore_errors=True)
    for left in (folder / "project").glob("main_compiled.py"):
        left.unlink()
    for left in (folder / "project").glob("main.routes"):
        left.unlink()


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of child processes, and seconds on the wall, that a function takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    work()
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user = after.ru_utime - before.ru_utime
    return user + after.ru_stime - before.ru_stime, wall
