"""Workflow commands and step summaries of GitHub Actions, within GitHub's limits.

A step shows at most ten errors and ten warnings and drops the rest without a word, so we print
ten of each and a notice that counts the others; the step summary lists them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.source import Span

__all__ = ["Annotation", "commands", "diagnostics_github", "diagnostics_summary"]

LIMIT = 10
"""Annotations of one level that a step may show."""

Level = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One mark on a file of a pull request."""

    level: Level
    title: str
    message: str
    span: Span | None = None


def commands(found: Iterable[Annotation], prefix: str = "") -> str:
    """Workflow commands, one a line; `prefix` leads from the repository to the project's root."""
    shown: dict[Level, int] = {"error": 0, "warning": 0, "notice": 0}
    hidden: dict[Level, int] = {"error": 0, "warning": 0, "notice": 0}
    lines = []
    for annotation in found:
        if shown[annotation.level] == LIMIT and annotation.level != "notice":
            hidden[annotation.level] += 1
            continue
        shown[annotation.level] += 1
        lines.append(_command(annotation, prefix))
    left = [_counted(number, level) for level, number in hidden.items() if number]
    if left:
        rest = Annotation(
            "notice", "flama-compile", f"{' and '.join(left)} more: see the log and the summary"
        )
        lines.append(_command(rest, prefix))
    return "".join(line + "\n" for line in lines)


def diagnostics_github(diagnostics: Sequence[Diagnostic], prefix: str = "") -> str:
    """Diagnostics as annotations on the files that they are about."""
    return commands((_annotation(found) for found in diagnostics), prefix)


def diagnostics_summary(diagnostics: Sequence[Diagnostic], heading: str) -> str:
    """Every diagnostic as a Markdown table for the step summary."""
    lines = [f"### {heading}", ""]
    if diagnostics:
        lines += ["| | code | where | what |", "|---|---|---|---|"]
    for found in diagnostics:
        known = code(found.code)
        where = f"`{found.span}`" if found.span else ""
        cells = (known.severity, known.number, where, found.message)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines).rstrip() + "\n\n"


def _annotation(found: Diagnostic) -> Annotation:
    known = code(found.code)
    level: Level = "notice" if known.severity == "note" else known.severity
    parts = [found.message]
    if found.label:
        parts.append(found.label)
    parts.extend(f"{label.span}: {label.text}" for label in found.labels)
    parts.extend(f"help: {advice}" for advice in found.help)
    return Annotation(level, f"{known.number} {known.slug}", "\n".join(parts), found.span)


def _command(annotation: Annotation, prefix: str) -> str:
    properties: dict[str, object] = {}
    if (span := annotation.span) is not None:
        properties["file"] = f"{prefix}{span.file}"
        properties["line"] = span.line
        properties["endLine"] = span.end_line
        if span.line == span.end_line:
            # GitHub takes columns only for marks within one line.
            properties["col"] = span.column
            properties["endColumn"] = max(span.end_column - 1, span.column)
    properties["title"] = annotation.title
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{annotation.level} {written}::{_message(annotation.message)}"


def _message(text: str) -> str:
    # `%` first, or the escapes of the others would be escaped again.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _counted(number: int, level: str) -> str:
    return f"{number} {level}" + ("s" if number > 1 else "")
