"""Says in words what differs between the routes that were compiled and those registered now."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flama._fingerprint import fields, fits

__all__ = ["explain"]

_FACTS = ("methods", "path", "handler", "name", "parameters", "encoding")


def explain(compiled: Sequence[str], number: int, live: Sequence[str], at: int, prefix: str) -> str:
    """What happened at the first difference.

    :param compiled: Lines of one application, as compiled; the one at `number` does not fit.
    :param live: Lines of what is registered; the one at `at` is not what was compiled.
    :param prefix: The prefix of the application, for the whole path.
    """
    row = compiled[number] if number < len(compiled) else None
    now = live[at] if at < len(live) else None
    if row is None:
        return f"{_shown(now, prefix)} is registered, but not compiled"
    if now is None:
        return f"{_shown(row, prefix)} is compiled, but no longer registered"
    row_is_live = any(fits(row, other) for other in live[at + 1 :])
    now_was_compiled = any(fits(other, now) for other in compiled[number + 1 :])
    if row_is_live and now_was_compiled:
        return f"{_shown(now, prefix)} is now registered before {_shown(row, prefix)}"
    if row_is_live:
        return f"{_shown(now, prefix)} is registered, but not compiled"
    if now_was_compiled:
        return f"{_shown(row, prefix)} is compiled, but no longer registered"
    return _changed(row, now, prefix)


def _changed(row: str, now: str, prefix: str) -> str:
    before, after = fields(row), fields(now)
    if (before[0] == "MOUNT") != (after[0] == "MOUNT") or (
        _text(before[1]) != _text(after[1]) and before[2] != after[2]
    ):
        return f"{_shown(row, prefix)} was compiled where {_shown(now, prefix)} is registered now"
    if before[0] == "MOUNT":
        if before[1] == after[1] and before[2] == after[2]:
            return f"{_shown(row, prefix)} was {_KINDS[before[3]]}, and is {_KINDS[after[3]]} now"
        facts: tuple[str, ...] = ("kind", "path", "name")
    else:
        facts = _FACTS
    before += ["-"] * (len(after) - len(before))
    after += ["-"] * (len(before) - len(after))
    changes = [
        f"{fact} {_text(was)} is now {_text(is_now)}"
        for fact, was, is_now in zip(facts, before, after, strict=False)
        if was != is_now
    ]
    return f"{_shown(row, prefix)} has changed: {', '.join(changes)}"


_KINDS = {
    "app": "an application without middleware and exception handlers",
    "group": "an application with middleware or exception handlers",
    "foreign": "an application that is not Flama's",
    "?": "an application of Flama's",
}


def _shown(row: str | None, prefix: str) -> str:
    """`GET /items/ (shop.items:show)`, with the whole path."""
    if row is None:
        return "nothing"
    parts = fields(row)
    path = prefix + _text(parts[1])
    if parts[0] == "MOUNT":
        return f"the mount {path or '/'}"
    return f"{parts[0]} {path or '(empty path)'} ({_text(parts[2])})"


def _text(field: str) -> str:
    if field[:1] == '"':
        text: str = json.loads(field)
        return text
    return field
