"""JSON, GitHub annotations and SARIF of diagnostics."""

from __future__ import annotations

import json

from flama_compile.diagnostics import Diagnostic, Label
from flama_compile.report.data import diagnostics_json, dumps
from flama_compile.report.github import diagnostics_github, diagnostics_summary
from flama_compile.report.sarif import diagnostics_sarif
from flama_compile.source import Span
from support.sarif import check_sarif

SPAN = Span("shop/a, b:c.py", 3, 5, 3, 9)
TALL = Span("shop/main.py", 3, 5, 6, 2)
FOUND = Diagnostic(
    "FC301",
    "100% wrong\r\nand more",
    SPAN,
    "here",
    (Label(TALL, "there"),),
    ("do this", "or that"),
)


def test_json() -> None:
    assert json.loads(dumps(diagnostics_json([FOUND], True))) == {
        "format": 1,
        "exact": True,
        "diagnostics": [
            {
                "code": "FC301",
                "slug": "unreachable-route",
                "severity": "warning",
                "message": "100% wrong\r\nand more",
                "source": {"file": "shop/a, b:c.py", "line": 3, "column": 5},
                "labels": [
                    {"source": {"file": "shop/a, b:c.py", "line": 3, "column": 5}, "text": "here"},
                    {"source": {"file": "shop/main.py", "line": 3, "column": 5}, "text": "there"},
                ],
                "help": ["do this", "or that"],
            }
        ],
    }


def test_json_without_a_place() -> None:
    document = diagnostics_json([Diagnostic("FC401", "cannot write", None)], False)
    assert document["exact"] is False
    assert document["diagnostics"][0]["source"] is None
    assert document["diagnostics"][0]["labels"] == []


def test_github_escapes() -> None:
    assert diagnostics_github([FOUND], "services/shop/") == (
        "::warning file=services/shop/shop/a%2C b%3Ac.py,line=3,endLine=3,col=5,endColumn=8,"
        "title=FC301 unreachable-route::100%25 wrong%0D%0Aand more%0Ahere%0A"
        "shop/main.py:3:5: there%0Ahelp: do this%0Ahelp: or that\n"
    )


def test_github_gives_columns_only_within_one_line() -> None:
    line = diagnostics_github([Diagnostic("FC306", "x", TALL)])
    assert line == (
        "::error file=shop/main.py,line=3,endLine=6,title=FC306 unfillable-parameter::x\n"
    )


def test_github_limits() -> None:
    many = [Diagnostic("FC301", str(number), SPAN) for number in range(13)]
    many += [Diagnostic("FC306", str(number), SPAN) for number in range(11)]
    lines = diagnostics_github(many).splitlines()
    assert sum(line.startswith("::warning ") for line in lines) == 10
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-1].startswith("::notice title=flama-compile::1 error and 3 warnings more")
    assert len(lines) == 21


def test_github_without_findings_says_nothing() -> None:
    assert diagnostics_github([]) == ""


def test_summary_lists_everything() -> None:
    many = [Diagnostic("FC301", f"bad | <b>{number}", SPAN) for number in range(30)]
    text = diagnostics_summary(many, "flama-compile lint")
    assert text.count("FC301") == 30
    assert "bad \\| &lt;b>29" in text


def test_sarif_is_valid() -> None:
    errors = Diagnostic("FC306", "x", TALL)
    document = diagnostics_sarif([FOUND, errors, Diagnostic("FC401", "y", None)], False, "sub/")
    check_sarif(document)
    run = document["runs"][0]
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "sub/shop/a%2C%20b%3Ac.py"
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert run["results"][0]["relatedLocations"][0]["message"]["text"] == "there"


def test_sarif_without_findings_is_valid() -> None:
    check_sarif(diagnostics_sarif([], True))
