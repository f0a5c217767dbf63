"""Routes and mounts that can never answer, because something earlier takes every request.

Order is law, so a route is unreachable when each of its methods, on each of its paths, is taken
by an earlier entry. No union of parameter types can do that where a single one cannot: of the
texts that `{x:float}` takes, those like `7.5` are taken only by types that take all of them, and
the same holds for the other four types. So it is enough to look, for every method, for one earlier
route that includes the path, or one earlier mount that includes its beginning.

    /items/{slug}/          GET         takes every GET of the next one
    /items/{number:int}/    GET, POST   reachable by POST: nothing is said
    /items/{number:int}/    GET         unreachable: `GET /items/7/` is answered above

Entries stand in a trie by segment, so that a table of 10,000 routes costs one walk for each.
Middleware of a mounted application may rewrite the request, so nothing outside of such a
group is held against the routes inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from flama_compile.algebra import includes, sample
from flama_compile.diagnostics import Diagnostic, Label, Report
from flama_compile.ir.routes import App, DynamicSite, Mount, Param, Route, RouteTable, Template
from flama_compile.source import Span

__all__ = ["check_reach"]


def check_reach(table: RouteTable, report: Report) -> None:
    """Warn of every route and mount that no request can reach."""
    reach = _Reach(table)
    reach.visit(table.root, (_Node(),), below=False)
    for verdicts in reach.verdicts.values():
        # NOTE: an application mounted twice, or a loop, registers one line several times; the
        # line is at fault only if it is of no use anywhere.
        if all(verdict is not None for verdict in verdicts) and verdicts[0] is not None:
            report.add(verdicts[0])


_ANY = "ANY"
"""Stands for the protocol of a websocket, where a route has methods."""


@dataclass(slots=True)
class _Node:
    """What is registered under one template: segments stand on the way to it."""

    literals: dict[str, _Node] = field(default_factory=dict)
    parameters: dict[str, _Node] = field(default_factory=dict)
    """By type; names do not matter, and `decimal` takes what `float` takes."""
    routes: dict[tuple[str, str], tuple[int, Route]] = field(default_factory=dict)
    """By protocol and method: the first one and its place in the order."""
    mount: tuple[int, Mount] | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """One request that the entry in question ought to answer, and who does."""

    method: str
    url: str
    by: Route | Mount


class _Reach:
    """One walk over a table in registration order."""

    def __init__(self, table: RouteTable) -> None:
        self.verdicts: dict[tuple[Span, str], list[Diagnostic | None]] = {}
        self._order = 0
        self._table = table
        self._literals: frozenset[str] | None = None

    def visit(self, app: App, scopes: tuple[_Node, ...], below: bool) -> None:
        """`scopes`: roots of tries, outermost first; only the last one holds against an entry."""
        for entry in app.entries:
            self._order += 1
            match entry:
                case DynamicSite():
                    continue
                case Route():
                    if below and not entry.own:
                        continue  # answers nothing at all: a rule of its own
                    self._judge(entry, _route_verdict(entry, self._taken(entry, scopes, below)))
                    for template in _templates(entry, below):
                        _insert_route(scopes[-1], template, entry, self._order)
                case Mount():
                    order = self._order
                    by = _first_mount(scopes, entry.segments)
                    self._judge(entry, None if by is None else self._mount_verdict(entry, by))
                    if entry.app is not None and by is None:
                        inner = (*scopes, _Node()) if entry.app.group else scopes
                        self.visit(entry.app, inner, below=True)
                    _insert_mount(scopes[-1], entry, order)

    def _judge(self, entry: Route | Mount, verdict: Diagnostic | None) -> None:
        if entry.span is not None and not _implicit(entry):
            self.verdicts.setdefault((entry.span, entry.own), []).append(verdict)

    def _taken(self, route: Route, scopes: tuple[_Node, ...], below: bool) -> list[_Taken] | None:
        """Who takes each of the route's requests; None when one is left for the route."""
        taken: list[_Taken] = []
        pending = [
            (template, method)
            for template in _templates(route, below)
            for method in (route.methods if route.kind == "http" else (_ANY,))
        ]
        for template, method in pending:
            # Judged by the innermost scope, named by the outermost: that one is asked first.
            if _first(scopes[-1:], template, (route.kind, method)) is None:
                return None
        for template, method in pending:
            by = _first(scopes, template, (route.kind, method))
            assert by is not None
            taken.append(_Taken(method, self._url(template), by))
        return taken

    def _mount_verdict(self, mount: Mount, by: Mount) -> Diagnostic:
        url = self._url(mount.segments) or "/"
        return Diagnostic(
            "FC302",
            f"mount `{mount.path or '/'}` is swallowed by an earlier mount",
            mount.span,
            f"`{url}` and everything below it goes to the earlier mount",
            _places([by]),
            (f"mount it before `{by.path or '/'}`, or under another prefix",),
        )

    def _url(self, template: Template) -> str:
        """A URL that fits; its parameters are like no literal of the table.

        So everything that matches it includes the whole template, and the first such entry is
        the one that answers.
        """
        if self._literals is None and any(isinstance(part, Param) for part in template):
            self._literals = frozenset(
                part
                for entry in self._table.walk()
                if not isinstance(entry, DynamicSite)
                for part in entry.segments
                if isinstance(part, str)
            )
        texts = [sample(part, self._literals or ()) for part in template]
        return "".join("/" + quote(text, safe="-._~!$&'()*+,;=:@") for text in texts)


