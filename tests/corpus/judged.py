"""Judges projects: writes them down, links them, imports them, and compares.

This is the only caller of the compiler and of the observer in the corpus.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.ir.routes import Parameter, RouteTable
from flama_compile.options import Options, parse_settings
from flama_compile.pipeline import analyse, build

from corpus.agreement import Agreement, compare, listing
from corpus.observe import Observer
from corpus.projects import Project, write

__all__ = ["Bench", "Judgement", "bench", "static_table"]


@dataclass
class Judgement:
    """What the compiler said about a project, and what is true."""

    project: Project
    table: RouteTable | None
    diagnostics: tuple[Diagnostic, ...]
    live: list[dict[str, Any]] = field(default_factory=list)
    """One answer of the observer for each world."""
    agreements: list[Agreement] = field(default_factory=list)
    """One for each world that could be imported."""

    @property
    def exact(self) -> bool:
        return self.table is not None and self.table.exact and not self.errors

    @property
    def errors(self) -> list[str]:
        """Messages of errors, as `file:line: code message`."""
        return [
            f"{found.span}: {found.code} {found.message}"
            for found in self.diagnostics
            if code(found.code).severity == "error"
        ]

    @property
    def sites(self) -> list[tuple[str, int, str]]:
        """File, line and reason of the dynamic sites, each once."""
        sites = self.table.dynamic if self.table is not None else []
        found = {
            (site.span.file, site.span.line, site.reason) for site in sites if site.span is not None
        }
        return sorted(found)

    @property
    def differences(self) -> list[str]:
        return [text for agreement in self.agreements for text in agreement.differences]

    @property
    def import_errors(self) -> list[str]:
        return [answer["trace"] for answer in self.live if "error" in answer]

    @property
    def refusals(self) -> list[str]:
        """Why the application would not start, in each world that could be imported."""
        return [answer["refused"] for answer in self.live if answer.get("refused")]

    @property
    def listing(self) -> str:
        """The live table of the first world as text."""
        return listing(self.live[0].get("rows", [])) if self.live else ""

    def parameters(self, handler: str) -> str:
        """Parameters of a function view as the static table has them: `name:type=default ...`."""
        routes = self.table.routes if self.table is not None else []
        for route in routes:
            if str(route.handler) == handler and not route.is_class:
                return " ".join(map(_parameter, route.views[0].parameters))
        return f"no view {handler}"


def _parameter(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f"={parameter.default}"
    return f"{parameter.name}:{parameter.type}{default}"


def static_table(folder: Path, app: str) -> tuple[RouteTable | None, tuple[Diagnostic, ...]]:
    """What `flama-compile` makes of a folder, nothing cached."""
    file = folder / "pyproject.toml"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    settings = parse_settings(text, "pyproject.toml")
    analysis = analyse(Options(folder, app, settings, cache=False))
    return analysis.table, analysis.diagnostics


class Bench:
    """A temporary folder and an observer, for many judgements."""

    def __init__(self, root: Path, observer: Observer) -> None:
        self.root = root
        self.observer = observer

    def judge(self, project: Project) -> Judgement:
        """Write a project, link it and import it in each of its worlds."""
        return self.judge_folder(project, write(project, self.root))

    def judge_folder(self, project: Project, folder: Path) -> Judgement:
        """As `judge`, for a project that is on the disk already (and may have been changed)."""
        table, diagnostics = static_table(folder, project.app)
        judgement = Judgement(project, table, diagnostics)
        if not project.importable:
            return judgement
        for world in project.worlds:
            answer = self.observer.table(folder, project.app, project.path, world)
            judgement.live.append(answer)
            if table is not None and "rows" in answer:
                judgement.agreements.append(compare(table.root, answer["rows"]))
        return judgement

    def replay(self, judgement: Judgement) -> list[str]:
        """Compile a judged project; how the compiled application answers otherwise.

        It is asked in every world of the project. What stands at dynamic sites is compiled as
        `dynamic = "interpret"` does it.
        """
        project = judgement.project
        assert judgement.table is not None, "it can be compiled"
        folder = self.root / project.name.replace("/", "-")
        module = project.app.partition(":")[0]
        sources = [
            path
            for root in project.path
            for name in (
                f"{module.replace('.', '/')}.py",
                f"{module.replace('.', '/')}/__init__.py",
            )
            if (path := folder / root / name).exists()
        ]
        compiled = sources[0].with_name("compiled_by_the_test.py")
        compiled.write_text(build(judgement.table).module, encoding="utf-8")
        package = module if sources[0].name == "__init__.py" else module.rpartition(".")[0]
        name = f"{package}.{compiled.stem}" if package else compiled.stem
        found: list[str] = []
        for world in project.worlds:
            answer = self.observer.replay(folder, project.app, name, project.path, world)
            found += [answer["trace"]] if "error" in answer else answer["differences"]
        return found

    def judge_all(self, projects: Iterable[Project]) -> Iterator[Judgement]:
        for project in projects:
            yield self.judge(project)


@contextmanager
def bench() -> Iterator[Bench]:
    """A bench that cleans up after itself."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder, Observer() as observer:
        yield Bench(Path(folder), observer)
