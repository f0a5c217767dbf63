"""Real git repositories, made by the tests, and the command line run in them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flama_compile.cli import main
from support.projects import Ran, write_files

ENVIRONMENT = (
    *("NO_COLOR", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "GITHUB_BASE_REF", "GITHUB_OUTPUT"),
    *("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"),
)


class Repo:
    """One repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str, check: bool = True) -> str:
        """Run git here and return what it prints."""
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        extra = ["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, *extra, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files; None removes one."""
        write_files(self.folder, {name: text for name, text in files.items() if text is not None})
        for name, text in files.items():
            if text is None:
                (self.folder / name).unlink()

    def commit(self, message: str, files: Mapping[str, str | None] | None = None) -> str:
        """Commit everything and return the commit."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository whose branch is `main`."""
    folder = tmp_path / "repo"
    folder.mkdir()
    found = Repo(folder)
    found.git("init", "-q", "-b", "main")
    (folder / ".gitignore").write_text("__pycache__/\n.flama_cache/\n")
    return found


@pytest.fixture
def diff(
    repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Call a command, `diff` unless another is named, in the repository or another folder."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, cwd: Path | None = None, command: str = "diff") -> Ran:
        monkeypatch.chdir(cwd or repo.folder)
        capsys.readouterr()
        code = main([command, *arguments])
        output = capsys.readouterr()
        return Ran(code, output.out, output.err)

    return call
