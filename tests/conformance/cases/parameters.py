"""Section 6: what fills the parameters of a view, bodies aside."""

from __future__ import annotations

from ..form import Contains, E, HttpExchange, Problem, application, bad, http, refused

_LEXICAL = """
    import datetime
    import decimal
    import enum
    import uuid
    from typing import Literal, Optional, Union

    from flama import Flama

    app = Flama(schema=None, docs=None)

    class Colour(enum.Enum):
        RED = "red"
        BLUE = "blue"

    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 2

    class Mixed(enum.Enum):
        ONE = 1
        TWO = "two"

    @app.get("/int/")
    async def an_int(x: int):
        return repr(x)

    @app.get("/float/")
    async def a_float(x: float):
        return repr(x)

    @app.get("/str/")
    async def a_str(x: str):
        return repr(x)

    @app.get("/bool/")
    async def a_bool(x: bool):
        return repr(x)

    @app.get("/uuid/")
    async def a_uuid(x: uuid.UUID):
        return repr(x)

    @app.get("/decimal/")
    async def a_decimal(x: decimal.Decimal):
        return repr(x)

    @app.get("/date/")
    async def a_date(x: datetime.date):
        return repr(x)

    @app.get("/time/")
    async def a_time(x: datetime.time):
        return repr(x)

    @app.get("/datetime/")
    async def a_datetime(x: datetime.datetime):
        return repr(x)

    @app.get("/enum/")
    async def an_enum(x: Colour):
        return repr(x)

    @app.get("/int-enum/")
    async def an_int_enum(x: Level):
        return repr(x)

    @app.get("/mixed-enum/")
    async def a_mixed_enum(x: Mixed):
        return repr(x)

    @app.get("/literal/")
    async def a_literal(x: Literal["a", 1, True]):
        return repr(x)

    @app.get("/optional/")
    async def an_optional(x: Optional[int]):
        return repr(x)

    @app.get("/optional-default/")
    async def an_optional_default(x: int | None = None):
        return repr(x)

    @app.get("/int-str/")
    async def int_str(x: Union[int, str]):
        return repr(x)

    @app.get("/int-float/")
    async def int_float(x: int | float):
        return repr(x)

    @app.get("/bool-date/")
    async def bool_date(x: bool | datetime.date | None = None):
        return repr(x)

    @app.get("/list/")
    async def a_list(x: list[int]):
        return repr(x)

    @app.get("/list-default/")
    async def a_list_default(x: list[str] = []):
        return repr(x)

    @app.get("/list-optional/")
    async def a_list_optional(x: list[int] | None = None):
        return repr(x)

    @app.get("/list-enum/")
    async def a_list_enum(x: list[Colour]):
        return repr(x)

    @app.get("/default/")
    async def a_default(x: int = 7, y: str = "y"):
        return [x, y]
    """


def _good(kind: str, values: dict[str, str]) -> list[HttpExchange]:
    return [
        http(f"{kind} {text[:20]!r}", f"GET /{kind}/?x={text}", 200, shown)
        for text, shown in values.items()
    ]


def _bad(kind: str, *values: str, type: str | None = None) -> list[HttpExchange]:
    return [
        http(f"{kind} {text[:20]!r} is bad", f"GET /{kind}/?x={text}", 400, bad(x=Problem(type)))
        for text in values
    ]


_UUID = "UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8')"

