"""What a project has decided about changes: severities, ignored paths, accepted findings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal, cast

from flama_compile.compare.catalogue import SEVERITIES, Severity, find
from flama_compile.ir.findings import Accepted, Comparison, Finding, Gone, Verdict
from flama_compile.options import DiffSettings, SettingsError, nearest

__all__ = [
    "ACCEPTED",
    "Acceptance",
    "check_rules",
    "judge",
    "parse_accepted",
    "with_acceptance",
]

ACCEPTED = "flama-accepted.toml"
"""The file of accepted changes, at the project's root."""

_HEADER = """\
# Changes of routes that were made on purpose. `flama-compile accept` writes here, people review it.
"""
_KEYS = ("fingerprint", "rule", "reason", "expires")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One `[[accept]]`."""

    fingerprint: str
    rule: str
    reason: str
    expires: date | None = None
    """The last day on which it counts."""


def judge(
    comparison: Comparison,
    settings: DiffSettings,
    accepted: Sequence[Acceptance],
    today: date,
    *,
    base: str,
    head: str,
    fail_on: Literal["breaking", "risky", "never"] | None = None,
    doubts: tuple[str, ...] = (),
) -> Verdict:
    """Apply a project's decisions to a comparison. `doubts` say why a table may be incomplete."""
    counted: list[Finding] = []
    allowed: list[Accepted] = []
    by_print = {each.fingerprint: each for each in accepted}
    used: set[str] = set()
    for finding in comparison.findings:
        finding = _severity(finding, settings)
        known = by_print.get(finding.fingerprint)
        if known is not None and known.rule != finding.rule:
            known = None
        if known is not None:
            used.add(known.fingerprint)
        if _ignored(finding, settings):
            continue
        if known is not None and (known.expires is None or today <= known.expires):
            allowed.append(Accepted(finding, known.reason))
        else:
            counted.append(finding)
    counted.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return Verdict(
        comparison,
        base,
        head,
        tuple(counted),
        tuple(allowed),
        tuple(_gone(accepted, used, today)),
        fail_on or settings.fail_on,
        doubts,
    )


def check_rules(settings: DiffSettings) -> None:
    """Whether the rules that the settings name exist.

    :raises SettingsError: One does not, and what is set for it would never count.
    """
    for place, names in (
        ("severity", list(settings.severity)),
        *(("ignore", list(ignore.rules)) for ignore in settings.ignore),
    ):
        for name in names:
            if find(name) is None:
                raise SettingsError(
                    "pyproject.toml",
                    f"[tool.flama-compile.diff.{place}]: no rule is named `{name}`; "
                    "`flama-compile rules` lists them",
                )


def _severity(finding: Finding, settings: DiffSettings) -> Finding:
    given = settings.severity.get(finding.rule)
    if given is None:
        return finding
    severity = cast(Severity, given)
    if finding.proof == "unproven" and severity == "breaking":
        severity = "risky"
    return replace(finding, severity=severity)


def _ignored(finding: Finding, settings: DiffSettings) -> bool:
    paths = [finding.path, *(each.witness.path for each in finding.examples[:1])]
    return any(
        (not ignore.rules or finding.rule in ignore.rules)
        and any(fnmatchcase(path, ignore.path) for path in paths)
        for ignore in settings.ignore
    )


def _gone(accepted: Iterable[Acceptance], used: set[str], today: date) -> Iterable[Gone]:
    for each in accepted:
        if each.fingerprint not in used:
            yield Gone(each.fingerprint, each.rule, "unused")
        elif each.expires is not None and today > each.expires:
            yield Gone(each.fingerprint, each.rule, f"expired on {each.expires}")


def parse_accepted(text: str, file: str = ACCEPTED) -> list[Acceptance]:
    """The entries of `flama-accepted.toml`; SettingsError for what is wrong with it."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(file, f"not valid TOML: {error}") from None
    for key in document:
        if key != "accept":
            raise SettingsError(file, f"unknown key `{key}`{nearest(key, ('accept',))}")
    entries = document.get("accept", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise SettingsError(file, "`accept` must be written as [[accept]]")
    return [_acceptance(file, each) for each in entries]


def _acceptance(file: str, entry: dict[str, object]) -> Acceptance:
    for key in entry:
        if key not in _KEYS:
            raise SettingsError(file, f"[[accept]]: unknown key `{key}`{nearest(key, _KEYS)}")
    texts = []
    for key in _KEYS[:3]:
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            raise SettingsError(file, f"[[accept]]: `{key}` must be a string that is not empty")
        texts.append(value)
    if find(texts[1]) is None:
        raise SettingsError(file, f"[[accept]]: `{texts[1]}` is not a rule")
    expires = entry.get("expires")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise SettingsError(
                file, f"[[accept]]: `expires` must be a date such as 2030-12-31, not `{expires}`"
            ) from None
    if expires is not None and type(expires) is not date:
        raise SettingsError(file, "[[accept]]: `expires` must be a date such as 2030-12-31")
    return Acceptance(texts[0], texts[1], texts[2], expires)


def with_acceptance(text: str | None, entry: Acceptance) -> str:
    """The file with one more entry; an entry of the same fingerprint is replaced."""
    block = (
        f"[[accept]]\nfingerprint = {_quoted(entry.fingerprint)}\nrule = {_quoted(entry.rule)}\n"
    )
    block += f"reason = {_quoted(entry.reason)}\n"
    if entry.expires is not None:
        block += f"expires = {entry.expires}\n"
    parts = _blocks(_HEADER if text is None else text)
    mark = f"fingerprint = {_quoted(entry.fingerprint)}"
    kept = [part for part in parts if mark not in part.splitlines()]
    return "\n".join(part.strip("\n") + "\n" for part in [*kept, block] if part.strip())


def _blocks(text: str) -> list[str]:
    """The file cut before each `[[accept]]`, with the comments that stand above it."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == "[[accept]]":
            above: list[str] = []
            while parts[-1] and parts[-1][-1].startswith("#"):
                above.insert(0, parts[-1].pop())
            parts.append(above)
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"'
        + "".join(
            (
                char
                if char.isprintable()
                else f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
            )
            for char in escaped
        )
        + '"'
    )
