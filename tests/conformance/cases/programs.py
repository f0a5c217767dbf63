"""Section 14: programs of several shapes, which are the same program when compiled."""

from __future__ import annotations

from ..form import E, accept, application, bad, close, http, text, websocket

application(
    "programs/a package of modules",
    {
        "main.py": """
        from package import app
        from package.late import register

        register(app)
        """,
        "package/__init__.py": """
        from .application import app
        from .views import *
        from . import deep
        """,
        "package/application.py": """
        from flama import Flama

        PREFIX = "/api"
        VERSION = 2
        app = Flama(schema=None, docs=None)
        """,
        "package/views.py": """
        from .application import PREFIX, VERSION, app

        __all__ = ["listed"]

        @app.get(f"{PREFIX}/v{VERSION}/items/")
        async def listed(limit: int = 10):
            return limit

        @app.get(PREFIX + "/v%d/items/{item_id:int}/" % VERSION)
        async def item(item_id: int):
            return item_id
        """,
        "package/deep/__init__.py": """
        from ..application import app as parent
        from .router import router

        parent.mount("/deep", router)
        """,
        "package/deep/router.py": """
        from flama import Router

        router = Router()

        def view(router):
            @router.get("/closure/{x}/")
            async def inner(x: str):
                return ["closure", x]
            return inner

        CLOSURE = view(router)
        PATHS = ["/one/", "/two/"]

        async def shared():
            return "shared"

        for number, path in enumerate(PATHS):
            router.add_route(path, shared, name=f"shared-{number}")
        """,
        "package/late.py": """
        def register(app, prefix="/late"):
            @app.post(prefix + "/{n:int}/")
            def late(n: int):
                return ["late", n]

            if prefix:
                app.add_get(f"{prefix}/", lambda: "lambda", name="lambda")
        """,
    },
    http("a formatted path", "GET /api/v2/items/?limit=3", 200, 3),
    http("a path put together", "GET /api/v2/items/5/", 200, 5),
    http("a closure", "GET /deep/closure/a/", 200, ["closure", "a"]),
    http("a loop, first", "GET /deep/one/", 200, "shared"),
    http("a loop, second", "GET /deep/two/", 200, "shared"),
    http("a factory", "POST /late/7/", 200, ["late", 7]),
    http("a lambda", "GET /late/", 200, "lambda"),
    http("405", "GET /late/7/", 405, headers={"allow": "POST"}),
)

