"""From types to JSON Schema."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import pathlib
import sys
import uuid
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict

import msgspec
import pydantic
import pytest
from flama._shapes import Shapes, default
from flama._signatures import EMPTY
from jsonschema import Draft202012Validator


class Colour(enum.Enum):
    RED = "red"
    ONE = 1


class Size(enum.Enum):
    SMALL = "small"


class Point(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Owner:
    name: str
    since: datetime.date
    balance: decimal.Decimal = decimal.Decimal("1.5")
    friends: list[Owner] = dataclasses.field(default_factory=list)


class Pet(pydantic.BaseModel):
    name: str
    owner: Owner | None = None
    parent: Pet | None = None


class Struct(msgspec.Struct):
    pet_name: str
    sizes: list[Size] = []


class Typed(TypedDict, total=False):
    a: int


UserId = NewType("UserId", int)

SIMPLE: dict[str, tuple[Any, dict[str, Any]]] = {
    "nothing": (EMPTY, {}),
    "anything": (Any, {}),
    "an unknown class": (object, {}),
    "str": (str, {"type": "string"}),
    "int": (int, {"type": "integer"}),
    "bool": (bool, {"type": "boolean"}),
    "Decimal": (decimal.Decimal, {"type": "number"}),
    "UUID": (uuid.UUID, {"type": "string", "format": "uuid"}),
    "datetime": (datetime.datetime, {"type": "string", "format": "date-time"}),
    "date": (datetime.date, {"type": "string", "format": "date"}),
    "timedelta": (datetime.timedelta, {"type": "string", "format": "duration"}),
    "path": (pathlib.Path, {"type": "string"}),
    "None": (None, {"type": "null"}),
    "NewType": (UserId, {"type": "integer"}),
    "Annotated": (Annotated[int, "note"], {"type": "integer"}),
    "Enum": (Colour, {"title": "Colour", "enum": ["red", 1]}),
    "Literal": (Literal["a", 1], {"enum": ["a", 1]}),
    "Optional": (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    "union": (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    "union of the same shape": (int | UserId, {"type": "integer"}),
    "list": (list[int], {"type": "array", "items": {"type": "integer"}}),
    "list of anything": (list[Any], {"type": "array"}),
    "bare list": (list, {"type": "array"}),
    "set": (set[str], {"type": "array", "items": {"type": "string"}, "uniqueItems": True}),
    "dict": (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
    "bare dict": (dict, {"type": "object"}),
    "tuple": (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
    "pair": (
        tuple[int, str],
        {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "minItems": 2,
            "items": False,
        },
    ),
}


@pytest.mark.parametrize(("annotation", "expected"), SIMPLE.values(), ids=SIMPLE)
def test_shape(annotation: Any, expected: dict[str, Any]) -> None:
    shapes = Shapes()
    assert shapes.of(annotation) == expected
    assert shapes.named == {}
    Draft202012Validator.check_schema(expected)


@pytest.mark.parametrize("model", [Owner, Pet, Struct, Typed])
def test_models_are_named_and_complete(model: Any) -> None:
    shapes = Shapes()
    assert shapes.of(model) == {"$ref": f"#/components/schemas/{model.__name__}"}
    _complete(shapes)


def test_a_named_tuple_is_an_array() -> None:
    assert Shapes().of(Point)["type"] == "array"


def test_decimals_are_numbers_in_models_too() -> None:
    shapes = Shapes()
    shapes.of(Owner)
    balance = shapes.named["Owner"]["properties"]["balance"]
    assert (balance["type"], balance["default"]) == ("number", 1.5)


def test_two_models_of_one_name() -> None:
    def make(kind: type) -> Any:
        return dataclasses.make_dataclass("Same", [("value", kind)])

    shapes = Shapes()
    first, second, again = shapes.of(make(int)), shapes.of(make(str)), shapes.of(make(int))
    assert first == again == {"$ref": "#/components/schemas/Same"}
    assert second == {"$ref": "#/components/schemas/Same_2"}
    assert shapes.named["Same_2"]["properties"]["value"] == {"type": "string"}


def test_partial_models_require_nothing() -> None:
    shapes = Shapes()
    assert "required" not in shapes.partial(Pet)
    assert shapes.named["Pet"]["required"] == ["name"]


def test_without_pydantic_other_models_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", None)
    shapes = Shapes()
    shapes.of(Owner)
    assert list(shapes.named) == ["Owner"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, 1),
        (None, None),
        (Colour.RED, "red"),
        (datetime.date(2024, 1, 2), "2024-01-02"),
        (float("nan"), EMPTY),
        (object(), EMPTY),
        ([1], [1]),
    ],
)
def test_default(value: Any, shown: Any) -> None:
    assert default(value) == shown


def _complete(shapes: Shapes) -> None:
    """Every reference has its target, and everything is JSON Schema."""

    def references(shape: Any) -> list[str]:
        if isinstance(shape, dict):
            own = [shape["$ref"]] if "$ref" in shape else []
            return own + [found for value in shape.values() for found in references(value)]
        if isinstance(shape, list):
            return [found for item in shape for found in references(item)]
        return []

    for shape in shapes.named.values():
        Draft202012Validator.check_schema(shape)
        for reference in references(shape):
            assert reference.removeprefix("#/components/schemas/") in shapes.named
