"""From the text of a path segment or a query value to the type that a view declares.

`coercion(annotation)` is asked once per parameter, when a view is planned; what it returns is hot::

    coercion(int)               ->  Coercion(convert=to_int, many=False)
    coercion(list[int] | None)  ->  Coercion(convert=<list of to_int>, many=True)
    coercion(dict)              ->  None: not something that a query can hold

`convert` takes the text (the list of texts when `many`) and returns the value or raises
`Mismatch`, whose facts become one entry of a `ValidationError`: see `mismatch` and `missing`.
The functions `to_int` … `to_datetime` are the whole lexical grammar; compiled code calls the same.
"""

from __future__ import annotations

import datetime
import types as _types
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

__all__ = [
    "PRIMITIVES",
    "Coercion",
    "Mismatch",
    "bare",
    "coercion",
    "mismatch",
    "missing",
    "named",
    "plain",
    "to_bool",
    "to_date",
    "to_datetime",
    "to_decimal",
    "to_float",
    "to_int",
    "to_str",
    "to_time",
    "to_uuid",
]


class Mismatch(ValueError):
    """A text is not of the declared type.

    :param type: A word for machines, pydantic's where it has one.
    :param msg: A sentence for people.
    :param at: Place of the bad item in a list of values.
    """

    def __init__(self, type: str, msg: str, at: int | None = None) -> None:
        super().__init__(msg)
        self.type = type
        self.msg = msg
        self.at = at


class Coercion(NamedTuple):
    """How a parameter reads its text."""

    convert: Callable[[Any], Any]
    """Text to value, or the list of texts when `many`; raises `Mismatch`."""
    many: bool = False
    """Takes all values of a repeated key."""


def coercion(annotation: Any) -> Coercion | None:
    """How to read this annotation from text, or None when text cannot fill it."""
    kind = plain(annotation)
    members = _members(kind)
    if members is None:
        convert = _single(kind)
        if convert is not None:
            return Coercion(convert)
        return _list(kind)
    kept = [member for member in members if member is not type(None)]
    if len(kept) == 1:
        return coercion(kept[0])
    if not kept:
        return None
    converts = [_single(plain(member)) for member in kept]
    if None in converts:
        return None
    if to_str in converts:
        return Coercion(to_str)
    return Coercion(_union([convert for convert in converts if convert is not None], kept))


def named(annotation: Any) -> Any:
    """What an annotation stands for when it is a type alias (`type Users = list[User]`), also one
    with parameters (`type Maybe[T] = T | None`, as `Maybe[int]`)."""
    while True:
        origin = typing.get_origin(annotation)
        if type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        elif type(origin).__name__ == "TypeAliasType":
            annotation = _filled(origin, typing.get_args(annotation))
        else:
            return annotation


def _filled(alias: Any, arguments: tuple[Any, ...]) -> Any:
    """What a type alias stands for with arguments for its parameters."""
    given = dict(zip(alias.__type_params__, arguments, strict=False))
    value = alias.__value__
    if isinstance(value, typing.TypeVar):
        return given.get(value, value)
    wanted = getattr(value, "__parameters__", ())
    return value[tuple(given.get(one, one) for one in wanted)] if wanted else value


def bare(annotation: Any) -> Any:
    """The annotation without `Annotated` and type aliases around it. A `NewType` stays: for
    components, and among `flama.types`, it is a type of its own."""
    annotation = named(annotation)
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = named(annotation.__origin__)
    return annotation


def plain(annotation: Any) -> Any:
    """The annotation without `Annotated`, `NewType` and type aliases around it."""
    annotation = bare(annotation)
    while isinstance(annotation, typing.NewType):
        annotation = bare(annotation.__supertype__)
    return annotation


def mismatch(name: str, error: Mismatch, text: Any) -> dict[str, Any]:
    """The entry of a `ValidationError` for a text that does not fit."""
    if error.at is None:
        return {"type": error.type, "loc": [name], "msg": error.msg, "input": text}
    return {
        "type": error.type,
        "loc": [name, error.at],
        "msg": error.msg,
        "input": text[error.at],
    }


