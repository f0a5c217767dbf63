"""`flama-compile accept`: record a change as deliberate, in a file that people review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from flama_compile.cache import Cache
from flama_compile.cli.diff import Asked, accepted_entries, day, examined, sides_options
from flama_compile.cli.front import Front, common
from flama_compile.cli.sides import Undecided
from flama_compile.compare.catalogue import find
from flama_compile.compare.policy import ACCEPTED, Acceptance, with_acceptance
from flama_compile.ir.findings import Finding, Verdict
from flama_compile.output import OutputError, write_text
from flama_compile.workspace import FolderTree

__all__ = ["command"]


@click.command(name="accept")
@click.argument("fingerprint")
@sides_options
@click.option("--reason", required=True, help="Why the change is right; reviewers read it.")
@click.option("--expires", metavar="DATE", help="The last day on which it counts.")
@click.option("--rule", help="The rule, when the finding cannot be looked up.")
@common
def command(
    front: Front,
    fingerprint: str,
    base: str | None,
    head: str | None,
    app: Sequence[str],
    contract: str | None,
    no_cache: bool,
    today: str | None,
    reason: str,
    expires: str | None,
    rule: str | None,
) -> int:
    """Accept the finding with this FINGERPRINT, as `diff` printed it.

    BASE, HEAD and the other options are those of `diff`; give the same as there.
    """
    fingerprint = fingerprint.strip().lower()
    if not reason.strip():
        raise click.UsageError("--reason: say why the change is right")
    last = None if expires is None else day(expires)
    known = accepted_entries(front)
    if rule is not None:
        found = find(rule)
        if found is None:
            raise click.UsageError(f"--rule: `{rule}` is no rule; `flama-compile rules` lists them")
        name = found.id
    else:
        asked = Asked(base, head, app, contract, not no_cache, day(today))
        name = _rule(front, fingerprint, asked, {each.fingerprint: each.rule for each in known})
    entry = Acceptance(fingerprint, name, reason.strip(), last)
    path = front.root / ACCEPTED
    data = FolderTree(front.root).read(ACCEPTED)
    try:
        write_text(path, with_acceptance(None if data is None else data.decode(), entry))
    except OutputError as error:
        raise click.UsageError(str(error)) from None
    until = f" until {last}" if last is not None else ""
    front.result(f"accepted {fingerprint} ({name}){until} in {ACCEPTED}; commit it\n")
    if last is not None and last < day(today):
        front.note(f"{last} has passed, so this accepts nothing")
    return 0


def _rule(front: Front, fingerprint: str, asked: Asked, known: Mapping[str, str]) -> str:
    """The rule of a finding: as the last `diff` here found it, or as `diff` finds it now."""
    if asked.base is None and asked.head is None:
        last = Cache(front.root).get("findings", "last")
        if isinstance(last, dict) and fingerprint in last:
            return str(last[fingerprint])
        if fingerprint in known:
            return known[fingerprint]
    contracts = [asked.contract] if asked.contract else [None, "strict"]
    for contract in contracts:
        verdict = examined(front, replace(asked, contract=contract))
        for finding in _all(verdict):
            if finding.fingerprint == fingerprint:
                return finding.rule
    raise Undecided(
        f"no change has the fingerprint {fingerprint}",
        "give the same BASE and HEAD as to `flama-compile diff`, or the rule with `--rule RT202`",
    )


def _all(verdict: Verdict) -> list[Finding]:
    return [*verdict.findings, *(each.finding for each in verdict.accepted)]
