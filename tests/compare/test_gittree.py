"""A commit read as a folder is the folder that was committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flama_compile.gittree import GitError, Repository
from flama_compile.workspace import FolderTree

from .conftest import Repo

FILES: dict[str, str | None] = {
    "a.py": "a = 1\n",
    "empty.py": "",
    "pkg/__init__.py": "",
    "pkg/deep/er/module.py": "x = 'é'\r\n",
    "pkg/naïve name\t.py": "n = 1",
    "pkg.py/not_a_module.txt": "",
}


def repository(folder: Path) -> Repository:
    found = Repository.around(folder)
    assert found is not None
    return found


def paths(folder: Path) -> list[str]:
    names = [""]
    for at, folders, files in os.walk(folder):
        if ".git" in folders:
            folders.remove(".git")
        below = Path(at).relative_to(folder)
        names += [(below / name).as_posix() for name in (*folders, *files) if name != ".git"]
    return [*names, "nowhere", "a.py/below", "pkg/nowhere/x", "..", "../x", "pkg/../a.py"]


@pytest.mark.parametrize("format", ["sha1", "sha256"])
def test_a_commit_is_the_folder(tmp_path: Path, format: str) -> None:
    repo = Repo(tmp_path / "repo")
    repo.folder.mkdir()
    repo.git("init", "-q", "-b", "main", f"--object-format={format}")
    repo.write(FILES)
    repo.git("config", "core.autocrlf", "false")
    (repo.folder / "run.py").write_text("#!/usr/bin/env python\n")
    (repo.folder / "run.py").chmod(0o755)
    links = {"link.py": "a.py", "linked": "pkg/deep", "pkg/up": "../a.py", "loop": "loop"}
    links |= {"far": "/etc/passwd", "out": "../../x", "dangling": "none", "chain": "linked/er"}
    for name, target in links.items():
        (repo.folder / name).symlink_to(target)
    commit = repo.commit("all")
    tree, folder = repository(repo.folder).tree(commit), FolderTree(repo.folder)
    for path in paths(repo.folder):
        if path.startswith("far"):
            # What lies outside of the repository is no part of the commit.
            assert tree.read(path) is None
            continue
        if path == "..":
            assert not tree.is_dir(path)
            continue
        assert tree.is_dir(path) == folder.is_dir(path), path
        listed = [name for name in folder.list(path) if name != ".git"]
        assert tree.list(path) == listed, path
        if path != "loop":
            assert tree.read(path) == folder.read(path), path
    assert tree.read("loop") is None
    assert tree.read("linked/er/module.py") == b"x = '\xc3\xa9'\r\n"
    assert tree.read("chain/module.py") == tree.read("linked/er/module.py")


def test_a_tree_below_a_folder_reaches_its_siblings_through_links_only(repo: Repo) -> None:
    repo.write({"lib/shared.py": "s = 1\n", "app/main.py": "m = 1\n"})
    (repo.folder / "app" / "shared.py").symlink_to("../lib/shared.py")
    commit = repo.commit("two")
    tree = repository(repo.folder).tree(commit, "app")
    assert tree.list("") == ["main.py", "shared.py"]
    assert tree.read("shared.py") == b"s = 1\n"


def test_refs_of_every_kind(repo: Repo) -> None:
    first = repo.commit("one", FILES)
    repo.git("tag", "-a", "v1", "-m", "annotated")
    second = repo.commit("two", {"a.py": "a = 2\n"})
    found = repository(repo.folder)
    for name in ("v1", "HEAD~1", "HEAD^", first, first[:8], "main~1", "refs/tags/v1"):
        assert found.commit(name) == first, name
    assert found.commit("main") == found.commit("HEAD") == second
    for name in ("", "nowhere", "--help", "-x", "HEAD:a.py", "HEAD^{tree}", "a b", "main..main"):
        assert found.commit(name) is None, name


def test_the_processes_of_git_end(repo: Repo) -> None:
    commit = repo.commit("one", FILES)
    tree = repository(repo.folder).tree(commit)
    assert tree.read("a.py") == b"a = 1\n"
    process = tree._objects._process
    assert process is not None and process.poll() is None
    del tree
    assert process.poll() is not None


def test_a_damaged_repository_is_told(repo: Repo) -> None:
    commit = repo.commit("one", FILES)
    for path in (repo.folder / ".git" / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"junk")
    with pytest.raises(GitError):
        repository(repo.folder).tree(commit).read("a.py")


def test_outside_of_every_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert Repository.around(tmp_path) is None


@pytest.mark.parametrize(
    ("ref", "command"),
    [
        ("main", "git fetch origin +refs/heads/main:refs/remotes/origin/main"),
        ("origin/main", "git fetch origin +refs/heads/main:refs/remotes/origin/main"),
        ("feature/x", "git fetch origin +refs/heads/feature/x:refs/remotes/origin/feature/x"),
        ("refs/tags/v1", "git fetch origin tag v1"),
        ("0123abcd", "git fetch origin 0123abcd"),
        ("HEAD~3", "git fetch origin"),
        ("a b", "git fetch origin '+refs/heads/a b:refs/remotes/origin/a b'"),
    ],
)
def test_the_command_that_fetches(repo: Repo, ref: str, command: str) -> None:
    repo.commit("one", FILES)
    assert repository(repo.folder).fetch(ref) is None
    repo.git("remote", "add", "origin", "https://example.org/x.git")
    assert repository(repo.folder).fetch(ref) == command


def test_another_remote_takes_the_place_of_origin(repo: Repo) -> None:
    repo.commit("one", FILES)
    repo.git("remote", "add", "upstream", "https://example.org/x.git")
    assert repository(repo.folder).remote() == "upstream"
    assert repository(repo.folder).fetch("main") == (
        "git fetch upstream +refs/heads/main:refs/remotes/upstream/main"
    )


def test_names_that_are_not_utf_8(repo: Repo) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (repo.folder / name).write_text("x = 1\n")
    tree = repository(repo.folder).tree(repo.commit("latin"))
    assert name in tree.list("") and tree.read(name) == b"x = 1\n"
