"""What all commands share: finding the root and the application, colours, faults, streams."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Cli
from support.projects import flama_compile, write_files

APP = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/")
def items(): ...
"""
DEAD = APP + '\n\n@app.get("/items/")\ndef again(): ...\n'


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"main.py": APP}, "main:app"),
        ({"app.py": APP}, "app:app"),
        ({"main.py": APP, "app.py": APP}, "main:app"),
        ({"app/__init__.py": "", "app/main.py": APP}, "app.main:app"),
        ({"src/main.py": APP}, "main:app"),
        ({"src/shop/__init__.py": "", "src/shop/main.py": APP}, "shop.main:app"),
        ({"src/shop/__init__.py": "", "src/shop/app.py": APP}, "shop.app:app"),
        ({"src/shop/__init__.py": APP}, "shop:app"),
        ({"main.py": "print('a script')\n", "app.py": APP}, "app:app"),
        ({"main.py": "# has no app of its own\nrun(app_of())\n", "app.py": APP}, "app:app"),
        ({"main.py": "from web import (\n    app,\n)\n", "web.py": APP}, "main:app"),
        (
            {
                "main.py": "from web import application as app\n",
                "web.py": APP.replace("app", "application"),
            },
            "main:app",
        ),
    ],
)
def test_the_application_is_found_and_named(
    tmp_path: Path, cli: Cli, files: dict[str, str], chosen: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", **files})
    ran = cli("routes").expect(0)
    assert ran.stderr.splitlines()[0].startswith(f"application: {chosen} (found")
    assert "/items/" in ran.stdout


def test_the_settings_name_the_application(tmp_path: Path, cli: Cli) -> None:
    text = '[tool.flama-compile]\napp = "shop.web:app"\n'
    write_files(tmp_path, {"pyproject.toml": text, "shop/web.py": APP, "main.py": APP})
    ran = cli("routes").expect(0)
    assert ran.stderr.splitlines()[0] == "application: shop.web:app (from pyproject.toml)"


def test_no_application(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "code.py": APP})
    ran = cli("routes").expect(2)
    assert "looked for `main:app`, `app:app`" in ran.stderr


def test_two_applications_of_one_rank(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "src/a/main.py": APP, "src/b/main.py": APP})
    assert "`a.main:app`, `b.main:app`; name one" in cli("routes").expect(2).stderr


def test_the_root_is_the_folder_of_the_nearest_pyproject(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP, "deep/down/note.txt": ""})
    monkeypatch.chdir(tmp_path / "deep" / "down")
    cli("build", "main:app").expect(0)
    assert (tmp_path / "main_compiled.py").is_file()


@pytest.mark.parametrize("before", [True, False])
def test_the_root_can_be_named(tmp_path: Path, cli: Cli, before: bool) -> None:
    write_files(tmp_path / "in", {"main.py": APP})
    command = ("--root", "in", "routes") if before else ("routes", "--root", "in")
    assert "/items/" in cli(*command).expect(0).stdout
    assert "is not a folder" in cli("routes", "--root", "nowhere").expect(2).stderr


