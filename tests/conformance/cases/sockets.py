"""Section 10: websocket function views."""

from __future__ import annotations

from ..form import (
    Contains,
    Leave,
    accept,
    application,
    binary,
    close,
    refused,
    text,
    websocket,
)

application(
    "sockets/the view owns the protocol",
    """
    import datetime
    import enum

    from flama import Flama, types, websockets
    from flama.exceptions import HTTPException, WebSocketException
    from flama.websockets import WebSocket, WebSocketDisconnect
    from notes import note
    from starlette.exceptions import HTTPException as ForeignHTTP
    from starlette.exceptions import WebSocketException as Foreign

    app = Flama(schema=None, docs=None)

    class Colour(enum.Enum):
        RED = "red"

    @app.websocket_route("/text/")
    async def text(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    @app.websocket_route("/bytes/")
    async def raw(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_bytes(await websocket.receive_bytes())
        await websocket.close(4000, "reason")

    @app.websocket_route("/json/")
    async def json(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_json(await websocket.receive_json())
        await websocket.send_json({"a": [1, None, "\\u00fc"]}, mode="binary")

    @app.websocket_route("/json-dates/")
    async def json_dates(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_json({"at": datetime.datetime(2024, 1, 2, 3, 4), 1: Colour.RED})
        await websocket.send_json(object())

    @app.websocket_route("/json-binary/")
    async def json_binary(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_json(await websocket.receive_json(mode="binary"))

    @app.websocket_route("/iter-text/")
    async def iter_text(websocket: WebSocket):
        await websocket.accept()
        async for message in websocket.iter_text():
            note(message)
        note("end")

    @app.websocket_route("/iter-bytes/")
    async def iter_bytes(websocket: WebSocket):
        await websocket.accept()
        async for message in websocket.iter_bytes():
            note(message.decode())
        note("end")

    @app.websocket_route("/iter-json/")
    async def iter_json(websocket: WebSocket):
        await websocket.accept()
        async for message in websocket.iter_json():
            note(message)
        note("end")

    @app.websocket_route("/catches/")
    async def catches(websocket: WebSocket):
        await websocket.accept()
        try:
            await websocket.receive_text()
        except WebSocketDisconnect as gone:
            note([gone.code, gone.reason])
            await websocket.close()

    @app.websocket_route("/escapes/")
    async def escapes(websocket: WebSocket):
        await websocket.accept()
        while True:
            note(await websocket.receive_text())

    @app.websocket_route("/sends-on/")
    async def sends_on(websocket: WebSocket):
        await websocket.accept()
        try:
            await websocket.receive_text()
        except WebSocketDisconnect:
            pass
        await websocket.send_text("anybody there?")
        note("never")

    @app.websocket_route("/nothing/")
    async def nothing(websocket: WebSocket):
        note("did nothing")

    @app.websocket_route("/accepts/")
    async def accepts(websocket: WebSocket):
        await websocket.accept(subprotocol="v2", headers=[(b"x-a", b"b")])

    @app.websocket_route("/refuses/")
    async def refuses(websocket: WebSocket):
        await websocket.close(4003)

    @app.websocket_route("/closes-twice/")
    async def closes_twice(websocket: WebSocket):
        await websocket.accept()
        await websocket.close(4001)
        await websocket.close(4002)
        note("done")

    @app.websocket_route("/with/")
    async def with_block(websocket: WebSocket):
        async with websocket as same:
            note(same is websocket)
            await websocket.send_text(await websocket.receive_text())

    @app.websocket_route("/with-accepted/")
    async def with_accepted(websocket: WebSocket):
        await websocket.accept(subprotocol="v1")
        async with websocket:
            pass

    @app.websocket_route("/with-error/")
    async def with_error(websocket: WebSocket):
        async with websocket:
            raise ValueError("inside")

    @app.websocket_route("/with-caught/")
    async def with_caught(websocket: WebSocket):
        try:
            async with websocket:
                raise ValueError("inside")
        except ValueError:
            note("caught")

    @app.websocket_route("/with-code/")
    async def with_code(websocket: WebSocket):
        async with websocket:
            raise WebSocketException(4005, "because")

    @app.websocket_route("/with-closed/")
    async def with_closed(websocket: WebSocket):
        async with websocket:
            await websocket.close(4006)

    @app.websocket_route("/raises/{what}/{when}/")
    async def raises(websocket: WebSocket, what: str, when: str):
        if when == "after":
            await websocket.accept()
        if when == "closed":
            await websocket.accept()
            await websocket.close(4000)
        if what == "http":
            raise HTTPException(404, "no such room", headers={"x-a": "b"})
        if what == "foreign-http":
            raise ForeignHTTP(409)
        if what == "code":
            raise WebSocketException(4100, "own")
        if what == "foreign":
            raise Foreign(4200, "starlette's")
        raise ValueError(what)

    @app.websocket_route("/params/{room:int}/{name}/")
    async def params(
        websocket: WebSocket,
        name: str,
        room: int,
        headers: types.Headers,
        cookies: types.Cookies,
        path_params: types.PathParams,
        query_params: types.QueryParams,
        scope: types.Scope,
        application: Flama,
        path: types.Path,
        limit: int = 5,
        tags: list[str] = [],
    ):
        async with websocket:
            await websocket.send_json(
                [
                    name, room, headers["host"], dict(cookies), dict(path_params),
                    query_params.multi_items(), scope["type"], application is app,
                    path, limit, tags,
                ]
            )

    @app.websocket_route("/no-socket/")
    async def no_socket(receive: types.Receive, send: types.Send, limit: int):
        await receive()
        await send({"type": "websocket.close", "code": 4000 + limit})
    """,
    websocket("text", "/text/", ["a"], [accept(), text("a"), close(1000)]),
    websocket("text, a binary frame", "/text/", [b"a"], [accept(), close(1003)]),
    websocket("bytes", "/bytes/", [b"a"], [accept(), binary(b"a"), close(4000, "reason")]),
    websocket("bytes, a text frame", "/bytes/", ["a"], [accept(), close(1003)]),
    websocket(
        "json",
        "/json/",
        ['{"b": 1}'],
        [accept(), text('{"b":1}'), binary('{"a":[1,null,"\u00fc"]}'.encode())],
    ),
    websocket(
        "json is written as results are",
        "/json-dates/",
        [],
        [accept(), text('{"at":"2024-01-02T03:04:00","1":"red"}'), close(1011)],
        raises="TypeError",
    ),
    websocket("json, invalid", "/json/", ["{]"], [accept(), close(1003)]),
    websocket("json, nested deep", "/json/", ["[" * 10000], [accept(), close(1003)]),
    websocket("json, another frame", "/json/", [b"1"], [accept(), close(1003)]),
    websocket("json in binary frames", "/json-binary/", [b"[1]"], [accept(), text("[1]")]),
    websocket("json in binary frames, text", "/json-binary/", ["[1]"], [accept(), close(1003)]),
    websocket(
        "json in binary frames, not UTF-8", "/json-binary/", [b"\xff"], [accept(), close(1003)]
    ),
    websocket("iter_text", "/iter-text/", ["a", "b"], [accept()], notes=["a", "b", "end"]),
    websocket(
        "iter_text, a binary frame",
        "/iter-text/",
        ["a", b"b", "c"],
        [accept(), close(1003)],
        notes=["a", "end"],
    ),
    websocket("iter_bytes", "/iter-bytes/", [b"a"], [accept()], notes=["a", "end"]),
    websocket("iter_json", "/iter-json/", ["1", "[2]"], [accept()], notes=[1, [2], "end"]),
    websocket(
        "iter_json, invalid", "/iter-json/", ["1", "x"], [accept(), close(1003)], notes=[1, "end"]
    ),
    websocket(
        "the end can be caught",
        "/catches/",
        [Leave(4321, "bye")],
        [accept()],
        notes=[[4321, "bye"]],
    ),
    websocket("the end may escape", "/escapes/", ["a", Leave(1001)], [accept()], notes=["a"]),
    websocket("a wrong frame may escape", "/escapes/", [b"a"], [accept(), close(1003)], notes=[]),
    websocket("nobody is there to send to", "/sends-on/", [Leave()], [accept()], notes=[]),
    websocket("a view that does nothing sends nothing", "/nothing/", notes=["did nothing"]),
    websocket(
        "a view that returns sends no close",
        "/accepts/",
        [],
        [accept(subprotocol="v2", headers=[(b"x-a", b"b")])],
    ),
    websocket("close before accept", "/refuses/", [], [close(4003)]),
    websocket("close twice", "/closes-twice/", [], [accept(), close(4001)], notes=["done"]),
    websocket("async with", "/with/", ["a"], [accept(), text("a"), close(1000)], notes=[True]),
    websocket("async with, the client leaves", "/with/", [Leave(1001)], [accept()]),
    websocket("async with, a wrong frame", "/with/", [b"a"], [accept(), close(1003)]),
    websocket(
        "async with, accepted before",
        "/with-accepted/",
        [],
        [accept(subprotocol="v1"), close(1000)],
    ),
    websocket(
        "async with, an error", "/with-error/", [], [accept(), close(1011)], raises="ValueError"
    ),
    websocket("async with, caught", "/with-caught/", [], [accept(), close(1011)], notes=["caught"]),
    websocket("async with, a code", "/with-code/", [], [accept(), close(4005, "because")]),
    websocket("async with, closed inside", "/with-closed/", [], [accept(), close(4006)]),
    websocket("code, before", "/raises/code/before/", [], [close(4100, "own")]),
    websocket("code, after", "/raises/code/after/", [], [accept(), close(4100, "own")]),
    websocket(
        "Starlette's code", "/raises/foreign/after/", [], [accept(), close(4200, "starlette's")]
    ),
    websocket("HTTP, before", "/raises/http/before/", [], [close(1008)]),
    websocket("Starlette's HTTP, before", "/raises/foreign-http/before/", [], [close(1008)]),
    websocket(
        "HTTP, after", "/raises/http/after/", [], [accept(), close(1011)], raises="HTTPException"
    ),
    websocket("another error, before", "/raises/x/before/", [], [], raises="ValueError"),
    websocket(
        "another error, after", "/raises/x/after/", [], [accept(), close(1011)], raises="ValueError"
    ),
    websocket(
        "another error, closed",
        "/raises/x/closed/",
        [],
        [accept(), close(4000)],
        raises="ValueError",
    ),
    websocket(
        "everything can be declared",
        "/params/7/ada/?limit=3&tags=a&tags=b",
        [],
        [
            accept(),
            text(
                '["ada",7,"testserver",{"c":"d"},{"room":7,"name":"ada"},'
                '[["limit","3"],["tags","a"],["tags","b"]],"websocket",true,'
                '"/params/7/ada/",3,["a","b"]]'
            ),
            close(1000),
        ],
        send={"cookie": "c=d"},
    ),
    websocket("a bad value", "/params/7/ada/?limit=x", [], [close(1008)]),
    websocket("a missing value", "/no-socket/", [], [close(1008)]),
    websocket("the raw channels", "/no-socket/?limit=5", [], [close(4005)]),
)

