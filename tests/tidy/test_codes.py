"""Every diagnostic code has its texts, and a case that shows it."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path

import pytest
from flama_compile.diagnostics.codes import CODES, Code, find

ROOT = Path(__file__).parents[2]
PREFIXES = {"FC1", "FC2", "FC3", "FC4", "FC9"}


def case_texts() -> str:
    """All that shows diagnostics: golden cases, and tests of the command line."""
    golden = sorted((ROOT / "tests" / "golden").rglob("*.md"))
    cli = sorted((ROOT / "tests" / "cli").glob("test_*.py"))
    return "\n".join(path.read_text("utf-8") for path in [*golden, *cli])


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_code_is_complete(code: Code) -> None:
    assert code.number[:3] in PREFIXES
    assert re.fullmatch(r"FC\d{3}", code.number)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code.slug)
    assert (
        code.headline[0].islower() or not code.headline[0].isalpha() or code.headline[:2].isupper()
    )
    assert not code.headline.endswith(".")
    assert len(cleandoc(code.explanation)) > 60
    assert cleandoc(code.example)
    assert find(code.number.lower()) is code
    assert find(code.slug) is code


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_code_has_a_case(code: Code) -> None:
    assert code.number in case_texts()


def test_numbers_and_slugs_are_unique_and_in_order() -> None:
    numbers = [code.number for code in CODES]
    assert numbers == sorted(set(numbers))
    assert len({code.slug for code in CODES}) == len(CODES)


def test_every_code_that_is_used_is_known() -> None:
    known = {code.number for code in CODES}
    used = {
        number
        for path in sorted((ROOT / "compiler" / "flama_compile").rglob("*.py"))
        for number in re.findall(r'"(FC\d{3})"', path.read_text("utf-8"))
    }
    assert used - known == set()
