"""A build with nothing changed takes what the same compiler built and verified before."""

from __future__ import annotations

from pathlib import Path

import pytest
from flama_compile import pipeline
from flama_compile.cache import FOLDER, Cache
from flama_compile.options import Options, Settings
from flama_compile.pipeline import Built, analyse, build

APP = """
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/{item_id:int}")
async def show(item_id: int):
    return item_id
"""


def built(root: Path) -> Built:
    """One build of the project, with a cache."""
    options = Options(root=root, app="shop:app", settings=Settings())
    analysis = analyse(options)
    assert analysis.table is not None
    return build(analysis.table, Cache(root))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(APP, encoding="utf-8")
    return tmp_path


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with every application that is really built."""
    found: list[str] = []
    real = pipeline._build

    def counted(table: object, cache: object) -> Built:
        found.append("built")
        return real(table, cache)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "_build", counted)
    return found


def test_the_same_table_is_built_once(root: Path, rounds: list[str]) -> None:
    assert built(root) == built(root)
    assert len(rounds) == 1


def test_a_changed_route_is_built_again(root: Path, rounds: list[str]) -> None:
    before = built(root)
    (root / "shop.py").write_text(APP.replace("/items", "/things"), encoding="utf-8")
    assert built(root).module != before.module
    assert len(rounds) == 2


def test_another_compiler_builds_again(
    root: Path, rounds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever works on the compiler changes it without changing its version."""
    before = built(root)
    monkeypatch.setattr(pipeline, "identity", lambda: "another")
    assert built(root) == before
    assert len(rounds) == 2


def test_a_damaged_entry_is_as_good_as_none(root: Path, rounds: list[str]) -> None:
    before = built(root)
    entries = list((root / FOLDER / "built").iterdir())
    assert len(entries) == 1
    entries[0].write_bytes(entries[0].read_bytes()[:-3])
    assert built(root) == before
    assert len(rounds) == 2


def test_without_a_cache_everything_is_built(root: Path, rounds: list[str]) -> None:
    options = Options(root=root, app="shop:app", settings=Settings(), cache=False)
    table = analyse(options).table
    assert table is not None
    assert build(table) == build(table)
    assert len(rounds) == 2
    assert not (root / FOLDER).exists()
