"""Whole requests in process, and messages of a websocket: nanoseconds of CPU time each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from suite.cases import CASES
from suite.environments import Environments
from suite.rounds import Effort, Rounds, progress
from suite.workers import Worker, WorkerFailed

__all__ = ["FLOOR", "measure"]

FLOOR = "asgi"
MESSAGES = 200


def measure(
    peers: list[str], environments: Environments, work: Path, effort: Effort
) -> dict[str, Any]:
    """Every case, every peer: `{case: {peer: spread with ratio to the floor}}`.

    Raises `WorkerFailed` when a peer's answer is not the one that the case demands.
    """
    tables = {case.name: Rounds() for case in CASES}
    sockets = Rounds()
    versions: dict[str, str] = {}
    for generation in range(effort.generations):
        with contextlib.ExitStack() as stack:
            workers = {
                peer: stack.enter_context(Worker(peer, environments.of(peer), work))
                for peer in peers
            }
            for worker in workers.values():
                versions.update(worker("versions"))
            taking_part = {
                case.name: [peer for peer in peers if peer not in case.absent] for case in CASES
            }
            if generation == 0:
                verify(workers, taking_part)
            counts = {
                (case, peer): calibrate(workers[peer], case, effort.milliseconds)
                for case, names in taking_part.items()
                for peer in names
            }
            for number in range(effort.rounds):
                seed = generation * effort.rounds + number + 2
                progress(["requests, round", seed - 1, "of", effort.generations * effort.rounds])
                for case, names in taking_part.items():
                    jobs = {
                        peer: request_job(workers[peer], case, counts[case, peer], seed)
                        for peer in names
                    }
                    tables[case].run(jobs, seed)
                sockets.run({peer: echo_job(worker) for peer, worker in workers.items()}, seed)
    result = {case: rounds.summary(FLOOR) for case, rounds in tables.items()}
    result["websocket"] = sockets.summary(FLOOR)
    return {"cases": result, "versions": versions}


def verify(workers: dict[str, Worker], taking_part: dict[str, list[str]]) -> None:
    """Compare every answer of every peer with the one that the case demands."""
    problems = []
    for case, names in taking_part.items():
        for peer in names:
            problems += [f"{peer}: {case}: {text}" for text in workers[peer]("check", case=case)]
    for worker in workers.values():
        worker("check_echo")
    if problems:
        raise WorkerFailed("answers differ:\n" + "\n".join(problems))


def calibrate(worker: Worker, case: str, milliseconds: float) -> int:
    """How many requests take about as long as wanted, after a warm-up."""
    worker("serve", case=case, count=100, seed=0)
    each = worker("serve", case=case, count=50, seed=1) / 50
    return int(min(max(milliseconds * 1e6 / each, 20), 5000))


def request_job(worker: Worker, case: str, count: int, seed: int) -> Callable[[], float]:
    return lambda: worker("serve", case=case, count=count, seed=seed) / count


def echo_job(worker: Worker) -> Callable[[], float]:
    return lambda: worker("echo", count=MESSAGES) / MESSAGES
