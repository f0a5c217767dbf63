"""The two sides of a comparison: refs, folders, manifests, or the working tree.

main            a ref: its source, read from git
v1.2:shop/main.routes   a manifest in a commit
../other        a folder: its source
main.routes     a manifest
(nothing)       BASE: where HEAD left the default branch; HEAD: the working tree
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import click

from flama_compile.cli.apps import choose_app
from flama_compile.cli.front import Front, coverage
from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.gittree import GitError, Repository
from flama_compile.ir.routes import RouteTable
from flama_compile.manifest import ManifestError, load
from flama_compile.options import (
    Options,
    Settings,
    SettingsError,
    app_problem,
    parse_settings,
)
from flama_compile.pipeline import Analysis
from flama_compile.workspace import FolderTree, Tree, Unreadable

__all__ = ["Side", "Undecided", "apps_of", "sides"]


class Undecided(click.ClickException):
    """The comparison cannot be made: exit 2, with what mends it."""

    exit_code = 2

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"error: {self.message}", file=file, err=file is None)
        if self.help:
            click.echo(f"help: {self.help}", file=file, err=file is None)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its routes, and how sure they are."""

    label: str
    """For people: `main (3f2c1aa)`, `working tree`, `shop/main.routes`."""
    table: RouteTable
    doubts: tuple[str, ...]
    """Why the table may not be complete, beside its dynamic sites."""
    analysis: Analysis | None = None
    """None for a manifest."""
    commit: str | None = None


def apps_of(given: Iterable[str]) -> Mapping[str, str]:
    """`--app` by side: `BASE=old:app`, `HEAD=new:app`, or one for both."""
    apps: dict[str, str] = {}
    for text in given:
        side, found, app = text.rpartition("=")
        if found and side not in ("BASE", "HEAD"):
            raise click.UsageError(f"--app: `{side}` is neither BASE nor HEAD")
        if problem := app_problem(app):
            raise click.UsageError(f"--app: {problem}")
        if side in apps:
            raise click.UsageError("--app is given twice for one side")
        apps[side] = app
    return apps


def sides(
    front: Front, base: str | None, head: str | None, apps: Mapping[str, str], *, cache: bool
) -> tuple[Side, Side]:
    """Both sides of a comparison. Undecided says what is missing, and the command that mends it."""
    try:
        maker = _Maker(front, apps, cache)
        right = maker.side("HEAD", head, None)
        left = maker.side("BASE", base, right)
    except GitError as error:
        raise Undecided(error.message, error.help and f"run `{error.help}`") from None
    except ManifestError as error:
        raise Undecided(str(error), error.help) from None
    except (SettingsError, Unreadable) as error:
        raise Undecided(str(error)) from None
    return left, right


