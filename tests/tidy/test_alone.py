"""What runs in production needs none of what builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.projects import flama_compile, write_files

FORBIDDEN = ("flama_compile", "libcst", "black", "click", "rich", "watchfiles")

APP = """\
from flama import Flama, websockets

app = Flama()


@app.get("/items/{item_id:int}/")
def show(item_id: int, q: str = "") -> dict[str, int]:
    return {"item": item_id}


@app.websocket_route("/feed/")
async def feed(websocket: websockets.WebSocket): ...
"""


def loaded(folder: Path, statement: str) -> set[str]:
    """Top-level packages that a fresh process has loaded after a statement."""
    script = (
        f"{statement}\nimport json, sys\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_files(tmp_path_factory.mktemp("built"), {"pyproject.toml": "", "main.py": APP})
    flama_compile(folder, "build", "main:app").expect(0)
    return folder


def test_a_generated_module_loads_without_the_compiler(built: Path) -> None:
    assert not loaded(built, "import main_compiled").intersection(FORBIDDEN)


def test_it_serves_without_the_compiler(built: Path) -> None:
    script = """
import asyncio, main_compiled
from flama.client import Client
async def ask():
    async with Client(main_compiled.app) as client:
        assert (await client.get("/items/7/")).json() == {"item": 7}
        assert (await client.get("/nothing")).status_code == 404
        assert (await client.get("/schema/")).status_code == 200
asyncio.run(ask())
"""
    # httpx brings click and rich where its command line is installed, so only ours are looked for.
    assert not loaded(built, script).intersection(("flama_compile", "libcst", "black"))


def test_the_runtime_is_light_to_import(built: Path) -> None:
    packages = loaded(built, "import flama")
    assert not packages.intersection((*FORBIDDEN, "starlette", "anyio", "pydantic", "yaml"))


def test_loading_uses_no_reflection(built: Path) -> None:
    """Neither signatures nor regular expressions, beyond those of the standard library itself."""
    script = """
import inspect, re, main, flama.dispatch
def refused(*args, **kwargs):
    raise AssertionError("called while loading")
inspect.signature = refused
re.compile = refused
import main_compiled
"""
    loaded(built, script)


def test_the_listing_of_routes_needs_no_parser_the_second_time(built: Path) -> None:
    flama_compile(built, "routes", "main:app").expect(0)
    script = "from flama_compile.cli import main; main(['routes', 'main:app'])"
    assert not loaded(built, script).intersection(("libcst", "black", "rich", "uvicorn"))
