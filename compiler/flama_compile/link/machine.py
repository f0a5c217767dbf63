"""The machine that executes facts: modules, calls in progress, doubts and what was reported.

`statements`, `expressions`, `calls` and their like are its instructions: functions that take the
machine first. Nothing here knows what a route is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from flama_compile.diagnostics import Diagnostic, Label, Report
from flama_compile.ir import facts
from flama_compile.library import Library
from flama_compile.link.applications import Application, Site
from flama_compile.link.failures import Exhausted, Failure, Risk
from flama_compile.link.journal import Doubt, Journal, same
from flama_compile.link.values import (
    MISSING,
    ClassValue,
    DictValue,
    Instance,
    ListValue,
    ModuleValue,
    OneShot,
    Scope,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.options import Settings
from flama_compile.source import Span

__all__ = ["Choices", "Machine", "as_doubt", "from_python"]

_STEP_LIMIT = 300_000
_DEPTH_LIMIT = 300


class _Running(NamedTuple):
    module: ModuleValue
    at: facts.At


class Machine:
    """What the instructions share while one application is linked."""

    def __init__(self, library: Library, settings: Settings, report: Report) -> None:
        self.library = library
        self.settings = settings
        self.report = report
        self.modules: dict[str, ModuleValue] = {}
        self.external_attributes: dict[tuple[str, str], Value] = {}
        """What the project assigned to names of other people's modules."""
        self.journal = Journal(self)
        self.applications: list[Application] = []
        self.homeless: list[Site] = []
        """Sites that came before there was any application."""
        self.trying = 0
        """How many `try` statements are running whose handlers may catch a failure."""
        self.handling: list[Failure | None] = []
        """What the running `except` clauses caught, the innermost last; None where in doubt."""
        self.risks: list[Risk] = []
        """What may have raised inside the `try` statements that are running."""
        self.depth = 0
        self.suspecting = 0
        """How many functions are looked at that something unknown may call."""
        self.patched_framework: Site | None = None
        """A place that replaced a name of the framework."""
        self.forced = 0
        """How many marked statements are running: whatever they register is dynamic."""
        self.unmade: list[ClassValue] = []
        """Classes whose metaclass is running and has not made them yet, the innermost last."""
        self.activations: dict[int, list[int]] = {}
        """For each function that is running, how many branches ran when each call began."""
        self.caches: dict[Any, Any] = {}
        self._steps = 0
        self._running: list[_Running] = []
        self._reported: set[Diagnostic] = set()
        self._declared = {posixpath.normpath(site.file): site.reason for site in settings.declared}
        self.used_declarations: set[str] = set()

    # Places.

    def span(self, scope: Scope, at: facts.At) -> Span:
        """A place in the file that a scope's code stands in."""
        return Span(scope.globals.found.path, *at)

    @contextmanager
    def running(self, module: ModuleValue, at: facts.At) -> Iterator[None]:
        """Remember the statement, so that markers on the lines of callers count."""
        self._running.append(_Running(module, at))
        try:
            yield
        finally:
            self._running.pop()

    @property
    def module(self) -> ModuleValue:
        """The module whose code is running."""
        return self._running[-1].module

    def _present(self) -> Span | None:
        """The statement that is running."""
        if not self._running:
            return None
        module, at = self._running[-1]
        return Span(module.found.path, *at)

    def step(self) -> None:
        """Count a statement; Exhausted when there were too many."""
        self._steps += 1
        if self._steps > _STEP_LIMIT:
            message = "too many statements run while the application is imported"
            raise Exhausted(message, self._present())

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count a call in progress; Exhausted when there are too many."""
        self.depth += 1
        try:
            if self.depth > _DEPTH_LIMIT:
                message = f"calls are nested more than {_DEPTH_LIMIT} deep"
                raise Exhausted(message, self._present())
            yield
        finally:
            self.depth -= 1

    def may_raise(self, span: Span | None, detail: str, *kinds: str) -> None:
        """Say that exceptions of these built-in kinds may be raised here; none stand for any."""
        if self.trying and span is not None:
            self.risks.append(Risk(span, detail, kinds or ("",)))

    # What is not known.

    def unknown(self, span: Span | None, reason: str, detail: str, about: Value = None) -> Unknown:
        return Unknown(span, reason, detail, about)

    def one_of(self, values: Sequence[Value], doubt: Unknown) -> Value:
        """The value when all are the same, else `Unknown`."""
        first = values[0]
        if all(same(value, first) for value in values[1:]):
            return first
        about = next((value for value in values if value is not MISSING), None)
        return Unknown(doubt.span, doubt.reason, doubt.detail, Choices(tuple(values), about))

    def taint(self, value: Value, why: Unknown, depth: int = 0) -> None:
        """Say that something unknown may have changed a container, and all within it."""
        if depth > 6:
            return
        match value:
            case ListValue() | SetValue() | DictValue() | OneShot():
                if value.unknown is None:
                    self.touch(value, "unknown")
                    value.unknown = why
                    inner = value.items.values() if isinstance(value, DictValue) else value.items
                    for item in list(inner):
                        self.taint(item, why, depth + 1)
            case Instance():
                self.touch(value, "unknown")
                self.touch(value, "attributes")
                value.unknown = value.unknown or why
                for name, inner in value.attributes.items():
                    if isinstance(inner, str | int | float | bool | bytes | tuple | None):
                        value.attributes[name] = why
                    elif isinstance(inner, ListValue | SetValue | DictValue):
                        self.taint(inner, why, depth + 1)
            case tuple():
                for item in value:
                    self.taint(item, why, depth + 1)

    def touch(self, owner: Any, attribute: str) -> None:
        """Say, before it happens, that something will change."""
        self.journal.touch(owner, attribute)

    # Dynamic sites.

    def site(self, why: Unknown, code: str, span: Span | None = None) -> Site:
        """A dynamic site; whether it is declared follows from settings and markers."""
        place = span or why.span
        assert place is not None, "a site has a place"
        reason = self._declared.get(place.file)
        if reason is not None:
            self.used_declarations.add(place.file)
            return Site(why.reason, reason, place, code, True)
        return Site(why.reason, why.detail, place, code, self.marked(place))

    def passed(self, module: ModuleValue) -> None:
        """Code of a module has run: what its file is declared to do may have happened by now.

        The project may know of registrations that we cannot see, such as those of a package that
        the file imports.
        """
        reason = self._declared.get(module.found.path)
        if reason is not None:
            place = Span(module.found.path, 1, 1, 1, 1)
            self.add_site_everywhere(
                Site("declared", reason, place, "FC111", declared=True, tentative=True)
            )

    def marked(self, span: Span) -> bool:
        """Whether the line, or that of a statement that led here, is marked as dynamic."""
        if self.forced:
            return True
        places = [(span.file, span.line, span.end_line)]
        places += [(one.module.found.path, one.at[0], one.at[2]) for one in self._running]
        marks = {module.found.path: module.marks for module in self.modules.values()}
        return any(
            first <= line <= last and word == "dynamic"
            for file, first, last in places
            for line, word in marks.get(file, {}).items()
        )

    def add_site(self, app: Application, site: Site) -> None:
        """Put a dynamic site at the present place of an application's order."""
        last = app.entries[-1] if app.entries else None
        if site.tentative and isinstance(last, Site) and last.tentative and last.span == site.span:
            return
        self.touch(app, "entries")
        if last != site:
            app.entries.append(site)

    def add_site_everywhere(self, site: Site) -> None:
        """Put it on every application there is: nobody can tell which one it concerns."""
        for app in self.applications:
            self.add_site(app, site)
        if not self.applications:
            self.touch(self, "homeless")
            self.homeless.append(site)

    # What is reported.

    def diagnostic(
        self,
        code: str,
        message: str,
        span: Span | None,
        label: str = "",
        help: Sequence[str] = (),
        labels: Sequence[Label] = (),
    ) -> Diagnostic:
        return Diagnostic(code, message, span, label, tuple(labels), tuple(help))

    def tell(self, diagnostic: Diagnostic | None) -> None:
        """Report a diagnostic, once."""
        if diagnostic is not None and diagnostic not in self._reported:
            self._reported.add(diagnostic)
            self.report.add(diagnostic)

    def failure(
        self,
        kind: str,
        code: str,
        message: str,
        span: Span | None,
        label: str = "",
        help: Sequence[str] = (),
        labels: Sequence[Label] = (),
    ) -> Failure:
        """An exception of the program that would leave its modules unimported."""
        helps = help or _HELP.get(code, ())
        return Failure(kind, self.diagnostic(code, message, span, label, helps, labels))

    def constant(self, module: str, name: str) -> Value:
        """The value that the settings declare for a name, else MISSING."""
        constants: Mapping[str, Any] = self.settings.constants
        found = constants.get(f"{module}.{name}", MISSING)
        return found if found is MISSING else from_python(found)


_HELP = {
    "FC204": ("correct the name, or define it",),
    "FC206": ("correct the statement, or catch the exception with `try`",),
    "FC207": ("give what the function takes",),
    "FC212": ("give what the framework takes",),
}
"""What helps where nothing more exact can be said."""


class Choices(NamedTuple):
    """What an unknown value may be: one of these."""

    values: tuple[Value, ...]
    first: Value


def from_python(value: Any) -> Value:
    """A value of the settings as a value of the machine."""
    if isinstance(value, list):
        return ListValue([from_python(item) for item in value])
    if isinstance(value, dict):
        return DictValue({key: from_python(item) for key, item in value.items()})
    return value


def as_doubt(unknown: Unknown, span: Span, reason: str, detail: str, code: str) -> Doubt:
    """The doubt about a statement at a place, because of an unknown value."""
    because = f"{detail}: {unknown.detail}" if unknown.detail else detail
    return Doubt(Unknown(span, reason, because), code)
