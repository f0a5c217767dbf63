"""The other end of `worker.py`: start a peer's process and talk to it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Worker", "WorkerFailed"]

HERE = Path(__file__).resolve().parent.parent


class WorkerFailed(Exception):
    """A peer's process ended with an error; the message is what it said."""


class Worker:
    """A peer in a process of its own."""

    def __init__(self, peer: str, python: Path, work: Path) -> None:
        self.peer = peer
        self.process = subprocess.Popen(
            [str(python), str(HERE / "worker.py"), peer, str(work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def __call__(self, command: str, **arguments: Any) -> Any:
        """Run one command in the peer's process.

        Raises `WorkerFailed` when the process ends instead of answering.
        """
        assert self.process.stdin and self.process.stdout and self.process.stderr
        try:
            self.process.stdin.write(json.dumps([command, arguments]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            said = self.process.stderr.read()[-2000:]
            raise WorkerFailed(f"{self.peer}: {command} {arguments}: {said}")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process.stdin and self.process.stdout and self.process.stderr
        # The pipe of a process that died still holds what it did not read.
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def environment(**extra: str) -> dict[str, str]:
    """The environment of every measured process: the same hashes each time, nothing inherited."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0", **extra}
