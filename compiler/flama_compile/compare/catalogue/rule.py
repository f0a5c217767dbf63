"""What a rule of the comparison is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Level", "Proof", "Rule", "Severity"]

Severity = Literal["breaking", "risky", "safe"]
Proof = Literal["witnessed", "structural", "unproven"]
Level = Literal["wire", "names", "schema", "strict"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change. Ids never change their meaning and are never used again."""

    id: str
    """`RT202`."""
    slug: str
    """Kebab-case: `precedence-changed`."""
    severity: Severity
    """Unless the settings or the circumstances say otherwise."""
    proof: Proof
    level: Level
    """The lowest contract that reports it."""
    summary: str
    """One line, lower case, no full stop."""
    explanation: str
    """Plain text in paragraphs: what it means for clients, and the ways out."""
    base: str
    """An example before the change."""
    head: str
    """The same after it."""
    reported_by: str = "diff"
    """The command that reports it; `nothing yet` for an id that is kept for later."""
