"""`explain`: the example of a code gives that code, in the smallest program around it."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent

import pytest
from cli.conftest import Cli
from flama_compile.diagnostics.codes import CODES, Code
from support.projects import write_files

NAMES = """\
import os
from dataclasses import dataclass

from flama import Component, Flama, Router
from flama.endpoints import WebSocketEndpoint
from flama.routing import Route
from flama.websockets import WebSocket
from starlette.staticfiles import StaticFiles

app = Flama(schema=None, docs=None)


@dataclass
class Item:
    name: str


@dataclass
class Customer:
    name: str


class User: ...


class Session: ...


def index(): ...


def debug(): ...


def view(): ...


def noisy_add_route(*arguments): ...


"""
HIDDEN = "import json\n\n{name} = json.loads(open('{name}.json').read())\n\n\n"
BEFORE = {
    "FC112": HIDDEN.format(name="admin_package"),
    "FC115": HIDDEN.format(name="load_application"),
    "FC116": HIDDEN.format(name="load_routes"),
    "FC117": "from itertools import repeat\n\npaths = repeat('/again')\n\n\n",
    "FC118": HIDDEN.format(name="registry"),
}
"""What an example speaks of, and shows only by its name."""
OF_FILES = {"FC104", "FC105", "FC205", "FC220"}
"""Examples that describe files, which the tests of the scanner and the golden cases write."""
PROGRAMS = [
    code
    for code in CODES
    if code.number < "FC4"
    and code.number not in OF_FILES
    and not code.example.strip().startswith("flama-compile")
]


def test_no_example_is_left_out_by_accident() -> None:
    others = {code.number for code in CODES} - {code.number for code in PROGRAMS} - OF_FILES
    assert others == {
        *("FC208", "FC209", "FC310", "FC311", "FC312"),
        *("FC401", "FC402", "FC403", "FC404", "FC405", "FC406", "FC901", "FC902"),
    }


@pytest.mark.parametrize("code", PROGRAMS, ids=lambda code: code.number)
def test_the_example_gives_the_code(tmp_path: Path, cli: Cli, code: Code) -> None:
    example = dedent(code.example).strip("\n") + "\n"
    settings = example if example.startswith("[tool.") else ""
    program = NAMES + BEFORE.get(code.number, "") + ("" if settings else example)
    if example.startswith("# -*-"):
        program = example + NAMES
    write_files(
        tmp_path,
        {
            "pyproject.toml": settings,
            "shop/__init__.py": "",
            "shop/items.py": "router = None\n",
            "shop/settings.py": "PREFIX = '/api'\n",
            "shop/main.py": program + "\n\nimport shop.settings\n",
        },
    )
    assert f"[{code.number}]" in cli("lint", "shop.main:app").stdout


def test_examples_keep_their_indentation(cli: Cli) -> None:
    text = cli("explain", "FC111").expect(0).stdout
    shown = 'if os.environ.get("DEBUG"):\n    app.add_get("/debug/", debug)\n'
    assert "".join(f"    {line}{os.linesep}" for line in shown.splitlines()) in text
