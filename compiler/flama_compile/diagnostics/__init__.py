"""What the compiler says about an application: data here, text in `report`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flama_compile.source import Span

__all__ = ["Diagnostic", "Label", "Report", "Severity"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that matters, with its own words."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. The headline alone makes sense: lower case, no full stop, names the defect."""

    code: str
    """`FC102`: its slug, severity and explanation stand in `diagnostics.codes`."""
    message: str
    span: Span | None
    label: str = ""
    """Speaks of the marked text."""
    labels: tuple[Label, ...] = ()
    help: tuple[str, ...] = ()
    """Each is something that works if done."""


@dataclass(slots=True)
class Report:
    """Collects what the passes find; passes never raise for a user's mistake."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)
