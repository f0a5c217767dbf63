"""Functions of the standard library that only look at texts: performed by Python itself.

Regular expressions are performed where they cannot take long: on short texts, without repetitions
inside repetitions.
"""

from __future__ import annotations

import posixpath
import re
import string
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.link import iterators, plain
from flama_compile.link import machine as machines
from flama_compile.link.values import (
    MISSING,
    Arguments,
    Builtin,
    External,
    ExternalObject,
    Keywords,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["TEXTS", "pattern_attribute", "pure"]

_PATTERN = External("re", "Pattern")
_LONGEST_PATTERN = 200
_LONGEST_TEXT = 200
_MOST_REPEATS = 2
_METHODS = {"sub": 2, "split": 1, "findall": 1}
"""Methods of patterns that give texts, with how many arguments they take."""


def pure(function: Callable[..., Any]) -> Callable[..., Value]:
    """A function of the standard library that only looks at texts and numbers."""

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        unknown = plain.first_unknown(tuple([*positional, *keywords.values()]))
        if unknown is not None:
            return unknown
        given = [plain.real(value) for value in positional]
        named = {key: plain.real(value) for key, value in keywords.items()}
        if plain.NOT_PLAIN in given or plain.NOT_PLAIN in named.values():
            return Unknown(span, "unknown", "the result for objects")
        try:
            return machines.from_python(function(*given, **named))
        except (TypeError, ValueError, AttributeError, KeyError, re.error) as error:
            name = type(error).__name__
            raise machine.failure(name, "FC206", str(error), span, f"raises {name}") from None

    return run


def pattern_attribute(owner: ExternalObject, name: str, span: Span) -> Value:
    """A method of a compiled pattern; MISSING for other objects and names."""
    if owner.cls != _PATTERN or name not in _METHODS:
        return MISSING

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        given = [*owner.arguments[:1], *positional]
        return _search(name)(machine, given, {**owner.keywords, **keywords}, span)

    return Builtin(name, run)


def _compile(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) > 1 or keywords:
        return Unknown(span, "unknown", "a pattern with flags")
    return ExternalObject(_PATTERN, tuple(positional), {}, span)


def _search(name: str) -> Callable[..., Value]:
    """`re.sub`, `re.split`, `re.findall` of few and short texts."""

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        given = [plain.bare(value) for value in positional]
        unknown = plain.first_unknown(tuple(given))
        if unknown is not None:
            return unknown
        if keywords or len(given) != _METHODS[name] + 1:
            return Unknown(span, "unknown", f"`re.{name}` with options")
        if not all(isinstance(value, str) for value in given):
            return Unknown(span, "unknown", f"`re.{name}` of objects")
        if not _is_quick(given[0]) or any(len(value) > _LONGEST_TEXT for value in given):
            return Unknown(span, "analysis-bounded", f"`re.{name}` may take long")
        return pure(getattr(re, name))(machine, given, {}, span)

    return run


def _is_quick(pattern: str) -> bool:
    """Whether a pattern surely takes a time that is at most the cube of the text's length: it has
    few repetitions, none of them of a group."""
    return (
        len(pattern) <= _LONGEST_PATTERN
        and sum(map(pattern.count, "*+{")) <= _MOST_REPEATS
        and not any(f"){sign}" in pattern for sign in "*+{?")
    )


TEXTS: dict[str, Callable[..., Value]] = {
    "builtins.str.maketrans": pure(str.maketrans),
    **{
        f"{module}.{name}": pure(getattr(posixpath, name))
        for module in ("os.path", "posixpath")
        for name in ("join", "basename", "dirname", "splitext", "normpath")
    },
    "re.compile": _compile,
    "re.escape": pure(re.escape),
    **{f"re.{name}": iterators.calling(_search(name)) for name in _METHODS},
    "string.capwords": pure(string.capwords),
    "urllib.parse.quote": pure(urllib.parse.quote),
    "urllib.parse.quote_plus": pure(urllib.parse.quote_plus),
    "urllib.parse.unquote": pure(urllib.parse.unquote),
    "urllib.parse.urlencode": pure(urllib.parse.urlencode),
    "urllib.parse.urljoin": pure(urllib.parse.urljoin),
}
"""Functions by the name that they have outside."""
