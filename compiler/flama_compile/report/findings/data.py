"""Findings as a JSON value: the shape is stable and carries `"format": 1`."""

from __future__ import annotations

from typing import Any

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Reply, Verdict, Witness
from flama_compile.report.data import place
from flama_compile.report.findings.words import totals

__all__ = ["findings_json"]


def findings_json(verdict: Verdict) -> dict[str, Any]:
    """The document that `diff --format json` prints."""
    return {
        "format": 1,
        "base": verdict.base,
        "head": verdict.head,
        "exact": verdict.exact,
        "summary": totals(verdict),
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "slug": rule(finding.rule).slug,
        "severity": finding.severity,
        "proof": finding.proof,
        "witness": _witness(finding.witness),
        "was": _reply(finding.was),
        "now": _reply(finding.now),
        "source": place(finding.span),
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }


def _witness(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {
        "protocol": witness.protocol,
        "method": witness.method or None,
        "path": witness.path,
    }


def _reply(reply: Reply | None) -> dict[str, Any] | None:
    if reply is None:
        return None
    if reply.status is not None:
        return {"status": reply.status}
    shown: dict[str, Any] = {"handler": reply.handler, "params": dict(reply.params or {})}
    if reply.root_path is not None:
        shown["root_path"] = reply.root_path
    return shown
