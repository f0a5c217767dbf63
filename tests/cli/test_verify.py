"""`verify`: the application itself against what was read from its source."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli.conftest import Cli
from support.projects import write_files

APP = """\
import sys
import threading
from pathlib import Path

from starlette.staticfiles import StaticFiles

from flama import Flama
from flama.endpoints import HTTPEndpoint
from flama.middleware import Middleware
from flama.routing import Route, Router


def called(*_):
    Path(__file__).with_name("called").touch()
    raise SystemExit(3)


class Gate:
    def __init__(self, app):
        called()


def index():
    called()


router = Router(routes=[Route("/", index), Route("/{key:uuid}/", index, name="key")])
group = Flama(schema=None, docs=None, middleware=[Middleware(Gate)])
app = Flama(events={"startup": [called]})


@app.get("/items/{item_id:int}/")
def show(item_id: int):
    called()


@app.delete("/items/{name}/")
def remove(name: str):
    called()


@app.route("/things/", methods=["GET", "PUT"])
class Things(HTTPEndpoint):
    def get(self): called()
    async def put(self, size: int = 1): called()


@group.get("/users/{user_id:float}")
def user(user_id: float):
    called()


app.mount("/a", router)
app.mount("/b/{team}", router)
app.mount("/group/{org:int}", group, name="group")
app.mount("/static", StaticFiles(directory=Path(__file__).parent))
threading.Thread(target=threading.Event().wait).start()
print("something on stdout")
print("something on stderr", file=sys.stderr)
sys.stdin.read()
"""


def project(root: Path, text: str = APP) -> Path:
    return write_files(root, {"pyproject.toml": "", "main.py": text})


def test_agreement(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("verify", "main:app").expect(0)
    assert ran.stdout == ""
    assert ran.stderr.startswith("main:app: 10 routes, exact\nthe application has these routes; ")
    assert ran.stderr.endswith(" requests are answered alike\n")
    assert int(ran.stderr.split()[-5]) > 200


def test_nothing_of_the_application_is_called(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    cli("verify", "main:app").expect(0)
    assert not (tmp_path / "called").exists()
    assert not (tmp_path / "main_compiled.py").exists()


@pytest.fixture
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package whose import changes the application behind everybody's back."""
    folder = tmp_path / "installed"
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(str(folder))
    return folder / "sneaky_plugin" / "__init__.py"


HIDING = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/first/")
def first(): ...


@app.get("/second/")
def second(): ...


import sneaky_plugin
"""

SNEAKS = {
    "adds": (
        "app.add_route('/hidden/', app.routes[0].endpoint)",
        "the application registers `GET,HEAD /hidden/ main:first first ()`, "
        "which its source does not tell",
        None,
    ),
    "removes": (
        "del app.router.routes[1]",
        "the source says `GET,HEAD /second/ main:second second ()`, "
        "which the application does not register",
        10,
    ),
    "renames": (
        "app.router.routes[1].name = 'other'",
        "the source says `GET,HEAD /second/ main:second second ()`, "
        "the application registers `GET,HEAD /second/ main:second other ()`",
        10,
    ),
}


@pytest.mark.parametrize("sneak", SNEAKS)
def test_what_the_source_hides_is_shown(tmp_path: Path, cli: Cli, hidden: Path, sneak: str) -> None:
    statement, message, line = SNEAKS[sneak]
    write_files(hidden.parent, {hidden.name: f"from main import app\n{statement}\n"})
    project(tmp_path, HIDING)
    ran = cli("verify", "main:app", "--format", "json").expect(1)
    (found,) = json.loads(ran.stdout)["diagnostics"]
    assert (found["code"], found["severity"]) == ("FC311", "error")
    assert found["message"] == message
    assert (found["source"] or {"line": None})["line"] == line
    assert "error[FC311]" in cli("verify", "main:app").expect(1).stdout


def test_a_router_that_answers_differently(tmp_path: Path, cli: Cli, hidden: Path) -> None:
    text = "from main import app\napp.router.routes[1]._segments = ('third', '')\n"
    write_files(hidden.parent, {hidden.name: text})
    project(tmp_path, HIDING)
    ran = cli("verify", "main:app").expect(1)
    assert (
        "error[FC312]: `GET '/second/'` is 404 when interpreted, and main:second() by the table"
        in (ran.stdout)
    )
    assert "--> main.py:10:1" in ran.stdout


def test_another_order_is_shown(tmp_path: Path, cli: Cli, hidden: Path) -> None:
    text = "from main import app\napp.router.routes.reverse()\n"
    write_files(hidden.parent, {hidden.name: text})
    project(tmp_path, HIDING)
    assert cli("verify", "main:app").expect(1).stdout.count("error[FC311]") == 2


def test_an_application_that_cannot_be_imported(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path, HIDING.replace("sneaky_plugin", "os\nos.environ['IS NOT SET']"))
    ran = cli("verify", "main:app").expect(2)
    assert "error[FC310]: `main:app` cannot be imported: KeyError: 'IS NOT SET'" in ran.stdout
    assert 'main.py", line 15, in <module>' in ran.stdout


def test_an_application_that_ends_the_process(tmp_path: Path, cli: Cli, hidden: Path) -> None:
    write_files(hidden.parent, {hidden.name: "import os\nos._exit(7)\n"})
    project(tmp_path, HIDING)
    ran = cli("verify", "main:app").expect(2)
    assert "error[FC310]: `main:app` cannot be imported: the process ended with 7" in ran.stdout


def test_a_table_that_is_not_exact(tmp_path: Path, cli: Cli) -> None:
    text = HIDING.replace(
        "import sneaky_plugin",
        "import os\nfor name in os.environ:\n    app.add_route('/' + name, first)\n",
    )
    project(tmp_path, text)
    ran = cli("verify", "main:app", "--format", "json").expect(2)
    document = json.loads(ran.stdout)
    assert document["exact"] is False
    assert {found["code"] for found in document["diagnostics"]} == {"FC111"}
    # It says what it has compared, and what not.
    assert "the application has these routes, whatever it registers besides" in ran.stderr
    assert "requests were not tried, because a dynamic site may answer any of them" in ran.stderr
    assert " 0 requests" not in ran.stderr


def test_a_large_table_says_what_was_not_asked(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flama_compile.verify.live.STEPS", 100)
    project(tmp_path)
    ran = cli("verify", "main:app").expect(0)
    said = re.search(
        r"; (\d+) requests are .*, of which (\d+) were asked of the interp", ran.stderr
    )
    assert said is not None, ran.stderr
    assert 0 < int(said[2]) < int(said[1])


def test_errors_in_the_source_come_first(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path, HIDING.replace("/first/", "/{x:path}/"))
    ran = cli("verify", "main:app").expect(1)
    assert "FC310" not in ran.stdout
    assert "error[FC2" in ran.stdout
