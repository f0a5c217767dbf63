"""The files of a project: the only place that reads them, and that knows where modules live.

`Tree` is a folder, or a commit (see `gittree`). `Workspace` finds modules in it as Python would:
several source roots, packages, namespace packages. What it was asked, and what it answered, is
kept as a `Trace`, so that a later run can tell whether anything it depended on has changed.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import FrozenImporter, ModuleSpec, PathFinder
from pathlib import Path
from typing import Literal, Protocol

__all__ = ["FolderTree", "Found", "Trace", "Tree", "Unreadable", "Workspace", "is_fixed"]


class Unreadable(Exception):
    """A file exists and cannot be read."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Tree(Protocol):
    """Files below a root, named by posix paths relative to it ("" is the root itself)."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when there is none. Unreadable says why it cannot be read."""

    def is_dir(self, path: str) -> bool:
        """Whether a folder of this name exists."""

    def list(self, path: str) -> list[str]:
        """The names in a folder, sorted; empty when there is no such folder."""


class FolderTree:
    """A folder on disk."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def read(self, path: str) -> bytes | None:
        full = os.path.join(self.root, path)
        try:
            # A pipe or a device would block or never end.
            if not stat.S_ISREG(os.stat(full).st_mode):
                return None
            with open(full, "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(path, (error.strerror or str(error)).lower()) from None

    def is_dir(self, path: str) -> bool:
        return os.path.isdir(os.path.join(self.root, path))

    def list(self, path: str) -> list[str]:
        try:
            return sorted(os.listdir(os.path.join(self.root, path)))
        except OSError:
            # Not a folder, or one that we may not enter: nothing can be found in it.
            return []


@dataclass(frozen=True, slots=True)
class Found:
    """Where a module is."""

    name: str
    kind: Literal["project", "namespace", "installed", "opaque"]
    """`namespace`: folders without code. `opaque`: standard library, built-in or compiled."""
    path: str = ""
    """Of the file: relative to the root for project modules, absolute for installed ones."""
    package: bool = False
    folders: tuple[str, ...] = ()
    """Where submodules are looked for."""


@dataclass(slots=True)
class Trace:
    """What was read and what was looked for: path to content digest, "" for absent."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, bool] = field(default_factory=dict)
    installed: dict[str, str] = field(default_factory=dict)
    """Files outside the project, by size and time of change; modules (`:name`) by where."""


class Workspace:
    """Finds and reads the modules of one project.

    `roots` are folders relative to the tree's root, in the order of `sys.path`; by default the
    root itself and `src`. `environment` names folders of installed packages that are looked into
    before those of this interpreter; by default those of the project's virtual environment.
    """

    def __init__(
        self, tree: Tree, roots: Iterable[str] = (), *, environment: Iterable[str] | None = None
    ) -> None:
        self.tree = tree
        self.roots = tuple("" if root == "." else root for root in roots) or ("", "src")
        self.trace = Trace()
        root = tree.root if isinstance(tree, FolderTree) else None
        self._environment = tuple(_environments(root) if environment is None else environment)
        self._known: dict[str, Found | None] = {}
        self._contents: dict[str, bytes] = {}

    def find(self, name: str) -> Found | None:
        """Where the module `a.b.c` is; None when it is nowhere."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def owns(self, name: str) -> bool:
        """Whether the first part of a dotted name is a module or a folder of the project."""
        found = self.find(name.partition(".")[0])
        return found is not None and found.kind in ("project", "namespace")

    def read(self, path: str) -> bytes | None:
        """A project file's bytes; remembered, because the digest and the scan both need them."""
        if path in self._contents:
            return self._contents[path]
        try:
            data = self.tree.read(path)
        except Unreadable:
            self.trace.files[path] = "unreadable"
            raise
        self.trace.files[path] = "" if data is None else hashlib.sha256(data).hexdigest()
        if data is not None:
            self._contents[path] = data
        return data

    def read_installed(self, path: str) -> bytes | None:
        """The bytes of a file outside the project; None when it cannot be read."""
        self.trace.installed[path] = _stamp(path)
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError:
            # It vanished since it was found: as good as not installed.
            return None

    def digest(self, path: str) -> str:
        """The content digest of a project file that was read."""
        return self.trace.files[path]

    def unchanged(self, trace: Trace) -> bool:
        """Whether every question of an earlier run would be answered as it was then."""
        try:
            return (
                all(self.is_dir(path) is known for path, known in trace.folders.items())
                and all(self._digest_now(path) == known for path, known in trace.files.items())
                and all(self._installed_now(path) == at for path, at in trace.installed.items())
            )
        except Unreadable:
            return False

    def _digest_now(self, path: str) -> str:
        data = self.read(path)
        return "" if data is None else hashlib.sha256(data).hexdigest()

    def _installed_now(self, path: str) -> str:
        if path.startswith(":"):
            found = self._find_installed(path[1:])
            return "" if found is None else found.path or found.kind
        return _stamp(path)

    def is_dir(self, path: str) -> bool:
        """Whether a folder of the project exists; the question is remembered."""
        known = self.tree.is_dir(path)
        self.trace.folders[path] = known
        return known

    def _find(self, name: str) -> Found | None:
        head, _, last = name.rpartition(".")
        if not head:
            if is_fixed(name):
                return Found(name, "opaque")
            return self._find_in(name, name, self.roots) or self._find_installed(name)
        parent = self.find(head)
        if parent is None:
            return None
        if parent.kind == "opaque":
            return Found(name, "opaque")
        if parent.kind == "installed":
            return _installed_file(name, last, parent.folders)
        return self._find_in(name, last, parent.folders)

    def _find_in(self, name: str, last: str, folders: tuple[str, ...]) -> Found | None:
        """As Python's path finder: a package, then a module, then portions of a namespace."""
        portions: list[str] = []
        for folder in folders:
            inner = f"{folder}/{last}" if folder else last
            is_dir = self.is_dir(inner)
            if is_dir and self._exists(f"{inner}/__init__.py"):
                return Found(name, "project", f"{inner}/__init__.py", True, (inner,))
            if self._exists(f"{inner}.py"):
                return Found(name, "project", f"{inner}.py")
            if is_dir:
                portions.append(inner)
        if portions and not ("." not in name and self._find_installed(name) is not None):
            # A folder without code yields to an installed package of its name.
            return Found(name, "namespace", "", True, tuple(portions))
        return None

    def _exists(self, path: str) -> bool:
        try:
            return self.read(path) is not None
        except Unreadable:
            return True

    def _find_installed(self, name: str) -> Found | None:
        found = _locate(name, self._environment)
        self.trace.installed[f":{name}"] = "" if found is None else found.path or found.kind
        return found


