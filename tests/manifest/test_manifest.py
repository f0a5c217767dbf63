"""The manifest keeps what a review needs, reads back what it wrote, and merges."""

from __future__ import annotations

import json
import string
import subprocess
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from flama_compile.ir.routes import Handler, Parameter, Route, RouteTable, View
from flama_compile.manifest import ManifestError, dump, load, stored
from hypothesis import given
from hypothesis import strategies as st
from support.tables import MountSpec, RouteSpec, SiteSpec, Spec, build, random_specs

EXAMPLE = """\
# flama routes 1 · shop.main:app
GET,HEAD   /items/{item_id:int}/   shop.items:show   name=show query=q:str?,limit:int=10 body=- schema=yes
WS         /feed/{topic}/          shop.feed:stream  name=stream
MOUNT      /static                 starlette.staticfiles:StaticFiles  name=static
MOUNT      /admin                  shop.admin:app    name=admin
  GET,HEAD /admin/users/{id:uuid}/ shop.admin:user   name=admin:user
DYNAMIC    -                       shop/plugins.py   reason=loop-over-unknown
"""  # noqa: E501


def query(name: str, type: str = "", default: str | None = None) -> Parameter:
    return Parameter(name, "positional", type, default, "query")


def example() -> RouteTable:
    """The table of the example, by hand."""
    show = (View("", (query("q", "str?"), query("limit", "int", "10")), True, ""),)
    specs: list[Spec] = [
        RouteSpec("/items/{item_id:int}/", "show", views=show, module="shop.items"),
        RouteSpec("/feed/{topic}/", "stream", "websocket", [], module="shop.feed"),
        MountSpec("/static", "StaticFiles", None, "static"),
        MountSpec("/admin", "app", [RouteSpec("/users/{id:uuid}/", "user", module="shop.admin")]),
        SiteSpec(),
    ]
    specs[3].name = "admin"  # type: ignore[union-attr]
    table = build(specs, "shop.main:app")
    targets = iter(["starlette.staticfiles:StaticFiles", "shop.admin:app"])
    entries = tuple(
        (
            replace(entry, target=Handler(*next(targets).split(":")))
            if hasattr(entry, "target")
            else entry
        )
        for entry in table.root.entries
    )
    return replace(table, root=replace(table.root, entries=entries))


def test_it_is_written_exactly_so() -> None:
    assert dump(example()) == EXAMPLE


def test_it_is_read_back() -> None:
    assert load(EXAMPLE) == stored(example())
    assert load(EXAMPLE.encode()) == stored(example())


texts = st.text(st.characters(exclude_categories=[]), max_size=8)
names = st.one_of(
    texts, st.sampled_from(["?", "-", "#", "a b", "a,b", "a=b", '"', "\\", "\n", "é"])
)
identifiers = st.from_regex(r"[^\W\d]\w{0,5}", fullmatch=True)
literals = st.text(st.characters(exclude_characters="/{}"), min_size=1, max_size=5)
tokens = st.one_of(
    st.sampled_from(["WS", "MOUNT", "DYNAMIC", "-", "GET", "#X", "get"]),
    st.text(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~", min_size=1, max_size=6),
)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    types = st.one_of(st.sampled_from(["", "int", "str?", "list[int]", "m:Item", "*"]), names)
    return Parameter(
        draw(identifiers),
        "positional",
        draw(types),
        draw(st.none() | names),
        draw(st.sampled_from(["query", "body", "path", "component"])),
    )


@st.composite
def views(draw: st.DrawFn, verb: str) -> View:
    if draw(st.integers(0, 9)) == 0:
        return View(verb, (), None, draw(names), late=True)
    return View(verb, tuple(draw(st.lists(parameters(), max_size=3))), True, draw(names))


@st.composite
def routes(draw: st.DrawFn) -> RouteSpec:
    parts = draw(st.lists(st.one_of(literals, st.sampled_from(["", "{x:int}", "{x}"])), max_size=3))
    own = "".join(f"/{part}" for part in parts)
    if own.count("{x") > 1:
        own = "/x"
    is_class = draw(st.booleans())
    verbs = draw(st.lists(identifiers, unique=True, max_size=3)) if is_class else [""]
    kind = draw(st.sampled_from(["http", "websocket"]))
    return RouteSpec(
        own,
        draw(identifiers | st.just("make.<locals>.view")),
        kind,
        draw(st.lists(tokens, unique=True, max_size=3)) if kind == "http" else [],
        draw(st.none() | names),
        tuple(draw(views(verb)) for verb in verbs),
        draw(st.booleans()),
        is_class,
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.none() | names.filter(bool)),
        draw(st.none() | st.sampled_from(["bytes", "text", "json"])),
    )


