"""Section 9: class views."""

from __future__ import annotations

from ..form import (
    Contains,
    Leave,
    accept,
    application,
    binary,
    close,
    http,
    refused,
    text,
    websocket,
)

application(
    "endpoints/verbs",
    '''
    from flama import Flama, types
    from flama.endpoints import HTTPEndpoint
    from flama.http import Request

    app = Flama(schema=None, docs=None)

    @app.route("/full/{n:int}/")
    class Full(HTTPEndpoint):
        """Several verbs."""

        helper_called = 0

        def helper(self):
            return "helped"

        async def get(self, n: int, q: str = "q"):
            return ["get", n, q, self.helper()]

        def post(self, n: int, data: types.RequestData):
            return ["post", n, data.data]

        async def query(self, n: int, method: types.Method):
            return ["query", method]

    class Parent(HTTPEndpoint):
        def get(self):
            return "parent get"

        def delete(self):
            return "parent delete"

        def put(self):
            return "parent put"

    @app.route("/child/")
    class Child(Parent):
        delete = None

        def put(self):
            return "child put"

    @app.route("/narrow/", methods=["GET"])
    class Narrow(Parent):
        pass

    @app.route("/head/")
    class Head(HTTPEndpoint):
        def get(self):
            return "the view of GET"

        def head(self):
            return "head"

    @app.route("/only-head/")
    class OnlyHead(HTTPEndpoint):
        def head(self):
            return "head"

    @app.route("/static/")
    class Static(HTTPEndpoint):
        @staticmethod
        def get(q: str = "s"):
            return ["static", q]

        @classmethod
        async def post(cls, q: str = "c"):
            return [cls.__name__, q]

    @app.route("/state/")
    class State(HTTPEndpoint):
        count = 0

        async def get(self, request: Request):
            self.count += 1
            return [
                self.count,
                self.request.method,
                self.request.url.path,
                self.state["request"].method,
                self.state["app"] is app,
                self.request is request,
            ]

        async def post(self):
            return (await self.request.body()).decode()

    @app.route("/init/")
    class Init(HTTPEndpoint):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.word = "from __init__"

        def get(self):
            return self.word

    class Added(HTTPEndpoint):
        def get(self):
            return "added"

    app.add_route("/added/", Added)
    app.add_route("/added-again/", Added, methods=["GET"], name="again")
    app.add_get("/added-get/", Added)

    @app.get("/decorated-get/")
    class DecoratedGet(Parent):
        pass
    ''',
    http("get", "GET /full/1/?q=z", 200, ["get", 1, "z", "helped"]),
    http("post", "POST /full/1/", 200, ["post", 1, [5]], json_body=[5]),
    http("query", "QUERY /full/1/", 200, ["query", "QUERY"]),
    http("HEAD comes with get", "HEAD /full/1/", 200),
    http("no put", "PUT /full/1/", 405, headers={"allow": "GET, HEAD, POST, QUERY"}),
    http("a helper is no verb", "HELPER /full/1/", 405),
    http("inherited", "GET /child/", 200, "parent get"),
    http("overridden", "PUT /child/", 200, "child put"),
    http("removed", "DELETE /child/", 405, headers={"allow": "GET, HEAD, PUT"}),
    http("narrowed", "PUT /narrow/", 405, headers={"allow": "GET, HEAD"}),
    http("narrowed, get", "GET /narrow/", 200, "parent get"),
    http("narrowed, HEAD", "HEAD /narrow/", 200),
    http("its own head", "HEAD /head/", 200, headers={"content-length": "6"}),
    http("only head", "HEAD /only-head/", 200, headers={"content-length": "6"}),
    http("only head, GET", "GET /only-head/", 405, headers={"allow": "HEAD"}),
    http("static method", "GET /static/?q=z", 200, ["static", "z"]),
    http("class method", "POST /static/", 200, ["Static", "c"]),
    http(
        "self.request and self.state", "GET /state/", 200, [1, "GET", "/state/", "GET", True, True]
    ),
    http(
        "one instance for each request",
        "GET /state/?2",
        200,
        [1, "GET", "/state/", "GET", True, True],
    ),
    http("the body of self.request", "POST /state/", 200, "abc", content=b"abc"),
    http("__init__", "GET /init/", 200, "from __init__"),
    http("add_route", "GET /added/", 200, "added"),
    http("add_route with methods", "GET /added-again/", 200, "added"),
    http("add_get", "GET /added-get/", 200, "added"),
    http("a shorthand narrows", "PUT /decorated-get/", 405, headers={"allow": "GET, HEAD"}),
    http("a shorthand narrows, get", "GET /decorated-get/", 200, "parent get"),
)

