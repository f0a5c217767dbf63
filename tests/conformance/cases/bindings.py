"""Section 14: binders that do only what a signature needs must not be seen.

Views here look at their request late, in part, in several ways at once, or from where nobody
expects it; and the objects around them have a say in things that a fast way might pass over.
"""

from __future__ import annotations

from ..form import E, Leave, accept, application, bad, http, text, websocket

application(
    "bindings/instances that look late",
    '''
    from __future__ import annotations

    import dataclasses

    from flama import Component, Flama, types
    from flama.endpoints import HTTPEndpoint
    from flama.exceptions import HTTPException
    from flama.http import PlainTextResponse, Request
    from notes import note

    class Caller(str):
        pass

    class CallerComponent(Component):
        def resolve(self, headers: types.Headers) -> Caller:
            return Caller(headers.get("x-caller", "nobody"))

    @dataclasses.dataclass
    class Item:
        name: str

    sub = Flama(schema=None, docs=None, components=[CallerComponent()])

    def seen(self):
        """All that an instance tells of its request."""
        request = self.request
        return [
            sorted(self.scope["path_params"].items()),
            self.scope["route"].name,
            request.app is self.state["app"],
            request.app is sub,
            self.state["request"] is request,
            self.state["path"],
            request.url.path,
            self.scope["root_path"],
            callable(self.receive) and callable(self.send),
        ]

    @sub.route("/{n:int}/")
    class View(HTTPEndpoint):
        async def get(self, n: int, only: bool = False):
            return n if only else seen(self)

        async def post(self, n: int, item: Item):
            return [item.name, (await self.request.body()).decode(), await self.request.json()]

        def put(self, n: int):
            return seen(self)

        async def patch(self, caller: Caller, headers: types.Headers, n: int):
            return [caller, self.request.headers is headers, seen(self)]

        async def delete(self, query: types.QueryParams, cookies: types.Cookies, n: int):
            same = self.request.query_params is query, self.request.cookies is cookies
            return [same, dict(query), cookies]

        async def options(self, request: Request, caller: Caller):
            return [self.request is request, caller, seen(self)]

        async def query(self, n: int):
            self.state["mine"] = n
            self.request.state.yours = n
            await self.send(
                {"type": "http.response.start", "status": 202, "headers": [(b"x-n", b"%d" % n)]}
            )
            await self.send({"type": "http.response.body", "body": b"sent"})
            raise RuntimeError("after all was sent")

        async def trace(self, n: int):
            raise HTTPException(418, detail=seen(self))

        async def connect(self, n: int):
            note(self.scope["route"].name)
            return PlainTextResponse(str(self.request.path_params), 201)

    app = Flama(schema=None, docs=None)
    app.mount("/of/{who}", sub, name="sub")
    ''',
    http("nothing but its parameter", "GET /of/ada/7/?only=1", 200, 7),
    http(
        "all that there is",
        "GET /of/ada/7/",
        200,
        [
            [["n", 7], ["who", "ada"]],
            "View",
            True,
            True,
            True,
            "/of/ada/7/",
            "/of/ada/7/",
            "/of/ada",
            True,
        ],
    ),
    http("HEAD as well", "HEAD /of/ada/7/", 200),
    http("a bad value", "GET /of/ada/7/?only=x", 400, bad(only="bool_parsing")),
    http(
        "the body, once more",
        "POST /of/ada/7/",
        200,
        ["lamp", '{"name": "lamp"}', {"name": "lamp"}],
        content=b'{"name": "lamp"}',
    ),
    http(
        "a form",
        "POST /of/ada/7/",
        500,
        content=b"name=lamp",
        send={"content-type": "application/x-www-form-urlencoded"},
        raises="RuntimeError",
    ),
    http("a bad body", "POST /of/ada/7/", 400, json_body={"name": 1}),
    http("a body of another type", "POST /of/ada/7/", 415, send={"content-type": "text/csv"}),
    http("from a worker thread", "PUT /of/ada/7/", 200),
    http("with a component", "PATCH /of/ada/7/", 200, send={"x-caller": "eve"}),
    http(
        "with parts of the request",
        "DELETE /of/ada/7/?a=1&a=2",
        200,
        [[True, True], {"a": "2"}, {"c": "d"}],
        send={"cookie": "c=d"},
    ),
    http("with the request itself", "OPTIONS /of/ada/7/", 200),
    http("an error after the answer", "QUERY /of/ada/7/", 202, b"sent", raises="RuntimeError"),
    http("an error that quotes", "TRACE /of/ada/7/", 418),
    http("a response", "CONNECT /of/ada/7/", 201, b"{'who': 'ada', 'n': 7}", notes=["View"]),
)

