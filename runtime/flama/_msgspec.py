"""Models validated by msgspec: dataclasses, `msgspec.Struct` and `TypedDict`."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from flama._failures import Found, convert, decode_unknown, explain, fields_of

__all__ = ["MsgspecAdapter"]


class MsgspecAdapter:
    """Loads and dumps one dataclass, Struct or TypedDict.

    :raises TypeError: msgspec cannot validate a type that the model uses.
    """

    def __init__(self, kind: Any, partial: bool) -> None:
        self.kind = kind
        self.partial = partial
        self.fields = fields_of(kind)
        self._decode = msgspec.json.Decoder(kind, strict=False, dec_hook=decode_unknown).decode
        self._holds_dataclass = _holds_dataclass(kind, set())

    def load(self, data: Any) -> tuple[Any, Found]:
        """The instance, or what does not fit."""
        if self.partial:
            return self._load_partial(data)
        try:
            return self._complete(convert(data, self.kind)), []
        except msgspec.ValidationError as error:
            found: Found = []
            explain(error, self.kind, data, (), found)
            return None, found

    def dump(self, value: Any) -> Any:
        """The instance as plain dicts, which hold Python values."""
        return _as_dicts(value)

    def check(self, result: Any) -> tuple[Any, Found]:
        """What a view returned, validated and reduced to the fields of the model."""
        try:
            value = msgspec.convert(
                result, self.kind, strict=False, from_attributes=True, dec_hook=decode_unknown
            )
            return self._complete(value), []
        except msgspec.ValidationError as error:
            found: Found = []
            explain(error, self.kind, result, (), found)
            return None, found

    def decoder(self, as_dict: bool) -> Callable[[bytes], Any] | None:
        """From JSON bytes to an instance, or to plain dicts; None for a Struct that is written as
        an array, and where fields may be missing."""
        config = getattr(self.kind, "__struct_config__", None)
        if self.partial or (config is not None and config.array_like):
            return None
        if as_dict:
            return lambda body: _as_dicts(self._complete(self._decode(body)))
        if not self._holds_dataclass:
            return self._decode
        return lambda body: _complete(self._decode(body))

    def list_fields(self) -> frozenset[str]:
        """Fields that hold several values."""
        return frozenset(field.key for field in self.fields if _holds_list(field.kind))

    def _complete(self, value: Any) -> Any:
        return _complete(value) if self._holds_dataclass else value

    def _load_partial(self, data: dict[str, Any]) -> tuple[Any, Found]:
        values: dict[str, Any] = {}
        found: Found = []
        for field in self.fields:
            if field.key not in data:
                continue
            given = data[field.key]
            try:
                converted = None if given is None else convert(given, field.kind)
                values[field.name] = self._complete(converted)
            except msgspec.ValidationError as error:
                explain(error, field.kind, given, (field.key,), found)
        return (None, found) if found else (values, [])


def _holds_dataclass(kind: Any, seen: set[Any]) -> bool:
    if kind in seen:
        return False
    seen.add(kind)
    origin = typing.get_origin(kind) or kind
    if hasattr(origin, "__dataclass_fields__"):
        return True
    if any(_holds_dataclass(part, seen) for part in typing.get_args(kind) if _hashable(part)):
        return True
    if hasattr(origin, "__struct_fields__") or hasattr(origin, "__required_keys__"):
        hints = typing.get_type_hints(origin)
        return any(_holds_dataclass(hint, seen) for hint in hints.values())
    return False


def _hashable(part: Any) -> bool:
    try:
        hash(part)
    except TypeError:
        return False
    return True


def _complete(value: Any) -> Any:
    """Give dataclass instances their defaults as attributes of their own.

    NOTE: msgspec leaves them to the class, and then does not see them when it writes the instance.
    """
    if hasattr(value, "__dataclass_fields__"):
        kind: Any = type(value)
        defaults, inner = _shape(kind)
        if defaults:
            attributes = value.__dict__
            for name, default in defaults:
                if name not in attributes:
                    attributes[name] = default
        for name in inner:
            _complete(getattr(value, name, None))
    elif isinstance(value, dict):
        for item in value.values():
            _complete(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            _complete(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _complete(getattr(value, name))
    return value


@cache
def _shape(kind: type) -> tuple[tuple[tuple[str, Any], ...], tuple[str, ...]]:
    """Of a dataclass: its simple defaults, and the fields that may hold dataclasses."""
    import dataclasses

    fields = dataclasses.fields(kind)
    hints = typing.get_type_hints(kind)
    inner = tuple(f.name for f in fields if _holds_dataclass(hints[f.name], set()))
    if not kind.__dictoffset__:
        # With slots there is no attribute of the class in the way.
        return (), inner
    return tuple((f.name, f.default) for f in fields if f.default is not dataclasses.MISSING), inner


def _holds_list(kind: Any) -> bool:
    containers = (list, set, frozenset, tuple)
    if kind in containers or typing.get_origin(kind) in containers:
        return True
    return any(_holds_list(part) for part in typing.get_args(kind))


def _as_dicts(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _as_dicts(getattr(value, name)) for name in value.__struct_fields__}
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: _as_dicts(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: _as_dicts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_dicts(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return value
