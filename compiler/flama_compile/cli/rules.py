"""`flama-compile rules`: every code of ours, one line each."""

from __future__ import annotations

import click

from flama_compile.cli.front import Front, common
from flama_compile.compare.catalogue import RULES
from flama_compile.diagnostics.codes import CODES
from flama_compile.report.data import dumps

__all__ = ["command"]


@click.command(name="rules")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", help="Of the list.")
@common
def command(front: Front, format: str) -> int:
    """List every code: FC of the compiler, RT of `diff`. `explain CODE` says more."""
    if format == "json":
        front.result(dumps({"format": 1, "codes": _codes(), "rules": _rules()}))
        return 0
    rows: list[tuple[str, ...]] = [
        (code.number, code.slug, code.severity, "", code.headline) for code in CODES
    ]
    rows += [(rule.id, rule.slug, rule.severity, rule.level, rule.summary) for rule in RULES]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        front.result("  ".join([*cells, row[4]]) + "\n")
    return 0


def _codes() -> list[dict[str, object]]:
    return [
        {
            "code": code.number,
            "slug": code.slug,
            "severity": code.severity,
            "summary": code.headline,
        }
        for code in CODES
    ]


def _rules() -> list[dict[str, object]]:
    return [
        {
            "rule": rule.id,
            "slug": rule.slug,
            "severity": rule.severity,
            "proof": rule.proof,
            "contract": rule.level,
            "reported_by": rule.reported_by,
            "summary": rule.summary,
        }
        for rule in RULES
    ]