application(
    "programs/decorators",
    """
    import functools
    import inspect

    from flama import Flama
    from flama.exceptions import HTTPException
    from flama.http import Request
    from notes import note

    app = Flama(schema=None, docs=None)

    def logged(view):
        @functools.wraps(view)
        async def inner(*args, **kwargs):
            note(sorted(kwargs))
            return await view(*args, **kwargs)
        return inner

    def guarded(role):
        def decorate(view):
            # NOTE: not functools.wraps, which would replace the annotations of `inner`.
            async def inner(request: Request, n: int):
                if request.headers.get("x-role") != role:
                    raise HTTPException(403)
                return await view(n)
            return inner
        return decorate

    def sync_wrapper(view):
        def inner(q: int = 1):
            return view(str(q))
        return inner

    def renamed(name):
        def decorate(view):
            view.__name__ = name
            return view
        return decorate

    class Registry:
        def __init__(self):
            self.views = []

        def __call__(self, view):
            self.views.append(view)
            return view

    registry = Registry()
    get = app.get
    API = functools.partial(app.route, methods=["PUT"])

    @get("/alias/")
    async def alias():
        return "alias"

    @API("/partial/")
    async def partial_route():
        return "partial"

    @app.get("/logged/{n:int}/")
    @logged
    async def logged_view(n: int, q: str = "q"):
        return [n, q]

    @app.get("/guarded/{n:int}/")
    @guarded("admin")
    async def guarded_view(n: int):
        return n

    @app.get("/sync-wrapper/")
    @sync_wrapper
    async def asynchronous(q: str):
        return ["awaited", q]

    @app.get("/renamed/")
    @renamed("other")
    async def view():
        return [app.resolve_url("other").path]

    @app.get("/registry/")
    @registry
    async def registered():
        return len(registry.views)

    @registry
    @app.get("/registry-above/")
    async def above():
        return len(registry.views)

    async def plain(q: int):
        return q

    app.add_route("/plain/", plain)
    plain_again = plain
    app.add_route("/again/", plain_again, name="again")
    """,
    http("an alias of a decorator", "GET /alias/", 200, "alias"),
    http("a partial of a decorator", "PUT /partial/", 200, "partial"),
    http("functools.wraps", "GET /logged/5/?q=z", 200, [5, "z"], notes=[["n", "q"]]),
    http(
        "a wrapper with parameters of its own, refused", "GET /guarded/5/", 403, E(403, "Forbidden")
    ),
    http("a wrapper, allowed", "GET /guarded/6/", 200, 6, send={"x-role": "admin"}),
    http("a sync wrapper of an async view", "GET /sync-wrapper/?q=3", 200, ["awaited", "3"]),
    http("a sync wrapper, bad", "GET /sync-wrapper/?q=x", 400, bad(q="int_parsing")),
    http("a renamed view", "GET /renamed/", 200, ["/renamed/"]),
    http("a decorator that is an object", "GET /registry/", 200, 2),
    http("a decorator above", "GET /registry-above/", 200, 2),
    http("the same view twice", "GET /again/?q=4", 200, 4),
    http("the same view", "GET /plain/?q=5", 200, 5),
)

application(
    "programs/routes that only running tells",
    {
        "main.py": """
        import os

        from flama import Flama, Router

        app = Flama(schema=None, docs=None)
        child = Flama(schema=None, docs=None)

        @app.get("/before/")
        async def before():
            return "before"

        @app.get("/{x}/early")
        async def early(x: str):
            return ["early", x]

        def view(name):
            async def made():
                return ["made", name]
            return made

        for name in sorted(os.listdir(os.path.dirname(os.path.abspath(__file__)))):
            if name.startswith("plugin_"):
                app.add_route(f"/{name}/", view(name), name=name)
                app.add_route(f"/{name}/early", view(name), name=name + "-early")

        @app.get("/plugin_b/")
        async def too_late():
            return "never"

        @app.post("/plugin_b/")
        async def post():
            return "posted"

        @app.get("/after/{n:int}/")
        async def after(n: int):
            return n

        @child.get("/x/")
        async def x():
            return "x"

        app.mount("/child", child)
        """,
        "plugin_a": "",
        "plugin_b": "",
        "pyproject.toml": """
        [tool.flama-compile]
        dynamic = "interpret"
        """,
    },
    http("before", "GET /before/", 200, "before"),
    http("a plugin", "GET /plugin_a/", 200, ["made", "plugin_a"]),
    http("order is kept: what is before wins", "GET /plugin_a/early", 200, ["early", "plugin_a"]),
    http("order is kept: what is after loses", "GET /plugin_b/", 200, ["made", "plugin_b"]),
    http("another method goes on", "POST /plugin_b/", 200, "posted"),
    http("405 over both", "PUT /plugin_b/", 405, headers={"allow": "GET, HEAD, POST"}),
    http("405 of a plugin", "POST /plugin_a/", 405, headers={"allow": "GET, HEAD"}),
    http("after", "GET /after/5/", 200, 5),
    http("after, 405", "POST /after/5/", 405, headers={"allow": "GET, HEAD"}),
    http("404", "GET /plugin_c/", 404),
    http("a mount after", "GET /child/x/", 200, "x"),
)