class _Maker:
    """Finds out what a side is, and reads it."""

    def __init__(self, front: Front, apps: Mapping[str, str], cache: bool) -> None:
        self._front = front
        self._apps = apps
        self._cache = cache
        self._known: tuple[Repository | None] | None = None

    @property
    def _repository(self) -> Repository | None:
        if self._known is None:
            self._known = (Repository.around(self._front.root),)
        return self._known[0]

    def side(self, name: str, given: str | None, other: Side | None) -> Side:
        if given is None:
            return self._working_tree() if name == "HEAD" else self._merge_base(other)
        path = Path(given)
        spelled = given.startswith(("./", "../", "/")) or given.endswith(("/", ".routes"))
        if not (spelled and path.exists()):
            found = self._from_git(name, given, other)
            if found is not None:
                if path.exists() and not spelled:
                    self._front.note(f"{name}: `{given}` is read as a ref; `./{given}` is the path")
                return found
        if path.is_dir():
            return self._folder(name, path, other)
        if path.is_file():
            return self._manifest(given, path)
        raise self._missing(name, given)

    def _from_git(self, name: str, given: str, other: Side | None) -> Side | None:
        repository = self._repository if _git_needed(given) else None
        if repository is None:
            return None
        ref, colon, path = given.partition(":")
        commit = repository.commit(ref) if ref else None
        if commit is None:
            return None
        if not colon:
            return self._commit(name, repository, commit, given, other)
        return self._committed_manifest(repository, commit, given, path)

    def _missing(self, name: str, given: str) -> click.ClickException:
        ref = given.partition(":")[0]
        try:
            repository = self._repository
        except GitError as error:
            return Undecided(error.message, error.help and f"run `{error.help}`")
        if repository is None:
            problem = f"{name}: `{given}` is no folder and no file, and this is no git repository"
            return Undecided(problem)
        # A file that is not there is no branch that could be fetched.
        file = given.startswith("./") or given.endswith(("/", ".routes"))
        command = None if file and ref == given else repository.fetch(ref)
        return Undecided(
            f"{name}: `{given}` is no ref of this clone, no folder and no file",
            command and f"run `{command}`",
        )

    def _working_tree(self) -> Side:
        root = self._front.root
        settings = self._front.settings()
        given = self._apps.get("HEAD") or self._apps.get("")
        app = choose_app(root, settings, given, self._front.note)
        label = "working tree"
        return self._analysed(label, Options(root, app, settings, self._cache), FolderTree(root))

    def _merge_base(self, head: Side | None) -> Side:
        repository = self._repository
        if repository is None:
            raise Undecided(
                "this is no git repository, so there is no BASE to compare with",
                "name a folder or a manifest: `flama-compile diff BASE`",
            )
        branch = repository.default_branch()
        tip = head.commit if head is not None and head.commit is not None else "HEAD"
        commit = repository.merge_base(branch, tip)
        return self._commit("BASE", repository, commit, branch, head)

    def _commit(
        self, name: str, repository: Repository, commit: str, given: str, other: Side | None
    ) -> Side:
        front = self._front
        folder = repository.prefix(front.root)
        tree = repository.tree(commit, folder)
        settings = self._settings(tree, f"{given}:pyproject.toml", other)
        app = self._app(name, tree, settings, other)
        # A bare repository is no place for a cache of ours.
        options = Options(front.root, app, settings, self._cache and not repository.bare)
        short = repository.short(commit)
        label = short if commit.startswith(given) else f"{given} ({short})"
        side = self._analysed(label, options, tree, commit)
        absent = tuple(
            f"the submodule `{path}` is not checked out: run `git submodule update --init {path}`"
            for path in sorted(tree.absent)
        )
        return Side(label, side.table, side.doubts + absent, side.analysis, commit)

    def _folder(self, name: str, path: Path, other: Side | None) -> Side:
        tree = FolderTree(path)
        settings = self._settings(tree, f"{path}/pyproject.toml", other)
        app = self._app(name, tree, settings, other)
        # The cache stays in our own root: the other folder is only read.
        options = Options(self._front.root, app, settings, self._cache)
        return self._analysed(str(path), options, tree)

    def _committed_manifest(
        self, repository: Repository, commit: str, given: str, path: str
    ) -> Side:
        top = repository.tree(commit)
        inner = posixpath.join(repository.prefix(self._front.root), path.removeprefix("./"))
        for place in dict.fromkeys((path, inner)):
            data = None if place.startswith("./") else top.read(place)
            if data is not None:
                return self._loaded(given, data, given, commit)
        ref = given.partition(":")[0]
        raise Undecided(
            f"`{path}` does not exist in `{ref}`",
            f"compare with the source of that commit: `flama-compile diff {ref}`",
        )

    def _manifest(self, given: str, path: Path) -> Side:
        data = FolderTree(path.parent).read(path.name)
        if data is None:
            raise Undecided(f"`{given}` is not a file")
        # Places are told from the root, where annotations are looked for.
        place = os.path.relpath(path.absolute(), self._front.root).replace(os.sep, "/")
        return self._loaded(given, data, given if place.startswith("../") else place)

    def _loaded(self, label: str, data: bytes, file: str, commit: str | None = None) -> Side:
        table = load(data, file)
        self._front.note(f"{label}: {coverage(table)}")
        return Side(label, table, _empty(label, table), None, commit)

    def _settings(self, tree: Tree, file: str, other: Side | None) -> Settings:
        """The side's own settings; those of the other side where it has none that can be used."""
        data = tree.read("pyproject.toml")
        if data is None:
            return Settings()
        try:
            return parse_settings(data.decode(errors="replace"), file)
        except SettingsError as error:
            if other is None or other.analysis is None:
                raise
            # The change under review may be the one that mends them.
            self._front.note(f"{error}; the settings of {other.label} are taken")
            return replace(other.analysis.options.settings, app=None)

    def _app(self, name: str, tree: Tree, settings: Settings, other: Side | None) -> str:
        """The application of a side that is not the working tree."""
        given = self._apps.get(name) or self._apps.get("")
        if given is None and settings.app is None and other is not None:
            # The module of the other side, if this one has it as well.
            module = other.table.app.partition(":")[0].replace(".", "/")
            for root in settings.roots or ("", "src"):
                stem = posixpath.join(root, module) if root not in ("", ".") else module
                if tree.read(f"{stem}.py") is not None or tree.is_dir(stem):
                    return other.table.app
        try:
            return choose_app(self._front.root, settings, given, self._front.note, tree)
        except click.UsageError as error:
            raise Undecided(
                f"{name}: {error.message}", f"name it with `--app {name}=package.module:attribute`"
            ) from None

    def _analysed(
        self, label: str, options: Options, tree: Tree, commit: str | None = None
    ) -> Side:
        analysis = self._front.analyse(options, tree, f"{label}, {options.app}")
        if analysis.table is None:
            self._front.diagnostics(analysis.diagnostics, analysis.source)
            if any(found.code.startswith("FC1") for found in analysis.diagnostics):
                raise Undecided(f"{label} cannot be read, so there is nothing to compare")
            raise Undecided(
                f"the application `{options.app}` was not found in {label}",
                "name it with `--app BASE=package.module:attribute` or `--app HEAD=…`",
            )
        wrong = [found for found in analysis.diagnostics if _hides_routes(found)]
        if wrong:
            self._front.diagnostics(wrong, analysis.source)
        doubts = _empty(label, analysis.table)
        if wrong and analysis.table.exact:
            number = f"{len(wrong)} error{'s' if len(wrong) > 1 else ''}"
            doubts += (f"{label} has {number} in its source, so routes may be missing",)
        return Side(label, analysis.table, doubts, analysis, commit)


def _git_needed(given: str) -> bool:
    """Whether a name can be one of git's: not a path that starts at the root of the disk."""
    return not given.startswith("/")


def _hides_routes(found: Diagnostic) -> bool:
    """Whether a diagnostic says that the table may lack routes; FC3xx judge the ones it has.

    A package that is not installed (FC215) hides none: CI compares without an application's
    requirements, and where a route depends on such a package there is a dynamic site.
    """
    if found.code == "FC215":
        return False
    return code(found.code).severity == "error" and not found.code.startswith("FC3")


def _empty(label: str, table: RouteTable) -> tuple[str, ...]:
    return () if table.routes or table.dynamic else (f"no routes were found in {label}",)
