"""Section 2: path templates."""

from __future__ import annotations

from ..form import application, http, refused, websocket

application(
    "paths/literals",
    """
    from flama import Flama

    app = Flama(schema=None, docs=None)

    def answer(name):
        async def view():
            return name
        return view

    app.add_route("", answer("empty"), name="empty")
    app.add_route("/", answer("root"), name="root")
    app.add_route("/a", answer("/a"), name="a")
    app.add_route("/a/", answer("/a/"), name="a-slash")
    app.add_route("//double", answer("//double"), name="double")
    app.add_route("/x//y", answer("/x//y"), name="inner")
    app.add_route("/a.b", answer("/a.b"), name="dot")
    app.add_route("/p%20q", answer("/p%20q"), name="percent")
    app.add_route("/p q", answer("/p q"), name="space")
    app.add_route("/caf\\u00e9", answer("composed"), name="composed")
    app.add_route("/x/../y", answer("/x/../y"), name="dots")
    app.add_route("/*", answer("/*"), name="star")
    app.add_route("/(x", answer("/(x"), name="parenthesis")
    app.add_route("/q'\\"\\\\", answer("quotes"), name="quotes")
    """,
    http("the empty path", "GET ", 200, "empty"),
    http("the root", "GET /", 200, "root"),
    http("the root is not doubled", "GET //", 404),
    http("without a slash", "GET /a", 200, "/a"),
    http("with a slash", "GET /a/", 200, "/a/"),
    http("with two slashes", "GET /a//", 404),
    http("leading slashes collapse in a template", "GET /double", 200, "//double"),
    http("but not in a request", "GET //double", 404),
    http("inner slashes are kept", "GET /x//y", 200, "/x//y"),
    http("inner slashes count", "GET /x/y", 404),
    http("a dot is a dot", "GET /a.b", 200, "/a.b"),
    http("a dot is nothing else", "GET /aXb", 404),
    http("case counts", "GET /A", 404),
    http("requests are decoded once", "GET /p%2520q", 200, "/p%20q"),
    http("a decoded space", "GET /p%20q", 200, "/p q"),
    http("Unicode", "GET /caf%C3%A9", 200, "composed"),
    http("Unicode is not normalised", "GET /cafe%CC%81", 404),
    http("dot segments are text", "GET /x/../y", 200, "/x/../y"),
    http("dot segments are not resolved", "GET /y", 404),
    http("a star is a star", "GET /*", 200, "/*"),
    http("a star takes nothing", "GET /z", 404),
    http("a parenthesis", "GET /(x", 200, "/(x"),
    http("quotes and backslash", "GET /q'%22%5C", 200, "quotes"),
    http("an encoded slash separates", "GET /x%2F%2Fy", 200, "/x//y"),
    http("a newline at the end is no match", "GET /a%0A", 404),
    http("NUL is no match", "GET /a%00", 404),
    http("a path without a slash matches nothing", "OPTIONS *", 404),
)