application(
    "programs/late handlers",
    '''
    from flama import Flama, websockets
    from flama.endpoints import HTTPEndpoint, WebSocketEndpoint

    app = Flama(schema=None, docs=None)

    def endpoint(word):
        class Made(HTTPEndpoint):
            async def get(self, n: int, q: str = "q"):
                return [word, n, q]
        return Made

    def socket(word):
        class Talks(WebSocketEndpoint):
            encoding = "text"

            async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
                await websocket.send_text(f"{word} {data}")
        return Talks

    app.add_route("/made/{n:int}/", endpoint("one"), name="one")
    app.add_route("/made/{n:int}/{m}/", endpoint("two"), name="two")
    app.add_websocket_route("/talks/", socket("says"), name="talks")

    HANDLERS = {"a": lambda: "a", "b": lambda: "b"}

    for key, handler in HANDLERS.items():
        app.add_route(f"/{key}/", handler, name=key)

    class Group:
        """Routes of a class that registers itself."""

        def __init__(self, app, prefix):
            self.word = prefix
            app.add_route(f"/{prefix}/", self.show, name=prefix)
            app.add_route(f"/{prefix}/", self.save, methods=["POST"], name=f"{prefix}-save")

        async def show(self, q: int = 1):
            return [self.word, q]

        def save(self):
            return [self.word, "saved"]

    Group(app, "first")
    Group(app, "second")
    ''',
    http("a class made by a function", "GET /made/5/?q=z", 200, ["one", 5, "z"]),
    http("another", "GET /made/5/x/", 200, ["two", 5, "q"]),
    websocket(
        "a websocket class made by a function", "/talks/", ["hi"], [accept(), text("says hi")]
    ),
    http("from a dictionary", "GET /b/", 200, "b"),
    http("methods of an object", "GET /first/?q=2", 200, ["first", 2]),
    http("methods of another", "POST /second/", 200, ["second", "saved"]),
    http("405 of methods", "PUT /second/", 405, headers={"allow": "GET, HEAD, POST"}),
)

application(
    "programs/subclasses",
    """
    from flama import Component, Flama, Middleware, Router
    from flama.routing import Mount, Route, WebSocketRoute
    from notes import note

    class Tag:
        def __init__(self, app, word="tag"):
            self.app = app
            self.word = word

        async def __call__(self, scope, receive, send):
            note([self.word, scope["type"]])
            await self.app(scope, receive, send)

    class Word:
        def __init__(self, text):
            self.text = text

    class WordComponent(Component):
        def __init__(self, text):
            self.text = text

        def resolve(self) -> Word:
            return Word(self.text)

    class Service(Flama):
        def __init__(self, name):
            super().__init__(
                schema=None,
                docs=None,
                middleware=[Middleware(Tag, word=name)],
                components=[WordComponent(name)],
            )
            self.add_route("/name/", self.show, name="name")

        async def show(self, word: Word):
            return word.text

    class Api(Router):
        pass

    async def listed(word: Word):
        return ["listed", word.text]

    async def socket(websocket: "WebSocket", word: Word):
        async with websocket:
            await websocket.send_text(word.text)

    from flama.websockets import WebSocket

    app = Service("outer")
    inner = Service("inner")
    api = Api(
        routes=[
            Route("/listed/", listed),
            WebSocketRoute("/ws/", socket),
            Mount("/deeper", Router(routes=[Route("/listed/", listed, name="deep")])),
        ]
    )
    inner.mount("/api", api)
    app.mount("/inner", inner)
    """,
    http("a subclass of Flama", "GET /name/", 200, "outer", notes=[["outer", "http"]]),
    http(
        "below another",
        "GET /inner/name/",
        200,
        "inner",
        notes=[["outer", "http"], ["inner", "http"]],
    ),
    http("a subclass of Router", "GET /inner/api/listed/", 200, ["listed", "inner"]),
    http("a Mount in a list of routes", "GET /inner/api/deeper/listed/", 200, ["listed", "inner"]),
    websocket(
        "a WebSocketRoute in it", "/inner/api/ws/", [], [accept(), text("inner"), close(1000)]
    ),
)

