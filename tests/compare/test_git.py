"""From end to end on real repositories: the usual pull requests, and every kind of clone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.projects import Ran

from .conftest import Repo

Diff = Callable[..., Ran]

MAIN = """\
from flama import Flama

from shop import users
from shop.items import router

app = Flama(schema=None, docs=None)
users.register(app)
app.mount("/items", router, name="items")


@app.get("/health")
def health():
    return {"ok": True}
"""
USERS = """\
def me():
    return {"me": True}


def show(id: str):
    return {"id": id}


def register(app):
    app.add_route("/users/me", me)
    app.add_route("/users/{id}", show)
"""
ITEMS = """\
from flama import Router

router = Router()


@router.get("/")
def index(limit: int = 10):
    return []


@router.get("/{item_id:int}")
def item(item_id: int):
    return {"id": item_id}
"""
PROJECT = '[project]\nname = "shop"\n\n[tool.flama-compile]\napp = "shop.main:app"\n'
FILES: dict[str, str | None] = {
    "pyproject.toml": PROJECT,
    "shop/__init__.py": "",
    "shop/main.py": MAIN,
    "shop/users.py": USERS,
    "shop/items.py": ITEMS,
}


@pytest.fixture
def project(repo: Repo) -> Repo:
    """A small service on `main`, with a branch of its own checked out."""
    repo.commit("base", FILES)
    repo.git("checkout", "-q", "-b", "feature")
    return repo


def found(ran: Ran) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    return findings


def rules(ran: Ran) -> list[tuple[str, str]]:
    return [
        (
            (finding["rule"], f"{finding['witness']['method']} {finding['witness']['path']}")
            if finding["witness"]
            else (finding["rule"], "")
        )
        for finding in found(ran)
    ]


def test_a_route_moved_above_another_fails_with_one_finding(project: Repo, diff: Diff) -> None:
    """The case that this tool exists for."""
    swapped = USERS.replace(
        '    app.add_route("/users/me", me)\n    app.add_route("/users/{id}", show)\n',
        '    app.add_route("/users/{id}", show)\n    app.add_route("/users/me", me)\n',
    )
    project.commit("swap", {"shop/users.py": swapped})
    ran = diff("--format", "json").expect(1)
    document = json.loads(ran.stdout)
    assert document["summary"] == {"breaking": 1, "risky": 0, "safe": 0}
    assert document["exact"] is True and document["format"] == 1
    (finding,) = document["findings"]
    assert finding == {
        "rule": "RT202",
        "slug": "precedence-changed",
        "severity": "breaking",
        "proof": "witnessed",
        "witness": {"protocol": "http", "method": "GET", "path": "/users/me"},
        "was": {"handler": "shop.users:me", "params": {}},
        "now": {"handler": "shop.users:show", "params": {"id": "me"}},
        "source": {"file": "shop/users.py", "line": 10, "column": 5},
        "message": "`/users/{id}` moved above `/users/me`",
        "fingerprint": finding["fingerprint"],
    }
    text = diff().expect(1).stdout
    assert "GET /users/me  was shop.users:me  now shop.users:show (id='me')" in text
    assert "shop/users.py:10 (was :11)" in text
    assert "curl -i http://localhost:8000/users/me" in text
    assert len(text.splitlines()) < 15


def test_a_refactor_of_forty_files_passes_in_silence(repo: Repo, diff: Diff) -> None:
    """Modules move, functions move between them, imports change: no answer does."""
    many = {
        f"pkg/views{number}.py": (
            f"def show{number}(id: int):\n    return {{'id': id, 'n': {number}}}\n\n\n"
            f"def list{number}(limit: int = 10):\n    return [{number}]\n"
        )
        for number in range(40)
    }
    register = "".join(
        f"    app.add_route('/r{number}/', views{number}.list{number})\n"
        f"    app.add_route('/r{number}/{{id:int}}', views{number}.show{number})\n"
        for number in range(40)
    )
    imports = "".join(f"from pkg import views{number}\n" for number in range(40))
    main = f"from flama import Flama\n{imports}\n\ndef register(app):\n{register}\n\n"
    main += "app = Flama()\nregister(app)\n"
    repo.commit("base", {"pkg/__init__.py": "", "main.py": main, **many})
    repo.git("checkout", "-q", "-b", "refactor")
    moved: dict[str, str | None] = {name: None for name in many}
    for name, text in many.items():
        number = name.removeprefix("pkg/views").removesuffix(".py")
        show, listed = text.split("\n\n\n")
        moved[f"pkg/area{number}/__init__.py"] = ""
        moved[f"pkg/area{number}/one.py"] = f'"""Moved."""\n\n\n{show}\n'
        moved[f"pkg/area{number}/many.py"] = f"# Moved too.\n{listed}"
    lines = ["from flama import Flama", ""]
    lines += [f"from pkg.area{n} import many as many{n}, one as one{n}" for n in range(40)]
    lines += ["", 'PREFIX = "/r"', "app = Flama()", ""]
    # Disjoint routes, so the other order is the same application.
    for number in reversed(range(40)):
        lines.append(f"app.add_route(f'{{PREFIX}}{number}/', many{number}.list{number})")
        lines.append(f"app.add_route(PREFIX + '{number}/{{id:int}}', one{number}.show{number})")
    repo.commit("refactor", {**moved, "main.py": "\n".join(lines) + "\n"})
    ran = diff("--format", "json").expect(0)
    assert found(ran) == []
    assert json.loads(ran.stdout)["exact"] is True
    strict = diff("--contract", "strict", "--format", "json").expect(0)
    assert {rule for rule, _ in rules(strict)} == {"RT210"}


SHAPES: list[tuple[str, dict[str, str | None], int, list[tuple[str, str]]]] = [
    ("nothing", {}, 0, []),
    ("comments", {"shop/main.py": "# New.\n\n" + MAIN.replace("def", "async def")}, 0, []),
    (
        "add",
        {"shop/main.py": MAIN + '\n\n@app.get("/v2")\ndef v2():\n    return 2\n'},
        0,
        [("RT104", "GET /v2")],
    ),
    (
        "remove",
        {"shop/main.py": MAIN.split("\n\n\n@app")[0] + "\n"},
        1,
        [("RT101", "GET /health")],
    ),
    (
        "rename a function",
        {"shop/main.py": MAIN.replace("def health", "def alive")},
        1,
        [("RT402", "")],
    ),
    (
        "rename a path",
        {"shop/main.py": MAIN.replace('"/health"', '"/alive"')},
        1,
        [("RT101", "GET /health")],
    ),
    (
        "move a mount",
        {"shop/main.py": MAIN.replace('"/items"', '"/v1/items"')},
        1,
        [("RT501", "GET /items")],
    ),
    (
        "name a mount",
        {"shop/main.py": MAIN.replace('name="items"', 'name="things"')},
        1,
        [("RT504", "")],
    ),
    (
        "change a converter",
        {"shop/items.py": ITEMS.replace("{item_id:int}", "{item_id:uuid}")},
        1,
        [("RT303", "GET /items/7")],
    ),
    (
        "narrow a parameter",
        {"shop/users.py": USERS.replace("/users/{id}", "/users/{id:int}")},
        1,
        [("RT301", "GET /users/abc")],
    ),
    (
        "require a query parameter",
        {"shop/items.py": ITEMS.replace("limit: int = 10", "limit: int")},
        1,
        [("RT312", "")],
    ),
    (
        "a trailing slash",
        {"shop/main.py": MAIN.replace('"/health"', '"/health/"')},
        1,
        [("RT307", "GET /health")],
    ),
    (
        "a mount above a route",
        {"shop/main.py": MAIN.replace('"/items", router', '"/users", router')},
        1,
        [("RT501", "GET /items")],
    ),
    (
        "move a module",
        {
            "shop/items.py": None,
            "shop/catalogue/__init__.py": "",
            "shop/catalogue/items.py": ITEMS,
            "shop/main.py": MAIN.replace("shop.items", "shop.catalogue.items"),
        },
        0,
        [],
    ),
]


@pytest.mark.parametrize(
    ("files", "code", "expected"), [shape[1:] for shape in SHAPES], ids=[s[0] for s in SHAPES]
)
def test_the_usual_pull_requests(
    project: Repo,
    diff: Diff,
    files: dict[str, str | None],
    code: int,
    expected: list[tuple[str, str]],
) -> None:
    project.commit("change", files)
    assert rules(diff("--format", "json").expect(code)) == expected
    named = diff("main", "feature", "--format", "json").expect(code)
    assert rules(named) == expected


def test_a_foreign_application_may_move_too(project: Repo, diff: Diff) -> None:
    """Its body is its identity, as that of a view."""
    echo = "async def echo(scope, receive, send):\n    await send({'type': 'x'})\n"
    mount = '\napp.mount("/echo", echo)\n'
    project.commit(
        "mount",
        {"shop/echo.py": echo, "shop/main.py": "from shop.echo import echo\n" + MAIN + mount},
    )
    project.git("checkout", "-q", "-b", "next")
    moved = {"shop/echo.py": None, "shop/tools.py": "# Moved.\n" + echo}
    main = {"shop/main.py": "from shop.tools import echo\n" + MAIN + mount}
    project.commit("move", {**moved, **main})
    assert rules(diff("feature", "--format", "json").expect(0)) == []
    strict = diff("feature", "--contract", "strict", "--format", "json").expect(0)
    assert [rule for rule, _ in rules(strict)] == ["RT210"]
    other = echo.replace("'x'", "'y'")
    project.commit("replace", {"shop/tools.py": other})
    replaced = found(diff("feature", "--format", "json").expect(0))
    assert [(each["rule"], each["severity"], each["proof"]) for each in replaced] == [
        ("RT502", "risky", "unproven")
    ]


def test_a_merge_of_main_adds_nothing(project: Repo, diff: Diff) -> None:
    """What `main` gained meanwhile is not the pull request's."""
    project.commit(
        "feature", {"shop/main.py": MAIN + '\n\n@app.get("/v2")\ndef v2():\n    return 2\n'}
    )
    project.git("checkout", "-q", "main")
    more = ITEMS + '\n\n@router.delete("/{item_id:int}")\ndef drop(item_id: int):\n    return 0\n'
    project.commit("main moves on", {"shop/items.py": more})
    project.git("checkout", "-q", "feature")
    assert rules(diff("--format", "json").expect(0)) == [("RT104", "GET /v2")]
    project.git("merge", "-q", "-m", "merge", "main")
    assert rules(diff("--format", "json").expect(0)) == [("RT104", "GET /v2")]
    # Against the tip of main, without the merge base, it is the same after the merge.
    assert rules(diff("main", "--format", "json").expect(0)) == [("RT104", "GET /v2")]


