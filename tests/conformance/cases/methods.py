"""Sections 3 and 4: methods, and which route answers."""

from __future__ import annotations

from ..form import Contains, E, application, close, http, refused, websocket

application(
    "methods/of functions",
    """
    from flama import Flama
    from flama.http import Request

    app = Flama(schema=None, docs=None)

    @app.route("/default/")
    async def default():
        return 1

    @app.route("/several/", methods=["POST", "PUT"])
    async def several(request: Request):
        return request.method

    @app.route("/any-token/", methods=["FOO", "M-SEARCH"])
    async def any_token(request: Request):
        return request.method

    @app.get("/short/")
    async def get():
        return "get"

    @app.post("/short/")
    async def post():
        return "post"

    @app.put("/short/")
    async def put():
        return "put"

    @app.delete("/short/")
    async def delete():
        return "delete"

    @app.patch("/short/")
    async def patch():
        return "patch"

    @app.options("/short/")
    async def options():
        return "options"

    @app.connect("/short/")
    async def connect():
        return "connect"

    @app.trace("/short/")
    async def trace():
        return "trace"

    @app.query("/short/")
    async def query():
        return "query"

    @app.head("/head/")
    async def head():
        return "head"

    @app.head("/both/")
    async def both_head():
        return "the view of HEAD"

    @app.get("/both/")
    async def both_get():
        return "the view of GET"
    """,
    http("GET is the default", "GET /default/", 200, 1),
    http("GET adds HEAD", "HEAD /default/", 200),
    http("nothing adds OPTIONS", "OPTIONS /default/", 405, headers={"allow": "GET, HEAD"}),
    http("POST is not there", "POST /default/", 405, headers={"allow": "GET, HEAD"}),
    http("several: one", "POST /several/", 200, "POST"),
    http("several: another", "PUT /several/", 200, "PUT"),
    http("several: no HEAD", "HEAD /several/", 405, headers={"allow": "POST, PUT"}),
    http("any token", "FOO /any-token/", 200, "FOO"),
    http("any token with a dash", "M-SEARCH /any-token/", 200, "M-SEARCH"),
    http("names are case-sensitive", "get /default/", 405),
    http("shorthand get", "GET /short/", 200, "get"),
    http("shorthand post", "POST /short/", 200, "post"),
    http("shorthand put", "PUT /short/", 200, "put"),
    http("shorthand delete", "DELETE /short/", 200, "delete"),
    http("shorthand patch", "PATCH /short/", 200, "patch"),
    http("shorthand options", "OPTIONS /short/", 200, "options"),
    http("shorthand connect", "CONNECT /short/", 200, "connect"),
    http("shorthand trace", "TRACE /short/", 200, "trace"),
    http("shorthand query", "QUERY /short/", 200, "query"),
    http(
        "Allow is the sorted union",
        "LOCK /short/",
        405,
        headers={
            "allow": "CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, TRACE",
            "content-type": "application/json",
        },
    ),
    http("a view of HEAD alone", "HEAD /head/", 200),
    http("is no view of GET", "GET /head/", 405, headers={"allow": "HEAD"}),
    http("HEAD's own view comes first", "HEAD /both/", 200, headers={"content-length": "18"}),
    http("GET's own view", "GET /both/", 200, "the view of GET"),
)

