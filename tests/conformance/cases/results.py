"""Section 7: what views return, errors, handlers and middleware."""

from __future__ import annotations

from ..form import Contains, E, Matches, accept, application, close, http, websocket

application(
    "results/values",
    """
    import dataclasses
    import datetime
    import decimal
    import enum
    import pathlib
    import uuid
    from typing import NamedTuple

    import msgspec
    import pydantic

    from flama import Flama

    app = Flama(schema=None, docs=None)

    class Model(pydantic.BaseModel):
        a: int
        when: datetime.date

    @dataclasses.dataclass
    class Data:
        a: int

    class Struct(msgspec.Struct):
        a: int

    class Pair(NamedTuple):
        left: int
        right: str

    class Colour(enum.Enum):
        RED = "red"

    class Text(str):
        pass

    class Number(int):
        pass

    class Real(float):
        pass

    VALUES = {
        "dict": {"a": 1, "b": [1, 2.5, None, True]},
        "list": [1, "a"],
        "empty-dict": {},
        "empty-list": [],
        "str": "h\\u00e9llo \\u2028",
        "empty-str": "",
        "bytes": b"raw",
        "empty-bytes": b"",
        "int": 5,
        "big": 2**70,
        "float": 1.5,
        "true": True,
        "false": False,
        "none": None,
        "tuple": (1, 2),
        "named-tuple": Pair(1, "r"),
        "set": {1},
        "frozenset": frozenset(["x"]),
        "dataclass": Data(1),
        "struct": Struct(1),
        "pydantic": Model(a=1, when=datetime.date(2024, 1, 2)),
        "models": [Model(a=1, when=datetime.date(2024, 1, 2)), Data(2), Struct(3)],
        "enum": Colour.RED,
        "datetime": datetime.datetime(2024, 1, 2, 3, 4, 5),
        "aware": datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "date": datetime.date(2024, 1, 2),
        "time": datetime.time(3, 4, 5),
        "timedelta": datetime.timedelta(days=1, hours=1, seconds=1.5),
        "uuid": uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        "decimal": decimal.Decimal("1.50"),
        "in-dict-decimal": {"d": decimal.Decimal("1.50")},
        "path": pathlib.PurePosixPath("/a/b"),
        "in-dict-path": {"p": pathlib.PurePosixPath("/a/b")},
        "in-dict-bytes": {"b": b"raw"},
        "nan": [float("nan"), float("inf"), float("-inf")],
        "int-keys": {1: "a", 2: "b"},
        "str-subclass": Text("text"),
        "int-subclass": Number(3),
        "float-subclass": Real(1.5),
        "subclasses-inside": {"t": Text("text"), "n": [Number(3), Real(1.5)]},
        "str-subclass-key": {Text("k"): 1},
        "quotes": 'a"b\\\\c</script>',
    }

    @app.get("/value/{name}/")
    async def value(name: str):
        return VALUES[name]

    @app.get("/sync-value/{name}/")
    def sync_value(name: str):
        return VALUES[name]

    @app.get("/undecodable/")
    async def undecodable():
        return b"\\xff"

    @app.get("/object/")
    async def an_object():
        return object()

    @app.get("/object-inside/")
    async def an_object_inside():
        return {"a": [object()]}

    @app.get("/cycle/")
    async def a_cycle():
        found = []
        found.append(found)
        return found

    @app.get("/surrogate/")
    async def a_surrogate():
        return "\\ud800"

    @app.get("/tuple-keys/")
    async def tuple_keys():
        return {(1, 2): 3}

    @app.get("/generator/")
    async def a_generator():
        return (number for number in range(2))

    @app.get("/huge/")
    async def huge():
        return {"x": "y" * 100_000}
    """,
    *[
        (
            http(
                name,
                f"GET /{kind}/{name}/",
                200,
                body,
                headers={"content-type": "application/json", "content-length": str(len(body))},
            )
            if kind == "value"
            else http(f"{name}, from a thread", f"GET /{kind}/{name}/", 200, body)
        )
        for kind in ("value", "sync-value")
        for name, body in {
            "dict": b'{"a":1,"b":[1,2.5,null,true]}',
            "list": b'[1,"a"]',
            "empty-dict": b"{}",
            "empty-list": b"[]",
            "str": '"h\u00e9llo \u2028"'.encode(),
            "empty-str": b'""',
            "bytes": b'"raw"',
            "empty-bytes": b'""',
            "int": b"5",
            "big": str(2**70).encode(),
            "float": b"1.5",
            "true": b"true",
            "false": b"false",
            "none": b"null",
            "tuple": b"[1,2]",
            "named-tuple": b'[1,"r"]',
            "set": b"[1]",
            "frozenset": b'["x"]',
            "dataclass": b'{"a":1}',
            "struct": b'{"a":1}',
            "pydantic": b'{"a":1,"when":"2024-01-02"}',
            "models": b'[{"a":1,"when":"2024-01-02"},{"a":2},{"a":3}]',
            "enum": b'"red"',
            "datetime": b'"2024-01-02T03:04:05"',
            "aware": b'"2024-01-02T03:04:05Z"',
            "date": b'"2024-01-02"',
            "time": b'"03:04:05"',
            "timedelta": b'"P1DT3601.5S"',
            "uuid": b'"6ba7b810-9dad-11d1-80b4-00c04fd430c8"',
            "decimal": b"1.50",
            "in-dict-decimal": b'{"d":1.50}',
            "path": b'"/a/b"',
            "in-dict-path": b'{"p":"/a/b"}',
            "in-dict-bytes": b'{"b":"cmF3"}',
            "nan": b"[null,null,null]",
            "int-keys": b'{"1":"a","2":"b"}',
            "str-subclass": b'"text"',
            "int-subclass": b"3",
            "float-subclass": b"1.5",
            "subclasses-inside": b'{"t":"text","n":[3,1.5]}',
            "str-subclass-key": b'{"k":1}',
            "quotes": b'"a\\"b\\\\c</script>"',
        }.items()
    ],
    *[
        http(
            f"{name} cannot be encoded",
            f"GET /{name}/",
            500,
            b"Internal Server Error",
            headers={"content-type": "text/plain; charset=utf-8"},
            raises=raises,
        )
        for name, raises in {
            "undecodable": Matches(".*"),
            "object": Matches(".*"),
            "object-inside": Matches(".*"),
            "cycle": Matches(".*"),
            "surrogate": Matches(".*"),
            "tuple-keys": Matches(".*"),
        }.items()
    ],
    http(
        "the log names the handler and the type",
        "GET /object/?again",
        500,
        raises=Matches(".*"),
        logs=[("ERROR", Contains("an_object", "object"))],
    ),
    http("HEAD has the same headers", "HEAD /value/dict/", 200, headers={"content-length": "29"}),
    http("much", "GET /huge/", 200, headers={"content-length": "100008"}),
)

