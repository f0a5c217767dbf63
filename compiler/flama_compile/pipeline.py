"""The whole compiler on one page: start reading here.

::

    source files ──scan──▶ facts ──link──▶ route table ──check──▶ diagnostics
                                               │
                                               ├──lower──▶ plan ──emit──▶ module ──verify
                                               └──▶ manifest
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flama_compile.cache import Cache, digest
from flama_compile.crash import Fault, stage
from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.diagnostics.codes import code
from flama_compile.identity import identity
from flama_compile.ir.facts import ModuleFacts
from flama_compile.ir.outline import Outline
from flama_compile.ir.routes import RouteTable
from flama_compile.library import Library
from flama_compile.options import Options
from flama_compile.remembered import recall, remember
from flama_compile.source import decode
from flama_compile.workspace import FolderTree, Tree, Unreadable, Workspace

if TYPE_CHECKING:
    from flama_compile.ir.plan import DispatchPlan

__all__ = ["Analysis", "Built", "analyse", "build"]

Progress = Callable[[int, int], None]
"""Is told how many files are known and how many of them were read."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the source says: the table, and what is wrong with it."""

    options: Options
    table: RouteTable | None
    """None when the application cannot be found."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted by place; those that a comment silences are left out."""
    library: Library
    key: str | None = None
    """Names the table in the cache; None without a cache."""

    @property
    def file(self) -> str:
        """The file of the application's module, relative to the root; "" when it is not found."""
        found = self.library.workspace.find(self.options.app.partition(":")[0])
        return "" if found is None else found.path

    @property
    def exact(self) -> bool:
        """Whether the table holds every route that the application will have."""
        return self.table is not None and self.table.exact

    def source(self, file: str) -> str | None:
        """The text of a file of the project, for showing a place in it."""
        try:
            data = self.library.workspace.read(file)
        except Unreadable:
            return None
        return None if data is None else decode(data)


@dataclass(frozen=True, slots=True)
class Built:
    """The two texts that `build` writes."""

    module: str
    manifest: str


def analyse(
    options: Options, tree: Tree | None = None, progress: Progress | None = None
) -> Analysis:
    """Read an application's source, without importing it, and judge its routes."""
    report = Report()
    workspace = Workspace(tree or FolderTree(options.root), options.settings.roots)
    cache = Cache(options.root) if options.cache else None
    library = Library(workspace, _scan, _outline, cache=cache, progress=progress)
    known = None if cache is None else recall(cache, options.app, library, options.settings)
    if known is not None:
        # No file that the table depends on has changed.
        found = tuple(_heard(known.diagnostics, library))
        return Analysis(options, known.table, found, library, known.key)
    table = _judged(options, library, report)
    key = None
    if cache is not None:
        key = remember(cache, options.app, library, options.settings, table, report.found)
    return Analysis(options, table, tuple(_heard(report.found, library)), library, key)


def _judged(options: Options, library: Library, report: Report) -> RouteTable | None:
    """The table, linked and checked."""
    with stage("scan"):
        library.explore(options.app.partition(":")[0])
    with stage("link"):
        # PERF: a run that finds its table in the cache does without the linker.
        from flama_compile.link import link

        table = link(options.app, library, options.settings, report)
    if table is not None:
        from flama_compile.check import check

        with stage("check", lambda: _routes_text(table)):
            check(table, report)
        if not table.root.entries and not any(_is_error(found) for found in report.found):
            report.add(_no_routes(options.app, table))
    return table


def build(table: RouteTable, cache: Cache | None = None, key: str | None = None) -> Built:
    """Compile a table that has no errors; Fault if the module would answer differently.

    What this compiler built and verified before from an equal table is not built again.
    `key` is `Analysis.key`, which is at hand where the text of the table would have to be made.
    """
    if cache is None:
        return _build(table, None)
    place, wanted = digest(table.app), digest(key or repr(table), identity())
    match cache.get("built", place):
        case (known, str(module), str(manifest)) if known == wanted:
            return Built(module, manifest)
    built = _build(table, cache)
    cache.put("built", place, (wanted, built.module, built.manifest))
    return built


def _build(table: RouteTable, cache: Cache | None) -> Built:
    # PERF: the other half of the compiler; listing and checking routes must feel instant.
    from flama_compile.emit import emit
    from flama_compile.lower import lower
    from flama_compile.manifest import dump
    from flama_compile.verify import verify

    with stage("lower", lambda: _routes_text(table)):
        plan = lower(table)
    with stage("emit", lambda: _plan_text(plan)):
        module = emit(plan)
    with stage("verify", lambda: f"{_routes_text(table)}\n{module}"):
        disagreement = verify(table, plan, module, cache)
    if disagreement is not None:
        raise Fault("FC902", "verify", disagreement, f"{_routes_text(table)}\n{module}")
    with stage("manifest", lambda: _routes_text(table)):
        manifest = dump(table)
    return Built(module, manifest)


def _routes_text(table: RouteTable) -> str:
    # PERF: wanted only when a pass fails.
    from flama_compile.ir.text_routes import routes_text

    return routes_text(table)


def _plan_text(plan: DispatchPlan) -> str:
    from flama_compile.ir.text_plan import plan_text

    return plan_text(plan)


def _no_routes(app: str, table: RouteTable) -> Diagnostic:
    return Diagnostic(
        "FC406",
        f"no routes found in `{app}`",
        table.root.span,
        "nothing is registered on this application",
        help=("name another application, or import the modules that register its routes",),
    )


def _is_error(found: Diagnostic) -> bool:
    return code(found.code).severity == "error"


def _heard(found: Iterable[Diagnostic], library: Library) -> list[Diagnostic]:
    """Diagnostics in order of place, without the warnings that their line silences."""
    kept = [one for one in found if not _silenced(one, library)]
    return sorted(kept, key=lambda one: (one.span is None, one.span or (), one.code, one.message))


def _silenced(found: Diagnostic, library: Library) -> bool:
    if found.span is None or _is_error(found):
        return False
    return any(
        found.code in _ignored(words)
        for line, words in library.markers(found.span.file)
        if found.span.line <= line <= found.span.end_line
    )


def _ignored(words: str) -> list[str]:
    """The codes of a comment `ignore[FC301, FC303]`."""
    match = re.match(r"ignore\[([^\]]*)\]", words)
    return [] if match is None else re.split(r"[\s,]+", match[1].strip().upper())


def _scan(data: bytes, *, deep: bool = False) -> ModuleFacts:
    # PERF: importing libcst takes longer than a run that finds all facts in the cache.
    from flama_compile.scan import scan

    return scan(data, deep=deep)


def _outline(data: bytes) -> Outline | None:
    from flama_compile.scan.outline import outline

    return outline(data)
