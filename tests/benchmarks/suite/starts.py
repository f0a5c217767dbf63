"""Cold starts and memory: a fresh process from nothing to its first answer.

CPU time of the process is counted, not time on the wall, for a start computes and does not wait.
Three states of the `.pyc` files:

`cached`    all are there, as after the first start on a machine;
`app bare`  the application's own are missing (our generated module counts among them), and
            `PYTHONDONTWRITEBYTECODE` is set, as in many containers;
`all bare`  none at all, those of the standard library included, as in images that delete them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from suite.environments import Environments
from suite.projects import last_request, write
from suite.rounds import Effort, Rounds, progress
from suite.workers import HERE, environment

__all__ = ["REFERENCE", "SIZES", "measure"]

REFERENCE = "starlette"
SIZES = (10, 1_000, 10_000)
STATES = ("cached", "app bare", "all bare")


def measure(
    peers: list[str], environments: Environments, work: Path, effort: Effort
) -> dict[str, Any]:
    """`{size: {state: {peer: …}}}` in seconds, `{size: {peer: …}}` of memory in KiB.

    Ratios are to Starlette. Raises `RuntimeError` when an answer is not the right one.
    """
    result: dict[str, Any] = {"seconds": {}, "memory": {}}
    for size in SIZES:
        able = [peer for peer in peers if peer not in ABSENT.get(size, ())]
        folders = {peer: project(peer, size, environments, work) for peer in able}
        resident = Rounds()
        for state in STATES:
            taking_part = able if state != "all bare" else [p for p in able if p in BARE]
            seconds = Rounds()
            for number in range(effort.starts + 1):
                progress([size, "routes,", state, "start", number, "of", effort.starts])
                row: dict[str, dict[str, float]] = {}
                names = taking_part[number % len(taking_part) :]
                for peer in names + taking_part[: number % len(taking_part)]:
                    if state == "app bare":
                        forget(folders[peer])
                    row[peer] = start(peer, environments.of(peer), folders[peer], size, state)
                if number == 0:
                    continue  # writes the .pyc files, or warms the file system
                for peer, values in row.items():
                    seconds.values.setdefault(peer, []).append(values["cpu"])
                    if state == "cached":
                        resident.values.setdefault(peer, []).append(values["rss"])
            result["seconds"].setdefault(str(size), {})[state] = seconds.summary(REFERENCE)
        result["memory"][str(size)] = resident.summary(REFERENCE)
    return result


ABSENT = {10_000: frozenset({"litestar"})}
"""Peers that need more than a minute for one start of that size."""

BARE = frozenset({"compiled", "interpreted", "starlette", "falcon", "flama"})
"""Peers that are also started without any `.pyc`; a start takes seconds then."""


def project(peer: str, size: int, environments: Environments, work: Path) -> Path:
    """Write a peer's project, and compile it where the peer is ours, compiled."""
    folder = work / "starts" / f"{peer}-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    write(peer, size, folder)
    if peer == "compiled":
        flama_compile(environments.ours, folder, "project.main:app")
    return folder


def flama_compile(python: Path, folder: Path, app: str) -> None:
    """Run `flama-compile build`.

    Raises `RuntimeError` with what it said when it does not succeed.
    """
    done = subprocess.run(
        [str(python.parent / "flama-compile"), "build", app, "--root", str(folder)],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=folder,
    )
    if done.returncode:
        raise RuntimeError(f"flama-compile build {app}: exit {done.returncode}\n{done.stderr}")


def forget(folder: Path) -> None:
    """Remove the `.pyc` files of a project."""
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)


def start(peer: str, python: Path, folder: Path, size: int, state: str) -> dict[str, float]:
    """One cold start: CPU seconds and resident KiB."""
    method, path, answer = last_request(size)
    module = "project.main_compiled" if peer == "compiled" else "project.main"
    extra = {}
    if state != "cached":
        extra["PYTHONDONTWRITEBYTECODE"] = "1"
    if state == "all bare":
        extra["PYTHONPYCACHEPREFIX"] = str(folder / "no-such-cache")
    done = subprocess.run(
        [str(python), str(HERE / "start.py"), str(folder), module, method, path],
        capture_output=True,
        text=True,
        env=environment(**extra),
        cwd=folder,
    )
    if done.returncode:
        raise RuntimeError(f"{peer} with {size} routes: {done.stderr[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    if json.loads(said["answer"]) != json.loads(answer):
        raise RuntimeError(f"{peer} with {size} routes: {said['answer']}, not {answer}")
    return {"cpu": float(said["cpu"]), "rss": float(said["rss"])}
