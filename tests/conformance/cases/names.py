"""Sections 1 and 11: names of modules, of routes, and their URLs."""

from __future__ import annotations

from ..form import Contains, application, http, refused

_SURFACE = {
    "flama": "Flama Component Router Route run websockets http types exceptions routing endpoints",
    "flama.endpoints": "HTTPEndpoint WebSocketEndpoint",
    "flama.http": (
        "Request Response JSONResponse HTMLResponse PlainTextResponse RedirectResponse "
        "StreamingResponse FileResponse APIResponse APIErrorResponse Headers QueryParams"
    ),
    "flama.websockets": "WebSocket WebSocketDisconnect Data Code Encoding State Close",
    "flama.routing": "Router Route WebSocketRoute Mount BaseRoute",
    "flama.types": (
        "Scope Receive Send Message Method URL Scheme Server Path PathParams QueryString "
        "QueryParams Headers Cookies Body RequestData Data Code Encoding Schema SchemaList "
        "SchemaMetadata OpenAPISpec"
    ),
    "flama.schemas": "Schema SchemaList SchemaMetadata",
    "flama.exceptions": (
        "ApplicationError HTTPException ValidationError NotFoundException "
        "MethodNotAllowedException WebSocketException WebSocketDisconnect"
    ),
    "flama.middleware": "Middleware",
    "flama.modules": "Module",
    "flama.injection": "Component Components Parameter",
    "flama.background": "BackgroundTask BackgroundTasks",
    "flama.client": "Client",
}

application(
    "names/everything can be imported",
    "\n".join(
        f"from {module} import {name} as _{module.replace('.', '_')}_{name}"
        for module, names in _SURFACE.items()
        for name in names.split()
    )
    + """
import starlette.requests
import starlette.responses
import starlette.websockets
from flama import Flama, http, websockets

app = Flama(schema=None, docs=None)

@app.get("/")
async def view():
    return [
        issubclass(http.Request, starlette.requests.Request),
        issubclass(http.JSONResponse, starlette.responses.Response),
        issubclass(websockets.WebSocket, starlette.websockets.WebSocket),
    ]
""",
    http("and is a subclass of Starlette's", "GET /", 200, [True, True, True]),
)

