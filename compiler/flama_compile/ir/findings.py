"""What the comparison of two route tables found: data for reports, no behaviour.

Finding RT202  breaking  witnessed
  witness   GET /users/me
  was       shop:me     {}
  now       shop:user   {"id": "me"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flama_compile.ir.routes import RouteTable
from flama_compile.source import Span

__all__ = [
    "Accepted",
    "Comparison",
    "Example",
    "Finding",
    "Gone",
    "Reply",
    "Verdict",
    "Witness",
]

Severity = Literal["breaking", "risky", "safe"]
Proof = Literal["witnessed", "structural", "unproven"]


@dataclass(frozen=True, slots=True)
class Witness:
    """One request, as it goes on the wire."""

    protocol: Literal["http", "websocket"]
    method: str
    """"" for a websocket."""
    path: str
    """Percent-encoded."""

    def __str__(self) -> str:
        return f"{self.method or 'WS'} {self.path}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to it. 404, and a websocket that is refused, is None in its place."""

    handler: str | None = None
    """`module:name` of a view or of a foreign application; None for a 405 or a late handler."""
    params: Mapping[str, str | int | float] | None = None
    """What is delivered by name; uuid and decimal as text."""
    status: int | None = None
    """405, or None."""
    root_path: str | None = None
    """Of a foreign application."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request with what answered it and what answers it now."""

    witness: Witness
    was: Reply | None
    now: Reply | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One change, with its cause."""

    rule: str
    severity: Severity
    proof: Proof
    message: str
    """One sentence for people: what changed. Lower case, no full stop."""
    detail: tuple[str, ...]
    """More lines: why, and what it takes along."""
    help: tuple[str, ...]
    """Each is something that works if done."""
    examples: tuple[Example, ...]
    """The first is the witness; empty where no request can show the change."""
    was: Reply | None
    now: Reply | None
    span: Span | None
    """The place in the head that did it, else the nearest one that is still there."""
    span_base: Span | None
    """The place in the base."""
    path: str
    """The template that the finding is about, in the base if it was there."""
    methods: tuple[str, ...]
    fingerprint: str
    routes: int = 1
    """How many routes it speaks for."""

    @property
    def witness(self) -> Witness | None:
        """The request that shows it best."""
        return self.examples[0].witness if self.examples else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The findings of two tables, worst first."""

    base: RouteTable
    head: RouteTable
    findings: tuple[Finding, ...]
    bounded: str | None = None
    """Why not everything was compared; None if it was."""

    @property
    def exact(self) -> bool:
        """Whether there can be no change that is not among the findings."""
        return self.bounded is None and self.base.exact and self.head.exact


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that `flama-accepted.toml` allows, with the reason it gives."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry of `flama-accepted.toml` that allows nothing here."""

    fingerprint: str
    rule: str
    problem: str
    """`unused`, or since when it has expired."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A comparison under a policy: what a report shows, and the exit code."""

    comparison: Comparison
    base: str
    """How the user names it: a ref with its commit, a folder, a file."""
    head: str
    findings: tuple[Finding, ...]
    """Those that count, worst first."""
    accepted: tuple[Accepted, ...]
    gone: tuple[Gone, ...]
    fail_on: Literal["breaking", "risky", "never"]
    doubts: tuple[str, ...] = ()
    """Why one of the tables may not be complete, one sentence each."""

    @property
    def exact(self) -> bool:
        """Whether there can be no change that is not among the findings."""
        return self.comparison.exact and not self.doubts

    @property
    def exit_code(self) -> int:
        """2 when the tables are not exact, 1 for a finding at or above the threshold, else 0."""
        if not self.exact:
            return 2
        failing = {"breaking": ("breaking",), "risky": ("breaking", "risky"), "never": ()}
        return int(any(found.severity in failing[self.fail_on] for found in self.findings))
