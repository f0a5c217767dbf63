"""Path templates: their grammar, and the five types of parameter.

A segment is a literal or exactly one parameter::

    parse("/items/{item_id:int}/")  ->  ("items", Param("item_id", "int"), "")
    parse("/")                      ->  ("",)
    parse("")                       ->  ()

Each type of parameter has a converter, from the decoded text of a segment to a value and back::

    CONVERTERS["int"].convert("007")     ->  7
    CONVERTERS["int"].convert("+1")      ->  None, which is "this route does not match"
    CONVERTERS["int"].text(7)            ->  "7"

No regular expression is compiled here: this module is loaded before every cold start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

__all__ = [
    "CONVERTERS",
    "MAX_INT_DIGITS",
    "Converter",
    "Param",
    "Segments",
    "as_decimal",
    "as_float",
    "as_int",
    "as_str",
    "as_uuid",
    "match",
    "match_prefix",
    "normalise",
    "parse",
    "parse_prefix",
    "split",
]

MAX_INT_DIGITS = 4300
"""The most digits of an `int` segment: the limit of Python's own `int`."""


class Param(NamedTuple):
    """A parameter that fills one whole segment of a path."""

    name: str
    type: str
    """`str`, `int`, `float`, `decimal` or `uuid`."""


Segments = tuple[str | Param, ...]


class Converter(NamedTuple):
    """How one type of parameter reads and writes the text of a segment."""

    convert: Callable[[str], Any]
    """Segment to value; None says that the text is not of this type."""
    text: Callable[[Any], str]
    """Value to segment, before percent-encoding; raises ValueError for an unsuitable value."""


def parse(path: str) -> Segments:
    """The segments of a template; leading slashes collapse to one.

    :raises ValueError: The text is no template. The message says why, for people.
    """
    if not isinstance(path, str):
        raise ValueError(f"a path is a string, not {path!r}")
    if not path:
        return ()
    if path[0] != "/":
        raise ValueError(f"path {path!r} must be empty or start with '/'")
    segments: list[str | Param] = [*path.lstrip("/").split("/")]
    if "{" not in path and "}" not in path:
        return tuple(segments)
    names = []
    for index, segment in enumerate(segments):
        if isinstance(segment, str) and ("{" in segment or "}" in segment):
            param = _params.get(segment)
            if param is None:
                param = _params[segment] = _parse_param(segment, path)
            if param.name in names:
                raise ValueError(f"path {path!r} names the parameter {param.name!r} twice")
            names.append(param.name)
            segments[index] = param
    return tuple(segments)


def parse_prefix(path: str) -> Segments:
    """The segments of a mount's prefix: a trailing slash is dropped, `""` and `"/"` are empty.

    :raises ValueError: The text is no template.
    """
    segments = parse(path)
    while segments and segments[-1] == "":
        segments = segments[:-1]
    return segments


def normalise(path: str) -> str:
    """The template with its leading slashes collapsed: `//a` is `/a`.

    The result is a plain string. A member of an enum that is text is that text, whatever the
    enum's own `__str__` and `__format__` write for it.
    """
    return "/" + path.lstrip("/") if path.startswith("//") else str.__str__(path)


def split(path: str) -> list[str] | None:
    """The segments of a request path, or None for one that no template describes, such as `*`."""
    if not path:
        return []
    if path[0] != "/":
        return None
    return path.split("/")[1:]


def match(template: Segments, segments: list[str]) -> dict[str, str] | None:
    """The text of each parameter when the whole path fits the template, else None."""
    if len(template) != len(segments):
        return None
    return _match(template, segments)


def match_prefix(template: Segments, segments: list[str]) -> dict[str, str] | None:
    """The text of each parameter when the path begins with the template, segment by segment."""
    if len(template) > len(segments):
        return None
    return _match(template, segments)


def _match(template: Segments, segments: list[str]) -> dict[str, str] | None:
    texts: dict[str, str] = {}
    for expected, text in zip(template, segments, strict=False):
        if isinstance(expected, str):
            if expected != text:
                return None
        elif CONVERTERS[expected.type].convert(text) is None:
            return None
        else:
            texts[expected.name] = text
    return texts


_params: dict[str, Param] = {}
"""Parameters by their text: templates of one application name few, again and again."""


def _parse_param(segment: str, path: str) -> Param:
    inside = segment[1:-1]
    if segment[0] != "{" or segment[-1] != "}" or "{" in inside or "}" in inside:
        raise ValueError(
            f"path {path!r}: the segment {segment!r} is neither a literal nor one whole parameter"
        )
    name, colon, kind = inside.partition(":")
    if not (name.isascii() and name.isidentifier()):
        raise ValueError(f"path {path!r}: {name!r} is not a name for a parameter")
    if colon and kind not in CONVERTERS:
        known = ", ".join(CONVERTERS)
        raise ValueError(f"path {path!r}: unknown parameter type {kind!r} (known: {known})")
    return Param(name, kind or "str")


# From text to value. Each of them sees every request that reaches its segment.


def as_str(text: str) -> str | None:
    """Any text but the empty one."""
    return text or None


def as_int(text: str) -> int | None:
    """ASCII digits with an optional minus, at most 4,300 of them."""
    digits = text[1:] if text[:1] == "-" else text
    if digits.isdigit() and digits.isascii() and len(digits) <= MAX_INT_DIGITS:
        return int(text)
    return None


def as_float(text: str) -> float | None:
    """ASCII digits, with an optional minus and an optional fraction; no exponent."""
    return float(text) if _is_number(text) else None


def as_decimal(text: str) -> Decimal | None:
    """The same texts as `as_float`, without loss."""
    return Decimal(text) if _is_number(text) else None


def as_uuid(text: str) -> UUID | None:
    """The canonical lower-case form only: 8-4-4-4-12."""
    # PERF: 0.3 of the time of `uuid.UUID(text)`. Of this length msgspec takes only 8-4-4-4-12.
    if len(text) == 36 and text == text.lower():
        try:
            return msgspec.convert(text, UUID)
        except (msgspec.ValidationError, UnicodeEncodeError):
            return None
    return None


def _is_number(text: str) -> bool:
    if not text.isascii():
        return False
    whole, dot, fraction = (text[1:] if text[:1] == "-" else text).partition(".")
    return whole.isdigit() and (fraction.isdigit() if dot else True)


# From value to text.


def _str_text(value: Any) -> str:
    text = str(value)
    if not text or "/" in text:
        raise ValueError(f"{value!r} does not fill one segment of a path")
    return text


def _int_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{value!r} is not an int")
    return _checked(value, str(value), as_int)


def _float_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"{value!r} is not a float")
    # A float has to be written without an exponent, which the path grammar lacks.
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    return _checked(value, text, as_float)


def _decimal_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"{value!r} is not a decimal")
    if isinstance(value, float):
        return _float_text(value)
    return _checked(
        value, format(value, "f") if isinstance(value, Decimal) else str(value), as_decimal
    )


def _uuid_text(value: Any) -> str:
    return _checked(value, str(value), as_uuid)


def _checked(value: Any, text: str, convert: Callable[[str], Any]) -> str:
    if convert(text) is None:
        raise ValueError(f"{value!r} is not of the parameter's type")
    return text


CONVERTERS: Mapping[str, Converter] = {
    "str": Converter(as_str, _str_text),
    "int": Converter(as_int, _int_text),
    "float": Converter(as_float, _float_text),
    "decimal": Converter(as_decimal, _decimal_text),
    "uuid": Converter(as_uuid, _uuid_text),
}