application(
    "names/urls",
    """
    import decimal
    import uuid

    from flama import Flama, Router
    from flama.endpoints import HTTPEndpoint
    from flama.exceptions import NotFoundException
    from flama.http import PlainTextResponse, Request

    app = Flama(schema=None, docs=None)

    @app.get("/plain/")
    async def plain():
        return 1

    @app.get("/int/{n:int}/")
    async def an_int(n: int):
        return 1

    @app.get("/str/{s}/x")
    async def a_str(s: str):
        return 1

    @app.get("/float/{f:float}/")
    async def a_float(f: float):
        return 1

    @app.get("/uuid/{u:uuid}/")
    async def a_uuid(u: uuid.UUID):
        return 1

    @app.get("/named/", name="own-name")
    async def ignored():
        return 1

    @app.get("/first/", name="twice")
    async def first():
        return 1

    @app.get("/second/{n}/", name="twice")
    async def second(n: str):
        return 1

    @app.route("/class/")
    class Klass(HTTPEndpoint):
        def get(self):
            return 1

    @app.websocket_route("/ws/{n:int}/")
    async def socket(websocket: "WebSocket", n: int):
        pass

    from flama.websockets import WebSocket

    async def foreign(scope, receive, send):
        await PlainTextResponse("x")(scope, receive, send)

    child = Flama(schema=None, docs=None)
    deep = Router()
    unnamed = Router()

    @child.get("/x/{n:int}/", name="x")
    async def x(n: int):
        return 1

    @deep.get("/y/", name="y")
    async def y():
        return 1

    @unnamed.get("/z/", name="z")
    async def z():
        return 1

    child.mount("/deep", deep, name="deep")
    app.mount("/child/{c}", child, name="child")
    app.mount("/unnamed", unnamed)
    app.mount("/static", foreign, name="static")

    ASKED = {
        "plain": ("plain", {}),
        "int": ("an_int", {"n": 5}),
        "int-text": ("an_int", {"n": "007"}),
        "int-bad": ("an_int", {"n": "x"}),
        "int-float": ("an_int", {"n": 1.5}),
        "str": ("a_str", {"s": "a b/\\u00fc?"}),
        "str-space": ("a_str", {"s": "a b\\u00fc?%#"}),
        "str-empty": ("a_str", {"s": ""}),
        "float": ("a_float", {"f": 1e-7}),
        "float-int": ("a_float", {"f": 3}),
        "float-nan": ("a_float", {"f": float("nan")}),
        "uuid": ("a_uuid", {"u": uuid.UUID(int=0)}),
        "uuid-text": ("a_uuid", {"u": "00000000-0000-0000-0000-000000000000"}),
        "uuid-bad": ("a_uuid", {"u": "x"}),
        "own-name": ("own-name", {}),
        "function-name": ("ignored", {}),
        "twice": ("twice", {}),
        "twice-fitting": ("twice", {"n": "x"}),
        "class": ("Klass", {}),
        "websocket": ("socket", {"n": 1}),
        "missing": ("an_int", {}),
        "extra": ("plain", {"n": 1}),
        "unknown": ("nobody", {}),
        "mounted": ("child:x", {"c": "a", "n": 1}),
        "mounted-missing": ("child:x", {"n": 1}),
        "deep": ("child:deep:y", {"c": "a"}),
        "mount": ("child", {"c": "a"}),
        "mount-foreign": ("static", {}),
        "unprefixed": ("x", {"c": "a", "n": 1}),
        "unnamed": ("z", {}),
    }

    def resolved(resolve, name):
        key, params = ASKED[name]
        try:
            url = resolve(key, **params)
        except NotFoundException:
            return "NotFoundException"
        return url.path

    @app.get("/resolve/{name}")
    async def resolve(name: str):
        return resolved(app.resolve_url, name)

    @app.get("/request/{name}")
    async def from_request(request: Request, name: str):
        return resolved(request.url_for, name)

    @app.get("/whole")
    async def whole(request: Request):
        return [str(app.resolve_url("plain")), str(request.url_for("plain"))]

    @child.get("/inside/{name}")
    async def inside(request: Request, name: str):
        return resolved(request.url_for, name)
    """,
    *[
        http(name, f"GET /resolve/{name}", 200, path)
        for name, path in {
            "plain": "/plain/",
            "int": "/int/5/",
            "int-text": "/int/007/",
            "int-bad": "NotFoundException",
            "int-float": "NotFoundException",
            "str": "NotFoundException",
            "str-space": "/str/a%20b%C3%BC%3F%25%23/x",
            "str-empty": "NotFoundException",
            "float": "/float/0.0000001/",
            "float-int": "/float/3/",
            "float-nan": "NotFoundException",
            "uuid": "/uuid/00000000-0000-0000-0000-000000000000/",
            "uuid-text": "/uuid/00000000-0000-0000-0000-000000000000/",
            "uuid-bad": "NotFoundException",
            "own-name": "/named/",
            "function-name": "NotFoundException",
            "twice": "/first/",
            "twice-fitting": "/second/x/",
            "class": "/class/",
            "websocket": "/ws/1/",
            "missing": "NotFoundException",
            "extra": "NotFoundException",
            "unknown": "NotFoundException",
            "mounted": "/child/a/x/1/",
            "mounted-missing": "NotFoundException",
            "deep": "/child/a/deep/y/",
            "mount": "/child/a",
            "mount-foreign": "/static",
            "unprefixed": "NotFoundException",
            "unnamed": "NotFoundException",
        }.items()
    ],
    http("from a request", "GET /request/mounted", 200, "/child/a/x/1/"),
    http("unknown from a request", "GET /request/unknown", 200, "NotFoundException"),
    http("whole URLs", "GET /whole", 200, ["http:///plain/", "http://testserver/plain/"]),
)