_INTERPRET = """
        [tool.flama-compile]
        dynamic = "interpret"
        """

application(
    "programs/dynamic routes in groups and mounts",
    {
        "main.py": """
        import os

        from flama import Flama, Middleware, Router, websockets
        from flama.exceptions import HTTPException
        from flama.http import PlainTextResponse, Request
        from notes import note

        FOLDER = os.path.dirname(os.path.abspath(__file__))
        NAMES = [name for name in sorted(os.listdir(FOLDER)) if name.startswith("plugin_")]

        class Tag:
            def __init__(self, app, word):
                self.app = app
                self.word = word

            async def __call__(self, scope, receive, send):
                if scope["type"] != "lifespan":
                    note([self.word, scope["path"], scope["root_path"]])
                await self.app(scope, receive, send)

        app = Flama(schema=None, docs=None, middleware=[Middleware(Tag, word="outer")])
        group = Flama(schema=None, docs=None, middleware=[Middleware(Tag, word="group")])
        plain = Flama(schema=None, docs=None)
        router = Router()

        def handle(request, exc):
            root = request.scope["root_path"]
            return PlainTextResponse(f"{exc} {request.path_params} {root}", 490)

        app.add_exception_handler(ValueError, handle)

        def register(target, names):
            for name in names:

                @target.get(f"/{name}/{{x}}/", name=name)
                async def view(request: Request, x: str, q: int = 0):
                    if x == "http":
                        raise HTTPException(409)
                    if x == "value":
                        raise ValueError("v")
                    if x == "crash":
                        raise KeyError("k")
                    if x == "plain":
                        return PlainTextResponse("plain")
                    return [request.app is target, x, q, request.scope["root_path"]]

                @target.websocket_route(f"/{name}/ws/", name=f"{name}-ws")
                async def ws(websocket: websockets.WebSocket):
                    async with websocket:
                        await websocket.send_text(websocket.url.path)

        @group.get("/known/{n:int}/")
        async def known(n: int, org: int):
            return [n, org]

        register(app, NAMES)
        register(group, NAMES)
        register(plain, NAMES)
        register(router, NAMES)

        @group.get("/known-after/")
        async def known_after(org: int):
            return org

        @plain.get("/known/")
        async def known_plain():
            return "known"

        app.mount("/group/{org:int}", group)
        app.mount("/plain", plain)
        app.mount("/router", router)

        @app.get("/{rest}/last/")
        async def last(rest: str):
            return ["last", rest]
        """,
        "plugin_a": "",
        "pyproject.toml": _INTERPRET,
    },
    http(
        "at the top",
        "GET /plugin_a/x/?q=3",
        200,
        [True, "x", 3, ""],
        notes=[["outer", "/plugin_a/x/", ""]],
    ),
    http("a response", "GET /plugin_a/plain/", 200, b"plain"),
    http("an HTTP error", "GET /plugin_a/http/", 409, E(409, "Conflict")),
    http("a handled error", "GET /plugin_a/value/", 490, b"v {'x': 'value'} "),
    http("a crash", "GET /plugin_a/crash/", 500, raises="KeyError"),
    http("a bad value", "GET /plugin_a/x/?q=x", 400, bad(q="int_parsing")),
    http("405", "POST /plugin_a/x/", 405, headers={"allow": "GET, HEAD"}),
    http("404", "GET /plugin_b/x/", 404),
    http("behind it", "GET /anything/last/", 200, ["last", "anything"]),
    http("it wins over what is behind it", "GET /plugin_a/last/", 200, [True, "last", 0, ""]),
    websocket("a websocket", "/plugin_a/ws/", [], [accept(), text("/plugin_a/ws/"), close(1000)]),
    websocket("no websocket", "/plugin_b/ws/", [], [close(1000)]),
    http(
        "in a group",
        "GET /group/5/plugin_a/x/",
        200,
        [True, "x", 0, "/group/5"],
        notes=[
            ["outer", "/group/5/plugin_a/x/", ""],
            ["group", "/group/5/plugin_a/x/", "/group/5"],
        ],
    ),
    http(
        "a handled error in a group",
        "GET /group/5/plugin_a/value/",
        490,
        b"v {'org': 5, 'x': 'value'} /group/5",
    ),
    http("an HTTP error in a group", "GET /group/5/plugin_a/http/", 409),
    http("405 in a group", "POST /group/5/plugin_a/x/", 405),
    http("known before, in a group", "GET /group/5/known/7/", 200, [7, 5]),
    http("known after, in a group", "GET /group/5/known-after/", 200, 5),
    http("404 in a group", "GET /group/5/none/", 404),
    http("in a mount", "GET /plain/plugin_a/x/", 200, [True, "x", 0, "/plain"]),
    http("a crash in a mount", "GET /plain/plugin_a/crash/", 500, raises="KeyError"),
    http(
        "a handled error in a mount", "GET /plain/plugin_a/value/", 490, b"v {'x': 'value'} /plain"
    ),
    http("known, in a mount", "GET /plain/known/", 200, "known"),
    websocket(
        "a websocket in a mount",
        "/plain/plugin_a/ws/",
        [],
        [accept(), text("/plain/plugin_a/ws/"), close(1000)],
    ),
    http("in a router", "GET /router/plugin_a/x/", 200, [False, "x", 0, "/router"]),
    http("405 in a router", "POST /router/plugin_a/x/", 405, headers={"allow": "GET, HEAD"}),
)