application(
    "bindings/classes with a say",
    """
    import functools
    from typing import Annotated, Any

    from flama import Flama, types
    from flama.endpoints import HTTPEndpoint
    from notes import note
    from pydantic import BaseModel

    app = Flama(schema=None, docs=None)

    def loud(view):
        @functools.wraps(view)
        async def call(*args, **kwargs):
            note("loud")
            return await view(*args, **kwargs)

        return call

    class Shown(BaseModel):
        name: str

    @app.route("/init/{n:int}")
    class Init(HTTPEndpoint):
        def __init__(self, *args):
            super().__init__(*args)
            note(["made", self.scope["path_params"]])
            self.extra = self.request.path_params["n"] + 1

        async def get(self, n: int, q: int = 1):
            return [n, self.extra]

    @app.route("/new/{n:int}")
    class New(HTTPEndpoint):
        def __new__(cls, *args):
            note(["new", len(args)])
            return super().__new__(cls)

        async def get(self, n: int):
            return n

    @app.route("/attributes/{n:int}")
    class Attributes(HTTPEndpoint):
        scope = "of the class"

        async def get(self, n: int):
            return self.scope["path"]

    @app.route("/getattr/{n:int}")
    class Getattr(HTTPEndpoint):
        def __getattr__(self, name):
            return f"no {name}"

        async def get(self, n: int):
            return [self.other, self.scope["path"]]

    @app.route("/setattr/{n:int}")
    class Setattr(HTTPEndpoint):
        def __setattr__(self, name, value):
            note(name)
            super().__setattr__(name, value)

        async def get(self, n: int):
            self.mine = n
            return self.mine

    class Mixin:
        request = "of the mixin"

        async def get(self, n: int):
            return [n, self.request if isinstance(self.request, str) else "the request"]

    @app.route("/mixin/{n:int}")
    class Mixed(Mixin, HTTPEndpoint):
        pass

    @app.route("/mixed-after/{n:int}")
    class MixedAfter(HTTPEndpoint, Mixin):
        pass

    @app.route("/wrapped/{n:int}")
    class Wrapped(HTTPEndpoint):
        @loud
        async def get(self, n: int):
            return [n, self.scope["path"]]

    @app.route("/methods/{n:int}")
    class Methods(HTTPEndpoint):
        @staticmethod
        async def get(n: int):
            return n

        @classmethod
        async def post(cls, n: int):
            return [cls.__name__, n]

    @app.route("/checked/{n:int}")
    class Checked(HTTPEndpoint):
        async def get(self, n: int) -> Annotated[types.Schema, types.SchemaMetadata(Shown)]:
            return {"name": "lamp", "secret": n} if n else {}

        def post(self, n: int) -> Shown:
            return {"name": self.scope["path"], "secret": n}

        async def put(self, n: int) -> Any:
            return object()

    @app.route("/heads/{n:int}")
    class Heads(HTTPEndpoint):
        async def get(self, n: int = 5):
            note(["get", n])
            return n

        async def head(self, n: int, q: str = "q"):
            note(["head", n, q])
            return n

    @app.route("/late/{n:int}")
    class Late(HTTPEndpoint):
        async def get(self, n: int):
            return "first"

    async def replaced(self, n: int):
        return ["second", n]

    Late.get = replaced
    """,
    http("its own __init__", "GET /init/1", 200, [1, 2], notes=[["made", {"n": 1}]]),
    http(
        "made before parameters are read",
        "GET /init/1?q=x",
        400,
        bad(q="int_parsing"),
        notes=[["made", {"n": 1}]],
    ),
    http("its own __new__", "GET /new/1", 200, 1),
    http("attributes of the class", "GET /attributes/1", 200, "/attributes/1"),
    http("its own __getattr__", "GET /getattr/1", 200, ["no other", "/getattr/1"]),
    http("its own __setattr__", "GET /setattr/1", 200, 1),
    http("a mixin before", "GET /mixin/1", 200, [1, "of the mixin"]),
    http("a mixin after", "GET /mixed-after/1", 200, [1, "the request"]),
    http("a wrapped verb", "GET /wrapped/1", 200, [1, "/wrapped/1"], notes=["loud"]),
    http("a static verb", "GET /methods/1", 200, 1),
    http("a verb of the class", "POST /methods/1", 200, ["Methods", 1]),
    http("a checked result", "GET /checked/1", 200, {"name": "lamp"}),
    http("a result that does not fit", "GET /checked/0", 500),
    http("a checked result from a thread", "POST /checked/1", 200, {"name": "/checked/1"}),
    http("a result of no form", "PUT /checked/1", 500, raises="TypeError"),
    http("a head of its own", "HEAD /heads/1", 200, notes=[["head", 1, "q"]]),
    http("beside its get", "GET /heads/1", 200, 1, notes=[["get", 1]]),
    http("a verb that was replaced", "GET /late/1", 200, ["second", 1]),
)

