"""What must be reached, and what a run reached."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from suite.builds import SIZES

__all__ = ["TARGETS", "Target"]

OURS = "compiled"


@dataclass(frozen=True, slots=True)
class Target:
    """One figure with its bound. `read` takes it from the results of a run."""

    title: str
    bound: float
    read: Callable[[Mapping[str, Any]], float]
    at_least: bool = False

    def value(self, results: Mapping[str, Any]) -> float | None:
        """The figure of a run; None when the run did not measure it."""
        try:
            return self.read(results)
        except KeyError:
            return None

    def met(self, value: float) -> bool:
        compare = operator.ge if self.at_least else operator.le
        return compare(value, self.bound)

    @property
    def demand(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def lookup(part: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda run: float(run["lookup"]["sets"]["github"][part][OURS]["ratio"]["median"])


def growth(run: Mapping[str, Any]) -> float:
    """Median at 10,000 routes over the median at 200, each of several rounds, and each with
    requests for 200 routes: the table grows, the traffic does not."""
    sets = run["lookup"]["sets"]
    large, small = sets["rest-10000"]["some"], sets["rest-200"]["all"]
    return float(large[OURS]["median"] / small[OURS]["median"])


def request(case: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda run: float(run["request"]["cases"][case][OURS]["ratio"]["median"])


def served(run: Mapping[str, Any]) -> float:
    return float(run["server"]["rate"][OURS]["ratio"]["median"])


def start(size: int, state: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda run: float(run["start"]["seconds"][str(size)][state][OURS]["ratio"]["median"])


def memory(run: Mapping[str, Any]) -> float:
    return float(run["start"]["memory"]["10000"][OURS]["ratio"]["median"])


def build(size: str, what: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda run: float(run["build"][size][what]["median"])


TARGETS: tuple[Target, ...] = (
    Target("lookup, GitHub 203, all ÷ Falcon", 0.75, lookup("all")),
    Target("lookup, GitHub 203, dynamic ÷ Falcon", 0.75, lookup("dynamic")),
    Target("lookup at 10,000 routes ÷ at 200, same traffic", 1.3, growth),
    Target("request, typed path, varied ids ÷ hand-written", 1.25, request("ids")),
    Target("request, typed query ÷ hand-written", 1.15, request("query")),
    Target("request, JSON body to schema ÷ hand-written", 1.3, request("body")),
    Target("request, 404 ÷ hand-written", 1.5, request("404")),
    Target("request, 405 ÷ hand-written", 2.0, request("405")),
    Target("uvicorn, requests a second ÷ hand-written", 0.97, served, at_least=True),
    Target("cold start, 1,000 routes ÷ Starlette", 0.8, start(1_000, "cached")),
    Target("cold start, 10,000 routes ÷ Starlette", 0.5, start(10_000, "cached")),
    Target("the same without .pyc of the app, 1,000", 0.9, start(1_000, "app bare")),
    Target("the same without .pyc of the app, 10,000", 1.0, start(10_000, "app bare")),
    Target("memory, 10,000 routes ÷ Starlette", 1.0, memory),
    *(
        Target(f"{title}, {size.replace('x', ' × ')}", bound, build(size, what))
        for title, bound, what in (
            ("build cold ÷ parse_module", 2.5, "cold ÷ parse"),
            ("build with nothing changed ÷ cold", 0.1, "warm ÷ cold"),
            ("build, one file changed ÷ cold", 0.25, "changed ÷ cold"),
        )
        for size in SIZES
    ),
)
