"""Diagnostics and routes as JSON values. The shapes are stable and carry `"format": 1`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.source import Span

__all__ = ["diagnostics_json", "dumps", "place"]


def diagnostics_json(diagnostics: Sequence[Diagnostic], exact: bool) -> dict[str, Any]:
    """The document that `lint`, `verify` and `build --format json` print."""
    return {
        "format": 1,
        "exact": exact,
        "diagnostics": [_diagnostic(found) for found in diagnostics],
    }


def place(span: Span | None) -> dict[str, Any] | None:
    """Where something stands: file relative to the root, line and column from 1."""
    if span is None:
        return None
    return {"file": span.file, "line": span.line, "column": span.column}


def dumps(document: Any) -> str:
    """One document as text, ended by a newline; the same data gives the same bytes."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    known = code(found.code)
    labels = [{"source": place(label.span), "text": label.text} for label in found.labels]
    if found.label:
        labels.insert(0, {"source": place(found.span), "text": found.label})
    return {
        "code": found.code,
        "slug": known.slug,
        "severity": known.severity,
        "message": found.message,
        "source": place(found.span),
        "labels": labels,
        "help": list(found.help),
    }
