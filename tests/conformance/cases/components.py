"""Section 8: components."""

from __future__ import annotations

from ..form import (
    Contains,
    E,
    accept,
    application,
    bad,
    close,
    http,
    refused,
    text,
    websocket,
)

application(
    "components/resolution",
    """
    from flama import Component, Flama, types
    from flama.exceptions import HTTPException
    from flama.http import Request
    from notes import note

    class Token:
        def __init__(self, text):
            self.text = text

    class User:
        def __init__(self, name, limit):
            self.name = name
            self.limit = limit

    class Connection:
        pass

    class Fresh:
        pass

    class Sub(Token):
        pass

    class TokenComponent(Component):
        def resolve(self, headers: types.Headers) -> Token:
            note("token")
            if "authorization" not in headers:
                raise HTTPException(401, "who are you?")
            return Token(headers["authorization"])

    class UserComponent(Component):
        async def resolve(self, token: Token, request: Request, limit: int = 10) -> User:
            note("user")
            return User(token.text, limit)

    class ConnectionComponent(Component):
        def __init__(self):
            self.made = 0

        async def resolve(self) -> Connection:
            note("connection")
            return Connection()

    class FreshComponent(Component):
        cacheable = False

        def resolve(self) -> Fresh:
            note("fresh")
            return Fresh()

    class Second(Component):
        def resolve(self) -> Token:
            note("the second is never asked")
            return Token("second")

    app = Flama(
        schema=None,
        docs=None,
        components=[TokenComponent(), UserComponent(), ConnectionComponent()],
    )
    app.add_component(FreshComponent())
    app.add_component(Second())

    @app.get("/user/")
    async def user(user: User, token: Token):
        note("view")
        return [user.name, user.limit, token.text]

    @app.get("/sync/")
    def sync(token: Token):
        return token.text

    @app.get("/once/")
    async def once(a: Connection, b: Connection):
        return a is b

    @app.get("/each/")
    async def each(a: Fresh, b: Fresh):
        return a is b

    @app.get("/path/{limit:int}/")
    async def from_path(user: User):
        return user.limit

    @app.get("/order/")
    async def order(b: Connection, a: Token, q: int):
        return q

    @app.get("/mixed/{x:int}/")
    async def mixed(x: int, user: User, q: str = "q", *, connection: Connection):
        return [x, user.name, q]
    """,
    http(
        "nested, async, with the query",
        "GET /user/?limit=3",
        200,
        ["ada", 3, "ada"],
        send={"authorization": "ada"},
        notes=["token", "user", "view"],
    ),
    http("defaults", "GET /user/", 200, ["ada", 10, "ada"], send={"authorization": "ada"}),
    http(
        "a bad query of a component",
        "GET /user/?limit=x",
        400,
        bad(limit="int_parsing"),
        send={"authorization": "ada"},
    ),
    http("an error of a component", "GET /user/", 401, E(401, "who are you?"), notes=["token"]),
    http("for a sync view", "GET /sync/", 200, "a", send={"authorization": "a"}),
    http("once for each type", "GET /once/", 200, True, notes=["connection"]),
    http("not cacheable", "GET /each/", 200, False, notes=["fresh", "fresh"]),
    http("a component reads the path", "GET /path/7/", 200, 7, send={"authorization": "a"}),
    http("in the order of the parameters", "GET /order/?q=1", 200, 1, send={"authorization": "a"}),
    http(
        "with all the rest",
        "GET /mixed/1/?q=z",
        200,
        [1, "ada", "z"],
        send={"authorization": "ada"},
    ),
)

application(
    "components/by parameter",
    """
    from flama import Component, Flama
    from flama.injection import Parameter
    from notes import note

    class ByName(Component):
        def can_handle_parameter(self, parameter: Parameter):
            return parameter.name.startswith("magic")

        def resolve(self, parameter: Parameter):
            note(parameter.name)
            return f"magic for {parameter.name}"

    class Blind(Component):
        def can_handle_parameter(self, parameter):
            return parameter.name in ("blind", "also_blind")

        def resolve(self):
            note("blind")
            return object()

    class Typed(Component):
        def can_handle_parameter(self, parameter):
            return isinstance(parameter.annotation, type) and issubclass(parameter.annotation, dict)

        def resolve(self, parameter: Parameter):
            return [parameter.annotation.__name__, parameter.default is Parameter.empty]

    class Settings(dict):
        pass

    app = Flama(schema=None, docs=None, components=[ByName(), Blind(), Typed()])

    @app.get("/names/")
    async def names(magic_a: str, magic_b: str, other: str = "query"):
        return [magic_a, magic_b, other]

    @app.get("/unannotated/")
    async def unannotated(magic):
        return magic

    @app.get("/path/{magic}/")
    async def path(magic: str):
        return magic

    @app.get("/blind/")
    async def blind(blind: int, also_blind: int):
        return blind is also_blind

    @app.get("/typed/")
    async def typed(settings: Settings):
        return settings

    @app.get("/defaults/")
    async def defaults(settings: Settings = None):
        return settings
    """,
    http(
        "by name",
        "GET /names/",
        200,
        ["magic for magic_a", "magic for magic_b", "query"],
        notes=["magic_a", "magic_b"],
    ),
    http("without an annotation", "GET /unannotated/", 200, "magic for magic"),
    http("a component beats the path", "GET /path/x/", 200, "magic for magic"),
    http(
        "results are not shared across names", "GET /blind/", 200, False, notes=["blind", "blind"]
    ),
    http("by annotation", "GET /typed/", 200, ["Settings", True]),
    http("a default is shown", "GET /defaults/", 200, ["Settings", False]),
)