def test_uncommitted_changes_count(project: Repo, diff: Diff) -> None:
    project.write({"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    assert rules(diff("--format", "json").expect(1)) == [("RT101", "GET /health")]
    assert rules(diff("main", "HEAD", "--format", "json").expect(0)) == []


def test_a_detached_head(project: Repo, diff: Diff) -> None:
    commit = project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    project.git("checkout", "-q", commit)
    assert rules(diff("--format", "json").expect(1)) == [("RT101", "GET /health")]


def test_the_base_of_a_pull_request_in_actions(
    project: Repo, diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.git("checkout", "-q", "-b", "release", "main")
    project.commit("release", {"shop/main.py": MAIN.replace('"/health"', '"/up"')})
    project.git("checkout", "-q", "-b", "fix")
    project.commit("fix", {"shop/users.py": USERS.replace("/users/me", "/users/self")})
    clone = Repo(tmp_path / "clone")
    project.git("clone", "-q", str(project.folder), str(clone.folder))
    clone.git("checkout", "-q", "fix")
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    ran = diff("--format", "json", cwd=clone.folder).expect(1)
    assert rules(ran)[0] == ("RT101", "GET /users/me")
    assert json.loads(ran.stdout)["base"].startswith("origin/release (")


def test_a_bare_clone(project: Repo, diff: Diff, tmp_path: Path) -> None:
    project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    bare = tmp_path / "bare.git"
    project.git("clone", "-q", "--bare", str(project.folder), str(bare))
    before = sorted(bare.iterdir())
    ran = diff("main", "feature", "--format", "json", cwd=bare).expect(1)
    assert rules(ran) == [("RT101", "GET /health")]
    assert sorted(bare.iterdir()) == before


def test_a_linked_worktree(project: Repo, diff: Diff, tmp_path: Path) -> None:
    other = tmp_path / "other"
    project.git("worktree", "add", "-q", "-b", "elsewhere", str(other), "main")
    (other / "shop" / "main.py").write_text(MAIN.replace('"/health"', '"/healthz"'))
    assert rules(diff("--format", "json", cwd=other).expect(1)) == [("RT101", "GET /health")]


def test_a_partial_clone(project: Repo, diff: Diff, tmp_path: Path) -> None:
    """Blobs are fetched when they are asked for, and no others."""
    project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    project.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    source = f"file://{project.folder}"
    project.git("clone", "-q", "--filter=blob:none", "--branch", "feature", source, str(clone))
    ran = diff("origin/main", "--format", "json", cwd=clone).expect(1)
    assert rules(ran) == [("RT101", "GET /health")]


def shallow(project: Repo, tmp_path: Path) -> Repo:
    clone = tmp_path / "shallow"
    source = f"file://{project.folder}"
    project.git("clone", "-q", "--depth=1", "--branch", "feature", source, str(clone))
    return Repo(clone)


def helped(ran: Ran) -> str:
    """The command that an error tells to run."""
    (line,) = (line for line in ran.stderr.splitlines() if line.startswith("help: run `"))
    return line.removeprefix("help: run `").removesuffix("`")


def test_a_shallow_clone_says_what_to_fetch(project: Repo, diff: Diff, tmp_path: Path) -> None:
    """Each command that is told works as it stands, and is enough."""
    project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    clone = shallow(project, tmp_path)
    ran = diff("main", cwd=clone.folder).expect(2)
    assert ran.stdout == ""
    assert "`main` is no ref of this clone" in ran.stderr
    subprocess.run(helped(ran), shell=True, cwd=clone.folder, check=True, capture_output=True)
    after = diff("main", "--format", "json", cwd=clone.folder).expect(1)
    assert rules(after) == [("RT101", "GET /health")]


def test_a_missing_merge_base_says_what_to_fetch(
    project: Repo, diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    project.git("checkout", "-q", "main")
    project.commit("main moves on")
    clone = shallow(project, tmp_path)
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    first = diff(cwd=clone.folder).expect(2)
    subprocess.run(helped(first), shell=True, cwd=clone.folder, check=True, capture_output=True)
    second = diff(cwd=clone.folder).expect(2)
    assert "shallow" in second.stderr and "--unshallow" in helped(second)
    subprocess.run(helped(second), shell=True, cwd=clone.folder, check=True, capture_output=True)
    assert rules(diff("--format", "json", cwd=clone.folder).expect(1)) == [("RT101", "GET /health")]


def test_a_commit_that_a_shallow_clone_lacks(project: Repo, diff: Diff, tmp_path: Path) -> None:
    base = project.git("rev-parse", "HEAD")
    project.commit("v2", {"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    clone = shallow(project, tmp_path)
    ran = diff(base, cwd=clone.folder).expect(2)
    subprocess.run(helped(ran), shell=True, cwd=clone.folder, check=True, capture_output=True)
    assert rules(diff(base, "--format", "json", cwd=clone.folder).expect(1))


def test_a_ref_that_nobody_knows(project: Repo, diff: Diff) -> None:
    ran = diff("nowhere").expect(2)
    assert "BASE: `nowhere` is no ref of this clone, no folder and no file" in ran.stderr
    assert "help:" not in ran.stderr


def test_no_git_at_all(diff: Diff, tmp_path: Path) -> None:
    for name, text in (("old", MAIN), ("new", MAIN.replace('"/health"', '"/healthz"'))):
        folder = tmp_path / name
        for file, content in {**FILES, "shop/main.py": text}.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content or "")
    ran = diff(cwd=tmp_path / "new").expect(2)
    assert "this is no git repository" in ran.stderr and "help: name a folder" in ran.stderr
    both = diff("../old", "--format", "json", cwd=tmp_path / "new").expect(1)
    assert rules(both) == [("RT101", "GET /health")]
    named = diff("old", "new", "--format", "json", cwd=tmp_path).expect(1)
    assert rules(named) == [("RT101", "GET /health")]


def test_git_is_not_installed(project: Repo, diff: Diff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    ran = diff("main").expect(2)
    assert "git is not installed" in ran.stderr


def test_a_repository_of_somebody_else(
    project: Repo, diff: Diff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers of CI often run as another user; git refuses, and its advice is passed on."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    ran = diff("main").expect(2)
    assert "dubious ownership" in ran.stderr
    assert "help: run `git config --global --add safe.directory" in ran.stderr


def test_an_empty_repository(repo: Repo, diff: Diff) -> None:
    repo.write(FILES)
    ran = diff().expect(2)
    assert "there is no commit yet" in ran.stderr


def test_a_project_below_the_top(repo: Repo, diff: Diff) -> None:
    below = {f"services/shop/{name}": text for name, text in FILES.items()}
    repo.commit("base", below)
    repo.git("checkout", "-q", "-b", "feature")
    path = repo.folder / "services" / "shop"
    (path / "shop" / "main.py").write_text(MAIN.replace('"/health"', '"/healthz"'))
    ran = diff("--format", "json", cwd=path).expect(1)
    assert rules(ran) == [("RT101", "GET /health")]
    from_above = diff("--root", "services/shop", "--format", "github").expect(1)
    assert "file=services/shop/shop/main.py" in from_above.stdout


def test_the_module_of_the_application_moved(project: Repo, diff: Diff) -> None:
    project.commit(
        "rename",
        {
            "shop/main.py": None,
            "shop/application.py": MAIN,
            "pyproject.toml": "[project]\nname = 'shop'\n",
        },
    )
    apps = ("--app", "BASE=shop.main:app", "--app", "HEAD=shop.application:app")
    assert rules(diff(*apps, "--format", "json").expect(0)) == []
    # The base's own pyproject names the old module, so its side need not be given.
    assert rules(diff("--app", "HEAD=shop.application:app", "--format", "json").expect(0)) == []
    lost = diff("--app", "BASE=shop.nowhere:app", "--app", "HEAD=shop.application:app").expect(2)
    assert "--app BASE=" in lost.stderr
    assert "neither BASE nor HEAD" in diff("--app", "OLD=a:b").expect(2).stderr


def test_a_submodule(project: Repo, diff: Diff, tmp_path: Path) -> None:
    """Its files are read from its own repository; one that is absent is told."""
    library = Repo(tmp_path / "library")
    library.folder.mkdir()
    library.git("init", "-q", "-b", "main")
    view = "def extra():\n    return 1\n"
    library.commit("library", {"__init__.py": "", "views.py": view})
    project.git("submodule", "--quiet", "add", str(library.folder), "extra")
    with_extra = MAIN.replace(
        "from shop import users", "from extra import views\nfrom shop import users"
    )
    with_extra += '\n\napp.add_route("/extra", views.extra)\n'
    project.commit("with a submodule", {"shop/main.py": with_extra})
    project.git("checkout", "-q", "-b", "next")
    project.commit("next", {"shop/main.py": with_extra.replace('"/health"', '"/healthz"')})
    ran = diff("feature", "--format", "json").expect(1)
    assert rules(ran) == [("RT101", "GET /health")]
    clone = tmp_path / "clone"
    project.git("clone", "-q", "--branch", "next", str(project.folder), str(clone))
    absent = diff("origin/feature", "--format", "json", cwd=clone).expect(2)
    assert "git submodule update --init extra" in absent.stderr


def test_manifests(project: Repo, diff: Diff) -> None:
    """A file, a committed one, and one against source."""
    diff(command="build").expect(0)
    project.commit("with a manifest")
    project.git("checkout", "-q", "-b", "next")
    project.write({"shop/main.py": MAIN.replace('"/health"', '"/healthz"')})
    committed = diff("feature:shop/main.routes", "--format", "json").expect(1)
    assert [rule for rule, _ in rules(committed)] == ["RT101"]
    assert json.loads(committed.stdout)["base"] == "feature:shop/main.routes"
    old = project.folder / "old.routes"
    shutil.copy(project.folder / "shop" / "main.routes", old)
    diff(command="build").expect(0)
    both = diff("old.routes", "shop/main.routes", "--format", "json").expect(1)
    assert [rule for rule, _ in rules(both)] == ["RT101"]
    assert found(both)[0]["source"]["file"] == "shop/main.routes"
    same = diff("shop/main.routes", "--format", "json").expect(0)
    assert rules(same) == []
    missing = diff("feature:shop/none.routes").expect(2)
    assert "`shop/none.routes` does not exist in `feature`" in missing.stderr
    old.write_text("# flama routes 9 · a:b\n")
    newer = diff("old.routes").expect(2)
    assert "format 9" in newer.stderr and "help: upgrade flama-compile" in newer.stderr


def test_a_broken_base_is_not_compared(repo: Repo, diff: Diff) -> None:
    repo.commit("base", {**FILES, "shop/main.py": "from flama import Flama\napp = Flama(\n"})
    repo.commit("mended", FILES)
    ran = diff("HEAD~1").expect(2)
    assert ran.stdout == "" and "Traceback" not in ran.stderr


def test_settings_that_the_pull_request_mends(repo: Repo, diff: Diff) -> None:
    wrong = PROJECT.replace("app =", "application =")
    repo.commit("base", {**FILES, "pyproject.toml": wrong})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit("mended", {"pyproject.toml": PROJECT})
    ran = diff("--format", "json").expect(0)
    assert rules(ran) == []
    assert "unknown key `application`" in ran.stderr
    assert "the settings of working tree are taken" in ran.stderr
    assert "unknown key `application`" in diff("feature", "main").expect(2).stderr


def test_dynamic_sites_end_in_2_with_the_whole_report(project: Repo, diff: Diff) -> None:
    plugins = MAIN.replace('"/health"', '"/healthz"') + (
        "\n\nimport os\n\nfor path in os.environ['PATHS'].split(','):\n"
        "    app.add_route(path, health)\n"
    )
    project.commit("plugins", {"shop/main.py": plugins})
    ran = diff("--format", "json").expect(2)
    document = json.loads(ran.stdout)
    assert document["exact"] is False
    assert {"RT101", "RT901"} <= {finding["rule"] for finding in document["findings"]}
    assert diff("--fail-on", "never").expect(2).stdout.count("not exact") >= 1


def test_nothing_is_imported_and_nothing_is_written(project: Repo, diff: Diff) -> None:
    bomb = MAIN + "\nraise SystemExit('imported')\n"
    project.commit("bomb", {"shop/bomb.py": bomb})
    before = project.git("status", "--porcelain")
    diff("main", "feature").expect(0)
    assert project.git("status", "--porcelain") == before
    assert project.git("stash", "list") == ""
    assert not os.path.exists(project.folder / "shop" / "__pycache__")