application(
    "results/responses",
    {
        "hello.txt": "hello",
        "main.py": """
    import pathlib

    from flama import Flama
    from flama.background import BackgroundTask, BackgroundTasks
    from flama.http import (
        APIErrorResponse,
        APIResponse,
        FileResponse,
        HTMLResponse,
        JSONResponse,
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )
    from notes import note
    from starlette.responses import PlainTextResponse as Foreign

    app = Flama(schema=None, docs=None)
    FILE = pathlib.Path(__file__).with_name("hello.txt")

    @app.get("/plain/")
    async def plain():
        return PlainTextResponse("hi", status_code=201, headers={"X-A": "1"})

    @app.get("/html/")
    async def html():
        return HTMLResponse("<p>hi</p>")

    @app.get("/json/")
    def json():
        return JSONResponse({"a": None}, status_code=202)

    @app.get("/empty/")
    async def empty():
        return Response(status_code=204)

    @app.get("/raw/")
    async def raw():
        return Response(b"raw", media_type="application/x-raw")

    @app.get("/redirect/")
    async def redirect():
        return RedirectResponse("/a b/?q=1")

    @app.get("/stream/")
    async def stream():
        async def parts():
            for part in ("a", b"b", "c"):
                note(part if isinstance(part, str) else part.decode())
                yield part
        return StreamingResponse(parts(), media_type="text/plain")

    @app.get("/sync-stream/")
    async def sync_stream():
        return StreamingResponse(iter(["a", "b"]))

    @app.get("/broken-stream/")
    async def broken_stream():
        async def parts():
            yield "a"
            raise RuntimeError("broken")
        return StreamingResponse(parts())

    @app.get("/file/")
    async def file():
        return FileResponse(FILE, filename="named.txt")

    @app.get("/missing-file/")
    async def missing_file():
        return FileResponse("/does/not/exist")

    @app.get("/api/")
    async def api():
        return APIResponse({"a": 1})

    @app.get("/api-error/")
    async def api_error():
        return APIErrorResponse(status_code=418, detail="short and stout")

    @app.get("/foreign/")
    async def foreign():
        return Foreign("starlette's")

    @app.get("/cookie/")
    async def cookie():
        response = PlainTextResponse("c")
        response.set_cookie("a", "b")
        response.set_cookie("c", "d")
        return response

    @app.get("/task/")
    async def task():
        note("view")
        return PlainTextResponse("t", background=BackgroundTask(note, "task"))

    @app.get("/tasks/")
    async def tasks():
        found = BackgroundTasks()
        found.add_task(note, "first")

        async def second(word):
            note(word)

        found.add_task(second, "second")
        return PlainTextResponse("t", background=found)

    @app.get("/failing-task/")
    async def failing_task():
        def fail():
            raise RuntimeError("the task failed")
        return PlainTextResponse("t", background=BackgroundTask(fail))

    @app.head("/own-head/")
    async def own_head():
        return PlainTextResponse("x" * 7)
    """,
    },
    http(
        "plain text",
        "GET /plain/",
        201,
        b"hi",
        headers={"content-type": "text/plain; charset=utf-8", "x-a": "1", "content-length": "2"},
    ),
    http("HTML", "GET /html/", 200, b"<p>hi</p>"),
    http("JSON", "GET /json/", 202, b'{"a":null}'),
    http("204", "GET /empty/", 204, b"", absent=["content-length", "content-type"]),
    http("raw", "GET /raw/", 200, b"raw", headers={"content-type": "application/x-raw"}),
    http("redirect", "GET /redirect/", 307, b"", headers={"location": "/a%20b/?q=1"}),
    http("stream", "GET /stream/", 200, b"abc", notes=["a", "b", "c"], absent=["content-length"]),
    http("sync stream", "GET /sync-stream/", 200, b"ab"),
    http("stream that breaks", "GET /broken-stream/", 200, leaves=True, raises="RuntimeError"),
    http("a client that leaves", "GET /stream/?2", 200, leaves=True, notes=None),
    http("API response", "GET /api/", 200, b'{"a":1}'),
    http(
        "API error response",
        "GET /api-error/",
        418,
        Contains('"status_code":418', '"detail":"short and stout"', '"error":null'),
    ),
    http("a Starlette response", "GET /foreign/", 200, b"starlette's"),
    http(
        "a file",
        "GET /file/",
        200,
        b"hello",
        headers={
            "content-disposition": 'attachment; filename="named.txt"',
            "content-type": "text/plain; charset=utf-8",
        },
        varies=True,
    ),
    http("a missing file", "GET /missing-file/", 500, raises="RuntimeError"),
    http(
        "cookies",
        "GET /cookie/",
        200,
        b"c",
        headers={"set-cookie": ["a=b; Path=/; SameSite=lax", "c=d; Path=/; SameSite=lax"]},
    ),
    http("a background task", "GET /task/", 200, b"t", notes=["view", "task"]),
    http("background tasks", "GET /tasks/", 200, b"t", notes=["first", "second"]),
    http("a failing task", "GET /failing-task/", 200, b"t", raises="RuntimeError"),
    http("HEAD's own response", "HEAD /own-head/", 200, headers={"content-length": "7"}),
)

