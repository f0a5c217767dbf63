"""Texts to primitives: the lexical forms, and what stands beside them."""

from __future__ import annotations

import datetime
import enum
import math
import re
import typing
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal, NewType, Optional, TypeVar

import pytest
from flama._query import pairs
from flama.coercion import Mismatch, coercion, to_bool, to_float, to_int
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeAliasType


class Colour(enum.Enum):
    RED = "red"
    ONE = 1


UserId = NewType("UserId", int)


def read(annotation: Any, text: Any) -> Any:
    found = coercion(annotation)
    assert found is not None
    return found.convert(text)


def outcome(read_text: Any, text: str) -> Any:
    try:
        value = read_text(text)
    except (Mismatch, ValidationError):
        return "refused"
    return "nan" if isinstance(value, float) and math.isnan(value) else value


INTEGERS = st.text(st.sampled_from("0123456789+-_. eE"), max_size=12)
FLOATS = st.text(st.sampled_from("0123456789+-. eE"), max_size=12)


@given(INTEGERS)
@example("1_000")
@example("1.00")
@example("1e3")
@example(" 1 ")
@example("19 .0")
@example("0-7")
@example("1__0")
def test_int_is_digits_with_a_sign_single_underscores_and_a_zero_fraction(text: str) -> None:
    whole = re.fullmatch(r"\s*([+-]?[0-9]+(_[0-9]+)*)(\.0+)?\s*", text)
    assert outcome(to_int, text) == (int(whole[1]) if whole else "refused")


@given(FLOATS)
@example("nan")
@example("-inf")
@example(".5")
@example("1.")
def test_float_is_read_as_pydantic_reads_it(text: str) -> None:
    assert outcome(to_float, text) == outcome(TypeAdapter(float).validate_strings, text)


@given(st.sampled_from(["true", "ON", "t", "Yes", "0", "off", "n", "2", "", " true", "tru"]))
def test_bool_is_read_as_pydantic_reads_it(text: str) -> None:
    assert outcome(to_bool, text) == outcome(TypeAdapter(bool).validate_strings, text)


UUID = uuid.UUID("5e7fbb6c-9a3e-4a53-8a2f-1d4a6b1f0c11")


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, "", ""),
        (uuid.UUID, str(UUID).upper(), UUID),
        (uuid.UUID, UUID.hex, UUID),
        (uuid.UUID, "{" + str(UUID) + "}", UUID),
        (Decimal, "1.50", Decimal("1.50")),
        (Decimal, "1e3", Decimal("1e3")),
        (datetime.date, "2024-02-29", datetime.date(2024, 2, 29)),
        (datetime.time, "10:30", datetime.time(10, 30)),
        (datetime.datetime, "2024-02-29", datetime.datetime(2024, 2, 29)),
        (
            datetime.datetime,
            "2024-02-29T10:00:00Z",
            datetime.datetime(2024, 2, 29, 10, tzinfo=datetime.UTC),
        ),
        (Colour, "red", Colour.RED),
        (Colour, "1", Colour.ONE),
        (Colour, "1.0", Colour.ONE),
        (Literal["a", 2, True], "a", "a"),
        (Literal["a", 2, True], "2", 2),
        (Literal["a", 2, True], "yes", True),
        (Literal["2", 2], "2", "2"),
        (Optional[int], "3", 3),  # noqa: UP045 - the spelling is what is read
        (int | datetime.date, "2024-01-01", datetime.date(2024, 1, 1)),
        (int | str, "3", "3"),
        (float | int, "3", 3.0),
        (UserId, "3", 3),
        (Annotated[int, "of a user"], "3", 3),
        (list[int], ["1", "2"], [1, 2]),
        (list[str] | None, ["a", ""], ["a", ""]),
        (list[Annotated[int, "x"]], ["1"], [1]),
    ],
)
def test_texts_become_values(annotation: Any, text: Any, value: Any) -> None:
    result = read(annotation, text)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("annotation", "text", "type"),
    [
        (int, "٣", "int_parsing"),
        (int, "true", "int_parsing"),
        (int, "9" * 4301, "int_parsing_size"),
        (float, "٣", "float_parsing"),
        (bool, "٣", "bool_parsing"),
        (uuid.UUID, "urn:uuid:" + str(UUID), "uuid_parsing"),
        (uuid.UUID, "{" + str(UUID), "uuid_parsing"),
        (Decimal, "NaN", "finite_number"),
        (Decimal, "Infinity", "finite_number"),
        (Decimal, "٣", "decimal_parsing"),
        (datetime.date, "2023-02-29", "date_parsing"),
        (datetime.time, "25:00", "time_parsing"),
        (datetime.datetime, "soon", "datetime_parsing"),
        (Colour, "RED", "enum"),
        (Literal["a"], "b", "literal_error"),
        (int | datetime.date, "x", "union_error"),
        (Optional[int], "", "int_parsing"),  # noqa: UP045 - the spelling is what is read
    ],
)
def test_texts_of_another_type_are_refused(annotation: Any, text: str, type: str) -> None:
    with pytest.raises(Mismatch) as caught:
        read(annotation, text)
    assert caught.value.type == type


def test_a_list_says_which_of_its_items_is_wrong() -> None:
    with pytest.raises(Mismatch) as caught:
        read(list[int], ["1", "x", "y"])
    assert caught.value.at == 1


@pytest.mark.parametrize(
    "annotation",
    [dict, list, list[list[int]], typing.Any, object, bytes, None, type(None), int | dict, "int"],
)
def test_what_text_cannot_hold_is_told_apart(annotation: Any) -> None:
    assert coercion(annotation) is None


@given(st.binary(max_size=40) | st.text(st.sampled_from("a=&+%41;é"), max_size=20).map(str.encode))
@example(b"a=%zz&b=%&c=%e2%82&=&&d")
def test_queries_are_split_as_the_standard_library_splits_them(raw: bytes) -> None:
    from urllib.parse import parse_qsl

    assert pairs(raw) == parse_qsl(raw.decode("latin-1"), keep_blank_values=True)


One = TypeVar("One")
Other = TypeVar("Other")
Maybe = TypeAliasType("Maybe", One | None, type_params=(One,))
Same = TypeAliasType("Same", One, type_params=(One,))
Second = TypeAliasType("Second", Other | None, type_params=(One, Other))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (Maybe[int], 7),
        (Same[str], "7"),
        (Second[str, int], 7),
        (Maybe[Same[float]], 7.0),
        (Annotated[Same[Annotated[int, []]], []], 7),
    ],
)
def test_type_aliases_with_parameters_are_filled(annotation: Any, value: Any) -> None:
    found = read(annotation, "7")
    assert (found, type(found)) == (value, type(value))
