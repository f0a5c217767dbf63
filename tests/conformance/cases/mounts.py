"""Section 5: mounts."""

from __future__ import annotations

from ..form import (
    Contains,
    E,
    accept,
    application,
    bad,
    close,
    http,
    lifespan,
    refused,
    text,
    websocket,
)

application(
    "mounts/prefixes",
    """
    import uuid

    from flama import Flama, Router, types, websockets
    from flama.http import Request
    from flama.routing import Mount, Route

    app = Flama(schema=None, docs=None)

    async def where(request: Request, path: types.Path):
        scope = request.scope
        return [
            path, scope["path"], scope["root_path"], scope["app_root_path"],
            request.path_params, request.url.path,
        ]

    async def nothing():
        return "nothing"

    shop = Flama(schema=None, docs=None)
    shop.add_route("/", where)
    shop.add_route("/x", where)
    shop.add_route("/x/", nothing)
    shop.add_route("//y", where, name="collapses")
    shop.add_route("/a//b", where, name="double")
    app.mount("/shop", shop)

    trailing = Router()
    trailing.add_route("/", where)
    trailing.add_route("/x", where)
    app.mount("/trailing/", trailing)

    orgs = Flama(schema=None, docs=None)

    @orgs.get("/")
    async def org(org_id: int):
        return ["org", org_id]

    @orgs.get("/users/{user_id:uuid}/")
    async def user(request: Request, org_id: int, user_id: uuid.UUID, q: str = "q"):
        return [org_id, user_id, q, request.scope["root_path"], list(request.path_params)]

    @orgs.get("/reparsed/")
    async def reparsed(org_id: str):
        return org_id

    @orgs.websocket_route("/ws/{name}")
    async def ws(websocket: websockets.WebSocket, org_id: int, name: str):
        async with websocket:
            await websocket.send_json(
                [org_id, name, websocket.scope["root_path"], websocket.url.path]
            )

    deep = Router()

    @deep.get("/{leaf}")
    async def leaf(request: Request, org_id: int, team: str, leaf: str):
        return [org_id, team, leaf, request.scope["root_path"], request.scope["path"]]

    orgs.mount("/teams/{team}", deep)
    app.mount("/orgs/{org_id:int}", orgs)

    texts = Router()

    @texts.get("/who")
    async def who(name: str):
        return name

    app.mount("/by-name/{name}", texts)

    app.mount(mount=Mount("/object", Router(routes=[Route("/r", where)])))
    app.mount(path_prefix="/keywords", app_to_mount=Router(routes=[Route("/r", where)]))
    app.mount(path="/others", app=Router(routes=[Route("/r", where)]))

    empty = Router()
    empty.add_route("/only-slash", where)
    app.mount("/e/", empty)

    everything = Flama(schema=None, docs=None)
    everything.add_route("/catch", where)
    app.mount("", everything)
    """,
    http("the prefix alone", "GET /shop", 200, ["/shop", "/shop", "/shop", "", {}, "/shop"]),
    http("and with a slash", "GET /shop/", 200, ["/shop/", "/shop/", "/shop", "", {}, "/shop/"]),
    http("below", "GET /shop/x", 200, ["/shop/x", "/shop/x", "/shop", "", {}, "/shop/x"]),
    http("slashes count below", "GET /shop/x/", 200, "nothing"),
    http("whole segments only", "GET /shopping", 404),
    http("whole segments only, glued", "GET /shopx", 404),
    http("leading slashes of a template below collapse", "GET /shop/y", 200),
    http("those of a request do not", "GET /shop//y", 404),
    http("inner ones below", "GET /shop/a//b", 200),
    http("two slashes after a prefix", "GET /shop//", 404),
    http(
        "a trailing slash of a prefix is dropped",
        "GET /trailing",
        200,
        ["/trailing", "/trailing", "/trailing", "", {}, "/trailing"],
    ),
    http("and below", "GET /trailing/x", 200),
    http("and glued", "GET /trailingx", 404),
    http("a parameter in a prefix", "GET /orgs/5", 200, ["org", 5]),
    http("with a slash", "GET /orgs/5/", 200, ["org", 5]),
    http(
        "beside one below",
        "GET /orgs/5/users/6ba7b810-9dad-11d1-80b4-00c04fd430c8/?q=z",
        200,
        [5, "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "z", "/orgs/5", ["org_id", "user_id"]],
    ),
    http("typed", "GET /orgs/x/", 404),
    http("glued", "GET /orgs/5info", 404),
    http(
        "the root path as it was written",
        "GET /orgs/007/users/6ba7b810-9dad-11d1-80b4-00c04fd430c8/",
        200,
        Contains('"/orgs/007"'),
    ),
    http("the prefix alone needs its parameter", "GET /orgs", 404),
    http(
        "two levels",
        "GET /orgs/5/teams/red/z",
        200,
        [5, "red", "z", "/orgs/5/teams/red", "/orgs/5/teams/red/z"],
    ),
    http(
        "two levels, decoded",
        "GET /orgs/5/teams/r%20d/z",
        200,
        [5, "r d", "z", "/orgs/5/teams/r d", "/orgs/5/teams/r d/z"],
    ),
    http("text", "GET /by-name/a%20b/who", 200, "a b"),
    http("no empty parameter in a prefix", "GET /by-name//who", 404),
    websocket(
        "a websocket below",
        "/orgs/5/ws/ada",
        [],
        [accept(), text('[5,"ada","/orgs/5","/orgs/5/ws/ada"]'), close(1000)],
    ),
    websocket("a websocket below, typed", "/orgs/x/ws/ada", [], [close(1000)]),
    http("mount=", "GET /object/r", 200),
    http("path_prefix= and app_to_mount=", "GET /keywords/r", 200),
    http("path= and app=", "GET /others/r", 200),
    http(
        "the empty prefix takes the rest",
        "GET /catch",
        200,
        ["/catch", "/catch", "", "", {}, "/catch"],
    ),
    http("and is final", "GET /nothing/here", 404),
    http("405 below", "POST /orgs/5/", 405, headers={"allow": "GET, HEAD"}),
)

application(
    "mounts/an empty route below",
    """
    from flama import Flama, Router

    app = Flama(schema=None, docs=None)
    router = Router()

    @router.get("")
    async def never():
        return "never"

    app.mount("/r", router)
    """,
    http("answers nothing", "GET /r", 404),
    http("with a slash neither", "GET /r/", 404),
)

application(
    "mounts/complete applications",
    """
    from flama import Flama, Middleware, Router
    from flama.exceptions import HTTPException
    from flama.http import PlainTextResponse, Request
    from notes import note

    class Tag:
        def __init__(self, app, name):
            self.app = app
            self.name = name

        async def __call__(self, scope, receive, send):
            if scope["type"] == "lifespan":
                return await self.app(scope, receive, send)
            note(f"{self.name} in {scope['path']} {scope['root_path']}")

            async def tagged(message):
                if message["type"] == "http.response.start":
                    note(f"{self.name} sees {message['status']}")
                    message["headers"].append((b"x-tag", self.name.encode()))
                await send(message)

            try:
                await self.app(scope, receive, tagged)
            except Exception as error:
                note(f"{self.name} catches {type(error).__name__}")
                raise

    class Rewrites:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            if scope["path"].endswith("/old"):
                scope = {**scope, "path": scope["path"].replace("/old", "/new")}
            await self.app(scope, receive, send)

    class Mine(Exception):
        pass

    class Theirs(Exception):
        pass

    app = Flama(schema=None, docs=None, middleware=[Middleware(Tag, name="parent")])
    child = Flama(schema=None, docs=None, middleware=[Middleware(Tag, name="child")])
    child.add_middleware(Middleware(Rewrites))
    router = Router(middleware=[Middleware(Tag, name="router")])
    plain = Flama(schema=None, docs=None)
    handles = Flama(schema=None, docs=None)

    def parent_mine(request, exc):
        return PlainTextResponse(f"parent handles {exc}", 490)

    def parent_404(request, exc):
        return PlainTextResponse("parent 404", 404)

    def child_theirs(request, exc):
        return PlainTextResponse(f"child handles {exc}", 491)

    def own_404(request, exc):
        return PlainTextResponse("own 404", 404)

    app.add_exception_handler(Mine, parent_mine)
    app.add_exception_handler(404, parent_404)
    child.add_exception_handler(Theirs, child_theirs)
    handles.add_exception_handler(404, own_404)

    for application in (app, child, router, plain, handles):

        @application.get("/new")
        async def new(request: Request):
            note("view")
            return "new"

        @application.get("/raise/{what}")
        async def raises(what: str):
            if what == "mine":
                raise Mine("m")
            if what == "theirs":
                raise Theirs("t")
            if what == "http":
                raise HTTPException(403)
            raise ValueError(what)

        @application.get("/app")
        async def whose(request: Request, application: Flama):
            return [request.app is application, application is app, application is child]

    app.mount("/child", child)
    app.mount("/router", router)
    app.mount("/plain", plain)
    app.mount("/handles", handles)
    """,
    http(
        "the parent's middleware is outside",
        "GET /child/new",
        200,
        "new",
        headers={"x-tag": ["child", "parent"]},
        notes=[
            "parent in /child/new ",
            "child in /child/new /child",
            "view",
            "child sees 200",
            "parent sees 200",
        ],
    ),
    http("a child's middleware may rewrite", "GET /child/old", 200, "new"),
    http(
        "it sees its own 404",
        "GET /child/none",
        404,
        b"parent 404",
        headers={"x-tag": ["child", "parent"]},
    ),
    http("it sees its own 405", "POST /child/new", 405, headers={"x-tag": ["child", "parent"]}),
    http("a router's middleware", "GET /router/new", 200, headers={"x-tag": ["router", "parent"]}),
    http(
        "a router's own 404",
        "GET /router/none",
        404,
        b"parent 404",
        headers={"x-tag": ["router", "parent"]},
    ),
    http("none of its own", "GET /plain/new", 200, headers={"x-tag": "parent"}),
    http(
        "the parent's handler, inside the child's middleware",
        "GET /child/raise/mine",
        490,
        b"parent handles m",
        headers={"x-tag": ["child", "parent"]},
    ),
    http(
        "the child's handler",
        "GET /child/raise/theirs",
        491,
        b"child handles t",
        headers={"x-tag": ["child", "parent"]},
    ),
    http("not for the parent", "GET /raise/theirs", 500, raises="Theirs"),
    http("the parent's handler for a plain child", "GET /plain/raise/mine", 490),
    http(
        "the parent's handler for a router",
        "GET /router/raise/mine",
        490,
        headers={"x-tag": ["router", "parent"]},
    ),
    http(
        "HTTP errors become E below",
        "GET /child/raise/http",
        403,
        E(403, "Forbidden"),
        headers={"x-tag": ["child", "parent"]},
    ),
    http(
        "others travel out",
        "GET /child/raise/other",
        500,
        b"Internal Server Error",
        absent=["x-tag"],
        raises="ValueError",
        notes=[
            "parent in /child/raise/other ",
            "child in /child/raise/other /child",
            "child catches ValueError",
            "parent catches ValueError",
        ],
    ),
    http("its own status handler", "GET /handles/none", 404, b"own 404"),
    http("the parent's status handler below", "GET /plain/none", 404, b"parent 404"),
    http("the app of a child", "GET /child/app", 200, [True, False, True]),
    http("the app", "GET /app", 200, [True, True, False]),
    http("the app of a router", "GET /router/app", 200, [True, True, False]),
)

application(
    "mounts/the same application twice",
    """
    from flama import Flama
    from flama.http import Request
    from notes import note

    child = Flama(schema=None, docs=None)

    @child.get("/x")
    async def x(request: Request):
        return request.scope["root_path"]

    @child.on_event("startup")
    async def start():
        note("child starts")

    @child.on_event("shutdown")
    async def stop():
        note("child stops")

    app = Flama(schema=None, docs=None)
    app.mount("/one", child, name="one")
    app.mount("/two/{n:int}", child, name="two")
    """,
    http("first", "GET /one/x", 200, "/one"),
    http("second", "GET /two/5/x", 200, "/two/5"),
    lifespan(startup=["child starts"], shutdown=["child stops"]),
)

_FOREIGN = """
    from fastapi import FastAPI
    from flama import Flama
    from notes import note
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.routing import Mount, Route, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    import contextlib
    import pathlib

    HERE = pathlib.Path(__file__).parent

    async def show(request: Request):
        return JSONResponse(
            {
                "path": request.scope["path"],
                "root_path": request.scope["root_path"],
                "params": request.path_params,
                "url": request.url.path,
            }
        )

    async def ws(websocket):
        await websocket.accept()
        await websocket.send_text(websocket.url.path)
        await websocket.close()

    @contextlib.asynccontextmanager
    async def lifespan(app):
        note("starlette starts")
        yield {"word": "from starlette"}
        note("starlette stops")

    async def state(request: Request):
        return PlainTextResponse(request.state.word)

    foreign = Starlette(
        routes=[
            Route("/", show),
            Route("/item/{n:int}", show),
            WebSocketRoute("/ws", ws),
            Mount("/deep", routes=[Route("/x", show)]),
            Route("/state", state),
        ],
        lifespan=lifespan,
    )

    fast = FastAPI()

    @fast.get("/items/{item_id}")
    def item(item_id: int, q: str = "q"):
        return [item_id, q]

    async def raw(scope, receive, send):
        if scope["type"] == "lifespan":
            raise RuntimeError("this application knows no lifespan")
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4444})
            return
        body = f"{scope['path']} {scope['root_path']} {scope['path_params']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    class Broken:
        async def __call__(self, scope, receive, send):
            if scope["type"] == "lifespan":
                return
            raise ValueError("foreign")

    inner = Flama(schema=None, docs=None)
    app = Flama(schema=None, docs=None)
    app.mount("/foreign", foreign)
    app.mount("/fast", fast)
    app.mount("/static", StaticFiles(directory=HERE / "static", html=True), name="static")
    app.mount("/raw/{n:int}", raw)
    app.mount("/broken", Broken())
    inner.mount("/foreign", foreign)
    app.mount("/inner", inner)
    """

application(
    "mounts/foreign applications",
    {
        "main.py": _FOREIGN,
        "static/index.html": "<h1>index</h1>",
        "static/a b.txt": "text",
        "static/sub/index.html": "<h1>sub</h1>",
        "static/404.html": "<h1>not here</h1>",
    },
    http(
        "Starlette",
        "GET /foreign/item/5",
        200,
        {
            "path": "/foreign/item/5",
            "root_path": "/foreign",
            "params": {"n": 5},
            "url": "/foreign/item/5",
        },
    ),
    http("Starlette's root", "GET /foreign/", 200),
    http(
        "Starlette's mount",
        "GET /foreign/deep/x",
        200,
        {
            "path": "/foreign/deep/x",
            "root_path": "/foreign/deep",
            "params": {},
            "url": "/foreign/deep/x",
        },
    ),
    http("Starlette's 404", "GET /foreign/none", 404, b"Not Found"),
    http(
        "Starlette's redirect",
        "GET /foreign/item/5/",
        307,
        headers={"location": "http://testserver/foreign/item/5"},
    ),
    http("Starlette's state", "GET /foreign/state", 200, b"from starlette"),
    websocket(
        "Starlette's websocket", "/foreign/ws", [], [accept(), text("/foreign/ws"), close(1000)]
    ),
    http("two levels", "GET /inner/foreign/item/5", 200, Contains('"root_path":"/inner/foreign"')),
    http("FastAPI", "GET /fast/items/5?q=z", 200, [5, "z"]),
    http("FastAPI's 422", "GET /fast/items/x", 422),
    http(
        "FastAPI's schema", "GET /fast/openapi.json", 200, Contains("/items/{item_id}", '"/fast"')
    ),
    http("StaticFiles", "GET /static/index.html", 200, b"<h1>index</h1>", varies=True),
    http("StaticFiles, a folder", "GET /static/", 200, b"<h1>index</h1>", varies=True),
    http("StaticFiles, a name to decode", "GET /static/a%20b.txt", 200, b"text", varies=True),
    http(
        "StaticFiles redirects to a folder",
        "GET /static/sub",
        307,
        headers={"location": "http://testserver/static/sub/"},
    ),
    http("StaticFiles, a folder below", "GET /static/sub/", 200, b"<h1>sub</h1>", varies=True),
    http("StaticFiles, its own 404", "GET /static/none", 404, b"<h1>not here</h1>", varies=True),
    http(
        "StaticFiles, no way out", "GET /static/../main.py", 404, b"<h1>not here</h1>", varies=True
    ),
    http(
        "StaticFiles, no way out, encoded",
        "GET /static/..%2f..%2fetc%2fpasswd",
        404,
        b"<h1>not here</h1>",
        varies=True,
    ),
    http("StaticFiles, another method", "POST /static/index.html", 405),
    http("StaticFiles, whole segments", "GET /staticx", 404),
    http("any ASGI application", "GET /raw/5/x/y", 200, b"/raw/5/x/y /raw/5 {'n': 5}"),
    http("its root", "GET /raw/5", 200, b"/raw/5 /raw/5 {'n': 5}"),
    http("not its prefix", "GET /raw/x/y", 404),
    websocket("any websocket", "/raw/5/ws", [], [close(4444)]),
    http("one that crashes", "GET /broken/", 500, b"Internal Server Error", raises="ValueError"),
    lifespan(startup=["starlette starts"], shutdown=["starlette stops"]),
)

for _name, _code in {
    "an application in itself": "app.mount('/self', app)",
    "an application in its child": (
        "child = Flama()\napp.mount('/child', child)\nchild.mount('/up', app)"
    ),
}.items():
    refused(
        f"mounts/{_name}",
        f"from flama import Flama\n\napp = Flama()\n{_code}\n",
        message=Contains("cycle"),
        code="FC213",
    )

application(
    "mounts/groups",
    """
    from flama import Flama, Middleware, Router, websockets
    from flama.exceptions import HTTPException
    from flama.http import PlainTextResponse, Request
    from flama.modules import Module
    from notes import note

    class Tag:
        def __init__(self, app, name):
            self.app = app
            self.name = name

        async def __call__(self, scope, receive, send):
            note([self.name, scope["type"], scope["path"], scope["root_path"]])

            async def tagged(message):
                note([self.name, message["type"], message.get("status")])
                await send(message)

            await self.app(scope, receive, tagged)

    class Answers:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            if scope["type"] == "http" and scope["path"].endswith("/stopped"):
                await PlainTextResponse("stopped by the group")(scope, receive, send)
            else:
                await self.app(scope, receive, send)

    class Clock(Module):
        name = "clock"

        async def on_startup(self):
            note("the group's module starts")

        async def on_shutdown(self):
            note("the group's module stops")

    app = Flama(schema=None, docs=None)
    group = Flama(
        schema=None, docs=None, middleware=[Middleware(Tag, name="group")], modules=[Clock()]
    )
    inner = Router(middleware=[Middleware(Tag, name="inner"), Middleware(Answers)])
    plain = Router()

    @app.post("/g/{n:int}/x")
    async def sibling(n: int):
        return ["sibling", n]

    @group.get("/")
    async def root(n: int):
        return ["root", n]

    @group.get("/x")
    async def x(n: int, request: Request, q: str = "q"):
        return ["x", n, q, request.path_params, request.scope["root_path"], request.url.path]

    @group.get("/clock")
    async def clock(application: Flama):
        return [application is group, application.clock.name]

    @group.websocket_route("/ws/{name}")
    async def ws(websocket: websockets.WebSocket, n: int, name: str):
        async with websocket:
            await websocket.send_json([n, name, websocket.scope["root_path"]])

    @inner.get("/y/{m:int}")
    async def y(n: int, m: int, word: str):
        return [n, m, word]

    @inner.get("/raise")
    async def raises():
        raise HTTPException(409, "conflict")

    @inner.get("/crash")
    async def crash():
        raise ValueError("deep")

    @inner.get("/stopped")
    async def never():
        return "never"

    @plain.get("/z")
    async def z(n: int):
        return ["z", n]

    def handle(request, exc):
        return PlainTextResponse(f"{exc} {request.path_params} {request.app is group}", 499)

    group.add_exception_handler(ValueError, handle)
    inner.mount("/plain", plain)
    group.mount("/inner/{word}", inner)
    app.mount("/g/{n:int}", group)

    @app.get("/g/{n:int}/late")
    async def late(n: int):
        return "late"
    """,
    http(
        "the prefix alone",
        "GET /g/5",
        200,
        ["root", 5],
        notes=[
            ["group", "http", "/g/5", "/g/5"],
            ["group", "http.response.start", 200],
            ["group", "http.response.body", None],
        ],
    ),
    http("the prefix and a slash", "GET /g/5/", 200, ["root", 5]),
    http("below", "GET /g/05/x?q=z", 200, ["x", 5, "z", {"n": 5}, "/g/05", "/g/05/x"]),
    http("a typed prefix", "GET /g/x/x", 404, notes=[]),
    http("a sibling before", "POST /g/5/x", 200, ["sibling", 5], notes=[]),
    http(
        "Allow holds the sibling's methods", "PUT /g/5/x", 405, headers={"allow": "GET, HEAD, POST"}
    ),
    http("what comes later is never asked", "GET /g/5/late", 404),
    http("a module of the group", "GET /g/5/clock", 200, [True, "clock"]),
    websocket(
        "a websocket",
        "/g/5/ws/ada",
        [],
        [accept(), text('[5,"ada","/g/5"]'), close(1000)],
        notes=[
            ["group", "websocket", "/g/5/ws/ada", "/g/5"],
            ["group", "websocket.accept", None],
            ["group", "websocket.send", None],
            ["group", "websocket.close", None],
        ],
    ),
    websocket("no websocket", "/g/5/none", [], [close(1000)]),
    http(
        "a group in a group",
        "GET /g/5/inner/w/y/7",
        200,
        [5, 7, "w"],
        notes=[
            ["group", "http", "/g/5/inner/w/y/7", "/g/5"],
            ["inner", "http", "/g/5/inner/w/y/7", "/g/5/inner/w"],
            ["inner", "http.response.start", 200],
            ["group", "http.response.start", 200],
            ["inner", "http.response.body", None],
            ["group", "http.response.body", None],
        ],
    ),
    http("an HTTP error inside", "GET /g/5/inner/w/raise", 409, E(409, "conflict")),
    http(
        "the group's handler",
        "GET /g/5/inner/w/crash",
        499,
        b"deep {'n': 5, 'word': 'w'} True",
    ),
    http("a middleware that answers", "GET /g/5/inner/w/stopped", 200, b"stopped by the group"),
    http("a plain router in it", "GET /g/5/inner/w/plain/z", 200, ["z", 5]),
    http("404 in it", "GET /g/5/inner/w/plain/none", 404),
    http("405 in it", "POST /g/5/inner/w/plain/z", 405, headers={"allow": "GET, HEAD"}),
    lifespan(startup=["the group's module starts"], shutdown=["the group's module stops"]),
)

application(
    "mounts/flattened scopes",
    """
    from flama import Flama, Router
    from flama.http import PlainTextResponse, Request

    app = Flama(schema=None, docs=None)
    child = Flama(schema=None, docs=None)
    router = Router()

    def handle(request, exc):
        scope = request.scope
        route = scope.get("route")
        return PlainTextResponse(
            f"{exc} path_params={request.path_params} root_path={scope['root_path']} "
            f"app={request.app is child} route={route.path if route else None} "
            f"url={request.url.path}",
            490,
        )

    app.add_exception_handler(ValueError, handle)

    @router.get("/crash/{b}")
    async def crash(b: str):
        raise ValueError(b)

    @router.get("/sync/{b}")
    def sync(b: str):
        raise ValueError(b)

    @router.get("/typed/{b}")
    async def typed(b: int):
        raise ValueError(str(b))

    child.mount("/r/{a:int}", router)
    app.mount("/c", child)
    app.add_route("/crash/{b}", crash)
    """,
    http(
        "a handler sees the scope of the view",
        "GET /c/r/5/crash/x",
        490,
        b"x path_params={'a': 5, 'b': 'x'} root_path=/c/r/5 app=True route=/crash/{b} "
        b"url=/c/r/5/crash/x",
    ),
    http(
        "of a sync view",
        "GET /c/r/5/sync/x",
        490,
        b"x path_params={'a': 5, 'b': 'x'} root_path=/c/r/5 app=True route=/sync/{b} "
        b"url=/c/r/5/sync/x",
    ),
    http(
        "of a view at the top", "GET /crash/y", 490, Contains("path_params={'b': 'y'} root_path= ")
    ),
    http(
        "of a typed view", "GET /c/r/5/typed/7", 490, Contains("7 path_params={'a': 5, 'b': '7'}")
    ),
    http("a bad value", "GET /c/r/5/typed/x", 400, bad(b="int_parsing")),
)