def _route_verdict(route: Route, taken: list[_Taken] | None) -> Diagnostic | None:
    if not taken:
        return None
    by = list({id(one.by): one.by for one in taken}.values())
    shown = next((one for one in taken if one.method != "HEAD"), taken[0])
    request = shown.url or '""'
    if shown.method != _ANY:
        request = f"{shown.method} {request}"
    place = route.path_span or route.span
    if all(isinstance(entry, Mount) for entry in by):
        mount = by[0].path or "/"
        return Diagnostic(
            "FC302",
            "route is swallowed by a mount registered before it",
            place,
            f"`{request}` goes to the mount at `{mount}`, whose answer is final",
            _places(by),
            ("register it before the mount, or inside the mounted application",),
        )
    if isinstance(shown.by, Route):
        taker = f"is answered by `{shown.by.handler}`"
    else:
        taker = f"goes to the mount at `{shown.by.path or '/'}`"
    return Diagnostic(
        "FC301",
        "route can never be reached",
        place,
        f"`{request}` {taker}, registered before it",
        _places(by),
        (_advice(route, by),),
    )


def _advice(route: Route, by: list[Route | Mount]) -> str:
    if built_in := [entry.name for entry in by if _implicit(entry)]:
        return f"choose another path, or turn the built-in route off with `{built_in[0]}=None`"
    first = by[0]
    if isinstance(first, Route) and _includes(route.segments, first.segments):
        if route.kind == "websocket":
            return "remove one of the two, or give this one another path"
        return "remove one of the two, or give this one another path or another method"
    what = "it" if route.path == route.own else "the mount above it"
    return f"register {what} before `{first.path}`, or change its path"


def _implicit(entry: Route | Mount) -> bool:
    """Whether `Flama()` registered it by itself: shadowing it is how one replaces it."""
    return isinstance(entry, Route) and entry.handler.module == "flama.schemas"


def _includes(a: Template, b: Template) -> bool:
    return len(a) == len(b) and all(map(includes, a, b))


def _places(entries: list[Route | Mount] | list[Mount]) -> tuple[Label, ...]:
    labels = []
    for entry in entries[:4]:
        if isinstance(entry, Route):
            place = entry.path_span or entry.span
            origin = ", which `Flama()` registers by itself," if _implicit(entry) else ""
            text = f"`{entry.path}`{origin} takes the same requests"
        else:
            place = entry.span
            text = f"the mount at `{entry.path or '/'}` takes everything below it"
        if place is not None:
            labels.append(Label(place, text))
    return tuple(labels)


def _templates(route: Route, below: bool) -> tuple[Template, ...]:
    """The paths of a route as segments; `/` below a mount also takes the bare prefix."""
    if below and route.segments[-1:] == ("",) and route.own == "/":
        return (route.segments, route.segments[:-1])
    return (route.segments,)


def _insert_route(root: _Node, template: Template, route: Route, order: int) -> None:
    node = _place(root, template)
    for method in route.methods if route.kind == "http" else (_ANY,):
        node.routes.setdefault((route.kind, method), (order, route))


def _insert_mount(root: _Node, mount: Mount, order: int) -> None:
    node = _place(root, mount.segments)
    if node.mount is None:
        node.mount = (order, mount)


def _place(node: _Node, template: Template) -> _Node:
    for part in template:
        if isinstance(part, str):
            node = node.literals.setdefault(part, _Node())
        else:
            node = node.parameters.setdefault(_type(part.type), _Node())
    return node


def _type(name: str) -> str:
    return "float" if name == "decimal" else name


def _first(
    scopes: tuple[_Node, ...], template: Template, asked: tuple[str, str]
) -> Route | Mount | None:
    """The earliest entry that takes the whole template, in the outermost scope that has one."""
    for root in scopes:
        best: tuple[int, Route | Mount] | None = None
        for node, whole in _including(root, template):
            for found in (node.mount, node.routes.get(asked) if whole else None):
                if found is not None and (best is None or found[0] < best[0]):
                    best = found
        if best is not None:
            return best[1]
    return None


def _first_mount(scopes: tuple[_Node, ...], template: Template) -> Mount | None:
    best: tuple[int, Mount] | None = None
    for node, _ in _including(scopes[-1], template):
        if node.mount is not None and (best is None or node.mount[0] < best[0]):
            best = node.mount
    return None if best is None else best[1]


def _including(root: _Node, template: Template) -> Iterator[tuple[_Node, bool]]:
    """Nodes whose templates include the template or a beginning of it; whether it is all of it."""
    pending = [(root, 0)]
    while pending:
        node, depth = pending.pop()
        yield node, depth == len(template)
        if depth == len(template):
            continue
        part = template[depth]
        if isinstance(part, str) and part in node.literals:
            pending.append((node.literals[part], depth + 1))
        for type, child in node.parameters.items():
            if includes(Param("", type), part):
                pending.append((child, depth + 1))