@st.composite
def specs(draw: st.DrawFn, depth: int = 2) -> list[Spec]:
    found: list[Spec] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["route", "route", "mount", "site"]))
        if kind == "site":
            found.append(SiteSpec(draw(names), draw(names)))
        elif kind == "mount" and depth:
            own = "/" + draw(literals)
            children = draw(st.none() | specs(depth - 1))
            name = draw(st.none() | names)
            app = draw(st.sampled_from(["flama", "router"]))
            target = draw(identifiers)
            found.append(MountSpec(own, target, children, name, app, draw(st.booleans())))
        else:
            found.append(draw(routes()))
    return found


@given(described=specs())
def test_nothing_is_lost(described: list[Spec]) -> None:
    """Whatever stands in names, paths, types and defaults."""
    table = build(described)
    text = dump(table)
    assert load(text) == stored(table)
    assert dump(load(text)) == text
    assert stored(stored(table)) == stored(table)
    assert text.count("\n") == 1 + sum(1 for _ in table.walk())
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}
    text.encode("utf-8")


@given(rng=st.randoms(use_true_random=False))
def test_widths_and_line_ends_do_not_matter(rng: Random) -> None:
    text = dump(build(random_specs(rng)))
    lines = text.split("\n")
    loose = [lines[0], "", "# a comment", *lines[1:]]
    assert load("\ufeff" + "\r\n".join(loose)) == load(text)
    squeezed = [" ".join(line.split()) if not line.startswith(" ") else line for line in lines[1:]]
    assert load("\n".join([lines[0], *squeezed])) == load(text)


def test_a_change_touches_one_line() -> None:
    """Neither a longer path nor a route in the middle moves any other line."""
    base: list[Spec] = [RouteSpec(f"/r{number}", "f") for number in range(9)]
    longer: list[Spec] = [*base[:4], RouteSpec("/" + "long" * 30, "handler" * 9), *base[4:]]
    before, after = dump(build(base)).split("\n"), dump(build(longer)).split("\n")
    assert [line for line in after if line not in before] == [after[5]]
    assert [line for line in after if line != after[5]] == before


def test_late_things_are_marked() -> None:
    route = RouteSpec("/a", "make.<locals>.f", late=True, views=(View("", (), None, "", True),))
    table = build([route])
    entry = table.root.entries[0]
    assert isinstance(entry, Route)
    late = replace(table, root=replace(table.root, entries=(replace(entry, name=None),)))
    line = dump(late).split("\n")[1]
    assert line.endswith("name=? handler=? query=? body=? schema=yes")
    assert load(dump(late)) == stored(late)


def test_places_are_those_of_the_lines() -> None:
    table = load(EXAMPLE, "shop/main.routes")
    assert [str(entry.span) for entry in table.walk()] == [
        f"shop/main.routes:{line}:1" for line in range(2, 8)
    ]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "this is not a manifest"),
        ("GET /a m:f name=f\n", 1, "this is not a manifest"),
        ("# flama routes 2 · a:b\nNEW thing\n", 1, "the manifest has format 2"),
        ("# flama routes 0 · a:b\n", 1, "does not name the application"),
        ("# flama routes 1\n", 1, "does not name the application"),
        ("# flama routes 1 · a:b\nGET /a\n", 2, "fewer than three columns"),
        ("# flama routes 1 · a:b\nGET /a m:f\n", 2, "the route has no name"),
        ("# flama routes 1 · a:b\nGET /a mf name=f\n", 2, "mf is not of the form module:name"),
        ("# flama routes 1 · a:b\nGET a m:f name=f\n", 2, "a is not below the mount"),
        ("# flama routes 1 · a:b\nGET /{a m:f name=f\n", 2, "neither a literal"),
        ("# flama routes 1 · a:b\nGET /{a:path} m:f name=f\n", 2, "unknown parameter type 'path'"),
        ("# flama routes 1 · a:b\nGET /a m:f name=f x=1\n", 2, "x is no field"),
        ("# flama routes 1 · a:b\nGET /a m:f name=f name=g\n", 2, "name stands twice"),
        ("# flama routes 1 · a:b\nGET /a m:f name=f schema=maybe\n", 2, "neither yes nor no"),
        ("# flama routes 1 · a:b\nGET /a m:f name=f junk\n", 2, "not of the form key=value"),
        ('# flama routes 1 · a:b\nGET /a m:f name="f\n', 2, "quotation mark"),
        ('# flama routes 1 · a:b\nGET /a m:f name="\\x"\n', 2, "is not a quoted string"),
        ("# flama routes 1 · a:b\n  GET /a m:f name=f\n", 2, "indented below no mount"),
        ("# flama routes 1 · a:b\n GET /a m:f name=f\n", 2, "indented below no mount"),
        ("# flama routes 1 · a:b\nMOUNT /a m:f\n    GET /a/b m:f name=f\n", 3, "indented below no"),
        ("# flama routes 1 · a:b\nMOUNT /a m:f\n  GET /b m:f name=f\n", 3, "/b is not below"),
        ("# flama routes 1 · a:b\nMOUNT /a m:f\n  GET /ab m:f name=f\n", 3, "/ab is not below"),
        ("# flama routes 1 · a:b\nMOUNT /a m:f name=n\n  GET /a/b m:f name=f\n", 3, "with n:"),
        ("# flama routes 1 · a:b\nMOUNT /a m:f app=django\n", 2, "neither flama nor router"),
        ("# flama routes 1 · a:b\n<<<<<<< HEAD\n", 2, "marks of a merge conflict"),
        ("# flama routes 1 · a:b\n=======\n", 2, "marks of a merge conflict"),
    ],
)
def test_a_damaged_manifest_says_where_and_what(text: str, line: int, problem: str) -> None:
    with pytest.raises(ManifestError) as caught:
        load(text, "main.routes")
    assert str(caught.value).startswith(f"main.routes:{line}: ")
    assert problem in caught.value.problem
    assert "flama-compile" in caught.value.help


