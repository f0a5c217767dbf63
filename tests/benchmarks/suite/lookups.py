"""The routers alone: nanoseconds of CPU time for each lookup."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from suite.environments import Environments
from suite.rounds import Effort, Rounds, progress
from suite.workers import Worker, WorkerFailed

__all__ = ["REFERENCE", "SETS", "SLOW_TO_FILL", "measure"]

REFERENCE = "falcon"

SETS: dict[str, tuple[str, ...]] = {
    "github": ("all", "static", "dynamic", "miss"),
    "rest-10": ("all",),
    "rest-200": ("all",),
    "rest-1000": ("all",),
    "rest-10000": ("some", "all"),
    "wide-10000": ("all",),
    "fan-10000": ("all",),
}
"""What is looked up in each set of routes."""

SLOW_TO_FILL: dict[str, frozenset[str]] = {
    "rest-10000": frozenset({"litestar"}),
    "wide-10000": frozenset({"litestar", "starlette", "blacksheep"}),
    "fan-10000": frozenset({"litestar", "falcon", "starlette", "blacksheep"}),
}
"""Peers that need more than half a minute to register or compile that many routes, or a
millisecond for a lookup, which one set of 10,000 shows as well as three."""

SAMPLE = 2000
"""Requests of one measurement at most; at 10,000 routes they do not fit the processor's caches."""


def measure(
    peers: list[str], environments: Environments, work: Path, effort: Effort
) -> dict[str, Any]:
    """`{set: {part: {peer: spread with ratio to Falcon}}}`.

    Raises `WorkerFailed` when a router finds another route, or other values, than it must.
    """
    tables = {(name, part): Rounds() for name, parts in SETS.items() for part in parts}
    versions: dict[str, str] = {}
    for generation in range(effort.generations):
        with contextlib.ExitStack() as stack:
            workers = {
                peer: stack.enter_context(Worker(peer, environments.of(peer), work))
                for peer in peers
            }
            for worker in workers.values():
                versions.update(worker("versions"))
            counts: dict[tuple[str, str, str], int] = {}
            for name, parts in SETS.items():
                progress(["lookup, filling", name])
                for peer, worker in workers.items():
                    if peer not in SLOW_TO_FILL.get(name, ()):
                        if generation == 0:
                            verify(worker, name)
                        for part in parts:
                            counts[name, part, peer] = calibrate(
                                worker, name, part, effort.milliseconds
                            )
            for number in range(effort.rounds):
                seed = generation * effort.rounds + number + 2
                progress(["lookup, round", seed - 1, "of", effort.generations * effort.rounds])
                for name, part in tables:
                    jobs = {
                        peer: lookup_job(worker, name, part, counts[name, part, peer], seed)
                        for peer, worker in workers.items()
                        if (name, part, peer) in counts
                    }
                    tables[name, part].run(jobs, seed)
    result: dict[str, Any] = {}
    for (name, part), rounds in tables.items():
        result.setdefault(name, {})[part] = rounds.summary(REFERENCE)
    return {"sets": result, "versions": versions}


def verify(worker: Worker, name: str) -> None:
    """Look every route up once, and a few paths that are not there."""
    problems = worker("check_lookup", routes=name)
    if problems:
        raise WorkerFailed(f"{worker.peer}: {name}: " + "\n".join(problems))


def calibrate(worker: Worker, name: str, part: str, milliseconds: float) -> int:
    worker("find", routes=name, part=part, count=50, seed=0)
    each = worker("find", routes=name, part=part, count=50, seed=1) / 50
    return int(min(max(milliseconds * 1e6 / each, 20), SAMPLE))


def lookup_job(worker: Worker, name: str, part: str, count: int, seed: int) -> Callable[[], float]:
    return lambda: worker("find", routes=name, part=part, count=count, seed=seed) / count
