"""Results as a picture: one panel of horizontal bars for each headline figure, in plain SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from suite.report import NAMES

__all__ = ["draw"]

WIDTH, COLUMNS = 1180, 3
ROW, HEAD, GAP = 17, 34, 22
LABEL, VALUE = 108, 62
OURS, FLOOR, OTHER = "#d9480f", "#868e96", "#74a0c4"


@dataclass(frozen=True, slots=True)
class Panel:
    """A title, what the bars measure, and where the figures stand in the results."""

    title: str
    unit: str
    read: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    form: Callable[[float], str]


def draw(run: Mapping[str, Any]) -> str:
    """The picture of one run; panels that it did not measure are left out."""
    panels = [(panel, figures) for panel in PANELS if (figures := bars(panel, run))]
    width = WIDTH / COLUMNS
    parts: list[str] = []
    top = 0.0
    for start in range(0, len(panels), COLUMNS):
        row = panels[start : start + COLUMNS]
        for place, (panel, figures) in enumerate(row):
            parts.append(panel_text(panel, figures, place * width, top, width - 24))
        top += HEAD + ROW * max(len(figures) for _, figures in row) + GAP
    machine = run["machine"]
    words = f"{machine['processor']}, {machine['processors']} processors, {machine['python']}"
    note = "Bars are logarithmic; shorter is better except for requests a second. "
    parts.append(text(0, top + 4, note + words, "note"))
    style = (
        "text{font:12px sans-serif;fill:#343a40}.title{font-weight:bold;font-size:13px}"
        ".note{font-size:11px;fill:#868e96}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -14 {WIDTH + 20} {top + 34:.0f}">'
        f'<style>{style}</style><rect x="-10" y="-14" width="100%" height="100%" fill="#fff"/>'
        + "\n".join(parts)
        + "</svg>\n"
    )


def bars(panel: Panel, run: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Peers and medians of a panel, the smallest first."""
    try:
        table = panel.read(run)
    except KeyError:
        return []
    figures = [(peer, float(table[peer]["median"])) for peer in NAMES if peer in table]
    return sorted(figures, key=lambda figure: figure[1])


def panel_text(
    panel: Panel, figures: list[tuple[str, float]], left: float, top: float, width: float
) -> str:
    """One panel. A bar's length is the logarithm of its value over half of the least value."""
    parts = [text(left, top, panel.title, "title"), text(left, top + 15, panel.unit, "note")]
    least = min(value for _, value in figures) / 2
    most = max(max(value for _, value in figures), least * 2.1)
    room = width - LABEL - VALUE
    for number, (peer, value) in enumerate(figures):
        line = top + HEAD + number * ROW
        length = room * math.log(value / least) / math.log(most / least)
        colour = {"compiled": OURS, "asgi": FLOOR}.get(peer, OTHER)
        parts.append(text(left, line, NAMES[peer].replace("*", ""), ""))
        parts.append(
            f'<rect x="{left + LABEL:.1f}" y="{line - 10:.1f}" width="{length:.1f}" height="12" '
            f'rx="2" fill="{colour}"/>'
        )
        parts.append(text(left + LABEL + length + 5, line, panel.form(value), ""))
    return "\n".join(parts)


def text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def whole(value: float) -> str:
    return f"{value:,.0f}"


def microseconds(value: float) -> str:
    return f"{value / 1000:,.2f}" if value < 100_000 else f"{value / 1000:,.0f}"


def thousandths(value: float) -> str:
    return f"{value * 1000:,.0f}"


def mebibytes(value: float) -> str:
    return f"{value / 1024:,.0f}"


def of_lookup(name: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda run: run["lookup"]["sets"][name]["all"]


def of_request(case: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda run: run["request"]["cases"][case]


def of_start(size: int) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda run: run["start"]["seconds"][str(size)]["cached"]


PANELS: tuple[Panel, ...] = (
    Panel("Lookup, GitHub's 203 routes", "nanoseconds", of_lookup("github"), whole),
    Panel("Lookup, 10,000 routes", "nanoseconds", of_lookup("rest-10000"), whole),
    Panel("Typed path, varied ids", "µs a request", of_request("ids"), microseconds),
    Panel("Typed query", "µs a request", of_request("query"), microseconds),
    Panel("JSON body to schema", "µs a request", of_request("body"), microseconds),
    Panel("404", "µs a request", of_request("404"), microseconds),
    Panel("405", "µs a request", of_request("405"), microseconds),
    Panel("Component", "µs a request", of_request("component"), microseconds),
    Panel("Websocket echo", "µs a message", of_request("websocket"), microseconds),
    Panel("uvicorn under wrk", "requests a second", lambda run: run["server"]["rate"], whole),
    Panel("Cold start, 1,000 routes", "ms of CPU time", of_start(1_000), thousandths),
    Panel("Cold start, 10,000 routes", "ms of CPU time", of_start(10_000), thousandths),
    Panel("Memory, 10,000 routes", "MiB", lambda run: run["start"]["memory"]["10000"], mebibytes),
)
