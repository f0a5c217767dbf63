"""Whole compiled modules: what the text is, and what other tools say about it.

Each folder in `cases` holds an application and the module that it compiles to. `--update-golden`
writes the modules; read them aloud afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import black
import pytest
from flama_compile.emit import emit
from flama_compile.ir.routes import App, Handler, Param, Route, RouteTable, View
from flama_compile.lower import lower
from flama_compile.options import Options, parse_settings
from flama_compile.pipeline import analyse
from flama_compile.verify import verify
from properties.tables import Tables, text_of

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())
APPS = [
    *((case, "app:app") for case in CASES),
    *((EXAMPLES, app) for app in ("views:app", "routes:app", "shop.main:app")),
]
RULES = "E4,E7,E9,F,I,UP,B,SIM,RET,RUF100"


def compiled(root: Path, app: str) -> str:
    analysis = analyse(Options(root, app, parse_settings(""), cache=False))
    assert analysis.table is not None, analysis.diagnostics
    return emit(lower(analysis.table))


def name(value: object) -> str:
    return value.name if isinstance(value, Path) else str(value)


def tool(*command: str, cwd: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("case", CASES, ids=name)
def test_text(case: Path, update_golden: bool) -> None:
    expected = case / "app_compiled.py"
    text = compiled(case, "app:app")
    if update_golden:
        expected.write_bytes(text.encode())
    assert text == expected.read_bytes().decode()


@pytest.mark.parametrize(("root", "app"), APPS, ids=name)
def test_black_has_nothing_to_do(root: Path, app: str) -> None:
    text = compiled(root, app)
    assert black.format_str(text, mode=black.Mode()) == text


@pytest.mark.parametrize(("root", "app"), APPS, ids=name)
def test_linters_and_type_checkers_accept_it(root: Path, app: str, tmp_path: Path) -> None:
    module, _, attribute = app.partition(":")
    stub = tmp_path.joinpath(*module.split("."))
    stub.parent.mkdir(parents=True, exist_ok=True)
    for folder in stub.parents:
        if folder != tmp_path and folder.is_relative_to(tmp_path):
            folder.joinpath("__init__.py").touch()
    # The types of user code are not in question.
    stub.with_suffix(".py").write_text(f"from flama import Flama\n\n{attribute} = Flama()\n")
    file = stub.with_name(f"{stub.name}_compiled.py")
    file.write_bytes(compiled(root, app).encode())
    tool("ruff", "check", "--isolated", "--no-cache", "--select", RULES, ".", cwd=tmp_path)
    tool("mypy", "--strict", "--cache-dir", "cache", str(file.relative_to(tmp_path)), cwd=tmp_path)


def test_random_tables_are_laid_out_as_black_would() -> None:
    random = Random(3)
    for _ in range(12):
        text = emit(lower(Tables(random, dynamic=True).table()))
        assert black.format_str(text, mode=black.Mode()) == text


def overlapping(count: int) -> RouteTable:
    """Parameters of every type over each other at every level."""
    random = Random(4)
    segments = (*(Param("p", type) for type in ("str", "int", "float", "uuid")), "x")
    routes = []
    for number in range(count):
        template = tuple(
            Param(f"p{at}", part.type) if isinstance(part, Param) else part
            for at, part in enumerate(random.choice(segments) for _ in range(8))
        )
        path = text_of(template)
        handler = Handler("app", f"view_{number}")
        methods = (random.choice(("DELETE", "POST", "PUT")),)
        views = (View("", (), True, ""),)
        routes.append(
            Route(
                kind="http",
                own=path,
                path=path,
                segments=template,
                methods=methods,
                handler=handler,
                is_class=False,
                views=views,
                name=handler.qualname,
                include_in_schema=True,
                span=None,
            )
        )
    return RouteTable("app:app", App(handler, "flama", False, (), tuple(routes), None))


def test_overlaps_at_every_level_do_not_explode() -> None:
    """The text grows with the routes, not with their combinations, and is right all the same."""
    sizes = {}
    for count in (20, 80):
        table = overlapping(count)
        plan = lower(table)
        text = emit(plan)
        sizes[count] = len(text)
        assert black.format_str(text, mode=black.Mode()) == text
        assert verify(table, plan, text) is None
    assert sizes[80] < 80 * 8000
    assert sizes[80] < sizes[20] * 16


def test_templates_of_five_hundred_segments_compile() -> None:
    deep = tuple(f"s{number}" for number in range(500))
    routes = []
    table = overlapping(1)
    for number in range(0, 500, 100):
        template = (*deep[:number], Param("value", "int"), *deep[number + 1 :])
        path = text_of(template)
        routes.append(replace(table.routes[0], segments=template, own=path, path=path))
    table = replace(table, root=replace(table.root, entries=tuple(routes)))
    plan = lower(table)
    text = emit(plan)
    assert verify(table, plan, text) is None
    assert black.format_str(text, mode=black.Mode()) == text


def test_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Whatever the hash seed, the locale and the working directory."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from emit.test_artefacts import *; "
        "sys.stdout.buffer.write(''.join(compiled(root, app) for root, app in APPS).encode())"
    )
    made = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("77", "POSIX")):
        ran = subprocess.run(
            [sys.executable, "-c", program, str(HERE.parent)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            check=True,
        )
        made.add(ran.stdout)
    assert len(made) == 1


def test_nothing_in_the_text_depends_on_the_machine() -> None:
    for root, app in APPS:
        text = compiled(root, app)
        assert str(root) not in text
        assert all(ord(char) >= 32 or char == "\n" for char in text)


def test_a_module_of_many_routes_stays_flat() -> None:
    """No level of nesting beyond twelve, and no `elif` chain, however the templates overlap."""
    random = Random(5)
    texts = [emit(lower(Tables(random).table())) for _ in range(40)]
    deepest = max(
        (len(line) - len(line.lstrip(" "))) // 4 for text in texts for line in text.splitlines()
    )
    assert deepest <= 12
    assert not any("elif" in text for text in texts)
