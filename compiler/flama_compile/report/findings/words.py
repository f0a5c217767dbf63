"""What every report of findings says in the same words."""

from __future__ import annotations

import shlex
from collections import Counter

from flama_compile.ir.findings import Example, Finding, Reply, Verdict, Witness
from flama_compile.ir.routes import RouteTable

__all__ = ["HOST", "accept", "counts", "coverage", "curl", "places", "reply", "title", "totals"]

HOST = "localhost:8000"
"""Where `flama-compile run` serves."""


def reply(witness: Witness, answer: Reply | None) -> str:
    """One answer in a few words: `shop:user (id='me')`, `404`, `405`, `refused`."""
    if answer is None:
        return "404" if witness.protocol == "http" else "refused"
    if answer.status is not None:
        return str(answer.status)
    text = answer.handler or "a handler that only the loaded application names"
    if answer.root_path is not None:
        text += f" (mounted at {answer.root_path or '/'})"
    elif answer.params:
        text += f" ({', '.join(f'{name}={value!r}' for name, value in answer.params.items())})"
    return text


def curl(witness: Witness) -> str:
    """A command line that sends the request to a local server."""
    if witness.protocol == "websocket":
        return shlex.join(["python", "-m", "websockets", f"ws://{HOST}{witness.path}"])
    url = f"http://{HOST}{witness.path}"
    words = ["curl", "-i"]
    if witness.path == "*":
        words, url = ["curl", "-i", "--request-target", "*"], f"http://{HOST}"
    if witness.method == "HEAD":
        words = [word.replace("-i", "-I") for word in words]
    elif witness.method != "GET":
        words += ["-X", witness.method]
    # Otherwise curl takes `/a/../b` for `/b`.
    if "/." in witness.path:
        words.append("--path-as-is")
    return shlex.join([*words, url])


def title(finding: Finding, slug: str) -> str:
    """`RT202 precedence-changed`."""
    return f"{finding.rule} {slug}"


def places(finding: Finding) -> str:
    """Where it is: `shop.py:9`, with the old place where that is another one."""
    now, was = finding.span, finding.span_base
    if now is None:
        return f"was at {was.file}:{was.line}" if was else ""
    text = f"{now.file}:{now.line}"
    if was is not None and was.file != now.file:
        text += f" (was {was.file}:{was.line})"
    elif was is not None and was.line != now.line:
        text += f" (was :{was.line})"
    return text


def accept(finding: Finding) -> str:
    """The command that records the change as deliberate."""
    return f"flama-compile accept {finding.fingerprint} --reason '…'"


def totals(verdict: Verdict) -> dict[str, int]:
    """How many findings of each severity count."""
    numbers = Counter(finding.severity for finding in verdict.findings)
    return {severity: numbers[severity] for severity in ("breaking", "risky", "safe")}


def counts(verdict: Verdict) -> str:
    """`1 breaking, 2 safe`, or `no changes`."""
    shown = [f"{number} {severity}" for severity, number in totals(verdict).items() if number]
    return ", ".join(shown) or "no changes"


def coverage(table: RouteTable) -> str:
    """`214 routes, exact`, or `212 routes + 2 dynamic sites`."""
    routes, sites = len(table.routes), len(table.dynamic)
    text = f"{routes} route{'' if routes == 1 else 's'}"
    if not sites:
        return f"{text}, exact"
    return f"{text} + {sites} dynamic site{'' if sites == 1 else 's'}"


def changed(example: Example) -> str:
    """`GET /users/me  was shop:me  now shop:user (id='me')`."""
    was, now = reply(example.witness, example.was), reply(example.witness, example.now)
    return f"{example.witness}  was {was}  now {now}"
