"""SARIF 2.1.0: the format that code scanning services read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Literal
from urllib.parse import quote

import flama_compile
from flama_compile.diagnostics import Diagnostic
from flama_compile.diagnostics.codes import code
from flama_compile.source import Span

__all__ = ["Result", "Rule", "diagnostics_sarif", "sarif"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

Level = Literal["error", "warning", "note", "none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a result is an instance of."""

    id: str
    name: str
    summary: str
    explanation: str
    level: Level


@dataclass(frozen=True, slots=True)
class Result:
    """One finding, with the places that matter to it."""

    rule: Rule
    level: Level
    message: str
    span: Span | None
    related: tuple[tuple[Span, str], ...] = ()
    fingerprint: str | None = None
    """Stays the same while lines above it move; None where there is none."""
    accepted: str | None = None
    """Why the project allows it; None where it does not."""


def sarif(results: Sequence[Result], successful: bool, prefix: str = "") -> dict[str, Any]:
    """One run as a document. `successful` is whether the analysis saw everything."""
    rules = sorted({result.rule.id: result.rule for result in results}.values(), key=_rule_id)
    positions = {rule.id: index for index, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "flama-compile",
                        "semanticVersion": flama_compile.__version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "invocations": [{"executionSuccessful": successful}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(result, positions, prefix) for result in results],
            }
        ],
    }


def diagnostics_sarif(
    diagnostics: Sequence[Diagnostic], exact: bool, prefix: str = ""
) -> dict[str, Any]:
    """Diagnostics as one SARIF run; an analysis that is not exact did not succeed."""
    return sarif([_from_diagnostic(found) for found in diagnostics], exact, prefix)


def _from_diagnostic(found: Diagnostic) -> Result:
    known = code(found.code)
    rule = Rule(
        known.number, known.slug, known.headline, cleandoc(known.explanation), known.severity
    )
    message = ". ".join([found.message, *([found.label] if found.label else []), *found.help])
    related = tuple((label.span, label.text) for label in found.labels)
    return Result(rule, known.severity, message, found.span, related)


def _rule_id(rule: Rule) -> str:
    return rule.id


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(result: Result, positions: dict[str, int], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": result.rule.id,
        "ruleIndex": positions[result.rule.id],
        "level": result.level,
        "message": {"text": result.message},
        "locations": [_location(result.span, prefix)] if result.span else [],
    }
    if result.related:
        found["relatedLocations"] = list(_related(result.related, prefix))
    if result.fingerprint:
        found["partialFingerprints"] = {"flamaCompile/v1": result.fingerprint}
    if result.accepted is not None:
        found["suppressions"] = [{"kind": "external", "justification": result.accepted}]
    return found


def _related(related: Iterable[tuple[Span, str]], prefix: str) -> Iterable[dict[str, Any]]:
    for number, (span, text) in enumerate(related, start=1):
        yield {"id": number, **_location(span, prefix), "message": {"text": text}}


def _location(span: Span, prefix: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(f"{prefix}{span.file}"), "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": max(span.end_column, 1),
            },
        }
    }