application(
    "bindings/components that need little",
    """
    from __future__ import annotations

    import asyncio
    from datetime import date
    from enum import Enum
    from typing import Annotated, Literal, NewType

    from flama import Component, Flama, types
    from flama.exceptions import HTTPException
    from flama.http import Request
    from flama.injection import Parameter
    from flama.routing import BaseRoute
    from notes import note

    class Agent(str): ...
    class Waited(str): ...
    class Shared(list): ...
    class Pair(tuple): ...
    class Named(str): ...
    class Page(int): ...
    class Raw(bytes): ...
    class Place(str): ...
    class Strict(str): ...

    class AgentComponent(Component):
        def resolve(self, headers: types.Headers, method: types.Method) -> Agent:
            note("agent")
            return Agent(method + " " + headers.get("user-agent", "-"))

    class WaitedComponent(Component):
        def resolve(self, agent: Agent) -> Waited:
            note("waited")

            async def wait():
                await asyncio.sleep(0)
                return Waited(agent + "!")

            return wait()

    class SharedComponent(Component):
        def resolve(self) -> Shared:
            note("shared")
            return Shared()

    class PairComponent(Component):
        cacheable = False

        async def resolve(self, one: Shared, /, two: Shared, *, page: Page) -> Pair:
            note("pair")
            one.append(page)
            return Pair((one is two, len(one)))

    class NamedComponent(Component):
        def can_handle_parameter(self, parameter: Parameter) -> bool:
            return parameter.annotation is Named

        def resolve(self, parameter: Parameter, tags: list[str] = ["none"]):
            note(parameter.name)
            return f"{parameter.name}:{','.join(tags)}"

    class PageComponent(Component):
        def resolve(self, page: int = 1) -> Page:
            return Page(page)

    class RawComponent(Component):
        def resolve(self, body: types.Body) -> Raw:
            return Raw(body)

    class PlaceComponent(Component):
        def resolve(self, request: Request, params: types.PathParams, route: BaseRoute) -> Place:
            return Place(f"{request.url.path} {dict(params)} {route.name} {request.app is app}")

    class StrictComponent(Component):
        async def resolve(self, n: int, headers: types.Headers) -> Strict:
            if n == 0:
                raise HTTPException(409, detail=headers.get("x-why", "-"), headers={"x-n": "0"})
            return Strict(n)

    app = Flama(
        schema=None,
        docs=None,
        components=[
            AgentComponent(), WaitedComponent(), SharedComponent(), PairComponent(),
            NamedComponent(), PageComponent(), RawComponent(), PlaceComponent(),
            StrictComponent(),
        ],
    )

    @app.get("/agent/{n:int}")
    async def agent(agent: Agent, n: int):
        return [agent, n]

    @app.get("/waited")
    async def waited(waited: Waited, agent: Agent):
        return [waited, agent]

    @app.get("/pairs")
    async def pairs(a: Pair, b: Pair, shared: Shared):
        return [a, b, shared]

    @app.get("/named")
    def named(one: Named, two: Named, page: Page, q: int = 3):
        return [one, two, page, q]

    @app.post("/raw")
    async def raw(raw: Raw, data: types.RequestData, again: types.Body):
        return [raw.decode(), data.data, again.decode()]

    @app.get("/place/{n:int}")
    async def place(place: Place, n: int):
        return place

    @app.get("/strict/{n:int}")
    async def strict(strict: Strict, limit: int = 1):
        return strict

    class Colour(Enum):
        RED = "red"
        BLUE = 2

    @app.get("/reads/{colour}")
    async def reads(
        colour: Colour,
        when: date,
        many: list[int] = [7],
        maybe: int | None = None,
        kind: Literal["a", 1] = "a",
        which: Annotated[Colour | None, "doc"] = None,
    ):
        return [colour, when, many, maybe, kind, which]

    @app.get("/items/{n:int}")
    async def items(tags: list[str], n: int, headers: types.Headers):
        return [tags, n, headers["host"]]
    """,
    http("one", "GET /agent/3", 200, ["GET me", 3], send={"user-agent": "me"}, notes=["agent"]),
    http("head is its method", "HEAD /agent/3", 200, notes=["agent"]),
    http(
        "one that waits for another",
        "GET /waited",
        200,
        ["GET -!", "GET -"],
        notes=["agent", "waited"],
    ),
    http(
        "one that is never kept",
        "GET /pairs?page=4",
        200,
        [[True, 1], [True, 2], [4, 4]],
        notes=["shared", "pair", "pair"],
    ),
    http(
        "one of a name",
        "GET /named?tags=x&tags=y&page=2&q=5",
        200,
        ["one:x,y", "two:x,y", 2, 5],
        notes=["one", "two"],
    ),
    http("with defaults", "GET /named", 200, ["one:none", "two:none", 1, 3]),
    http(
        "every query error before any component",
        "GET /named?page=x&q=y",
        400,
        bad(page="int_parsing", q="int_parsing"),
        notes=[],
    ),
    http("the body", "POST /raw", 200, ['{"a":1}', {"a": 1}, '{"a":1}'], content=b'{"a":1}'),
    http(
        "a form",
        "POST /raw",
        200,
        ["a=1", {"a": "1"}, "a=1"],
        content=b"a=1",
        send={"content-type": "application/x-www-form-urlencoded"},
    ),
    http("no body that is known", "POST /raw", 415, send={"content-type": "text/csv"}),
    http("the request itself", "GET /place/4", 200, "/place/4 {'n': 4} place True"),
    http("an error", "GET /strict/0", 409, E(409, "y"), send={"x-why": "y"}, headers={"x-n": "0"}),
    http("an error that comes later", "GET /strict/0?limit=x", 400, bad(limit="int_parsing")),
    http("a part of the path", "GET /strict/5", 200, "5"),
    http(
        "every kind of value",
        "GET /reads/2?when=2024-02-29&many=1&many=02&maybe=3&kind=1&which=red",
        200,
        [2, "2024-02-29", [1, 2], 3, 1, "red"],
    ),
    http(
        "their defaults",
        "GET /reads/red?when=2024-02-29",
        200,
        ["red", "2024-02-29", [7], None, "a", None],
    ),
    http(
        "what is wrong with them",
        "GET /reads/red?when=x&many=1&many=x&maybe=y&kind=b&which=green",
        400,
        bad(
            when="date_parsing",
            many="int_parsing",
            maybe="int_parsing",
            kind="literal_error",
            which="enum",
        ),
    ),
    http("what is missing", "GET /reads/red?many=x", 400, bad(when="missing", many="int_parsing")),
    http("the path comes alone", "GET /reads/green?when=x", 400, bad(colour="enum")),
    http("a list", "GET /items/2?tags=a&tags=b%26&n=9", 200, [["a", "b&"], 2, "testserver"]),
    http("a list that is missing", "GET /items/2", 400, bad(tags="missing")),
)

