"""The query string, read as `urllib.parse.parse_qsl` reads it with blank values kept.

Broken percent-encodings stay as they are; bytes that are not UTF-8 become U+FFFD.
"""

from __future__ import annotations

from urllib.parse import unquote

from flama.types import Scope

__all__ = ["pairs", "query_of"]


def pairs(raw: bytes) -> list[tuple[str, str]]:
    """Keys and values in order, from the raw query string of the scope."""
    found = []
    for part in raw.decode("latin-1").split("&"):
        if not part:
            continue
        key, _, value = part.partition("=")
        # PERF: most queries hold neither, and `unquote` costs more than all the rest.
        if "+" in part:
            key, value = key.replace("+", " "), value.replace("+", " ")
        if "%" in part:
            key, value = unquote(key), unquote(value)
        found.append((key, value))
    return found


def query_of(scope: Scope) -> dict[str, str]:
    """Each key of a request's query with the last of its values."""
    raw: bytes = scope.get("query_string", b"")
    if not raw:
        return {}
    text = raw.decode("latin-1")
    if "%" in text or "+" in text:
        return dict(pairs(raw))
    found = {}
    for part in text.split("&"):
        if part:
            key, _, value = part.partition("=")
            found[key] = value
    return found
