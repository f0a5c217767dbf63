"""Diagnostics for people, in rustc's form.

::

    warning[FC301]: route can never be reached (unreachable-route)
      --> shop/items.py:31:12
       |
    31 | @app.route("/items/{number:int}/")
       |            ^^^^^^^^^^^^^^^^^^^^^^ every GET here is answered by an earlier route
       |
    help: change the path, or serve another method
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.report.snippets import Annotation, Line, Source, snippet, visible

__all__ = ["STYLES", "count", "diagnostic_lines", "plain", "render"]

STYLES = {
    "": "",
    "bold": "bold",
    "gutter": "bold blue",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "second": "bold blue",
}
"""Styles of pieces, in rich's words."""


def render(diagnostics: Sequence[Diagnostic], source: Source) -> str:
    """All diagnostics without colour, a blank line between two; ends with a newline or is ""."""
    read = cache(source)
    return "\n".join(plain(diagnostic_lines(found, read)) for found in diagnostics)


def diagnostic_lines(diagnostic: Diagnostic, source: Source) -> list[Line]:
    """One diagnostic as lines of styled pieces."""
    known = code(diagnostic.code)
    lines: list[Line] = [
        [
            (f"{known.severity}[{known.number}]", known.severity),
            (f": {visible(diagnostic.message)} ({known.slug})", "bold"),
        ]
    ]
    notes: list[Annotation] = []
    if diagnostic.span is not None:
        notes.append(Annotation(diagnostic.span, diagnostic.label, True, known.severity))
    notes.extend(Annotation(label.span, label.text, False, "second") for label in diagnostic.labels)
    if notes:
        lines.extend(snippet(notes, source))
    for advice in diagnostic.help:
        lines.append([("help", "note"), (f": {visible(advice)}", "")])
    return lines


def plain(lines: Sequence[Line]) -> str:
    """Lines as text, each ended by a newline."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; "" when there is nothing to count."""
    severities = [code(found.code).severity for found in diagnostics]
    parts = []
    for severity in ("error", "warning", "note"):
        number = severities.count(severity)
        if number:
            parts.append(f"{number} {severity}" + ("s" if number > 1 else ""))
    return ", ".join(parts)
