"""Path templates: their grammar, and the five types of parameter.

A segment is a literal or exactly one parameter::

    parse("/items/{item_id:int}/")  ->  ("items", Param("item_id", "int"), "")
    parse("/")                      ->  ("",)
    parse("")                       ->  ()
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Param"]


class Param(NamedTuple):
    """A parameter that fills one whole segment of a path."""

    name: str
    type: str
    """`str`, `int`, `float`, `decimal` or `uuid`."""
