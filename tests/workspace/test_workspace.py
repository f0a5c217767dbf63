"""Where modules are found, and when an earlier answer still holds."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flama_compile.workspace import FolderTree, Unreadable, Workspace
from support.projects import write_files


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Workspace]:
    def make(*files: str, roots: tuple[str, ...] = ()) -> Workspace:
        write_files(tmp_path, dict.fromkeys(files, "x = 1\n"))
        return Workspace(FolderTree(tmp_path), roots, environment=())

    return make


def test_a_package_wins_over_a_module_of_its_name(workspace: Callable[..., Workspace]) -> None:
    found = workspace("shop/__init__.py", "shop.py").find("shop")
    assert found is not None and found.path == "shop/__init__.py" and found.package


def test_roots_are_the_root_and_src(workspace: Callable[..., Workspace]) -> None:
    at = workspace("shop/__init__.py", "src/crm/main.py")
    paths = [found.path for name in ("shop", "crm.main") if (found := at.find(name))]
    assert paths == ["shop/__init__.py", "src/crm/main.py"]


def test_a_namespace_package_has_portions_in_all_roots(
    workspace: Callable[..., Workspace],
) -> None:
    at = workspace("one/acme/a.py", "two/acme/b.py", roots=("one", "two"))
    found = at.find("acme")
    assert found is not None and found.kind == "namespace"
    assert found.folders == ("one/acme", "two/acme")
    assert at.find("acme.b") is not None


def test_a_folder_without_code_yields_to_an_installed_package(
    workspace: Callable[..., Workspace],
) -> None:
    found = workspace("click/readme.txt").find("click")
    assert found is not None and found.kind == "installed"


def test_the_standard_library_and_installed_packages_are_found_without_being_imported(
    workspace: Callable[..., Workspace],
) -> None:
    at = workspace()
    assert (at.find("json") or at).kind == "opaque"  # type: ignore[union-attr]
    before = set(sys.modules)
    found = at.find("starlette.staticfiles")
    assert found is not None and found.kind == "installed"
    assert not {name for name in set(sys.modules) - before if name.startswith("starlette")}


def test_the_working_directory_is_not_where_packages_are_installed(
    workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert workspace("stray.py", roots=("apps",)).find("stray") is None


def test_packages_of_the_projects_environment_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An activated environment comes before the one in the project's folder.
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    write_files(tmp_path, {".venv/lib/python3.11/site-packages/only_there_zq/__init__.py": ""})
    found = Workspace(FolderTree(tmp_path)).find("only_there_zq")
    assert found is not None and found.kind == "installed"


def test_a_link_that_leads_to_itself_cannot_be_read(tmp_path: Path) -> None:
    os.symlink("loop.py", tmp_path / "loop.py")
    with pytest.raises(Unreadable) as caught:
        FolderTree(tmp_path).read("loop.py")
    assert caught.value.path == "loop.py"


def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    tree = FolderTree(tmp_path)
    assert tree.read("folder.py") is None
    assert tree.read("pipe.py") is None
    assert tree.list("pipe.py") == []


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda root: None, True),
        (lambda root: (root / "unrelated.py").write_text("y = 2\n"), True),
        (lambda root: (root / "shop.py").touch(), True),
        (lambda root: (root / "shop.py").write_text("x = 2\n"), False),
        (lambda root: (root / "shop.py").unlink(), False),
        (lambda root: (root / "missing.py").write_text(""), False),
        (lambda root: (root / "missing").mkdir(), False),
        (lambda root: (root / "src").mkdir(), True),
        (lambda root: write_files(root, {"src/missing/__init__.py": ""}), False),
    ],
)
def test_a_trace_holds_until_an_answer_changes(
    tmp_path: Path, change: Callable[[Path], object], same: bool
) -> None:
    write_files(tmp_path, {"shop.py": "x = 1\n"})
    first = Workspace(FolderTree(tmp_path), environment=())
    assert first.find("shop") is not None
    assert first.find("missing") is None
    assert first.find("click") is not None
    change(tmp_path)
    again = Workspace(FolderTree(tmp_path), environment=())
    assert again.unchanged(first.trace) is same
