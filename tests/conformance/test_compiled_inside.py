"""A compiled application that another application contains is what it was compiled from.

The outer one is interpreted in both modes; the inner one comes as it is, or compiled. Whole
transcripts must be equal, and whatever can be asked of the outer application.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from .compile import build
from .form import Application, LifespanExpectation, http, websocket
from .harness import Life, Loaded, Timeline, load, run_exchange, write

INNER = """\
from flama import Flama
from flama.exceptions import HTTPException
from flama.http import Request
from flama.middleware import Middleware
from flama.types import Path, PathParams, Scope
from flama.websockets import WebSocket
from notes import note


class Noted:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        note(f"inner middleware {scope['path']} {scope['root_path']!r}")
        await self.app(scope, receive, send)


def fail(request, error):
    raise error


app = Flama({layers})
group = Flama(schema=None, docs=None, middleware=[Middleware(Noted)])
app.mount("/group", group, name="group")


@app.on_event("startup")
def start():
    note("inner starts")


@app.on_event("shutdown")
def stop():
    note("inner stops")


@app.get("/items/{item_id:int}/")
def item(item_id: int, q: str = "none"):
    \"\"\"An item.\"\"\"
    return {"item": item_id, "q": q}


@group.get("/where/")
@app.get("/where/")
def where(request: Request, scope: Scope, path: Path, params: PathParams):
    note(request.app is app)
    return {
        "root_path": scope["root_path"],
        "app_root_path": scope.get("app_root_path"),
        "path": str(path),
        "params": dict(params),
        "url": str(request.url),
        "item": str(request.url_for("item", item_id=7)) if scope["app"] is app else "",
        "state": sorted(request.state._state),
    }


@app.get("/owner/")
def owner(current: Flama):
    return current is app


@app.get("/teapot/")
def teapot():
    raise HTTPException(418, "short and stout")


@app.get("/broken/")
def broken():
    raise KeyError("lost")


@app.post("/body/")
async def body(request: Request):
    return await request.json()


