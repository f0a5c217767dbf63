"""The compiler as the cases use it: `flama-compile build`, in this process."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from flama_compile.cli import main

__all__ = ["build", "build_refuses"]


def build(folder: Path, target: str) -> str:
    """Compile `module:attribute` of a folder.

    :returns: Import string of the compiled application.
    """
    code, output = build_refuses(folder, target)
    if code != 0:
        raise AssertionError(f"build exits {code}:\n{output}")
    module, _, attribute = target.partition(":")
    suffix = "" if attribute == "app" else f"_{attribute}"
    return f"{module}{suffix}_compiled:app"


def build_refuses(folder: Path, target: str) -> tuple[int, str]:
    """Exit code and standard error of a build."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        code = main(["build", target, "--root", str(folder)])
    return code, errors.getvalue()
