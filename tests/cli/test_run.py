"""`run`: builds if needed, serves the compiled application, and keeps up with its source."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
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


WITHOUT_WATCHFILES = "import sys; sys.modules['watchfiles'] = None; "
COMMAND = "import sys; from flama_compile.cli import main; sys.exit(main(sys.argv[1:]))"


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


class Running:
    """A server, and what it answers."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log
        self._over = threading.Event()
        self.guard = threading.Timer(90, self._over.set)
        self.guard.start()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def answer(self) -> str | None:
        """What `/answer/` is now; None when nobody is there or it is left in the middle."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/answer/", timeout=5).text
        except httpx.HTTPError:
            return None

    def until(self, condition: Callable[[], bool], said: Callable[[], object]) -> None:
        """Ask again and again; fails after a while."""
        while not condition():
            if self._over.wait(0.05):
                raise AssertionError(f"{said()}\n{self.log()}")

    def wait_for(self, text: str) -> None:
        """Ask until `/answer/` is this."""
        self.until(lambda: self.answer() == text, lambda: f"{self.answer()!r}, not {text!r}")

    def wait_for_log(self, text: str) -> None:
        """Read until this was said."""
        self.until(lambda: text in self.log(), lambda: f"it has not said {text!r}")

    def end(self, number: int) -> int:
        """Tell it to end; its exit code, once nobody listens any more."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        with socket.socket() as again:
            # Refused as long as any process serves here.
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", self.port))
            again.listen()
        return code


@contextlib.contextmanager
def running(root: Path, *options: str, first: str = "") -> Iterator[Running]:
    """A server that runs meanwhile. `first`: statements before it."""
    port = free_port()
    log = root / ".log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", first + COMMAND, "run", "--port", str(port), *options],
            cwd=root,
            stdout=output,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    server = Running(process, port, log)
    try:
        yield server
    finally:
        server.guard.cancel()
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
    with running(tmp_path, *([] if app is None else [app])) as server:
        server.wait_for('"first"')
    assert len(list(tmp_path.rglob("*_compiled.py"))) == 1


def test_several_processes(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--workers", "2") as server:
        server.wait_for('"first"')


@pytest.mark.parametrize("first", ["", WITHOUT_WATCHFILES], ids=["told", "polled"])
def test_a_change_is_built_and_served(tmp_path: Path, first: str) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--reload", first=first) as server:
        server.wait_for('"first"')
        # Broken source leaves what was built last; a correction is taken up.
        write_files(tmp_path, {"main.py": APP.replace("first", "second") + "\n\ndef ("})
        server.wait_for_log("still serving the last build that went well")
        server.wait_for('"first"')
        changed = APP.replace("first", "third") + '\n\n@app.get("/new/")\ndef new(): ...\n'
        write_files(tmp_path, {"main.py": changed})
        server.wait_for('"third"')
    assert "/new/" in (tmp_path / "main.routes").read_text()


@pytest.mark.parametrize("first", ["", WITHOUT_WATCHFILES], ids=["told", "polled"])
def test_no_change_is_missed(tmp_path: Path, first: str) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--reload", first=first) as server:
        server.wait_for('"first"')
        # Each is written while the one before is being built, or before it is noticed; they are as
        # long as one another and as old, as far as bytecode knows.
        for text in ("other", "wrong", "third"):
            write_files(tmp_path, {"main.py": APP.replace("first", "broke") + "def ("})
            write_files(tmp_path, {"main.py": APP.replace("first", text)})
            server.wait_for(f'"{text}"')


def test_settings_are_read_again(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "main:app", "--reload") as server:
        server.wait_for('"first"')
        write_files(tmp_path, {"pyproject.toml": "[tool.flama-compile]\nrots = 1\n"})
        server.wait_for_log("did you mean `roots`?")
        source = "from words import WORD\n" + APP.replace('"first"', "WORD")
        write_files(tmp_path, {"main.py": source, "lib/words.py": "WORD = 'found'\n"})
        write_files(tmp_path, {"pyproject.toml": '[tool.flama-compile]\nroots = [".", "lib"]\n'})
        server.wait_for('"found"')


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("reload", [True, False])
def test_an_end_frees_the_port(tmp_path: Path, number: signal.Signals, reload: bool) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, *(["--reload"] if reload else [])) as server:
        server.wait_for('"first"')
        code = server.end(number)
        # As uvicorn ends: without --reload, SIGTERM is sent again once all is answered.
        assert code == (-signal.SIGTERM if number == signal.SIGTERM and not reload else 0)
        assert "Traceback" not in server.log()


def test_a_killed_parent_takes_the_server_with_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with running(tmp_path, "--reload") as server:
        server.wait_for('"first"')
        server.process.kill()
        server.process.wait()
        server.until(lambda: server.answer() is None, lambda: "it still serves")


IMPATIENT = "from flama_compile.cli import reload; reload.GRACE = 0.2; "
ENDLESS = APP.replace('"first"', 'open("asked", "w").close() or threading.Event().wait(600)')


def test_a_request_that_does_not_end_holds_nothing_up(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": "import threading\n" + ENDLESS})
    with (
        running(
            tmp_path,
            "--reload",
            first=IMPATIENT,
        ) as server,
        socket.socket() as asking,
    ):
        address = ("127.0.0.1", server.port)
        server.until(lambda: asking.connect_ex(address) == 0, lambda: "nobody listens")
        asking.sendall(b"GET /answer/ HTTP/1.1\r\nhost: a\r\n\r\n")
        server.until((tmp_path / "asked").exists, lambda: "it was not asked")
        write_files(tmp_path, {"main.py": APP})
        server.wait_for('"first"')


def test_a_module_that_cannot_be_imported(tmp_path: Path) -> None:
    """Its own lines are shown, without ours."""
    failing = APP + "\nimport os\nos.environ['IS NOT SET']\n"
    message = "error[FC310]: `main:app` cannot be imported: KeyError: 'IS NOT SET'"
    write_files(tmp_path, {"pyproject.toml": "", "main.py": failing})
    with running(tmp_path) as server:
        assert server.process.wait(60) == 2
        assert message in server.log()
        assert 'main.py", line 11, in <module>' in server.log()
        assert "flama_compile" not in server.log() and "importlib" not in server.log()
    with running(tmp_path, "main:app", "--reload") as server:
        server.wait_for_log(message)
        assert "Traceback" not in server.log()
        write_files(tmp_path, {"main.py": APP})
        server.wait_for('"first"')


def test_an_application_that_does_not_start(tmp_path: Path) -> None:
    text = APP.replace("docs=None)", "docs=None, events={'startup': [lambda: 1 / 0]})")
    write_files(tmp_path, {"pyproject.toml": "", "main.py": text})
    with running(tmp_path) as server:
        assert server.process.wait(60) == 1


@pytest.mark.parametrize("reload", [True, False])
def test_a_port_that_is_taken(tmp_path: Path, reload: bool) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        options = ["--port", str(taken.getsockname()[1]), *(["--reload"] if reload else [])]
        with running(tmp_path, *options) as server:
            assert server.process.wait(60) == 1
        assert "Traceback" not in server.log()
        assert "ddress already in use" in server.log()


def test_what_cannot_be_built_is_not_served(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP.replace("/answer/", "answer")})
    assert "error[FC210]" in cli("run", "main:app").expect(1).stderr
    write_files(tmp_path, {"main.py": APP.replace('"/answer/"', "input()")})
    cli("run", "main:app").expect(2)
    assert not (tmp_path / "main_compiled.py").exists()
