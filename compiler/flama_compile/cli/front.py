"""What every command shares: the root, the settings, the two streams, the coverage line."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, TextIO

import click

from flama_compile.cli.streams import is_terminal, put, tell
from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.ir.routes import Route, RouteTable
from flama_compile.library import WAITING
from flama_compile.options import Options, Settings, SettingsError, find_root, parse_settings
from flama_compile.pipeline import Analysis, analyse
from flama_compile.report.snippets import Line, Source
from flama_compile.report.text import STYLES, count, diagnostic_lines, plain
from flama_compile.workspace import FolderTree, Tree, Unreadable

__all__ = ["Front", "app_argument", "common", "coverage", "exit_of"]

SLOW = 1.0
"""Seconds after which a terminal is shown that something happens."""


class Front:
    """One run: where the project is, and how to speak."""

    def __init__(self, ctx: click.Context, root: str | None, color: str | None) -> None:
        above = ctx.find_root().params
        given = root or above.get("root")
        self.root = _root(given)
        self.given_root = given
        self.color = color or above.get("color") or "auto"

    def settings(self) -> Settings:
        """`[tool.flama-compile]` of the root; wrong ones end the command with 2."""
        try:
            data = FolderTree(self.root).read("pyproject.toml")
            return Settings() if data is None else parse_settings(data.decode("utf-8-sig"))
        except (SettingsError, Unreadable) as error:
            raise click.UsageError(str(error)) from None
        except UnicodeDecodeError:
            raise click.UsageError("pyproject.toml: is not UTF-8") from None

    def options(self, app: str | None, *, cache: bool = True, strict: bool = False) -> Options:
        """Everything one analysis needs; finds the application when none is named."""
        from flama_compile.cli.apps import choose_app

        settings = self.settings()
        chosen = choose_app(self.root, settings, app, self.note)
        return Options(self.root, chosen, settings, cache, strict)

    def analyse(
        self, options: Options, tree: Tree | None = None, label: str | None = None
    ) -> Analysis:
        """Analyse, with a progress bar on a terminal once that takes long, and say the coverage.

        `tree` is read instead of the root's folder; `label` says for people what is analysed.
        """
        warn_of_two_packages(self.note)
        with self.busy("reading source files") as bar:
            analysis = analyse(options, tree, bar.advance)
        if analysis.table is not None:
            self.note(f"{label or options.app}: {coverage(analysis.table)}")
        return analysis

    def busy(self, doing: str) -> _Bar:
        """Show a bar while something goes on, on a terminal and once it takes long."""
        return _Bar(doing, self._colored(sys.stderr))

    def result(self, text: str) -> None:
        """Print what the command was called for."""
        put(text)

    def note(self, text: str) -> None:
        """Tell a person something beside the result."""
        tell(text)

    def diagnostics(
        self, found: Sequence[Diagnostic], source: Source, *, as_result: bool = False
    ) -> None:
        """Print diagnostics for people."""
        stream = sys.stdout if as_result else sys.stderr
        read = cache(source)
        for one in found:
            lines = diagnostic_lines(one, read)
            text = paint(lines) if self._colored(stream) else plain(lines)
            if as_result:
                put(text + "\n")
            else:
                tell(text)
        if found:
            numbers = sorted({one.code for one in found})
            more = f"`flama-compile explain {numbers[0]}` says more"
            self.note(f"{count(found)}; {more}")

    def colored(self) -> bool:
        """Whether the result may carry colours."""
        return self._colored(sys.stdout)

    def again(self, command: str, app: str, *options: str) -> str:
        """The command line that a person would type to run another command here."""
        words = ["flama-compile", command, app, *options]
        if self.given_root:
            words += ["--root", self.given_root]
        import shlex

        return shlex.join(words)

    def _colored(self, stream: TextIO | None) -> bool:
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and is_terminal(stream)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command takes; the function gets a Front first."""

    @wraps(command)
    def run(root: str | None, color: str | None, **rest: Any) -> Any:
        return command(Front(click.get_current_context(), root, color), **rest)

    root = click.option("--root", type=click.Path(), metavar="DIR", help="Root of the project.")
    color = click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colours.")
    return root(color(run))


def app_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument APP."""
    return click.argument("app", required=False, metavar="[APP]")(command)


def exit_of(found: Iterable[Diagnostic], *, strict: bool = False) -> int:
    """Exit code of `build`: 2 where the analysis is incomplete, 1 for errors, else 0."""
    worst = 0
    for one in found:
        known = code(one.code)
        if known.severity == "error":
            worst = max(worst, known.exit)
        elif known.severity == "warning" and strict:
            worst = max(worst, 1)
    return worst


def coverage(table: RouteTable) -> str:
    """`214 routes, exact`, or `212 routes + 2 dynamic sites`."""
    routes = sum(1 for entry in table.walk() if isinstance(entry, Route))
    dynamic = len(table.dynamic)
    said = f"{routes} route{'' if routes == 1 else 's'}"
    if not dynamic:
        return f"{said}, exact"
    return f"{said} + {dynamic} dynamic site{'' if dynamic == 1 else 's'}"


def paint(lines: Sequence[Line]) -> str:
    """Lines with their colours, as a terminal takes them."""
    from rich.style import Style

    return "".join(
        "".join(Style.parse(STYLES[style]).render(text) if style else text for text, style in line)
        + "\n"
        for line in lines
    )


def warn_of_two_packages(note: Callable[[str], None]) -> None:
    """Say when PyPI's own `flama` is installed over, or beside, `flama-runtime`."""
    if not any(map(_holds_flama, sys.path)):
        return
    note(
        "warning[FC405]: the distribution `flama` is installed beside `flama-runtime`, "
        "and both are imported as `flama` (two-packages-named-flama)\n"
        "help: pip uninstall -y flama flama-runtime && pip install flama-runtime"
    )


def _holds_flama(folder: str) -> bool:
    """Whether the distribution `flama` is installed in a folder of `sys.path`.

    PERF: `importlib.metadata` takes as long to import as a cached table takes to load.
    """
    try:
        names = os.listdir(folder or ".")
    except OSError:
        # Not a folder, or one that Python cannot look into either.
        return False
    own = r"flama(-[^-]+)?(-py[\d.]+)?\.(dist|egg)-info"
    return any(re.fullmatch(own, name) for name in names if name.startswith("flama"))


def _root(given: str | None) -> Path:
    if given is None:
        return find_root(Path.cwd())
    root = Path(given).absolute()
    if not root.is_dir():
        raise click.UsageError(f"--root: `{given}` is not a folder")
    return root


class _Bar:
    """A bar on a terminal once a second has gone by; nothing elsewhere."""

    def __init__(self, doing: str, colored: bool) -> None:
        self._doing = doing
        self._colored = colored
        self._timer = threading.Timer(SLOW, self._start)
        self._timer.daemon = True
        self._timer.name = WAITING
        self._over = False
        self._bar: Any = None
        self._counts: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> _Bar:
        if is_terminal(sys.stderr):
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def advance(self, known: int, done: int) -> None:
        """Tell how many files there are, and how many were read."""
        self._counts = (known, done)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], total=known, completed=done)

    def _start(self) -> None:
        threading.current_thread().name = "flama-compile-draws"
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._over:
                return
            console = Console(stderr=True, no_color=not self._colored)
            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=console, transient=True)
            known, done = self._counts or (None, 0)
            self._bar.add_task(self._doing, total=known, completed=done)
            self._bar.start()
