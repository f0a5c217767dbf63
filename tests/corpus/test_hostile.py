"""Source that cannot be followed to its end is given up with a reason, within bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.hostile import SNIPPETS


@pytest.fixture(scope="module")
def endings() -> Mapping[str, Any]:
    """How every snippet ended."""
    ran = subprocess.run(
        [sys.executable, "-m", "corpus.hostile"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=1800,
        check=True,
    )
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    return {one["name"]: one for one in found}


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_compiler_gives_up_in_time_and_says_so(name: str, endings: Mapping[str, Any]) -> None:
    ending = endings[name]
    assert "raised" not in ending, ending
    assert not [code for code in ending["codes"] if code.startswith("FC9")], ending
    # Without a table there is a reason; a table that is not exact has one as well.
    if not ending["table"] or not ending["exact"]:
        assert ending["codes"], ending
    else:
        assert ending["routes"] >= 4, "schema, docs and both plain routes are known"