application(
    "parameters/lexical forms",
    _LEXICAL,
    *_good(
        "int",
        {
            "1": "1",
            "-1": "-1",
            "%2B1": "1",
            "1.0": "1",
            "007": "7",
            "1_000": "1000",
            "%201%20": "1",
            "+1": "1",
            "0": "0",
            "-0": "0",
        },
    ),
    *_bad(
        "int", "1.5", "1e3", "%D9%A3", "true", "", "abc", "1.", "0x10", "--1", type="int_parsing"
    ),
    *_bad("int", "9" * 5000, "%00", "1%00", "%FF", "1__0", "_1", "1_", "nan", "inf"),
    *_good(
        "float",
        {
            "1": "1.0",
            "1.5": "1.5",
            "-1.5": "-1.5",
            ".5": "0.5",
            "1.": "1.0",
            "1e3": "1000.0",
            "nan": "nan",
            "inf": "inf",
            "-inf": "-inf",
            "%201.5%20": "1.5",
        },
    ),
    *_bad("float", "abc", "", "1,5", "0x10", type="float_parsing"),
    *_good(
        "str", {"abc": "'abc'", "": "''", "a%20b": "'a b'", "a+b": "'a b'", "%C3%BC": "'\u00fc'"}
    ),
    *_good("str", {"%FF": "'\ufffd'", "a%": "'a%'", "%zz": "'%zz'", "a%00": "'a\\x00'"}),
    *_good(
        "bool",
        {
            **dict.fromkeys(["true", "True", "1", "yes", "ON", "t", "y", "Y"], "True"),
            **dict.fromkeys(["false", "FALSE", "0", "no", "off", "f", "N"], "False"),
        },
    ),
    *_bad("bool", "2", "", "maybe", "oui", "1.0", type="bool_parsing"),
    *_good(
        "uuid",
        {
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8": _UUID,
            "6BA7B810-9DAD-11D1-80B4-00C04FD430C8": _UUID,
            "6ba7b8109dad11d180b400c04fd430c8": _UUID,
            "%7B6ba7b810-9dad-11d1-80b4-00c04fd430c8%7D": _UUID,
        },
    ),
    *_bad("uuid", "6ba7b810", "", "z" * 32, type="uuid_parsing"),
    *_good("decimal", {"1.50": "Decimal('1.50')", "-3": "Decimal('-3')"}),
    *_bad("decimal", "NaN", "inf", "-Infinity", "abc", ""),
    *_good("date", {"2024-02-29": "datetime.date(2024, 2, 29)"}),
    *_bad("date", "2023-02-29", "x", "", "2024-13-01"),
    *_good("time", {"12:30": "datetime.time(12, 30)", "12:30:01": "datetime.time(12, 30, 1)"}),
    *_bad("time", "25:00", "x", ""),
    *_good(
        "datetime",
        {
            "2024-02-29T12:30:00": "datetime.datetime(2024, 2, 29, 12, 30)",
            "2024-02-29T12:30:00Z": (
                "datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)"
            ),
            "2024-02-29 12:30": "datetime.datetime(2024, 2, 29, 12, 30)",
        },
    ),
    *_bad("datetime", "2024-02-30T00:00:00", "x", ""),
    *_good("enum", {"red": "<Colour.RED: 'red'>", "blue": "<Colour.BLUE: 'blue'>"}),
    *_bad("enum", "RED", "green", ""),
    *_good("int-enum", {"1": "<Level.LOW: 1>", "2": "<Level.HIGH: 2>"}),
    *_bad("int-enum", "3", "LOW", ""),
    *_good("mixed-enum", {"1": "<Mixed.ONE: 1>", "two": "<Mixed.TWO: 'two'>"}),
    *_bad("mixed-enum", "2"),
    *_good("literal", {"a": "'a'", "1": "1"}),
    *_bad("literal", "b", "2", ""),
    *_good("optional", {"5": "5"}),
    http("Optional without a default is required", "GET /optional/", 400, bad(x="missing")),
    *_good("optional-default", {"5": "5"}),
    http("Optional with a default", "GET /optional-default/", 200, "None"),
    *_bad("optional-default", "", "x", type="int_parsing"),
    *_good("int-str", {"5": "'5'", "x": "'x'", "": "''"}),
    *_good("int-float", {"5": "5", "5.5": "5.5", "5.0": "5"}),
    *_bad("int-float", "x"),
    *_good("bool-date", {"1": "True", "2024-02-29": "datetime.date(2024, 2, 29)"}),
    http("a union's default", "GET /bool-date/", 200, "None"),
    http("list of one", "GET /list/?x=1", 200, "[1]"),
    http("list of all values", "GET /list/?x=1&y=0&x=2", 200, "[1, 2]"),
    http("list, one bad", "GET /list/?x=1&x=b", 400, bad(x=Problem())),
    http("list, missing", "GET /list/", 400, bad(x="missing")),
    http("list default", "GET /list-default/", 200, "[]"),
    http("list of text", "GET /list-default/?x=a&x=", 200, "['a', '']"),
    http("optional list", "GET /list-optional/", 200, "None"),
    http("optional list, given", "GET /list-optional/?x=3", 200, "[3]"),
    http(
        "list of members",
        "GET /list-enum/?x=red&x=blue",
        200,
        "[<Colour.RED: 'red'>, <Colour.BLUE: 'blue'>]",
    ),
    http("defaults", "GET /default/", 200, [7, "y"]),
    http("defaults given", "GET /default/?y=z&x=1", 200, [1, "z"]),
    http("a blank value is no absence", "GET /default/?y=", 200, [7, ""]),
    http("a blank value is no int", "GET /default/?x=", 400, bad(x="int_parsing")),
    http("a key without = is blank", "GET /default/?y", 200, [7, ""]),
    http("the last of repeated values", "GET /default/?x=1&x=2&y=a&y=b", 200, [2, "b"]),
    http("a bad value hides behind a good last one", "GET /default/?x=z&x=2", 200, [2, "y"]),
    http("keys are case-sensitive", "GET /default/?X=1", 200, [7, "y"]),
    http("unknown keys are ignored", "GET /default/?z=1", 200, [7, "y"]),
    http("semicolons separate nothing", "GET /default/?y=a;x=2", 200, [7, "a;x=2"]),
    http("encoded keys", "GET /default/?%79=a", 200, [7, "a"]),
    http("10,000 keys", f"GET /default/?{'&'.join(f'k{i}={i}' for i in range(10000))}&x=3", 200),
    http("10,000 times the same", f"GET /list/?{'&'.join(['x=1'] * 10000)}", 200),
    http("ampersands only", "GET /default/?&&&", 200, [7, "y"]),
    http(
        "the error of a missing value",
        "GET /int/",
        400,
        b'{"status_code":400,"detail":{"x":{"type":"missing","loc":["x"],"msg":"Field required",'
        b'"input":{}}},"error":"ValidationError"}',
    ),
    http(
        "the error of a bad value shows it",
        "GET /int/?x=abc",
        400,
        bad(x=Problem("int_parsing", input="abc", loc=["x"])),
    ),
)

