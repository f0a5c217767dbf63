"""Results as text: tables for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from suite.cases import CASES
from suite.targets import TARGETS

__all__ = ["NAMES", "tables", "target_table"]

NAMES = {
    "asgi": "hand-written",
    "compiled": "**ours, compiled**",
    "interpreted": "ours, interpreted",
    "falcon": "Falcon",
    "starlette": "Starlette",
    "fastapi": "FastAPI",
    "litestar": "Litestar",
    "blacksheep": "BlackSheep",
    "sanic": "sanic-routing",
    "flama": "Flama (PyPI)",
}

Rows = Iterable[Sequence[str]]


def target_table(runs: Sequence[Mapping[str, Any]]) -> str:
    """Every target with the figure of each run; those that no run measured are left out."""
    rows = []
    for target in TARGETS:
        values = [target.value(run) for run in runs]
        if all(value is None for value in values):
            continue
        cells = [
            "–" if value is None else f"{value:.2f} {'✓' if target.met(value) else '✗'}"
            for value in values
        ]
        rows.append([target.title, target.demand, *cells])
    numbers = [f"run {number + 1}" for number in range(len(runs))]
    return markdown(["what", "target", *numbers], rows)


def tables(run: Mapping[str, Any]) -> str:
    """All figures of one run."""
    parts = []
    if "lookup" in run:
        parts.append(lookup_table(run["lookup"]["sets"]))
    if "request" in run:
        parts.append(request_table(run["request"]["cases"]))
    if "server" in run:
        parts.append(server_table(run["server"]))
    if "start" in run:
        parts += start_tables(run["start"])
    if "build" in run:
        parts.append(build_table(run["build"]))
    if "instructions" in run:
        parts.append(instruction_table(run["instructions"]))
    return "\n\n".join(parts)


def lookup_table(sets: Mapping[str, Any]) -> str:
    columns = [(name, part) for name, parts in sets.items() for part in parts]
    heads = [f"{name} {part}" if part != "all" else name for name, part in columns]
    rows = [
        [NAMES[peer], *(cell(sets[name][part].get(peer), "{:,.0f}") for name, part in columns)]
        for peer in peers_of(sets[name][part] for name, part in columns)
    ]
    return "Lookup, nanoseconds:\n\n" + markdown(["router", *heads], rows)


def request_table(cases: Mapping[str, Any]) -> str:
    titles = {case.name: case.title for case in CASES} | {"websocket": "websocket message"}
    peers = peers_of(cases.values())
    rows = []
    for name, measured in cases.items():
        floor = measured.get("asgi")
        cells = [ratio(measured.get(peer)) for peer in peers if peer != "asgi"]
        rows.append([titles[name], cell(floor, "{:,.0f} ns"), *cells])
    heads = [NAMES[peer] for peer in peers if peer != "asgi"]
    return "Whole request, times the hand-written floor (median; quartiles of the rounds):\n\n" + (
        markdown(["case", "floor", *heads], rows)
    )


def server_table(server: Mapping[str, Any]) -> str:
    rows = [
        [
            NAMES[peer],
            cell(measured, "{:,.0f}"),
            ratio(measured),
            cell(server["cpu"][peer], "{:.1f}"),
            ratio(server["cpu"][peer]),
        ]
        for peer, measured in in_order(server["rate"])
    ]
    heads = ["peer", "requests/s", "÷ floor", "CPU µs/request", "÷ floor"]
    return "uvicorn under wrk, typed path with varied ids:\n\n" + markdown(heads, rows)


def start_tables(start: Mapping[str, Any]) -> list[str]:
    columns = [(size, state) for size, states in start["seconds"].items() for state in states]
    rows = [
        [
            NAMES[peer],
            *(milliseconds(start["seconds"][size][state].get(peer)) for size, state in columns),
        ]
        for peer in peers_of(start["seconds"][size][state] for size, state in columns)
    ]
    heads = [f"{int(size):,} {state}" for size, state in columns]
    first = "Fresh process to first answer, CPU milliseconds (and times Starlette):\n\n"
    sizes = list(start["memory"])
    memory_rows = [
        [NAMES[peer], *(mebibytes(start["memory"][size].get(peer)) for size in sizes)]
        for peer in peers_of(start["memory"][size] for size in sizes)
    ]
    second = "Resident memory after the first answer, MiB (and times Starlette):\n\n"
    return [
        first + markdown(["peer", *heads], rows),
        second + markdown(["peer", *(f"{int(size):,} routes" for size in sizes)], memory_rows),
    ]


def build_table(build: Mapping[str, Any]) -> str:
    names = list(next(iter(build.values())))
    rows = [
        [size, *(cell(measured[name], "{:.3f}") for name in names)]
        for size, measured in build.items()
    ]
    return "`flama-compile build`, seconds of CPU time and on the wall:\n\n" + markdown(
        ["files × routes", *names], rows
    )


def instruction_table(instructions: Mapping[str, Any]) -> str:
    peers = peers_of(instructions.values())
    rows = []
    for case, measured in instructions.items():
        rows.append([case, *(counted(measured.get(peer)) for peer in peers)])
    first = "Machine instructions by callgrind (ratio to the floor; for lookups to Falcon):\n\n"
    return first + markdown(["case", *(NAMES[peer] for peer in peers)], rows)


def counted(measured: Mapping[str, Any] | None) -> str:
    """Instructions, with the ratio where there is something to compare with."""
    if measured is None:
        return "–"
    ratio = measured["ratio"]
    return f"{measured['instructions']:,.0f}" + ("" if ratio is None else f" ({ratio:.2f})")


def peers_of(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Peers in the order of `NAMES` that any of the tables has."""
    there = {peer for table in tables for peer in table}
    return [peer for peer in NAMES if peer in there]


def in_order(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(peer, table[peer]) for peer in NAMES if peer in table]


def cell(measured: Mapping[str, Any] | None, form: str) -> str:
    return "–" if measured is None else form.format(measured["median"])


def ratio(measured: Mapping[str, Any] | None) -> str:
    if measured is None or "ratio" not in measured:
        return "–"
    found = measured["ratio"]
    digits = 2 if found["median"] < 10 else 0
    low, middle, high = (f"{found[key]:.{digits}f}" for key in ("low", "median", "high"))
    return f"{middle} ({low}–{high})"


def milliseconds(measured: Mapping[str, Any] | None) -> str:
    if measured is None:
        return "–"
    return f"{measured['median'] * 1000:,.0f} ({measured['ratio']['median']:.2f})"


def mebibytes(measured: Mapping[str, Any] | None) -> str:
    if measured is None:
        return "–"
    return f"{measured['median'] / 1024:,.1f} ({measured['ratio']['median']:.2f})"


def markdown(heads: Sequence[str], rows: Rows) -> str:
    """A Markdown table, its columns padded so that it reads as text too."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    head, *body = (
        "".join(f"| {text.ljust(width)} " for text, width in zip(line, widths, strict=True)) + "|"
        for line in lines
    )
    rule = "".join("|" + "-" * (width + 2) for width in widths) + "|"
    return "\n".join([head, rule, *body])
