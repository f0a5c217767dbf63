"""The same input gives the same bytes, whatever runs it, and wherever."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support.projects import flama_compile

ROOT = Path(__file__).parents[2]
APPS = ("views:app", "routes:app", "shop.main:app")


def copied(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("*_compiled.py", "*.routes", "__pycache__", ".flama_cache")
    shutil.copytree(ROOT / "examples", folder, ignore=ignored)
    return folder


def generated(folder: Path) -> dict[str, bytes]:
    files = [*folder.rglob("*_compiled.py"), *folder.rglob("*.routes")]
    assert len(files) == 2 * len(APPS)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = copied(tmp_path_factory.mktemp("reference") / "examples")
    for app in APPS:
        flama_compile(folder, "build", app).expect(0)
    return generated(folder)


@pytest.mark.parametrize("seed", ["1", "2", "4242"])
def test_any_hash_seed(tmp_path: Path, reference: dict[str, bytes], seed: str) -> None:
    folder = copied(tmp_path / "examples")
    for app in APPS:
        flama_compile(folder, "build", app, env={"PYTHONHASHSEED": seed}).expect(0)
    assert generated(folder) == reference


def test_any_working_directory_and_locale(tmp_path: Path, reference: dict[str, bytes]) -> None:
    folder = copied(tmp_path / "deep" / "down" / "été" / "examples")
    env = {"LC_ALL": "C", "TZ": "Pacific/Apia", "COLUMNS": "20", "PYTHONUTF8": "0"}
    for app in APPS:
        flama_compile(tmp_path, "build", app, "--root", str(folder), env=env).expect(0)
    assert generated(folder) == reference


def test_with_a_cache_and_without(tmp_path: Path, reference: dict[str, bytes]) -> None:
    folder = copied(tmp_path / "examples")
    for options in ((), (), ("--no-cache",)):
        for app in APPS:
            flama_compile(folder, "build", app, *options).expect(0)
        assert generated(folder) == reference
        for path in [*folder.rglob("*_compiled.py"), *folder.rglob("*.routes")]:
            path.unlink()


def others() -> list[str]:
    """Interpreters of other versions that have both packages; `.ci/run` makes and names them."""
    return [path for path in os.environ.get("FLAMA_PYTHONS", "").split(os.pathsep) if path]


@pytest.mark.parametrize("python", others())
def test_any_python(tmp_path: Path, reference: dict[str, bytes], python: str) -> None:
    folder = copied(tmp_path / "examples")
    for app in APPS:
        flama_compile(folder, "build", app, python=python).expect(0)
    assert generated(folder) == reference
