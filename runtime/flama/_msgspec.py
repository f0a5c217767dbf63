"""Models validated by msgspec: dataclasses, `msgspec.Struct` and `TypedDict`.

msgspec stops at the first failure. Where a body fails, each field is tried by itself, so that all
of them are told at once.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

__all__ = ["MsgspecAdapter"]

Found = list[tuple[tuple[Any, ...], str, str, Any]]


class _Field(NamedTuple):
    name: str
    key: str
    """Its name in JSON."""
    kind: Any
    required: bool


class MsgspecAdapter:
    """Loads and dumps one dataclass, Struct or TypedDict.

    :raises TypeError: msgspec cannot validate a type that the model uses.
    """

    def __init__(self, kind: Any, partial: bool) -> None:
        self.kind = kind
        self.partial = partial
        self.fields = _fields(kind)
        self._decode = msgspec.json.Decoder(kind, strict=False, dec_hook=_decode_unknown).decode
        self._holds_dataclass = _holds_dataclass(kind, set())

    def load(self, data: Any) -> tuple[Any, Found]:
        """The instance, or what does not fit."""
        if self.partial:
            return self._load_partial(data)
        try:
            return self._complete(_convert(data, self.kind)), []
        except msgspec.ValidationError as error:
            found = self._failures(data)
            if found:
                return None, found
            msg, place = _read(error)
            return None, [(place, "value_error", msg, data)]

    def dump(self, value: Any) -> Any:
        """The instance as plain dicts, which hold Python values."""
        return _as_dicts(value)

    def check(self, result: Any) -> tuple[Any, Found]:
        """What a view returned, validated and reduced to the fields of the model."""
        try:
            value = msgspec.convert(
                result, self.kind, strict=False, from_attributes=True, dec_hook=_decode_unknown
            )
            return self._complete(value), []
        except msgspec.ValidationError as error:
            if isinstance(result, dict):
                found = self._failures(result)
                if found:
                    return None, found
            msg, place = _read(error)
            return None, [(place, "value_error", msg, result)]

    def decoder(self) -> Callable[[bytes], Any] | None:
        """From JSON bytes to an instance, or None for a Struct that is written as an array."""
        config = getattr(self.kind, "__struct_config__", None)
        if config is not None and config.array_like:
            return None
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
                converted = None if given is None else _convert(given, field.kind)
                values[field.name] = self._complete(converted)
            except msgspec.ValidationError as error:
                msg, place = _read(error)
                found.append(((field.key, *place), "type_error", msg, _at(given, place)))
        return (None, found) if found else (values, [])

    def _failures(self, data: dict[str, Any]) -> Found:
        found: Found = []
        for field in self.fields:
            if field.key not in data:
                if field.required:
                    found.append(((field.key,), "missing", "Field required", data))
                continue
            try:
                _convert(data[field.key], field.kind)
            except msgspec.ValidationError as error:
                msg, place = _read(error)
                found.append(((field.key, *place), "type_error", msg, _at(data[field.key], place)))
        return found


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
    if isinstance(value, dict):
        for item in value.values():
            _complete(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            _complete(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _complete(getattr(value, name))
    elif hasattr(value, "__dataclass_fields__") and hasattr(value, "__dict__"):
        for name in value.__dataclass_fields__:
            if name not in value.__dict__ and hasattr(value, name):
                object.__setattr__(value, name, getattr(value, name))
            _complete(getattr(value, name, None))
    return value


def _convert(data: Any, kind: Any) -> Any:
    # Not strict, so that the texts of forms and of JSON are read alike, as pydantic does.
    return msgspec.convert(data, kind, strict=False, dec_hook=_decode_unknown)


def _decode_unknown(kind: type, value: Any) -> Any:
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


def _fields(kind: Any) -> tuple[_Field, ...]:
    origin = typing.get_origin(kind) or kind
    hints = typing.get_type_hints(origin, include_extras=True)
    variables = dict(
        zip(getattr(origin, "__parameters__", ()), typing.get_args(kind), strict=False)
    )
    if issubclass(origin, msgspec.Struct):
        return tuple(
            _Field(f.name, f.encode_name, variables.get(hints[f.name], hints[f.name]), f.required)
            for f in msgspec.structs.fields(origin)
        )
    if hasattr(origin, "__dataclass_fields__"):
        import dataclasses

        return tuple(
            _Field(
                f.name,
                f.name,
                variables.get(hints[f.name], hints[f.name]),
                f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING,
            )
            for f in dataclasses.fields(origin)
            if f.init
        )
    return tuple(
        _Field(name, name, _without_required(hint), _is_required(hint, name, origin))
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


def _holds_list(kind: Any) -> bool:
    containers = (list, set, frozenset, tuple)
    if kind in containers or typing.get_origin(kind) in containers:
        return True
    return any(_holds_list(part) for part in typing.get_args(kind))


def _read(error: msgspec.ValidationError) -> tuple[str, tuple[Any, ...]]:
    """The sentence and the place in an error of msgspec: `... - at `$.tags[0]``."""
    msg, _, path = str(error).partition(" - at `")
    place: list[Any] = []
    for part in path.rstrip("`").lstrip("$").replace("[", ".[").split("."):
        if part.startswith("["):
            inside = part[1:-1]
            place.append(int(inside) if inside.isdigit() else inside)
        elif part:
            place.append(part)
    return msg, tuple(place)


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    """What stands at a place, or the nearest that there is around it."""
    for part in place:
        try:
            data = data[part]
        except (LookupError, TypeError):
            break
    return data


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
