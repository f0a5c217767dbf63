"""Texts: formatting, joining, and the methods of strings and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    operations,
    plain,
)
from flama_compile.link.values import (
    Arguments,
    DictValue,
    Keywords,
    ListValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["constant_method", "text_method"]


_TEXT_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "endswith",
        "expandtabs",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "translate",
        "upper",
        "zfill",
        "encode",
        "decode",
        "bit_length",
        "hex",
        "as_integer_ratio",
        "is_integer",
        "conjugate",
    ]
)


def constant_method(owner: Value, name: str) -> Callable[..., Value]:
    """A method of a string or a number, performed by Python itself."""

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        unknown = plain.first_unknown(tuple([*positional, *keywords.values()]))
        if unknown is not None:
            return unknown
        given = [plain.real(value) for value in positional]
        named = {key: plain.real(value) for key, value in keywords.items()}
        if plain.NOT_PLAIN in given or (name not in _TEXT_METHODS and not isinstance(owner, tuple)):
            return Unknown(span, "unknown", f"the result of `{name}`")
        if name in ("center", "ljust", "rjust", "zfill", "replace", "expandtabs") and any(
            isinstance(value, int) and value > 10_000 for value in given
        ):
            return Unknown(span, "analysis-bounded", "the text is very long")
        try:
            result = getattr(owner, name)(*given, **named)
        except Exception as error:
            kind = type(error).__name__
            raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None
        return _value(result)

    return run


def _value(result: Any) -> Value:
    if isinstance(result, list):
        return ListValue([_value(item) for item in result])
    return result


def text_method(owner: str, name: str) -> Callable[..., Value]:
    """`format`, `format_map` and `join` of a string."""

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        if name == "join":
            items = operations.iterate(machine, positional[0], span)
            if isinstance(items, Unknown):
                return items
            texts = [plain.bare(item) for item in items]
            unknown = next((text for text in texts if isinstance(text, Unknown)), None)
            if unknown is not None:
                return unknown
            if not all(isinstance(text, str) for text in texts):
                raise machine.failure(
                    "TypeError", "FC206", "`join` takes strings only", span, "raises TypeError"
                )
            if sum(map(len, texts)) + len(owner) * len(texts) > plain.VALUE_LIMIT:
                return Unknown(span, "analysis-bounded", "the text is very long")
            return owner.join(texts)
        if name == "format_map":
            found = positional[0]
            if not isinstance(found, DictValue) or found.unknown is not None:
                return Unknown(span, "unknown", "a text made from an object")
            keywords, positional = dict(found.items), []
        given = [plain.formattable(machine, value, span) for value in positional]
        named = {key: plain.formattable(machine, value, span) for key, value in keywords.items()}
        for value in (*given, *named.values()):
            if isinstance(value, Unknown):
                return value
        if plain.is_wide(owner, (*given, *named.values())):
            return Unknown(span, "analysis-bounded", "the text may be very long")
        try:
            return owner.format(*given, **named)
        except plain.NoText:
            return Unknown(span, "unknown", "the text of an object")
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            kind = type(error).__name__
            raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None

    return run