def test_a_manifest_that_is_not_utf_8_says_where() -> None:
    with pytest.raises(ManifestError, match=r"manifest:2: the line is not UTF-8"):
        load(b"# flama routes 1 \xc2\xb7 a:b\nGET /\xff m:f name=f\n")


def test_the_header_may_say_more_one_day() -> None:
    assert load("# flama routes 1 · a:b · sorted\n").app == "a:b"


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def merged(folder: Path, base: list[Spec], ours: list[Spec], theirs: list[Spec]) -> tuple[int, str]:
    """The exit code of a real merge of three manifests, and the text that it leaves."""
    git(folder, "init", "-q", "-b", "main")
    path = folder / "main.routes"

    def commit(specs: list[Spec], name: str) -> None:
        path.write_text(dump(build(specs)), encoding="utf-8")
        git(folder, "add", ".")
        assert git(folder, "commit", "-q", "-m", name).returncode == 0

    commit(base, "base")
    git(folder, "checkout", "-q", "-b", "theirs")
    commit(theirs, "theirs")
    git(folder, "checkout", "-q", "main")
    commit(ours, "ours")
    done = git(folder, "merge", "-q", "theirs")
    return done.returncode, path.read_text(encoding="utf-8")


BASE: list[Spec] = [
    *(RouteSpec(f"/shop/{number}", f"shop{number}") for number in range(6)),
    MountSpec("/admin", "admin", [RouteSpec(f"/{number}", f"a{number}") for number in range(6)]),
    *(RouteSpec(f"/late/{number}", f"late{number}") for number in range(6)),
]


def inserted(at: int, path: str) -> list[Spec]:
    specs = list(BASE)
    specs.insert(at, RouteSpec(path, "new"))
    return specs


@pytest.mark.parametrize(("ours", "theirs"), [(0, 3), (1, 13), (3, 7), (7, 13), (2, 9)])
def test_routes_of_two_branches_merge(tmp_path: Path, ours: int, theirs: int) -> None:
    """Two routes at two places need no help."""
    left, right = inserted(ours, "/ours"), inserted(theirs, "/theirs/and/longer/than/the/column")
    code, text = merged(tmp_path, BASE, left, right)
    assert code == 0
    both = inserted(theirs, "/theirs/and/longer/than/the/column")
    both.insert(ours, RouteSpec("/ours", "new"))
    assert load(text) == stored(build(both))


def test_routes_at_one_place_merge_with_the_union_driver(tmp_path: Path) -> None:
    """What the README recommends: `*.routes merge=union` keeps both lines, ours first."""
    (tmp_path / ".gitattributes").write_text("*.routes merge=union\n")
    end = len(BASE)
    code, text = merged(tmp_path, BASE, inserted(end, "/ours"), inserted(end, "/theirs"))
    assert code == 0
    paths = [json.dumps(route.path) for route in load(text).routes[-2:]]
    assert paths == ['"/ours"', '"/theirs"']


def test_a_conflict_is_named(tmp_path: Path) -> None:
    """Two changes of one line stay a conflict, and reading says so."""
    ours = [RouteSpec("/shop/0", "ours"), *BASE[1:]]
    theirs = [RouteSpec("/shop/0", "theirs"), *BASE[1:]]
    code, text = merged(tmp_path, BASE, ours, theirs)
    assert code == 1
    with pytest.raises(ManifestError, match="marks of a merge conflict"):
        load(text)


def test_ten_thousand_routes() -> None:
    specs: list[Spec] = [
        RouteSpec(f"/r{number}/{{id:int}}/x", f"f{number}") for number in range(10_000)
    ]
    table = build(specs)
    assert load(dump(table)) == stored(table)
