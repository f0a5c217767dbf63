"""Models of bodies and results: pydantic models, dataclasses, `msgspec.Struct`, `TypedDict`.

A `Model` turns parsed JSON (or the fields of a form) into what the view declared, and the result
of a view into what may be encoded. Every failure is a `ValidationError` (or, for results, a
`SerializationError`) keyed by field::

    {"address.city": {"type": "missing", "loc": ["address", "city"], "msg": ..., "input": ...}}

pydantic is used for its own models only, and only when the application has loaded it.
"""

from __future__ import annotations

import sys
import types as _types
import typing
from typing import Any

import msgspec

from flama._failures import MOST
from flama.coercion import plain
from flama.exceptions import ApplicationError, SerializationError, ValidationError
from flama.types import Schema, SchemaList, SchemaMetadata

__all__ = ["Model", "model_of", "result_checker"]

Errors = dict[str, dict[str, Any]]


class Model:
    """How one annotation is filled from a body.

    :param kind: The annotation that values are validated against.
    :param as_dict: Deliver plain dicts, as `Schema` asks, rather than instances.
    :param partial: Fields may be missing, and only those that are there are delivered.
    :param many: The annotation is a list of objects.
    :param optional: The annotation allows None.
    """

    def __init__(
        self, kind: Any, *, as_dict: bool, partial: bool, many: bool, optional: bool
    ) -> None:
        self.kind = kind
        self.as_dict = as_dict
        self.partial = partial
        self.many = many
        self.optional = optional
        self._adapter = _adapter(kind, partial)
        self.list_fields = self._adapter.list_fields()
        """Names of fields that take all values of a repeated form key."""
        self.decode = None if many else self._adapter.decoder(as_dict)
        """From JSON bytes to the value in one step, where that gives the same; else None."""

    def load(self, data: Any, name: str) -> Any:
        """The value of the parameter `name`, from parsed data.

        :raises ValidationError: The data does not fit.
        """
        try:
            if self.many:
                return self._load_list(data, name)
            errors: Errors = {}
            value = self._load_one(data, (), name, errors)
        except RecursionError:
            raise ValidationError(
                {name: _entry("recursion", (name,), "Input is nested too deep", None)}
            ) from None
        if errors:
            raise ValidationError(errors)
        return value

    def _load_list(self, data: Any, name: str) -> list[Any]:
        if not isinstance(data, list):
            raise ValidationError(
                {name: _entry("list_type", (name,), "Input should be a valid list", data)}
            )
        errors: Errors = {}
        values = []
        for index, item in enumerate(data):
            values.append(self._load_one(item, (index,), name, errors))
            if len(errors) >= MOST:
                break
        if errors:
            raise ValidationError(errors)
        return values

    def _load_one(self, data: Any, loc: tuple[Any, ...], name: str, errors: Errors) -> Any:
        if not isinstance(data, dict):
            at = loc or (name,)
            errors[_key(at)] = _entry("object_type", at, "Input should be a valid object", data)
            return None
        value, found = self._adapter.load(data)
        for place, kind, msg, given in found:
            at = (*loc, *place) or (name,)
            errors.setdefault(_key(at), _entry(kind, at, msg, given))
        if found:
            return None
        return self._adapter.dump(value) if self.as_dict else value


def model_of(annotation: Any) -> Model | None:
    """The model that an annotation names, or None when it names none.

    :raises ApplicationError: It names one that nothing here can validate.
    """
    optional = False
    if typing.get_origin(annotation) in (typing.Union, _types.UnionType):
        members = [part for part in typing.get_args(annotation) if part is not type(None)]
        if len(members) != 1:
            return None
        optional = len(members) < len(typing.get_args(annotation))
        annotation = members[0]
    if typing.get_origin(annotation) is typing.Annotated:
        base = annotation.__origin__
        metadata = next((m for m in annotation.__metadata__ if isinstance(m, SchemaMetadata)), None)
        if metadata is not None:
            many = _is_schema_list(base)
            if not many and base is not Schema and plain(base) not in (dict, dict[str, Any]):
                return None
            _insist(metadata.schema, annotation)
            return Model(
                metadata.schema,
                as_dict=True,
                partial=metadata.partial,
                many=many,
                optional=optional,
            )
    kind = plain(annotation)
    many = typing.get_origin(kind) is list
    if many:
        kind = plain(typing.get_args(kind)[0])
    if not is_model(kind):
        return None
    return Model(kind, as_dict=False, partial=False, many=many, optional=optional)


def is_model(kind: Any) -> bool:
    """Whether a type is a pydantic model, a dataclass, a Struct or a TypedDict."""
    origin = typing.get_origin(kind) or kind
    return isinstance(origin, type) and (
        issubclass(origin, msgspec.Struct)
        or hasattr(origin, "__dataclass_fields__")
        or hasattr(origin, "__pydantic_validator__")
        or (issubclass(origin, dict) and hasattr(origin, "__required_keys__"))
    )


def result_checker(returns: Any) -> Any:
    """The check of a view's results, or None: see `flama.results.checker`."""
    model = model_of(returns)
    if model is None:
        return None
    adapter = model._adapter

    def check_one(value: Any, loc: tuple[Any, ...], errors: Errors) -> Any:
        checked, found = adapter.check(value)
        for place, kind, msg, given in found:
            at = (*loc, *place)
            errors.setdefault(_key(at) or "result", _entry(kind, at, msg, given))
        return checked

    def check(result: Any) -> Any:
        if result is None and model.optional:
            return None
        errors: Errors = {}
        if not model.many:
            checked = check_one(result, (), errors)
        elif isinstance(result, list | tuple | set | frozenset):
            checked = [check_one(item, (i,), errors) for i, item in enumerate(result)]
        else:
            errors["result"] = _entry("list_type", (), "Result should be a valid list", result)
            checked = None
        if errors:
            raise SerializationError(errors)
        return checked

    return check


def _is_schema_list(base: Any) -> bool:
    return base is SchemaList or typing.get_origin(base) is list or base is list


def _insist(kind: Any, annotation: Any) -> None:
    if not is_model(kind):
        raise ApplicationError(
            f"{annotation!r} names {kind!r}, which is neither a pydantic model, a dataclass, "
            "a msgspec.Struct nor a TypedDict"
        )


def _entry(type: str, loc: tuple[Any, ...], msg: str, given: Any) -> dict[str, Any]:
    return {"type": type, "loc": list(loc), "msg": msg, "input": given}


def _key(loc: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in loc)


def _adapter(kind: Any, partial: bool) -> Any:
    origin = typing.get_origin(kind) or kind
    if hasattr(origin, "__pydantic_validator__"):
        from flama._pydantic import PydanticAdapter

        return PydanticAdapter(kind, partial)
    from flama._msgspec import MsgspecAdapter

    try:
        return MsgspecAdapter(kind, partial)
    except (TypeError, NameError) as error:
        if "pydantic" in sys.modules:
            from flama._pydantic import PydanticAdapter

            return PydanticAdapter(kind, partial)
        raise ApplicationError(f"{kind!r} cannot be the model of a body: {error}") from error
