"""The command line in this process, which is quicker than a new one for every call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flama_compile.cli import main
from support.projects import Ran

Cli = Callable[..., Ran]


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Call `flama-compile` with the test's folder as the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        output = capsys.readouterr()
        return Ran(code, output.out, output.err)

    return call
