"""The grammar of path templates and of the five parameter types."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from flama.paths import CONVERTERS, Param, normalise, parse, parse_prefix
from hypothesis import example, given
from hypothesis import strategies as st

PATTERNS = {
    "str": r"[^/]+",
    "int": r"-?[0-9]+",
    "float": r"-?[0-9]+(\.[0-9]+)?",
    "decimal": r"-?[0-9]+(\.[0-9]+)?",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}
UUID_TEXT = "5e7fbb6c-9a3e-4a53-8a2f-1d4a6b1f0c11"


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("", ()),
        ("/", ("",)),
        ("//a", ("a",)),
        ("/a//b/", ("a", "", "b", "")),
        ("/{x}/{y:int}", (Param("x", "str"), Param("y", "int"))),
        ("/é/%20/.*", ("é", "%20", ".*")),
    ],
)
def test_templates_are_split_into_literals_and_parameters(path: str, segments: Any) -> None:
    assert parse(path) == segments


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("a", "start with '/'"),
        ("/{x}.json", "{x}.json"),
        ("/a-{x}", "a-{x}"),
        ("/{x}{y}", "{x}{y}"),
        ("/{x", "{x"),
        ("/x}", "x}"),
        ("/{}", "name"),
        ("/{1x}", "1x"),
        ("/{x y}", "x y"),
        ("/{x:path}", "path"),
        ("/{x:INT}", "INT"),
        ("/{x:}", "unknown"),
        ("/{x}/{x}", "twice"),
    ],
)
def test_what_is_no_template_is_refused_with_the_reason(path: str, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        parse(path)


def test_a_prefix_loses_its_trailing_slash() -> None:
    assert parse_prefix("/a/{x}/") == ("a", Param("x", "str"))
    assert parse_prefix("/") == parse_prefix("") == ()
    assert normalise("//a/") == "/a/"


@given(st.text(st.sampled_from("0123456789abcdef-+._ \n٣²Ⅷ/"), max_size=40))
@example(UUID_TEXT)
@example(UUID_TEXT.upper())
@example(UUID_TEXT.replace("-", ""))
@example(UUID_TEXT + "\n")
@example("-")
@example("--1")
@example("1.")
@example("\ud800" * 36)
def test_converters_take_exactly_their_pattern(text: str) -> None:
    for kind, pattern in PATTERNS.items():
        if "/" in text:
            continue
        matches = re.fullmatch(pattern, text, re.ASCII) is not None
        assert (CONVERTERS[kind].convert(text) is not None) == matches, kind


def test_an_int_has_at_most_4300_digits() -> None:
    convert = CONVERTERS["int"].convert
    assert convert("9" * 4300) == int("9" * 4300)
    assert convert("-" + "9" * 4300) == -int("9" * 4300)
    assert convert("9" * 4301) is None
    assert CONVERTERS["float"].convert("9" * 4301) == float("inf")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("str", "a b", "a b"),
        ("str", 5, "5"),
        ("int", -7, "-7"),
        ("float", 1e21, "1" + "0" * 21),
        ("float", 0.5, "0.5"),
        ("decimal", Decimal("1E+2"), "100"),
        ("uuid", uuid.UUID(UUID_TEXT), UUID_TEXT),
        ("uuid", UUID_TEXT, UUID_TEXT),
    ],
)
def test_values_are_written_as_the_type_reads_them(kind: str, value: Any, text: str) -> None:
    assert CONVERTERS[kind].text(value) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("str", ""),
        ("str", "a/b"),
        ("int", "x"),
        ("int", True),
        ("int", 1.0),
        ("float", float("nan")),
        ("float", float("inf")),
        ("decimal", Decimal("NaN")),
        ("uuid", "x"),
    ],
)
def test_values_that_the_type_cannot_read_back_are_refused(kind: str, value: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        CONVERTERS[kind].text(value)
