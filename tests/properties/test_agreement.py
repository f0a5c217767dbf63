"""Compiled dispatch, interpreted dispatch and the oracle agree on every table and request."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from flama_compile.cache import Cache
from flama_compile.emit import emit
from flama_compile.ir.routes import Handler, Route, RouteTable, View
from flama_compile.lower import limits, lower
from flama_compile.verify import verify
from flama_compile.verify.memory import Memory
from flama_compile.verify.oracle import Oracle, answer
from flama_compile.verify.witnesses import groups_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .programs import Program, expected
from .tables import Tables, requests

PAIRS = int(os.environ.get("FLAMA_PAIRS", "6000"))
"""How many (table, request) pairs the seeded run compares; a million takes some minutes."""
SEED = int(os.environ.get("FLAMA_SEED", "1"))
PER_TABLE = 100

THRESHOLDS = [
    pytest.param({}, id="as-measured"),
    pytest.param({"LADDER": 0}, id="tables-for-everything"),
    pytest.param({"LADDER": 1, "WAYS": 20}, id="tables-of-tables-for-everything"),
    pytest.param({"LADDER": 0, "WAYS": 0}, id="tables-of-functions"),
    pytest.param({"LADDER": 1, "NESTING": 2}, id="functions-for-everything"),
    pytest.param({"STEPS": 0, "STEPS_PER_RULE": 0}, id="ordered-tests-for-everything"),
    pytest.param({"STEPS": 2, "STEPS_PER_RULE": 1}, id="ordered-tests-soon"),
]

EXTRA = Route(
    kind="http",
    own="/extra/route",
    path="/extra/route",
    segments=("extra", "route"),
    methods=("GET", "HEAD"),
    handler=Handler("shop.main", "extra"),
    is_class=False,
    views=(View("", (), True, ""),),
    name="extra",
    include_in_schema=True,
    span=None,
)


def check(table: RouteTable, asked: list[tuple[str, str, str]]) -> None:
    """Compare all three on some requests."""
    program = Program(table)
    oracle = Oracle(table)
    for request in asked:
        protocol, method, path = request
        linear = answer(table, protocol, method, path)  # type: ignore[arg-type]
        indexed = oracle.answer(protocol, method, path)  # type: ignore[arg-type]
        wanted = expected(linear, path)
        interpreted = program.run(program.interpreted, request)
        compiled = program.run(program.compiled, request)
        assert (indexed.status, indexed.route, indexed.params, indexed.allow) == (
            linear.status,
            linear.route,
            linear.params,
            linear.allow,
        ), request
        assert interpreted == wanted, (request, "interpreted")
        assert compiled == wanted, (request, "compiled", program.text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_three_readings_agree(random: Random) -> None:
    """Shrinks: the smallest table and request that differ are shown."""
    table = Tables(random).table()
    check(table, requests(random, table, 12))


@pytest.mark.parametrize("thresholds", THRESHOLDS)
def test_three_readings_agree_on_many_tables(
    thresholds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeded run of `FLAMA_PAIRS` pairs, with each way of laying out decisions."""
    for name, value in thresholds.items():
        monkeypatch.setattr(limits, name, value)
    random = Random(SEED)
    for _ in range(PAIRS // len(THRESHOLDS) // PER_TABLE):
        table = Tables(random).table()
        check(table, requests(random, table, PER_TABLE))


def test_what_is_emitted_passes_verification() -> None:
    """Also with dynamic sites, which only the source can have."""
    random = Random(SEED)
    for _ in range(60):
        table = Tables(random, dynamic=True).table()
        plan = lower(table)
        assert verify(table, plan, emit(plan)) is None


def test_a_wrong_module_does_not_pass_verification() -> None:
    """Verification has to notice each of these slips, in some table."""
    slips = SimpleNamespace(
        count=("count == ", "count >= "),
        literal=('segments[2] == "', 'segments[2] != "'),
        empty=("not segments[", "segments["),
        type=("is_int(", "is_number("),
        value=("=int(", "=float("),
        order=("return NOT_FOUND", "return next(iter(HTTP_STATIC.values())), segments"),
    )
    for name, (right, wrong) in vars(slips).items():
        random = Random(7)
        noticed = False
        for _ in range(200):
            table = Tables(random).table()
            plan = lower(table)
            text = emit(plan)
            if right not in text:
                continue
            try:
                noticed = verify(table, plan, text.replace(right, wrong, 1)) is not None
            except Exception:
                noticed = True
            if noticed:
                break
        assert noticed, name


def test_only_what_changed_is_verified_again(tmp_path: Path) -> None:
    """Groups are remembered by what they are, wherever they stand in the table."""
    random = Random(11)
    cache = Cache(tmp_path)
    for _ in range(30):
        table = Tables(random).table()
        plan = lower(table)
        text = emit(plan)
        assert verify(table, plan, text, cache) is None
        memory = Memory(cache, plan, text)
        groups = groups_of(table)
        assert memory.module in memory.known
        for first in (*groups.literal, None):
            assert memory.group(first, groups.near(first)) in memory.known
        # Another route in front changes the digest of its own group, and of nothing that it
        # cannot meet.
        longer = RouteTable(table.app, replace(table.root, entries=(EXTRA, *table.root.entries)))
        plan = lower(longer)
        memory = Memory(cache, plan, emit(plan))
        groups = groups_of(longer)
        assert memory.module not in memory.known
        assert memory.group("extra", groups.near("extra")) not in memory.known
        assert all(
            memory.group(first, groups.near(first)) in memory.known
            for first in (*groups.literal, None)
            if first != "extra"
        )
