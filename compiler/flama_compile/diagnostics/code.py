"""What a diagnostic code means, once, for every place that says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of defect.

    An error means that we cannot compile faithfully. A warning means that we did, and that you
    probably meant something else; it is given only where that can be proved.
    """

    number: str
    """`FC301`. Numbers never change their meaning and are never used again."""
    slug: str
    """Kebab-case, names the defect, reads well after "allow": `unreachable-route`."""
    severity: Literal["error", "warning", "note"]
    headline: str
    """The general form of the message: lower case, no full stop."""
    explanation: str
    """Plain text in paragraphs: what happens, why it matters, the ways out."""
    example: str
    """Source that gives this diagnostic, or the command line that does."""
    exit: int = 1
    """Exit code of `build` when an error of this kind is found: 2 where the analysis is
    incomplete (a dynamic site, an application that cannot be found), else 1."""