application(
    "paths/types",
    """
    import decimal
    import uuid

    from flama import Flama

    app = Flama(schema=None, docs=None)

    @app.get("/str/{x}/")
    async def a_str(x: str):
        return [x]

    @app.get("/named/{x:str}/")
    async def a_named_str(x: str):
        return [x]

    @app.get("/int/{x:int}/")
    async def an_int(x: int):
        return [type(x).__name__, str(x) if abs(x) > 2**53 else x]

    @app.get("/float/{x:float}/")
    async def a_float(x: float):
        return [type(x).__name__, repr(x)]

    @app.get("/decimal/{x:decimal}/")
    async def a_decimal(x: decimal.Decimal):
        return [type(x).__name__, str(x)[:40]]

    @app.get("/uuid/{x:uuid}/")
    async def a_uuid(x: uuid.UUID):
        return [type(x).__name__, x]

    @app.get("/two/{a:int}/{b}/end")
    async def two(b: str, a: int):
        return [a, b]

    @app.get("/tail/{x}")
    async def tail(x: str):
        return [x]
    """,
    http("str", "GET /str/abc/", 200, ["abc"]),
    http("str named", "GET /named/abc/", 200, ["abc"]),
    http("str is decoded", "GET /str/a%20b%C3%BC/", 200, ["a b\u00fc"]),
    http("str takes dots", "GET /str/../", 200, [".."]),
    http("str takes a newline", "GET /str/a%0A/", 200, ["a\n"]),
    http("str takes NUL", "GET /str/a%00b/", 200, ["a\x00b"]),
    http("str takes broken encodings", "GET /str/%FF/", 200, ["\ufffd"]),
    http("str takes a lone percent", "GET /str/50%/", 200, ["50%"]),
    http("str takes no slash", "GET /str/a%2Fb/", 404),
    http("str is not empty", "GET /str//", 404),
    http("the last segment is not empty", "GET /tail/", 404),
    http("the last segment", "GET /tail/a", 200, ["a"]),
    http("the last segment and a slash", "GET /tail/a/", 404),
    http("int", "GET /int/42/", 200, ["int", 42]),
    http("int negative", "GET /int/-1/", 200, ["int", -1]),
    http("int minus zero", "GET /int/-0/", 200, ["int", 0]),
    http("int leading zeros", "GET /int/007/", 200, ["int", 7]),
    http("int plus", "GET /int/+1/", 404),
    http("int underscore", "GET /int/1_0/", 404),
    http("int Arabic digit", "GET /int/%D9%A3/", 404),
    http("int superscript", "GET /int/%C2%B2/", 404),
    http("int newline", "GET /int/1%0A/", 404),
    http("int space", "GET /int/%201/", 404),
    http("int point", "GET /int/1.0/", 404),
    http("int two signs", "GET /int/--1/", 404),
    http("int sign alone", "GET /int/-/", 404),
    http("int empty", "GET /int//", 404),
    http("int 4300 digits", f"GET /int/{'9' * 4300}/", 200, ["int", "9" * 4300]),
    http("int 4301 digits", f"GET /int/{'9' * 4301}/", 404),
    http("int 5000 digits", f"GET /int/{'1' * 5000}/", 404),
    http("int 4300 digits and a sign", f"GET /int/-{'9' * 4300}/", 200),
    http("int 4301 zeros", f"GET /int/{'0' * 4301}/", 404),
    http("float", "GET /float/1.5/", 200, ["float", "1.5"]),
    http("float whole", "GET /float/3/", 200, ["float", "3.0"]),
    http("float negative", "GET /float/-0.5/", 200, ["float", "-0.5"]),
    http("float zeros", "GET /float/007.50/", 200, ["float", "7.5"]),
    http("float no digit before", "GET /float/.5/", 404),
    http("float no digit after", "GET /float/1./", 404),
    http("float exponent", "GET /float/1e5/", 404),
    http("float nan", "GET /float/nan/", 404),
    http("float inf", "GET /float/inf/", 404),
    http("float comma", "GET /float/1,5/", 404),
    http("float plus", "GET /float/+1.5/", 404),
    http("float Arabic", "GET /float/%D9%A3.%D9%A3/", 404),
    http("float newline", "GET /float/1.5%0A/", 404),
    http("float endless", f"GET /float/{'9' * 5000}/", 200, ["float", "inf"]),
    http("decimal", "GET /decimal/1.50/", 200, ["Decimal", "1.50"]),
    http("decimal whole", "GET /decimal/-3/", 200, ["Decimal", "-3"]),
    http("decimal exponent", "GET /decimal/1e5/", 404),
    http("decimal NaN", "GET /decimal/NaN/", 404),
    http("decimal long", f"GET /decimal/{'7' * 5000}/", 200, ["Decimal", "7" * 40]),
    http(
        "uuid",
        "GET /uuid/6ba7b810-9dad-11d1-80b4-00c04fd430c8/",
        200,
        ["UUID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
    ),
    http(
        "uuid of any version",
        "GET /uuid/ffffffff-ffff-ffff-ffff-ffffffffffff/",
        200,
        ["UUID", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    ),
    http("uuid upper case", "GET /uuid/6BA7B810-9DAD-11D1-80B4-00C04FD430C8/", 404),
    http("uuid without dashes", "GET /uuid/6ba7b8109dad11d180b400c04fd430c8/", 404),
    http("uuid in braces", "GET /uuid/%7B6ba7b810-9dad-11d1-80b4-00c04fd430c8%7D/", 404),
    http("uuid dashes elsewhere", "GET /uuid/6ba7b81-09dad-11d1-80b4-00c04fd430c8/", 404),
    http("uuid newline", "GET /uuid/6ba7b810-9dad-11d1-80b4-00c04fd430c8%0A/", 404),
    http("two parameters", "GET /two/1/x/end", 200, [1, "x"]),
    http("two parameters, one bad", "GET /two/x/x/end", 404),
    http("wrong method on a bad type is 404", "POST /int/x/", 404),
)

application(
    "paths/the server's prefix",
    """
    from flama import Flama
    from flama.http import Request

    app = Flama(schema=None, docs=None)
    child = Flama(schema=None, docs=None)

    @app.get("/a/")
    async def a(request: Request):
        return [request.scope["path"], request.scope["root_path"], request.url.path]

    @app.get("/")
    async def root():
        return "root"

    @child.get("/b/{n:int}/")
    async def b(request: Request, n: int):
        return [n, request.scope["path"], request.scope["root_path"], request.url.path]

    app.mount("/child", child)
    """,
    http("no prefix", "GET /a/", 200, ["/a/", "", "/a/"]),
    http(
        "a prefix is stripped",
        "GET /proxy/a/",
        200,
        ["/proxy/a/", "/proxy", "/proxy/a/"],
        scope={"root_path": "/proxy"},
    ),
    http("the prefix alone", "GET /proxy", 200, "root", scope={"root_path": "/proxy"}),
    http("the prefix and a slash", "GET /proxy/", 200, "root", scope={"root_path": "/proxy"}),
    http("at a boundary only", "GET /proxya/a/", 404, scope={"root_path": "/proxy"}),
    http("not there", "GET /a/", 200, scope={"root_path": "/proxy"}),
    http(
        "mounts below a prefix",
        "GET /proxy/child/b/5/",
        200,
        [5, "/proxy/child/b/5/", "/proxy/child", "/proxy/child/b/5/"],
        scope={"root_path": "/proxy"},
    ),
    http("an application that has the prefix twice", "GET /a/a/", 200, scope={"root_path": "/a"}),
)

application(
    "paths/websockets",
    """
    from flama import Flama, websockets

    app = Flama(schema=None, docs=None)

    @app.websocket_route("/room/{n:int}/")
    async def room(websocket: websockets.WebSocket, n: int):
        await websocket.accept()
        await websocket.send_json(n)
        await websocket.close()

    @app.get("/only-http/")
    async def only_http():
        return 1

    @app.get("/both/")
    async def both_http():
        return "http"

    @app.websocket_route("/both/")
    async def both_websocket(websocket: websockets.WebSocket):
        await websocket.close(4000)
    """,
    websocket(
        "typed",
        "/room/7/",
        events=[
            {"type": "websocket.accept"},
            {"type": "websocket.send", "text": "7"},
            {"type": "websocket.close", "code": 1000},
        ],
    ),
    websocket("no match", "/room/x/", events=[{"type": "websocket.close", "code": 1000}]),
    websocket("nothing there", "/none/", events=[{"type": "websocket.close", "code": 1000}]),
    websocket("HTTP there", "/only-http/", events=[{"type": "websocket.close", "code": 1000}]),
    http("websocket there", "GET /room/7/", 404),
    http("wrong method of nothing", "POST /room/7/", 404),
    http("both, as HTTP", "GET /both/", 200, "http"),
    websocket("both, as websocket", "/both/", events=[{"type": "websocket.close", "code": 4000}]),
)

_BAD = """
    from flama import Flama

    app = Flama()

    @app.get("{path}")
    def view():
        return 1
    """

for _name, _path in {
    "no leading slash": "x",
    "an unknown type": "/{x:bool}",
    "the path type": "/{x:path}",
    "an upper-case type": "/{x:INT}",
    "a repeated name": "/{x}/{x}",
    "text after a parameter": "/{x}.json",
    "text before a parameter": "/a-{x}",
    "two parameters in a segment": "/{x}{y}",
}.items():
    refused(f"paths/{_name}", _BAD.replace("{path}", _path), raises="ValueError", code="FC210")

refused(
    "paths/a mount without a slash",
    """
    from flama import Flama

    app = Flama()
    app.mount("x", Flama())
    """,
    raises="ValueError",
    code="FC210",
)