application(
    "components/of mounted applications",
    """
    from flama import Component, Flama, Router

    class Name:
        def __init__(self, text):
            self.text = text

    class Base:
        def __init__(self, text):
            self.text = text

    class Says(Component):
        def __init__(self, text):
            self.text = text

        def resolve(self, base: Base) -> Name:
            return Name(f"{self.text} on {base.text}")

    class Bases(Component):
        def __init__(self, text):
            self.text = text

        def resolve(self) -> Base:
            return Base(self.text)

    app = Flama(schema=None, docs=None, components=[Says("parent"), Bases("parent's base")])
    own = Flama(schema=None, docs=None, components=[Says("child")])
    based = Flama(schema=None, docs=None, components=[Bases("child's base")])
    plain = Flama(schema=None, docs=None)
    router = Router(components=[Says("router")])
    deep = Router()

    async def view(name: Name):
        return name.text

    for application in (app, own, based, plain, router, deep):
        application.add_route("/name/", view)

    app.mount("/own", own)
    app.mount("/based", based)
    app.mount("/plain", plain)
    app.mount("/router", router)
    own.mount("/deep", deep)
    """,
    http("the parent's", "GET /name/", 200, "parent on parent's base"),
    http("the child's wins", "GET /own/name/", 200, "child on parent's base"),
    http("the parent's with the child's parts", "GET /based/name/", 200, "parent on child's base"),
    http("the parent's alone", "GET /plain/name/", 200, "parent on parent's base"),
    http("a router's", "GET /router/name/", 200, "router on parent's base"),
    http("two levels up", "GET /own/deep/name/", 200, "child on parent's base"),
)

application(
    "components/win over bodies and queries",
    """
    import dataclasses

    from flama import Component, Flama

    @dataclasses.dataclass
    class User:
        name: str
        admin: bool = False

    class UserComponent(Component):
        def resolve(self) -> User:
            return User("from the component")

    class IntComponent(Component):
        def resolve(self) -> int:
            return 42

    app = Flama(schema=None, docs=None, components=[UserComponent(), IntComponent()])

    @app.post("/user/")
    async def user(current_user: User):
        return current_user

    @app.get("/int/{n:int}/")
    async def number(n: int):
        return n
    """,
    http(
        "never from the body",
        "POST /user/",
        200,
        {"name": "from the component", "admin": False},
        json_body={"name": "evil", "admin": True},
    ),
    http("nor from the path", "GET /int/7/", 200, 42),
)

application(
    "components/in websockets",
    """
    from flama import Component, Flama, types, websockets
    from flama.exceptions import HTTPException

    class User:
        def __init__(self, name):
            self.name = name

    class UserComponent(Component):
        async def resolve(self, params: types.QueryParams) -> User:
            if "name" not in params:
                raise HTTPException(401)
            return User(params["name"])

    app = Flama(schema=None, docs=None, components=[UserComponent()])

    @app.websocket_route("/")
    async def view(websocket: websockets.WebSocket, user: User):
        async with websocket:
            await websocket.send_text(user.name)
    """,
    websocket("resolved", "/?name=ada", events=[accept(), text("ada"), close(1000)]),
    websocket("refused", "/", events=[close(1008)]),
    websocket(
        "refused where the server can say why",
        "/",
        events=[
            {"type": "websocket.http.response.start", "status": 401},
            {
                "type": "websocket.http.response.body",
                "body": Contains('{"status_code":401,"detail":"Unauthorized"'),
            },
        ],
        scope={"extensions": {"websocket.http.response": {}}},
    ),
)

for _name, _resolve in {
    "a component of itself": "self, a: A",
    "two components of each other": "self, b: B",
}.items():
    refused(
        f"components/{_name}",
        f"""
        from flama import Component, Flama

        class A:
            pass

        class B:
            pass

        class AComponent(Component):
            def resolve({_resolve}) -> A:
                return A()

        class BComponent(Component):
            def resolve(self, a: A) -> B:
                return B()

        app = Flama(components=[AComponent(), BComponent()])

        @app.get("/")
        async def view(a: A):
            return 1
        """,
        message=Contains("cycle"),
        code="FC214",
        at="startup",
    )