refused(
    "endpoints/a verb that the class lacks",
    """
    from flama import Flama
    from flama.endpoints import HTTPEndpoint

    app = Flama()

    @app.route("/", methods=["GET", "POST"])
    class View(HTTPEndpoint):
        def get(self):
            return 1
    """,
    message=Contains("POST"),
    code="FC211",
)

for _name, _code in {
    "an instance": "app.add_route('/', object())",
    "another class": "app.add_route('/', int)",
    "a websocket class under an HTTP path": (
        "from flama.endpoints import WebSocketEndpoint\napp.add_route('/', WebSocketEndpoint)"
    ),
    "an HTTP class under a websocket path": (
        "from flama.endpoints import HTTPEndpoint\napp.add_websocket_route('/', HTTPEndpoint)"
    ),
    "no endpoint": "app.add_route('/')",
    "no application": "app.mount('/')",
}.items():
    refused(
        f"endpoints/{_name}",
        f"from flama import Flama\n\napp = Flama()\n{_code}\n",
        code="FC212" if _name.startswith("no ") else None,
    )

application(
    "endpoints/websockets",
    """
    from flama import Flama, types, websockets
    from flama.endpoints import WebSocketEndpoint
    from flama.exceptions import HTTPException, WebSocketException
    from flama.websockets import Code, WebSocket
    from notes import note

    app = Flama(schema=None, docs=None)

    class Noting(WebSocketEndpoint):
        async def on_disconnect(self, websocket: websockets.WebSocket, websocket_code: Code):
            note(["left", websocket_code])
            await websocket.close(websocket_code)

    @app.websocket_route("/bytes/")
    class Bytes(Noting):
        encoding = "bytes"

        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
            await websocket.send_bytes(data)

    @app.websocket_route("/text/")
    class Text(Noting):
        encoding = "text"

        async def on_receive(self, websocket: websockets.WebSocket, data: types.Data):
            await websocket.send_text(data)

    @app.websocket_route("/json/")
    class Json(Noting):
        encoding = "json"

        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
            await websocket.send_json(data)

    @app.websocket_route("/none/")
    class NoEncoding(Noting):
        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
            await websocket.send_bytes(data)

    @app.websocket_route("/silent/")
    class Silent(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, data: websockets.Data):
            note(data)

    @app.websocket_route("/hooks/{room:int}/")
    class Hooks(WebSocketEndpoint):
        encoding = "text"

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.count = 0

        async def on_connect(self, websocket: WebSocket, room: int, user: str = "nobody"):
            note(["connect", room, user])
            await websocket.accept()

        async def on_receive(
            self,
            websocket: websockets.WebSocket,
            data: websockets.Data,
            room: int,
            limit: int,
            encoding: websockets.Encoding,
            params: types.PathParams,
            query: types.QueryParams,
            headers: types.Headers,
        ):
            self.count += 1
            note([data, room, limit, encoding, params, query["limit"], headers["host"], self.count])

        async def on_disconnect(self, code: websockets.Code, room: int):
            note(["disconnect", code, room])

    @app.websocket_route("/fails/{where}/")
    class Fails(Noting):
        encoding = "text"

        async def on_connect(self, websocket: websockets.WebSocket, where: str):
            if where == "connect":
                raise ValueError("connect")
            if where == "connect-http":
                raise HTTPException(403)
            if where == "connect-websocket":
                raise WebSocketException(4001, "no")
            if where == "refuse":
                return await websocket.close(4002)
            await websocket.accept()
            if where == "connected":
                raise ValueError("connected")
            if where == "connect-receives":
                await websocket.receive_text()

        async def on_receive(self, websocket: WebSocket, where: str, data: websockets.Data):
            if where == "receive":
                raise ValueError(data)
            if where == "receive-http":
                raise HTTPException(400)
            if where == "receive-websocket":
                raise WebSocketException(4123, "why")
            if where == "receive-receives":
                note(await websocket.receive_text())
            if where == "receive-closes":
                await websocket.close(4010)
                await websocket.close(4011)

    @app.websocket_route("/failing-goodbye/")
    class FailingGoodbye(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, data: websockets.Data):
            note(data)

        async def on_disconnect(self):
            raise ValueError("goodbye")

    @app.websocket_route("/quiet-goodbye/")
    class QuietGoodbye(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, data: websockets.Data):
            raise ValueError(data)

        async def on_disconnect(self, code: websockets.Code):
            note(code)

    @app.websocket_route("/sends-late/")
    class SendsLate(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, data: websockets.Data):
            pass

        async def on_disconnect(self, websocket: websockets.WebSocket):
            note("sends")
            await websocket.send_text("too late")

    class Inherited(Text):
        encoding = "bytes"

        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
            await websocket.send_bytes(data[::-1])

    app.add_websocket_route("/inherited/", Inherited)
    """,
    websocket("bytes", "/bytes/", [b"a"], [accept(), binary(b"a")], notes=[["left", 1000]]),
    websocket(
        "bytes, wrong frame", "/bytes/", ["a"], [accept(), close(1003)], notes=[["left", 1003]]
    ),
    websocket("bytes, empty frame", "/bytes/", [b""], [accept(), binary(b"")]),
    websocket("text", "/text/", ["\u00fc", ""], [accept(), text("\u00fc"), text("")]),
    websocket(
        "text, wrong frame", "/text/", [b"a"], [accept(), close(1003)], notes=[["left", 1003]]
    ),
    websocket("json", "/json/", ['{"a": [1]}', b"2"], [accept(), text('{"a":[1]}'), text("2")]),
    websocket("json, invalid", "/json/", ["{"], [accept(), close(1003)], notes=[["left", 1003]]),
    websocket("json, not UTF-8", "/json/", [b'"\xff"'], [accept(), close(1003)]),
    websocket("json, 10,000 deep", "/json/", ["[" * 10000], [accept(), close(1003)]),
    websocket("json, endless integer", "/json/", ["9" * 5000], [accept(), close(1003)]),
    websocket("no encoding is bytes", "/none/", [b"a"], [accept(), binary(b"a")]),
    websocket("no encoding, text frame", "/none/", ["a"], [accept(), close(1003)]),
    websocket(
        "after a wrong frame nothing is read", "/text/", [b"a", "b"], [accept(), close(1003)]
    ),
    websocket("the default hooks", "/silent/", ["a", "b"], [accept()], notes=["a", "b"]),
    websocket(
        "the client's code",
        "/text/",
        ["a", Leave(4999)],
        [accept(), text("a")],
        notes=[["left", 4999]],
    ),
    websocket("no code is 1005", "/text/", [Leave(None)], [accept()], notes=[["left", 1005]]),
    websocket("a lost connection", "/text/", [Leave(1006)], [accept()], notes=[["left", 1006]]),
    websocket(
        "every hook is injected",
        "/hooks/7/?user=ada&limit=3",
        ["a", "b", Leave(4000)],
        [accept()],
        notes=[
            ["connect", 7, "ada"],
            ["a", 7, 3, "text", {"room": 7}, "3", "testserver", 1],
            ["b", 7, 3, "text", {"room": 7}, "3", "testserver", 2],
            ["disconnect", 4000, 7],
        ],
    ),
    websocket("a bad value for a later hook", "/hooks/7/?limit=x", ["a"], [close(1008)], notes=[]),
    websocket("a missing value for a later hook", "/hooks/7/", ["a"], [close(1008)], notes=[]),
    websocket("no match", "/hooks/x/", [], [close(1000)]),
    websocket("on_connect fails", "/fails/connect/", [], [], raises="ValueError", notes=[]),
    websocket("on_connect refuses by HTTP", "/fails/connect-http/", [], [close(1008)], notes=[]),
    websocket(
        "on_connect refuses by HTTP where the server can",
        "/fails/connect-http/",
        [],
        [
            {
                "type": "websocket.http.response.start",
                "status": 403,
            },
            {
                "type": "websocket.http.response.body",
                "body": b'{"status_code":403,"detail":"Forbidden","error":"HTTPException"}',
            },
        ],
        scope={"extensions": {"websocket.http.response": {}}},
        notes=[],
    ),
    websocket(
        "on_connect refuses by code", "/fails/connect-websocket/", [], [close(4001, "no")], notes=[]
    ),
    websocket("on_connect closes", "/fails/refuse/", [], [close(4002)]),
    websocket(
        "on_connect fails after accept",
        "/fails/connected/",
        [],
        [accept(), close(1011)],
        raises="ValueError",
        notes=[],
    ),
    websocket(
        "the client leaves in on_connect",
        "/fails/connect-receives/",
        [Leave(4003)],
        [accept()],
        notes=[["left", 4003]],
    ),
    websocket(
        "on_receive fails",
        "/fails/receive/",
        ["x"],
        [accept(), close(1011)],
        raises="ValueError",
        notes=[["left", 1011]],
    ),
    websocket(
        "on_receive raises an HTTP error",
        "/fails/receive-http/",
        ["x"],
        [accept(), close(1011)],
        raises="HTTPException",
        notes=[["left", 1011]],
    ),
    websocket(
        "on_receive raises a code",
        "/fails/receive-websocket/",
        ["x"],
        [accept(), close(4123, "why")],
        notes=[["left", 4123]],
    ),
    websocket(
        "the client leaves in on_receive",
        "/fails/receive-receives/",
        ["x", Leave(4004)],
        [accept()],
        notes=[["left", 4004]],
    ),
    websocket(
        "on_receive closes twice",
        "/fails/receive-closes/",
        ["x", "y"],
        [accept(), close(4010)],
        notes=[["left", 4010]],
    ),
    websocket(
        "on_disconnect fails",
        "/failing-goodbye/",
        ["x", Leave(1000)],
        [accept()],
        raises="ValueError",
    ),
    websocket(
        "an on_disconnect that does not close",
        "/quiet-goodbye/",
        ["x"],
        [accept(), close(1011)],
        raises="ValueError",
        notes=[1011],
    ),
    websocket("on_disconnect sends", "/sends-late/", [Leave(1000)], [accept()], notes=["sends"]),
    websocket(
        "the encoding is inherited and replaced", "/inherited/", [b"ab"], [accept(), binary(b"ba")]
    ),
    websocket("the server loses the client", "/bytes/", [b"a"], [accept()], lost_after=1),
)

