"""Both distributions build, install into an empty environment, and work from there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from support.projects import write_files

ROOT = Path(__file__).parents[2]

APP = """\
from flama import Flama

app = Flama()


@app.get("/items/{item_id:int}/")
def show(item_id: int) -> dict[str, int]:
    return {"item": item_id}
"""
ASK = """\
import asyncio, json, main_compiled, sys

async def ask():
    sent = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        sent.append(message)
    scope = {
        "type": "http", "method": "GET", "path": "/items/7/", "raw_path": b"/items/7/",
        "query_string": b"", "headers": [], "root_path": "", "http_version": "1.1",
        "scheme": "http", "server": ("x", 80), "client": ("y", 1), "state": {},
        "asgi": {"version": "3.0"},
    }
    await main_compiled.app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])

assert asyncio.run(ask()) == (200, {"item": 7})
assert "flama_compile" not in sys.modules
"""


def run(*command: str, cwd: Path) -> str:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=600
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("runtime", "compiler"):
        run(
            *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", str(folder / name), str(ROOT / name)),
            cwd=folder,
        )
    return {name: next((folder / name).glob("*.whl")) for name in ("runtime", "compiler")}


def test_wheels_hold_the_packages_and_nothing_else(wheels: dict[str, Path]) -> None:
    for name, package in (("runtime", "flama"), ("compiler", "flama_compile")):
        files = zipfile.ZipFile(wheels[name]).namelist()
        source = ROOT / name / package
        expected = {
            f"{package}/{path.relative_to(source).as_posix()}" for path in source.rglob("*.py")
        }
        inside = {file for file in files if not file.partition("/")[0].endswith(".dist-info")}
        assert expected <= inside
        assert {file.partition("/")[0] for file in inside} == {package}
        assert f"{package}/py.typed" in inside


def test_they_work_from_empty_environments(wheels: dict[str, Path], tmp_path: Path) -> None:
    project = write_files(tmp_path / "project", {"pyproject.toml": "", "main.py": APP})
    venv.create(tmp_path / "both", with_pip=True)
    both = tmp_path / "both" / "bin"
    run(
        *(str(both / "pip"), "install", "-q", str(wheels["runtime"]), str(wheels["compiler"])),
        cwd=tmp_path,
    )
    run(str(both / "flama-compile"), "build", cwd=project)
    run(str(both / "python"), "-c", ASK, cwd=project)
    venv.create(tmp_path / "one", with_pip=True)
    one = tmp_path / "one" / "bin"
    run(str(one / "pip"), "install", "-q", str(wheels["runtime"]), cwd=tmp_path)
    run(str(one / "python"), "-c", ASK, cwd=project)
    absent = "import importlib.util as u; assert not any(map(u.find_spec, ['libcst', 'black']))"
    run(str(one / "python"), "-c", absent, cwd=project)
