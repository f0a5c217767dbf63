"""Findings as JUnit XML, for GitLab and Jenkins: what fails the command fails a test case."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.report.findings.words import accept, changed, curl

__all__ = ["findings_junit"]

_FAILING = {"breaking": ("breaking",), "risky": ("breaking", "risky"), "never": ()}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def findings_junit(verdict: Verdict) -> str:
    """One suite; a case for each finding, and a passing one when there is none."""
    failing = _FAILING[verdict.fail_on]
    cases = [_case(finding, finding.severity in failing) for finding in verdict.findings]
    failures = sum(finding.severity in failing for finding in verdict.findings)
    errors = 0
    if not verdict.exact:
        errors = 1
        why = "; ".join(verdict.doubts) or verdict.comparison.bounded or "there are dynamic sites"
        cases.append(
            f'    <testcase classname="flama-compile diff" name="the comparison is exact">\n'
            f'      <error type="not-exact" message={_attribute(why)}/>\n'
            "    </testcase>\n"
        )
    if not cases:
        cases.append('    <testcase classname="flama-compile diff" name="no route changes"/>\n')
    numbers = f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="flama-compile" {numbers}>\n'
        f'  <testsuite name="flama-compile diff" {numbers}>\n'
        + "".join(cases)
        + "  </testsuite>\n</testsuites>\n"
    )


def _case(finding: Finding, fails: bool) -> str:
    where = finding.span or finding.span_base
    shown = str(finding.witness) if finding.witness is not None else finding.path
    name = f"{finding.rule} {shown} {finding.fingerprint}"
    head = (
        f"    <testcase classname={_attribute(where.file if where else 'flama-compile diff')} "
        f"name={_attribute(name)}"
    )
    text = "\n".join(_lines(finding))
    kind = _attribute(f"{finding.rule} {rule(finding.rule).slug}")
    if fails:
        return (
            f"{head}>\n      <failure type={kind} message={_attribute(finding.message)}>"
            f"{_text(text)}</failure>\n    </testcase>\n"
        )
    return f"{head}>\n      <system-out>{_text(text)}</system-out>\n    </testcase>\n"


def _lines(finding: Finding) -> list[str]:
    lines = [f"{finding.severity}, {finding.proof}: {finding.message}"]
    if finding.span is not None:
        lines.append(f"at {finding.span}")
    lines += finding.detail
    for example in finding.examples:
        lines += [changed(example), curl(example.witness)]
    lines += [f"help: {text}" for text in finding.help]
    return [*lines, accept(finding)]


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("�", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("�", text))