refused(
    "components/without a type or a test",
    """
    from flama import Component, Flama

    class Nameless(Component):
        def resolve(self):
            return 1

    app = Flama(components=[Nameless()])

    @app.get("/")
    async def view(q: int):
        return q
    """,
    at="startup",
)

refused(
    "components/an unfillable parameter of a component",
    """
    from flama import Component, Flama

    class A:
        pass

    class AComponent(Component):
        def resolve(self, unknown: object) -> A:
            return A()

    app = Flama(components=[AComponent()])

    @app.get("/")
    async def view(a: A):
        return 1
    """,
    message=Contains("'unknown'"),
    code="FC306",
    at="startup",
)

application(
    "components/everywhere",
    """
    import dataclasses

    from flama import Component, Flama, types, websockets
    from flama.endpoints import HTTPEndpoint, WebSocketEndpoint
    from flama.exceptions import HTTPException
    from flama.http import Request
    from notes import note

    @dataclasses.dataclass
    class Item:
        name: str

    class Raw:
        def __init__(self, text):
            self.text = text

    class Org:
        def __init__(self, number):
            self.number = number

    class Locked:
        pass

    class First:
        pass

    class RawComponent(Component):
        async def resolve(self, body: types.Body) -> Raw:
            note("raw")
            return Raw(body.decode())

    class OrgComponent(Component):
        def __init__(self, word):
            self.word = word

        def resolve(self, org_id: int, path: types.Path) -> Org:
            note([self.word, org_id, path])
            return Org(org_id)

    class LockedComponent(Component):
        def resolve(self, request: Request) -> Locked:
            raise HTTPException(423, "locked", headers={"X-Lock": request.method})

    class Broken(Component):
        def resolve(self) -> First:
            raise ValueError("broken")

    app = Flama(
        schema=None,
        docs=None,
        components=[RawComponent(), OrgComponent("one"), OrgComponent("two"), LockedComponent()],
    )
    app.add_component(Broken())
    child = Flama(schema=None, docs=None, parent=app)

    @app.post("/raw/")
    async def raw(raw: Raw, data: types.RequestData):
        return [raw.text, data.data]

    @app.post("/raw-model/")
    async def raw_model(item: Item, raw: Raw):
        return [raw.text, item.name]

    @app.get("/locked/")
    def locked(locked: Locked):
        return 1

    @app.get("/broken/")
    async def broken(first: First):
        return 1

    @child.get("/org/")
    async def org(org: Org):
        return org.number

    @child.route("/class/")
    class View(HTTPEndpoint):
        async def get(self, org: Org, q: int = 1):
            return [org.number, q]

    @child.websocket_route("/ws/")
    class Socket(WebSocketEndpoint):
        encoding = "text"

        async def on_connect(self, websocket: websockets.WebSocket, org: Org):
            await websocket.accept()

        async def on_receive(
            self, websocket: websockets.WebSocket, data: websockets.Data, org: Org
        ):
            await websocket.send_json([data, org.number])

    app.mount("/orgs/{org_id:int}", child)
    """,
    http("a component reads the body", "POST /raw/", 200, ["[1]", [1]], content=b"[1]"),
    http(
        "beside a model",
        "POST /raw-model/",
        200,
        ['{"name":"a"}', "a"],
        content=b'{"name":"a"}',
        notes=["raw"],
    ),
    http("an error with headers", "GET /locked/", 423, E(423, "locked"), headers={"x-lock": "GET"}),
    http("a crash", "GET /broken/", 500, raises="ValueError"),
    http(
        "a parameter of a prefix",
        "GET /orgs/7/org/",
        200,
        7,
        notes=[["one", 7, "/orgs/7/org/"]],
    ),
    http("a class view", "GET /orgs/7/class/?q=2", 200, [7, 2]),
    http("a class view, bad query", "GET /orgs/7/class/?q=x", 400, bad(q="int_parsing")),
    websocket(
        "a websocket class, once for the connection",
        "/orgs/7/ws/",
        ["a", "b"],
        [accept(), text('["a",7]'), text('["b",7]')],
        notes=[["one", 7, "/orgs/7/ws/"]],
    ),
)

application(
    "components/type aliases",
    """
    from flama import Component, Flama
    from typing_extensions import TypeAliasType

    class User:
        def __init__(self, name):
            self.name = name

    Member = TypeAliasType("Member", User)

    class MakeUser(Component):
        def resolve(self, name: str) -> User:
            return User(name)

    app = Flama(components=[MakeUser()], schema=None, docs=None)

    @app.get("/alias/")
    async def alias(member: Member, user: User):
        return [member.name, member is user]
    """,
    http("an alias is the type itself", "GET /alias/?name=n", 200, ["n", True]),
)
