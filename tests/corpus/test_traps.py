"""Programs that a careless reading gets wrong are read right, or not claimed to be known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.judged import Bench, bench
from corpus.traps import Trap, traps

TRAPS = traps()


@pytest.fixture(scope="module")
def at() -> Iterator[Bench]:
    with bench() as found:
        yield found


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.project.name)
def test_nothing_is_claimed_that_is_not_so(trap: Trap, at: Bench) -> None:
    judgement = at.judge(trap.project)
    errors = [found for found in judgement.errors if " FC406 " not in found]
    if trap.kind == "refused":
        assert judgement.import_errors or judgement.refusals, "the framework refuses it"
        assert errors, "so does the compiler"
        return
    assert not judgement.import_errors, judgement.import_errors[0]
    assert judgement.table is not None
    if trap.kind == "errors":
        assert judgement.errors, "the program is refused"
        return
    assert not judgement.differences, "\n".join(judgement.differences)
    if trap.kind == "exact":
        assert judgement.exact, (judgement.sites, judgement.errors)
        late = any(view.late for route in judgement.table.routes for view in route.views)
        assert late or not judgement.refusals, judgement.refusals[0]


def test_traps_have_names_of_their_own() -> None:
    names = [trap.project.name for trap in TRAPS]
    assert len(names) == len(set(names)) > 300
