"""Identifiers made of the user's own words: `/items/{item_id:int}/` becomes `ITEMS_ITEM_ID`.

Names are given in the order of the plan, so that the same table always has the same names. Where
two things want one name, the later one says more about itself; a number is the last resort.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from flama_compile.ir.routes import Param, Template

__all__ = ["Names", "shortened", "snake", "template_name", "words_of"]

_LONGEST = 48
_APART = re.compile(r"[^0-9A-Za-z]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Names:
    """The names of one module; each is given once."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._taken = {*reserved, *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}

    def give(self, *wishes: str) -> str:
        """The first wish that is free, else the last one with the lowest free number."""
        for wish in wishes:
            if wish not in self._taken:
                self._taken.add(wish)
                return wish
        number = 2
        while (name := f"{wishes[-1]}_{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name


@lru_cache(4096)
def words_of(text: str) -> tuple[str, ...]:
    """The plain words in a text: `v1.0-beta é` has `v1`, `0`, `beta`, `e`."""
    # PERF: neighbouring routes are made of the same words.
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in apart if not unicodedata.combining(char))
    return tuple(word for word in _APART.split(text) if word)


@lru_cache(4096)
def template_name(template: Template, typed: bool = False) -> str:
    """The words of a template's segments as one name, with the types of its parameters if asked."""
    words: list[str] = []
    for segment in template:
        if isinstance(segment, Param):
            words += words_of(segment.name)
            if typed:
                words.append(segment.type)
        else:
            words += words_of(segment)
    return snake(words, "root")


def snake(words: Sequence[str], otherwise: str) -> str:
    """One lower-case identifier; `otherwise` where no word is left. Callers raise the case."""
    joined = "_".join(map(_lower, words)) or otherwise
    joined = shortened(joined)
    return f"n{joined}" if joined[0].isdigit() else joined


@lru_cache(4096)
def _lower(word: str) -> str:
    return _HUMPS.sub("_", word).lower()


def shortened(name: str) -> str:
    """A long name without its middle, cut between words."""
    if len(name) <= _LONGEST:
        return name
    head, tail = name[: _LONGEST // 2], name[-_LONGEST // 2 :]
    return f"{head.rpartition('_')[0] or head}_{tail.partition('_')[2] or tail}"
