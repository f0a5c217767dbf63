"""Input that nobody sends by accident: each gets its answer, and the next request is served."""

from __future__ import annotations

from ..form import (
    Contains,
    E,
    HttpExchange,
    Leave,
    Matches,
    Problem,
    accept,
    application,
    bad,
    binary,
    close,
    http,
    text,
    websocket,
)

_SOURCE = '''
    import dataclasses

    from flama import Flama, Router, types, websockets
    from flama.endpoints import WebSocketEndpoint
    from notes import note

    app = Flama()
    router = Router()

    @dataclasses.dataclass
    class Item:
        name: str
        tags: list[str] = dataclasses.field(default_factory=list)

    @app.get("/")
    async def root():
        return "alive"

    @app.get("/str/{x}")
    async def a_str(x: str):
        return len(x)

    @app.get("/int/{x:int}")
    async def an_int(x: int):
        return "int"

    @app.get("/echo/{x}")
    async def echo(x: str):
        return x

    @app.get("/{a}/{b}/{c}")
    async def three(a: str, b: str, c: str):
        return [a, b, c]

    @app.get("/query/")
    async def query(q: str = "none", n: int = 0, many: list[int] = []):
        return [q, n, len(many)]

    @app.post("/item/")
    async def item(item: Item):
        return [len(item.name), len(item.tags)]

    @app.post("/data/")
    async def data(data: types.RequestData):
        return str(type(data.data).__name__)

    @app.get("/headers/")
    async def headers(headers: types.Headers, cookies: types.Cookies):
        return [headers.getlist("x-a"), headers.get("x-b"), dict(cookies)]

    @app.get("/unencodable/{kind}")
    async def unencodable(kind: str):
        return {"object": object(), "lambda": len, "surrogate": "\\ud800", "type": int}[kind]

    @router.get("/{n:int}")
    async def below(n: int):
        return n

    app.mount("/mount/{m}", router)

    @app.websocket_route("/ws/text/{x}")
    async def ws_text(websocket: websockets.WebSocket, x: str):
        await websocket.accept()
        while True:
            await websocket.send_text(str(len(await websocket.receive_text())))

    @app.websocket_route("/ws/data")
    async def ws_data(websocket: websockets.WebSocket, data: websockets.Data):
        await websocket.send_bytes(data)

    @app.websocket_route("/ws/hooks/{leaves}")
    class Hooks(WebSocketEndpoint):
        """Each hook talks to a client that may have left."""

        encoding = "text"

        async def on_connect(self, websocket: websockets.WebSocket, leaves: str):
            await websocket.accept()
            if leaves == "on_connect":
                note(await websocket.receive_text())

        async def on_receive(
            self, websocket: websockets.WebSocket, leaves: str, data: websockets.Data
        ):
            if leaves == "on_receive":
                note(await websocket.receive_text())
            await websocket.send_text(data)

        async def on_disconnect(
            self, websocket: websockets.WebSocket, code: websockets.Code, leaves: str
        ):
            note(code)
            if leaves == "on_disconnect":
                await websocket.send_text("anybody?")
            await websocket.close(code)
    '''

_BOUNDARY = "multipart/form-data; boundary=XX"


def _alive(after: str) -> HttpExchange:
    return http(f"alive after {after}", f"GET /?{after.replace(' ', '-')}", 200, "alive")


