"""The table of the README names every case, and no case that is not there."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

from .cases import APPLICATIONS, REFUSALS

README = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
NAMES = [declared.name for declared in (*APPLICATIONS, *REFUSALS)]
TABLE = [line for line in README.splitlines() if line.startswith("| ")][1:]
PATTERNS = [
    pattern
    for line in TABLE
    for pattern in re.findall(r"`([^`]+)`", line.split("|")[2])
    if "/" in pattern and not pattern.startswith("tests/")
]


def test_every_section_has_cases() -> None:
    sections = [line.split("|")[1].split()[0] for line in TABLE]
    assert sections == [*(str(number) for number in range(1, 15)), "hostile"]


def test_every_case_is_in_the_table() -> None:
    missing = [n for n in NAMES if not any(fnmatchcase(n, pattern) for pattern in PATTERNS)]
    assert not missing


def test_every_entry_of_the_table_is_a_case() -> None:
    unknown = [p for p in PATTERNS if not any(fnmatchcase(name, p) for name in NAMES)]
    assert not unknown