application(
    "results/schemas",
    """
    import dataclasses
    from typing import Annotated

    import msgspec
    import pydantic

    from flama import Flama
    from flama.schemas import Schema, SchemaList, SchemaMetadata

    app = Flama(schema=None, docs=None)

    class Puppy(pydantic.BaseModel):
        name: str
        age: int = 0

    @dataclasses.dataclass
    class Kitten:
        name: str
        age: int = 0

    @app.get("/schema/")
    async def schema() -> Annotated[Schema, SchemaMetadata(Puppy)]:
        return {"name": "A", "secret": "x"}

    @app.get("/schema-bad/")
    async def schema_bad() -> Annotated[Schema, SchemaMetadata(Puppy)]:
        return {"age": 1}

    @app.get("/subscript/")
    async def subscript() -> Schema[Puppy]:
        return {"name": "A", "secret": "x"}

    @app.get("/list/")
    async def a_list() -> Annotated[SchemaList, SchemaMetadata(Puppy)]:
        return [{"name": "A", "secret": "x"}, {"name": "B", "age": 2}]

    @app.get("/list-bad/")
    async def list_bad() -> Annotated[SchemaList, SchemaMetadata(Puppy)]:
        return [{"name": "A"}, {"age": 2}]

    @app.get("/model/")
    async def model() -> Puppy:
        return {"name": "A", "secret": "x"}

    @app.get("/model-instance/")
    async def model_instance() -> Puppy:
        return Puppy(name="A", age=4)

    @app.get("/dataclass/")
    async def a_dataclass() -> Kitten:
        return {"name": "A", "secret": "x"}

    @app.get("/dataclass-bad/")
    def dataclass_bad() -> Kitten:
        return {"name": 5}

    @app.get("/response/")
    async def response() -> Puppy:
        from flama.http import PlainTextResponse

        return PlainTextResponse("as it is")

    @app.get("/dict/")
    async def a_dict() -> dict:
        return {"a": 1}

    @app.get("/none/")
    async def none() -> None:
        return None
    """,
    http("Schema filters and fills", "GET /schema/", 200, b'{"name":"A","age":0}'),
    http(
        "Schema fails",
        "GET /schema-bad/",
        500,
        Contains('"status_code":500', '"error":"SerializationError"', '"name"'),
    ),
    http("Schema[Model]", "GET /subscript/", 200, b'{"name":"A","age":0}'),
    http("SchemaList", "GET /list/", 200, b'[{"name":"A","age":0},{"name":"B","age":2}]'),
    http("SchemaList fails", "GET /list-bad/", 500, Contains('"error":"SerializationError"')),
    http("a model type", "GET /model/", 200, b'{"name":"A","age":0}'),
    http("a model instance", "GET /model-instance/", 200, b'{"name":"A","age":4}'),
    http("a dataclass", "GET /dataclass/", 200, b'{"name":"A","age":0}'),
    http("a dataclass fails", "GET /dataclass-bad/", 500, Contains("SerializationError")),
    http("a response passes", "GET /response/", 200, b"as it is"),
    http("other annotations do nothing", "GET /dict/", 200, b'{"a":1}'),
    http("None as annotation", "GET /none/", 200, b"null"),
)

