"""Route listings: a table for people, a tree, JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flama_compile.ir.routes import App, DynamicSite, Entry, Mount, Route, RouteTable
from flama_compile.report.data import place
from flama_compile.report.snippets import visible

__all__ = ["Row", "dynamic_json", "row_json", "routes_csv", "routes_json", "routes_markdown"]
__all__ += ["routes_table", "routes_tree", "rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as listings show it."""

    entry: Entry
    depth: int
    """Mounts above it."""
    name: str | None
    """With the names of the mounts above; None when there is none, or only the load tells."""
    group: str | None
    """The nearest mounted application above it that has a stack of its own."""
    after: int
    """Routes and mounts before it."""


def rows(table: RouteTable) -> list[Row]:
    """Every entry in registration order, a mount before what is below it."""
    found: list[Row] = []
    _collect(table.root, 0, "", None, found)
    return found


def _collect(app: App, depth: int, prefix: str | None, group: str | None, found: list[Row]) -> None:
    """Rows of an application and all below it; `prefix` is None below a mount of unknown name."""
    for entry in app.entries:
        after = found[-1].after + _counts(found[-1].entry) if found else 0
        own = None if isinstance(entry, DynamicSite) else entry.name
        name = None if own is None or prefix is None else prefix + own
        found.append(Row(entry, depth, name, group, after))
        if isinstance(entry, Mount) and entry.app is not None:
            below = prefix
            if entry.late_name:
                below = None
            elif name is not None:
                below = f"{name}:"
            inside = str(entry.target) if entry.app.group else group
            _collect(entry.app, depth + 1, below, None if entry.app.group_late else inside, found)


def _counts(entry: Entry) -> int:
    return 0 if isinstance(entry, DynamicSite) else 1


def routes_json(table: RouteTable) -> dict[str, Any]:
    """The document of `routes --format json`."""
    listed = rows(table)
    return {
        "format": 1,
        "app": table.app,
        "exact": table.exact,
        "routes": [row_json(row) for row in listed if not isinstance(row.entry, DynamicSite)],
        "dynamic": [
            dynamic_json(row.entry, row.after)
            for row in listed
            if isinstance(row.entry, DynamicSite)
        ],
    }


def row_json(row: Row) -> dict[str, Any]:
    """One route or mount; what only the load can tell is null."""
    entry = row.entry
    assert not isinstance(entry, DynamicSite)
    handler = entry.handler if isinstance(entry, Route) else entry.target
    return {
        "kind": entry.kind if isinstance(entry, Route) else "mount",
        "methods": list(entry.methods) if isinstance(entry, Route) else [],
        "path": entry.path,
        "handler": None if handler.late else str(handler),
        "name": row.name,
        "group": row.group,
        "include_in_schema": entry.include_in_schema if isinstance(entry, Route) else True,
        "source": place(entry.span),
    }


def dynamic_json(site: DynamicSite, after: int) -> dict[str, Any]:
    """One dynamic site; `after` counts the routes before it."""
    source = place(site.span)
    if source is None and site.file:
        source = {"file": site.file, "line": 1, "column": 1}
    return {"source": source, "reason": site.reason, "after": after}


def routes_table(table: RouteTable) -> str:
    """Aligned columns: method, path, handler, name."""
    lines = [
        (_what(row.entry), "  " * row.depth + _path(row.entry), _handler(row.entry), _name(row))
        for row in rows(table)
    ]
    return _aligned([("METHOD", "PATH", "HANDLER", "NAME"), *lines])


def routes_markdown(table: RouteTable) -> str:
    """A Markdown table."""
    lines = ["| method | path | handler | name |", "|---|---|---|---|"]
    for row in rows(table):
        entry = row.entry
        cells = (_what(entry), _code(_path(entry)), _code(_handler(entry)), _code(_name(row)))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def routes_csv(table: RouteTable) -> str:
    """CSV with a header line; the columns of the JSON form."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("kind", "methods", "path", "handler", "name", "group", "include_in_schema", "file", "line")
    )
    for row in rows(table):
        if isinstance(row.entry, DynamicSite):
            found = dynamic_json(row.entry, row.after)["source"] or {"file": "", "line": ""}
            reason = row.entry.reason
            writer.writerow(("dynamic", "", "", reason, "", "", "", found["file"], found["line"]))
            continue
        made = row_json(row)
        source = made["source"] or {"file": "", "line": ""}
        writer.writerow(
            (
                made["kind"],
                " ".join(made["methods"]),
                made["path"],
                made["handler"] or "?",
                "" if made["name"] is None else made["name"],
                made["group"] or "",
                _YES_OR_NO[made["include_in_schema"]],
                source["file"],
                source["line"],
            )
        )
    return text.getvalue()


_YES_OR_NO = {True: "yes", False: "no", None: "?"}


def routes_tree(table: RouteTable) -> str:
    """Applications as a tree, each with what is registered on it."""
    lines = [table.app, *_branches(table.root, "")]
    return "\n".join(lines) + "\n"


def _branches(app: App, indent: str) -> Iterator[str]:
    for number, entry in enumerate(app.entries, start=1):
        last = number == len(app.entries)
        words = [_what(entry), _own(entry), _handler(entry)]
        yield f"{indent}{'└── ' if last else '├── '}{'  '.join(word for word in words if word)}"
        if isinstance(entry, Mount) and entry.app is not None:
            yield from _branches(entry.app, indent + ("    " if last else "│   "))


def _what(entry: Entry) -> str:
    match entry:
        case Route(kind="websocket"):
            return "WS"
        case Route(methods=methods):
            return ",".join(visible(method) for method in methods)
        case Mount():
            return "MOUNT"
        case DynamicSite():
            return "DYNAMIC"


def _path(entry: Entry) -> str:
    return "-" if isinstance(entry, DynamicSite) else visible(entry.path) or _empty(entry)


def _own(entry: Entry) -> str:
    if isinstance(entry, DynamicSite):
        return entry.reason
    return visible(entry.own) or _empty(entry)


def _empty(entry: Entry) -> str:
    return "/" if isinstance(entry, Mount) else '""'


def _handler(entry: Entry) -> str:
    match entry:
        case Route(handler=handler) | Mount(target=handler):
            return f"{handler} (at load)" if handler.late else str(handler)
        case DynamicSite(span=span, file=file):
            return str(span) if span is not None else file


def _name(row: Row) -> str:
    entry = row.entry
    if isinstance(entry, DynamicSite):
        return entry.reason
    late = isinstance(entry, Route) or entry.late_name or entry.name is not None
    return visible(row.name) if row.name is not None else ("?" if late else "")


def _aligned(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]
        ).rstrip()
        + "\n"
        for line in lines
    )


def _code(text: str) -> str:
    if not text:
        return ""
    escaped = text.replace("|", "\\|")
    fence = "``" if "`" in text else "`"
    return f"{fence}{escaped}{fence}"
