"""The two environments of the suite: one for the peers and ours, one for the real Flama."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Environments", "prepare"]

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class Environments:
    """Interpreters of the two environments."""

    ours: Path
    flama: Path | None

    def of(self, peer: str) -> Path:
        """The interpreter that a peer runs in; real Flama has its own."""
        if peer == "flama":
            if self.flama is None:
                raise ValueError("there is no environment of the real Flama")
            return self.flama
        return self.ours


def prepare(folder: Path, ours: Path | None, flama: Path | None) -> Environments:
    """Make what is not given as an interpreter already; what is there is brought up to date.

    Raises `subprocess.CalledProcessError` when pip fails.
    """
    if ours is None:
        packages = [f"--editable={ROOT / 'runtime'}", f"--editable={ROOT / 'compiler'}"]
        ours = install(folder / "peers", HERE / "requirements.txt", packages)
    if flama is None:
        flama = install(folder / "flama", HERE / "requirements-flama.txt", [])
    return Environments(ours, flama)


def install(folder: Path, requirements: Path, packages: list[str]) -> Path:
    """A virtual environment with the requirements and packages; returns its interpreter."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"making {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "-r", str(requirements), *packages], check=True, stdout=sys.stderr)
    return python
