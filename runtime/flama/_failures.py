"""What exactly does not fit a model of msgspec's: every field of it, at its place.

msgspec stops at the first failure. `explain` goes on, from the object to its fields and from lists
to their items, and trying each by itself::

    explain(error, Order, {"id": "x", "lines": [{}]}, (), found)
    found == [(("id",), "type_error", "Expected `int`, got `str`", "x"),
              (("lines", 0, "sku"), "missing", "Field required", {})]
"""

from __future__ import annotations

import types as _types
import typing
from typing import Any, NamedTuple

import msgspec

from flama.coercion import plain

__all__ = ["MOST", "Field", "Found", "convert", "decode_unknown", "explain", "fields_of"]

Found = list[tuple[tuple[Any, ...], str, str, Any]]
"""Failures: place below the object, word for machines, sentence for people, input."""

MOST = 100
"""Failures after which no more are looked for: people have enough, and bodies may be endless."""

DEEPEST = 20
"""Levels of a body that are looked into: each of them is tried as a whole first."""


class Field(NamedTuple):
    """One field of a model."""

    name: str
    key: str
    """Its name in JSON."""
    kind: Any
    required: bool


def explain(
    error: msgspec.ValidationError, kind: Any, data: Any, place: tuple[Any, ...], found: Found
) -> None:
    """Add every failure of some data to `found`.

    :param error: What converting the data to `kind` raised.
    """
    before = len(found)
    if before < MOST and len(place) < DEEPEST:
        _look_inside(kind, data, place, found)
    if len(found) == before and before < MOST:
        msg, _, path = str(error).partition(" - at `")
        within = _steps(path)
        word = "object_type" if msg.startswith("Expected `object`") else "type_error"
        found.append(((*place, *within), word, msg, _at(data, within)))


def _look_inside(kind: Any, data: Any, place: tuple[Any, ...], found: Found) -> None:
    kind = _without_none(plain(kind))
    origin = typing.get_origin(kind) or kind
    arguments = typing.get_args(kind)
    if hasattr(origin, "__pydantic_validator__"):
        from flama._pydantic import PydanticAdapter

        _, inside = PydanticAdapter(kind, False).load(data)
        found.extend(((*place, *at), word, msg, given) for at, word, msg, given in inside)
    elif isinstance(data, dict) and _has_fields(origin):
        for field in fields_of(kind):
            if field.key in data:
                _try(field.kind, data[field.key], (*place, field.key), found)
            elif field.required:
                found.append(((*place, field.key), "missing", "Field required", data))
    elif isinstance(data, list) and origin in (list, set, frozenset) and arguments:
        for index, item in enumerate(data):
            _try(arguments[0], item, (*place, index), found)
    elif isinstance(data, dict) and origin is dict and len(arguments) == 2:
        for key, item in data.items():
            _try(arguments[1], item, (*place, key), found)


def _try(kind: Any, data: Any, place: tuple[Any, ...], found: Found) -> None:
    if len(found) >= MOST:
        return
    try:
        convert(data, kind)
    except msgspec.ValidationError as error:
        explain(error, kind, data, place, found)


def _has_fields(origin: Any) -> bool:
    return (
        hasattr(origin, "__struct_fields__")
        or hasattr(origin, "__dataclass_fields__")
        or hasattr(origin, "__required_keys__")
    )


def _without_none(kind: Any) -> Any:
    """`T` of `T | None`."""
    if typing.get_origin(kind) in (typing.Union, _types.UnionType):
        members = [part for part in typing.get_args(kind) if part is not type(None)]
        if len(members) == 1:
            return plain(members[0])
    return kind


def _steps(path: str) -> tuple[Any, ...]:
    """The steps of a place as msgspec writes it: `$.tags[0]`; `[...]` is any key."""
    steps: list[Any] = []
    for part in (
        path.rstrip("`").removeprefix("$").replace("[", "\n[").replace(".", "\n").split("\n")
    ):
        if part.startswith("["):
            inside = part[1:].rstrip("]")
            if not inside.isdigit():
                break
            steps.append(int(inside))
        elif part:
            steps.append(part)
    return tuple(steps)


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    """What stands at a place, or the nearest that there is around it."""
    for part in place:
        try:
            data = data[part]
        except (LookupError, TypeError):
            break
    return data


def convert(data: Any, kind: Any) -> Any:
    """Data as an instance of a type.

    :raises ValidationError: msgspec's, for the first thing that does not fit.
    """
    # Not strict, so that the texts of forms and of JSON are read alike, as pydantic does.
    return msgspec.convert(data, kind, strict=False, dec_hook=decode_unknown)


def decode_unknown(kind: type, value: Any) -> Any:
    """A type that msgspec leaves to us: a pydantic model, or an instance as it stands."""
    if isinstance(value, kind):
        return value
    if hasattr(kind, "__pydantic_validator__"):
        from flama._pydantic import PydanticAdapter

        loaded, found = PydanticAdapter(kind, False).load(value)
        if not found:
            return loaded
        place, _, msg, _ = found[0]
        raise ValueError(f"{msg} (at {'.'.join(map(str, place))})" if place else msg)
    raise ValueError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")


def fields_of(kind: Any) -> tuple[Field, ...]:
    """The fields of a Struct, a dataclass or a TypedDict, as bodies name them."""
    origin = typing.get_origin(kind) or kind
    hints = typing.get_type_hints(origin, include_extras=True)
    variables = dict(
        zip(getattr(origin, "__parameters__", ()), typing.get_args(kind), strict=False)
    )
    if issubclass(origin, msgspec.Struct):
        return tuple(
            Field(f.name, f.encode_name, variables.get(hints[f.name], hints[f.name]), f.required)
            for f in msgspec.structs.fields(origin)
        )
    if hasattr(origin, "__dataclass_fields__"):
        import dataclasses

        return tuple(
            Field(
                f.name,
                f.name,
                variables.get(hints[f.name], hints[f.name]),
                f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING,
            )
            for f in dataclasses.fields(origin)
            if f.init
        )
    return tuple(
        Field(name, name, _without_required(hint), _is_required(hint, name, origin))
        for name, hint in hints.items()
    )


def _without_required(hint: Any) -> Any:
    """The type inside `Required[...]` and `NotRequired[...]`, which are no types."""
    if getattr(typing.get_origin(hint), "_name", "") in ("Required", "NotRequired"):
        return typing.get_args(hint)[0]
    return hint


def _is_required(hint: Any, name: str, owner: Any) -> bool:
    # NOTE: with annotations as strings, `__required_keys__` does not know what a hint says.
    word = getattr(typing.get_origin(hint), "_name", "")
    return word == "Required" or (word != "NotRequired" and name in owner.__required_keys__)
