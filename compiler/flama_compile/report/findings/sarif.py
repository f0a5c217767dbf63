"""Findings as SARIF 2.1.0; accepted ones are there too, suppressed."""

from __future__ import annotations

from typing import Any

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.report.findings.words import changed
from flama_compile.report.sarif import Level, Result, Rule, sarif

__all__ = ["findings_sarif"]

_LEVELS: dict[str, Level] = {"breaking": "error", "risky": "warning", "safe": "note"}
_MOST = 5_000
"""Results of one run that GitHub shows; the worst come first."""


def findings_sarif(verdict: Verdict, prefix: str = "") -> dict[str, Any]:
    """One run; it did not succeed if the tables are not exact."""
    results = [_result(finding, None) for finding in verdict.findings]
    results += [_result(each.finding, each.reason) for each in verdict.accepted]
    return sarif(results[:_MOST], verdict.exact, prefix)


def _result(finding: Finding, accepted: str | None) -> Result:
    known = rule(finding.rule)
    about = Rule(
        known.id,
        known.slug,
        known.summary,
        known.explanation,
        _LEVELS[known.severity],
    )
    parts = [finding.message, *(changed(example) for example in finding.examples[:1])]
    parts += [*finding.detail, *finding.help]
    message = ". ".join(parts)
    return Result(
        about,
        _LEVELS[finding.severity],
        message,
        finding.span,
        (),
        finding.fingerprint,
        accepted,
    )
