"""Diagnostics in the format that was asked for, to the stream where it belongs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from flama_compile.cli.front import Front
from flama_compile.diagnostics import Diagnostic
from flama_compile.output import OutputError, append
from flama_compile.pipeline import Analysis

__all__ = ["FORMATS", "print_diagnostics", "repository_prefix", "step_summary"]

FORMATS = ("text", "json", "github", "sarif")


def print_diagnostics(
    front: Front,
    format: str,
    found: Sequence[Diagnostic],
    analysis: Analysis,
    heading: str,
    *,
    as_result: bool = False,
) -> None:
    """Print what was found. `as_result`: in text form too, it is what the command is for."""
    # PERF: each format is imported where it is asked for, which is not often.
    match format:
        case "json":
            from flama_compile.report.data import diagnostics_json, dumps

            front.result(dumps(diagnostics_json(found, analysis.exact)))
        case "sarif":
            from flama_compile.report.data import dumps
            from flama_compile.report.sarif import diagnostics_sarif

            prefix = repository_prefix(front.root)
            front.result(dumps(diagnostics_sarif(found, analysis.exact, prefix)))
        case "github":
            from flama_compile.report.github import diagnostics_github, diagnostics_summary

            front.result(diagnostics_github(found, repository_prefix(front.root)))
            step_summary(front, diagnostics_summary(found, heading))
        case _:
            front.diagnostics(found, analysis.source, as_result=as_result)


def step_summary(front: Front, text: str) -> None:
    """Add to the summary of the GitHub Actions step, when there is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            append(Path(path), text)
        except OutputError as error:
            # The findings themselves are on stdout: a summary that fails must not hide them.
            front.note(str(error))


def repository_prefix(root: Path) -> str:
    """What leads from the repository to the root, such as `services/shop/`; "" if they are one."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    top = Path(workspace) if workspace else _repository(root)
    if top is None or top == root or not root.is_relative_to(top):
        return ""
    return root.relative_to(top).as_posix() + "/"


def _repository(root: Path) -> Path | None:
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
