"""`rules`, `explain`, and where `diff` writes what it found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flama_compile.compare.catalogue import RULES
from flama_compile.diagnostics.codes import CODES
from support.junit import check_junit
from support.projects import Ran
from support.sarif import check_sarif

from .conftest import Repo

Diff = Callable[..., Ran]

BASE = 'from flama import Flama\n\napp = Flama()\n\n\n@app.get("/a")\ndef a():\n    return 1\n'
HEAD = BASE.replace('"/a"', '"/b"')


@pytest.fixture
def changed(repo: Repo) -> Repo:
    repo.commit("base", {"main.py": BASE})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit("head", {"main.py": HEAD})
    return repo


def test_every_code_and_rule_is_listed(diff: Diff) -> None:
    lines = diff(command="rules").expect(0).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        *(code.number for code in CODES),
        *(rule.id for rule in RULES),
    ]
    document = json.loads(diff("--format", "json", command="rules").expect(0).stdout)
    assert [each["rule"] for each in document["rules"]] == [rule.id for rule in RULES]
    assert document["format"] == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_explained(diff: Diff, rule: object) -> None:
    id, slug = rule.id, rule.slug  # type: ignore[attr-defined]
    text = diff(id, command="explain").expect(0).stdout
    assert text.startswith(f"{id} {slug} (")
    if slug not in {code.slug for code in CODES}:
        assert diff(slug, command="explain").expect(0).stdout == text


@pytest.mark.parametrize("format", ["text", "json", "markdown", "github", "sarif", "junit", "html"])
def test_the_exit_code_is_the_same_in_every_format(
    changed: Repo, diff: Diff, format: str, tmp_path: Path
) -> None:
    ran = diff("--format", format).expect(1)
    assert diff("--format", format, "--fail-on", "never").expect(0).stdout or format == "github"
    path = tmp_path / "report"
    written = diff("--format", format, "-o", str(path)).expect(1)
    assert written.stdout == ""
    assert path.read_text(encoding="utf-8") == ran.stdout
    assert f"wrote {path}" in written.stderr
    if format == "sarif":
        check_sarif(json.loads(ran.stdout))
    if format == "junit":
        check_junit(ran.stdout)


def test_a_report_that_cannot_be_written_is_told(changed: Repo, diff: Diff) -> None:
    ran = diff("-o", "/nonexistent/report").expect(2)
    assert "cannot write /nonexistent/report" in ran.stderr


def test_in_actions_the_summary_and_the_outputs_are_written(
    changed: Repo, diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary, outputs = tmp_path / "summary", tmp_path / "outputs"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    ran = diff("--format", "github").expect(1)
    assert ran.stdout.startswith("::error file=main.py,line=6,")
    assert "RT101 route-removed" in ran.stderr
    assert summary.read_text().startswith("<!-- flama-compile diff -->\n### Route changes: 1 break")
    assert outputs.read_text() == "breaking_count=1\nrisky_count=0\nsafe_count=0\nexact=true\n"


def test_stdout_carries_the_result_and_nothing_else(changed: Repo, diff: Diff) -> None:
    ran = diff("--format", "json").expect(1)
    json.loads(ran.stdout)
    assert "main (" in ran.stderr and "routes, exact" in ran.stderr


def test_colours_follow_the_terminal_and_the_option(changed: Repo, diff: Diff) -> None:
    assert "\x1b[" not in diff().expect(1).stdout
    assert "\x1b[" in diff("--color", "always").expect(1).stdout
    assert "\x1b[" not in diff("--color", "never").expect(1).stdout


def test_the_bound_is_an_option(changed: Repo, diff: Diff) -> None:
    ran = diff("--max-states", "1").expect(2)
    assert (
        "RT903 analysis-bounded: the routes overlap in more ways than the bound of 1 lets"
        in ran.stdout
    )


def test_too_many_arguments(diff: Diff) -> None:
    diff("a", "b", "c").expect(2)
    assert "no such option" in diff("--fails").expect(2).stderr.lower()
