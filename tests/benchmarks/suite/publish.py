"""Puts the figures of a results file into the README, with the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suite.chart import draw
from suite.report import tables, target_table
from suite.workers import HERE

__all__ = ["publish"]

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def publish(runs: Sequence[Mapping[str, Any]]) -> None:
    """Replace what stands between the two marks of the README, and `figures.svg`.

    The targets show all runs; the other tables and the chart show the first, which has all peers.
    """
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    first = runs[0]
    machine = ", ".join(f"{name} {value}" for name, value in first["machine"].items())
    versions: dict[str, str] = {}
    for section in ("lookup", "request"):
        versions.update(first.get(section, {}).get("versions", {}))
    packages = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    parts = [
        f"Measured on: {machine}.",
        f"Versions: {packages}.",
        target_table(runs),
        tables(first),
    ]
    readme.write_text(
        f"{before}{BEGIN}\n" + "\n\n".join(parts) + f"\n{END}{after}", encoding="utf-8"
    )
    (HERE / "figures.svg").write_text(draw(first), encoding="utf-8")