application(
    "endpoints/mixins and bases of websockets",
    """
    from flama import Flama, Router, websockets
    from flama.endpoints import WebSocketEndpoint
    from flama.websockets import WebSocket

    app = Flama(schema=None, docs=None)
    router = Router()

    class Greets:
        async def on_connect(self, websocket: websockets.WebSocket):
            await websocket.accept(subprotocol="v1")
            await websocket.send_text("hello")

    @router.websocket_route("/ws/{name}")
    class View(Greets, WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, websocket: WebSocket, data: websockets.Data, name: str):
            await websocket.send_text(f"{name}: {data}")

    app.mount("/{org:int}", router)
    """,
    websocket(
        "below a mount",
        "/5/ws/ada",
        ["x"],
        [accept(subprotocol="v1"), text("hello"), text("ada: x")],
    ),
    websocket("not below the mount", "/x/ws/ada", [], [close(1000)]),
)

for _name, _body in {
    "a sync hook": "def on_receive(self, data: websockets.Data): pass",
    "a sync on_connect": "def on_connect(self, websocket: websockets.WebSocket): pass",
}.items():
    refused(
        f"endpoints/{_name}",
        f"""
        from flama import Flama, websockets
        from flama.endpoints import WebSocketEndpoint

        app = Flama()

        @app.websocket_route("/")
        class View(WebSocketEndpoint):
            {_body}
        """,
        message=Contains("async"),
        code="FC308",
    )

