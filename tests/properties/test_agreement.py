"""Compiled dispatch, interpreted dispatch and the oracle agree on every table and request."""

from __future__ import annotations

import os
from random import Random
from types import SimpleNamespace

import pytest
from flama_compile.ir.routes import RouteTable
from flama_compile.lower import limits
from flama_compile.verify import verify
from flama_compile.verify.oracle import Oracle, answer
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
    pytest.param({"LADDER": 1, "NESTING": 2}, id="functions-for-everything"),
    pytest.param({"STEPS": 0, "STEPS_PER_RULE": 0}, id="ordered-tests-for-everything"),
    pytest.param({"STEPS": 2, "STEPS_PER_RULE": 1}, id="ordered-tests-soon"),
]


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
        from flama_compile.emit import emit
        from flama_compile.lower import lower

        assert verify(table, emit(lower(table))) is None


def test_a_wrong_module_does_not_pass_verification() -> None:
    """Verification has to notice each of these slips, in some table."""
    from flama_compile.emit import emit
    from flama_compile.lower import lower

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
            text = emit(lower(table))
            if right not in text:
                continue
            try:
                noticed = verify(table, text.replace(right, wrong, 1)) is not None
            except Exception:
                noticed = True
            if noticed:
                break
        assert noticed, name
