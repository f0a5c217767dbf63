"""Findings about what cannot be decided: dynamic sites that came (RT901, RT902, RT904)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flama_compile.compare.drafts import Draft
from flama_compile.ir.routes import DynamicSite, RouteTable

__all__ = ["site_drafts"]


def site_drafts(base: RouteTable, head: RouteTable) -> Iterator[Draft]:
    """A finding for each dynamic site that the base does not have.

    Sites that both tables have are no change; they still keep the comparison from being exact.
    """
    known = Counter(map(_key, base.dynamic))
    for site in head.dynamic:
        key = _key(site)
        if known[key]:
            known[key] -= 1
            continue
        file, reason = key
        yield Draft(
            _rule(reason),
            f"`{file}` registers routes that its source does not tell ({reason})",
            file,
            (),
            key,
            span=site.span,
            detail=[site.detail] if site.detail else [],
            help=["make it literal, or declare it under `[tool.flama-compile]` in pyproject.toml"],
        )


def _key(site: DynamicSite) -> tuple[str, str]:
    return site.span.file if site.span is not None else site.file, site.reason


def _rule(reason: str) -> str:
    if "import" in reason:
        return "RT902"
    if "condition" in reason:
        return "RT904"
    return "RT903" if "bound" in reason else "RT901"
