"""The comparison against brute force: nothing that is claimed is false, nothing is missed.

`FLAMA_COMPARE_PAIRS` sets how many random pairs of applications are tried (200 when it is not
set); `FLAMA_COMPARE_SEED` where they start. `README.md` holds the figures of a long run.
"""

from __future__ import annotations

import copy
import os
from random import Random
from urllib.parse import unquote

from flama_compile.compare import compare, examine
from flama_compile.compare.answers import Outcome
from flama_compile.ir.findings import Comparison, Example, Reply
from flama_compile.verify.oracle import Answer, answer
from support.running import Observed, application, observe, requests, seen
from support.tables import Spec, build, mutate, random_specs

PAIRS = int(os.environ.get("FLAMA_COMPARE_PAIRS", "200"))
SEED = int(os.environ.get("FLAMA_COMPARE_SEED", "0"))


def pair_of(rng: Random) -> tuple[list[Spec], list[Spec]]:
    """Two revisions of one application; now and then two that have nothing in common."""
    base = random_specs(rng)
    return base, mutate(rng, base) if rng.random() < 0.85 else random_specs(rng)


def test_random_pairs() -> None:
    """Every witness shows what it claims, and every changed answer is among the changes."""
    for seed in range(SEED, SEED + PAIRS):
        rng = Random(seed)
        base, head = pair_of(rng)
        tables = build(base), build(head)
        found = compare(*tables, "strict")
        assert found.exact, seed
        for example, claims in examples(found):
            answers = [_ask(table, example) for table in tables]
            for reply, each in zip(claims, answers, strict=True):
                assert agrees(reply, seen(each)), (seed, example)
        covered = _covered(base, head)
        for protocol, method, path in [*requests(rng, base, head), *requests(rng, base, head)]:
            was, now = (answer(table, protocol, method, path) for table in covered.tables)
            if seen(was) != seen(now):
                assert (protocol, _who(was), _who(now)) in covered.changes, (seed, method, path)
                assert found.findings, (seed, method, path)


def test_running_applications() -> None:
    """The same on applications that run: no part of the compiler says what they answer."""
    for seed in range(SEED, SEED + max(PAIRS // 5, 1)):
        rng = Random(seed)
        base, head = pair_of(rng)
        apps = application(base), application(head)
        found = compare(build(base), build(head), "strict")
        for example, claims in examples(found):
            witness = example.witness
            for app, reply in zip(apps, claims, strict=True):
                told = observe(app, witness.protocol, witness.method, unquote(witness.path))
                assert agrees(reply, told), (seed, example, told)
        for protocol, method, path in requests(rng, base, head):
            if observe(apps[0], protocol, method, path) != observe(apps[1], protocol, method, path):
                assert found.findings, (seed, protocol, method, path)


def test_an_application_does_not_differ_from_itself() -> None:
    for seed in range(SEED, SEED + PAIRS):
        specs = random_specs(Random(seed))
        found = compare(build(specs), build(copy.deepcopy(specs)), "strict")
        assert found.findings == () and found.exact, seed


def test_disjoint_routes_may_change_places() -> None:
    """Reordering that no request can tell is silent, whatever is reordered."""
    for seed in range(SEED, SEED + PAIRS):
        rng = Random(seed)
        base = random_specs(rng)
        head = copy.deepcopy(base)
        rng.shuffle(head)
        found = compare(build(base), build(head), "wire")
        told = [
            (request, observed)
            for request in requests(rng, base, head)
            for observed in [_both(base, head, *request)]
            if observed[0] != observed[1]
        ]
        assert found.findings or not told, (seed, told)
        if not found.findings:
            assert not _covered(base, head).changes, seed


def examples(found: Comparison) -> list[tuple[Example, tuple[Reply | None, Reply | None]]]:
    return [
        (example, (example.was, example.now))
        for finding in found.findings
        for example in finding.examples
    ]


def agrees(reply: Reply | None, told: Observed) -> bool:
    """Whether a claim is what was seen."""
    if reply is None:
        return told == ("404",)
    if reply.status is not None:
        return told[0] == str(reply.status)
    params = {name: str(value) for name, value in (reply.params or {}).items()}
    handler = (reply.handler or "").partition(":")[2]
    if reply.root_path is not None:
        return told[:3] == ("mount", handler, reply.root_path) and params == _params(told[3])
    return told[:2] == ("route", handler) and params == _params(told[2])


def _params(told: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    return {name: text for name, _, text in told}


class _Covered:
    """The classes that the descent gives, by who answers in both tables."""

    def __init__(self, base: list[Spec], head: list[Spec]) -> None:
        self.tables = build(base), build(head)
        scene, bounded = examine(*self.tables, "strict")
        assert bounded is None
        self.changes = {
            (change.protocol, _outcome(change.was), _outcome(change.now))
            for evidence in scene.evidence
            for change in evidence.changes
        }


def _covered(base: list[Spec], head: list[Spec]) -> _Covered:
    return _Covered(base, head)


def _outcome(outcome: Outcome) -> object:
    if outcome.item is not None and outcome.kind in ("route", "foreign"):
        return id(outcome.item.entry)
    return "404" if outcome.kind == "nothing" else outcome.allow


def _who(found: Answer) -> object:
    if found.status in ("route", "mount"):
        return id(found.route or found.mount)
    return found.allow if found.status == "405" else "404"


def _ask(table: object, example: Example) -> Answer:
    witness = example.witness
    return answer(table, witness.protocol, witness.method, unquote(witness.path))  # type: ignore[arg-type]


def _both(
    base: list[Spec], head: list[Spec], protocol: str, method: str, path: str
) -> tuple[Observed, Observed]:
    was, now = (answer(build(each), protocol, method, path) for each in (base, head))  # type: ignore[arg-type]
    return seen(was), seen(now)