application(
    "parameters/where values come from",
    """
    import uuid

    from flama import Flama
    from flama.http import Request

    app = Flama(schema=None, docs=None)

    @app.get("/path/{a:int}/{b}/")
    async def path(b: str, a: int):
        return [a, b]

    @app.get("/not-declared/{a:int}/")
    async def not_declared():
        return "fine"

    @app.get("/beats/{a}/")
    async def beats(a: str):
        return a

    @app.get("/default/{a:int}/")
    async def default(a: int = 99):
        return a

    @app.get("/unannotated/{a:int}/")
    async def unannotated(a):
        return repr(a)

    @app.get("/reparsed/{a}/")
    async def reparsed(a: int):
        return a

    @app.get("/widened/{a:int}/")
    async def widened(a: float):
        return repr(a)

    @app.get("/bool/{a:int}/")
    async def as_bool(a: bool):
        return a

    @app.get("/str/{a:int}/")
    async def as_str(a: str):
        return a

    @app.get("/uuid/{a}/")
    async def as_uuid(a: uuid.UUID):
        return a

    @app.get("/both/{a}/")
    async def both(a: int, q: int, r: int):
        return [a, q, r]

    @app.get("/converted/{a:int}/{b:float}/{c}/")
    async def converted(request: Request):
        return {key: repr(value) for key, value in request.path_params.items()}

    @app.get("/optional/{a:int}/")
    async def optional(a: int | None = None):
        return a
    """,
    http("by name, not by place", "GET /path/1/x/", 200, [1, "x"]),
    http("an undeclared one", "GET /not-declared/1/", 200, "fine"),
    http("the path beats the query", "GET /beats/path/?a=query", 200, "path"),
    http("a default is ignored", "GET /default/5/", 200, 5),
    http("no annotation is needed", "GET /unannotated/5/", 200, "5"),
    http("text read as the annotation", "GET /reparsed/12/", 200, 12),
    http("bad text is 400", "GET /reparsed/x/", 400, bad(a="int_parsing")),
    http("an int as a float", "GET /widened/3/", 200, "3.0"),
    http("an int as a bool", "GET /bool/1/", 200, True),
    http("another int as a bool", "GET /bool/2/", 400, bad(a=Problem())),
    http("text as a UUID", "GET /uuid/6ba7b8109dad11d180b400c04fd430c8/", 200),
    http("path errors come alone", "GET /both/x/?q=y", 400, bad(a="int_parsing")),
    http("query errors come together", "GET /both/1/?q=y", 400, bad(q="int_parsing", r="missing")),
    http(
        "request.path_params holds converted values",
        "GET /converted/1/2/x/",
        200,
        {"a": "1", "b": "2.0", "c": "'x'"},
    ),
    http("an optional path parameter", "GET /optional/4/", 200, 4),
)

