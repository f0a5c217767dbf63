"""Compares a static table with a live one.

Static entries must stand in the live table in the same order; a live entry that the static table
lacks is allowed only where the static table has a dynamic site. With sites the comparison is a
match of a pattern: a site stands for any run of live entries, none included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flama_compile.ir.routes import App, DynamicSite, Mount, Parameter, Route

__all__ = ["Agreement", "compare", "count", "listing"]

Row = Mapping[str, Any]


@dataclass
class Agreement:
    """What came out of one comparison; all numbers count routes and mounts."""

    claimed: int = 0
    """Entries of the static table, dynamic sites aside."""
    live: int = 0
    right: int = 0
    abstained: int = 0
    """Live entries that stand at a dynamic site."""
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences

    def add(self, other: Agreement) -> None:
        self.claimed += other.claimed
        self.live += other.live
        self.right += other.right
        self.abstained += other.abstained
        self.differences += other.differences


def compare(app: App, rows: Sequence[Row]) -> Agreement:
    """Compare the table of an application, and of all below it, with what it registered."""
    total = Agreement()
    pairs, extra, missing = _align(app, rows)
    for entry, row in pairs:
        total.claimed += 1
        total.live += 1
        wrong = _differences(entry, row)
        total.right += not wrong
        total.differences += wrong
        if isinstance(entry, Mount):
            total.add(_below(entry, row))
    for row in extra:
        size = count([row])
        total.live += size
        total.abstained += size
    for text, static_size, live_size in missing:
        total.claimed += static_size
        total.live += live_size
        total.differences.append(text)
    return total


def _below(mount: Mount, row: Row) -> Agreement:
    if mount.app is not None and row["children"] is not None:
        return compare(mount.app, row["children"])
    wrong = Agreement()
    if mount.app is not None or row["children"] is not None:
        wrong.differences.append(f"{mount.path}: only one side says what is mounted")
        wrong.live = count(row["children"] or [])
    return wrong


def _align(
    app: App, rows: Sequence[Row]
) -> tuple[list[tuple[Route | Mount, Row]], list[Row], list[tuple[str, int, int]]]:
    """Pairs that belong together, live rows at dynamic sites, and what found no partner.

    The longest run of pairs in order is kept; among equals, the one that explains most.
    """
    entries = app.entries
    width = len(rows)
    # best[i][j]: the cheapest way to explain entries[i:] against rows[j:], as (cost, move).
    best: list[list[tuple[int, str]]] = [[(0, "")] * (width + 1) for _ in range(len(entries) + 1)]
    for i in range(len(entries), -1, -1):
        for j in range(width, -1, -1):
            moves: list[tuple[int, str]] = []
            entry = entries[i] if i < len(entries) else None
            if entry is None and j == width:
                continue
            if isinstance(entry, DynamicSite):
                moves.append((best[i + 1][j][0], "close"))
                if j < width:
                    moves.append((best[i][j + 1][0], "swallow"))
            else:
                if entry is not None and j < width and _same_place(entry, rows[j]):
                    cost = len(_differences(entry, rows[j]))
                    moves.append((best[i + 1][j + 1][0] + cost, "pair"))
                if entry is not None:
                    moves.append((best[i + 1][j][0] + 100, "static"))
                if j < width:
                    moves.append((best[i][j + 1][0] + 100, "live"))
            best[i][j] = min(moves, key=lambda move: move[0])
    pairs: list[tuple[Route | Mount, Row]] = []
    extra: list[Row] = []
    missing: list[tuple[str, int, int]] = []
    i = j = 0
    while (move := best[i][j][1]) != "":
        entry = entries[i] if i < len(entries) else None
        if move == "pair" and isinstance(entry, Route | Mount):
            pairs.append((entry, rows[j]))
            i, j = i + 1, j + 1
        elif move == "swallow":
            extra.append(rows[j])
            j += 1
        elif move == "close":
            i += 1
        elif move == "static" and isinstance(entry, Route | Mount):
            missing.append((f"not live: {_static_text(entry)}", _size(entry), 0))
            i += 1
        else:
            missing.append((f"not found: {_live_text(rows[j])}", 0, count([rows[j]])))
            j += 1
    return pairs, extra, missing


def _same_place(entry: Route | Mount, row: Row) -> bool:
    kind = "mount" if isinstance(entry, Mount) else entry.kind
    return bool(kind == row["kind"] and entry.path == row["path"])


def _differences(entry: Route | Mount, row: Row) -> list[str]:
    """How a static entry differs from the live one at its place, children aside."""
    found: list[str] = []

    def expect(what: str, static: object, live: object) -> None:
        if static != live:
            found.append(f"{row['kind']} {row['path']}: {what} {static!r}, live {live!r}")

    expect("kind", "mount" if isinstance(entry, Mount) else entry.kind, row["kind"])
    expect("path", entry.path, row["path"])
    if isinstance(entry, Mount):
        if not entry.late_name:
            expect("name", entry.name, row["name"])
        if not entry.target.late and str(entry.target) not in row["aliases"] and entry.app is None:
            expect("target", str(entry.target), row["aliases"])
        return found
    if entry.name is not None:
        expect("name", entry.name, row["name"])
    if row["kind"] != "mount":
        expect("methods", list(entry.methods), row["methods"])
        if not entry.handler.late:
            expect("handler", str(entry.handler), row["handler"])
            found += _parameters(entry, row)
    if entry.include_in_schema is not None:
        expect("include_in_schema", entry.include_in_schema, row["include_in_schema"])
    return found


def _parameters(route: Route, row: Row) -> list[str]:
    live = row["parameters"]
    found = []
    for view in route.views:
        if view.late or live is None:
            continue
        theirs = live.get(view.verb)
        if theirs is None:
            found.append(f"{row['path']}: no view {view.verb!r} in the live handler")
            continue
        own = [_parameter(parameter) for parameter in view.parameters]
        # The first parameter of a method is the instance, which the signature leaves to Python.
        if view.verb and len(theirs) == len(own) + 1:
            theirs = theirs[1:]
        names = [[name, kind, bool(default)] for name, kind, _, default in theirs]
        if [[name, kind, default] for name, kind, _, default in own] != names:
            found.append(f"{row['path']} {view.verb}: parameters {own}, live {theirs}")
            continue
        for (name, _, static, _), (_, _, word, _) in zip(own, theirs, strict=True):
            if static not in ("*", word) and not (word == "*" and ":" in static):
                found.append(f"{row['path']} {view.verb} {name}: type {static!r}, live {word!r}")
    return found


def _parameter(parameter: Parameter) -> tuple[str, str, str, bool]:
    return (parameter.name, parameter.kind, parameter.type, parameter.default is not None)


def count(rows: Sequence[Row]) -> int:
    """How many routes and mounts there are, at any depth."""
    return sum(1 + count(row.get("children") or []) for row in rows)


def _size(entry: Route | Mount) -> int:
    if isinstance(entry, Route) or entry.app is None:
        return 1
    return 1 + sum(
        _size(below) for below in entry.app.entries if not isinstance(below, DynamicSite)
    )


def _static_text(entry: Route | Mount) -> str:
    if isinstance(entry, Mount):
        return f"MOUNT {entry.path} {entry.target}"
    return f"{','.join(entry.methods) or 'WS'} {entry.path} {entry.handler}"


def _live_text(row: Row) -> str:
    if row["kind"] == "mount":
        return f"MOUNT {row['path']} name={row['name']}"
    return f"{','.join(row['methods']) or 'WS'} {row['path']} {row['handler']} name={row['name']}"


def listing(rows: Sequence[Row], indent: str = "") -> str:
    """A live table as text, one line an entry, for people to read and to keep."""
    lines = []
    for row in rows:
        hidden = "" if row["include_in_schema"] else " schema=no"
        lines.append(f"{indent}{_live_text(row)}{hidden}\n")
        lines.append(listing(row.get("children") or [], indent + "  "))
    return "".join(lines)
