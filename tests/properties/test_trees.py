"""Invented trees of applications: views, handlers and middleware see the same in both modes.

A tree has Flamas and Routers under prefixes with parameters, some with middleware, exception
handlers, components or foreign applications. Its views tell what they see of their request; every
path is asked for, with and without a server's own prefix, and so are paths beside it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from conformance.compile import build
from conformance.form import (
    Application,
    Exchange,
    LifespanExpectation,
    http,
    websocket,
)
from conformance.harness import load, perform, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = """
from flama import Component, Flama, Middleware, Router, types, websockets
from flama.endpoints import HTTPEndpoint
from flama.exceptions import HTTPException
from flama.http import PlainTextResponse, Request
from notes import note

class Tag:
    def __init__(self, app, word):
        self.app = app
        self.word = word

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        note([self.word, scope["type"], scope["path"], scope.get("root_path")])

        async def tagged(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-tag", self.word.encode()))
            await send(message)

        try:
            await self.app(scope, receive, tagged)
        except Exception as error:
            note([self.word, type(error).__name__])
            raise

class Rewrite:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["path"].endswith("/old"):
            scope = {**scope, "path": scope["path"][:-3] + "fast"}
        await self.app(scope, receive, send)

class Word:
    def __init__(self, text):
        self.text = text

class WordComponent(Component):
    def __init__(self, text):
        self.text = text

    def resolve(self) -> Word:
        note(["word", self.text])
        return Word(self.text)

class Failure(Exception):
    pass

def seen(request):
    scope = request.scope
    return {
        "path": scope["path"],
        "root_path": scope["root_path"],
        "app_root_path": scope.get("app_root_path"),
        "path_params": {name: repr(value) for name, value in request.path_params.items()},
        "route": scope["route"].path if "route" in scope else None,
        "app": NAMES.get(id(request.app)),
        "url": str(request.url),
    }

def handler(word):
    def handle(request, exc):
        return PlainTextResponse(f"{word} {exc} {seen(request)}", 490)
    return handle

async def foreign(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError("no lifespan")
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4444})
        return
    text = repr([scope["path"], scope["root_path"], scope.get("path_params")])
    await PlainTextResponse(text)(scope, receive, send)

async def fast():
    return "fast"

def sync(q: int = 0):
    return q

async def raw(request: Request):
    return seen(request)

async def word(word: Word, request: Request):
    return [word.text, seen(request)["root_path"]]

async def fails(what: str):
    if what == "http":
        raise HTTPException(409)
    if what == "failure":
        raise Failure("f")
    return PlainTextResponse(what)

async def typed(n: int, q: str = "q"):
    return [n, q]

class Verbs(HTTPEndpoint):
    def get(self):
        return seen(self.request)

    async def put(self, q: int):
        return q

async def socket(websocket: websockets.WebSocket, path: types.Path):
    async with websocket:
        await websocket.send_json([path, websocket.scope["root_path"], websocket.path_params])

