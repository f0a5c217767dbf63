"""`build --watch`: builds again whenever a file changes. Needs the optional package watchfiles."""

from __future__ import annotations

from dataclasses import replace

import click

from flama_compile.cli.apps import Target
from flama_compile.cli.build import Request, build_once
from flama_compile.cli.front import Front
from flama_compile.cli.sources import Sources
from flama_compile.cli.stopping import Stop
from flama_compile.workspace import FolderTree, Unreadable

__all__ = ["build_again", "watch_and_build"]


def watch_and_build(front: Front, request: Request) -> int:
    """Build now and after every change, until interrupted; says which routes came and went.

    Returns 128 + the number of the signal that ended it.
    """
    stop = Stop()
    with stop.handling():
        try:
            sources = Sources(front.root, stop, front.note)
        except ImportError:
            raise click.UsageError(
                "--watch needs the package watchfiles: pip install 'flama-compile[watch]'"
            ) from None
        try:
            _build_and_wait(front, request, sources, stop)
        except KeyboardInterrupt:
            if stop.code is None:
                raise
    return stop.code or 0


def _build_and_wait(front: Front, request: Request, sources: Sources, stop: Stop) -> None:
    with stop.breakable():
        _, target = build_once(front, request)
    before = _manifest(target)
    front.note(f"watching {front.root}; Ctrl-C ends it")
    while sources.wait([] if target is None else [target.module]):
        with stop.breakable():
            request, _, now = build_again(front, request)
        target = now or target
        after = _manifest(target)
        for line in _delta(before, after):
            front.note(line)
        before = after


def build_again(front: Front, request: Request) -> tuple[Request, int, Target | None]:
    """One more build, with the settings as they are now: the request with them, and its result."""
    old = request.options
    try:
        options = front.options(old.app, cache=old.cache, strict=old.strict)
        request = replace(request, options=options)
        return request, *build_once(front, request)
    except click.UsageError as error:
        # A half-written pyproject.toml is no reason to stop watching.
        front.note(f"Error: {error.format_message()}")
        return request, 2, None


def _delta(before: str, after: str) -> list[str]:
    """Rows of two manifests that came (`+`) or went (`-`), in the order of a diff."""
    import difflib

    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line.rstrip() for line in compared if line[:1] in "+-"]


def _manifest(target: Target | None) -> str:
    if target is None:
        return ""
    try:
        data = FolderTree(target.manifest.parent).read(target.manifest.name)
    except Unreadable:
        return ""
    return (data or b"").decode("utf-8", "replace")