application(
    "parameters/kinds and callables",
    """
    import functools
    import inspect

    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.get("/positional-only/{a:int}/")
    async def positional_only(a: int, b: int = 2, /, c: int = 3, *, d: int, e: int = 5):
        return [a, b, c, d, e]

    @app.get("/variadic/{a}/")
    async def variadic(a: str, *args, **kwargs):
        return [a, list(args), kwargs]

    @app.get("/sync/{a:int}/")
    def sync(a: int, /, *, q: str = "q"):
        return [a, q]

    @app.get("/names/{segments}/")
    async def names(
        segments: str, self: int, view: int, query: int, scope: int = 1, receive: int = 2
    ):
        return [segments, self, view, query, scope, receive]

    async def multiply(factor: int, value: int):
        return factor * value

    app.add_route("/partial/", functools.partial(multiply, 3), name="partial")
    app.add_route("/partial-keyword/", functools.partial(multiply, value=4), name="keyword")

    class Callable:
        async def __call__(self, q: int):
            return q + 1

    class Plain:
        def __call__(self, q: int = 1):
            return q + 2

    app.add_route("/callable/", Callable(), name="callable")
    app.add_route("/plain/", Plain(), name="plain")

    def wraps(view):
        @functools.wraps(view)
        async def inner(*args, **kwargs):
            return {"wrapped": await view(*args, **kwargs)}
        return inner

    def bare(view):
        async def inner(q: int):
            return {"bare": await view(str(q))}
        return inner

    def resigned(view):
        async def inner(**kwargs):
            return {"resigned": kwargs}
        inner.__signature__ = inspect.Signature(
            [inspect.Parameter("z", inspect.Parameter.KEYWORD_ONLY, annotation=int)]
        )
        return inner

    @app.get("/wraps/{x:int}/")
    @wraps
    async def wrapped(x: int, q: str = "d"):
        return [x, q]

    @app.get("/bare/")
    @bare
    async def bared(q: str):
        return q

    @app.get("/resigned/")
    @resigned
    async def resigned_view(a: str):
        return a

    @bare
    @app.get("/above/")
    async def above(q: str):
        return ["registered below the other decorator", q]

    class Service:
        def __init__(self, word):
            self.word = word

        async def method(self, q: str = "q"):
            return [self.word, q]

        @staticmethod
        def static(q: str = "s"):
            return q

        @classmethod
        async def klass(cls, q: str = "c"):
            return [cls.__name__, q]

    app.add_route("/method/", Service("bound").method, name="method")
    app.add_route("/static/", Service.static, name="static")
    app.add_route("/klass/", Service.klass, name="klass")
    app.add_route("/lambda/", lambda: "lambda", name="lambda")

    @app.get("/many/")
    @app.post("/many/")
    @app.get("/more/{q}/")
    async def many(q: str = "none"):
        return q
    """,
    http("positional-only", "GET /positional-only/1/?d=4", 200, [1, 2, 3, 4, 5]),
    http(
        "positional-only given", "GET /positional-only/1/?b=7&c=8&d=9&e=10", 200, [1, 7, 8, 9, 10]
    ),
    http("keyword-only missing", "GET /positional-only/1/", 400, bad(d="missing")),
    http("variadic ones stay empty", "GET /variadic/x/?args=1&k=2", 200, ["x", [], {}]),
    http("sync", "GET /sync/3/?q=w", 200, [3, "w"]),
    http(
        "names that mean something elsewhere",
        "GET /names/s/?self=4&view=5&query=6&receive=7",
        200,
        ["s", 4, 5, 6, 1, 7],
    ),
    http(
        "names that mean something elsewhere, bad",
        "GET /names/s/?self=x&query=y",
        400,
        bad(self="int_parsing", view="missing", query="int_parsing"),
    ),
    http("partial", "GET /partial/?value=5", 200, 15),
    http("partial by keyword", "GET /partial-keyword/?factor=2", 200, 8),
    http("callable instance", "GET /callable/?q=1", 200, 2),
    http("sync callable instance", "GET /plain/", 200, 3),
    http("functools.wraps", "GET /wraps/4/?q=e", 200, {"wrapped": [4, "e"]}),
    http("functools.wraps, bad path", "GET /wraps/x/", 404),
    http("a wrapper with its own signature", "GET /bare/?q=5", 200, {"bare": "5"}),
    http("its signature counts", "GET /bare/?q=x", 400, bad(q="int_parsing")),
    http("__signature__", "GET /resigned/?z=5", 200, {"resigned": {"z": 5}}),
    http("__signature__, missing", "GET /resigned/?a=5", 400, bad(z="missing")),
    http(
        "the registered object answers",
        "GET /above/?q=x",
        200,
        ["registered below the other decorator", "x"],
    ),
    http("a bound method", "GET /method/?q=z", 200, ["bound", "z"]),
    http("a static method", "GET /static/", 200, "s"),
    http("a class method", "GET /klass/", 200, ["Service", "c"]),
    http("a lambda", "GET /lambda/", 200, "lambda"),
    http("several decorators: first", "GET /many/", 200, "none"),
    http("several decorators: second", "POST /many/?q=x", 200, "x"),
    http("several decorators: third", "GET /more/path/", 200, "path"),
)

