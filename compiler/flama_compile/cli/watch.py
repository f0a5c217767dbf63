"""Building again whenever a file changes. Needs the optional package watchfiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flama_compile.cli.apps import Target
from flama_compile.cli.build import Request, build_once
from flama_compile.cli.front import Front
from flama_compile.workspace import FolderTree, Unreadable

if TYPE_CHECKING:
    from watchfiles import Change

__all__ = ["changes", "route_delta", "watch_and_build"]

QUIET = 200
"""Milliseconds without a change after which a burst of changes is over."""


def watch_and_build(front: Front, request: Request) -> int:
    """Build now and after every change, until interrupted; says which routes came and went."""
    waiting = changes(front.root)
    _, target = build_once(front, request)
    before = _manifest(target)
    front.note(f"watching {front.root}; Ctrl-C ends it")
    for _ in waiting:
        try:
            _, now = build_once(front, _again(front, request))
        except click.UsageError as error:
            # A half-written pyproject.toml is no reason to stop watching.
            front.note(f"Error: {error.format_message()}")
            continue
        target = now or target
        after = _manifest(target)
        for line in route_delta(before, after):
            front.note(line)
        before = after
    return 0


def _again(front: Front, request: Request) -> Request:
    """The same request with the settings as they are now."""
    old = request.options
    return replace(request, options=front.options(old.app, cache=old.cache, strict=old.strict))


def changes(root: Path) -> Iterator[None]:
    """Yields after every burst of changes to source files below the root."""
    try:
        from watchfiles import watch
    except ImportError:
        raise click.UsageError(
            "--watch needs the package watchfiles: pip install 'flama-compile[watch]'"
        ) from None
    bursts = watch(
        root,
        watch_filter=_source_filter(root),
        step=QUIET,
        rust_timeout=QUIET,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    # The watcher starts with the first step; what changes after that is not missed.
    next(bursts)
    return (None for burst in bursts if burst)


def route_delta(before: str, after: str) -> list[str]:
    """Rows of two manifests that came (`+`) or went (`-`), in the order of a diff."""
    import difflib

    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line.rstrip() for line in compared if line[:1] in "+-"]


def _source_filter(root: Path) -> Callable[[Change, str], bool]:
    def relevant(_: Change, path: str) -> bool:
        parts = Path(path).relative_to(root).parts if Path(path).is_relative_to(root) else ()
        if any(part.startswith(".") or part == "__pycache__" for part in parts):
            return False
        name = Path(path).name
        return name == "pyproject.toml" or (
            name.endswith(".py") and not name.endswith("_compiled.py")
        )

    return relevant


def _manifest(target: Target | None) -> str:
    if target is None:
        return ""
    try:
        data = FolderTree(target.manifest.parent).read(target.manifest.name)
    except Unreadable:
        return ""
    return (data or b"").decode("utf-8", "replace")