refused(
    "endpoints/an unknown encoding",
    """
    from flama import Flama, websockets
    from flama.endpoints import WebSocketEndpoint

    app = Flama()

    @app.websocket_route("/")
    class View(WebSocketEndpoint):
        encoding = "xml"

        async def on_receive(self, data: websockets.Data):
            pass
    """,
    message=Contains("encoding", "xml"),
)

application(
    "endpoints/a handler that closes",
    """
    from flama import Flama, websockets
    from flama.endpoints import WebSocketEndpoint
    from notes import note

    app = Flama(schema=None, docs=None)

    @app.websocket_route("/class/")
    class Fails(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, websocket: websockets.WebSocket, data: websockets.Data):
            raise KeyError(data)

    @app.websocket_route("/function/")
    async def fails(websocket: websockets.WebSocket):
        await websocket.accept()
        raise KeyError("x")

    async def handle(scope, receive, send, exc):
        note(type(exc).__name__)
        await send({"type": "websocket.close", "code": 4999, "reason": ""})

    app.add_exception_handler(KeyError, handle)
    """,
    websocket(
        "one close, the endpoint's",
        "/class/",
        ["a"],
        [accept(), close(1011)],
        notes=["KeyError"],
    ),
    websocket(
        "one close, the handler's", "/function/", [], [accept(), close(4999)], notes=["KeyError"]
    ),
)
