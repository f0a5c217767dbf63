"""uvicorn under load by wrk: requests a second, and CPU time of the server for each request.

Only 127.0.0.1 is used, and every load is bounded in time. Where the machine has two processors or
more, servers have the first and wrk the second.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from suite.environments import Environments
from suite.requests import FLOOR
from suite.rounds import Effort, Rounds, progress
from suite.workers import HERE, environment

__all__ = ["measure"]

CONNECTIONS = 16

SCRIPT = """\
request = function()
  return wrk.format("GET", "/items/" .. math.random(0, 99999))
end
"""
"""Typed paths with varied ids."""


class Server:
    """A peer behind uvicorn."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def load(self, seconds: float, script: Path) -> tuple[float, float]:
        """Requests a second, and CPU microseconds of the server for each request.

        Raises `RuntimeError` when a request was not answered with a 2xx.
        """
        before = self.cpu()
        output = subprocess.run(
            [
                "wrk",
                "--threads=1",
                f"--connections={CONNECTIONS}",
                f"--duration={seconds:g}s",
                f"--script={script}",
                f"http://127.0.0.1:{self.port}/",
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=seconds + 30,
            preexec_fn=lambda: pin(1),
        ).stdout
        spent = self.cpu() - before
        total = re.search(r"(\d+) requests in", output)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
        if total is None or rate is None or "Non-2xx" in output or "Socket errors" in output:
            raise RuntimeError(output)
        return float(rate[1]), spent / int(total[1]) / 1000

    def cpu(self) -> int:
        """Nanoseconds that all threads of the server have run."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads)


def measure(
    peers: list[str], environments: Environments, work: Path, effort: Effort
) -> dict[str, Any]:
    """`{"rate": {peer: …}, "cpu": {peer: …}}`, each with its ratio to the floor.

    Raises `FileNotFoundError` when wrk is not installed.
    """
    if shutil.which("wrk") is None:
        raise FileNotFoundError("wrk is not installed: apt-get install wrk")
    script = work / "items.lua"
    script.write_text(SCRIPT, encoding="utf-8")
    rates, costs = Rounds(), Rounds()
    with contextlib.ExitStack() as stack:
        servers = {
            peer: stack.enter_context(running(peer, environments.of(peer), work)) for peer in peers
        }
        for peer, server in servers.items():
            compare(peer, server)
            server.load(1, script)
        for number in range(effort.rounds):
            progress(["uvicorn, round", number + 1, "of", effort.rounds])
            loads = {}
            names = list(servers)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                loads[name] = servers[name].load(effort.seconds, script)
            for name, (rate, cost) in loads.items():
                rates.values.setdefault(name, []).append(rate)
                costs.values.setdefault(name, []).append(cost)
    return {"rate": rates.summary(FLOOR), "cpu": costs.summary(FLOOR)}


@contextlib.contextmanager
def running(peer: str, python: Path, work: Path) -> Iterator[Server]:
    """The peer's server, stopped at the end of the block."""
    process = subprocess.Popen(
        [str(python), str(HERE / "serve.py"), peer, str(work)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        preexec_fn=lambda: pin(0),
    )
    try:
        assert process.stdout
        yield Server(process, int(process.stdout.readline()))
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def compare(peer: str, server: Server) -> None:
    """The answer to one request, as the case of varied ids demands it."""
    url = f"http://127.0.0.1:{server.port}/items/4711"
    with urllib.request.urlopen(url, timeout=30) as response:
        body = response.read()
        kind = response.headers["content-type"]
    if (body, kind) != (b'{"item_id":4711,"in_stock":true}', "application/json"):
        raise RuntimeError(f"{peer}: {kind} {body!r}")


def pin(processor: int) -> None:
    """Keep this process on one processor, where there are two or more."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {processor})