application(
    "programs/dynamic routes without middleware",
    {
        "main.py": """
        import os

        from flama import Flama
        from flama.http import PlainTextResponse, Request

        app = Flama(schema=None, docs=None)
        child = Flama(schema=None, docs=None)

        def handle(request, exc):
            root = request.scope["root_path"]
            return PlainTextResponse(f"{exc} {request.path_params} {root}", 490)

        child.add_exception_handler(ValueError, handle)

        @app.post("/d/{x}/")
        async def before(x: str):
            return ["before", x]

        for name in os.environ.get("FLAMA_CONFORMANCE_NAMES", "d e").split():

            @app.get(f"/{name}/{{x}}/", name=name)
            async def dynamic(request: Request, x: str):
                if x == "crash":
                    raise KeyError("k")
                return [x, request.path_params]

            @child.get(f"/{name}/{{x}}/", name=name)
            async def dynamic_below(x: str, n: int):
                raise ValueError(x)

        @app.put("/d/{x}/")
        async def after(x: str):
            return ["after", x]

        @child.put("/d/{x}/")
        async def after_below(x: str, n: int):
            return ["after", x, n]

        app.mount("/child/{n:int}", child)
        """,
        "pyproject.toml": _INTERPRET,
    },
    http("before", "POST /d/1/", 200, ["before", "1"]),
    http("dynamic", "GET /d/1/", 200, ["1", {"x": "1"}]),
    http("after", "PUT /d/1/", 200, ["after", "1"]),
    http("405 over all", "DELETE /d/1/", 405, headers={"allow": "GET, HEAD, POST, PUT"}),
    http("405 of the dynamic one", "POST /e/1/", 405, headers={"allow": "GET, HEAD"}),
    http("a crash", "GET /d/crash/", 500, raises="KeyError"),
    http("below", "GET /child/5/e/x/", 490, b"x {'n': 5, 'x': 'x'} /child/5"),
    http("after, below", "PUT /child/5/d/x/", 200, ["after", "x", 5]),
    http("405 below", "POST /child/5/d/x/", 405, headers={"allow": "GET, HEAD, PUT"}),
    http("404 below", "GET /child/5/f/x/", 404),
)
