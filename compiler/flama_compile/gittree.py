"""Commits as folders: what `diff` reads of a git repository, without a checkout.

Files come from `git cat-file --batch`, one process for each repository, so this works in bare,
shallow, partial and worktree clones. Git itself is asked for nothing that changes anything.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flama_compile.workspace import Unreadable

__all__ = ["GitError", "GitTree", "Repository"]

_LINKS = 40
"""Symbolic links that one path may go through, as Linux has it."""
_HEX = re.compile(r"[0-9a-fA-F]{4,64}")


class GitError(Exception):
    """What was asked of git cannot be had. `help` is a command that mends it, or None."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.help = message, help


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository."""

    folder: Path
    """Where git is run: the top of the working tree, or the repository itself if it is bare."""
    bare: bool
    shallow: bool

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository that a folder lies in; None when it lies in none.

        GitError when git is not installed, or refuses to work there.
        """
        done = _git(folder, "rev-parse", "--is-bare-repository", "--is-shallow-repository")
        if done.returncode:
            text = done.stderr.strip()
            if "not a git repository" in text:
                return None
            advice = re.search(r"git config --global --add safe\.directory \S+", text)
            raise GitError(f"git: {_first(text)}", advice[0] if advice else None)
        bare, shallow = (line == "true" for line in done.stdout.split())
        if bare:
            return cls(folder, True, shallow)
        top = _git(folder, "rev-parse", "--show-toplevel")
        if top.returncode:
            # Inside of `.git`: there are commits to read, and no files beside them.
            return cls(folder, True, shallow)
        return cls(Path(top.stdout.rstrip("\n")), False, shallow)

    def prefix(self, root: Path) -> str:
        """What leads from the top to a folder below it: `services/shop`, "" for the top."""
        if self.bare:
            return ""
        top, inner = self.folder.resolve(), root.resolve()
        if not inner.is_relative_to(top):
            raise GitError(f"{root} is not below the working tree {top}")
        return "" if inner == top else inner.relative_to(top).as_posix()

    def commit(self, ref: str) -> str | None:
        """The commit that a name stands for; a branch of the remote may go by its own name."""
        names = [ref] if ref.startswith("-") else [ref, f"{self.remote()}/{ref}"]
        return next((found for name in names if (found := self._resolve(name))), None)

    def required(self, ref: str) -> str:
        """As `commit`; GitError with the command that fetches it when it is not there."""
        found = self.commit(ref)
        if found is None:
            raise GitError(f"the ref `{ref}` is not in this clone", self.fetch(ref))
        return found

    def short(self, commit: str) -> str:
        """A commit for people."""
        return commit[:7]

    def fetch(self, ref: str, *, history: bool = False) -> str | None:
        """The command line that brings a ref, with its history if that is needed."""
        remote = self.remote()
        if not self._run("remote").stdout.strip():
            return None
        depth = []
        if self.shallow:
            depth = ["--unshallow"] if history else ["--depth=1"]
        name = ref.removeprefix("refs/remotes/").removeprefix(f"{remote}/")
        name = re.sub(r"[~^@].*", "", name.removeprefix("refs/heads/"))
        if _HEX.fullmatch(name) or name in ("", "HEAD"):
            what = [] if name in ("", "HEAD") or self.shallow else [name]
            depth = ["--unshallow"] if self.shallow else []
            return shlex.join(["git", "fetch", *depth, remote, *what])
        if name.startswith("refs/tags/"):
            name = name.removeprefix("refs/tags/")
            return shlex.join(["git", "fetch", *depth, remote, "tag", name])
        spec = f"+refs/heads/{name}:refs/remotes/{remote}/{name}"
        return shlex.join(["git", "fetch", *depth, remote, spec])

    def merge_base(self, ref: str, head: str = "HEAD") -> str:
        """The commit where `head` left a branch; GitError when the clone does not hold it."""
        done = self._run("merge-base", self.required(ref), self.required(head))
        if done.returncode == 0:
            return done.stdout.split()[0]
        if self.shallow:
            raise GitError(
                f"this clone is shallow and does not hold the commit where HEAD left `{ref}`",
                self.fetch(ref, history=True),
            )
        raise GitError(f"HEAD and `{ref}` have no commit in common; name the BASE to compare with")

    def default_branch(self) -> str:
        """The branch that a change is made for; GitError when none can be guessed."""
        given = os.environ.get("GITHUB_BASE_REF")
        remote = self.remote()
        if given:
            return self._existing([f"{remote}/{given}", given]) or f"{remote}/{given}"
        known = self._run("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
        configured = self._run("config", "--get", "init.defaultBranch").stdout.strip()
        names = [known.stdout.strip()] if not known.returncode else []
        for name in ("main", "master", configured):
            names += [f"{remote}/{name}", name] if name else []
        found = self._existing(names)
        if found is not None:
            return found
        if self.commit("HEAD") is None:
            raise GitError("there is no commit yet; name the BASE to compare with")
        raise GitError("no default branch was found; name the BASE to compare with")

    def remote(self) -> str:
        """The remote to fetch from: `origin`, or the first one."""
        names = self._run("remote").stdout.split()
        return "origin" if "origin" in names or not names else names[0]

    def tree(self, commit: str, folder: str = "") -> GitTree:
        """The files of a commit below a folder."""
        return GitTree(_Objects(self.folder), commit, folder)

    def _existing(self, names: list[str]) -> str | None:
        return next((name for name in names if self._resolve(name)), None)

    def _resolve(self, name: str) -> str | None:
        commit = f"{name}^{{commit}}"
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", commit)
        return None if done.returncode else done.stdout.strip()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _git(self.folder, *arguments)


class GitTree:
    """The files of one commit, below one of its folders: a `Tree` (see `workspace`)."""

    def __init__(self, objects: _Objects, commit: str, folder: str = "") -> None:
        self._objects = objects
        self._root = _Entry("40000", f"{commit}^{{tree}}")
        self._folder = folder
        self._trees: dict[str, dict[str, _Entry]] = {}
        self._modules: dict[str, _Objects] = {}
        self.absent: set[str] = set()
        """Submodules that were looked into and are not checked out."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when there is none."""
        found = self._find(self._whole(path))
        if found is None or found.mode not in ("100644", "100755", "100664"):
            return None
        data = found.objects(self._objects).read(found.name)
        if data is None:
            raise Unreadable(path, "its content is not in this clone")
        return data

    def is_dir(self, path: str) -> bool:
        """Whether a folder of this name exists."""
        found = self._find(self._whole(path))
        return found is not None and found.mode == "40000"

    def list(self, path: str) -> list[str]:
        """The names in a folder, sorted; empty when there is no such folder."""
        found = self._find(self._whole(path))
        if found is None or found.mode != "40000":
            return []
        return sorted(self._entries(found))

    def _whole(self, path: str) -> str:
        whole = posixpath.normpath(posixpath.join(self._folder, path))
        return "" if whole == "." else whole

    def _find(self, path: str, links: int = _LINKS) -> _Entry | None:
        """Walk down from the root of the commit, through links and submodules."""
        entry, above = self._root, ""
        if path == ".." or path.startswith("../"):
            return None
        parts = path.split("/") if path else []
        for at, part in enumerate(parts):
            if entry.mode != "40000":
                return None
            found = self._entries(entry).get(part)
            if found is None:
                return None
            here = posixpath.join(above, part)
            if found.mode == "120000":
                target = found.objects(self._objects).read(found.name)
                if target is None or not links:
                    return None
                rest = "/".join(parts[at + 1 :])
                aim = posixpath.join(above, target.decode("utf-8", "surrogateescape"), rest)
                if aim.startswith("/"):
                    return None
                whole = posixpath.normpath(aim)
                return self._find("" if whole == "." else whole, links - 1)
            if found.mode == "160000":
                found = self._submodule(here, found)
                if found is None:
                    return None
            entry, above = found, here
        return entry

    def _submodule(self, path: str, entry: _Entry) -> _Entry | None:
        """The commit of a submodule, read from its own repository if that is there."""
        objects = self._modules.get(path)
        if objects is None:
            objects = self._modules[path] = _Objects(self._objects.folder / path)
        name = f"{entry.name}^{{tree}}"
        if not objects.usable or objects.read(name) is None:
            self.absent.add(path)
            return None
        return _Entry("40000", name, objects)

    def _entries(self, entry: _Entry) -> dict[str, _Entry]:
        key = f"{id(entry.module)} {entry.name}"
        known = self._trees.get(key)
        if known is None:
            data = entry.objects(self._objects).read(entry.name)
            if data is None:
                raise GitError("a folder of the commit is not in this clone", "git fetch --refetch")
            size = entry.objects(self._objects).digest_size
            known = self._trees[key] = _parsed(data, size, entry.module)
        return known


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a folder: its mode, and the name of its object."""

    mode: str
    name: str
    module: _Objects | None = None
    """The submodule that holds it; None for the repository itself."""

    def objects(self, default: _Objects) -> _Objects:
        return default if self.module is None else self.module


class _Objects:
    """The objects of one repository, through one `git cat-file --batch`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._digest_size = 0

    @property
    def usable(self) -> bool:
        """Whether the folder is a repository of its own, not one that only lies in another."""
        return (self.folder / ".git").exists()

    @property
    def digest_size(self) -> int:
        """Bytes of an object's name: 20, or 32 in repositories with SHA-256."""
        if not self._digest_size:
            done = _git(self.folder, "rev-parse", "--show-object-format")
            self._digest_size = 32 if done.stdout.strip() == "sha256" else 20
        return self._digest_size

    def read(self, name: str) -> bytes | None:
        """The content of an object; None when the repository does not hold it."""
        stdin, stdout = self._pipes()
        try:
            stdin.write(f"{name}\n".encode())
            stdin.flush()
            header = stdout.readline()
        except BrokenPipeError:
            header = b""
        if not header:
            raise self._failed()
        words = header.split()
        if len(words) != 3:
            return None
        size = int(words[2])
        data = stdout.read(size)
        if len(data) != size or stdout.read(1) != b"\n":
            raise self._failed()
        return data

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            # NOTE: not a pipe, which would fill when a partial clone reports what it fetches.
            self._said = tempfile.TemporaryFile()  # noqa: SIM115
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _failed(self) -> GitError:
        process, said = self._process, self._said
        assert process is not None and said is not None
        _end(process)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
        self.close()
        return GitError(f"git cat-file: {_first(text) or 'it ended early'}")

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            _end(self._process)
        if self._said is not None:
            self._said.close()
        self._process = self._said = None

    def __del__(self) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # Git may be gone already; nothing of ours was still to be written.
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _parsed(data: bytes, digest_size: int, module: _Objects | None) -> dict[str, _Entry]:
    """The entries of a tree object: `<mode> <name>\\0<digest>`, again and again."""
    found: dict[str, _Entry] = {}
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        digest = data[end + 1 : end + 1 + digest_size].hex()
        found[name] = _Entry(data[at:space].decode(), digest, module)
        at = end + 1 + digest_size
    return found


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise GitError("git is not installed, so refs cannot be read") from None
    except NotADirectoryError:
        raise GitError(f"{folder} is not a folder") from None


def _first(text: str) -> str:
    return text.strip().split("\n")[0].removeprefix("fatal: ")
