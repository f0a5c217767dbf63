"""The corpus, compared with itself, with a refactored self, and mutated on running applications."""

from __future__ import annotations

import ast
import copy
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest
from corpus.judged import static_table
from corpus.projects import Project, applications, cases, write
from flama_compile.algebra import meets
from flama_compile.compare import compare
from flama_compile.compare.catalogue import LEVELS
from flama_compile.ir.routes import App, Entry, Handler, Mount, Route, RouteTable
from flama_compile.manifest import dump, load
from support.running import application, observe, requests
from support.tables import MountSpec, RouteSpec, Spec, build, mutate

from .test_properties import agrees, examples

PROJECTS = [*cases(), *applications()]


@pytest.fixture(params=PROJECTS, ids=lambda project: project.name)
def project(request: pytest.FixtureRequest) -> Project:
    found: Project = request.param
    return found


def table_of(project: Project, folder: Path) -> RouteTable:
    """The static table; projects that this Python cannot read are none of ours."""
    table, _ = static_table(write(project, folder), project.app)
    if table is None and not project.importable:
        return build([])
    assert table is not None
    return table


def test_a_refactor_that_changes_no_answer_is_silent(project: Project, tmp_path: Path) -> None:
    """Comments and blank lines everywhere, and every file in another folder."""
    before = table_of(project, tmp_path / "before")
    again = table_of(project, tmp_path / "again")
    assert compare(before, again, "strict").findings == ()
    folder = write(project, tmp_path / "after")
    for path in folder.rglob("*.py"):
        path.write_bytes(spread(path.read_bytes()))
    after, _ = static_table(folder, project.app)
    assert after is not None or not before.routes
    if after is not None:
        assert compare(before, after, "strict").findings == ()
        assert compare(after, before, "strict").findings == ()


def test_functions_may_move_and_disjoint_routes_change_places(
    project: Project, tmp_path: Path
) -> None:
    before = table_of(project, tmp_path)
    after = replace(before, root=_refactored(before.root, Random(1)))
    for level in LEVELS[:-1]:
        assert compare(before, after, level).findings == ()
    assert {finding.rule for finding in compare(before, after, "strict").findings} <= {"RT210"}


def test_a_manifest_says_what_the_source_says(project: Project, tmp_path: Path) -> None:
    before = table_of(project, tmp_path)
    text = load(dump(before))
    assert compare(text, load(dump(before)), "strict").findings == ()
    for level in LEVELS:
        assert compare(before, text, level).findings == ()
        assert compare(text, before, level).findings == ()


@pytest.mark.parametrize("seed", range(40))
def test_mutated_applications_show_what_is_claimed(seed: int, tmp_path: Path) -> None:
    """Real tables, changed as pull requests change them, run before and after."""
    rng = Random(seed)
    project = rng.choice(applications())
    base = specs_of(table_of(project, tmp_path).root)
    head = mutate(rng, base)
    apps = application(base), application(head)
    found = compare(build(base), build(head), "strict")
    for example, claims in examples(found):
        witness = example.witness
        for app, reply in zip(apps, claims, strict=True):
            told = observe(app, witness.protocol, witness.method, unquote(witness.path))
            assert agrees(reply, told), (example, told)
    for protocol, method, path in requests(rng, base, head):
        if observe(apps[0], protocol, method, path) != observe(apps[1], protocol, method, path):
            assert found.findings, (protocol, method, path)


def spread(source: bytes) -> bytes:
    """The same program with comments and blank lines between its statements."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    lines = source.split(b"\n")
    starts = set()
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        # A statement after a semicolon, or a line that a string goes on to, is left alone.
        if lines[first - 1][:1] not in (b" ", b"\t") and node.col_offset == 0:
            starts.add(first)
    starts -= {line for line in starts if line <= 2}
    found: list[bytes] = []
    for number, line in enumerate(lines, 1):
        if number in starts:
            found += [b"", b"# A remark.", b""]
        found.append(line)
    return b"\n".join(found)


def specs_of(app: App) -> list[Spec]:
    """A real table as a description that can be mutated and run."""
    return [spec for entry in app.entries if (spec := _spec(entry)) is not None]


def _spec(entry: Entry) -> Spec | None:
    match entry:
        case Route():
            handler = f"{entry.handler.module}.{entry.handler.qualname}".replace(".", "_")
            methods = [method for method in entry.methods if method != "HEAD"]
            if "GET" not in entry.methods and "HEAD" in entry.methods:
                methods.append("HEAD")
            return RouteSpec(entry.own, handler, entry.kind, methods, entry.name)
        case Mount():
            children = None if entry.app is None else specs_of(entry.app)
            kind = "flama" if entry.app is None else entry.app.kind
            group = entry.app is not None and entry.app.group
            target = entry.target.qualname
            return MountSpec(entry.own, target, children, entry.name, kind, group)
        case _:
            return None


def _refactored(app: App, rng: Random) -> App:
    """Handlers in other modules, and neighbours that share no request in the other order."""
    entries = [_moved(entry, rng) for entry in app.entries]
    for _ in range(len(entries)):
        for at in range(len(entries) - 1):
            if rng.random() < 0.5 and _disjoint(entries[at], entries[at + 1]):
                entries[at], entries[at + 1] = entries[at + 1], entries[at]
    return replace(app, entries=tuple(entries))


def _moved(entry: Entry, rng: Random) -> Entry:
    match entry:
        case Route(handler=Handler(late=False)) if entry.body_digest:
            if entry.handler.module == "flama.schemas":
                return entry
            return replace(entry, handler=replace(entry.handler, module="elsewhere.views"))
        case Mount(app=App() as inner):
            return replace(entry, app=_refactored(inner, rng))
        case _:
            return entry


def _disjoint(a: Entry, b: Entry) -> bool:
    """Whether no request and no name can tell in which order two routes stand."""
    if not isinstance(a, Route) or not isinstance(b, Route) or a.name == b.name:
        return False
    if len(a.segments) != len(b.segments):
        return a.own != "/" and b.own != "/"
    return not all(map(meets, a.segments, b.segments))


def test_the_helpers_do_something(tmp_path: Path) -> None:
    project = applications()[0]
    table = table_of(project, tmp_path)
    assert copy.deepcopy(specs_of(table.root)) == specs_of(table.root) != []
    assert _refactored(table.root, Random(1)) != table.root
    source = b'"""Doc."""\n\nimport a\n\n\n@b\ndef c():\n    return 1\n'
    assert spread(source).count(b"# A remark.") == 2
    shutil.rmtree(tmp_path)
