"""`flama-compile diff`: what changed for clients between two revisions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import click

from flama_compile.cache import Cache
from flama_compile.cli.front import Front, common, paint
from flama_compile.cli.printing import repository_prefix, step_summary
from flama_compile.cli.sides import apps_of, sides
from flama_compile.compare import BOUND, compare
from flama_compile.compare.policy import (
    ACCEPTED,
    Acceptance,
    check_rules,
    judge,
    parse_accepted,
)
from flama_compile.ir.findings import Verdict
from flama_compile.options import CONTRACTS, FAIL_ON, Contract, FailOn, SettingsError
from flama_compile.output import OutputError, append, write_text
from flama_compile.report.data import dumps
from flama_compile.report.findings.data import findings_json
from flama_compile.report.findings.github import findings_github, findings_outputs
from flama_compile.report.findings.html import findings_html
from flama_compile.report.findings.junit import findings_junit
from flama_compile.report.findings.markdown import findings_markdown
from flama_compile.report.findings.sarif import findings_sarif
from flama_compile.report.findings.text import findings_lines
from flama_compile.report.findings.words import counts
from flama_compile.report.text import plain
from flama_compile.workspace import FolderTree

__all__ = ["Asked", "command", "examined", "day", "sides_options"]

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit", "html")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, and under which contract."""

    base: str | None
    head: str | None
    app: Sequence[str]
    contract: str | None
    cache: bool
    today: date
    bound: int = BOUND


def sides_options(command: Any) -> Any:
    """Add what says which two sides are compared, and how."""
    for add in (
        click.option("--today", metavar="DATE", help="The day that sunsets and expiries are for."),
        click.option("--no-cache", is_flag=True, help="Read every file again."),
        click.option("--contract", type=click.Choice(CONTRACTS), help="What counts as a change."),
        click.option(
            "--app", multiple=True, metavar="[SIDE=]APP", help="The application; SIDE: BASE, HEAD."
        ),
        click.argument("head", required=False, metavar="[HEAD]"),
        click.argument("base", required=False, metavar="[BASE]"),
    ):
        command = add(command)
    return command


@click.command(name="diff")
@sides_options
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="What exits with 1.")
@click.option("--format", type=click.Choice(FORMATS), default="text", help="Of the report.")
@click.option("-o", "--output", metavar="FILE", help="Write the report there.")
@click.option("--max-states", type=click.IntRange(1), default=BOUND, help="Bound of the analysis.")
@common
def command(
    front: Front,
    base: str | None,
    head: str | None,
    app: Sequence[str],
    contract: str | None,
    no_cache: bool,
    today: str | None,
    fail_on: str | None,
    format: str,
    output: str | None,
    max_states: int,
) -> int:
    """Say which requests, names and schemas changed between BASE and HEAD.

    Each is a git ref, a folder or a manifest (`REF:path.routes` or a file). Without HEAD, it is
    the working tree; without BASE, the commit where HEAD left the default branch.
    """
    asked = Asked(base, head, app, contract, not no_cache, day(today), max_states)
    verdict = examined(front, asked, cast(FailOn | None, fail_on))
    text = _rendered(front, verdict, format, output)
    if output is None:
        front.result(text)
    else:
        _write(Path(output), text)
        front.note(f"wrote {output}")
    if format == "github":
        # The log keeps the whole report; annotations are limited.
        front.note(plain(findings_lines(verdict)).rstrip("\n"))
        step_summary(front, findings_markdown(verdict))
        _outputs(verdict)
    elif format != "text" or output is not None:
        _say(front, verdict)
    return verdict.exit_code


def examined(front: Front, asked: Asked, fail_on: FailOn | None = None) -> Verdict:
    """Compare the two sides, and apply the project's decisions."""
    settings = front.settings().diff
    try:
        check_rules(settings)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    left, right = sides(front, asked.base, asked.head, apps_of(asked.app), cache=asked.cache)
    chosen = cast(Contract, asked.contract or settings.contract)
    comparison = compare(left.table, right.table, chosen, asked.today, asked.bound)
    kept = [side.analysis.options.cache for side in (left, right) if side.analysis is not None]
    if asked.cache and all(kept) and comparison.findings:
        # `accept` looks up here what a fingerprint stands for.
        rules = {finding.fingerprint: finding.rule for finding in comparison.findings}
        Cache(front.root).put("findings", "last", rules)
    return judge(
        comparison,
        settings,
        accepted_entries(front),
        asked.today,
        base=left.label,
        head=right.label,
        fail_on=fail_on,
        doubts=left.doubts + right.doubts,
    )


def accepted_entries(front: Front) -> list[Acceptance]:
    """What the project's `flama-accepted.toml` allows; wrong entries end the command with 2."""
    data = FolderTree(front.root).read(ACCEPTED)
    if data is None:
        return []
    try:
        return parse_accepted(data.decode())
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{ACCEPTED}: is not UTF-8") from None


def day(given: str | None) -> date:
    """The day that a person named, else this one."""
    if given is None:
        return date.today()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise click.UsageError(f"`{given}` is not a date such as 2030-12-31") from None


def _rendered(front: Front, verdict: Verdict, format: str, output: str | None) -> str:
    match format:
        case "json":
            return dumps(findings_json(verdict))
        case "markdown":
            return findings_markdown(verdict)
        case "github":
            return findings_github(verdict, repository_prefix(front.root))
        case "sarif":
            return dumps(findings_sarif(verdict, repository_prefix(front.root)))
        case "junit":
            return findings_junit(verdict)
        case "html":
            return findings_html(verdict)
        case _:
            lines = findings_lines(verdict)
            return paint(lines) if output is None and front.colored() else plain(lines)


def _say(front: Front, verdict: Verdict) -> None:
    """What a report for tools does not tell a person."""
    front.note(f"{verdict.base} to {verdict.head}: {counts(verdict)}")
    for doubt in verdict.doubts:
        front.note(f"not exact: {doubt}")
    if verdict.comparison.bounded is not None:
        front.note(f"not exact: {verdict.comparison.bounded}")
    for gone in verdict.gone:
        front.note(f"accepted {gone.fingerprint} ({gone.rule}): {gone.problem}")


def _outputs(verdict: Verdict) -> None:
    path = os.environ.get("GITHUB_OUTPUT")
    if path:
        append(Path(path), findings_outputs(verdict))


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OutputError as error:
        raise click.UsageError(str(error)) from None
