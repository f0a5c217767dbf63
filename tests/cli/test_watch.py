"""`build --watch`: builds at every change until it is told to end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.conftest import Cli
from support.projects import write_files

APP = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/")
def items(): ...
"""
IGNORING = ("bash", "-c", 'trap "" INT TERM; exec "$@"', "-")
"""Starts a command as a shell does in the background: with signals ignored."""


class Watching:
    """A running `build --watch`, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []

    def until(self, start: str) -> list[str]:
        """Lines up to the next one that starts like this; fails when it ends before."""
        assert self.process.stderr is not None
        lines = []
        for line in self.process.stderr:
            self.said.append(line)
            lines.append(line)
            if line.startswith(start):
                return lines
        raise AssertionError(f"it ended without {start!r}:\n{''.join(self.said)}")

    def end(self, *signals: int) -> tuple[int, str]:
        """Send signals; the exit code, and what was said since."""
        for number in signals:
            self.process.send_signal(number)
        try:
            _, rest = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            raise AssertionError("it goes on after a minute, though it was told to end") from None
        return self.process.returncode, rest


@contextlib.contextmanager
def watching(root: Path, *options: str, before: tuple[str, ...] = ()) -> Iterator[Watching]:
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "flama_compile", "build", "main:app", "--watch", *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    # Whatever hangs ends, and fails by what it has not said.
    guard = threading.Timer(120, process.kill)
    guard.start()
    try:
        yield Watching(process)
    finally:
        guard.cancel()
        process.kill()
        process.communicate()


def test_a_change_is_built_and_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path) as run:
        run.until("watching ")
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/goods/")})
        lines = run.until("+ ")
        assert any("wrote main_compiled.py" in line for line in lines)
        assert any(line.startswith("- GET,HEAD") and "/items/" in line for line in lines)
        assert "/goods/" in (tmp_path / "main.routes").read_text()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("before", [(), IGNORING], ids=["foreground", "background"])
def test_an_end_is_quiet(
    tmp_path: Path, number: signal.Signals, code: int, before: tuple[str, ...]
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path, before=before) as run:
        run.until("watching ")
        assert run.end(number) == (code, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_right_after_a_build_is_quiet(tmp_path: Path, number: signal.Signals) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path) as run:
        run.until("watching ")
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/goods/")})
        run.until("+ ")
        code, rest = run.end(number)
    assert code == 128 + number
    assert "Traceback" not in rest


def many(count: int) -> str:
    """Source that takes a while to compile."""
    return APP + "".join(f'\n\n@app.get("/a{n}/")\ndef a{n}(): ...\n' for n in range(count))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_is_broken_off(tmp_path: Path, number: signal.Signals) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path) as run:
        run.until("watching ")
        write_files(tmp_path, {"main.py": many(4000)})
        run.until("main:app: 4001 routes")
        code, rest = run.end(number)
    assert (code, rest) == (128 + number, "")
    assert "/a17/" not in (tmp_path / "main.routes").read_text()
    assert not list(tmp_path.glob(".*.tmp"))


def test_nothing_is_missed_while_it_builds(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": many(1000)})
    with watching(tmp_path) as run:
        run.until("main:app: 1001 routes")
        # It has read the file, and is compiling it.
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/goods/")})
        run.until("watching ")
        run.until("+ ")
        assert "/goods/" in (tmp_path / "main.routes").read_text()


def test_mistakes_are_told_and_mended(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path) as run:
        run.until("watching ")
        write_files(tmp_path, {"main.py": APP + "def ("})
        run.until("nothing was written")
        write_files(tmp_path, {"main.py": APP, "pyproject.toml": "[tool.flama-compile]\nrots = 1"})
        run.until("Error: ")
        write_files(tmp_path, {"pyproject.toml": "", "pkg/__init__.py": "", "pkg/web.py": APP})
        run.until("unchanged: main_compiled.py")
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/goods/")})
        run.until("+ ")


def test_what_it_writes_does_not_wake_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with watching(tmp_path, "-o", "made.py") as run:
        run.until("watching ")
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/goods/")})
        run.until("+ ")
        write_files(tmp_path, {"main.py": APP.replace("/items/", "/wares/")})
        lines = run.until("- ")
    assert [line for line in lines if line.startswith(("wrote", "unchanged"))] == [
        "wrote made.py\n",
        "wrote made.routes\n",
    ]


def test_watching_needs_watchfiles(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    ran = cli("build", "main:app", "--watch").expect(2)
    assert "pip install 'flama-compile[watch]'" in ran.stderr


def test_handlers_of_signals_are_given_back(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    monkeypatch.setattr(
        "flama_compile.cli.sources.Sources.wait",
        lambda *_: os.kill(os.getpid(), signal.SIGTERM),
    )
    cli("build", "main:app", "--watch").expect(143)
    assert [signal.getsignal(number) for number in numbers] == before
