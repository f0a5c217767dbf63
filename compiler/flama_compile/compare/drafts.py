"""A finding in the making: what the rules agree on before contract and policy are applied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from flama_compile.compare.catalogue import Proof, Severity, rule
from flama_compile.compare.items import Item
from flama_compile.ir.findings import Example, Finding, Reply
from flama_compile.ir.routes import Mount, Param, Route, Template
from flama_compile.source import Span

__all__ = ["Draft", "finish", "item_key", "reply_of", "show", "shown_methods", "template_text"]


@dataclass(slots=True)
class Draft:
    """What is known of a finding when its cause is known."""

    rule: str
    message: str
    path: str
    methods: tuple[str, ...]
    key: tuple[str, ...]
    """What tells it from other findings of its rule; no line numbers, no names of parameters."""
    examples: tuple[Example, ...] = ()
    was: Reply | None = None
    now: Reply | None = None
    span: Span | None = None
    span_base: Span | None = None
    detail: list[str] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    severity: Severity | None = None
    """None for the severity of the rule."""
    proof: Proof | None = None
    routes: int = 1
    prefixes: tuple[Template, Template] | None = None
    """What a route's path began with and begins with now, where the rest of it is the same."""
    renaming: bool = False
    """Whether it may only be the other half of a function's new name."""
    covers: set[int] = field(default_factory=set)
    """Identities of routes of the base whose loss this finding explains."""


def finish(drafts: Iterable[Draft]) -> list[Finding]:
    """Findings with their fingerprints; those of one cause in two places are numbered."""
    seen: dict[str, int] = {}
    found = []
    for draft in drafts:
        about = rule(draft.rule)
        proof = draft.proof or about.proof
        severity = draft.severity or about.severity
        if proof == "unproven" and severity == "breaking":
            severity = "risky"
        text = "\0".join((draft.rule, *draft.key))
        number = seen[text] = seen.get(text, 0) + 1
        if number > 1:
            text += f"\0{number}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        first = draft.examples[0] if draft.examples else None
        found.append(
            Finding(
                draft.rule,
                severity,
                proof,
                draft.message,
                tuple(draft.detail),
                tuple(draft.help),
                draft.examples,
                first.was if first else draft.was,
                first.now if first else draft.now,
                draft.span,
                draft.span_base,
                draft.path,
                draft.methods,
                digest,
                draft.routes,
            )
        )
    return found


def show(route: Route) -> str:
    """A route for people: `GET /users/{id}`, `WS /feed`."""
    if route.kind == "websocket":
        return f"WS {route.path}"
    return f"{','.join(shown_methods(route)) or 'no method'} {route.path}"


def shown_methods(route: Route) -> tuple[str, ...]:
    """The methods without the HEAD that comes with GET."""
    if "GET" in route.methods:
        return tuple(method for method in route.methods if method != "HEAD")
    return route.methods


def template_text(template: Template) -> str:
    """A template without the names of its parameters: stable, and one text for equal paths."""
    return "".join(
        f"/{{:{part.type}}}" if isinstance(part, Param) else f"/{part}" for part in template
    )


def reply_of(entry: Route | Mount) -> Reply:
    """What stands behind a name, for findings that no request shows."""
    handler = entry.handler if isinstance(entry, Route) else entry.target
    return Reply(None if handler.late else str(handler), {})


def item_key(item: Item) -> str:
    """What a route or mount is, in a fingerprint."""
    if item.role == "route":
        return f"{item.route.kind} {template_text(item.route.segments)}"
    return f"mount {template_text(item.mount.segments)}"