application(
    "bindings/layers around them",
    """
    from flama import Component, Flama, types
    from flama.endpoints import HTTPEndpoint
    from flama.http import PlainTextResponse, Request
    from flama.middleware import Middleware
    from notes import note

    class Twice:
        '''Sends the same scope through again, on another path.'''

        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            if scope["type"] == "http" and b"x-twice" in dict(scope["headers"]):
                async def drop(message):
                    note([message["type"], scope.get("path_params"), "route" in scope])

                await self.app(scope, receive, drop)
                scope["path"] = scope["path"].replace("1", "2")
            await self.app(scope, receive, send)
            note(sorted(scope.get("path_params", {}).items()))

    class Who(str): ...

    class WhoComponent(Component):
        def resolve(self, headers: types.Headers) -> Who:
            return Who(headers.get("x-who", "-"))

    def views(app):
        @app.route("/class/{n:int}")
        class View(HTTPEndpoint):
            async def get(self, n: int):
                return [n, self.scope["path_params"], self.request.url.path]

            async def post(self, n: int, who: Who):
                return [n, who, self.request.path_params]

            async def put(self, request: Request):
                return [request is self.request, request.path_params]

            async def delete(self, n: int):
                raise KeyError(self.request.path_params["n"])

            async def patch(self, who: Who):
                return PlainTextResponse(who)

        @app.get("/who/{n:int}")
        async def show(who: Who, n: int):
            return [who, n]

        @app.get("/request/{n:int}")
        async def request(request: Request, n: int):
            return [request.path_params, n]

        @app.get("/raises/{n:int}")
        async def raises(who: Who, n: int):
            raise KeyError(n)

    async def missing(request, error):
        return {"missing": error.args[0], "params": request.path_params, "in": request.url.path}

    app = Flama(
        schema=None, docs=None, components=[WhoComponent()], middleware=[Middleware(Twice)]
    )
    app.add_exception_handler(KeyError, missing)
    views(app)
    group = Flama(schema=None, docs=None, middleware=[Middleware(Twice)])
    views(group)
    plain = Flama(schema=None, docs=None)
    views(plain)
    inner = Flama(schema=None, docs=None)
    views(inner)
    plain.mount("/{b}/inner", inner)
    app.mount("/group/{a}", group)
    app.mount("/plain/{a}", plain)
    """,
    *(
        http(
            f"{method} {place}{path}{' twice' if again else ''}",
            f"{method} {place}{path}",
            500 if method == "DELETE" or "raises" in path else 200,
            send={"x-who": "ada", **({"x-twice": "1"} if again else {})},
        )
        for place in ("", "/group/g", "/plain/p", "/plain/p/q/inner")
        for method, path in (
            ("GET", "/class/1"),
            ("POST", "/class/1"),
            ("PUT", "/class/1"),
            ("DELETE", "/class/1"),
            ("PATCH", "/class/1"),
            ("GET", "/who/1"),
            ("GET", "/request/1"),
            ("GET", "/raises/1"),
        )
        for again in (False, True)
    ),
)

