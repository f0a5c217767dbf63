"""Carets stand under the text they mean, whatever the line is made of."""

from __future__ import annotations

import unicodedata

import pytest
from flama_compile.diagnostics import Diagnostic, Label
from flama_compile.report.snippets import source_lines
from flama_compile.report.text import count, render
from flama_compile.source import Span, decode


def shown(text: str, *spans: tuple[int, int, int, int, str]) -> list[str]:
    """The lines below the headline, for a primary span and secondary ones."""
    first, *rest = [(Span("a.py", *span[:4]), span[4]) for span in spans]
    diagnostic = Diagnostic(
        "FC301", "wrong", first[0], first[1], tuple(Label(span, words) for span, words in rest)
    )
    return render([diagnostic], lambda file: text).split("\n")[1:-1]


def test_one_line() -> None:
    assert shown("app.get('/a')\n", (1, 9, 1, 13, "this")) == [
        " --> a.py:1:9",
        "  |",
        "1 | app.get('/a')",
        "  |         ^^^^ this",
        "  |",
    ]


def cells(text: str) -> int:
    """Width on a terminal."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


@pytest.mark.parametrize(
    "line",
    [
        "x = '/日本語/', MARK",
        "\tx = MARK",
        "a\tb\t\tMARK",
        "e\u0301te\u0301 MARK",
        "'\U0001f9d1' MARK",
        "ＦＵＬＬ MARK \u3000after",
        "\x0c MARK",
        "nul \x00 MARK",
    ],
)
def test_carets_stand_below_the_mark(line: str) -> None:
    column = line.index("MARK") + 1
    _, _, source, carets, _ = shown(line + "\n", (1, column, 1, column + 4, ""))
    before = source[: source.index("MARK")]
    assert cells(before) == carets.index("^")
    assert carets.count("^") == 4
    assert "\t" not in source and "\x00" not in source and "\x0c" not in source


def test_wide_characters_get_wide_carets() -> None:
    lines = shown("x = '日本'\n", (1, 5, 1, 9, "wide"))
    assert lines[3] == "  |     ^^^^^^ wide"


def test_a_tab_inside_the_mark_counts_its_cells() -> None:
    lines = shown("a\tb\n", (1, 1, 1, 4, "all"))
    assert lines[2:4] == ["1 | a   b", "  | ^^^^^ all"]


def test_several_lines() -> None:
    source = "app.add_route(\n    '/a',\n    view,\n)\n"
    assert shown(source, (1, 1, 4, 2, "this call")) == [
        " --> a.py:1:1",
        "  |",
        "1 | / app.add_route(",
        "2 | |     '/a',",
        "3 | |     view,",
        "4 | | )",
        "  | |_^ this call",
        "  |",
    ]


def test_several_lines_from_the_middle_of_one() -> None:
    source = "x = call(\n    1,\n)\n"
    assert shown(source, (1, 5, 3, 2, "")) == [
        " --> a.py:1:5",
        "  |",
        "1 |   x = call(",
        "  |  _____^",
        "2 | |     1,",
        "3 | | )",
        "  | |_^",
        "  |",
    ]


def test_the_middle_of_many_lines_is_left_out() -> None:
    source = "call(\n" + "    1,\n" * 50 + ")\n"
    lines = shown(source, (1, 1, 52, 2, "long"))
    assert len(lines) < 12
    assert any(line.startswith("...") for line in lines)


def test_secondary_places_in_order_of_lines() -> None:
    source = "first\nsecond\nthird\nfourth\nfifth\n"
    assert shown(source, (5, 1, 5, 6, "here"), (1, 1, 1, 6, "there"), (5, 2, 5, 3, "too")) == [
        " --> a.py:5:1",
        "  |",
        "1 | first",
        "  | ----- there",
        "...",
        "5 | fifth",
        "  | ^^^^^ here",
        "  |  - too",
        "  |",
    ]


def test_a_place_in_another_file() -> None:
    diagnostic = Diagnostic(
        "FC301",
        "wrong",
        Span("a.py", 1, 1, 1, 2),
        "here",
        (Label(Span("b.py", 20, 1, 20, 2), "there"),),
    )
    text = render([diagnostic], lambda file: "\n" * 19 + "b\n" if file == "b.py" else "a\n")
    assert "  --> a.py:1:1\n   |\n 1 | a\n   | ^ here\n" in text
    assert "  ::: b.py:20:1\n   |\n20 | b\n   | - there\n" in text


def test_a_file_that_cannot_be_read() -> None:
    diagnostic = Diagnostic("FC301", "wrong", Span("a.py", 3, 1, 3, 2), "here")
    assert render([diagnostic], lambda file: None).split("\n")[1:-1] == [
        " --> a.py:3:1",
        "  = 3: here",
    ]


def test_a_long_line_is_cut_around_the_mark() -> None:
    line = "x" * 5000 + "MARK" + "y" * 5000
    _, _, source, carets, _ = shown(line, (1, 5001, 1, 5005, "here"))
    assert len(source) < 200
    assert source.index("MARK") == carets.index("^")


def test_a_place_past_the_end_of_the_file() -> None:
    assert shown("short\n", (9, 4, 9, 6, "gone"))[2:4] == ["9 |", "  |    ^^ gone"]


def test_lines_are_those_of_python() -> None:
    assert source_lines("a\r\nb\rc\nd\x0ce\u2028f") == ["a", "b", "c", "d\x0ce\u2028f"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        (b"\xef\xbb\xbfx", "x"),
        ("# coding: latin-1\né".encode("latin-1"), "# coding: latin-1\né"),
        (b"# coding: nonsense\n\xff", "# coding: nonsense\n\ufffd"),
        (b"\xff", "\ufffd"),
    ],
)
def test_files_are_decoded_for_showing(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_control_characters_of_messages_do_not_reach_the_terminal() -> None:
    found = Diagnostic("FC301", "path `\x1b[31m` is bad", None, help=("remove `\x07`",))
    assert "\x1b" not in render([found], lambda file: None)
    assert "\x07" not in render([found], lambda file: None)


def test_counting() -> None:
    def one(code: str) -> Diagnostic:
        return Diagnostic(code, "x", None)

    assert count([one("FC301"), one("FC306"), one("FC307")]) == "2 errors, 1 warning"
    assert count([]) == ""
