"""Corners of layers, scopes and modules that cases of requests and answers do not reach."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from flama import Flama, Middleware, http, websockets
from flama.exceptions import ApplicationError, HTTPException
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route as StarletteRoute

from .drive import ask


def silent(**options: Any) -> Flama:
    return Flama(schema=None, docs=None, **options)


def test_importing_flama_loads_no_part_of_starlette() -> None:
    program = (
        "import sys\n"
        "from flama import Flama, Router, Route, Component, exceptions, types, http, endpoints\n"
        "app = Flama()\n"
        "@app.get('/{a:int}/')\n"
        "def view(a: int, q: str = ''): return a\n"
        "app.mount('/r', Router(routes=[Route('/', view)]))\n"
        "heavy = {'starlette', 'anyio', 'pydantic', 'httpx', 'uvicorn', 'yaml', 'jinja2'}\n"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_an_exception_after_a_response_began_is_not_answered_twice() -> None:
    async def through(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    app = silent(middleware=[Middleware(BaseHTTPMiddleware, dispatch=through)])

    @app.get("/")
    async def view() -> http.StreamingResponse:
        async def chunks() -> Any:
            yield b"begun"
            raise HTTPException(409)

        return http.StreamingResponse(chunks())

    answer = ask(app, "/")
    assert (answer.status, answer.body) == (200, b"begun")
    assert isinstance(answer.error, HTTPException)


def test_a_middleware_may_send_the_same_request_through_twice() -> None:
    class Twice:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def nowhere(message: Any) -> None: ...

            await self.app(scope, receive, nowhere)
            await self.app(scope, receive, send)

    child = silent()

    @child.get("/{item:int}/")
    async def show(request: http.Request, org: str, item: int) -> Any:
        return [org, item, request.path_params, request.scope["root_path"]]

    app = silent(middleware=[Middleware(Twice)])
    app.mount("/orgs/{org}", child)
    answer = ask(app, "/orgs/a/3/")
    assert answer.json == ["a", 3, {"org": "a", "item": 3}, "/orgs/a"]


@pytest.mark.parametrize(
    ("root_path", "path", "seen"),
    [
        ("", "/orgs/5/", ["/orgs/5", ""]),
        ("/proxy", "/proxy/orgs/5/", ["/proxy/orgs/5", "/proxy"]),
        ("/proxy", "/orgs/5/", ["/proxy/orgs/5", "/proxy"]),
        ("/proxy/", "/proxy/orgs/5/", ["/proxy//orgs/5", "/proxy/"]),
        ("/pro", "/proxy/orgs/5/", None),
        ("/orgs/5/", "/orgs/5/", None),
    ],
)
def test_a_root_path_is_stripped_where_it_is_whole_segments(
    root_path: str, path: str, seen: list[str] | None
) -> None:
    child = silent()

    @child.get("/")
    async def root(request: http.Request) -> Any:
        return [request.scope["root_path"], request.scope["app_root_path"]]

    app = silent()
    app.mount("/orgs/{org:int}", child)
    answer = ask(app, path, root_path=root_path)
    assert (answer.json if answer.status == 200 else None) == seen


def test_a_frozen_application_refuses_routes_everywhere_below() -> None:
    app, child = silent(), silent()
    app.mount("/child", child)
    app.freeze("build again: flama-compile build")
    for owner in (app, app.router, child, child.router):
        with pytest.raises(ApplicationError, match="flama-compile build"):
            owner.add_get("/x/", lambda: None)


def test_a_route_that_cannot_work_is_refused_while_serving() -> None:
    app = silent()
    ask(app, "/")

    async def view(what: dict[str, int]) -> None: ...

    with pytest.raises(ApplicationError, match="'what'"):
        app.add_get("/late/", view)
    assert not app.routes


def test_a_mounted_starlette_application_makes_urls_below_its_prefix() -> None:
    async def links(request: Any) -> JSONResponse:
        return JSONResponse([str(request.url_for("item", x=3)), str(request.url_for("home"))])

    app = silent()
    app.add_get("/home/", lambda: None, name="home")
    foreign = Starlette(routes=[StarletteRoute("/", links, name="item")])
    foreign.router.routes.append(StarletteRoute("/items/{x:int}", links, name="item"))
    app.mount("/sub/{who}", foreign)
    prefix = "http://testserver/proxy"
    answer = ask(app, "/proxy/sub/é/", root_path="/proxy")
    assert answer.json == [f"{prefix}/sub/%C3%A9/items/3", f"{prefix}/home/"]


@pytest.mark.parametrize(
    ("accepts", "extensions", "sent"),
    [
        (True, {}, [("websocket.accept", None), ("websocket.close", 1011)]),
        (False, {}, [("websocket.close", 1008)]),
        (
            False,
            {"websocket.http.response": {}},
            [("websocket.http.response.start", 503), ("websocket.http.response.body", None)],
        ),
    ],
)
def test_a_handler_written_for_http_ends_a_websocket(
    accepts: bool, extensions: Any, sent: list[Any]
) -> None:
    app = silent()
    app.add_exception_handler(
        ValueError, lambda request, exc: http.JSONResponse({}, status_code=503)
    )

    @app.websocket_route("/")
    async def view(websocket: websockets.WebSocket) -> None:
        if accepts:
            await websocket.accept()
        raise ValueError("inside")

    messages: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        messages.append((message["type"], message.get("code", message.get("status"))))

    scope = {"type": "websocket", "path": "/", "headers": [], "extensions": extensions}
    asyncio.run(app(scope, receive, send))
    assert messages == sent
