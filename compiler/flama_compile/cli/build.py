"""`flama-compile build`: source in, dispatch module and manifest out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from flama_compile.cache import Cache
from flama_compile.cli.apps import Target, target_of
from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.cli.printing import FORMATS, print_diagnostics
from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.dynamic import DYNAMIC_CODES
from flama_compile.options import Options
from flama_compile.output import Artefact, OutputError, current, unified, write
from flama_compile.pipeline import Analysis, build
from flama_compile.source import Span

__all__ = ["Request", "build_once", "command"]


@dataclass(frozen=True, slots=True)
class Request:
    """What one call of `build` asked for."""

    options: Options
    output: str | None = None
    check: bool = False
    diff: bool = False
    format: str = "text"


@click.command(name="build")
@app_argument
@click.option("-o", "--output", metavar="FILE", help="The module; the manifest goes beside it.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is not up to date.")
@click.option("--diff", is_flag=True, help="Print what changes in the generated files.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--no-cache", is_flag=True, help="Read every file again.")
@click.option("--watch", is_flag=True, help="Build again whenever a file changes.")
@click.option("--format", type=click.Choice(FORMATS), default="text", help="Of diagnostics.")
@common
def command(
    front: Front,
    app: str | None,
    output: str | None,
    check: bool,
    diff: bool,
    strict: bool,
    no_cache: bool,
    watch: bool,
    format: str,
) -> int:
    """Write `<module>_compiled.py` and `<module>.routes` beside the application's module."""
    if watch and check:
        raise click.UsageError("--watch writes and --check does not: use one of them")
    options = front.options(app, cache=not no_cache, strict=strict)
    request = Request(options, output, check, diff, format)
    if watch:
        from flama_compile.cli.watch import watch_and_build

        return watch_and_build(front, request)
    code, target = build_once(front, request)
    if target is not None and code == 0 and not check:
        front.note(
            "in an image, run `python -m compileall` too: without .pyc files a start is slow"
        )
    return code


def build_once(front: Front, request: Request) -> tuple[int, Target | None]:
    """One build: its exit code, and where the files are if the application was found."""
    analysis = front.analyse(request.options)
    found = _refusing(front, request, analysis)
    code = exit_of(found, strict=request.options.strict)
    target: Target | None = None
    if code == 0 and analysis.table is not None:
        target = target_of(request.options.root, request.options.app, analysis.file, request.output)
        found += _finish(front, request, analysis, target)
        code = exit_of(found, strict=request.options.strict)
    elif not request.check:
        front.note("nothing was written")
    print_diagnostics(front, request.format, found, analysis, "flama-compile build")
    return code, target


def _refusing(front: Front, request: Request, analysis: Analysis) -> list[Diagnostic]:
    """Diagnostics that count; where the project says so, dynamic sites are only told."""
    if request.options.settings.dynamic == "refuse":
        return list(analysis.diagnostics)
    for found in analysis.diagnostics:
        if found.code in DYNAMIC_CODES:
            front.note(f"{found.span}: left to the application: {found.message}")
    return [found for found in analysis.diagnostics if found.code not in DYNAMIC_CODES]


def _finish(front: Front, request: Request, analysis: Analysis, target: Target) -> list[Diagnostic]:
    """Compile, then write or compare; what is wrong with the files comes back."""
    assert analysis.table is not None
    cache = Cache(request.options.root) if request.options.cache else None
    with front.busy("compiling and verifying"):
        built = build(analysis.table, cache, analysis.key)
    artefacts = [
        Artefact(target.module, built.module, "# Compiled by flama-compile"),
        Artefact(target.manifest, built.manifest, "# flama routes"),
    ]
    extra = () if request.output is None else ("-o", request.output)
    repair = front.again("build", request.options.app, *extra)
    try:
        before = [current(artefact) for artefact in artefacts]
        if request.diff:
            named = zip(artefacts, before, strict=True)
            text = unified((_shown(front.root, a.path), old, a.text) for a, old in named)
            if request.format == "text":
                front.result(text)
            else:
                front.note(text.rstrip("\n"))
        if request.check:
            return _compare(front, artefacts, before, repair)
        written = write(artefacts)
    except OutputError as error:
        return [_unwritable(front, error)]
    for artefact in artefacts:
        verb = "wrote" if artefact.path in written else "unchanged:"
        front.note(f"{verb} {_shown(front.root, artefact.path)}")
    return []


def _compare(
    front: Front, artefacts: Sequence[Artefact], before: Sequence[bytes | None], repair: str
) -> list[Diagnostic]:
    """What `--check` says of each file: missing, stale or edited."""
    found: list[Diagnostic] = []
    for artefact, old in zip(artefacts, before, strict=True):
        name = _shown(front.root, artefact.path)
        help = (f"run `{repair}`",)
        at = Span(name, 1, 1, 1, 1)
        if old is None:
            found.append(Diagnostic("FC402", f"`{name}` is missing", at, help=help))
        elif old != artefact.data and _made_by_us(artefact, old):
            message = f"`{name}` is stale: the routes have changed since it was written"
            found.append(Diagnostic("FC403", message, at, help=help))
        elif old != artefact.data:
            message = f"`{name}` was edited: it is not what `build` writes"
            found.append(Diagnostic("FC404", message, at, help=help))
    if not found:
        front.note("both files are up to date")
    return found


def _made_by_us(artefact: Artefact, old: bytes) -> bool:
    """Whether a file that differs looks as it was written, for routes of another day.

    A manifest is, if it reads back to itself. A module is, if it was made from other routes; one
    that was made from the same routes and differs all the same was changed afterwards.
    """
    if artefact.path.suffix == ".routes":
        from flama_compile.manifest import ManifestError, dump, load

        try:
            return dump(load(old)).encode() == old
        except ManifestError:
            return False
    made_from = _fingerprint(old)
    return made_from is not None and made_from != _fingerprint(artefact.data)


def _fingerprint(module: bytes) -> object:
    """What a generated module was made from; None when that cannot be read."""
    import ast

    try:
        body = ast.parse(module).body
    except (SyntaxError, ValueError):
        return None
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="ROUTES")], value=ast.Constant(value=value)):
                return value
    return None


def _unwritable(front: Front, error: OutputError) -> Diagnostic:
    name = _shown(front.root, error.path)
    folder = _shown(front.root, error.path.parent)
    return Diagnostic(
        "FC401",
        f"cannot write `{name}`: {error.reason}",
        Span(name, 1, 1, 1, 1),
        help=(f"make `{folder}` a folder that you may write to, or name another file with `-o`",),
    )


def _shown(root: Path, path: Path) -> str:
    """A path as the person who typed the command knows it."""
    for base in (root, Path.cwd()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return str(path)
