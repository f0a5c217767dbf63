"""From Python types to JSON Schema, the dialect of OpenAPI 3.1.

    shapes = Shapes()
    shapes.of(int | None)       ->  {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    shapes.of(Puppy)            ->  {"$ref": "#/components/schemas/Puppy"}
    shapes.named                ->  {"Puppy": {"type": "object", ...}}

Models are described by the library that validates them: pydantic's by pydantic, all others by
msgspec. A type that has no form in JSON is `{}`, which is anything.
"""

from __future__ import annotations

import datetime
import json
import types as _types
import typing
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

import msgspec

from flama._models import is_model
from flama._signatures import EMPTY
from flama.coercion import plain
from flama.results import encode

__all__ = ["Shape", "Shapes", "default"]

Shape = dict[str, Any]

_REF = "#/components/schemas/"

_SIMPLE: Mapping[Any, Shape] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string"},
    Decimal: {"type": "number"},
    UUID: {"type": "string", "format": "uuid"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.time: {"type": "string", "format": "time"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.timedelta: {"type": "string", "format": "duration"},
    type(None): {"type": "null"},
    dict: {"type": "object"},
    list: {"type": "array"},
    tuple: {"type": "array"},
    set: {"type": "array", "uniqueItems": True},
    frozenset: {"type": "array", "uniqueItems": True},
}


class Shapes:
    """The shapes of one document, and the named ones that others refer to."""

    def __init__(self) -> None:
        self.named: dict[str, Shape] = {}
        self._models: dict[Any, Shape] = {}

    def of(self, annotation: Any) -> Shape:
        """The shape of a type; `{}` where JSON has none or the annotation is missing."""
        kind = plain(annotation)
        if kind is EMPTY or kind is Any or kind is object:
            return {}
        if kind is None:
            return {"type": "null"}
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Literal:
            return {"enum": [_value(value) for value in arguments]}
        if origin in (typing.Union, _types.UnionType):
            return self._union(arguments)
        if is_model(kind):
            return self._model(kind)
        if origin is not None:
            return self._generic(origin, arguments)
        if not isinstance(kind, type):
            return {}
        return self._class(kind)

    def partial(self, kind: Any) -> Shape:
        """The shape of a model whose fields may all be missing."""
        shape = self.of(kind)
        name = str(shape.get("$ref", "")).removeprefix(_REF)
        if name not in self.named:
            return shape
        return {key: value for key, value in self.named[name].items() if key != "required"}

    def add(self, name: str, shape: Shape) -> Shape:
        """Name a shape, and refer to it."""
        self.named.setdefault(name, shape)
        return {"$ref": _REF + name}

    def _union(self, members: Sequence[Any]) -> Shape:
        shapes: list[Shape] = []
        for member in members:
            shape = self.of(member)
            if shape not in shapes:
                shapes.append(shape)
        return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}

    def _class(self, kind: type) -> Shape:
        if issubclass(kind, Enum):
            return {"title": kind.__name__, "enum": [_value(member) for member in kind]}
        if issubclass(kind, PurePath):
            return {"type": "string"}
        for base in kind.__mro__:
            if base in _SIMPLE:
                return dict(_SIMPLE[base])
        return {}

    def _generic(self, origin: Any, arguments: tuple[Any, ...]) -> Shape:
        if not isinstance(origin, type):
            return {}
        if issubclass(origin, tuple) and arguments and arguments[-1] is not Ellipsis:
            items = [self.of(argument) for argument in arguments]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
        if issubclass(origin, Mapping):
            inner = self.of(arguments[1]) if len(arguments) == 2 else {}
            return {"type": "object", "additionalProperties": inner} if inner else _object()
        if issubclass(origin, Sequence | set | frozenset):
            shape: Shape = {"type": "array"}
            if inner := self.of(arguments[0]):
                shape["items"] = inner
            if issubclass(origin, set | frozenset):
                shape["uniqueItems"] = True
            return shape
        return {}

    def _model(self, kind: Any) -> Shape:
        if kind not in self._models:
            describe = _pydantic if _is_pydantic(kind) else self._msgspec
            shape, named = describe(kind)
            self._models[kind] = self._adopt(shape, named)
        return dict(self._models[kind])

    def _msgspec(self, kind: Any) -> tuple[Shape, dict[str, Shape]]:
        try:
            (shape,), named = msgspec.json.schema_components(
                (kind,), schema_hook=self._hook, ref_template=_REF + "{name}"
            )
        except TypeError:
            # A dataclass with fields that only pydantic understands.
            return _pydantic(kind)
        return shape, named

    def _hook(self, kind: Any) -> Shape:
        return self.of(kind)

    def _adopt(self, shape: Shape, named: dict[str, Shape]) -> Shape:
        """Take over named shapes; a name that means something else already gets a number."""
        names: dict[str, str] = {}
        for name, found in named.items():
            free, number = name, 1
            while free in self.named and self.named[free] != found:
                number += 1
                free = f"{name}_{number}"
            names[name] = free
        for name, found in named.items():
            self.named[names[name]] = _renamed(found, names)
        adopted: Shape = _renamed(shape, names)
        return adopted


def default(value: Any) -> Any:
    """A default value as it is shown in a document, or EMPTY where JSON has no form for it."""
    try:
        shown = json.loads(encode(value))
    except (TypeError, ValueError, RecursionError):
        return EMPTY
    # JSON writes NaN and infinities as null, which would be another default.
    return EMPTY if shown is None and value is not None else shown


def _pydantic(kind: Any) -> tuple[Shape, dict[str, Shape]]:
    try:
        from pydantic import TypeAdapter
        from pydantic.errors import PydanticUserError
    except ImportError:
        return {}, {}
    try:
        shape = TypeAdapter(kind).json_schema(ref_template=_REF + "{model}")
    except PydanticUserError:
        # Pydantic validates some types that it has no JSON Schema for.
        return {}, {}
    named = shape.pop("$defs", {})
    if "$ref" in shape and len(shape) == 1:
        return shape, named
    name = getattr(kind, "__name__", "Model")
    title = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)
    return {"$ref": _REF + title}, {**named, title: shape}


def _is_pydantic(kind: Any) -> bool:
    return hasattr(typing.get_origin(kind) or kind, "__pydantic_validator__")


def _renamed(shape: Any, names: Mapping[str, str]) -> Any:
    """The shape with references to the names that were given."""
    if isinstance(shape, dict):
        if shape.get("type") == "string" and shape.get("format") == "decimal":
            # msgspec describes its own way to write decimals; ours are numbers.
            shape = {**shape, "type": "number"}
            del shape["format"]
            if "default" in shape:
                shape["default"] = float(shape["default"])
        return {
            key: _reference(value, names) if key == "$ref" else _renamed(value, names)
            for key, value in shape.items()
        }
    if isinstance(shape, list):
        return [_renamed(item, names) for item in shape]
    return shape


def _reference(value: Any, names: Mapping[str, str]) -> Any:
    name = str(value).removeprefix(_REF)
    return _REF + names[name] if name in names else value


def _value(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _object() -> Shape:
    return {"type": "object"}