application(
    "bindings/errors below two mounts",
    """
    from flama import Component, Flama, types
    from flama.endpoints import HTTPEndpoint
    from flama.http import Request

    class Who(str): ...

    class WhoComponent(Component):
        def resolve(self, headers: types.Headers) -> Who:
            return Who(headers.get("x-who", "-"))

    async def failed(request, error):
        params = request.path_params
        return [params, request.app is inner, request.url.path, request.scope["root_path"]]

    app = Flama(schema=None, docs=None, components=[WhoComponent()])
    app.add_exception_handler(KeyError, failed)
    outer = Flama(schema=None, docs=None)
    inner = Flama(schema=None, docs=None)

    @inner.get("/plain/{c:int}")
    async def plain(c: int):
        raise KeyError

    @inner.get("/who/{c:int}")
    async def who(who: Who):
        raise KeyError

    @inner.get("/request/{c:int}")
    async def request(request: Request):
        raise KeyError

    @inner.route("/class/{c:int}")
    class View(HTTPEndpoint):
        async def get(self):
            raise KeyError(self.request.url)

        async def put(self):
            raise KeyError

    outer.mount("/{b}", inner)
    app.mount("/{a}", outer)
    """,
    *(
        http(
            line,
            f"{line.split()[0]} /x/y/{line.split()[1]}/3",
            500,
            [{"a": "x", "b": "y", "c": 3}, True, f"/x/y/{line.split()[1]}/3", "/x/y"],
        )
        for line in ("GET plain", "GET who", "GET request", "GET class", "PUT class")
    ),
)