application(
    "parameters/injected by type",
    """
    from datetime import date
    from typing import Annotated, NewType

    from flama import Flama, types
    from flama.http import Request
    from flama.routing import BaseRoute, Route

    app = Flama(schema=None, docs=None)

    @app.route("/all/{n:int}/", methods=["GET", "POST"])
    async def everything(
        request: Request,
        scope: types.Scope,
        receive: types.Receive,
        send: types.Send,
        method: types.Method,
        url: types.URL,
        scheme: types.Scheme,
        server: types.Server,
        path: types.Path,
        path_params: types.PathParams,
        query_string: types.QueryString,
        query_params: types.QueryParams,
        headers: types.Headers,
        cookies: types.Cookies,
        route: BaseRoute,
        application: Flama,
        n: int,
    ):
        return {
            "request": type(request) is Request,
            "scope": scope["type"],
            "receive": callable(receive),
            "send": callable(send),
            "method": method,
            "url": str(url),
            "scheme": scheme,
            "server": list(server),
            "path": path,
            "path_params": dict(path_params),
            "query_string": query_string,
            "query_params": query_params.multi_items(),
            "headers": headers.getlist("x-a"),
            "cookies": dict(cookies),
            "route": [isinstance(route, Route), route.path, route.name],
            "app": application is app,
            "n": n,
        }

    @app.post("/body/")
    async def body(body: types.Body):
        return [type(body).__name__, body.decode()]

    @app.post("/data/")
    async def data(data: types.RequestData):
        return {"data": data.data}

    @app.get("/request/")
    async def request(request: Request):
        return [request.app is app, request.method, request.query_params.get("q")]

    @app.post("/twice/")
    async def twice(request: Request, body: types.Body):
        return [body.decode(), (await request.body()).decode()]

    UserId = NewType("UserId", int)
    Number = int

    @app.get("/annotated/")
    async def annotated(
        q: Annotated[int, "a note"] = 3,
        r: "Annotated[date, 'a, note']" = None,
        s: UserId = 1,
        t: Number = 2,
        u: "UserId | None" = None,
    ):
        return [q, r, s, t, u]

    @app.get("/app/")
    async def the_app(application: Flama, request: Request):
        return application is request.app

    @app.get("/noted/{n:int}/")
    async def noted(
        request: Annotated[Request, "a note"],
        method: "Annotated[types.Method, 'a note']",
        params: Annotated[types.PathParams, "a note"],
        body: Annotated[types.Body, "a note"],
        application: Annotated[Flama, "a note"],
    ):
        return [request.method, method, params, body.decode(), application is app]
    """,
    http(
        "everything",
        "POST /all/7/?a=1&a=2&b=",
        200,
        {
            "request": True,
            "scope": "http",
            "receive": True,
            "send": True,
            "method": "POST",
            "url": "http://testserver/all/7/?a=1&a=2&b=",
            "scheme": "http",
            "server": ["testserver", 80],
            "path": "/all/7/",
            "path_params": {"n": 7},
            "query_string": "a=1&a=2&b=",
            "query_params": [["a", "1"], ["a", "2"], ["b", ""]],
            "headers": ["1", "2"],
            "cookies": {"c": "d", "e": "f"},
            "route": [True, "/all/{n:int}/", "everything"],
            "app": True,
            "n": 7,
        },
        send=[("X-A", "1"), ("x-a", "2"), ("Cookie", "c=d; e=f")],
    ),
    http("Body", "POST /body/", 200, ["bytes", "abc"], content=[b"a", b"b", b"c"]),
    http("Body, empty", "POST /body/", 200, ["bytes", ""]),
    http("RequestData", "POST /data/", 200, {"data": {"a": [1]}}, json_body={"a": [1]}),
    http("RequestData, empty", "POST /data/", 200, {"data": None}),
    http("RequestData, no content type", "POST /data/", 200, {"data": [1]}, content=b"[1]"),
    http(
        "RequestData, a form",
        "POST /data/",
        200,
        {"data": {"a": "1", "b": "x y"}},
        content=b"a=1&b=x+y",
        send={"content-type": "application/x-www-form-urlencoded"},
    ),
    http(
        "RequestData, another type",
        "POST /data/",
        415,
        E(415, "Unsupported Media Type"),
        content=b"<a/>",
        send={"content-type": "application/xml"},
    ),
    http("Request", "GET /request/?q=5", 200, [True, "GET", "5"]),
    http("the body may be read twice", "POST /twice/", 200, ["abc", "abc"], content=b"abc"),
    http("Annotated", "GET /annotated/?q=4", 200, [4, None, 1, 2, None]),
    http(
        "Annotated, NewType and aliases",
        "GET /annotated/?q=4&r=2024-01-02&s=5&t=6&u=7",
        200,
        [4, "2024-01-02", 5, 6, 7],
    ),
    http(
        "Annotated, NewType and aliases, bad",
        "GET /annotated/?q=x&r=x&s=x&t=x&u=x",
        400,
        bad(q=Problem(), r=Problem(), s=Problem(), t=Problem(), u=Problem()),
    ),
    http("the app", "GET /app/", 200, True),
    http(
        "Annotated injectable types",
        "GET /noted/5/",
        200,
        ["GET", "GET", {"n": 5}, "body", True],
        content=b"body",
    ),
)