def missing(name: str, provided: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a `ValidationError` for a value that is not there.

    :param provided: What the request does hold, as `input`.
    """
    return {"type": "missing", "loc": [name], "msg": "Field required", "input": dict(provided)}


# The primitives. Each takes decoded text and raises Mismatch.


def to_str(text: str) -> str:
    """The text itself."""
    return text


def to_int(text: str) -> int:
    """`1 -1 +1 1.0 007 1_000 " 1 "`; ASCII digits only, no exponent, no fraction but zeros."""
    if text.isascii():
        try:
            return int(text)
        except ValueError:
            whole, dot, zeros = text.strip().partition(".")
            if dot and zeros and not zeros.strip("0") and whole[-1:].isdigit():
                with suppress(ValueError):
                    return int(whole)
    digits = text.strip().lstrip("+-").replace("_", "")
    if digits.isdigit() and digits.isascii() and len(digits) > 4300:
        raise Mismatch(
            "int_parsing_size",
            "Unable to parse input string as an integer, exceeded maximum size",
        )
    raise Mismatch(
        "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
    )


def to_float(text: str) -> float:
    """What Python's `float` takes, in ASCII: also `.5 1. 1e3 nan inf`."""
    if text.isascii():
        try:
            return float(text)
        except ValueError:
            # PERF: not `suppress`, which costs twice as much as the reading.
            pass
    raise Mismatch(
        "float_parsing", "Input should be a valid number, unable to parse string as a number"
    )


_BOOLS = {
    **dict.fromkeys(("true", "1", "yes", "on", "t", "y", "True", "TRUE"), True),
    **dict.fromkeys(("false", "0", "no", "off", "f", "n", "False", "FALSE"), False),
}


def to_bool(text: str) -> bool:
    """`true false 1 0 yes no on off t f y n` in any case."""
    value = _BOOLS.get(text)
    if value is None:
        value = _BOOLS.get(text.lower()) if text.isascii() else None
        if value is None:
            raise Mismatch(
                "bool_parsing", "Input should be a valid boolean, unable to interpret input"
            )
    return value


def to_uuid(text: str) -> UUID:
    """Any case, with or without dashes, with or without braces."""
    inside = text[1:-1] if text[:1] == "{" and text[-1:] == "}" else text
    try:
        return msgspec.convert(inside, UUID)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise Mismatch("uuid_parsing", "Input should be a valid UUID") from None


def to_decimal(text: str) -> Decimal:
    """A finite decimal number in ASCII."""
    try:
        value = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        value = None
    if value is None:
        raise Mismatch("decimal_parsing", "Input should be a valid decimal")
    if not value.is_finite():
        raise Mismatch("finite_number", "Input should be a finite number")
    return value


def to_date(text: str) -> datetime.date:
    """ISO 8601 as `date.fromisoformat` of Python 3.11 reads it."""
    value: datetime.date = _iso(datetime.date, text, "date")
    return value


def to_time(text: str) -> datetime.time:
    """ISO 8601 as `time.fromisoformat` of Python 3.11 reads it."""
    value: datetime.time = _iso(datetime.time, text, "time")
    return value


def to_datetime(text: str) -> datetime.datetime:
    """ISO 8601 as `datetime.fromisoformat` of Python 3.11 reads it."""
    value: datetime.datetime = _iso(datetime.datetime, text, "datetime")
    return value


def _iso(kind: Any, text: str, word: str) -> Any:
    try:
        if text.isascii():
            return kind.fromisoformat(text)
        reason = "it holds other than ASCII characters"
    except ValueError as error:
        # Python's own words about the text itself would only repeat `input`.
        reason = "" if str(error).startswith("Invalid isoformat") else str(error)
    raise Mismatch(
        f"{word}_parsing", f"Input should be a valid {word}" + (f", {reason}" if reason else "")
    )


PRIMITIVES: Mapping[type, Callable[[str], Any]] = {
    str: to_str,
    int: to_int,
    float: to_float,
    bool: to_bool,
    UUID: to_uuid,
    Decimal: to_decimal,
    datetime.date: to_date,
    datetime.time: to_time,
    datetime.datetime: to_datetime,
}

_WORDS = {
    int: "integer",
    float: "number",
    bool: "boolean",
    UUID: "UUID",
    Decimal: "decimal",
    datetime.date: "date",
    datetime.time: "time",
    datetime.datetime: "datetime",
}


# What is made of primitives.


def _members(kind: Any) -> tuple[Any, ...] | None:
    if typing.get_origin(kind) in (typing.Union, _types.UnionType):
        return typing.get_args(kind)
    return None


def _single(kind: Any) -> Callable[[str], Any] | None:
    if isinstance(kind, type):
        convert = PRIMITIVES.get(kind)
        if convert is None and issubclass(kind, Enum):
            return _choice([(member.value, member) for member in kind], "enum")
        return convert
    if typing.get_origin(kind) is typing.Literal:
        values = typing.get_args(kind)
        pairs = [(value.value if isinstance(value, Enum) else value, value) for value in values]
        return _choice(pairs, "literal_error")
    members = _members(kind)
    if members is not None:
        inner = coercion(kind)
        return inner.convert if inner is not None and not inner.many else None
    return None


def _list(kind: Any) -> Coercion | None:
    if typing.get_origin(kind) is not list:
        return None
    (item,) = typing.get_args(kind)
    convert = _single(plain(item))
    if convert is None:
        return None
    if convert is to_str:
        return Coercion(list, many=True)

    def convert_list(texts: list[str]) -> list[Any]:
        values = []
        for index, text in enumerate(texts):
            try:
                values.append(convert(text))
            except Mismatch as error:
                raise Mismatch(error.type, error.msg, at=index) from None
        return values

    return Coercion(convert_list, many=True)


def _choice(pairs: list[tuple[Any, Any]], type: str) -> Callable[[str], Any]:
    """Compares with the text, then with the number or truth value that the text spells."""
    texts: dict[str, Any] = {}
    numbers: dict[Any, Any] = {}
    truths: dict[bool, Any] = {}
    for value, member in pairs:
        if isinstance(value, bool):
            truths.setdefault(value, member)
        elif isinstance(value, str):
            texts.setdefault(str.__str__(value), member)
        elif isinstance(value, int | float | Decimal):
            numbers.setdefault(value, member)
    shown = [repr(value) for value, _ in pairs]
    expected = " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

    def convert(text: str) -> Any:
        if text in texts:
            return texts[text]
        if numbers:
            for parse in (to_int, to_float):
                try:
                    number: Any = parse(text)
                except Mismatch:
                    continue
                if number in numbers:
                    return numbers[number]
        if truths:
            with suppress(Mismatch):
                truth = to_bool(text)
                if truth in truths:
                    return truths[truth]
        raise Mismatch(type, f"Input should be {expected}")

    return convert


def _union(converts: list[Callable[[str], Any]], members: list[Any]) -> Callable[[str], Any]:
    words = [_WORDS.get(plain(member), "value") for member in members]
    expected = " or ".join(dict.fromkeys(f"a valid {word}" for word in words))

    def convert(text: str) -> Any:
        for attempt in converts:
            try:
                return attempt(text)
            except Mismatch:
                continue
        raise Mismatch("union_error", f"Input should be {expected}")

    return convert
