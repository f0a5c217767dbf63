"""Modules of the project that are called like others: the one is read that Python would take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flama_compile.options import Options, Settings
from flama_compile.pipeline import analyse
from flama_compile.workspace import FolderTree, Workspace, is_fixed
from support.projects import write_files

APP = """\
from flama import Flama
import {name}

app = Flama(schema=None, docs=None)


def view(): ...


app.add_get("/ours" if hasattr({name}, "OURS") else "/theirs", view)
"""
LIVE = "import sys; sys.path.insert(0, '.'); import {first}, app; print(app.app.routes[0].path)"


def static_path(root: Path, name: str) -> tuple[str, list[str]]:
    """The path that the source tells, and the codes of what is said about it."""
    write_files(root, {"app.py": APP.format(name=name)})
    analysis = analyse(Options(root, "app:app", Settings(), cache=False))
    assert analysis.table is not None, analysis.diagnostics
    return analysis.table.routes[0].path, [found.code for found in analysis.diagnostics]


def live_path(root: Path, first: str) -> str:
    """The path that a process registers whose first import is `first`."""
    command = [sys.executable, "-c", LIVE.format(first=first)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", ["sys", "time", "os", "io", "itertools", "posixpath"])
def test_what_the_interpreter_has_is_never_read_from_a_file(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {f"{name}.py": "OURS = 1\n"})
    path, codes = static_path(tmp_path, name)
    assert path == "/theirs"
    assert not codes
    assert live_path(tmp_path, "flama").strip() == path


@pytest.mark.parametrize("name", ["this", "antigravity", "turtle", "click"])
def test_folders_of_the_project_come_first(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {f"{name}.py": "OURS = 1\n"})
    path, codes = static_path(tmp_path, name)
    assert path == "/ours"
    assert codes == ["FC220"]
    assert live_path(tmp_path, "sys").strip() == path


def test_what_was_loaded_before_is_what_the_warning_is_about(tmp_path: Path) -> None:
    write_files(tmp_path, {"wave.py": "OURS = 1\n"})
    assert static_path(tmp_path, "wave") == ("/ours", ["FC220"])
    text = LIVE.replace(
        "sys.path.insert(0, '.'); import {first}, app",
        "import wave; sys.path.insert(0, '.'); import app",
    )
    command = [sys.executable, "-P", "-c", text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "/theirs"


def test_a_folder_without_code_yields_to_an_installed_module(tmp_path: Path) -> None:
    write_files(tmp_path, {"click/data.py": "", "json/data.py": ""})
    found = Workspace(FolderTree(tmp_path)).find("click")
    assert found is not None and found.kind == "installed"
    assert static_path(tmp_path, "json") == ("/theirs", [])
    assert live_path(tmp_path, "sys").strip() == "/theirs"


def test_a_module_in_a_package_shadows_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"shop/__init__.py": "", "shop/json.py": "OURS = 1\n"})
    assert static_path(tmp_path, "json") == ("/theirs", [])


def test_the_framework_is_not_read_from_the_project(tmp_path: Path) -> None:
    write_files(tmp_path, {"flama.py": ""})
    path, codes = static_path(tmp_path, "string")
    assert path == "/theirs"
    assert codes == ["FC220"], "Python would take the file, so it is said"


def test_fixed_modules() -> None:
    assert is_fixed("sys") and is_fixed("os") and is_fixed("importlib")
    assert not is_fixed("json") and not is_fixed("click") and not is_fixed("shop")