application(
    "parameters/annotations as text",
    """
    from __future__ import annotations

    import typing as t
    from datetime import date

    from flama import Flama, types
    from flama.http import Request

    if t.TYPE_CHECKING:
        from collections.abc import Sequence

    app = Flama(schema=None, docs=None)

    @app.get("/future/{a:int}/")
    async def future(request: Request, a: int, q: t.Optional[int] = None, d: date | None = None):
        return [request.method, a, q, d]

    @app.get("/quoted/")
    async def quoted(q: "list[int]", m: "types.Method"):
        return [q, m]
    """,
    http("future annotations", "GET /future/3/?q=4&d=2024-01-02", 200, ["GET", 3, 4, "2024-01-02"]),
    http("future annotations, bad", "GET /future/3/?q=x", 400, bad(q="int_parsing")),
    http("quoted", "GET /quoted/?q=1&q=2", 200, [[1, 2], "GET"]),
)

application(
    "parameters/threads and context",
    """
    import contextvars
    import threading

    from flama import Flama, Middleware

    word = contextvars.ContextVar("word", default="unset")

    class Sets:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            token = word.set("set by middleware")
            try:
                await self.app(scope, receive, send)
            finally:
                word.reset(token)

    app = Flama(schema=None, docs=None, middleware=[Middleware(Sets)])

    @app.get("/sync/")
    def sync():
        return [word.get(), threading.current_thread() is threading.main_thread()]

    @app.get("/async/")
    async def asynchronous():
        return [word.get(), threading.current_thread() is threading.main_thread()]
    """,
    http("sync views run in a thread", "GET /sync/", 200, ["set by middleware", False]),
    http("async views run on the loop", "GET /async/", 200, ["set by middleware", True]),
)

application(
    "parameters/state of the lifespan",
    """
    import contextlib

    from flama import Flama
    from flama.http import Request

    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield {"word": "yielded"}

    app = Flama(schema=None, docs=None, lifespan=lifespan)

    @app.get("/")
    async def view(request: Request):
        return request.state.word
    """,
    http("request.state holds it", "GET /", 200, "yielded"),
)

_UNFILLABLE = """
    from flama import Flama

    app = Flama()

    class Thing:
        pass

    @app.get("/x/")
    async def view({parameter}):
        return 1
    """

for _name, _parameter in {
    "no annotation": "a",
    "no annotation, but a default": "a=1",
    "an unknown class": "a: Thing",
    "a websocket type": "a: 'flama.websockets.Data'",
}.items():
    refused(
        f"parameters/{_name}",
        ("import flama.websockets\n" if "websocket" in _name else "")
        + _UNFILLABLE.replace("{parameter}", _parameter).replace("\n    ", "\n"),
        message=Contains("'a'"),
        code="FC306",
        at="startup",
    )

refused(
    "parameters/two bodies",
    """
    import dataclasses

    from flama import Flama

    app = Flama()

    @dataclasses.dataclass
    class A:
        x: int

    @dataclasses.dataclass
    class B:
        y: int

    @app.post("/x/")
    async def view(a: A, b: B):
        return 1
    """,
    code="FC307",
    at="startup",
)
