"""All that a compiled module may import from here: the contract between compiler and runtime.

A compiled module takes the registered views (`load`), says which of them a path leads to
(`Resource`, the match functions) and how their parameters are filled (the binders), and leaves the
rest to `serve`: methods, errors, encoding, sending. `CONTRACT` names the version of all this.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flama._query import query_of
from flama._serving import Group, serve
from flama._taking import Views
from flama._views import View, as_declared
from flama.bodies import JSON, media
from flama.bodies import read as read_body
from flama.coercion import (
    Mismatch,
    mismatch,
    missing,
    to_bool,
    to_date,
    to_datetime,
    to_decimal,
    to_float,
    to_int,
    to_str,
    to_time,
    to_uuid,
)
from flama.exceptions import ContractError, StaleDispatchError, ValidationError
from flama.loading import CONTRACT, load
from flama.paths import as_uuid
from flama.types import Receive, Scope, Send

__all__ = [
    "CONTRACT",
    "NOTHING",
    "NOT_FOUND",
    "NO_ROWS",
    "Branch",
    "ContractError",
    "Decimal",
    "Hidden",
    "Match",
    "MaybeBranch",
    "Mismatch",
    "Passed",
    "Receive",
    "Resource",
    "Scope",
    "Segments",
    "Send",
    "StaleDispatchError",
    "UUID",
    "View",
    "Views",
    "as_declared",
    "is_int",
    "is_json",
    "is_number",
    "is_uuid",
    "load",
    "no_arguments",
    "overlap",
    "path_errors",
    "prefix_text",
    "query_errors",
    "query_of",
    "read_body",
    "serve",
    "serve_group",
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

# What answers.


class Resource(dict[str, View]):
    """The views of one path, by method. Other methods get a 405."""

    __slots__ = ()

    rest: View | None = None
    """What takes the whole request where no method here does."""
    hidden = False
    """A mount has the last word on this path and does not answer: other methods get a 404."""


class Hidden(Resource):
    """The views of one path, by method. Other methods get a 404: a mount hides what follows."""

    __slots__ = ()

    hidden = True


class Passed(Resource):
    """The views of one path, by method. Other methods are passed on with the whole request."""

    __slots__ = ("rest",)

    def __init__(self, rest: View, /, **views: View) -> None:
        super().__init__(views)
        self.rest = rest


Segments = Sequence[str]
Match = tuple[Resource, Segments]
Branch = Callable[[list[str]], Match]
MaybeBranch = Callable[[list[str]], Match | None]

NOTHING: Resource = Hidden()
NOT_FOUND: Match = (NOTHING, ())
NO_ROWS: dict[str, Any] = {}
"""What a table of tables gives for a text that it has not."""

_merged: dict[tuple[int, ...], tuple[Resource, Sequence[Resource]]] = {}
# By identity of the parts, which are kept alive here: resources are dictionaries, without a hash.


def overlap(every: Sequence[Resource]) -> Resource:
    """One resource from those that fit a path, in registration order: the first view of a method
    counts, and the last resource says what other methods get."""
    key = tuple(map(id, every))
    known = _merged.get(key)
    if known is not None:
        return known[0]
    last = every[-1]
    found = Passed(last.rest) if last.rest is not None else type(last)()
    for resource in every:
        for method, view in resource.items():
            found.setdefault(method, view)
    _merged[key] = found, every
    return found


# Which texts a parameter takes. These see every request that reaches their segment.


def is_int(text: str) -> bool:
    """Whether a segment is `-?[0-9]+`, ASCII, with at most 4,300 digits."""
    if text.isdigit() and text.isascii():
        return len(text) <= 4300
    return text[:1] == "-" and text[1:].isdigit() and text.isascii() and len(text) <= 4301


def is_number(text: str) -> bool:
    r"""Whether a segment is `-?[0-9]+(\.[0-9]+)?`, ASCII."""
    if not text.isascii():
        return False
    whole, dot, fraction = text.removeprefix("-").partition(".")
    return whole.isdigit() and (fraction.isdigit() if dot else True)


def is_uuid(text: str) -> bool:
    """Whether a segment is a lower-case canonical UUID."""
    return as_uuid(text) is not None


# How parameters are filled.


def no_arguments(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    """The binder of views that take nothing."""
    return view.call()


def path_errors(**reads: tuple[Callable[[str], Any], str]) -> ValidationError:
    """What is wrong with parts of the path: for each parameter how it is read, and its text."""
    return ValidationError(_mismatches(reads))


def prefix_text(scope: Scope, name: str) -> str:
    """The text of a parameter in the prefix that leads to a group."""
    text: str = scope["flama.prefix"].texts[name]
    return text


def query_errors(
    view: View, query: Mapping[str, str], /, **converts: Callable[[str], Any]
) -> ValidationError:
    """All that is wrong with the query, by parameter: values that are missing and have no default,
    and values that cannot be read."""
    errors = _mismatches(
        {name: (convert, query[name]) for name, convert in converts.items() if name in query}
    )
    for name in converts:
        if name not in query and name not in view.defaults:
            errors[name] = missing(name, query)
    return ValidationError({name: errors[name] for name in converts if name in errors})


def _mismatches(reads: Mapping[str, tuple[Callable[[str], Any], str]]) -> dict[str, Any]:
    errors = {}
    for name, (convert, text) in reads.items():
        try:
            convert(text)
        except Mismatch as error:
            errors[name] = mismatch(name, error, text)
    return errors


def is_json(scope: Scope) -> bool:
    """Whether the body is JSON, rather than a form.

    :raises HTTPException: 415, for anything else.
    """
    return media(scope["headers"]) == JSON


def serve_group(
    view: View,
    match_http: Callable[[str], Match],
    match_websocket: Callable[[str], Match],
) -> None:
    """Let a group, an application with layers of its own, dispatch with its own match functions."""
    view.unit = Group(view, match_http, match_websocket)


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Only a module that was compiled for another contract asks for other names.
    module = sys._getframe(1).f_globals.get("__name__", "the compiled module")
    raise ContractError(
        str(module), f"another, which has `{name}`", CONTRACT, "flama-compile build"
    )