NAMES = {}
app = Flama(schema=None, docs=None, components=[WordComponent("root")])
NAMES[id(app)] = "app"
"""

VIEWS = {
    "/fast": 'add_route("/fast", fast, name="fast")',
    "/sync": 'add_route("/sync", sync, methods=["GET", "POST"], name="sync")',
    "/raw/x": 'add_route("/raw/{x}", raw, name="raw")',
    "/word": 'add_route("/word", word, name="word")',
    "/fails/http": 'add_route("/fails/{what}", fails, name="fails")',
    "/fails/failure": 'add_route("/fails/{what}", fails, name="fails")',
    "/fails/text": 'add_route("/fails/{what}", fails, name="fails")',
    "/7": 'add_route("/{n:int}", typed, name="typed")',
    "/verbs": 'add_route("/verbs", Verbs)',
    "/": 'add_route("/", raw, name="slash")',
    "/ws": 'add_websocket_route("/ws", socket)',
}
PREFIXES = {
    "/a": "/a",
    "/b/": "/b",
    "/{p}": "/p q",
    "/{i:int}": "/12",
    "/c/{d:float}": "/c/1.50",
    "": "",
}


@dataclass(frozen=True)
class Node:
    """One application below a prefix."""

    kind: str
    prefix: str
    middleware: int
    """0 none, 1 one that tags, 2 also one that rewrites paths."""
    handles: bool
    component: bool
    views: tuple[str, ...]
    below: tuple[Node, ...]


def nodes(depth: int) -> st.SearchStrategy[Node]:
    """A node and what is below it."""
    inner = st.lists(nodes(depth - 1), max_size=2) if depth else st.just([])
    return st.builds(
        Node,
        st.sampled_from(["Flama", "Flama", "Router", "foreign"]),
        st.sampled_from(sorted(PREFIXES)),
        st.sampled_from([0, 0, 1, 2]),
        st.booleans(),
        st.booleans(),
        st.lists(st.sampled_from(sorted(VIEWS)), min_size=1, max_size=4).map(tuple),
        inner.map(tuple),
    )


def source_of(root: Node) -> tuple[str, list[str]]:
    """The program, and paths that lead to its views."""
    lines = [HEADER]
    paths: list[str] = []
    numbers = itertools.count(1)

    def fill(node: Node, name: str, prefix: str) -> None:
        for view in dict.fromkeys(VIEWS[path] for path in node.views):
            lines.append(f"{name}.{view}")
        paths.extend(prefix + path for path in node.views)
        for child in node.below:
            mount(child, name, prefix)

    def mount(node: Node, parent: str, prefix: str) -> None:
        inside = prefix + PREFIXES[node.prefix]
        if node.kind == "foreign":
            lines.append(f"{parent}.mount({node.prefix!r}, foreign)")
            paths.extend([inside, inside + "/x"])
            return
        name = f"node_{next(numbers)}"
        given = ["schema=None", "docs=None"] if node.kind == "Flama" else []
        if node.middleware:
            rewrite = ", Middleware(Rewrite)" if node.middleware == 2 else ""
            given.append(f"middleware=[Middleware(Tag, word={name!r}){rewrite}]")
        if node.component:
            given.append(f"components=[WordComponent({name!r})]")
        lines.append(f"{name} = {node.kind}({', '.join(given)})")
        lines.append(f"NAMES[id({name})] = {name!r}")
        if node.handles and node.kind == "Flama":
            lines.append(f"{name}.add_exception_handler(Failure, handler({name!r}))")
            lines.append(f"{name}.add_exception_handler(404, handler({name + ' 404'!r}))")
        fill(node, name, inside)
        lines.append(f"{parent}.mount({node.prefix!r}, {name}, name={name!r})")

    if root.middleware:
        lines.append('app.add_middleware(Middleware(Tag, word="app"))')
    if root.handles:
        lines.append('app.add_exception_handler(Failure, handler("app"))')
        lines.append('app.add_exception_handler(405, handler("app 405"))')
    fill(root, "app", "")
    return "\n".join(lines) + "\n", paths


def exchanges_of(paths: list[str]) -> tuple[Exchange, ...]:
    """Requests to the views, and to what lies beside them."""
    asked: list[Exchange] = []
    names = itertools.count()
    near = {variant for p in paths for variant in (p, p + "/", p + "x", p.rstrip("/"), "/" + p)}
    near |= {path.rpartition("/")[0] + "/old" for path in paths} | {"", "/", "*"}
    for path in sorted(near):
        target = path.replace(" ", "%20")
        for method in ("GET", "POST", "HEAD", "PUT"):
            query = "?q=5" if method != "HEAD" else "?q=x"
            asked.append(http(str(next(names)), f"{method} {target}{query}", None))
        root = {"root_path": "/server"}
        asked.append(http(str(next(names)), f"GET /server{target}", None, scope=root))
        asked.append(websocket(str(next(names)), target, ["x"], []))
    return tuple(asked)


_NUMBERS = itertools.count()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(root=nodes(2))
def test_both_modes_see_the_same(root: Node, tmp_path_factory: pytest.TempPathFactory) -> None:
    source, paths = source_of(root)
    exchanges = exchanges_of(paths)
    name = f"trees {next(_NUMBERS)}"
    application = Application(name, {"main.py": source}, exchanges, LifespanExpectation())
    folder = tmp_path_factory.mktemp("trees") / "app"
    write(application, folder)
    target = application.target
    interpreted = perform(application, load(folder, target), "interpreted")
    compiled = perform(application, load(folder, build(folder, target)), "compiled")
    assert compiled.startup == interpreted.startup
    for exchange in exchanges:
        answer = interpreted.exchanges[exchange.name]
        assert compiled.exchanges[exchange.name] == answer, (exchange, source)
        assert ("stuck",) not in answer
    assert compiled.shutdown == interpreted.shutdown
