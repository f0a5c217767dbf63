"""`build`: what is written, what is compared, and what a mistake leaves behind."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli.conftest import Cli
from support.projects import write_files
from support.sarif import check_sarif

APP = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/items/{item_id:int}/")
def show(item_id: int): ...
"""
SECOND = APP + '\n\n@app.post("/items/")\ndef add(): ...\n'


def project(root: Path, text: str = APP) -> Path:
    return write_files(root, {"pyproject.toml": "", "main.py": text})


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if path.name != ".flama_cache")


def test_two_files_are_written(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("build", "main:app").expect(0)
    assert ran.stdout == ""
    assert ran.stderr.splitlines() == [
        "main:app: 1 route, exact",
        "wrote main_compiled.py",
        "wrote main.routes",
        "in an image, run `python -m compileall` too: without .pyc files a start is slow",
    ]
    assert names(tmp_path) == ["main.py", "main.routes", "main_compiled.py", "pyproject.toml"]
    assert "/items/{item_id:int}/" in (tmp_path / "main.routes").read_text()
    assert "/items/{item_id:int}/" in (tmp_path / "main_compiled.py").read_text()


def test_nothing_is_written_twice(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    cli("build", "main:app").expect(0)
    for name in ("main_compiled.py", "main.routes"):
        os.utime(tmp_path / name, ns=(5, 5))
    ran = cli("build", "main:app").expect(0)
    assert "unchanged: main_compiled.py" in ran.stderr
    assert {
        (tmp_path / name).stat().st_mtime_ns for name in ("main_compiled.py", "main.routes")
    } == {5}


@pytest.mark.parametrize(
    ("files", "app", "module", "manifest"),
    [
        (
            {"shop/__init__.py": "", "shop/main.py": APP},
            "shop.main:app",
            "shop/main_compiled.py",
            "shop/main.routes",
        ),
        (
            {"main.py": APP.replace("app", "api")},
            "main:api",
            "main_api_compiled.py",
            "main_api.routes",
        ),
        ({"crm/__init__.py": APP}, "crm:app", "crm/app_compiled.py", "crm/app.routes"),
        (
            {"crm/__init__.py": APP.replace("app", "api")},
            "crm:api",
            "crm/api_compiled.py",
            "crm/api.routes",
        ),
        (
            {"src/crm/__init__.py": "", "src/crm/web.py": APP},
            "crm.web:app",
            "src/crm/web_compiled.py",
            "src/crm/web.routes",
        ),
        ({"space/web.py": APP}, "space.web:app", "space/web_compiled.py", "space/web.routes"),
    ],
)
def test_names_of_the_files(
    tmp_path: Path, cli: Cli, files: dict[str, str], app: str, module: str, manifest: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": "", **files})
    ran = cli("build", app).expect(0)
    assert ran.stderr.splitlines()[1:3] == [f"wrote {module}", f"wrote {manifest}"]
    assert (tmp_path / module).is_file()
    assert (tmp_path / manifest).is_file()
    cli("build", app, "--check").expect(0)


def test_another_place(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    (tmp_path / "out").mkdir()
    cli("build", "main:app", "-o", "out/dispatch.py").expect(0)
    assert names(tmp_path / "out") == ["dispatch.py", "dispatch.routes"]
    assert names(tmp_path) == ["main.py", "out", "pyproject.toml"]
    cli("build", "main:app", "-o", "out/dispatch.py", "--check").expect(0)


@pytest.mark.parametrize("name", ["dispatch", "dispatch.txt", "my-dispatch.py"])
def test_a_place_that_cannot_be_imported(tmp_path: Path, cli: Cli, name: str) -> None:
    project(tmp_path)
    assert f"`{Path(name).stem if name.endswith('.py') else name}`" in (
        cli("build", "main:app", "-o", name).expect(2).stderr
    )


def test_check_says_that_files_are_missing(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("build", "main:app", "--check").expect(1)
    assert ran.stdout == ""
    assert "error[FC402]: `main_compiled.py` is missing (missing-output)" in ran.stderr
    assert "error[FC402]: `main.routes` is missing (missing-output)" in ran.stderr
    assert " --> main.routes:1:1\n" in ran.stderr
    assert "help: run `flama-compile build main:app`" in ran.stderr
    assert names(tmp_path) == ["main.py", "pyproject.toml"]


def test_check_says_that_files_are_stale(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    cli("build", "main:app").expect(0)
    cli("build", "main:app", "--check").expect(0)
    before = (tmp_path / "main_compiled.py").read_bytes()
    project(tmp_path, SECOND)
    ran = cli("build", "main:app", "--check").expect(1)
    assert "error[FC403]: `main_compiled.py` is stale" in ran.stderr
    assert "error[FC403]: `main.routes` is stale" in ran.stderr
    assert (tmp_path / "main_compiled.py").read_bytes() == before
    cli("build", "main:app").expect(0)
    cli("build", "main:app", "--check").expect(0)


@pytest.mark.parametrize("name", ["main_compiled.py", "main.routes"])
def test_check_says_that_a_file_was_edited(tmp_path: Path, cli: Cli, name: str) -> None:
    project(tmp_path)
    cli("build", "main:app").expect(0)
    with (tmp_path / name).open("a") as file:
        file.write("# a note\n")
    ran = cli("build", "main:app", "--check").expect(1)
    assert ran.stderr.count("error[") == 1
    assert f"error[FC404]: `{name}` was edited" in ran.stderr
    cli("build", "main:app").expect(0)
    cli("build", "main:app", "--check").expect(0)


def test_check_repeats_the_options_that_were_given(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path / "in")
    ran = cli("build", "main:app", "--root", "in", "-o", "in/it.py", "--check").expect(1)
    assert "run `flama-compile build main:app -o in/it.py --root in`" in ran.stderr


def test_diff_shows_what_changes(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    cli("build", "main:app").expect(0)
    project(tmp_path, SECOND)
    shown = cli("build", "main:app", "--check", "--diff").expect(1).stdout
    assert shown.startswith("--- a/main_compiled.py\n+++ b/main_compiled.py\n@@ ")
    assert "--- a/main.routes\n+++ b/main.routes\n@@ " in shown
    assert any(line.startswith("+POST") and "/items/" in line for line in shown.splitlines())
    assert cli("build", "main:app", "--diff").expect(0).stdout == shown
    assert cli("build", "main:app", "--diff").expect(0).stdout == ""


def test_a_warning_is_printed_and_strict_counts_it(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path, APP + '\n\n@app.get("/items/7/")\ndef seven(): ...\n')
    ran = cli("build", "main:app", "--strict").expect(1)
    assert "warning[FC301]: route can never be reached" in ran.stderr
    assert names(tmp_path) == ["main.py", "pyproject.toml"]
    ran = cli("build", "main:app").expect(0)
    assert "warning[FC301]" in ran.stderr
    assert (tmp_path / "main_compiled.py").is_file()


MISTAKES = {
    "syntax": ("def broken(:\n", 1, "--> main.py:1:"),
    "converter": (APP.replace(":int", ":path"), 1, "--> main.py:6:"),
    "late path": (
        APP + "\nimport os\n\n@app.get(os.environ['P'])\ndef late(): ...\n",
        2,
        "main.py:",
    ),
    "text around a parameter": (APP.replace("{item_id:int}", "a-{item_id:int}"), 1, "main.py:6:"),
    "unfillable": (APP.replace("item_id: int)", "item_id: int, x: object)"), 1, "main.py:7:"),
    "no such attribute": (APP.replace("app", "other"), 2, "main"),
    "nothing registered": (
        "from flama import Flama\n\napp = Flama(schema=None, docs=None)\n",
        2,
        "error[FC406]: no routes found in `main:app` (no-routes)\n --> main.py:3:",
    ),
    "not an application": ("app = 3\n", 2, "main"),
    "empty": ("", 2, "main"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_has_a_place_and_leaves_files_alone(
    tmp_path: Path, cli: Cli, mistake: str
) -> None:
    project(tmp_path)
    cli("build", "main:app").expect(0)
    before = {name: (tmp_path / name).read_bytes() for name in ("main_compiled.py", "main.routes")}
    text, code, place = MISTAKES[mistake]
    project(tmp_path, text)
    ran = cli("build", "main:app").expect(code)
    assert "error[FC" in ran.stderr
    assert place in ran.stderr
    assert ran.stdout == ""
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_a_module_that_is_nowhere(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("build", "missing.module:app").expect(2)
    assert "missing" in ran.stderr
    assert names(tmp_path) == ["main.py", "pyproject.toml"]


def test_a_folder_that_cannot_be_written(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("build", "main:app", "-o", "missing/dispatch.py").expect(1)
    assert (
        "error[FC401]: cannot write `missing/dispatch.py`: no such file or directory" in ran.stderr
    )
    assert names(tmp_path) == ["main.py", "pyproject.toml"]


def test_a_module_of_the_user_is_never_replaced(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    ran = cli("build", "main:app", "-o", "main.py").expect(1)
    assert "error[FC401]: cannot write `main.py`: it exists and was not generated" in ran.stderr
    assert (tmp_path / "main.py").read_text() == APP


def test_dynamic_sites_are_refused(tmp_path: Path, cli: Cli) -> None:
    text = APP + "\nimport os\n\nfor name in os.environ:\n    app.add_route('/' + name, show)\n"
    project(tmp_path, text)
    cli("build", "main:app").expect(2)
    assert names(tmp_path) == ["main.py", "pyproject.toml"]
    (tmp_path / "pyproject.toml").write_text('[tool.flama-compile]\ndynamic = "interpret"\n')
    ran = cli("build", "main:app").expect(0)
    assert "main:app: 1 route + 1 dynamic site" in ran.stderr
    assert "DYNAMIC" in (tmp_path / "main.routes").read_text()


LOOP = APP + "\nimport os\n\nfor name in os.environ:\n    app.add_route('/' + name, show)"


@pytest.mark.parametrize(
    ("settings", "marker"),
    [
        ("", "  # flama-compile: dynamic"),
        ('[[tool.flama-compile.dynamic]]\nfile = "main.py"\nreason = "by the environment"\n', ""),
    ],
)
def test_dynamic_sites_that_are_declared(
    tmp_path: Path, cli: Cli, settings: str, marker: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": settings, "main.py": f"{LOOP}{marker}\n"})
    ran = cli("build", "main:app", "--strict").expect(0)
    assert "main:app: 1 route + 1 dynamic site" in ran.stderr
    assert "error" not in ran.stderr


def test_constants_that_are_declared(tmp_path: Path, cli: Cli) -> None:
    settings = '[tool.flama-compile.constants]\n"main.PREFIX" = "/api"\n'
    text = APP.replace("app = ", 'import os\n\nPREFIX = os.environ["PREFIX"]\napp = ').replace(
        '"/items/', 'PREFIX + "/items/'
    )
    project(tmp_path, text)
    cli("build", "main:app").expect(2)
    write_files(tmp_path, {"pyproject.toml": settings})
    cli("build", "main:app").expect(0)
    assert "/api/items/{item_id:int}/" in (tmp_path / "main.routes").read_text()


def test_json(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path, APP + '\n\n@app.get("/items/7/")\ndef seven(): ...\n')
    document = json.loads(cli("build", "main:app", "--format", "json").expect(0).stdout)
    assert document["format"] == 1
    assert document["exact"] is True
    assert [found["code"] for found in document["diagnostics"]] == ["FC301"]
    assert document["diagnostics"][0]["source"] == {"file": "main.py", "line": 10, "column": 10}


def test_sarif_and_github(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path / "services" / "shop", APP.replace(":int", ":path"))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    place = ("build", "main:app", "--root", "services/shop", "--format")
    document = json.loads(cli(*place, "sarif").expect(1).stdout)
    check_sarif(document)
    result = document["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "services/shop/main.py"
    line = cli(*place, "github").expect(1).stdout
    assert line.startswith("::error file=services/shop/main.py,line=6,")
    assert "| error | FC" in (tmp_path / "summary.md").read_text()


def test_the_cache_can_be_left_out(tmp_path: Path, cli: Cli) -> None:
    project(tmp_path)
    cli("build", "main:app", "--no-cache").expect(0)
    assert not (tmp_path / ".flama_cache").exists()
    cli("build", "main:app").expect(0)
    assert (tmp_path / ".flama_cache").is_dir()
