"""Unreachable means unreachable, and reachable means reachable: rules against the oracle."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from random import Random
from urllib.parse import unquote

import pytest
from flama_compile.algebra import accepts, sample
from flama_compile.check import check, unreachable
from flama_compile.check.unreachable import check_reach
from flama_compile.diagnostics import Report
from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Param,
    Route,
    RouteTable,
)
from flama_compile.source import Span
from flama_compile.verify.oracle import answer
from support.tables import LITERALS, build, random_specs


def placed(app: App, lines: itertools.count[int]) -> App:
    """The same application with a line of its own for every entry, and without dynamic sites."""
    entries: list[Entry] = []
    for entry in app.entries:
        line = next(lines)
        span = Span("app.py", line, 1, line, 2)
        match entry:
            case Route():
                entries.append(replace(entry, span=span))
            case Mount(app=None):
                entries.append(replace(entry, span=span))
            case Mount(app=App() as below):
                entries.append(replace(entry, span=span, app=placed(below, lines)))
            case DynamicSite():
                continue
    return replace(app, entries=tuple(entries))


def paths_of(route: Route, below: bool) -> list[str]:
    """Paths that the route fits: with fresh texts, and with those that other routes name."""
    choices = []
    for part in route.segments:
        if isinstance(part, Param):
            texts = [sample(part, LITERALS), *(text for text in LITERALS if _fits(part, text))]
            choices.append(texts)
        else:
            choices.append([part])
    found = ["".join("/" + text for text in texts) for texts in itertools.product(*choices)]
    if below and route.own == "/":
        found += [
            "".join("/" + text for text in texts[:-1]) for texts in itertools.product(*choices)
        ]
    return found


def _fits(part: Param, text: str) -> bool:
    return accepts(part.type, text)


def walk(app: App, above: tuple[Mount, ...] = ()) -> list[tuple[Route, tuple[Mount, ...]]]:
    found = []
    for entry in app.entries:
        if isinstance(entry, Route):
            found.append((entry, above))
        elif isinstance(entry, Mount) and entry.app is not None:
            found += walk(entry.app, (*above, entry))
    return found


@pytest.mark.parametrize("seed", range(300))
def test_reports_agree_with_the_oracle(seed: int) -> None:
    table = build(random_specs(Random(seed), size=18, depth=1))
    table = RouteTable(table.app, placed(table.root, itertools.count(1)))
    report = Report()
    check_reach(table, report)
    reported = {found.span for found in report.found}
    for route, above in walk(table.root):
        if above and not route.own:
            continue  # answers nothing; another rule says so
        requests = [
            (path, method)
            for path in paths_of(route, bool(above))
            for method in (route.methods if route.kind == "http" else ("",))
        ]
        answers = [answer(table, route.kind, method, path) for path, method in requests]
        reached = any(found.route is route for found in answers)
        swallowed = any(mount.span in reported for mount in above)
        grouped = any(mount.app is not None and mount.app.group for mount in above)
        if route.span in reported or swallowed:
            assert not reached, f"{route.path} is reported and answers"
        elif requests and not grouped:
            assert reached, f"{route.path} is not reported and never answers"


@pytest.mark.parametrize("seed", range(300))
def test_the_proof_is_true(seed: int) -> None:
    """The request that a message shows is answered by the handler that it names."""
    table = build(random_specs(Random(seed), size=18, depth=1))
    table = RouteTable(table.app, placed(table.root, itertools.count(1)))
    report = Report()
    check_reach(table, report)
    routes = {route.span: route for route, _ in walk(table.root)}
    for found in report.found:
        if found.code != "FC301" or found.span is None:
            continue
        kind = routes[found.span].kind
        shown = re.fullmatch(
            r"`(?:(\S+) )?([^`]*)` (?:is answered by `(.*)`|goes to the mount at `(.*)`), "
            "registered before it",
            found.label,
        )
        assert shown is not None
        method, path, handler, mount = shown.groups()
        reply = answer(table, kind, method or "", "" if path == '""' else unquote(path))
        if handler is not None:
            assert reply.route is not None and str(reply.route.handler) == handler
        else:
            assert mount in [within.path or "/" for within in reply.within]


def big(number: int) -> RouteTable:
    """Many routes of many shapes, all of them reachable, but for the last one."""
    entries: list[Entry] = []
    kinds = ["int", "float", "uuid", "str"]
    for index in range(number):
        segments = (
            "api",
            f"r{index % 97}",
            Param("a", kinds[index % 4]),
            f"x{index}",
            Param("b", "str"),
        )
        span = Span("app.py", index + 1, 1, index + 1, 9)
        path = "/" + "/".join(
            part if isinstance(part, str) else f"{{{part.name}:{part.type}}}" for part in segments
        )
        entries.append(
            Route(
                "http",
                path,
                path,
                segments,
                ("GET", "HEAD"),
                Handler("app", f"view_{index}"),
                False,
                (),
                f"view_{index}",
                True,
                span,
            )
        )
    last = entries[-1]
    assert isinstance(last, Route)
    entries.append(replace(last, span=Span("app.py", number + 1, 1, number + 1, 9)))
    return RouteTable(
        "app:app", App(Handler("app", "app"), "flama", False, (), tuple(entries), None)
    )


def test_ten_thousand_routes_take_about_as_many_steps_as_routes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Steps are counted, not seconds: each is one node of the trie that is looked at."""
    steps = 0
    including = unreachable._including

    def counted(*arguments):  # type: ignore[no-untyped-def]
        nonlocal steps
        for found in including(*arguments):
            steps += 1
            yield found

    monkeypatch.setattr(unreachable, "_including", counted)
    report = Report()
    check(big(10_000), report)
    assert [found.code for found in report.found] == ["FC301"]
    assert steps < 40 * 10_000


def test_the_tables_are_worth_looking_at() -> None:
    codes = []
    for seed in range(300):
        table = build(random_specs(Random(seed), size=18, depth=1))
        table = RouteTable(table.app, placed(table.root, itertools.count(1)))
        report = Report()
        check_reach(table, report)
        codes += [found.code for found in report.found]
    assert codes.count("FC301") > 50
    assert codes.count("FC302") > 50
