"""Findings as annotations of GitHub Actions: errors, warnings and notices, within its limits."""

from __future__ import annotations

from collections.abc import Iterator

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.report.findings.words import accept, changed, counts, curl, title, totals
from flama_compile.report.github import LIMIT, Annotation, Level, commands

__all__ = ["findings_github", "findings_outputs"]

_LEVELS: dict[str, Level] = {"breaking": "error", "risky": "warning", "safe": "notice"}


def findings_github(verdict: Verdict, prefix: str = "") -> str:
    """Workflow commands, worst first; `prefix` leads from the repository to the root."""
    return commands(_annotations(verdict), prefix)


def findings_outputs(verdict: Verdict) -> str:
    """Lines for `$GITHUB_OUTPUT`."""
    numbers = {f"{severity}_count": number for severity, number in totals(verdict).items()}
    lines = [f"{name}={number}\n" for name, number in numbers.items()]
    return "".join(lines) + f"exact={'true' if verdict.exact else 'false'}\n"


def _annotations(verdict: Verdict) -> Iterator[Annotation]:
    if not verdict.exact:
        first = next(iter(verdict.doubts), verdict.comparison.bounded or "there are dynamic sites")
        message = f"the comparison is not exact: {first}"
        yield Annotation("error", "flama-compile diff", message)
    safe = 0
    for finding in verdict.findings:
        if finding.severity == "safe":
            # Two notices are kept for what counts the rest.
            safe += 1
            if safe > LIMIT - 2:
                continue
        yield _annotation(finding)
    if safe > LIMIT - 2:
        yield Annotation("notice", "flama-compile diff", f"{counts(verdict)}: see the summary")


def _annotation(finding: Finding) -> Annotation:
    parts = [finding.message]
    parts += [changed(example) for example in finding.examples[:1]]
    parts += finding.detail
    parts += [f"help: {text}" for text in finding.help]
    if finding.witness is not None:
        parts.append(curl(finding.witness))
    if finding.severity != "safe":
        parts.append(accept(finding))
    name = title(finding, rule(finding.rule).slug)
    return Annotation(_LEVELS[finding.severity], name, "\n".join(parts), finding.span)
