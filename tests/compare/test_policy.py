"""What a project decides: contracts, severities, ignored paths, accepted changes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flama_compile.compare import compare
from flama_compile.compare.policy import Acceptance, parse_accepted, with_acceptance
from flama_compile.options import SettingsError
from support.projects import Ran
from support.tables import MountSpec, RouteSpec, Spec, build

from .conftest import Repo

Diff = Callable[..., Ran]

MAIN = """\
from flama import Flama

app = Flama(schema=None, docs=None)


@app.get("/users/me")
def me():
    return {}


@app.get("/users/{id}")
def user(id: str, full: bool = False):
    return {}


@app.get("/internal/stats")
def stats():
    return {}
"""
CHANGED = MAIN.replace("/users/me", "/users/self").replace(
    "full: bool = False", "full: bool = True"
)
CHANGED = CHANGED.replace("/internal/stats", "/internal/numbers")


@pytest.fixture
def changed(repo: Repo) -> Repo:
    """Two breaking changes and a risky one."""
    repo.commit("base", {"main.py": MAIN})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit("change", {"main.py": CHANGED})
    return repo


def settings(text: str) -> dict[str, str | None]:
    return {"pyproject.toml": f'[project]\nname = "x"\n\n[tool.flama-compile.diff]\n{text}\n'}


def findings(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    return found


def rules(ran: Ran) -> list[str]:
    return [finding["rule"] for finding in findings(ran)]


def test_what_fails_is_chosen(changed: Repo, diff: Diff) -> None:
    assert rules(diff("--format", "json").expect(1)) == ["RT101", "RT101", "RT315"]
    assert rules(diff("--format", "json", "--fail-on", "never").expect(0))
    changed.write({"main.py": MAIN.replace("bool = False", "bool = True")})
    assert rules(diff("--format", "json").expect(0)) == ["RT315"]
    diff("--fail-on", "risky").expect(1)
    changed.write(settings('fail-on = "risky"'))
    diff().expect(1)
    diff("--fail-on", "breaking").expect(0)


def test_the_contract_is_chosen(changed: Repo, diff: Diff) -> None:
    assert rules(diff("--format", "json", "--contract", "wire").expect(1)) == ["RT101", "RT101"]
    changed.write(settings('contract = "wire"'))
    assert rules(diff("--format", "json").expect(1)) == ["RT101", "RT101"]
    assert "RT315" in rules(diff("--format", "json", "--contract", "schema").expect(1))
    assert "invalid value" in diff("--contract", "loose").expect(2).stderr.lower()


def test_severities_are_chosen(changed: Repo, diff: Diff) -> None:
    changed.write(settings('severity = { RT101 = "risky", RT315 = "breaking" }'))
    ran = diff("--format", "json").expect(1)
    assert [(each["rule"], each["severity"]) for each in findings(ran)] == [
        ("RT315", "breaking"),
        ("RT101", "risky"),
        ("RT101", "risky"),
    ]
    changed.write(settings('severity = { RT101 = "harmless" }'))
    assert "harmless" in diff().expect(2).stderr


@pytest.mark.parametrize(
    "line", ['severity = { RT999 = "risky" }', 'ignore = [{ path = "/x", rules = ["RT999"] }]']
)
def test_rules_that_do_not_exist_are_refused(changed: Repo, diff: Diff, line: str) -> None:
    changed.write(settings(line))
    assert "no rule is named `RT999`" in diff().expect(2).stderr


def test_paths_are_ignored(changed: Repo, diff: Diff) -> None:
    changed.write(settings('ignore = [{ path = "/internal/*", rules = ["RT101"] }]'))
    assert rules(diff("--format", "json").expect(1)) == ["RT101", "RT315"]
    changed.write(settings('ignore = [{ path = "/internal/*", rules = ["RT102"] }]'))
    assert len(rules(diff("--format", "json").expect(1))) == 3
    changed.write(settings('ignore = [{ path = "*" }]'))
    assert rules(diff("--format", "json").expect(0)) == []
    changed.write(settings("ignored = []"))
    assert "unknown key `ignored`; did you mean `ignore`?" in diff().expect(2).stderr


def test_an_accepted_change_does_not_fail(changed: Repo, diff: Diff) -> None:
    first, second, _ = findings(diff("--format", "json").expect(1))
    accept = ("--reason", 'nobody "calls" it', "--expires", "2099-12-31")
    ran = diff(first["fingerprint"], *accept, command="accept").expect(0)
    assert ran.stdout == (
        f"accepted {first['fingerprint']} (RT101) until 2099-12-31 in flama-accepted.toml; "
        "commit it\n"
    )
    document = tomllib.loads((changed.folder / "flama-accepted.toml").read_text())
    assert document == {
        "accept": [
            {
                "fingerprint": first["fingerprint"],
                "rule": "RT101",
                "reason": 'nobody "calls" it',
                "expires": date(2099, 12, 31),
            }
        ]
    }
    left = findings(diff("--format", "json").expect(1))
    assert [each["fingerprint"] for each in left][0] == second["fingerprint"]
    diff(second["fingerprint"], "--reason", "nor this", command="accept").expect(0)
    text = diff().expect(0).stdout
    assert f"2 accepted: {first['fingerprint']}, {second['fingerprint']}" in text


def test_an_acceptance_ends(changed: Repo, diff: Diff) -> None:
    first, second, _ = findings(diff("--format", "json").expect(1))
    for each in (first, second):
        last = ("--expires", "2030-06-01")
        diff(each["fingerprint"], "--reason", "r", *last, command="accept").expect(0)
    diff("--today", "2030-06-01").expect(0)
    ran = diff("--today", "2030-06-02").expect(1)
    assert f"accepted {first['fingerprint']} (RT101): expired on 2030-06-01" in ran.stdout


def test_an_acceptance_that_allows_nothing_is_reported(changed: Repo, diff: Diff) -> None:
    first = findings(diff("--format", "json").expect(1))[0]
    diff(first["fingerprint"], "--reason", "r", command="accept").expect(0)
    changed.write({"main.py": MAIN})
    ran = diff().expect(0)
    assert f"accepted {first['fingerprint']} (RT101): unused" in ran.stdout
    machine = diff("--format", "json").expect(0)
    assert f"accepted {first['fingerprint']} (RT101): unused" in machine.stderr


def test_a_fingerprint_must_be_of_a_finding(changed: Repo, diff: Diff) -> None:
    ran = diff("000000000000", "--reason", "r", command="accept").expect(2)
    assert "no change has the fingerprint 000000000000" in ran.stderr
    assert not (changed.folder / "flama-accepted.toml").exists()
    diff("000000000000", "--reason", "r", "--rule", "RT202", command="accept").expect(0)
    assert "missing option" in diff("000000000000", command="accept").expect(2).stderr.lower()
    bad = diff("000000000000", "--reason", "r", "--expires", "soon", command="accept").expect(2)
    assert "`soon` is not a date such as 2030-12-31" in bad.stderr


def test_accepting_does_not_need_the_earlier_run(changed: Repo, diff: Diff) -> None:
    """A fingerprint read in the log of CI is looked up by comparing again."""
    first = findings(diff("--format", "json", "--no-cache").expect(1))[0]
    assert not (changed.folder / ".flama_cache" / "findings").exists()
    diff(first["fingerprint"], "--reason", "r", command="accept").expect(0)


def test_accepting_after_a_comparison_of_named_sides(changed: Repo, diff: Diff) -> None:
    changed.write({"main.py": MAIN})
    first = findings(diff("main", "feature", "--format", "json").expect(1))[0]
    diff(first["fingerprint"], "--reason", "r", command="accept").expect(0)
    left = findings(diff("main", "feature", "--format", "json").expect(1))
    assert first["fingerprint"] not in [each["fingerprint"] for each in left]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[accept]\n", "not valid TOML"),
        ("[[accepted]]\n", "unknown key `accepted`; did you mean `accept`?"),
        ("accept = 1\n", "must be written as [[accept]]"),
        ('[[accept]]\nfingerprint = "a"\nrule = "RT101"\n', "`reason` must be a string"),
        ('[[accept]]\nfingerprint = "a"\nrule = "X"\nreason = "r"\n', "`X` is not a rule"),
        (
            '[[accept]]\nfingerprint = "a"\nrule = "RT101"\nreason = "r"\nexpires = "soon"\n',
            "`expires` must be a date",
        ),
        (
            '[[accept]]\nfingerprint = "a"\nrule = "RT101"\nreason = "r"\nexpire = 2030-01-01\n',
            "unknown key `expire`; did you mean `expires`?",
        ),
    ],
)
def test_a_wrong_file_is_refused(changed: Repo, diff: Diff, text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(problem)):
        parse_accepted(text)
    changed.write({"flama-accepted.toml": text})
    assert problem in diff().expect(2).stderr


def test_entries_keep_their_neighbours() -> None:
    """Comments of people stay, and a fingerprint stands once."""
    text = with_acceptance(None, Acceptance("a" * 12, "RT101", "one"))
    text = text.replace("[[accept]]", "# Agreed with the mobile team.\n[[accept]]")
    text = with_acceptance(text, Acceptance("b" * 12, "RT202", 'two \\ "x" \n\x7fé'))
    text = with_acceptance(text, Acceptance("b" * 12, "RT202", "three", date(2030, 1, 1)))
    assert "# Agreed with the mobile team.\n[[accept]]\nfingerprint" in text
    assert [(each.fingerprint[0], each.reason, each.expires) for each in parse_accepted(text)] == [
        ("a", "one", None),
        ("b", "three", date(2030, 1, 1)),
    ]


@pytest.mark.parametrize("reason", ['a "b" \\ c', "line\nbreak", "\x7f\x00\t", "é🔥", "[[accept]]"])
def test_any_reason_can_be_written(reason: str) -> None:
    entry = Acceptance("a" * 12, "RT101", reason)
    assert parse_accepted(with_acceptance(None, entry)) == [entry]


ME: Spec = RouteSpec("/users/me", "me")
USER: Spec = RouteSpec("/users/{id}", "user")


def prints(base: list[Spec], head: list[Spec]) -> dict[str, str]:
    found = compare(build(base), build(head)).findings
    return {finding.rule: finding.fingerprint for finding in found}


def test_fingerprints_survive_unrelated_edits() -> None:
    """Other routes, names of parameters, modules of handlers, and the order of the rest."""
    other: list[Spec] = [RouteSpec("/a", "a"), MountSpec("/m", "m", [RouteSpec("/x", "x")])]
    plain = prints([ME, USER], [USER, ME])
    assert plain == prints([*other, ME, USER], [*other, USER, ME])
    assert plain.items() <= prints([ME, USER], [USER, ME, *other]).items()
    renamed: Spec = RouteSpec("/users/{user}", "user", module="elsewhere")
    assert plain["RT202"] == prints([ME, renamed], [renamed, ME])["RT202"]


def test_fingerprints_tell_changes_apart() -> None:
    """Another route that is shadowed as well is another change, so it is not accepted with it."""
    one = prints([ME], [USER, ME])["RT106"]
    two = prints([ME, RouteSpec("/users/all", "all")], [USER, ME, RouteSpec("/users/all", "all")])
    assert two["RT106"] != one
    assert prints([ME], []) != prints([RouteSpec("/users/them", "me")], [])


def test_two_findings_of_one_kind_have_two_fingerprints() -> None:
    base: list[Spec] = [RouteSpec("/a", "f"), RouteSpec("/b", "f")]
    found = compare(build([*base, *base]), build([])).findings
    assert len({finding.fingerprint for finding in found}) == len(found)


def test_sunsets_need_a_day(repo: Repo, diff: Diff) -> None:
    tags = 'tags={"deprecated": True, "sunset": "2030-06-30"}'
    repo.commit("base", {"main.py": MAIN.replace('"/users/me"', f'"/users/me", {tags}')})
    repo.git("checkout", "-q", "-b", "feature")
    gone = MAIN.replace('@app.get("/users/me")\ndef me():\n    return {}\n\n\n', "")
    repo.commit("gone", {"main.py": gone})
    assert rules(diff("--format", "json", "--today", "2030-06-29").expect(1)) == ["RT702"]
    passed = findings(diff("--format", "json", "--today", "2030-06-30").expect(0))
    assert [(each["rule"], each["severity"]) for each in passed] == [("RT101", "safe")]
    assert "is not a date" in diff("--today", "later").expect(2).stderr
