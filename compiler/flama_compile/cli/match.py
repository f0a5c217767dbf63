"""Which route answers a request: `routes --match`, and `explain 'GET /path'`."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import click

from flama_compile.cli.front import Front
from flama_compile.cli.routes import exit_of_listing
from flama_compile.ir.routes import Mount, Route
from flama_compile.report import routes as listing
from flama_compile.report.data import dumps, place
from flama_compile.report.snippets import visible
from flama_compile.verify.oracle import Answer, Protocol, answer

__all__ = ["answer_request"]


def answer_request(front: Front, app: str | None, request: str, format: str) -> int:
    """Print what answers a request such as `GET /users/me`, and what else would have fitted."""
    protocol, method, path = _request(request)
    analysis = front.analyse(front.options(app))
    if analysis.table is not None:
        found = answer(analysis.table, protocol, method, path)
        rows = {id(row.entry): row for row in listing.rows(analysis.table)}
        document = {
            "format": 1,
            "answer": _answer_json(found, rows),
            "lost": [listing.row_json(rows[id(route)]) for route in found.others],
        }
        front.result(dumps(document) if format == "json" else _answer_text(request, found, rows))
    return exit_of_listing(front, analysis)


def _request(text: str) -> tuple[Protocol, str, str]:
    """`GET /users/me?x=1` as protocol, method and decoded path; `WS` is the websocket protocol."""
    match = re.fullmatch(r"\s*(?:(\S+)\s+)?(\S.*?|)\s*", text, re.DOTALL)
    assert match is not None
    method, target = match[1] or "GET", match[2]
    if match[1] is None and not target.startswith(("/", "http:", "https:", "ws:", "wss:", "*")):
        raise click.UsageError(f"`{text}` is not a request; write one as 'GET /users/me'")
    if whole := re.match(r"(https?|wss?)://[^/?#]*", target):
        target = target[whole.end() :] or "/"
        method = "WS" if whole[1].startswith("ws") else method
    path = unquote(re.split(r"[?#]", target)[0])
    if not path.startswith("/") and path not in ("", "*"):
        raise click.UsageError(f"`{text}`: the path `{path}` does not start with a slash")
    if method in ("WS", "WEBSOCKET"):
        return "websocket", "", path
    return "http", method, path


def _answer_json(found: Answer, rows: dict[int, listing.Row]) -> dict[str, Any] | None:
    match found:
        case Answer(status="route", route=Route() as route):
            return {**listing.row_json(rows[id(route)]), "params": _params(found)}
        case Answer(status="mount", mount=Mount() as mount):
            made = listing.row_json(rows[id(mount)])
            return {**made, "params": _params(found), "root_path": found.root_path}
        case Answer(status="405"):
            return {"status": 405, "allow": list(found.allow)}
        case Answer(status="dynamic", site=site) if site is not None:
            row = rows[id(site)]
            return {"dynamic": listing.dynamic_json(site, row.after)}
        case _:
            return None


def _params(found: Answer) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Decimal | uuid.UUID) else value
        for name, value in found.params.items()
    }


def _answer_text(request: str, found: Answer, rows: dict[int, listing.Row]) -> str:
    lines = [visible(request)]
    match found:
        case Answer(status="route", route=Route() as route):
            lines.append(f"  is answered by {_described(route)}")
            lines += [f"  {visible(name)} = {value!r}" for name, value in found.params.items()]
        case Answer(status="mount", mount=Mount() as mount):
            root_path = visible(found.root_path)
            lines.append(f"  goes to the application {mount.target} mounted at {_place(mount)}")
            lines.append(f"  root_path = {root_path!r}, rest = {found.rest!r}")
        case Answer(status="405"):
            lines.append(f"  is answered with 405; allowed: {', '.join(found.allow)}")
        case Answer(status="dynamic", site=site) if site is not None:
            lines.append(f"  may be answered by a dynamic site: {site.reason} at {site.span}")
        case Answer(status="refused"):
            lines.append("  is refused: no websocket route fits")
        case _:
            lines.append("  is answered with 404: no route fits")
    for mount in found.within:
        if mount is not found.mount:
            lines.append(f"  inside the mount {_place(mount)}, whose answer is final")
    if found.others:
        lines.append("also fitting the path, and lost:")
        lines += [f"  {_described(route)}" for route in found.others]
    return "\n".join(lines) + "\n"


def _described(route: Route) -> str:
    methods = ",".join(route.methods) or "WS"
    at = f" at {route.span}" if route.span is not None else ""
    return f"{route.handler}  ({methods} {visible(route.path)}{at})"


def _place(mount: Mount) -> str:
    where = place(mount.span)
    at = f" ({where['file']}:{where['line']})" if where else ""
    return f"{visible(mount.path) or '/'}{at}"