def test_an_unknown_key_ends_with_2(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "[tool.flama-compile]\nrots = []\n", "main.py": APP})
    for command in ("build", "routes", "lint"):
        ran = cli(command, "main:app").expect(2)
        assert "unknown key `rots`; did you mean `roots`?" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bild",), "unknown command `bild`; did you mean `build`?"),
        (("build", "--chekc"), "No such option"),
        (("routes", "--format", "xml"), "'xml' is not one of"),
        (("routes", "main"), "did you mean `main:app`?"),
        (("routes", "main.py"), "did you mean `main:app`?"),
        (("routes", "--match", "GET nowhere"), "does not start with a slash"),
        (("explain", "FC999"), "no code is named `FC999`"),
        (("show", "everything"), "'everything' is not one of"),
        (("build", "--watch", "--check"), "use one of them"),
        (("run", "--reload", "--workers", "3"), "leave --workers out"),
        (("run", "--port", "99999"), "99999 is not in the range"),
    ],
)
def test_wrong_usage_ends_with_2(
    tmp_path: Path, cli: Cli, arguments: tuple[str, ...], message: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    ran = cli(*arguments).expect(2)
    assert message in ran.stderr
    assert ran.stdout == ""


def test_help_and_version(cli: Cli) -> None:
    assert "Commands:" in cli("--help").expect(0).stdout
    assert cli("--version").expect(0).stdout.startswith("flama-compile ")
    for command in ("build", "routes", "lint", "verify", "explain", "show", "run"):
        assert "Usage: flama-compile" in cli(command, "--help").expect(0).stdout


@pytest.mark.parametrize(
    ("options", "env", "colored"),
    [
        ((), {}, False),
        (("--color=always",), {}, True),
        (("--color", "always"), {}, True),
        (("--color",), {}, True),
        (("--color",), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {}, False),
        (("--color=auto",), {}, False),
    ],
)
def test_colours(
    tmp_path: Path,
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    env: dict[str, str],
    colored: bool,
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": DEAD})
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    ran = cli("lint", "main:app", *options).expect(1)
    assert ("\x1b[" in ran.stdout) is colored


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_gets_colours_unless_they_are_refused(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": DEAD})
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = cli("lint", "main:app").expect(1)
    assert ("\x1b[" in ran.stdout) is not bool(no_color)


def test_machine_formats_are_never_coloured(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": DEAD})
    assert "\x1b" not in cli("lint", "main:app", "--color", "--format", "json").expect(1).stdout


def test_our_own_fault(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})

    def broken(*_: object) -> None:
        raise KeyError("no such segment")

    monkeypatch.setattr("flama_compile.check.check", broken)
    ran = cli("build", "main:app").expect(3)
    first, *rest = ran.stderr.splitlines()
    assert first == "internal error[FC901]: pass `check` failed: KeyError: 'no such segment'"
    dump = next(line for line in rest if "dump:" in line).rpartition(" ")[2]
    report = Path(dump).read_text()
    assert "Traceback" in report
    assert "http GET,HEAD /items/ main:items name=items" in report
    assert str(tmp_path) in dump
    assert not (tmp_path / "main_compiled.py").exists()


def test_a_module_that_answers_differently_is_our_fault(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    monkeypatch.setattr(
        "flama_compile.verify.verify", lambda *_: "GET /items/: 404 instead of main:items"
    )
    ran = cli("build", "main:app").expect(3)
    assert ran.stderr.splitlines()[1].startswith("internal error[FC902]: pass `verify` failed: GET")
    assert not (tmp_path / "main_compiled.py").exists()


def test_a_fault_outside_of_passes(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})

    def broken(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr("flama_compile.cli.front.coverage", broken)
    ran = cli("routes", "main:app").expect(3)
    assert ran.stderr.startswith("internal error[FC901]: pass `command line` failed: ValueError\n")


def test_another_distribution_named_flama_is_noticed(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    packages = write_files(tmp_path / "packages", {"flama_runtime-0.1.0.dist-info/METADATA": ""})
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages), str(tmp_path / "absent")])
    assert "FC405" not in cli("routes", "main:app").expect(0).stderr
    write_files(packages, {"flama-2.2.2.dist-info/METADATA": "Name: flama\n"})
    ran = cli("routes", "main:app").expect(0)
    assert "warning[FC405]: the distribution `flama` is installed" in ran.stderr
    assert "pip uninstall -y flama flama-runtime && pip install flama-runtime" in ran.stderr


def big(root: Path) -> Path:
    """Routes whose listing is larger than the buffer of a pipe."""
    many = "".join(f'@app.get("/a{n}/")\ndef a{n}(): ...\n' for n in range(2500))
    return write_files(root, {"pyproject.toml": "", "main.py": APP + many})


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    big(tmp_path)
    command = (
        f"{sys.executable} -m flama_compile routes main:app | head -n 1; echo ${{PIPESTATUS[0]}}"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ran = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, encoding="utf-8"
    )
    assert ran.stdout.split() == ["METHOD", "PATH", "HANDLER", "NAME", "141"]
    assert ran.stderr == "main:app: 2501 routes, exact\n"


def test_the_module_can_be_run(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    ran = flama_compile(tmp_path, "routes", "main:app", "--format", "csv").expect(0)
    assert ran.stdout.splitlines()[1].startswith("http,GET HEAD,/items/,main:items,items,")
    assert ran.stderr == "main:app: 1 route, exact\n"


def test_results_are_utf8_in_any_locale(tmp_path: Path) -> None:
    text = APP.replace("/items/", "/été/")
    write_files(tmp_path, {"pyproject.toml": "", "main.py": text})
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = flama_compile(tmp_path, "routes", "main:app", env=env).expect(0)
    assert "/été/" in ran.stdout
    flama_compile(tmp_path, "build", "main:app", env=env).expect(0)
    assert "/été/" in (tmp_path / "main.routes").read_text(encoding="utf-8")


def test_no_environment_variable_is_left_behind(cli: Cli, tmp_path: Path) -> None:
    before = dict(os.environ)
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    cli("routes", "main:app").expect(0)
    assert dict(os.environ) == before


SLOW = """
import sys, time
from flama_compile.cli import front, main

front.SLOW = {patience}
real = front.analyse

def slow(*arguments):
    time.sleep(0.7)
    return real(*arguments)

front.analyse = slow
sys.exit(main(["routes", "main:app"]))
"""


@pytest.mark.parametrize(("patience", "shown"), [(0.05, True), (100, False)])
def test_a_bar_is_shown_on_a_terminal_when_it_takes_long(
    tmp_path: Path, patience: float, shown: bool
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": APP})
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(patience=patience)],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # the terminal's other end was closed
        while part := os.read(ours, 4096):
            seen += part
    os.close(ours)
    output, _ = process.communicate()
    assert (b"reading source files" in seen) is shown
    assert b"main:app: 1 route, exact" in seen
    assert output.startswith(b"METHOD")
    assert process.returncode == 0
