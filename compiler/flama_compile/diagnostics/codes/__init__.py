"""Every code, one module per hundred: the pass that finds it owns its texts."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code
from flama_compile.diagnostics.codes import check, internal, link, output, scan

__all__ = ["CODES", "Code", "code", "find"]

CODES: tuple[Code, ...] = (
    *scan.CODES,
    *link.CODES,
    *check.CODES,
    *output.CODES,
    *internal.CODES,
)
"""All codes, by number."""

_BY_NUMBER = {code.number: code for code in CODES}
_BY_SLUG = {code.slug: code for code in CODES}


def code(number: str) -> Code:
    """The code with this number; KeyError if there is none."""
    return _BY_NUMBER[number]


def find(text: str) -> Code | None:
    """The code that a person means by `FC301`, `fc301` or `unreachable-route`."""
    return _BY_NUMBER.get(text.upper()) or _BY_SLUG.get(text.lower())
