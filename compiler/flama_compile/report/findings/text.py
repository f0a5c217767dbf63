"""Findings for people, on one screen: worst first, and what cannot be shown is counted.

::

    shop.main:app  214 routes, exact  main (3f2c1aa) → working tree    1 breaking, 2 safe

    RT202 precedence-changed  breaking  witnessed  shop/users.py:31 (was :12)
      `/users/{id}` moved above `/users/me`
      GET /users/me  was shop.users:me  now shop.users:show (id='me')
      curl -i http://localhost:8000/users/me
      help: move it below `/users/me` again, or flama-compile accept a3f8c21b9d04 --reason '…'
"""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.report.findings.words import (
    accept,
    changed,
    counts,
    coverage,
    curl,
    places,
    title,
)
from flama_compile.report.snippets import Line, visible

__all__ = ["findings_lines"]

SCREEN = 40
"""Lines that the report takes at most."""

WIDEST = 500
"""Characters of one piece of a line."""

_STYLES = {"breaking": "error", "risky": "warning", "safe": "note"}


def findings_lines(verdict: Verdict) -> list[Line]:
    """The report as lines of styled pieces."""
    lines = [_headline(verdict), *_doubts(verdict)]
    tail = _tail(verdict)
    room = SCREEN - len(lines) - len(tail) - 1
    found = verdict.findings
    full = _how_many_in_full(found, room)
    for finding in found[:full]:
        block = _full(finding)
        lines += [[], *block]
        room -= len(block) + 1
    rest = found[full:]
    if rest:
        lines.append([])
        shown = len(rest) if len(rest) <= room - 1 else max(room - 2, 1)
        lines += [_short(finding) for finding in rest[:shown]]
        if shown < len(rest):
            left = len(rest) - shown
            lines.append([(f"… and {left} more; `--format json` and `html` hold all", "")])
    return [_cut(line) for line in [*lines, *([[], *tail] if tail else [])]]


def _cut(line: Line) -> Line:
    """A line without the end of what nobody reads, such as a path of two thousand segments."""
    return [(text if len(text) <= WIDEST else text[:WIDEST] + "…", style) for text, style in line]


def _headline(verdict: Verdict) -> Line:
    head = verdict.comparison.head
    worst = verdict.findings[0].severity if verdict.findings else ""
    return [
        (
            f"{head.app}  {coverage(head)}  {visible(verdict.base)} → {visible(verdict.head)}    ",
            "",
        ),
        (counts(verdict), _STYLES.get(worst, "bold")),
    ]


def _doubts(verdict: Verdict) -> list[Line]:
    found = list(verdict.doubts)
    comparison = verdict.comparison
    if comparison.bounded is not None:
        found.append(f"RT903 analysis-bounded: {comparison.bounded}; there may be more changes")
    for name, table in ((verdict.base, comparison.base), (verdict.head, comparison.head)):
        for site in table.dynamic[:3]:
            where = str(site.span) if site.span is not None else site.file
            found.append(f"{name}: {where} {site.reason}")
        if len(table.dynamic) > 3:
            found.append(f"{name} has {len(table.dynamic) - 3} more dynamic sites")
    return [[("not exact", "warning"), (f": {visible(text)}", "")] for text in found]


def _tail(verdict: Verdict) -> list[Line]:
    lines: list[Line] = []
    if verdict.accepted:
        prints = ", ".join(each.finding.fingerprint for each in verdict.accepted[:4])
        more = ", …" if len(verdict.accepted) > 4 else ""
        lines.append([(f"{len(verdict.accepted)} accepted: {prints}{more}", "")])
    shown = verdict.gone[:4]
    for gone in shown:
        lines.append([(f"accepted {gone.fingerprint} ({gone.rule}): {gone.problem}", "warning")])
    if len(verdict.gone) > len(shown):
        lines.append([(f"… and {len(verdict.gone) - len(shown)} more like it", "")])
    return lines


def _how_many_in_full(found: Sequence[Finding], room: int) -> int:
    """As many as fit when each of the others takes one line, safe ones never before others."""
    used = 0
    for number, finding in enumerate(found):
        used += len(_full(finding)) + 1
        others = min(len(found) - number - 1, 8)
        if used + others + (1 if others else 0) > room:
            return max(number, 1)
    return len(found)


def _full(finding: Finding) -> list[Line]:
    lines: list[Line] = [_title(finding), [(f"  {visible(finding.message)}", "bold")]]
    lines += [[(f"  {visible(text)}", "")] for text in finding.detail]
    for example in finding.examples[:3]:
        lines.append([(f"  {visible(changed(example))}", "")])
    if finding.witness is not None:
        lines.append([(f"  {visible(curl(finding.witness))}", "")])
    if finding.severity != "safe":
        advice = [*finding.help, accept(finding)]
        lines.append([("  help", "note"), (f": {visible(', or '.join(advice))}", "")])
    return lines


def _title(finding: Finding) -> Line:
    return [
        (title(finding, rule(finding.rule).slug), "bold"),
        ("  ", ""),
        (finding.severity, _STYLES[finding.severity]),
        (f"  {finding.proof}  {places(finding)}".rstrip(), ""),
    ]


def _short(finding: Finding) -> Line:
    shown = f"  {finding.witness}" if finding.witness is not None else ""
    return [
        (finding.rule, "bold"),
        ("  ", ""),
        (f"{finding.severity:<8}", _STYLES[finding.severity]),
        (f"  {visible(finding.message)}{visible(shown)}  {places(finding)}".rstrip(), ""),
    ]
