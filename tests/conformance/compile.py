"""The compiler as the cases use it: `flama-compile build`, in this process."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

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
    from flama_compile.cli import main

    result = CliRunner().invoke(main, ["build", target, "--root", str(folder)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stderr