application(
    "methods/added by call",
    """
    from flama import Flama, Route, Router
    from flama.http import Request
    from flama.routing import WebSocketRoute

    app = Flama(schema=None, docs=None)
    router = Router()

    async def view(request: Request):
        return request.method

    app.add_get("/get/", view)
    app.add_post("/post/", view)
    app.add_put("/put/", view)
    app.add_delete("/delete/", view)
    app.add_patch("/patch/", view)
    app.add_options("/options/", view)
    app.add_head("/head/", view)
    app.add_connect("/connect/", view)
    app.add_trace("/trace/", view)
    app.add_query("/query/", view)
    app.add_route("/plain/", view)
    app.add_route(route=Route("/ready/", view, methods=["PURGE"]))

    @router.get("/a/")
    async def a():
        return "a"

    @router.route("/b/", methods=["POST"])
    def b():
        return "b"

    router.add_route("/c/", view, methods=["PUT"])
    router.add_get("/d/", view)
    app.mount("/router", router)

    async def socket(websocket: "WebSocket"):
        await websocket.close(4001)

    from flama.websockets import WebSocket

    app.add_websocket_route("/ws/", socket)

    @router.websocket_route("/ws/")
    async def other(websocket: WebSocket):
        await websocket.close(4002)
    """,
    http("add_get", "GET /get/", 200, "GET"),
    http("add_get, HEAD", "HEAD /get/", 200),
    http("add_post", "POST /post/", 200, "POST"),
    http("add_put", "PUT /put/", 200, "PUT"),
    http("add_delete", "DELETE /delete/", 200, "DELETE"),
    http("add_patch", "PATCH /patch/", 200, "PATCH"),
    http("add_options", "OPTIONS /options/", 200, "OPTIONS"),
    http("add_head", "HEAD /head/", 200),
    http("add_connect", "CONNECT /connect/", 200, "CONNECT"),
    http("add_trace", "TRACE /trace/", 200, "TRACE"),
    http("add_query", "QUERY /query/", 200, "QUERY"),
    http("add_route", "GET /plain/", 200, "GET"),
    http("a Route object", "PURGE /ready/", 200, "PURGE"),
    http("router.get", "GET /router/a/", 200, "a"),
    http("router.route", "POST /router/b/", 200, "b"),
    http("router.add_route", "PUT /router/c/", 200, "PUT"),
    http("router.add_get", "GET /router/d/", 200, "GET"),
    websocket("add_websocket_route", "/ws/", events=[close(4001)]),
    websocket("router.websocket_route", "/router/ws/", events=[close(4002)]),
)

application(
    "methods/precedence",
    """
    from flama import Flama, Router

    app = Flama(schema=None, docs=None)

    @app.get("/u/{x}")
    async def user(x: str):
        return ["user", x]

    @app.get("/u/me")
    async def me():
        return "me"

    @app.post("/u/me")
    async def post_me():
        return "posted"

    @app.get("/v/me")
    async def v_me():
        return "v me"

    @app.get("/v/{x:int}")
    async def v_int(x: int):
        return ["int", x]

    @app.put("/v/{x:float}")
    async def v_float(x: float):
        return ["float", x]

    @app.get("/v/{x}")
    async def v_str(x: str):
        return ["str", x]

    @app.delete("/w/{a}/{b:int}")
    async def w1(a: str, b: int):
        return ["w1", a, b]

    @app.post("/w/{a:int}/{b}")
    async def w2(a: int, b: str):
        return ["w2", a, b]

    @app.get("/w/x/y")
    async def w3():
        return "w3"

    @app.post("/shop/early")
    async def early():
        return "early"

    @app.put("/shop")
    async def before():
        return "before"

    shop = Flama(schema=None, docs=None)

    @shop.get("/early")
    async def shop_early():
        return "the shop's"

    @shop.get("/")
    async def shop_root():
        return "shop"

    app.mount("/shop", shop)

    @app.get("/shop/late")
    async def late():
        return "late"

    app.mount("/shop", Router())

    @app.get("/twice/")
    async def first():
        return "first"

    @app.get("/twice/")
    async def second():
        return "second"
    """,
    http("the first that matches", "GET /u/me", 200, ["user", "me"]),
    http("a wrong method goes on searching", "POST /u/me", 200, "posted"),
    http("405 for what only one has", "POST /u/other", 405, headers={"allow": "GET, HEAD"}),
    http("405 holds all that match", "PUT /u/me", 405, headers={"allow": "GET, HEAD, POST"}),
    http("a literal before", "GET /v/me", 200, "v me"),
    http("an int before a str", "GET /v/5", 200, ["int", 5]),
    http("a later full match wins", "PUT /v/5", 200, ["float", 5.0]),
    http("a type that fails goes on", "GET /v/5.5", 200, ["str", "5.5"]),
    http("wrong method on a literal", "PUT /v/me", 405, headers={"allow": "GET, HEAD"}),
    http("the union over overlaps", "PATCH /v/5", 405, headers={"allow": "GET, HEAD, PUT"}),
    http("overlap: first", "DELETE /w/1/2", 200, ["w1", "1", 2]),
    http("overlap: second", "POST /w/1/2", 200, ["w2", 1, "2"]),
    http("overlap: both refuse", "GET /w/1/2", 405, headers={"allow": "DELETE, POST"}),
    http("overlap: one refuses", "GET /w/1/b", 405, headers={"allow": "POST"}),
    http("overlap: neither", "GET /w/a/b", 404),
    http("overlap: the third", "GET /w/x/y", 200, "w3"),
    http("before a mount", "POST /shop/early", 200, "early"),
    http("a wrong method falls through to the mount", "GET /shop/early", 200, "the shop's"),
    http(
        "a mount's 405 holds the siblings before it",
        "DELETE /shop/early",
        405,
        headers={"allow": "GET, HEAD, POST"},
    ),
    http("the prefix itself", "GET /shop", 200, "shop"),
    http("the prefix itself, before", "PUT /shop", 200, "before"),
    http("the prefix, 405", "PATCH /shop", 405, headers={"allow": "GET, HEAD, PUT"}),
    http("the prefix and a slash, 405", "PATCH /shop/", 405, headers={"allow": "GET, HEAD"}),
    http("a mount's 404 is final", "GET /shop/late", 404),
    http("the first of two equal routes", "GET /twice/", 200, "first"),
)

