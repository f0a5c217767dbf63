"""`routes`, `lint`, `show` and `explain`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from cli.conftest import Cli
from flama_compile.diagnostics.codes import CODES
from support.projects import write_files

FILES = {
    "pyproject.toml": "",
    "shop/__init__.py": "",
    "shop/main.py": """\
import os

from starlette.staticfiles import StaticFiles

from flama import Flama, websockets
from flama.middleware import Middleware
from flama.routing import Route, Router


class Log:
    def __init__(self, app): ...


def index(): ...


app = Flama()
admin = Flama(schema=None, docs=None, middleware=[Middleware(Log)])


@app.get("/items/{item_id:int}/")
def show(item_id: int): ...


@app.post("/items/{item_id}/", name="change", include_in_schema=False)
def change(item_id: str): ...


@app.websocket_route("/feed/{topic}/")
async def stream(websocket: websockets.WebSocket): ...


@admin.get("/users/{id:uuid}/")
def user(id): ...


app.mount("/admin", admin, name="admin")
app.mount("/plain", Router(routes=[Route("/", index)]))
app.mount("/static", StaticFiles(directory="static"), name="static")
""",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_files(tmp_path, FILES)


def test_json(shop: Path, cli: Cli) -> None:
    ran = cli("routes", "shop.main:app", "--format", "json").expect(0)
    document = json.loads(ran.stdout)
    assert list(document) == ["format", "app", "exact", "routes", "dynamic"]
    assert (document["format"], document["app"], document["exact"]) == (1, "shop.main:app", True)
    assert document["dynamic"] == []
    routes = document["routes"]
    assert routes[0] == {
        "kind": "http",
        "methods": ["GET", "HEAD"],
        "path": "/schema/",
        "handler": "flama.schemas:schema_view",
        "name": "schema",
        "group": None,
        "include_in_schema": False,
        "source": {"file": "shop/main.py", "line": 17, "column": 7},
    }
    assert (routes[1]["handler"], routes[1]["name"]) == ("flama.schemas:docs_view", "docs")
    assert routes[2] == {
        "kind": "http",
        "methods": ["GET", "HEAD"],
        "path": "/items/{item_id:int}/",
        "handler": "shop.main:show",
        "name": "show",
        "group": None,
        "include_in_schema": True,
        "source": {"file": "shop/main.py", "line": 21, "column": 1},
    }
    assert routes[3]["name"] == "change"
    assert routes[3]["include_in_schema"] is False
    assert (routes[4]["kind"], routes[4]["methods"]) == ("websocket", [])
    mount, inside, plain, below, static = routes[5:]
    assert (mount["kind"], mount["path"], mount["name"]) == ("mount", "/admin", "admin")
    assert mount["include_in_schema"] is True
    assert mount["group"] is None
    assert inside["path"] == "/admin/users/{id:uuid}/"
    assert inside["name"] == "admin:user"
    assert inside["group"] == "shop.main:admin"
    assert (plain["kind"], plain["name"]) == ("mount", None)
    assert (below["path"], below["handler"]) == ("/plain/", "shop.main:index")
    assert static["handler"] == "starlette.staticfiles:StaticFiles"
    assert ran.stderr == "shop.main:app: 7 routes, exact\n"


def test_table(shop: Path, cli: Cli) -> None:
    lines = cli("routes", "shop.main:app").expect(0).stdout.splitlines()
    assert lines[0].split() == ["METHOD", "PATH", "HANDLER", "NAME"]
    assert lines[3].split() == ["GET,HEAD", "/items/{item_id:int}/", "shop.main:show", "show"]
    assert any("  /admin/users/{id:uuid}/" in line for line in lines)
    assert len({line.index("shop.main:") for line in lines if "shop.main:" in line}) == 1


def test_tree(shop: Path, cli: Cli) -> None:
    text = cli("routes", "shop.main:app", "--format", "tree").expect(0).stdout
    assert text.startswith("shop.main:app\n├── GET,HEAD  /schema/")
    assert "├── MOUNT  /admin  shop.main:admin\n│   └── GET,HEAD  /users/{id:uuid}/" in text
    assert "└── MOUNT  /static  starlette.staticfiles:StaticFiles\n" in text


def test_csv(shop: Path, cli: Cli) -> None:
    text = cli("routes", "shop.main:app", "--format", "csv").expect(0).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 10
    assert rows[2]["methods"] == "GET HEAD"
    assert rows[2]["file"] == "shop/main.py"
    assert rows[6]["group"] == "shop.main:admin"


def test_markdown(shop: Path, cli: Cli) -> None:
    lines = cli("routes", "shop.main:app", "--format", "markdown").expect(0).stdout.splitlines()
    assert lines[:2] == ["| method | path | handler | name |", "|---|---|---|---|"]
    assert "| GET,HEAD | `/items/{item_id:int}/` | `shop.main:show` | `show` |" in lines


def match(cli: Cli, request: str) -> dict[str, object]:
    ran = cli("routes", "shop.main:app", "--match", request, "--format", "json").expect(0)
    document: dict[str, object] = json.loads(ran.stdout)
    assert list(document) == ["format", "answer", "lost"]
    return document


def test_match_says_who_answers_and_who_lost(shop: Path, cli: Cli) -> None:
    document = match(cli, "GET /items/007/?q=1")
    assert document["answer"] == {
        "kind": "http",
        "methods": ["GET", "HEAD"],
        "path": "/items/{item_id:int}/",
        "handler": "shop.main:show",
        "name": "show",
        "group": None,
        "include_in_schema": True,
        "source": {"file": "shop/main.py", "line": 21, "column": 1},
        "params": {"item_id": 7},
    }
    assert [route["handler"] for route in document["lost"]] == ["shop.main:change"]  # type: ignore[attr-defined, index]


@pytest.mark.parametrize(
    ("request_line", "handler", "params"),
    [
        ("POST /items/a%20b/", "shop.main:change", {"item_id": "a b"}),
        ("POST /items/7/", "shop.main:change", {"item_id": "7"}),
        ("HEAD /items/7/", "shop.main:show", {"item_id": 7}),
        ("/items/7/", "shop.main:show", {"item_id": 7}),
        ("WS /feed/news/", "shop.main:stream", {"topic": "news"}),
        ("https://shop.example/items/7/", "shop.main:show", {"item_id": 7}),
        ("wss://shop.example/feed/x/", "shop.main:stream", {"topic": "x"}),
        (
            "GET /admin/users/3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a/",
            "shop.main:user",
            {"id": "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"},
        ),
        ("GET /plain", "shop.main:index", {}),
        ("GET /static/a/b.css", "starlette.staticfiles:StaticFiles", {}),
    ],
)
def test_match(
    shop: Path, cli: Cli, request_line: str, handler: str, params: dict[str, object]
) -> None:
    answer = match(cli, request_line)["answer"]
    assert isinstance(answer, dict)
    assert (answer["handler"], answer["params"]) == (handler, params)


def test_match_without_an_answer(shop: Path, cli: Cli) -> None:
    assert match(cli, "GET /nothing")["answer"] is None
    assert match(cli, "WS /nothing")["answer"] is None
    assert match(cli, "PUT /items/7/")["answer"] == {
        "status": 405,
        "allow": ["GET", "HEAD", "POST"],
    }


def test_match_for_people(shop: Path, cli: Cli) -> None:
    text = cli("routes", "shop.main:app", "--match", "GET /items/7/").expect(0).stdout
    assert text == (
        "GET /items/7/\n"
        "  is answered by shop.main:show  (GET,HEAD /items/{item_id:int}/ at shop/main.py:21:1)\n"
        "  item_id = 7\n"
        "also fitting the path, and lost:\n"
        "  shop.main:change  (POST /items/{item_id}/ at shop/main.py:25:1)\n"
    )
    assert cli("explain", "GET /items/7/", "shop.main:app").expect(0).stdout == text
    text = cli("routes", "shop.main:app", "--match", "PUT /items/7/").expect(0).stdout
    assert "is answered with 405; allowed: GET, HEAD, POST" in text
    text = cli("routes", "shop.main:app", "--match", "GET /admin/x").expect(0).stdout
    assert "is answered with 404" in text
    assert "inside the mount /admin (shop/main.py:37), whose answer is final" in text


DYNAMIC = """\
import os

