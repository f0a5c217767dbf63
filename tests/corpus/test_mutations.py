"""Correct projects made wrong: diagnostics, never tracebacks, never a wrong table.

`CORPUS_MUTATIONS=20` tries every mutation on twenty files instead of a few.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flama_compile.ir.routes import App, Mount, Route, RouteTable
from support.projects import flama_compile

from corpus.judged import Bench, Judgement, bench, static_table
from corpus.mutations import MUTATIONS, Mutation
from corpus.projects import Project, applications, cases, write

ROUNDS = int(os.environ.get("CORPUS_MUTATIONS", "3"))

# Projects that import nothing but themselves and the framework, in one module and in many.
NAMES = (
    "layout/package",
    "imports/circular",
    "constants/fstrings",
    "factories/with_prefix",
    "loops/dicts",
    "classes/http_endpoints",
    "mounts/router_twice",
    "holders/register_functions",
    "calls/partial",
    "bookshop",
)
PROJECTS = [project for project in [*cases(), *applications()] if project.name in NAMES]


@pytest.fixture(scope="module")
def at() -> Iterator[Bench]:
    with bench() as found:
        yield found


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_changed_projects_are_never_misread(mutation: Mutation, at: Bench) -> None:
    for number in range(1 if mutation.slow else ROUNDS):
        rng = random.Random(f"{mutation.name} {number}")
        project = PROJECTS[(number + MUTATIONS.index(mutation)) % len(PROJECTS)]
        folder, file = _spoil(mutation, rng, project, at.root / f"{mutation.name}-{number}")
        judgement = at.judge_folder(project, folder)
        place = f"{mutation.name}, round {number}: {project.name} {file}"
        _check(mutation, judgement, folder, place)
        shutil.rmtree(folder)


def _spoil(
    mutation: Mutation, rng: random.Random, project: Project, root: Path
) -> tuple[Path, str]:
    """A changed copy of a project, and the name of the file that was changed."""
    folder = write(project, root)
    module = project.app.partition(":")[0].replace(".", "/")
    entries = [
        path.relative_to(folder).as_posix()
        for name in (f"{module}.py", f"{module}/__init__.py")
        for path in folder.rglob(name)
    ]
    # Only the entry module is sure to be reached.
    names = entries if mutation.told else [n for n in project.files if n.endswith(".py")]
    if not mutation.told:
        names = [name for name in names if project.files[name].strip()]
    name = rng.choice(sorted(names))
    mutation.apply(rng, folder, folder / name)
    return folder, name


def _check(mutation: Mutation, judgement: Judgement, folder: Path, place: str) -> None:
    assert not [found for found in judgement.diagnostics if found.code.startswith("FC9")], place
    if judgement.table is None:
        assert judgement.errors, f"{place}: neither a table nor a reason"
    elif not judgement.errors:
        assert not judgement.differences, f"{place}: {judgement.differences}"
    if mutation.told:
        assert judgement.errors, f"{place}: nothing is said about a file that cannot be read"
    if mutation.harmless:
        project = judgement.project
        assert judgement.table is not None and not judgement.errors, (place, judgement.errors)
        shutil.rmtree(folder)
        before, _ = static_table(write(project, folder.parent), project.app)
        assert before is not None and _plain(before) == _plain(judgement.table), place


def _plain(table: RouteTable) -> list[object]:
    """What a table answers, without places in files."""

    def entries(app: App) -> list[object]:
        found: list[object] = []
        for entry in app.entries:
            if isinstance(entry, Route):
                found.append((entry.path, entry.methods, str(entry.handler), entry.name))
            elif isinstance(entry, Mount):
                found.append((entry.path, entry.name, entries(entry.app) if entry.app else None))
            else:
                found.append(entry.reason)
        return found

    return entries(table.root)


@pytest.mark.parametrize(
    "mutation",
    [mutation for mutation in MUTATIONS if mutation.told or mutation.name.startswith("file-")],
    ids=lambda mutation: mutation.name,
)
def test_the_commands_say_what_is_wrong(mutation: Mutation, tmp_path: Path) -> None:
    project = next(one for one in PROJECTS if one.name == "layout/package")
    folder = write(project, tmp_path)
    file = folder / "tasks" / "main.py"
    mutation.apply(random.Random(0), folder, file)
    ran = flama_compile(folder, "build", project.app)
    assert ran.code in (1, 2), ran.stderr
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "error[FC" in ran.stderr
    assert "error[FC9" not in ran.stderr
    assert not list(folder.rglob("*_compiled.py"))
    assert not list(folder.rglob("*.routes"))
