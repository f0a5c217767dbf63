"""Findings as a comment on a pull request, or as a step's summary.

The first line is a comment that a bot finds again, so that it replaces its own report and does
not add another. GitHub takes 65,536 characters; what does not fit is counted.
"""

from __future__ import annotations

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.report.findings.words import (
    accept,
    counts,
    coverage,
    curl,
    places,
    reply,
    title,
)
from flama_compile.report.snippets import visible

__all__ = ["MARKER", "findings_markdown"]

MARKER = "<!-- flama-compile diff -->"
"""Never changes: bots look for it."""

_LIMIT = 60_000
_MARKS = {"breaking": "🔴", "risky": "🟡", "safe": "🟢"}


def findings_markdown(verdict: Verdict) -> str:
    """The whole comment."""
    comparison = verdict.comparison
    head = [
        MARKER,
        f"### Route changes: {counts(verdict)}",
        "",
        f"{_code(comparison.head.app)}, {coverage(comparison.head)}, "
        f"from {_code(verdict.base)} to {_code(verdict.head)}",
        "",
    ]
    for doubt in _doubts(verdict):
        head += [f"> **Not exact:** {_text(doubt)}", ""]
    worse = [finding for finding in verdict.findings if finding.severity != "safe"]
    safe = [finding for finding in verdict.findings if finding.severity == "safe"]
    tail = _tail(verdict)
    room = _LIMIT - sum(map(len, (*head, *tail)))
    blocks = [*_table(worse), *(line for finding in worse for line in _details(finding))]
    if safe:
        blocks += ["<details>", f"<summary>{len(safe)} safe</summary>", ""]
        blocks += [*_table(safe), "</details>", ""]
    body = "\n".join(blocks)
    if len(body) > room:
        body = "\n".join(_cut(verdict, room))
    return "\n".join([*head, *([body] if body else []), *tail]).rstrip("\n") + "\n"


def _table(found: list[Finding]) -> list[str]:
    if not found:
        return []
    return ["| | what | request | was | now |", "|---|---|---|---|---|", *map(_row, found), ""]


def _row(finding: Finding) -> str:
    request, was, now = "", "", ""
    if finding.examples:
        first = finding.examples[0]
        request = _code(str(first.witness))
        was = _code(reply(first.witness, first.was))
        now = _code(reply(first.witness, first.now))
    what = f"**{finding.rule}** {_text(finding.message)}"
    cells = (_MARKS[finding.severity], what, request, was, now)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _details(finding: Finding) -> list[str]:
    name = title(finding, rule(finding.rule).slug)
    lines = ["<details>", f"<summary>{name}: {finding.severity}, {finding.proof}</summary>", ""]
    if where := places(finding):
        lines.append(f"- at {_code(where)}")
    lines += [f"- {_text(text)}" for text in finding.detail]
    lines += [f"- help: {_text(text)}" for text in finding.help]
    lines += ["", "```sh"]
    lines += [_fenced(curl(example.witness)) for example in finding.examples]
    return [*lines, accept(finding), "```", "", "</details>", ""]


def _cut(verdict: Verdict, room: int) -> list[str]:
    """Rows alone, as many as fit."""
    rows = ["| | what | request | was | now |", "|---|---|---|---|---|"]
    used = sum(map(len, rows)) + 200
    for number, finding in enumerate(verdict.findings):
        row = _row(finding)
        used += len(row) + 1
        if used > room:
            left = len(verdict.findings) - number
            return [*rows, "", f"… and {left} more: see the log or `--format html`.", ""]
        rows.append(row)
    return [*rows, ""]


def _doubts(verdict: Verdict) -> list[str]:
    found = list(verdict.doubts)
    comparison = verdict.comparison
    if comparison.bounded is not None:
        found.append(f"RT903: {comparison.bounded}; there may be more changes")
    for name, table in ((verdict.base, comparison.base), (verdict.head, comparison.head)):
        if table.dynamic:
            first = table.dynamic[0]
            where = str(first.span) if first.span is not None else first.file
            found.append(f"{name}: {coverage(table)}, the first at {where} ({first.reason})")
    return found


def _tail(verdict: Verdict) -> list[str]:
    lines = []
    if verdict.accepted:
        lines += ["<details>", f"<summary>{len(verdict.accepted)} accepted</summary>", ""]
        for each in verdict.accepted[:50]:
            lines.append(
                f"- **{each.finding.rule}** {_text(each.finding.message)}: {_text(each.reason)}"
            )
        if len(verdict.accepted) > 50:
            lines.append(f"- … and {len(verdict.accepted) - 50} more")
        lines += ["", "</details>", ""]
    for gone in verdict.gone[:20]:
        lines.append(f"- accepted `{gone.fingerprint}` ({gone.rule}): {gone.problem}")
    if len(verdict.gone) > 20:
        lines.append(f"- … and {len(verdict.gone) - 20} more like it")
    return lines


def _code(text: str) -> str:
    """A code span that any text fits into."""
    flat = _flat(text)
    ticks = "`"
    while ticks in flat:
        ticks += "`"
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}" if flat else ""


def _text(text: str) -> str:
    """Prose: code spans stay, and nothing else becomes markup."""
    parts = _flat(text).split("`")
    if len(parts) % 2 == 0:
        parts = ["".join(parts)]
    for at in range(0, len(parts), 2):
        for char in "\\*_{}[]<>#|~":
            parts[at] = parts[at].replace(char, "\\" + char if char != "<" else "&lt;")
    return "`".join(parts)


def _fenced(text: str) -> str:
    return _flat(text).replace("```", "'''")


def _flat(text: str) -> str:
    """One line that shows its control characters."""
    return visible(" ".join(text.split()))
