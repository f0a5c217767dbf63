"""What segments of paths have in common: the five parameter types as a decidable lattice.

A segment is a literal or one parameter. Which texts it takes follows from the type alone::

    str      [^/]+
    int      -?[0-9]+            at most 4,300 digits
    float    -?[0-9]+(\\.[0-9]+)?
    decimal  the same texts as float
    uuid     8-4-4-4-12 lower-case hexadecimal digits

so `str` includes `float`, which equals `decimal` and includes `int`; `str` includes `uuid`, and no
text is both a `uuid` and a `float`. The empty text is only ever matched by the literal "".

Nothing here is shared with the converters of the runtime, so that each can be checked against
the other. The rules stand in `behaviour.md` section 2.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import count

from flama.paths import Param

__all__ = ["REGIONS", "accepts", "common", "includes", "meets", "region", "sample"]

REGIONS = ("int", "float", "uuid", "str")
"""The smallest type of a text: each non-empty segment lies in exactly one, `region` says which."""

_INT = re.compile(r"-?([0-9]+)")
_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOST_DIGITS = 4300

_PARTS: dict[str, frozenset[str]] = {
    "int": frozenset({"int"}),
    "float": frozenset({"int", "float"}),
    "decimal": frozenset({"int", "float"}),
    "uuid": frozenset({"uuid"}),
    "str": frozenset(REGIONS),
}

_FRESH: dict[str, tuple[str, ...]] = {
    "int": ("7", "42", "1001"),
    "float": ("7.5", "0.25", "19.99"),
    "uuid": ("3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a",),
    "str": ("abc", "sample", "green"),
}


def region(text: str) -> str:
    """The smallest type that takes a text: one of `REGIONS`, or "" for the empty text.

    Text with a slash is not a segment: ValueError.
    """
    if not text:
        return ""
    if "/" in text:
        raise ValueError(f"{text!r} is more than one segment")
    if (digits := _INT.fullmatch(text)) and len(digits[1]) <= _MOST_DIGITS:
        return "int"
    if _FLOAT.fullmatch(text):
        return "float"
    return "uuid" if _UUID.fullmatch(text) else "str"


def accepts(type: str, text: str) -> bool:
    """Whether a parameter of this type takes the text as its whole segment."""
    if "/" in text:
        return False
    return region(text) in _PARTS[type]


def includes(a: str | Param, b: str | Param) -> bool:
    """Whether segment `a` takes every text that segment `b` takes."""
    if isinstance(a, str):
        return a == b
    if isinstance(b, str):
        return accepts(a.type, b)
    return _PARTS[a.type] >= _PARTS[b.type]


def meets(a: str | Param, b: str | Param) -> bool:
    """Whether some text fits both segments."""
    if isinstance(a, str):
        return includes(b, a)
    if isinstance(b, str):
        return includes(a, b)
    return not _PARTS[a.type].isdisjoint(_PARTS[b.type])


def common(a: str | Param, b: str | Param, avoid: Container[str] = ()) -> str | None:
    """A text that fits both segments and is none of `avoid`; None when there is none."""
    if isinstance(a, str) or isinstance(b, str):
        literal = a if isinstance(a, str) else b
        assert isinstance(literal, str)
        return literal if meets(a, b) and literal not in avoid else None
    shared = _PARTS[a.type] & _PARTS[b.type]
    for name in ("str", "uuid", "float", "int"):
        if name in shared:
            return _fresh(name, avoid)
    return None


def sample(segment: str | Param, avoid: Container[str] = ()) -> str:
    """A text that fits the segment, looks like data and is none of `avoid`.

    The text of a parameter lies in no smaller type than its own: `abc` for `str`, `7.5` for
    `float`. A literal is its only text, whatever `avoid` says. A region stands for itself, as
    `Param("", "float")`.
    """
    if isinstance(segment, str):
        return segment
    return _fresh("float" if segment.type == "decimal" else segment.type, avoid)


def _fresh(name: str, avoid: Container[str]) -> str:
    return next(text for text in _candidates(name) if text not in avoid)


def _candidates(name: str) -> Iterator[str]:
    yield from _FRESH[name]
    for number in count(2):
        match name:
            case "int":
                yield str(1001 + number)
            case "float":
                yield f"{number}.75"
            case "uuid":
                yield f"3f2c1aa0-5b7e-4c1d-9a64-{number:012x}"
            case _:
                yield f"abc{number}"