def is_fixed(name: str) -> bool:
    """Whether Python has a top-level module before it looks into any folder: built into the
    interpreter, frozen, or loaded while it starts."""
    return (
        name in _LOADED
        or name in sys.builtin_module_names
        or FrozenImporter.find_spec(name) is not None
    )


_LOADED = frozenset(["encodings", "importlib", "io", "os", "posixpath", "ntpath", "site", "stat"])


def _environments(root: Path | None) -> list[str]:
    """Folders of packages of the project's virtual environment, when it is not our own.

    The compiler may be installed apart from the application; its packages are looked for in the
    active environment, or in `.venv` at the project's root.
    """
    prefix = os.environ.get("VIRTUAL_ENV") or (os.path.join(root, ".venv") if root else "")
    if not os.path.isdir(prefix) or os.path.realpath(prefix) == os.path.realpath(sys.prefix):
        return []
    library = os.path.join(prefix, "lib")
    if not os.path.isdir(library):
        return [os.path.join(prefix, "Lib", "site-packages")]
    return [os.path.join(library, name, "site-packages") for name in sorted(os.listdir(library))]


def _locate(name: str, environment: tuple[str, ...]) -> Found | None:
    """A top-level module outside the project, without importing anything."""
    if name in sys.stdlib_module_names or name in sys.builtin_module_names:
        return Found(name, "opaque")
    if found := _installed_file(name, name, environment):
        return found
    spec = _spec(name)
    if spec is None:
        return None
    folders = tuple(spec.submodule_search_locations or ())
    if spec.origin and spec.origin.endswith(".py"):
        return Found(name, "installed", spec.origin, bool(folders), folders)
    if folders:
        return Found(name, "installed", "", True, folders)
    return Found(name, "opaque")


def _spec(name: str) -> ModuleSpec | None:
    """What this interpreter's finders say, without the working directory: that is the project."""
    here = {"", os.getcwd()}
    for finder in sys.meta_path:
        try:
            if finder is PathFinder:
                paths = [path for path in sys.path if path not in here]
                spec = PathFinder.find_spec(name, paths)
            else:
                spec = finder.find_spec(name, None)
        except (ImportError, ValueError, AttributeError):
            # A finder that cannot answer for this name; another may.
            continue
        if spec is not None:
            return spec
    return None


def _installed_file(name: str, last: str, folders: tuple[str, ...]) -> Found | None:
    for folder in folders:
        inner = os.path.join(folder, last)
        if os.path.isfile(os.path.join(inner, "__init__.py")):
            return Found(name, "installed", os.path.join(inner, "__init__.py"), True, (inner,))
        if os.path.isfile(f"{inner}.py"):
            return Found(name, "installed", f"{inner}.py")
        if os.path.isdir(inner):
            return Found(name, "installed", "", True, (inner,))
    for folder in folders:
        if any(entry.startswith(f"{last}.") for entry in _entries(folder)):
            return Found(name, "opaque")
    return None


def _entries(folder: str) -> list[str]:
    try:
        return [entry for entry in os.listdir(folder) if entry.endswith((".so", ".pyd", ".pyc"))]
    except OSError:
        return []


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"