application(
    "sockets/HTTP errors where the server can deny",
    """
    from flama import Flama, websockets
    from flama.exceptions import HTTPException

    app = Flama(schema=None, docs=None)

    @app.websocket_route("/{when}/")
    async def view(websocket: websockets.WebSocket, when: str, q: int = 0):
        if when == "after":
            await websocket.accept()
        raise HTTPException(404, "no such room", headers={"x-a": "b"})
    """,
    websocket(
        "before accept",
        "/before/",
        [],
        [
            {
                "type": "websocket.http.response.start",
                "status": 404,
                "headers": Contains("x-a", "application/json"),
            },
            {
                "type": "websocket.http.response.body",
                "body": b'{"status_code":404,"detail":"no such room","error":"HTTPException"}',
            },
        ],
        scope={"extensions": {"websocket.http.response": {}}},
    ),
    websocket(
        "after accept",
        "/after/",
        [],
        [accept(), close(1011)],
        scope={"extensions": {"websocket.http.response": {}}},
        raises="HTTPException",
    ),
    websocket(
        "a bad value closes",
        "/before/?q=x",
        [],
        [close(1008)],
        scope={"extensions": {"websocket.http.response": {}}},
    ),
)

application(
    "sockets/once for each message",
    """
    from typing import Annotated

    from flama import Component, Flama, types, websockets
    from flama.exceptions import HTTPException, WebSocketException
    from notes import note

    class Session:
        def __init__(self):
            self.seen = 0

    class SessionComponent(Component):
        def resolve(self) -> Session:
            note("session")
            return Session()

    app = Flama(schema=None, docs=None, components=[SessionComponent()])

    @app.websocket_route("/relay/")
    async def relay(websocket: websockets.WebSocket, data: websockets.Data):
        await websocket.send_bytes(data)

    @app.websocket_route("/kinds/")
    async def kinds(data: websockets.Data, websocket: websockets.WebSocket):
        note([type(data).__name__, data if isinstance(data, str) else data.decode()])

    @app.websocket_route("/types/")
    async def types_data(data: types.Data):
        note(type(data).__name__)

    @app.websocket_route("/noted/")
    async def noted(data: Annotated[websockets.Data, "a note"]):
        note(type(data).__name__)

    @app.websocket_route("/stops/")
    async def stops(websocket: websockets.WebSocket, data: websockets.Data):
        note(data)
        if data == "stop":
            await websocket.close(4000)

    @app.websocket_route("/fails/{what}/")
    async def fails(data: websockets.Data, what: str):
        note(data)
        if what == "http":
            raise HTTPException(400)
        if what == "code":
            raise WebSocketException(4009, "enough")
        if what == "error":
            raise ValueError(data)

    @app.websocket_route("/with/{room:int}/")
    async def with_others(
        websocket: websockets.WebSocket,
        data: websockets.Data,
        room: int,
        session: Session,
        q: str = "q",
    ):
        session.seen += 1
        await websocket.send_json([room, q, data, session.seen])

    @app.websocket_route("/block/")
    async def block(websocket: websockets.WebSocket, data: websockets.Data):
        async with websocket:
            await websocket.send_text(data)
    """,
    websocket(
        "relays",
        "/relay/",
        [b"a", "b", b"", ""],
        [accept(), binary(b"a"), binary(b"b"), binary(b""), binary(b"")],
    ),
    websocket(
        "text is str, binary is bytes",
        "/kinds/",
        ["a", b"b"],
        [accept()],
        notes=[["str", "a"], ["bytes", "b"]],
    ),
    websocket("types.Data too", "/types/", ["a", b"b"], [accept()], notes=["str", "bytes"]),
    websocket("Annotated too", "/noted/", ["a", b"b"], [accept()], notes=["str", "bytes"]),
    websocket("until the client leaves", "/kinds/", ["a", Leave(1001)], [accept()]),
    websocket("the client leaves at once", "/kinds/", [Leave(1001)], [accept()], notes=[]),
    websocket(
        "until the view closes",
        "/stops/",
        ["go", "stop", "never"],
        [accept(), close(4000)],
        notes=["go", "stop"],
    ),
    websocket(
        "an error",
        "/fails/error/",
        ["a", "b"],
        [accept(), close(1011)],
        raises="ValueError",
        notes=["a"],
    ),
    websocket("a code", "/fails/code/", ["a"], [accept(), close(4009, "enough")]),
    websocket(
        "an HTTP error", "/fails/http/", ["a"], [accept(), close(1011)], raises="HTTPException"
    ),
    websocket(
        "the rest is bound once",
        "/with/3/?q=z",
        ["a", "b"],
        [accept(), text('[3,"z","a",1]'), text('[3,"z","b",2]')],
        notes=["session"],
    ),
    websocket("no match", "/with/x/", ["a"], [close(1000)]),
    websocket(
        "a block closes after the first message",
        "/block/",
        ["a", "b"],
        [accept(), text("a"), close(1000)],
    ),
    websocket("the server loses the client", "/relay/", [b"a"], [accept()], lost_after=1),
)

refused(
    "sockets/a sync view",
    """
    from flama import Flama, websockets

    app = Flama()

    @app.websocket_route("/")
    def view(websocket: websockets.WebSocket):
        pass
    """,
    message=Contains("async"),
    code="FC308",
)

refused(
    "sockets/an HTTP request in a websocket view",
    """
    from flama import Flama
    from flama.http import Request

    app = Flama()

    @app.websocket_route("/")
    async def view(request: Request):
        pass
    """,
    message=Contains("'request'"),
    code="FC306",
    at="startup",
)
