"""`run`: builds if needed, serves the compiled application, and keeps up with its source."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cli.conftest import Cli
from support.projects import write_files

APP = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/answer/")
def answer():
    return "first"
"""


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def running(root: Path, *options: str) -> Iterator[Callable[[str], None]]:
    """A server; the function waits until `/answer/` is what it is given."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flama_compile", "run", "--port", str(port), *options],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    over = threading.Event()
    guard = threading.Timer(90, over.set)
    guard.start()

    def wait_for(text: str) -> None:
        said = None
        while not over.is_set() and process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                said = httpx.get(f"http://127.0.0.1:{port}/answer/", timeout=5).text
                if said == text:
                    return
            over.wait(0.1)
        raise AssertionError(f"the answer is {said!r}, not {text!r}")

    try:
        yield wait_for
    finally:
        guard.cancel()
        process.terminate()
        process.wait()


@pytest.mark.parametrize(
    ("files", "app"),
    [
        ({"main.py": APP}, None),
        ({"src/pkg/__init__.py": "", "src/pkg/web.py": APP}, "pkg.web:app"),
        ({"src/pkg/__init__.py": APP.replace("app", "api")}, "pkg:api"),
    ],
)
def test_the_compiled_application_is_served(
    tmp_path: Path, files: dict[str, str], app: str | None
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", **files})
    with running(tmp_path, *([] if app is None else [app])) as wait_for:
        wait_for('"first"')
    assert len(list(tmp_path.rglob("*_compiled.py"))) == 1


def test_several_processes(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--workers", "2") as wait_for:
        wait_for('"first"')


def test_a_change_is_built_and_served(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--reload") as wait_for:
        wait_for('"first"')
        write_files(tmp_path, {"main.py": APP.replace("first", "second") + "\n\ndef ("})
        # Broken source leaves what was built last; a correction is taken up.
        time.sleep(3)
        wait_for('"first"')
        changed = APP.replace("first", "third") + '\n\n@app.get("/new/")\ndef new(): ...\n'
        write_files(tmp_path, {"main.py": changed})
        wait_for('"third"')
    assert "/new/" in (tmp_path / "main.routes").read_text()


def test_what_cannot_be_built_is_not_served(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP.replace("/answer/", "answer")})
    assert "error[FC210]" in cli("run", "main:app").expect(1).stderr
    write_files(tmp_path, {"main.py": APP.replace('"/answer/"', "input()")})
    cli("run", "main:app").expect(2)
    assert not (tmp_path / "main_compiled.py").exists()
