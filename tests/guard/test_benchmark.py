"""The benchmark compares like with like: our applications and the floor give the same answers.

Nothing is timed here. Peers that are not installed beside the tests are compared when the benchmark
runs.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The benchmark's package `suite`, importable as its command sees it."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("suite")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def work(suite: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our applications, compiled."""
    folder = tmp_path_factory.mktemp("work")
    sources = importlib.import_module("suite.sources")
    sources.prepare_ours(Path(sys.executable), folder, ["github"])
    return folder


@pytest.mark.parametrize("peer", ["asgi", "interpreted", "compiled"])
def test_every_answer_is_the_one_that_the_case_demands(
    suite: ModuleType, work: Path, peer: str
) -> None:
    workers = importlib.import_module("suite.workers")
    cases = importlib.import_module("suite.cases").CASES
    with workers.Worker(peer, Path(sys.executable), work) as worker:
        assert {case.name: worker("check", case=case.name) for case in cases} == {
            case.name: [] for case in cases
        }
        assert worker("check_echo") == []


def test_every_route_of_github_is_found(suite: ModuleType, work: Path) -> None:
    """All 203 of them, 36 without parameters, with the values of their parameters."""
    routes = importlib.import_module("suite.routesets").route_set("github").routes
    assert len(set(routes)) == 203
    assert sum("{" not in path for _, path in routes) == 36
    workers = importlib.import_module("suite.workers")
    with workers.Worker("compiled", Path(sys.executable), work) as worker:
        assert worker("check_lookup", routes="github") == []


def test_a_wrong_answer_stops_the_benchmark(suite: ModuleType) -> None:
    """An application that answers something else is told from one that answers as it should."""
    asyncio = importlib.import_module("asyncio")
    driving = importlib.import_module("suite.driving")
    case = next(c for c in importlib.import_module("suite.cases").CASES if c.name == "static")

    async def app(scope: object, receive: object, send: object) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"{}"})  # type: ignore[operator]

    problems = asyncio.run(driving.check(app, case, "somebody"))
    assert any("not Answer" in text for text in problems)
    assert any("content-type" in text for text in problems)


def test_a_missed_target_is_marked(suite: ModuleType) -> None:
    report = importlib.import_module("suite.report")
    run = {"request": {"cases": {"ids": {"compiled": {"ratio": {"median": 1.2}}}}}}
    slow = json.loads(json.dumps(run).replace("1.2", "1.3"))
    rows = report.target_table([run, slow]).splitlines()
    assert [row for row in rows if "varied ids" in row][0].split("|")[2:5] == [
        " ≤ 1.25 ",
        " 1.20 ✓ ",
        " 1.30 ✗ ",
    ]