from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/first/")
def first(): ...


for name in os.environ:
    app.add_route("/" + name, first)


@app.get("/last/")
def last(): ...
"""


def test_a_table_that_is_not_exact_is_printed_with_exit_code_2(tmp_path: Path, cli: Cli) -> None:
    write_files(tmp_path, {"pyproject.toml": "", "main.py": DYNAMIC})
    ran = cli("routes", "main:app", "--format", "json").expect(2)
    document = json.loads(ran.stdout)
    assert document["exact"] is False
    assert [route["path"] for route in document["routes"]] == ["/first/", "/last/"]
    (site,) = document["dynamic"]
    assert (site["source"]["file"], site["after"]) == ("main.py", 1)
    assert "main:app: 2 routes + 1 dynamic site" in ran.stderr
    assert "DYNAMIC" in cli("routes", "main:app").expect(2).stdout
    assert cli("lint", "main:app").expect(2).stdout.startswith("error[FC1")
    ran = cli("routes", "main:app", "--match", "GET /last/", "--format", "json").expect(2)
    assert json.loads(ran.stdout)["answer"] == {"dynamic": site}


def test_no_routes_is_exit_code_2(tmp_path: Path, cli: Cli) -> None:
    text = "from flama import Flama\n\napp = Flama(schema=None, docs=None)\n"
    write_files(tmp_path, {"pyproject.toml": "", "main.py": text})
    ran = cli("routes", "main:app", "--format", "json").expect(2)
    assert json.loads(ran.stdout)["routes"] == []
    assert "main:app: 0 routes, exact" in ran.stderr


def test_lint(shop: Path, cli: Cli) -> None:
    assert cli("lint", "shop.main:app").expect(0).stdout == ""
    text = FILES["shop/main.py"] + '\n\n@app.get("/docs/")\ndef late(): ...\n'
    write_files(shop, {"shop/main.py": text})
    ran = cli("lint", "shop.main:app").expect(1)
    assert ran.stdout.startswith("warning[FC301]: route can never be reached (unreachable-route)\n")
    assert "`GET /docs/` is answered by `flama.schemas:docs_view`" in ran.stdout
    assert ran.stderr.endswith("1 warning; `flama-compile explain FC301` says more\n")
    document = json.loads(cli("lint", "shop.main:app", "--format", "json").expect(1).stdout)
    assert document["exact"] is True
    (found,) = document["diagnostics"]
    assert list(found) == ["code", "slug", "severity", "message", "source", "labels", "help"]


def test_show(shop: Path, cli: Cli) -> None:
    cli("build", "shop.main:app").expect(0)
    facts = cli("show", "facts", "shop.main:app").expect(0).stdout
    assert "shop/main.py\n" in facts
    assert "async def stream(websocket: websockets.WebSocket)" in facts
    routes = cli("show", "routes", "shop.main:app").expect(0).stdout
    assert routes.startswith("app shop.main:app\nflama shop.main:app\n")
    assert "    show(item_id: int <- path)\n" in routes
    plan = cli("show", "plan", "shop.main:app").expect(0).stdout
    assert plan.startswith("plan shop.main:app\nentries\n")
    assert "unit shop.main:admin" in plan


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_explain(cli: Cli, code: object) -> None:
    number, slug = code.number, code.slug  # type: ignore[attr-defined]
    text = cli("explain", number).expect(0).stdout
    assert text.startswith(f"{number} {slug} (")
    assert "\nExample:\n\n    " in text
    assert cli("explain", slug.upper()).expect(0).stdout == text


def test_explain_rules_of_the_diff(cli: Cli) -> None:
    text = cli("explain", "RT202").expect(0).stdout
    assert text.startswith("RT202 precedence-changed (breaking, witnessed, contract wire)\n")
    assert "Before:" in text
    assert "After:" in text
