"""Live tables: imports applications and reads what they registered.

One process imports the framework once and forks for every project, so that nothing of one project
is seen by the next and a thousand of them take seconds. It uses the public interface alone
(`app.routes` and what its entries have), and nothing of the compiler, so that both cannot be wrong
in the same way.

A request is one line of JSON, `{"folder", "path", "app", "env"}`; so is the answer, `{"rows"}`
with `"refused"`, why the application would not start ("" if it would), or
`{"error"}`. With `"compiled"`, a module's name, the compiled application is imported as well and
both are asked the same questions; the answer is then `{"differences"}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Observer"]


class Observer:
    """A process that answers with live tables; use it as a context manager."""

    def __init__(self, python: str = sys.executable) -> None:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name("observed.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Observer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def table(
        self,
        folder: Path,
        app: str,
        path: Sequence[str] = (".",),
        env: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """`{"rows": [...]}` of the application, or `{"error": "..."}` if it cannot be imported."""
        return self._ask({"folder": folder, "path": path, "app": app, "env": env or {}})

    def replay(
        self,
        folder: Path,
        app: str,
        compiled: str,
        path: Sequence[str] = (".",),
        env: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """`{"differences": [...]}` of the two modes, or `{"error": "..."}`."""
        return self._ask(
            {"folder": folder, "path": path, "app": app, "env": env or {}, "compiled": compiled}
        )

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request, default=str) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the observing process ended, code {self._process.wait()}")
        result: dict[str, Any] = json.loads(answer)
        return result