application(
    "names/routes of an application",
    """
    from flama import Flama, Router
    from flama.endpoints import HTTPEndpoint
    from flama.websockets import WebSocket

    app = Flama()

    @app.get("/a/{x:int}/", include_in_schema=False)
    def first(x: int):
        return 1

    @app.route("/b/", name="bee")
    class Bee(HTTPEndpoint):
        def post(self):
            return 1

    @app.websocket_route("/ws/", name="socket")
    async def ws(websocket: WebSocket):
        await websocket.close()

    child = Router()
    app.mount("/child/", child, name="child")
    app.mount("/unnamed", child)

    @app.get("/list/")
    def listed():
        return [
            [
                type(route).__name__,
                route.path,
                route.name,
                route.include_in_schema,
                sorted(getattr(route, "methods", None) or []),
                getattr(getattr(route, "endpoint", None), "__name__", None),
            ]
            for route in app.routes
        ]

    @app.get("/same/")
    async def same():
        return [first.__name__, Bee.__name__, isinstance(Bee, type), callable(first), first(1)]
    """,
    http(
        "are listed in order",
        "GET /list/",
        200,
        [
            ["Route", "/schema/", "schema", False, ["GET", "HEAD"], "schema_view"],
            ["Route", "/docs/", "docs", False, ["GET", "HEAD"], "docs_view"],
            ["Route", "/a/{x:int}/", "first", False, ["GET", "HEAD"], "first"],
            ["Route", "/b/", "bee", True, ["POST"], "Bee"],
            ["WebSocketRoute", "/ws/", "socket", True, [], "ws"],
            ["Mount", "/child", "child", True, [], None],
            ["Mount", "/unnamed", None, True, [], None],
            ["Route", "/list/", "listed", True, ["GET", "HEAD"], "listed"],
            ["Route", "/same/", "same", True, ["GET", "HEAD"], "same"],
        ],
    ),
    http(
        "decorators return what they decorate", "GET /same/", 200, ["first", "Bee", True, True, 1]
    ),
)

_BAD_CALLS = {
    "a path that is no text": ("app.add_route(5, view)", "ValueError", "5"),
    "methods that are no list": (
        "app.add_route('/', view, methods=5)",
        "ApplicationError",
        "methods",
    ),
    "a method that is no token": (
        "app.add_route('/', view, methods=['A B'])",
        "ApplicationError",
        "A B",
    ),
    "a method that is no text": (
        "app.add_route('/', view, methods=[5])",
        "ApplicationError",
        "methods",
    ),
    "an endpoint that is none": ("app.add_route('/', 5)", "ApplicationError", "endpoint=5"),
    "a mount of nothing": ("app.mount('/x', 5)", "ApplicationError", "app=5"),
    "a component that is none": ("app.add_component(5)", "ApplicationError", "5"),
    "a component that is a class": ("app.add_component(Component)", "ApplicationError", "instance"),
    "a middleware that is none": ("app.add_middleware(5)", "ApplicationError", "5"),
    "an event that is none": ("app.add_event_handler('boot', view)", "ApplicationError", "boot"),
    "an event's handler that is none": (
        "app.add_event_handler('startup', 5)",
        "ApplicationError",
        "handler=5",
    ),
    "an exception that is none": (
        "app.add_exception_handler('404', view)",
        "ApplicationError",
        "'404'",
    ),
    "a status that is none": ("app.add_exception_handler(42, view)", "ApplicationError", "42"),
    "a route that is none": ("Flama(routes=[5])", "ApplicationError", "5"),
    "a module that is none": ("Flama(modules=[5])", "ApplicationError", "5"),
    "an event in the constructor": ("Flama(events={'boot': []})", "ApplicationError", "boot"),
    "an unknown argument": ("app.add_route('/', view, nope=1)", "TypeError", "nope"),
}

for _name, (_call, _error, _words) in _BAD_CALLS.items():
    refused(
        f"names/{_name}",
        f"from flama import Component, Flama\n\napp = Flama()\n\n"
        f"async def view():\n    return 1\n\n{_call}\n",
        raises=_error,
        message=Contains(_words),
    )