application(
    "results/errors",
    """
    from flama import Flama
    from flama.exceptions import (
        HTTPException,
        MethodNotAllowedException,
        NotFoundException,
        ValidationError,
    )
    from starlette.exceptions import HTTPException as Foreign

    app = Flama(schema=None, docs=None)

    @app.get("/status/{code:int}/")
    async def status(code: int):
        raise HTTPException(code, headers={"X-Why": "because"})

    @app.get("/detail/")
    async def detail():
        raise HTTPException(403, "no \\"entry\\" \\u00fc")

    @app.get("/dict/")
    def a_dict():
        raise HTTPException(403, {"why": ["a", 1]})

    @app.get("/keyword/")
    async def keyword():
        raise HTTPException(status_code=409, detail="conflict", headers={"Retry-After": "3"})

    @app.get("/foreign/")
    async def foreign():
        raise Foreign(403, "starlette's", headers={"X-A": "b"})

    @app.get("/validation/")
    async def validation():
        raise ValidationError({"field": "is wrong"})

    @app.get("/not-found/")
    async def not_found():
        raise NotFoundException()

    @app.get("/not-allowed/")
    async def not_allowed():
        raise MethodNotAllowedException()

    @app.get("/crash/")
    async def crash():
        raise ValueError("secret")

    @app.get("/sync-crash/")
    def sync_crash():
        return {}["missing"]

    class Own(HTTPException):
        pass

    @app.get("/subclass/")
    async def subclass():
        raise Own(400, "own")
    """,
    http("the phrase", "GET /status/418/", 418, headers={"x-why": "because"}),
    http("404", "GET /status/404/", 404, E(404, "Not Found")),
    http("503", "GET /status/503/", 503, E(503, "Service Unavailable")),
    http("204 has no body", "GET /status/204/", 204, b"", headers={"x-why": "because"}),
    http("304 has no body", "GET /status/304/", 304, b"", headers={"x-why": "because"}),
    http("a detail", "GET /detail/", 403, E(403, 'no "entry" \u00fc')),
    http("a detail of any shape", "GET /dict/", 403, E(403, {"why": ["a", 1]})),
    http(
        "headers go out",
        "GET /keyword/",
        409,
        E(409, "conflict"),
        headers={"retry-after": "3", "content-type": "application/json"},
    ),
    http("Starlette's", "GET /foreign/", 403, E(403, "starlette's"), headers={"x-a": "b"}),
    http(
        "ValidationError",
        "GET /validation/",
        400,
        E(400, {"field": "is wrong"}, "ValidationError"),
    ),
    http("NotFoundException", "GET /not-found/", 404),
    http("MethodNotAllowedException", "GET /not-allowed/", 405),
    http(
        "a crash",
        "GET /crash/",
        500,
        b"Internal Server Error",
        headers={"content-type": "text/plain; charset=utf-8"},
        raises="ValueError",
    ),
    http("a crash in a thread", "GET /sync-crash/", 500, raises="KeyError"),
    http(
        "a browser sees no more",
        "GET /crash/?b",
        500,
        send={"accept": "text/html"},
        raises="ValueError",
        body=b"Internal Server Error",
    ),
    http("JSON for a browser too", "GET /nowhere/", 404, send={"accept": "text/html"}),
    http("a subclass", "GET /subclass/", 400, Contains('"detail":"own"')),
)