application(
    "hostile/paths",
    _SOURCE,
    http("64 KiB", f"GET /str/{'a' * 65536}", 200, 65536),
    http("64 KiB, no match", f"GET /{'a' * 65536}", 404),
    http("64 KiB for an int", f"GET /int/{'1' * 65536}", 404),
    http("2,000 segments", f"GET {'/a' * 2000}", 404),
    http("2,000 empty segments", f"GET {'/' * 2000}", 404),
    http("2,000 segments below a mount", f"GET /mount/x{'/1' * 2000}", 404),
    http("invalid percent-encoding", "GET /echo/%zz%f", 200, "%zz%f"),
    http("invalid UTF-8", "GET /echo/%C3%28", 200, "\ufffd("),
    http("overlong UTF-8", "GET /echo/%C0%AF", 200, "\ufffd\ufffd"),
    http("an encoded surrogate", "GET /echo/%ED%A0%80", 200, "\ufffd\ufffd\ufffd"),
    http("NUL", "GET /echo/%00", 200, "\x00"),
    http("newline", "GET /echo/%0A", 200, "\n"),
    http("newline at the end of an int", "GET /int/1%0A", 404),
    http("carriage return and newline", "GET /echo/a%0D%0AX: y", 200, "a\r\nX: y"),
    http("an encoded slash", "GET /str%2Fabc", 200, 3),
    http("an encoded slash in a parameter", "GET /str/a%2Fb", 200, ["str", "a", "b"]),
    http("dots", "GET /echo/..", 200, ".."),
    http("dots to climb", "GET /../../etc", 200, ["..", "..", "etc"]),
    http("encoded dots", "GET /echo/%2E%2E", 200, ".."),
    http("a backslash", "GET /echo/%5C..%5C", 200, "\\..\\"),
    http("Arabic digits", "GET /int/%D9%A1%D9%A2", 404),
    http("full-width digits", "GET /int/%EF%BC%91", 404),
    http("5,000 digits", f"GET /int/{'7' * 5000}", 404),
    http("5,000 digits, wrong method", f"POST /int/{'7' * 5000}", 404),
    http("5,000 digits below a mount", f"GET /mount/x/{'7' * 5000}/", 404),
    http("a right-to-left override", "GET /echo/%E2%80%AE", 200, "\u202e"),
    http("no path at all", "GET ", 404),
    http("no leading slash", "GET str/abc", 404),
    http("an absolute URL as path", "GET http://evil/str/abc", 404),
    http("a path in braces", "GET /echo/%7Bx%7D", 200, "{x}"),
    http("quotes and code", "GET /echo/%22);import%20os;(%22", 200, '");import os;("'),
    websocket("a websocket's 64 KiB", f"/ws/text/{'a' * 65536}", ["ab"], [accept(), text("2")]),
    websocket("a websocket's 2,000 segments", "/a" * 2000, [], [close(1000)]),
    _alive("paths"),
)

application(
    "hostile/queries",
    _SOURCE,
    http("10,000 keys", f"GET /query/?{'&'.join(f'k{i}=v' for i in range(10000))}", 200),
    http("10,000 values", f"GET /query/?{'&'.join(['many=1'] * 10000)}", 200, ["none", 0, 10000]),
    http("repeated keys", "GET /query/?q=a&q=b&n=x&n=2", 200, ["b", 2, 0]),
    http("blank values", "GET /query/?q=&n=", 400, bad(n="int_parsing")),
    http("a blank key", "GET /query/?=a&q=b", 200, ["b", 0, 0]),
    http("invalid percent-encoding", "GET /query/?q=%zz", 200, ["%zz", 0, 0]),
    http("a lone percent", "GET /query/?q=%", 200, ["%", 0, 0]),
    http("invalid UTF-8", "GET /query/?q=%FF%FE", 200, ["\ufffd\ufffd", 0, 0]),
    http("NUL", "GET /query/?q=%00", 200, ["\x00", 0, 0]),
    http("encoded separators", "GET /query/?q=a%26n%3D5", 200, ["a&n=5", 0, 0]),
    http("an = in a value", "GET /query/?q=a=b=c", 200, ["a=b=c", 0, 0]),
    http("5,000 digits", f"GET /query/?n={'7' * 5000}", 400, bad(n=Problem())),
    http("Arabic digits", "GET /query/?n=%D9%A3", 400, bad(n="int_parsing")),
    http("64 KiB", f"GET /query/?q={'a' * 65536}", 200),
    http(
        "a value of many errors",
        "GET /query/?many=a&many=b&n=c",
        400,
        bad(n=Problem(), many=Problem()),
    ),
    http("brackets", "GET /query/?q[]=a&q[x]=b", 200, ["none", 0, 0]),
    _alive("queries"),
)

