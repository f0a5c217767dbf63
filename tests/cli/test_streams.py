"""Streams that are closed or full, and installations that are broken: told, without a traceback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.projects import Ran, flama_compile, write_files

APP = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/")
def items(): ...
"""
RESULTS = [("routes", "main:app"), ("rules",), ("build", "main:app", "--diff"), ("--help",)]


def in_shell(root: Path, redirections: str, *arguments: str, unbuffered: str = "") -> Ran:
    """Run a command whose streams lead somewhere else."""
    write_files(root, {"pyproject.toml": "", "main.py": APP})
    command = [sys.executable, "-m", "flama_compile", *arguments]
    ran = subprocess.run(
        ["bash", "-c", f'"$@" {redirections}', "-", *command],
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        encoding="utf-8",
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.parametrize("arguments", RESULTS[:-1], ids=lambda words: words[0])
def test_a_closed_stdout(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = in_shell(tmp_path, ">&-", *arguments).expect(2)
    assert ran.stderr.endswith("Error: cannot write to stdout: it is closed\n")


def test_a_closed_stdout_is_nothing_to_who_has_no_result(tmp_path: Path) -> None:
    in_shell(tmp_path, ">&-", "build", "main:app").expect(0)
    assert (tmp_path / "main_compiled.py").is_file()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", RESULTS, ids=lambda words: words[0])
def test_a_full_stdout(tmp_path: Path, arguments: tuple[str, ...], unbuffered: str) -> None:
    ran = in_shell(tmp_path, ">/dev/full", *arguments, unbuffered=unbuffered).expect(2)
    assert ran.stderr.endswith("Error: cannot write to stdout: no space left on device\n")


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nobody_who_reads_stderr(tmp_path: Path, closed: str, unbuffered: str) -> None:
    ran = in_shell(tmp_path, closed, "routes", "main:app", unbuffered=unbuffered).expect(0)
    assert "/items/" in ran.stdout
    in_shell(tmp_path, closed, "routes", "nowhere:app", unbuffered=unbuffered).expect(2)
    in_shell(tmp_path, f">&- {closed}", "routes", "main:app", unbuffered=unbuffered).expect(2)


BROKEN = """
import sys
sys.modules[{module!r}] = None
from flama_compile.cli import main
sys.exit(main(["routes", "main:app"]))
"""


@pytest.mark.parametrize(
    "module",
    ["click", "libcst", "flama_compile.cli.front", "flama_compile.cli.group", "flama.paths"],
)
def test_an_installation_that_is_broken(tmp_path: Path, module: str) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    ran = subprocess.run(
        [sys.executable, "-c", BROKEN.format(module=module)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    Ran(ran.returncode, ran.stdout, ran.stderr).expect(3)
    first, *rest = [line for line in ran.stderr.splitlines() if "1 route" not in line]
    assert first.startswith("internal error[FC901]: pass `")
    assert module.rpartition(".")[2] in first
    (dump,) = [line.rpartition(" ")[2] for line in rest if "dump:" in line]
    assert "Traceback" in Path(dump).read_text()


@pytest.mark.parametrize("arguments", [("build",), ("rules",), ("routes", "--root", "..")])
def test_a_working_directory_that_is_gone(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    command = ["-m", "flama_compile", *arguments]
    ran = subprocess.run(
        [
            "bash",
            "-c",
            'mkdir gone; cd gone; rmdir ../gone; exec "$@"',
            "-",
            sys.executable,
            *command,
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    Ran(ran.returncode, ran.stdout, ran.stderr).expect(2)
    assert ran.stderr.startswith("Error: the working directory cannot be used: no such file")


@pytest.mark.parametrize(
    "arguments",
    [("routes", "--root", "long/" + 300 * "x"), ("diff", ".", ".", "-o", 300 * "x" + ".json")],
)
def test_a_path_that_cannot_be_used(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    ran = flama_compile(tmp_path, *arguments).expect(2)
    assert "Error: " in ran.stderr
    assert "internal error" not in ran.stderr


def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    os.mkfifo(tmp_path / "pipe.py")
    for arguments in (("build", "-o", "pipe.py"), ("diff", ".", ".", "-o", "pipe.py")):
        ran = flama_compile(tmp_path, *arguments)
        assert ran.code in (1, 2)
        assert "no regular file" in ran.stderr
    assert stat.S_ISFIFO((tmp_path / "pipe.py").stat().st_mode)


def test_an_encoding_that_lacks_letters(tmp_path: Path) -> None:
    source = APP.replace("/items/", "/\u4e2d/")
    write_files(tmp_path, {"pyproject.toml": "", "main.py": source, "old/main.py": APP})
    env = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    assert "/\\u4e2d/" in flama_compile(tmp_path, "routes", "main:app", env=env).expect(0).stdout
    flama_compile(tmp_path, "diff", "old", ".", "--app", "main:app", env=env).expect(1)
