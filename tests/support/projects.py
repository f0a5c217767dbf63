"""Small projects on the disk, and the compiler's command line run on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Ran", "flama_compile", "write_files"]


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    stdout: str
    stderr: str

    def expect(self, code: int) -> Ran:
        """This result, if the exit code is the expected one; else the test fails and shows all."""
        assert (
            self.code == code
        ), f"exit {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"
        assert "Traceback" not in self.stdout + self.stderr
        return self


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a tree of files; text goes out as UTF-8 with its line ends as they are."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def flama_compile(
    root: Path, *arguments: str, env: Mapping[str, str] | None = None, python: str = sys.executable
) -> Ran:
    """Run `flama-compile` in a fresh process with `root` as the working directory."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    clean.pop("NO_COLOR", None)
    ran = subprocess.run(
        [python, "-m", "flama_compile", *arguments],
        cwd=root,
        env={**clean, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)
