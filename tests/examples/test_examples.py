"""Each example builds to its committed manifest, and answers the same in both modes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.projects import flama_compile

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
APPS = {
    "views:app": "views_compiled",
    "routes:app": "routes_compiled",
    "shop.main:app": "shop.main_compiled",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the examples, all of them built."""
    folder = tmp_path_factory.mktemp("copy") / "examples"
    ignored = shutil.ignore_patterns("*_compiled.py", "*.routes", "__pycache__", ".flama_cache")
    shutil.copytree(EXAMPLES, folder, ignore=ignored)
    for app in APPS:
        flama_compile(folder, "build", app, "--strict").expect(0)
    return folder


def drive(folder: Path, app: str) -> list[Any]:
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(Path(__file__).with_name("drive.py")), app],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    said: list[Any] = json.loads(ran.stdout)
    return said


@pytest.mark.parametrize("app", APPS)
def test_the_manifest_is_the_committed_one(built: Path, app: str, update_golden: bool) -> None:
    name = app.partition(":")[0].replace(".", "/") + ".routes"
    if update_golden:
        shutil.copy(built / name, EXAMPLES / name)
    assert (built / name).read_text() == (EXAMPLES / name).read_text()


@pytest.mark.parametrize("app", APPS)
def test_both_modes_answer_the_same(built: Path, app: str) -> None:
    interpreted, compiled = drive(built, app), drive(built, f"{APPS[app]}:app")
    assert len(interpreted) == len(compiled) > 15
    for one, two in zip(interpreted, compiled, strict=True):
        assert one == two


def answers(built: Path, app: str) -> dict[str, Any]:
    return {f"{said[0]} {said[1]}": said[2:] for said in drive(built, app)}


def test_views_answer_what_they_should(built: Path) -> None:
    said = answers(built, "views_compiled:app")
    assert said["GET /notes/1/?loud=yes"][2] == '{"id":1,"text":"BUY FLOUR"}'
    assert said["GET /notes/1/?loud=perhaps"][0] == 400
    assert said["POST /notes/1/"][0] == 405
    assert ["allow", "GET, HEAD"] in said["POST /notes/1/"][1]
    assert said["POST /counter/?step=5"][2] == '{"total":5}'
    assert said["WS /relay/"] == [["b'one'", "b'two'"]]
    assert said["WS /dialogue/"] == [["'Hello, Ada'"]]
    assert said["WS /mirror/"] == [["b'cba'"]]


def test_routes_answer_what_they_should(built: Path) -> None:
    said = answers(built, "routes_compiled:app")
    assert said["GET /"][2] == "<h1>Library</h1>"
    assert said["GET /books/7/"][2] == '{"book":7,"type":"int"}'
    assert said["GET /books/new/"][0] == 404
    assert said["POST /books/"][0] == 201
    assert said["GET /reading-room/shelves/"][2].startswith('[{"id":"a"')
    assert said["GET /api/v1/stacks/shelves/3/"][2] == '{"place":3}'
    assert said["GET /cafe/menu/tea/"][2] == '{"item":"tea"}'
    assert said["GET /system/status/"][2] == '{"status":"open","time":"…"}'


def test_the_shop_answers_what_it_should(built: Path) -> None:
    said = answers(built, "shop.main_compiled:app")
    assert said["GET /items/?q=lamp&colour=green&limit=1"][2].startswith('[{"id":2,"name":"lamp"')
    assert set(json.loads(said["GET /items/?colour=blue&limit=x"][2])["detail"]) == {
        "colour",
        "limit",
    }
    assert json.loads(said["POST /items/"][2])["detail"]
    assert json.loads(said["GET /items/99/"][2])["detail"] == "no item 99"
    assert said["GET /orders/3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a/"][0] == 404
    assert said["GET /admin/reports/sales/2020/?since=2020-02-30"][0] == 400
    assert said["GET /static/shop.css"][0] == 200
    assert said["WS /feed/lamp/"][0][0] == '\'{"topic":"lamp","names":["lamp"]}\''
    assert said["WS /prices/"][0][-1].startswith("WebSocketDisconnect")


@pytest.mark.parametrize("app", APPS)
def test_verify_agrees(built: Path, app: str) -> None:
    flama_compile(built, "verify", app).expect(0)


@pytest.mark.parametrize("app", APPS)
def test_the_generated_module_is_clean(built: Path, app: str) -> None:
    """Formatted, without findings of the linter, and compiled by Python."""
    path = str(built / (APPS[app].replace(".", "/") + ".py"))
    lint = ["ruff", "check", "--no-cache", "--isolated", "--select", "E,F,UP,B,SIM,RET"]
    for command in (["black", "--check", "-q"], lint):
        ran = subprocess.run(
            [sys.executable, "-m", *command, path], capture_output=True, encoding="utf-8"
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    compile(Path(path).read_text(), path, "exec", dont_inherit=True)