application(
    "results/debug",
    """
    from flama import Flama
    from flama.exceptions import HTTPException

    app = Flama(schema=None, docs=None, debug=True)
    quiet = Flama(schema=None, docs=None, debug=False)

    @app.get("/crash/")
    async def crash():
        raise ValueError("<script>alert(1)</script>")

    @quiet.get("/crash/")
    async def crash_below():
        raise ValueError("below")

    @app.get("/teapot/")
    async def teapot():
        raise HTTPException(418)

    @app.get("/q/")
    async def q(q: int):
        return q

    app.mount("/quiet", quiet)
    """,
    http(
        "a page for a crash",
        "GET /crash/?<img>",
        500,
        Contains("ValueError", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        headers={"content-type": "text/html; charset=utf-8"},
        send={"accept": "text/html", "x-evil": "<b>x</b>"},
        raises="ValueError",
    ),
    http(
        "text for others",
        "GET /crash/",
        500,
        raises="ValueError",
        headers={"content-type": "text/plain; charset=utf-8"},
    ),
    http(
        "a page for 404",
        "GET /<b>nowhere</b>/",
        404,
        Contains("&lt;b&gt;nowhere"),
        headers={"content-type": "text/html; charset=utf-8"},
        send={"accept": "text/html,*/*"},
    ),
    http("JSON for others", "GET /nowhere/", 404),
    http("405 stays JSON", "POST /crash/", 405, send={"accept": "text/html"}),
    http(
        "400 stays JSON",
        "GET /q/",
        400,
        send={"accept": "text/html"},
        headers={"content-type": "application/json"},
    ),
    http(
        "418 stays JSON",
        "GET /teapot/",
        418,
        send={"accept": "text/html"},
        headers={"content-type": "application/json"},
    ),
    http(
        "the outermost debug decides",
        "GET /quiet/crash/",
        500,
        Contains("below"),
        headers={"content-type": "text/html; charset=utf-8"},
        send={"accept": "text/html"},
        raises="ValueError",
    ),
)

application(
    "results/exception handlers",
    """
    from flama import Flama
    from flama.exceptions import HTTPException
    from flama.http import JSONResponse, PlainTextResponse

    app = Flama(schema=None, docs=None)

    class Base(Exception):
        pass

    class Derived(Base):
        pass

    class Other(Exception):
        pass

    async def handle_base(request, exc):
        return PlainTextResponse(f"base: {exc} {request.method} {request.url.path}", 450)

    def handle_value(request, exc):
        return JSONResponse({"value": str(exc)}, status_code=451)

    async def handle_raw(scope, receive, send, exc):
        return PlainTextResponse(f"raw: {scope['path']} {exc}", 452)

    def handle_404(request, exc):
        return PlainTextResponse("nothing here", 404)

    async def handle_405(request, exc):
        return PlainTextResponse("not like this", 405, headers=dict(exc.headers))

    async def handle_failing(request, exc):
        raise RuntimeError("the handler fails")

    app.add_exception_handler(Base, handle_base)
    app.add_exception_handler(ValueError, handle_value)
    app.add_exception_handler(Other, handle_raw)
    app.add_exception_handler(404, handle_404)
    app.add_exception_handler(405, handle_405)
    app.add_exception_handler(KeyError, handle_failing)

    @app.get("/raise/{name}/")
    async def raises(name: str):
        raise {
            "base": Base("b"),
            "derived": Derived("d"),
            "value": ValueError("v"),
            "other": Other("o"),
            "key": KeyError("k"),
            "404": HTTPException(404, "mine"),
            "403": HTTPException(403, "mine"),
            "zero": ZeroDivisionError("z"),
        }[name]
    """,
    http("a class", "GET /raise/base/", 450, b"base: b GET /raise/base/"),
    http("by MRO", "GET /raise/derived/", 450, b"base: d GET /raise/derived/"),
    http("sync", "GET /raise/value/", 451, b'{"value":"v"}'),
    http("four arguments", "GET /raise/other/", 452, b"raw: /raise/other/ o"),
    http("a status", "GET /raise/404/", 404, b"nothing here"),
    http("another status", "GET /raise/403/", 403, E(403, "mine")),
    http("a status handler sees unmatched routes", "GET /nowhere/", 404, b"nothing here"),
    http("and 405", "POST /raise/x/", 405, b"not like this", headers={"allow": "GET, HEAD"}),
    http("a handler that fails", "GET /raise/key/", 500, raises="RuntimeError"),
    http("none for this", "GET /raise/zero/", 500, raises="ZeroDivisionError"),
)

application(
    "results/middleware",
    """
    from flama import Flama, Middleware
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
            note(f"{self.name} in")

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
            note(f"{self.name} out")

    class Rewrites:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            if scope["type"] == "http" and scope["path"] == "/old/":
                scope = {**scope, "path": "/new/", "method": "POST"}
            elif scope["type"] == "http" and scope["path"] == "/closed/":
                return await PlainTextResponse("closed", 503)(scope, receive, send)
            await self.app(scope, receive, send)

    app = Flama(
        schema=None,
        docs=None,
        middleware=[Middleware(Tag, name="one"), Middleware(Tag, name="two")],
    )
    app.add_middleware(Middleware(Rewrites))

    @app.post("/new/")
    async def new(request: Request):
        note("view")
        return [request.method, request.url.path]

    @app.get("/crash/")
    async def crash():
        raise ValueError("v")

    @app.get("/403/")
    async def forbidden():
        raise HTTPException(403)
    """,
    http(
        "path and method may be rewritten",
        "GET /old/",
        200,
        ["POST", "/new/"],
        headers={"x-tag": ["two", "one"]},
        notes=["one in", "two in", "view", "two sees 200", "one sees 200", "two out", "one out"],
    ),
    http("it may answer itself", "GET /closed/", 503, b"closed", notes=[]),
    http(
        "it sees 404",
        "GET /nowhere/",
        404,
        headers={"x-tag": ["two", "one"]},
        notes=["one in", "two in", "two sees 404", "one sees 404", "two out", "one out"],
    ),
    http("it sees 405", "GET /new/", 405, headers={"x-tag": ["two", "one"], "allow": "POST"}),
    http("it sees handled errors", "GET /403/", 403, headers={"x-tag": ["two", "one"]}),
    http(
        "it sees an unhandled error as exception",
        "GET /crash/",
        500,
        absent=["x-tag"],
        raises="ValueError",
        notes=["one in", "two in", "two catches ValueError", "one catches ValueError"],
    ),
    http("the messages are fresh each time", "GET /403/?2", 403, headers={"x-tag": ["two", "one"]}),
    http("404 again", "GET /nowhere/?2", 404, headers={"x-tag": ["two", "one"]}),
)

application(
    "results/handlers for everything",
    """
    from flama import Flama, websockets
    from flama.exceptions import HTTPException, WebSocketException
    from flama.http import PlainTextResponse
    from notes import note

    app = Flama(schema=None, docs=None)

    class Mine(Exception):
        pass

    class MyHTTP(HTTPException):
        pass

    def handle_all(request, exc):
        return PlainTextResponse(f"all: {type(exc).__name__}", 599)

    async def handle_http(request, exc):
        return PlainTextResponse(f"http: {exc.status_code}", exc.status_code)

    async def handle_socket(websocket, exc):
        note("handles")
        await websocket.close(4999)

    app.add_exception_handler(Exception, handle_all)
    app.add_exception_handler(MyHTTP, handle_http)
    app.add_exception_handler(Mine, handle_socket)

    @app.get("/raise/{what}")
    async def raises(what: str):
        if what == "http":
            raise HTTPException(409)
        if what == "mine":
            raise MyHTTP(410)
        raise KeyError(what)

    @app.get("/list/")
    async def listed():
        raise MyHTTP(411, ["a", {"b": None}])

    @app.websocket_route("/ws/{when}")
    async def ws(websocket: websockets.WebSocket, when: str):
        if when == "after":
            await websocket.accept()
        raise Mine("socket")
    """,
    http("Exception takes what is left", "GET /raise/key", 599, b"all: KeyError"),
    http("an HTTP error is answered before", "GET /raise/http", 409, E(409, "Conflict")),
    http("a subclass of HTTPException", "GET /raise/mine", 410, b"http: 410"),
    http("404 is an HTTP error", "GET /nowhere", 404),
    http("405 is an HTTP error", "POST /raise/x", 405, headers={"allow": "GET, HEAD"}),
    websocket("of a websocket, before", "/ws/before", [], [close(4999)], notes=["handles"]),
    websocket("of a websocket, after", "/ws/after", [], [accept(), close(4999)], notes=["handles"]),
)
