"""Findings as one page that needs nothing else: no network, no other file.

The page is readable without its script, which only adds the filter box and the keyboard. Every
text is escaped here; a policy in the page forbids it to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from string import Template

from flama_compile.compare.catalogue import rule
from flama_compile.ir.findings import Example, Finding, Verdict
from flama_compile.ir.routes import DynamicSite, Mount, Route, RouteTable
from flama_compile.report.findings.page import PAGE
from flama_compile.report.findings.words import accept, counts, coverage, curl, places, reply

__all__ = ["findings_html"]

_DOUBTS = 5
"""Reasons for not being exact that the head of the page names."""
_WORST = ("breaking", "risky", "safe")


def findings_html(verdict: Verdict) -> str:
    """The whole page."""
    comparison = verdict.comparison
    marks = _marks(verdict)
    findings = (
        "".join(map(_finding, verdict.findings)) or "<p>No request is answered otherwise.</p>"
    )
    return Template(PAGE).substitute(
        title=escape(f"Route changes of {comparison.head.app}: {counts(verdict)}"),
        app=escape(comparison.head.app),
        counts=escape(counts(verdict)),
        worst=verdict.findings[0].severity if verdict.findings else "safe",
        sides=escape(f"{verdict.base} → {verdict.head}"),
        coverage=escape(coverage(comparison.head)),
        doubts="".join(
            f'<p class="doubt">Not exact: {escape(text)}</p>' for text in _doubts(verdict)
        ),
        findings=findings,
        accepted=_accepted(verdict),
        tree=_tree(comparison.base, comparison.head, marks),
    )


def _finding(finding: Finding) -> str:
    known = rule(finding.rule)
    detail = "".join(f"<li>{_prose(text)}</li>" for text in (*finding.detail, *finding.help))
    requests = "".join(map(_example, finding.examples))
    commands = "\n".join(
        [*(curl(example.witness) for example in finding.examples), accept(finding)]
    )
    words = " ".join(
        [finding.rule, known.slug, finding.severity, finding.message, finding.path]
        + [str(example.witness) for example in finding.examples]
    )
    return (
        f'<article id="f-{finding.fingerprint}" class="{finding.severity}" tabindex="0" '
        f'data-words="{escape(words.lower())}">'
        f"<h3><span class=rule>{finding.rule}</span> {_prose(finding.message)}</h3>"
        f'<p class=meta><span class="badge {finding.severity}">{finding.severity}</span> '
        f"{escape(' · '.join(filter(None, [known.slug, finding.proof, places(finding)])))}</p>"
        + (
            "<table><thead><tr><th>request</th><th>was</th><th>is now</th></tr></thead>"
            f"<tbody>{requests}</tbody></table>"
            if requests
            else ""
        )
        + (f"<ul>{detail}</ul>" if detail else "")
        + f"<details><summary>Commands</summary><pre>{escape(commands)}</pre></details></article>\n"
    )


def _example(example: Example) -> str:
    was, now = reply(example.witness, example.was), reply(example.witness, example.now)
    cells = (
        f"<code>{escape(str(example.witness))}</code>",
        f"<del>{escape(was)}</del>",
        f"<ins>{escape(now)}</ins>",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _accepted(verdict: Verdict) -> str:
    rows = [
        f"<li><b>{each.finding.rule}</b> {_prose(each.finding.message)}: {escape(each.reason)}</li>"
        for each in verdict.accepted
    ]
    rows += [
        f"<li>accepted <code>{escape(gone.fingerprint)}</code> ({escape(gone.rule)}): "
        f"{escape(gone.problem)}</li>"
        for gone in verdict.gone
    ]
    return f"<h2>Accepted</h2><ul>{''.join(rows)}</ul>" if rows else ""


@dataclass(slots=True)
class _Node:
    """One segment of the tree of paths."""

    children: dict[str, _Node] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    changed: str = ""
    """The worst severity at or below it."""
    words: str = ""


_Mark = tuple[str, str]
"""Severity and fingerprint."""


def _marks(verdict: Verdict) -> dict[tuple[str, str], list[_Mark]]:
    """Findings by side and path."""
    found: dict[tuple[str, str], list[_Mark]] = {}
    heads = {
        entry.span: entry.path
        for entry in verdict.comparison.head.walk()
        if not isinstance(entry, DynamicSite) and entry.span is not None
    }
    for finding in verdict.findings:
        mark = (finding.severity, finding.fingerprint)
        paths = {("base", finding.path)}
        if finding.span is not None and finding.span in heads:
            paths.add(("head", heads[finding.span]))
        else:
            paths.add(("head", finding.path))
        for place in paths:
            found.setdefault(place, []).append(mark)
    return found


def _tree(base: RouteTable, head: RouteTable, marks: dict[tuple[str, str], list[_Mark]]) -> str:
    root = _Node()
    kept = {_identity(entry) for entry in head.walk()}
    before = {_identity(entry) for entry in base.walk()}
    for entry in head.walk():
        new = _identity(entry) not in before
        _grow(root, entry, "added" if new else "", marks.get(("head", _path(entry)), []))
    for entry in base.walk():
        if _identity(entry) not in kept:
            _grow(root, entry, "removed", marks.get(("base", _path(entry)), []))
    return f'<ul class="tree">{"".join(_branches(root))}</ul>'


def _identity(entry: Route | Mount | DynamicSite) -> tuple[object, ...]:
    match entry:
        case Route():
            return entry.kind, entry.path, entry.methods, str(entry.handler)
        case Mount():
            return "mount", entry.path, str(entry.target)
        case _:
            return "dynamic", _path(entry), entry.reason


def _path(entry: Route | Mount | DynamicSite) -> str:
    if isinstance(entry, DynamicSite):
        return entry.span.file if entry.span is not None else entry.file
    return entry.path


def _grow(root: _Node, entry: Route | Mount | DynamicSite, state: str, marks: list[_Mark]) -> None:
    node = root
    trail = [root]
    path = _path(entry)
    for part in path.split("/")[1:] if path.startswith("/") else []:
        node = node.children.setdefault(part, _Node())
        trail.append(node)
    links = "".join(
        f' <a class="badge {severity}" href="#f-{fingerprint}">{severity}</a>'
        for severity, fingerprint in marks[:3]
    )
    node.rows.append(
        f'<span class="row {state}">{_label(entry)}'
        + (f" <em>{state}</em>" if state else "")
        + f"{links}</span>"
    )
    for above in trail:
        worst = min(
            (severity for severity, _ in marks), key=_WORST.index, default="safe" if state else ""
        )
        if worst and (not above.changed or _WORST.index(worst) < _WORST.index(above.changed)):
            above.changed = worst


def _label(entry: Route | Mount | DynamicSite) -> str:
    match entry:
        case Route():
            methods = "WS" if entry.kind == "websocket" else ",".join(entry.methods) or "–"
            return (
                f"<b>{escape(methods)}</b> {escape(entry.path)} <i>{escape(str(entry.handler))}</i>"
            )
        case Mount():
            return f"<b>MOUNT</b> {escape(entry.path or '/')} <i>{escape(str(entry.target))}</i>"
        case _:
            return f"<b>DYNAMIC</b> {escape(_path(entry))} <i>{escape(entry.reason)}</i>"


def _branches(node: _Node, above: str = "") -> Iterator[str]:
    for row in node.rows:
        yield f"<li>{row}</li>"
    for part, child in sorted(node.children.items()):
        here = f"{above}/{part}"
        while len(child.children) == 1 and not child.rows:
            # A chain of segments with nothing on the way is one step.
            ((part, child),) = child.children.items()
            here += f"/{part}"
        inner = "".join(_branches(child, here))
        if not child.children:
            yield f'<li class="leaf {child.changed}"><ul>{inner}</ul></li>'
            continue
        yield (
            f'<li class="{child.changed}"><details{" open" if child.changed else ""}>'
            f"<summary>{escape(here)}</summary><ul>{inner}</ul></details></li>"
        )


def _doubts(verdict: Verdict) -> list[str]:
    found = list(verdict.doubts)
    comparison = verdict.comparison
    if comparison.bounded is not None:
        found.append(comparison.bounded)
    for name, table in ((verdict.base, comparison.base), (verdict.head, comparison.head)):
        for site in table.dynamic:
            where = str(site.span) if site.span is not None else site.file
            found.append(f"{name}: {where} {site.reason}")
    if len(found) > _DOUBTS:
        found[_DOUBTS - 1 :] = [
            f"{len(found) - _DOUBTS + 1} more reasons; the tree shows all sites"
        ]
    return found


def _prose(text: str) -> str:
    """Text with `code` as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{escape(part)}</code>" if at % 2 else escape(part) for at, part in enumerate(parts)
    )
