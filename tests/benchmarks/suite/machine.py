"""The machine that figures come from."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

__all__ = ["machine"]

ASK = "import platform, sys; print(platform.python_implementation(), platform.python_version())"


def machine(python: Path) -> dict[str, str]:
    """Processor, number of processors, memory, system and interpreter, as printed."""
    interpreter = subprocess.run(
        [str(python), "-c", ASK], check=True, capture_output=True, text=True
    )
    return {
        "processor": field("/proc/cpuinfo", "model name") or platform.processor(),
        "processors": str(os.cpu_count()),
        "memory": field("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": interpreter.stdout.strip(),
    }


def field(file: str, name: str) -> str:
    """A value of a file of `name : value` lines; empty where there is none."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
