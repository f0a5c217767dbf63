"""The lattice of segments, against the converters that the runtime really uses."""

from __future__ import annotations

from itertools import product

import pytest
from flama.paths import CONVERTERS, Param
from flama_compile.algebra import REGIONS, accepts, common, includes, meets, region, sample
from hypothesis import given
from hypothesis import strategies as st

TYPES = ["str", "int", "float", "decimal", "uuid"]
UUID = "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"
TEXTS = [
    *[
        "",
        "a",
        "7",
        "-7",
        "007",
        "+7",
        "1_0",
        "٣",
        "7\n",
        "7.",
        ".5",
        "7.5",
        "-7.5",
        "--7",
        "-",
        ".",
    ],
    *["1e3", "nan", "7.5.1", "٣.٣", " 7", "7 ", UUID, UUID.upper(), UUID[:-1], UUID + "0"],
    *["{" + UUID + "}", UUID.replace("-", ""), "0" * 4300, "0" * 4301, "-" + "9" * 4300],
    *["9" * 4301, "9" * 5000 + ".5", "a\x00b", "é", "\ud800", "a b", "%2F", "²", "1²"],
]
SEGMENTS: list[str | Param] = [
    *(Param("x", type) for type in TYPES),
    *(text for text in TEXTS if len(text) < 100),
]

texts = st.one_of(
    st.sampled_from(TEXTS),
    st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", fullmatch=True),
    st.uuids().map(str),
    st.text(max_size=12).filter(lambda text: "/" not in text),
)


@pytest.mark.parametrize("type", TYPES)
@given(text=texts)
def test_it_accepts_what_the_converters_of_the_runtime_accept(type: str, text: str) -> None:
    assert accepts(type, text) is (CONVERTERS[type].convert(text) is not None)


@given(text=texts)
def test_every_text_lies_in_one_region(text: str) -> None:
    found = region(text)
    assert found == "" if not text else found in REGIONS
    smaller = {"int": {"int", "float", "decimal", "str"}, "float": {"float", "decimal", "str"}}
    smaller |= {"uuid": {"uuid", "str"}, "str": {"str"}, "": set()}
    assert {type for type in TYPES if accepts(type, text)} == smaller[found]


def test_a_slash_is_no_part_of_a_segment() -> None:
    assert not accepts("str", "a/b")
    with pytest.raises(ValueError, match="more than one segment"):
        region("a/b")


def test_relations_hold_for_every_text() -> None:
    """Inclusion and overlap are those of the sets of texts, as far as the texts can tell."""

    def takes(segment: str | Param, text: str) -> bool:
        return segment == text if isinstance(segment, str) else accepts(segment.type, text)

    known = [*TEXTS, *(sample(Param("", name), TEXTS) for name in REGIONS)]
    for a, b in product(SEGMENTS, SEGMENTS):
        left = {text for text in known if takes(a, text)}
        right = {text for text in known if takes(b, text)}
        assert includes(a, b) is (left >= right), (a, b)
        assert meets(a, b) is meets(b, a) is bool(left & right), (a, b)
        witness = common(a, b)
        assert (witness is not None) is meets(a, b), (a, b)
        if witness is not None:
            assert takes(a, witness) and takes(b, witness), (a, b)


@pytest.mark.parametrize("type", TYPES)
def test_samples_avoid_what_they_must_and_never_run_out(type: str) -> None:
    taken: set[str] = set()
    for _ in range(50):
        text = sample(Param("x", type), taken)
        assert text not in taken and accepts(type, text)
        assert region(text) == ("float" if type == "decimal" else type)
        taken.add(text)


def test_a_common_text_avoids_what_it_must() -> None:
    assert common("a", Param("x", "str"), {"a"}) is None
    assert common(Param("x", "int"), Param("y", "str"), {"7"}) == "42"
    assert common(Param("x", "int"), Param("y", "uuid")) is None