application(
    "methods/a sibling's method and the mount's 404",
    """
    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.post("/m/x")
    async def sibling():
        return 1

    app.mount("/m", Flama(schema=None, docs=None))
    """,
    http("the mount does not know the path", "GET /m/x", 404),
    http("the sibling answers its method", "POST /m/x", 200, 1),
)

application(
    "methods/implicit routes",
    """
    from flama import Flama, Route

    async def own():
        return "own"

    app = Flama(routes=[Route("/docs/", own), Route("/x/", own)])

    @app.get("/schema/")
    async def too_late():
        return "too late"
    """,
    http("routes= comes before the docs", "GET /docs/", 200, "own"),
    http(
        "decorators come after the schema",
        "GET /schema/",
        200,
        headers={"content-type": "application/vnd.oai.openapi+json"},
    ),
    http("the schema is read only", "POST /schema/", 405, headers={"allow": "GET, HEAD"}),
)

application(
    "methods/implicit routes elsewhere",
    """
    from flama import Flama

    app = Flama(schema="/openapi.json", docs="/help")
    quiet = Flama(docs=None)
    app.mount("/quiet", quiet)
    """,
    http("no schema at the usual place", "GET /schema/", 404),
    http("the schema", "GET /openapi.json", 200),
    http("the docs", "GET /help", 200),
    http("schema without docs", "GET /quiet/schema/", 200),
    http("no docs", "GET /quiet/docs/", 404),
)

application(
    "methods/no methods at all",
    """
    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.route("/x/", methods=[])
    async def never():
        return 1
    """,
    http("an empty list answers nothing", "GET /x/", 405, E(405, "Method Not Allowed")),
)

refused(
    "methods/docs without a schema",
    """
    from flama import Flama

    app = Flama(schema=None)
    """,
    code="FC212",
)

refused(
    "methods/a plain string",
    """
    from flama import Flama

    app = Flama()

    @app.route("/x/", methods="GET")
    async def view():
        return 1
    """,
    code="FC211",
)

refused(
    "methods/a decorator without its path",
    """
    from flama import Flama

    app = Flama()

    @app.get
    async def view():
        return 1
    """,
    message=Contains("path=<function view"),
    code="FC212",
)

refused(
    "methods/a name that is no string",
    """
    from flama import Flama

    app = Flama()

    @app.get("/x/", name=5)
    async def view():
        return 1
    """,
    message=Contains("name=5"),
    code="FC212",
)

application(
    "methods/routes added while serving",
    """
    from flama import Flama
    from flama.exceptions import ApplicationError

    app = Flama(schema=None, docs=None)
    child = Flama(schema=None, docs=None)
    app.mount("/child", child)

    async def late():
        return "late"

    @app.post("/add")
    async def add():
        app.add_route("/late", late)
        return "added"

    @child.post("/add")
    async def add_below():
        child.add_route("/late", late)
        return "added"
    """,
    http("not yet", "GET /late", 404),
    http("adds", "POST /add", 200, "added", only="interpreted"),
    http("now", "GET /late", 200, "late", only="interpreted"),
    http("adds below", "POST /child/add", 200, "added", only="interpreted"),
    http("now below", "GET /child/late", 200, "late", only="interpreted"),
    http(
        "a compiled application refuses, and names the command",
        "POST /add?2",
        500,
        only="compiled",
        raises="ApplicationError",
        says=Contains("flama-compile build"),
    ),
    http(
        "and below",
        "POST /child/add?2",
        500,
        only="compiled",
        raises="ApplicationError",
        says=Contains("flama-compile build"),
    ),
)
