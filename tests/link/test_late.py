"""What only the load tells is said to be so by everything that shows or compares a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flama_compile.compare import compare
from flama_compile.ir.routes import App, Mount, RouteTable
from flama_compile.ir.text_routes import routes_text
from flama_compile.manifest import dump, load, stored
from flama_compile.options import Options, Settings
from flama_compile.pipeline import analyse
from flama_compile.report.routes import routes_csv, routes_json, routes_table
from support.projects import write_files

APP = """\
import os
from flama import Flama, Router

app = Flama(schema=None, docs=None)
SHOWN = os.environ.get("SHOWN") == "1"

@app.get("/a", include_in_schema=SHOWN, tags={"deprecated": not SHOWN, "sunset": os.environ["DAY"]})
def a(): ...

shop = Flama(schema=None, docs=None)
if SHOWN:
    shop.add_middleware(print)

@shop.get("/b")
def b(): ...

app.mount("/shop", shop, name=os.environ.get("SHOP"))
"""


@pytest.fixture
def table(tmp_path: Path) -> RouteTable:
    write_files(tmp_path, {"main.py": APP})
    analysis = analyse(Options(tmp_path, "main:app", Settings(), cache=False))
    assert analysis.table is not None and not analysis.diagnostics
    return analysis.table


def test_the_table_abstains(table: RouteTable) -> None:
    [first, second] = table.routes
    assert first.include_in_schema is None
    assert first.deprecated is None
    assert first.sunset is None
    assert second.include_in_schema is True
    assert table.exact, "late is not dynamic"


def test_the_text_form_shows_question_marks(table: RouteTable) -> None:
    text = routes_text(table, places=False)
    assert "/a main:a name=a schema=? deprecated=?" in text
    assert "flama main:shop group=?" in text


def test_json_has_null(table: RouteTable) -> None:
    rows = {row["path"]: row for row in routes_json(table)["routes"]}
    assert rows["/a"]["include_in_schema"] is None
    assert rows["/shop"]["name"] is None
    assert rows["/shop/b"]["name"] is None, "its whole name begins with that of the mount"
    assert rows["/shop/b"]["group"] is None
    assert json.loads(json.dumps(rows)) == rows


def test_csv_and_columns_have_question_marks(table: RouteTable) -> None:
    lines = routes_csv(table).splitlines()
    assert next(line for line in lines if ",/a," in line).split(",")[6] == "?"
    shop = next(line for line in routes_table(table).splitlines() if "/shop/b" in line)
    assert shop.endswith(" ?")


def test_the_manifest_keeps_what_is_not_known(table: RouteTable) -> None:
    text = dump(table)
    assert "schema=? deprecated=?" in text and "group=?" in text and "sunset" not in text
    read = load(text.encode(), "main.routes")
    assert routes_text(read, places=False) == routes_text(stored(table), places=False)
    assert _mounted(read).group_late


def test_a_comparison_claims_no_change_of_what_is_not_known(
    table: RouteTable, tmp_path: Path
) -> None:
    plain = APP.replace("include_in_schema=SHOWN", "include_in_schema=False").replace(
        '"deprecated": not SHOWN', '"deprecated": True'
    )
    write_files(tmp_path, {"main.py": plain})
    known = analyse(Options(tmp_path, "main:app", Settings(), cache=False)).table
    assert known is not None
    assert not [*compare(table, known).findings, *compare(known, table).findings]


def _mounted(table: RouteTable) -> App:
    [mount] = [entry for entry in table.root.entries if isinstance(entry, Mount)]
    assert mount.app is not None
    return mount.app