@app.websocket_route("/echo/")
async def echo(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text(websocket.url.path)
    await websocket.close()
"""

OUTER = """\
import contextlib

from flama import Component, Flama
from flama.http import PlainTextResponse
from flama.middleware import Middleware
from flama.types import Scope
from notes import note
from {module} import app as inner


class Gate:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        note(f"outer middleware {{scope['type']}}")
        await self.app(scope, receive, send)


async def wrapped(scope, receive, send):
    note(f"wrapped {{scope['type']}}")
    await inner(scope, receive, send)


class Guess(Component):
    def can_handle_parameter(self, parameter):
        return parameter.name == "q"

    def resolve(self) -> str:
        return "guessed by the outer application"


@contextlib.asynccontextmanager
async def lifespan(app):
    note("outer starts")
    yield {{"outer": 1}}
    note("outer stops")


app = Flama(lifespan=lifespan{options})


@app.get("/own/")
def own(): ...


{statements}
"""

LAYERS = {
    "plain": "docs=None",
    "layered": "docs=None, middleware=[Middleware(Noted)]",
}
SHAPES = {
    "mounted": ("", 'app.mount("/in", inner, name="in")'),
    "mounted everywhere": (", schema=None, docs=None", 'app.mount("", inner, name="in")'),
    "mounted under a parameter": ("", 'app.mount("/in/{team:int}", inner, name="in")'),
    "mounted twice": ("", 'app.mount("/in", inner, name="in")\napp.mount("/on", inner)'),
    "wrapped": ("", 'app.mount("/in", wrapped)'),
    "wrapped everywhere": (", schema=None, docs=None", 'app.mount("/", wrapped)'),
    "with handlers around it": (
        ", middleware=[Middleware(Gate)]",
        'app.mount("/in", inner, name="in")\n'
        "app.add_exception_handler(KeyError, lambda r, e: PlainTextResponse(str(e), 409))\n"
        "app.add_exception_handler(404, lambda r, e: PlainTextResponse(r.app.__class__.__name__))",
    ),
    "wrapped, with handlers around it": (
        "",
        'app.mount("/in", wrapped)\n'
        "app.add_exception_handler(KeyError, lambda r, e: PlainTextResponse(str(e), 409))",
    ),
    "with components around it": (", components=[Guess()]", 'app.mount("/in", inner, name="in")'),
    "wrapped, with components around it": (", components=[Guess()]", 'app.mount("/in", wrapped)'),
}
PREFIXES = ("", "/in", "/in/5", "/on")


def exchanges(prefix: str) -> list[Any]:
    return [
        http("an item", f"GET {prefix}/items/3/", None),
        http("a query", f"GET {prefix}/items/3/?q=x", None),
        http("no item", f"GET {prefix}/items/x/", None),
        http("another method", f"DELETE {prefix}/items/3/", None),
        http("where it is", f"GET {prefix}/where/", None),
        http("where a group is", f"GET {prefix}/group/where/", None),
        http("nothing in a group", f"GET {prefix}/group/nothing/", None),
        http("who owns it", f"GET {prefix}/owner/", None),
        http("an error", f"GET {prefix}/teapot/", None),
        http("an exception", f"GET {prefix}/broken/", None),
        http("a body", f"POST {prefix}/body/", None, json_body={"a": 1}),
        http("the document", f"GET {prefix}/schema/", None),
        http("the prefix", f"GET {prefix or '/'}", None),
        websocket("a websocket", f"{prefix}/echo/", ()),
        websocket("no websocket", f"{prefix}/nothing/", ()),
    ]


def transcript(folder: Path, shape: str, layers: str, compiled: bool) -> list[Any]:
    """All that the outer application says and does."""
    inner = INNER.replace("{layers}", LAYERS[layers])
    application = Application("inside", {"main.py": inner}, (), LifespanExpectation())
    write(application, folder)
    target = build(folder, application.target) if compiled else application.target
    options, statements = SHAPES[shape]
    module = target.partition(":")[0]
    outer = OUTER.format(module=module, options=options, statements=statements)
    (folder / "outer.py").write_text(outer)
    loaded = load(folder, "outer:app")
    with loaded.active():
        return asyncio.run(_all(loaded))


async def _all(loaded: Loaded) -> list[Any]:
    life = Life(loaded)
    done: list[Any] = [await life.start()]
    for prefix in PREFIXES:
        for exchange in exchanges(prefix):
            done.append((prefix, exchange.name, await run_exchange(exchange, loaded, life.state)))
    done.append(await life.stop())
    app = loaded.app
    done.append([(entry.path, entry.name, type(entry).__name__) for entry in app.routes])
    for name in ("item", "in:item", "in:group:where", "in"):
        try:
            done.append(str(app.resolve_url(name, item_id=3)))
        except Exception as error:
            done.append(repr(error))
    return done


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_compiled_application_is_a_part_like_any_other(
    tmp_path: Path, shape: str, layers: str
) -> None:
    interpreted = transcript(tmp_path / "interpreted", shape, layers, False)
    compiled = transcript(tmp_path / "compiled", shape, layers, True)
    assert compiled == interpreted
    statuses = {status for status in map(_status, interpreted) if status}
    assert {200, 405, 418} <= statuses


def _status(step: Any) -> int | None:
    if not isinstance(step, tuple):
        return None
    timeline: Timeline = step[2]
    starts = [entry[2] for entry in timeline if entry[:2] == ("send", "http.response.start")]
    return starts[0]["status"] if starts else None


def test_an_application_is_not_mounted_on_itself(tmp_path: Path) -> None:
    """Its compiled form is the same application: a cycle is a cycle."""
    source = "from flama import Flama\n\napp = Flama()\n"
    folder = tmp_path / "app"
    write(Application("inside", {"main.py": source}, (), LifespanExpectation()), folder)
    imports = "from case_inside import app\nfrom case_inside_compiled import app as again\n"
    build(folder, "case_inside:app")
    (folder / "outer.py").write_text(f"{imports}app.mount('/', again)\n")
    with pytest.raises(
        Exception, match="routes are compiled in case_inside_compiled|mounts form no cycle"
    ):
        load(folder, "outer:app")
