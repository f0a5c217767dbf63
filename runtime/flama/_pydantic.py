"""Models validated by pydantic, which the application has loaded already when this is imported."""

from __future__ import annotations

import copy
import typing
from collections.abc import Callable
from typing import Any

import msgspec
import pydantic

from flama._failures import MOST, Found
from flama.exceptions import ApplicationError

__all__ = ["PydanticAdapter"]

_parse = msgspec.json.Decoder().decode


class PydanticAdapter:
    """Loads and dumps one pydantic model (or what only pydantic can validate)."""

    def __init__(self, kind: Any, partial: bool) -> None:
        self.partial = partial
        if partial:
            if not (isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)):
                raise ApplicationError(f"partial=True: {kind!r} is no pydantic.BaseModel")
            kind = _all_optional(kind)
        self.kind = kind
        self.adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(kind)

    def load(self, data: Any) -> tuple[Any, Found]:
        """The instance, or what does not fit."""
        try:
            return self.adapter.validate_python(data), []
        except pydantic.ValidationError as error:
            return None, _found(error)

    def dump(self, value: Any) -> Any:
        """The instance as plain dicts; of a partial one, only the fields that were there."""
        return self.adapter.dump_python(value, exclude_unset=self.partial)

    def check(self, result: Any) -> tuple[Any, Found]:
        """What a view returned, validated and reduced to the fields of the model."""
        try:
            value = self.adapter.validate_python(result, from_attributes=True)
        except pydantic.ValidationError as error:
            return None, _found(error)
        return self.adapter.dump_python(value, warnings=False), []

    def decoder(self, as_dict: bool) -> Callable[[bytes], Any]:
        """From JSON bytes to an instance, or to plain dicts, in as few steps as there are.

        pydantic's own reader of JSON has other rules than its validation of Python values, and
        other messages for malformed text.
        """
        validate = self.adapter.validator.validate_python
        # PERF: the adapter's own methods take longer than what they call.
        to_python, unset = self.adapter.serializer.to_python, self.partial

        def decode(body: bytes) -> Any:
            data = _parse(body)
            if type(data) is not dict:
                raise ValueError("not an object")
            return validate(data)

        def decode_as_dict(body: bytes) -> Any:
            value = decode(body)
            return to_python(value, exclude_unset=True) if unset else to_python(value)

        return decode_as_dict if as_dict else decode

    def list_fields(self) -> frozenset[str]:
        """Fields that hold several values."""
        fields = getattr(self.kind, "model_fields", None) or {}
        found = set()
        for name, field in fields.items():
            if _holds_list(field.annotation):
                found.update({name, field.alias or name})
        return frozenset(found)


def _all_optional(model: type[pydantic.BaseModel]) -> type[pydantic.BaseModel]:
    """The model with every field optional; its validators still see what is sent."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        optional = copy.copy(field)
        optional.default = None
        optional.default_factory = None
        kind = Any if field.annotation is None else field.annotation
        fields[name] = (typing.Optional[kind], optional)  # noqa: UP045 - a value, not a hint
    return pydantic.create_model(model.__name__, __base__=model, **fields)


def _holds_list(annotation: Any) -> bool:
    if typing.get_origin(annotation) in (list, set, frozenset, tuple):
        return True
    return annotation in (list, set, frozenset, tuple) or any(
        _holds_list(part) for part in typing.get_args(annotation)
    )


def _found(error: pydantic.ValidationError) -> Found:
    return [
        (item["loc"], item["type"], item["msg"], item["input"])
        for item in error.errors(include_url=False, include_context=False)[:MOST]
    ]
