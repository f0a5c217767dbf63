"""The cache: keyed by content, thrown away when damaged, harmless when it cannot be written."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flama_compile.cache import Cache, digest, pack, unpack
from flama_compile.diagnostics import Report
from flama_compile.library import Library
from flama_compile.link import link
from flama_compile.options import Options, Settings
from flama_compile.pipeline import analyse
from flama_compile.scan import outline, scan
from flama_compile.workspace import FolderTree, Workspace
from support.projects import write_files

APP = """
from flama import Flama
from views import view

app = Flama(schema=None, docs=None)
app.add_get("/one", view)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"app.py": APP, "views.py": "def view(): ...\n"})


def library(root: Path) -> Library:
    workspace = Workspace(FolderTree(root), environment=())
    return Library(workspace, scan, outline, cache=Cache(root))


def paths(root: Path) -> list[str]:
    """Link the project, and say which routes there are."""
    table = link("app:app", library(root), Settings(), Report())
    assert table is not None
    return [route.path for route in table.routes]


def entries(root: Path) -> list[Path]:
    return sorted((root / ".flama_cache" / "facts").iterdir())


def test_what_was_scanned_is_not_scanned_again(project: Path) -> None:
    first = library(project)
    first.explore("app")
    again = library(project)
    again.explore("app")
    assert (first.scanned, again.scanned) == (2, 0)


def test_only_what_changed_is_scanned_again(project: Path) -> None:
    library(project).explore("app")
    (project / "views.py").write_text("def view(q: int = 1): ...\n")
    again = library(project)
    again.explore("app")
    assert again.scanned == 1


def test_moving_the_project_changes_no_key(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    library(project).explore("app")
    moved = tmp_path_factory.mktemp("elsewhere") / "project"
    shutil.copytree(project, moved)
    again = library(moved)
    again.explore("app")
    assert again.scanned == 0


def test_the_cache_ignores_itself_in_git(project: Path) -> None:
    library(project).explore("app")
    assert (project / ".flama_cache" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"\0" * len(data),
        lambda data: pack({"not": "facts"}),
        lambda data: pack(Path()),
    ],
    ids=["empty", "half", "one bit", "zeros", "other data", "other classes"],
)
def test_a_damaged_entry_is_as_good_as_none(
    project: Path, damage: Callable[[bytes], bytes]
) -> None:
    before = paths(project)
    for entry in entries(project):
        entry.write_bytes(damage(entry.read_bytes()))
    assert paths(project) == before


def test_an_entry_cannot_run_code(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "made"),)

    assert unpack(pack(Evil())) is None
    assert not (tmp_path / "made").exists()
    assert pickle.loads(pack(1)[32:]) == 1


def test_a_cache_that_cannot_be_written_does_no_harm(project: Path) -> None:
    (project / ".flama_cache").write_text("a file stands where the folder would be")
    assert paths(project) == ["/one"]


LINK = """
from pathlib import Path

from flama_compile.options import Options
from flama_compile.pipeline import analyse

table = analyse(Options(Path.cwd(), "app:app")).table
assert [route.path for route in table.routes] == ["/one"]
"""


def test_parallel_runs_do_not_disturb_each_other(project: Path) -> None:
    command = [sys.executable, "-c", LINK]
    runs = [subprocess.Popen(command, cwd=project) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    assert not [path for path in entries(project) if path.name.startswith(".new")]


def test_no_two_lists_of_parts_share_a_key() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc") != digest("abc", "")


def test_a_table_is_remembered_until_a_file_changes(project: Path) -> None:
    first = analyse(Options(project, "app:app"))
    again = analyse(Options(project, "app:app"))
    assert again.table == first.table
    assert again.diagnostics == first.diagnostics
    assert again.library.scanned == 0
    (project / "views.py").write_text("def view(q: int): ...\n")
    changed = analyse(Options(project, "app:app"))
    assert changed.table is not None
    assert [p.name for p in changed.table.routes[0].views[0].parameters] == ["q"]


def test_constants_are_a_part_of_what_is_remembered(project: Path) -> None:
    (project / "views.py").write_text("import os\nPATH = os.environ['P']\ndef view(): ...\n")
    (project / "app.py").write_text(APP.replace('"/one"', "__import__('views').PATH"))
    unknown = analyse(Options(project, "app:app"))
    declared = Settings(constants={"views.PATH": "/declared"})
    known = analyse(Options(project, "app:app", declared))
    assert unknown.table is not None and not unknown.exact
    assert known.table is not None and [r.path for r in known.table.routes] == ["/declared"]


def test_a_remembered_warning_is_still_silenced_by_its_line(project: Path) -> None:
    line = 'app.add_route("/low", view, methods=["get"])'
    (project / "app.py").write_text(f"{APP}{line}\n")
    assert [one.code for one in analyse(Options(project, "app:app")).diagnostics] == ["FC304"]
    (project / "app.py").write_text(f"{APP}{line}  # flama-compile: ignore[FC304]\n")
    for _ in range(2):
        assert analyse(Options(project, "app:app")).diagnostics == ()


EXPLORE = """
import os, sys, threading
from pathlib import Path

from flama_compile.ir.facts import ModuleFacts
from flama_compile.library import WAITING, Library
from flama_compile.scan import outline, scan
from flama_compile.workspace import FolderTree, Workspace


def scan_and_tell(data: bytes, *, deep: bool = False) -> ModuleFacts:
    with open("pids.txt", "a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\\n")
    return scan(data, deep=deep)


if len(sys.argv) > 1:
    other = threading.Timer(60, print)
    other.daemon = True
    other.name = WAITING if sys.argv[1] == "waiting" else "busy"
    other.start()
os.cpu_count = lambda: 2
folder = Path.cwd()
at = Library(Workspace(FolderTree(folder), environment=()), scan_and_tell, outline)
assert at.explore("app") == 17
pids = Path("pids.txt").read_text().split()
if sys.argv[1:] == ["busy"]:
    assert set(pids) == {str(os.getpid())}
    sys.exit()
assert len(pids) == 18
# Of the files the entry alone is scanned here, for its imports are not known before; and an empty
# text, so that the processes find libcst imported.
assert pids.count(str(os.getpid())) == 2, pids
for path, facts in at.known():
    assert facts == scan((folder / path).read_bytes()), path
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.parametrize("threads", [[], ["waiting"], ["busy"]])
def test_many_files_are_scanned_by_several_processes(tmp_path: Path, threads: list[str]) -> None:
    """Files that are met later are, too; and all facts are those of one process.

    Runs in a process of its own, because one that has other threads does not fork; but for the one
    that waits until it is time to draw a progress bar.
    """
    body = "\n".join(
        f"def f{i}(x: int, y: str = 'a') -> dict:\n    return {i}\n" for i in range(400)
    )
    files = {f"a{k}.py": f"import b{k}\n{body}" for k in range(8)}
    files |= {f"b{k}.py": body for k in range(8)}
    imports = "\n".join(f"import a{k}" for k in range(8))
    files["app.py"] = f"from flama import Flama\n{imports}\n\napp = Flama()\n"
    write_files(tmp_path, files)
    command = [sys.executable, "-c", EXPLORE, *threads]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_oldest_entries_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(6):
        cache.put("kind", f"key{number}", number)
        path = tmp_path / ".flama_cache" / "kind" / f"key{number}"
        os.utime(path, ns=(number, number))
    cache.prune("kind", ["key0"], 2)
    assert [cache.get("kind", f"key{number}") for number in range(6)] == [0, None, None, None, 4, 5]
    cache.prune("nothing", [], 0)