application(
    "bindings/components that come later",
    """
    from flama import Component, Flama, Router
    from flama.endpoints import HTTPEndpoint
    from flama.websockets import WebSocket
    from notes import note

    class Pool:
        def __init__(self, name):
            self.name = name

    class PoolComponent(Component):
        def __init__(self, name):
            self.name = name

        def resolve(self) -> Pool:
            return Pool(self.name)

    class Numbers(Component):
        def can_handle_parameter(self, parameter):
            return parameter.annotation is int

        def resolve(self) -> int:
            return 42

    class Texts(Component):
        def resolve(self) -> str:
            return "a component's"

    app = Flama(schema=None, docs=None, components=[PoolComponent("first")])
    sub = Flama(schema=None, docs=None)

    @app.on_event("startup")
    def connect():
        app.components.insert(0, PoolComponent("of the start"))

    @app.get("/pool")
    async def pool(pool: Pool):
        return pool.name

    @app.get("/n/{n:int}")
    async def number(n: int, q: str = "query"):
        return [n, q]

    @app.route("/class/{n:int}")
    class View(HTTPEndpoint):
        async def get(self, n: int, pool: Pool):
            return [n, pool.name]

        async def put(self, n: int):
            return n

    @app.websocket_route("/socket/{n:int}")
    async def socket(websocket: WebSocket, n: int, pool: Pool):
        await websocket.accept()
        await websocket.send_text(f"{n} {pool.name}")

    @sub.get("/pool")
    async def sub_pool(pool: Pool, q: str = "query"):
        return [pool.name, q]

    app.mount("/sub", sub)

    @app.post("/add/{what}")
    async def add(what: str):
        if what == "numbers":
            app.add_component(Numbers())
        elif what == "texts":
            app.components.extend([Texts()])
        else:
            sub.components.append(PoolComponent("of the part"))
        note(len(app.components))
        return "added"
    """,
    http("before", "GET /pool", 200, "of the start"),
    http("a number before", "GET /n/1", 200, [1, "query"]),
    http("a class before", "GET /class/1", 200, [1, "of the start"]),
    http("another verb before", "PUT /class/1", 200, 1),
    http("below a mount before", "GET /sub/pool", 200, ["of the start", "query"]),
    websocket("a socket before", "/socket/1", [Leave()], [accept(), text("1 of the start")]),
    http("numbers come", "POST /add/numbers", 200, "added"),
    http("a number then", "GET /n/1", 200, [42, "query"]),
    http("and again", "GET /n/1", 200, [42, "query"]),
    http("a class then", "GET /class/1", 200, [42, "of the start"]),
    http("another verb then", "PUT /class/1", 200, 42),
    websocket("a socket then", "/socket/1", [Leave()], [accept(), text("42 of the start")]),
    http("texts come", "POST /add/texts", 200, "added"),
    http("the query then", "GET /n/1", 200, [42, "a component's"]),
    http("below a mount then", "GET /sub/pool?q=x", 200, ["of the start", "a component's"]),
    http("its own comes", "POST /add/part", 200, "added"),
    http("its own then", "GET /sub/pool?q=x", 200, ["of the part", "a component's"]),
)
