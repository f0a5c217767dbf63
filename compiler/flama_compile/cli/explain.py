"""`flama-compile explain`: the documentation of a code, or who answers a request."""

from __future__ import annotations

from inspect import cleandoc
from textwrap import dedent

import click

from flama_compile.cli.front import Front, app_argument, common
from flama_compile.compare import catalogue
from flama_compile.diagnostics.codes import CODES, Code, find
from flama_compile.options import nearest

__all__ = ["command"]


@click.command(name="explain")
@click.argument("subject", metavar="CODE | 'GET /path'")
@app_argument
@common
def command(front: Front, subject: str, app: str | None) -> int:
    """Explain a code such as FC301 or RT202, or what answers a request and why."""
    if "/" in subject:
        from flama_compile.cli.match import answer_request

        return answer_request(front, app, subject, "text")
    if (known := find(subject)) is not None:
        front.result(_page(known))
        return 0
    if (rule := catalogue.find(subject)) is not None:
        front.result(_rule_page(rule))
        return 0
    names = [*(one.number for one in CODES), *(one.slug for one in CODES)]
    names += [*(one.id for one in catalogue.RULES), *(one.slug for one in catalogue.RULES)]
    raise click.UsageError(f"no code is named `{subject}`{nearest(subject, names)}")


def _page(known: Code) -> str:
    exits = "" if known.severity != "error" else f"Exit code of `build`: {known.exit}.\n\n"
    example = "".join(f"    {line}".rstrip() + "\n" for line in _lines(known.example))
    silence = (
        f"`# flama-compile: ignore[{known.number}]` on the line silences it.\n"
        if known.severity == "warning" and known.number.startswith("FC3")
        else ""
    )
    return (
        f"{known.number} {known.slug} ({known.severity})\n\n"
        f"{known.headline[0].upper()}{known.headline[1:]}.\n\n"
        f"{cleandoc(known.explanation)}\n\n"
        f"{exits}Example:\n\n{example}" + (f"\n{silence}" if silence else "")
    )


def _rule_page(rule: catalogue.Rule) -> str:
    examples = "".join(
        f"{title}:\n\n" + "".join(f"    {line}".rstrip() + "\n" for line in _lines(text)) + "\n"
        for title, text in (("Before", rule.base), ("After", rule.head))
    )
    return (
        f"{rule.id} {rule.slug} ({rule.severity}, {rule.proof}, contract {rule.level})\n\n"
        f"{rule.summary[0].upper()}{rule.summary[1:]}.\n\n"
        f"{cleandoc(rule.explanation)}\n\n{examples}Reported by: {rule.reported_by}\n"
    )


def _lines(text: str) -> list[str]:
    return dedent(text).strip("\n").split("\n")
