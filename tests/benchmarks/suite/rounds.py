"""Interleaved rounds and what is said about them: medians, quartiles, ratios within a round."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Effort", "Rounds", "progress", "spread"]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured. Workers are started anew in each generation: the memory layout of a
    process moves its speed by a few per cent, for as long as it lives."""

    generations: int
    rounds: int
    milliseconds: float
    """Time of one measurement; its number of requests follows from it."""
    starts: int
    """Cold starts of each peer at each size."""
    builds: int
    seconds: float
    """Of load by wrk, in each round."""


class Rounds:
    """Values of several peers, measured one after the other in each round."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    def run(self, jobs: Mapping[str, Callable[[], float]], number: int) -> None:
        """One round; the peer that begins changes from round to round."""
        names = list(jobs)
        start = number % len(names)
        for name in names[start:] + names[:start]:
            self.values.setdefault(name, []).append(jobs[name]())

    def summary(self, reference: str | None) -> dict[str, Any]:
        """Median and quartiles of each peer, and of its ratios to the reference of each round."""
        result: dict[str, Any] = {}
        for name, values in self.values.items():
            result[name] = spread(values)
            if reference is not None and reference in self.values:
                pairs = zip(values, self.values[reference], strict=True)
                result[name]["ratio"] = spread([mine / other for mine, other in pairs])
        return result


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Median, first and third quartile, and how many values they come from."""
    if len(values) < 2:
        return {"median": values[0], "low": values[0], "high": values[0], "count": 1}
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "low": low, "high": high, "count": len(values)}


def progress(words: Iterable[object]) -> None:
    """Say on stderr what is being measured."""
    print("  " + " ".join(map(str, words)), file=sys.stderr, flush=True)
