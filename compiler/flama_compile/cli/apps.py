"""Which application is meant when none is named, and where its generated files go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from flama_compile.options import Settings, app_problem
from flama_compile.workspace import FolderTree, Tree, Unreadable, Workspace

__all__ = ["Target", "choose_app", "import_path", "target_of"]


def choose_app(
    root: Path,
    settings: Settings,
    given: str | None,
    note: Callable[[str], None],
    tree: Tree | None = None,
) -> str:
    """The application to work on; every choice that nobody typed is told to `note`.

    `tree` is looked into instead of the root's folder.
    """
    if given is not None:
        if problem := app_problem(given):
            raise click.UsageError(problem)
        return given
    if settings.app is not None:
        note(f"application: {settings.app} (from pyproject.toml)")
        return settings.app
    workspace = Workspace(tree or FolderTree(root), settings.roots)
    tried: list[str] = []
    found: list[str] = []
    for candidates in _candidates(workspace):
        tried += candidates
        found = [app for app in candidates if _mentions(workspace, app)]
        if found:
            break
    if len(found) > 1:
        listed = ", ".join(f"`{app}`" for app in found)
        raise click.UsageError(f"more than one application could be meant: {listed}; name one")
    if not found:
        listed = ", ".join(f"`{app}`" for app in dict.fromkeys(tried))
        raise click.UsageError(
            f"no application found below {root}: looked for {listed}; name one as "
            "`package.module:attribute`, or set `app` in [tool.flama-compile]"
        )
    note(f"application: {found[0]} (found; name another as APP, or in pyproject.toml)")
    return found[0]


def _candidates(workspace: Workspace) -> Iterator[list[str]]:
    """Groups of equal rank: of one group, only one may exist."""
    yield ["main:app"]
    yield ["app:app"]
    yield ["app.main:app"]
    packages = _packages(workspace)
    yield [f"{package}.main:app" for package in packages]
    yield [f"{package}.app:app" for package in packages]
    yield [f"{package}:app" for package in packages]


def _packages(workspace: Workspace) -> list[str]:
    """Packages of the source roots below the project, such as `src`."""
    found = []
    for folder in workspace.roots:
        if folder:
            for name in workspace.tree.list(folder):
                if name.isidentifier() and workspace.tree.is_dir(f"{folder}/{name}"):
                    found.append(name)
    return sorted(set(found))


def _mentions(workspace: Workspace, app: str) -> bool:
    """Whether the module is there and seems to define or import the attribute."""
    module, _, attribute = app.partition(":")
    found = workspace.find(module)
    if found is None or found.kind != "project":
        return False
    try:
        text = workspace.read(found.path) or b""
    except Unreadable:
        return True
    # A guess that only chooses between names to try; `link` knows for sure.
    bound = rb"(?m)^\s*{0}\s*(?:[:=,)]|$)|\bimport\b[^#\n]*\b{0}\b|\bas\s+{0}\b|\bdef\s+{0}\b"
    return re.search(bound.replace(b"{0}", attribute.encode()), text) is not None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the two generated files go."""

    module: Path
    manifest: Path
    name: str
    """The dotted name under which the module is imported."""
    folder: Path
    """What must be on the import path for that."""


def target_of(root: Path, app: str, file: str, output: str | None) -> Target:
    """Places of the files for an application whose module is `file`, relative to the root.

    `shop/main.py` gives `shop/main_compiled.py` and `shop/main.routes`; an attribute other than
    `app` joins the name; a package gives the attribute's name, inside it.
    """
    if output is not None:
        module = Path(output).absolute()
        if module.suffix != ".py":
            raise click.UsageError(f"-o: `{output}` does not end with `.py`")
        if not module.stem.isidentifier():
            raise click.UsageError(f"-o: `{module.stem}` cannot be imported: not a Python name")
        return Target(module, module.with_suffix(".routes"), module.stem, module.parent)
    path = root / file
    dotted, _, attribute = app.partition(":")
    attribute = attribute.replace(".", "_")
    if path.name == "__init__.py":
        package, stem = dotted, attribute
    else:
        package = dotted.rpartition(".")[0]
        stem = path.stem if attribute == "app" else f"{path.stem}_{attribute}"
    folder = path.parent
    for _ in package.split(".") if package else ():
        folder = folder.parent
    name = f"{package}.{stem}_compiled" if package else f"{stem}_compiled"
    return Target(path.parent / f"{stem}_compiled.py", path.parent / f"{stem}.routes", name, folder)


def import_path(root: Path, settings: Settings, target: Target) -> tuple[str, ...]:
    """The folders that must be on the import path for the application and its compiled module."""
    folders = [target.folder, *(root / folder for folder in settings.roots or ("", "src"))]
    return tuple(dict.fromkeys(str(folder.resolve()) for folder in folders if folder.is_dir()))
