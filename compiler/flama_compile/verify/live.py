"""Compares the route table with the application itself, imported in a process of its own.

Three things must hold: the application registers what its source says, route by route; its
interpreted router answers every witness as the table says; and so does the compiled module over the
same objects. No view is called for that.
"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flama._fingerprint import fits

from flama_compile.diagnostics import Diagnostic
from flama_compile.ir.routes import DynamicSite, Entry, Mount, Route, RouteTable
from flama_compile.verify.oracle import Answer, Oracle
from flama_compile.verify.witnesses import Request, groups_of

__all__ = ["PATIENCE", "Compared", "Live", "compare_live", "witnesses_of"]

PATIENCE = 300
"""Seconds after which an application that is still being imported is given up."""
STEPS = 50_000_000
"""Looks at entries that the interpreted router may take: about a minute."""
SHOWN = 20
"""Requests with different answers that are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Live:
    """How the application is imported."""

    app: str
    root: Path
    path: tuple[str, ...]
    """Folders that go in front of the import path."""


def witnesses_of(table: RouteTable) -> list[Request]:
    """Every request that might tell a wrong table from a right one."""
    groups = groups_of(table)
    found = dict.fromkeys(
        request for first in (*groups.literal, None) for request in groups.requests(first)
    )
    return list(found)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared."""

    differences: list[Diagnostic]
    requests: int = 0
    """Requests that the table and the compiled module were asked; 0 for a table that is not exact,
    for then a dynamic site may answer any of them."""
    interpreted: int = 0
    """Those of them that the interpreted router was asked as well."""


def compare_live(
    table: RouteTable, rows: Sequence[str], module: str | None, live: Live
) -> Compared:
    """Compare the table with the application.

    :param rows: The lines of the table's fingerprint, one an entry, depth first.
    :param module: The compiled module's text, None where the table cannot be compiled.
    """
    requests = witnesses_of(table) if table.exact else []
    entries = list(table.walk())
    # The interpreted router looks at every entry, so a large table is tried at fewer requests.
    every = 1 + len(entries) * len(requests) // STEPS
    question = {
        "app": live.app,
        "path": list(live.path),
        "rows": list(rows),
        "module": module,
        "requests": requests,
        "every": every,
    }
    answer = _ask(question, live)
    if "failed" in answer:
        return Compared([_cannot_import(live, answer)])
    found = _rows_differ(entries, rows, answer["rows"])
    if found:
        # Everything below would only repeat it.
        return Compared(found)
    if "refused" in answer:
        return Compared([_refused(table, answer["refused"])])
    oracle = Oracle(table)
    places = {id(entry): place for place, entry in enumerate(entries)}
    wanted = [_expected(oracle.answer(*request), places) for request in requests]
    for mode, step in (("interpreted", every), ("compiled", 1)):
        if mode in answer:
            asked, right = requests[::step], wanted[::step]
            found += _answers_differ(mode, asked, right, answer[mode], entries)
    return Compared(found, len(requests), len(requests[::every]))


def _ask(question: dict[str, Any], live: Live) -> dict[str, Any]:
    """Run the child; what it cannot do comes back as `failed`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "flama_compile.verify.live_child", str(file)]
        try:
            ran = subprocess.run(
                command,
                cwd=live.root,
                input=json.dumps(question),
                encoding="utf-8",
                errors="replace",
                capture_output=True,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return {"failed": f"it was still being imported after {PATIENCE} seconds"}
        except OSError as error:
            return {"failed": f"its process cannot be started: {error}"}
        try:
            answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            last = ran.stderr.strip().rpartition("\n")[2]
            return {"failed": f"the process ended with {ran.returncode}: {last}"}
        return answer


def _rows_differ(
    entries: Sequence[Entry], static: Sequence[str], live: Sequence[str]
) -> list[Diagnostic]:
    """Side by side what the source says and what is registered, where they are not the same."""
    if len(static) == len(live) and all(map(_fits, static, live)):
        return []
    found: list[Diagnostic] = []
    # What fits is made equal, so that the comparison aligns it.
    known = set(live)
    vague = [row for row in static if row not in known]
    fitting = {row: next((one for one in live if _fits(row, one)), row) for row in vague}
    matched = [fitting.get(row, row) for row in static]
    matcher = difflib.SequenceMatcher(None, matched, list(live), autojunk=False)
    dynamic = {place for place, entry in enumerate(entries) if isinstance(entry, DynamicSite)}
    for tag, low, high, live_low, live_high in matcher.get_opcodes():
        if tag == "equal":
            continue
        sources = [place for place in range(low, high) if place not in dynamic]
        extra = list(live[live_low:live_high])
        if dynamic.intersection(range(low, high)) or low - 1 in dynamic:
            extra = []  # a dynamic site may register what it likes, at its place
        for number in range(max(len(sources), len(extra))):
            place = sources[number] if number < len(sources) else None
            row = extra[number] if number < len(extra) else None
            found.append(_difference(entries, static, place, row))
    return found


def _fits(static: str, live: str) -> bool:
    indent = len(static) - len(static.lstrip(" "))
    return indent == len(live) - len(live.lstrip(" ")) and fits(static.strip(), live.strip())


def _difference(
    entries: Sequence[Entry], static: Sequence[str], place: int | None, live: str | None
) -> Diagnostic:
    if place is None:
        assert live is not None
        return Diagnostic(
            "FC311",
            f"the application registers `{live.strip()}`, which its source does not tell",
            None,
            help=("report it, or declare where it is registered as a dynamic site",),
        )
    source = static[place].strip()
    if live is None:
        message = f"the source says `{source}`, which the application does not register"
        help = "is the statement reached when the application is imported?"
    else:
        message = f"the source says `{source}`, the application registers `{live.strip()}`"
        help = "is something registered or renamed while the application is imported?"
    return Diagnostic("FC311", message, entries[place].span, "registered here", (), (help,))


def _expected(answer: Answer, places: dict[int, int]) -> list[Any]:
    match answer.status:
        case "route" | "mount":
            entry = answer.route or answer.mount
            params = {name: repr(value) for name, value in sorted(answer.params.items())}
            return ["entry", places[id(entry)], params, []]
        case "405":
            return ["405", None, {}, list(answer.allow)]
        case status:
            return [status, None, {}, []]


def _answers_differ(
    mode: str,
    requests: Sequence[Request],
    wanted: Sequence[list[Any]],
    given: Sequence[list[Any]],
    entries: Sequence[Entry],
) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    wrong = 0
    for request, right, answer in zip(requests, wanted, given, strict=True):
        # A compiled module says who answers; its values were checked when it was built.
        if right == answer or (mode == "compiled" and _without(right) == _without(answer)):
            continue
        wrong += 1
        if wrong <= SHOWN:
            protocol, method, path = request
            shown = f"{method if protocol == 'http' else 'WS'} {path!r}"
            message = (
                f"`{shown}` is {_words(answer, entries)} when {mode}, "
                f"and {_words(right, entries)} by the table"
            )
            place = right[1] if right[1] is not None else answer[1]
            span = entries[place].span if place is not None else None
            found.append(Diagnostic("FC312", message, span))
    if wrong > SHOWN:
        found.append(Diagnostic("FC312", f"{wrong - SHOWN} more requests differ when {mode}", None))
    return found


def _without(answer: list[Any]) -> list[Any]:
    return [*answer[:2], *answer[3:]]


def _words(answer: list[Any], entries: Sequence[Entry]) -> str:
    kind, place, params, allow = answer
    if kind != "entry":
        return f"{kind} {', '.join(allow)}".strip()
    entry = entries[place]
    assert isinstance(entry, Route | Mount)
    handler = entry.handler if isinstance(entry, Route) else entry.target
    values = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{handler}({values})"


def _cannot_import(live: Live, answer: dict[str, Any]) -> Diagnostic:
    lines = [line for line in answer.get("trace", "").splitlines() if 'File "' in line]
    own = [line.strip() for line in lines if "flama_compile" not in line and "<frozen" not in line]
    return Diagnostic(
        "FC310",
        f"`{live.app}` cannot be imported: {answer['failed']}",
        None,
        help=(
            *([f"it was raised in {own[-1]}"] if own else []),
            "`verify` needs an environment in which the application starts",
        ),
    )


def _refused(table: RouteTable, why: str) -> Diagnostic:
    return Diagnostic(
        "FC312", f"the compiled module does not load: {why}", table.root.span, "this application"
    )