application(
    "hostile/bodies",
    _SOURCE,
    http("nested 10,000 deep", "POST /item/", 400, content=b'{"name":' + b"[" * 10000),
    http(
        "nested 10,000 deep, closed",
        "POST /data/",
        400,
        content=b'{"a":' * 10000 + b"1" + b"}" * 10000,
    ),
    http(
        "nested 10,000 deep in a key that is not read",
        "POST /item/",
        400,
        content=b'{"name":"a","x":' + b"[" * 10000 + b"]" * 10000 + b"}",
    ),
    http("10 MiB", "POST /item/", 200, [10 << 20, 0], json_body={"name": "x" * (10 << 20)}),
    http(
        "10 MiB in pieces",
        "POST /item/",
        200,
        [10 << 20, 0],
        content=[b'{"name":"', *[b"x" * (1 << 20)] * 10, b'"}'],
    ),
    http("10 MiB of spaces", "POST /item/", 400, content=b" " * (10 << 20)),
    http("duplicate keys", "POST /item/", 200, [2, 0], content=b'{"name":"a","name":"bb"}'),
    http("a list", "POST /item/", 400, content=b"[]"),
    http("a list of objects", "POST /item/", 400, content=b'[{"name":"a"}]'),
    http("a string", "POST /item/", 400, content=b'"name"'),
    http("truncated JSON", "POST /item/", 400, content=b'{"name":"a'),
    http("truncated UTF-8", "POST /item/", 400, content=b'{"name":"\xe2\x82"}'),
    http("UTF-16", "POST /item/", 400, content='{"name":"a"}'.encode("utf-16")),
    http("NUL bytes", "POST /item/", 400, content=b"\x00" * 100),
    http("NaN", "POST /item/", 400, content=b'{"name":NaN}'),
    http("a comment", "POST /item/", 400, content=b'{"name":"a"/**/}'),
    http("single quotes", "POST /item/", 400, content=b"{'name':'a'}"),
    http(
        "the message shows no internals",
        "POST /item/",
        400,
        Matches('(?!.*(msgspec|Traceback|DecodeError|File )).*"error":"HTTPException"}'),
        content=b"{x",
    ),
    http("a word", "POST /data/", 400, content=b"hello"),
    http(
        "multipart without its boundary",
        "POST /item/",
        400,
        Contains('"status_code":400'),
        content=b"--XX\r\n\r\n--XX--",
        send={"content-type": "multipart/form-data"},
    ),
    http(
        "multipart with another boundary",
        "POST /item/",
        400,
        content=b'--YY\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--YY--\r\n',
        send={"content-type": _BOUNDARY},
    ),
    http(
        "multipart of 2,000 fields",
        "POST /data/",
        400,
        content=b"".join(
            b'--XX\r\nContent-Disposition: form-data; name="n%d"\r\n\r\na\r\n' % n
            for n in range(2000)
        )
        + b"--XX--\r\n",
        send={"content-type": _BOUNDARY},
    ),
    http(
        "a form that is not UTF-8",
        "POST /item/",
        200,
        content=b"name=%FF",
        send={"content-type": "application/x-www-form-urlencoded"},
    ),
    http(
        "a content type that is none",
        "POST /item/",
        415,
        E(415, "Unsupported Media Type"),
        content=b"{}",
        send={"content-type": "\xff\xfe;;=;"},
    ),
    http(
        "two content types",
        "POST /item/",
        200,
        content=b'{"name":"a"}',
        send=[("content-type", "application/json"), ("content-type", "text/plain")],
    ),
    http("the client leaves", "POST /item/", None, content=[b'{"na', b"me"], leaves=True),
    _alive("bodies"),
)

application(
    "hostile/headers and results",
    _SOURCE,
    http(
        "odd case and repeated",
        "GET /headers/",
        200,
        [["1", "2", "3"], "b", {}],
        send=[("X-A", "1"), ("x-a", "2"), ("X-a", "3"), ("X-B", "b")],
    ),
    http("Latin-1", "GET /headers/", 200, [[], "\xff", {}], send={"x-b": "\xff"}),
    http("a cookie", "GET /headers/?2", 200, [[], None, {"a": "b"}], send={"cookie": "a=b"}),
    *[
        http(
            f"{kind} cannot be encoded",
            f"GET /unencodable/{kind}",
            500,
            b"Internal Server Error",
            raises=Matches(".+"),
        )
        for kind in ("object", "lambda", "surrogate", "type")
    ],
    _alive("results"),
)

application(
    "hostile/websockets",
    _SOURCE,
    websocket("the wrong kind of frame", "/ws/text/x", [b"a"], [accept(), close(1003)]),
    websocket(
        "the wrong kind after the right one",
        "/ws/text/x",
        ["ab", b"a", "c"],
        [accept(), text("2"), close(1003)],
    ),
    websocket(
        "a frame of 10 MiB", "/ws/data", [b"x" * (10 << 20)], [accept(), binary(b"x" * (10 << 20))]
    ),
    websocket(
        "a lone surrogate",
        "/ws/data",
        ["\ud800"],
        [accept(), close(1011)],
        raises=Matches("Unicode.*"),
    ),
    websocket(
        "leaves in on_connect", "/ws/hooks/on_connect", [Leave(4001)], [accept()], notes=[4001]
    ),
    websocket(
        "leaves in on_receive", "/ws/hooks/on_receive", ["a", Leave(4002)], [accept()], notes=[4002]
    ),
    websocket(
        "leaves in on_disconnect",
        "/ws/hooks/on_disconnect",
        ["a", Leave(4003)],
        [accept(), text("a")],
        notes=[4003],
    ),
    websocket(
        "leaves before the handshake is answered",
        "/ws/hooks/none",
        [Leave(1006)],
        [accept()],
        notes=[1006],
    ),
    websocket(
        "the connection breaks while it sends",
        "/ws/hooks/none",
        ["a", Leave(1001)],
        [accept()],
        lost_after=1,
        notes=[1001],
    ),
    websocket("the connection breaks at accept", "/ws/hooks/none", [], [], lost_after=0, notes=[]),
    websocket("a view's connection breaks at accept", "/ws/text/x", [], [], lost_after=0),
    _alive("websockets"),
)
