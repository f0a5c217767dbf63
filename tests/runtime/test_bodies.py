"""Failures of bodies: all of them, each at its place, and never more than the client deserves."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, NotRequired, Required, TypedDict

import msgspec
import pydantic
import pytest
from flama import Flama
from flama.types import Schema, SchemaList, SchemaMetadata

from .drive import Answer, ask


class Tag(pydantic.BaseModel):
    word: str


@dataclasses.dataclass
class Line:
    sku: str
    amount: int = 1
    tag: Tag | None = None


@dataclasses.dataclass
class Order:
    id: int
    lines: list[Line] = dataclasses.field(default_factory=list)
    by_name: dict[str, Line] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.id == 13:
            raise ValueError("unlucky")


class Size(TypedDict, total=False):
    width: Required[int]
    height: NotRequired[int]


class Camel(msgspec.Struct, rename="camel"):
    first_name: str
    size: Size | None = None


class Numbers(pydantic.BaseModel):
    numbers: list[int]


def post(annotation: Any, body: bytes) -> Answer:
    app = Flama(schema=None, docs=None)

    async def view(data: Any) -> Any:
        return data

    view.__annotations__["data"] = annotation
    app.add_post("/", view)
    return ask(app, "/", "POST", body=body)


def failures(answer: Answer) -> dict[str, str]:
    assert answer.status == 400
    entries = answer.json["detail"]
    for key, entry in entries.items():
        assert set(entry) == {"type", "loc", "msg", "input"}
        assert ".".join(map(str, entry["loc"])) == key
    return {key: entry["type"] for key, entry in entries.items()}


def test_every_failure_is_told_at_its_place() -> None:
    body = b"""{"id": "x", "lines": [{}, {"sku": 1}, {"sku": "a", "tag": {}}, 3],
                "by_name": {"k": {"sku": "a", "amount": []}}}"""
    assert failures(post(Order, body)) == {
        "id": "type_error",
        "lines.0.sku": "missing",
        "lines.1.sku": "type_error",
        "lines.2.tag.word": "missing",
        "lines.3": "object_type",
        "by_name.k.amount": "type_error",
    }


@pytest.mark.parametrize(
    ("annotation", "body", "expected"),
    [
        (Camel, b'{"size": {"height": "x"}}', {"firstName", "size.width", "size.height"}),
        (Size, b"{}", {"width"}),
        (Order, b'{"id": 13}', {"data"}),
        (Tag, b'{"word": {}}', {"word"}),
        (list[Tag], b'[{"word": "a"}, {}, 1]', {"1.word", "2"}),
        (Annotated[SchemaList, SchemaMetadata(Line)], b'[{"sku": []}]', {"0.sku"}),
        (Annotated[Schema, SchemaMetadata(Line, partial=True)], b'{"amount": "x"}', {"amount"}),
    ],
)
def test_failures_are_keyed_by_field(annotation: Any, body: bytes, expected: set[str]) -> None:
    assert set(failures(post(annotation, body))) == expected


def test_defaults_of_dataclasses_are_there() -> None:
    answer = post(Order, b'{"id": 1, "lines": [{"sku": "a"}]}')
    assert answer.json == {
        "id": 1,
        "lines": [{"sku": "a", "amount": 1, "tag": None}],
        "by_name": {},
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "unexpected end (byte 1)"),
        (b'{"a": 1,}', "trailing comma in object (byte 8)"),
        (b'{"a": "\xff"}', "invalid UTF-8 (byte 7)"),
        (b'{"a": "\xc3', "unexpected end (byte 8)"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deep"),
        (b"[" * 10_000, "nested too deep"),
        (b"NaN", "invalid character (byte 0)"),
        (b"\xef\xbb\xbf{}", "invalid character (byte 0)"),
        (b"1" * 5000, "integer value out of range"),
    ],
)
def test_malformed_json_is_located_without_internals(body: bytes, words: str) -> None:
    answer = post(Order, body)
    assert (answer.status, answer.json["error"]) == (400, "HTTPException")
    assert answer.json["detail"] == f"Malformed JSON: {words}"


@pytest.mark.parametrize("annotation", [Numbers, list[Tag], list[Line]])
def test_an_answer_is_not_many_times_its_request(annotation: Any) -> None:
    items = b"[" + b",".join([b'"x"'] * 50_000) + b"]"
    body = b'{"numbers": %s}' % items if annotation is Numbers else items
    answer = post(annotation, body)
    assert len(failures(answer)) == 100
    assert len(answer.body) < len(body)


def test_a_large_body_is_not_quoted_for_each_missing_field() -> None:
    body = b'{"other": "' + b"x" * 100_000 + b'"}'
    answer = post(Line, body)
    assert failures(answer) == {"sku": "missing"}
    assert len(answer.body) < 1000
