"""Every format of the report, on one comparison that has every rule."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from datetime import date

import pytest
from flama_compile.compare import compare
from flama_compile.compare.policy import Acceptance, judge
from flama_compile.ir.findings import Verdict, Witness
from flama_compile.options import DiffSettings
from flama_compile.report.findings.data import findings_json
from flama_compile.report.findings.github import findings_github, findings_outputs
from flama_compile.report.findings.html import findings_html
from flama_compile.report.findings.junit import findings_junit
from flama_compile.report.findings.markdown import MARKER, findings_markdown
from flama_compile.report.findings.sarif import findings_sarif
from flama_compile.report.findings.text import SCREEN, findings_lines
from flama_compile.report.findings.words import curl
from flama_compile.report.text import plain
from support.junit import check_junit
from support.sarif import check_sarif
from support.tables import MountSpec, RouteSpec, Spec, build

from .test_rules import CASES

TODAY = date(2030, 6, 1)
HOSTILE = "/<script>alert(1)</script>|`x`*_[a](b)\n\x00é\u202e"


def verdict(base: list[Spec], head: list[Spec], *accepted: Acceptance) -> Verdict:
    comparison = compare(build(base), build(head), "schema", TODAY)
    names = {"base": "main (abc1234)", "head": "working tree"}
    return judge(comparison, DiffSettings(), accepted, TODAY, **names)  # type: ignore[arg-type]


def everything() -> Verdict:
    base: list[Spec] = [
        MountSpec(f"/case{at}", f"c{at}", case.base) for at, case in enumerate(CASES)
    ]
    head: list[Spec] = [
        MountSpec(f"/case{at}", f"c{at}", case.head) for at, case in enumerate(CASES)
    ]
    return verdict(base, head)


def nothing() -> Verdict:
    return verdict([RouteSpec("/a", "f")], [RouteSpec("/a", "f")])


def hostile() -> Verdict:
    return verdict([RouteSpec(HOSTILE, "f"), RouteSpec("/a", "<b>&'\"")], [RouteSpec("/b", "g")])


def text_of(found: Verdict) -> str:
    return plain(findings_lines(found))


def test_the_text_fits_one_screen_worst_first() -> None:
    text = text_of(everything())
    lines = text.splitlines()
    assert len(lines) <= SCREEN
    severities = re.findall(r"^RT\d{3} .*?(breaking|risky|safe)", text, re.MULTILINE)
    assert severities == sorted(severities, key=["breaking", "risky", "safe"].index)
    assert re.search(r"^… and \d+ more", lines[-1])


def test_a_short_report_is_whole() -> None:
    base: list[Spec] = [RouteSpec("/users/me", "me"), RouteSpec("/users/{id}", "user")]
    found = verdict(base, base[::-1])
    (finding,) = found.findings
    assert text_of(found) == (
        "main:app  2 routes, exact  main (abc1234) → working tree    1 breaking\n"
        "\n"
        "RT202 precedence-changed  breaking  witnessed\n"
        "  `/users/{id}` moved above `/users/me`\n"
        "  `/users/me` can no longer be reached\n"
        "  GET /users/me  was views:me  now views:user (id='me')\n"
        "  curl -i http://localhost:8000/users/me\n"
        "  help: move it below `/users/me` again, or "
        f"flama-compile accept {finding.fingerprint} --reason '…'\n"
    )


def test_the_text_shows_control_characters_and_cuts_endless_lines() -> None:
    assert not set(text_of(hostile())) & {"\x00", "\u202e", "\r"}
    endless = verdict([RouteSpec("/x" * 2000, "f")], [RouteSpec("/b", "g")])
    assert max(map(len, text_of(endless).splitlines())) < 2500


def test_no_change_is_one_line() -> None:
    assert text_of(nothing()) == (
        "main:app  1 route, exact  main (abc1234) → working tree    no changes\n"
    )


@pytest.mark.parametrize(
    ("witness", "command"),
    [
        (Witness("http", "GET", "/a?b"), ["curl", "-i", "http://localhost:8000/a?b"]),
        (Witness("http", "HEAD", "/a"), ["curl", "-I", "http://localhost:8000/a"]),
        (Witness("http", "POST", "/a"), ["curl", "-i", "-X", "POST", "http://localhost:8000/a"]),
        (
            Witness("http", "OPTIONS", "*"),
            ["curl", "-i", "--request-target", "*", "-X", "OPTIONS", "http://localhost:8000"],
        ),
        (
            Witness("http", "GET", "/a/../b"),
            ["curl", "-i", "--path-as-is", "http://localhost:8000/a/../b"],
        ),
        (Witness("websocket", "", "/f"), ["python", "-m", "websockets", "ws://localhost:8000/f"]),
    ],
)
def test_a_witness_is_a_command(witness: Witness, command: list[str]) -> None:
    assert shlex.split(curl(witness)) == command


def test_json_has_exactly_its_keys() -> None:
    document = json.loads(json.dumps(findings_json(everything())))
    assert list(document) == ["format", "base", "head", "exact", "summary", "findings"]
    assert document["format"] == 1 and document["exact"] is False
    assert list(document["summary"]) == ["breaking", "risky", "safe"]
    assert sum(document["summary"].values()) == len(document["findings"])
    keys = ["rule", "slug", "severity", "proof", "witness", "was", "now"]
    keys += ["source", "message", "fingerprint"]
    for finding in document["findings"]:
        assert list(finding) == keys
        assert re.fullmatch(r"[0-9a-f]{12}", finding["fingerprint"])
        if finding["witness"] is not None:
            assert list(finding["witness"]) == ["protocol", "method", "path"]
        for answer in (finding["was"], finding["now"]):
            assert (
                answer is None or answer == {"status": 405} or {"handler", "params"} <= set(answer)
            )
    prints = [finding["fingerprint"] for finding in document["findings"]]
    assert len(prints) == len(set(prints))


def test_markdown_can_be_found_again_and_folds() -> None:
    text = findings_markdown(everything())
    assert text.startswith(MARKER + "\n")
    assert text.count("<details>") == text.count("</details>") > 10
    assert findings_markdown(nothing()).startswith(MARKER + "\n### Route changes: no changes\n")
    assert len(text) < 65_536


def test_markdown_of_thousands_of_changes_fits_a_comment() -> None:
    base: list[Spec] = [RouteSpec(f"/some/longer/path/{n}", f"f{n}") for n in range(3000)]
    text = findings_markdown(verdict(base, []))
    assert len(text) < 65_536
    assert re.search(r"… and \d+ more", text)


def test_markdown_takes_no_markup_from_the_application() -> None:
    text = findings_markdown(hostile())
    assert not set(text) & {"\x00", "\u202e", "\r"}
    outside = re.sub(r"(`+).*?\1", "", text)
    assert "<script>" not in outside and "<b>" not in outside
    for line in text.splitlines():
        if line.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", line)) == 6, line


def test_annotations_keep_within_the_limits_of_github() -> None:
    lines = findings_github(everything(), "services/shop/").splitlines()
    for level in ("error", "warning", "notice"):
        assert 0 < sum(line.startswith(f"::{level} ") for line in lines) <= 10
    assert any("more: see the log and the summary" in line for line in lines)
    assert lines[0].startswith("::error title=flama-compile diff::the comparison is not exact")
    assert findings_github(nothing()) == ""


def test_annotations_escape() -> None:
    found = verdict([RouteSpec("/100%\r\nreally, yes: no", "f")], [RouteSpec("/b", "g")])
    for line in findings_github(found).splitlines():
        assert line.startswith(("::error ", "::notice "))
    assert "/100%25%0D%0Areally, yes: no" in findings_github(found)


def test_outputs_of_a_step() -> None:
    assert findings_outputs(nothing()) == (
        "breaking_count=0\nrisky_count=0\nsafe_count=0\nexact=true\n"
    )


@pytest.mark.parametrize("make", [everything, nothing, hostile])
def test_sarif_holds_to_its_schema(make: type[Verdict]) -> None:
    found = make()
    document = json.loads(json.dumps(findings_sarif(found, "services/shop/")))
    check_sarif(document)
    (run,) = document["runs"]
    assert run["invocations"][0]["executionSuccessful"] is found.exact
    prints = [each["partialFingerprints"]["flamaCompile/v1"] for each in run["results"]]
    assert prints == [finding.fingerprint for finding in found.findings]


def test_sarif_shows_what_was_accepted_as_suppressed() -> None:
    base: list[Spec] = [RouteSpec("/a", "f")]
    (finding,) = verdict(base, []).findings
    accepted = Acceptance(finding.fingerprint, finding.rule, "nobody calls it")
    found = verdict(base, [], accepted)
    document = json.loads(json.dumps(findings_sarif(found)))
    check_sarif(document)
    (result,) = document["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "nobody calls it"}]
    assert found.findings == ()


@pytest.mark.parametrize("make", [everything, nothing, hostile])
def test_junit_holds_to_its_grammar(make: type[Verdict]) -> None:
    root = check_junit(findings_junit(make()))
    assert list(root.iter("testcase"))


def test_junit_fails_what_fails_the_command() -> None:
    found = everything()
    breaking = sum(finding.severity == "breaking" for finding in found.findings)
    risky = sum(finding.severity == "risky" for finding in found.findings)
    for fail_on, failures in (("breaking", breaking), ("risky", breaking + risky), ("never", 0)):
        one = replace(found, fail_on=fail_on)  # type: ignore[arg-type]
        suite = check_junit(findings_junit(one))[0]
        assert suite.attrib["failures"] == str(failures)
        assert suite.attrib["errors"] == "1"


def test_the_page_escapes_and_loads_nothing() -> None:
    page = findings_html(hostile())
    assert "<script>alert" not in page and "<b>&amp;" not in page
    assert page.count("<script>") == 1
    assert not re.search(r"(?:src|href)=[\"']?[^#\"']", page)
    assert "default-src 'none'" in page
    assert "$" not in re.sub(r"<script>.*</script>", "", page, flags=re.DOTALL)
