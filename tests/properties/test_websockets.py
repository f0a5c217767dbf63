"""Invented websocket views and clients: whatever both do, the protocol is kept.

A view is a list of steps (accept, receive, send, close, fail), perhaps inside `async with`, perhaps
catching what its steps raise. A client is a list of frames and an end. What a server sees is then
one of: nothing; a refusal; an accept, frames, and at most one close.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import MutableMapping
from typing import Any

from conformance.form import Leave, WebSocketExchange, websocket
from conformance.harness import Timeline, WebSocketClient
from flama import Flama
from flama.endpoints import WebSocketEndpoint
from flama.exceptions import HTTPException, WebSocketException
from flama.websockets import Code, Data, WebSocket, WebSocketDisconnect
from hypothesis import given, settings
from hypothesis import strategies as st

ERRORS = {
    "error": ValueError("invented"),
    "http": HTTPException(403),
    "code": WebSocketException(4009, "invented"),
    "left": WebSocketDisconnect(4008),
}

STEPS = st.sampled_from(
    [
        "accept",
        "accept",
        "receive_text",
        "receive_bytes",
        "receive_json",
        "iterate",
        "send_text",
        "send_bytes",
        "send_json",
        "close 1000",
        "close 4001",
        *ERRORS,
    ]
)
FRAMES = st.one_of(
    st.sampled_from(["text", "{}", "{", ""]), st.sampled_from([b"bytes", b"1", b"\xff", b""])
)
CLIENTS = st.builds(
    lambda frames, code: [*frames, Leave(code)],
    st.lists(FRAMES, max_size=4),
    st.sampled_from([1000, 1001, 1006, 4000, None]),
)
LOST = st.one_of(st.none(), st.integers(0, 3))
EXTENSIONS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"websocket.http.response": {}}]
)


async def perform(step: str, socket: WebSocket) -> None:
    """One step of a view."""
    word, _, code = step.partition(" ")
    match word:
        case "accept":
            await socket.accept()
        case "iterate":
            async for _ in socket.iter_text():
                pass
        case "send_text" | "send_bytes" | "send_json":
            await getattr(socket, word)("sent")
        case "close":
            await socket.close(int(code))
        case "receive_text" | "receive_bytes" | "receive_json":
            await getattr(socket, word)()
        case _:
            raise ERRORS[word]


def function_view(steps: list[str], inside: bool, catches: bool) -> Flama:
    """An application whose view takes these steps."""
    app = Flama(schema=None, docs=None)

    async def follow(socket: WebSocket) -> None:
        for step in steps:
            try:
                await perform(step, socket)
            except WebSocketDisconnect:
                if not catches:
                    raise

    @app.websocket_route("/")
    async def view(socket: WebSocket) -> None:
        if inside:
            async with socket:
                await follow(socket)
        else:
            await follow(socket)

    return app


def class_view(steps: dict[str, list[str]], kind: str | None, codes: list[int]) -> Flama:
    """An application whose endpoint takes these steps in its hooks."""
    app = Flama(schema=None, docs=None)

    @app.websocket_route("/")
    class View(WebSocketEndpoint):
        encoding = kind

        async def on_connect(self, socket: WebSocket) -> None:
            for step in steps["on_connect"]:
                await perform(step, socket)

        async def on_receive(self, socket: WebSocket, data: Data) -> None:
            for step in steps["on_receive"]:
                await perform(step, socket)

        async def on_disconnect(self, socket: WebSocket, code: Code) -> None:
            codes.append(code)
            for step in steps["on_disconnect"]:
                await perform(step, socket)

    return app


def message_view(steps: list[str]) -> Flama:
    """An application whose view takes these steps for each message."""
    app = Flama(schema=None, docs=None)

    @app.websocket_route("/")
    async def view(socket: WebSocket, data: Data) -> None:
        assert isinstance(data, str | bytes)
        for step in steps:
            await perform(step, socket)

    return app


def _connect(app: Flama, exchange: WebSocketExchange) -> tuple[Timeline, Exception | None]:
    timeline: Timeline = []

    async def run() -> Exception | None:
        client = WebSocketClient(exchange, timeline)
        left = False

        async def receive() -> dict[str, Any]:
            nonlocal left
            if client.connected and not client.accepted:
                # A client that is never answered gives up.
                del client.script[:-1]
            message = await client.receive()
            left = left or message["type"] == "websocket.disconnect"
            return message

        async def send(message: MutableMapping[str, Any]) -> None:
            assert not left, f"{message} is sent to a client that has left"
            await client.send(dict(message))

        scope = {**client.scope(), "state": {}, **exchange.scope}
        try:
            await asyncio.wait_for(app(scope, receive, send), 20)
        except AssertionError:
            raise
        except Exception as error:
            return error
        return None

    logging.getLogger("flama").setLevel(logging.CRITICAL)
    return timeline, asyncio.run(run())


def _keeps_the_protocol(timeline: Timeline, raised: Exception | None, lost: bool) -> None:
    kinds = [entry[1].removeprefix("websocket.") for entry in timeline]
    # Starlette's word for a view that breaks the protocol is RuntimeError.
    assert isinstance(raised, ValueError | HTTPException | RuntimeError | None), repr(raised)
    if kinds[:1] == ["http.response.start"]:
        assert kinds[1:] == ["http.response.body"] or (lost and not kinds[1:])
        assert raised is None
        return
    assert "accept" not in kinds[1:], kinds
    assert "close" not in kinds[:-1], kinds
    if kinds and kinds[0] != "accept":
        assert kinds == ["close"], kinds
    if raised is not None and kinds[:1] == ["accept"] and not lost:
        # Whoever is still there is told that the view failed.
        assert kinds[-1] == "close" or _left(timeline), kinds


def _left(timeline: Timeline) -> bool:
    """Whether the client ended the connection: then nobody is told anything."""
    return "websocket.close" not in [entry[1] for entry in timeline]


@settings(max_examples=300, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=6),
    inside=st.booleans(),
    catches=st.booleans(),
    sends=CLIENTS,
    lost=LOST,
    extensions=EXTENSIONS,
)
def test_function_views(
    steps: list[str],
    inside: bool,
    catches: bool,
    sends: list[Any],
    lost: int | None,
    extensions: dict[str, Any],
) -> None:
    app = function_view(steps, inside, catches)
    exchange = websocket("", "/", sends, lost_after=lost, scope={"extensions": extensions})
    timeline, raised = _connect(app, exchange)
    _keeps_the_protocol(timeline, raised, lost is not None)


@settings(max_examples=300, deadline=None)
@given(
    connect=st.one_of(st.just(["accept"]), st.lists(STEPS, max_size=3)),
    receive=st.lists(STEPS, max_size=3),
    disconnect=st.lists(STEPS, max_size=2),
    kind=st.sampled_from(["bytes", "text", "json", None]),
    sends=CLIENTS,
    lost=LOST,
    extensions=EXTENSIONS,
)
def test_class_views(
    connect: list[str],
    receive: list[str],
    disconnect: list[str],
    kind: str | None,
    sends: list[Any],
    lost: int | None,
    extensions: dict[str, Any],
) -> None:
    codes: list[int] = []
    steps = {"on_connect": connect, "on_receive": receive, "on_disconnect": disconnect}
    exchange = websocket("", "/", sends, lost_after=lost, scope={"extensions": extensions})
    timeline, raised = _connect(class_view(steps, kind, codes), exchange)
    _keeps_the_protocol(timeline, raised, lost is not None)
    assert len(codes) <= 1
    assert all(isinstance(code, int) for code in codes), codes
    if codes and connect == ["accept"] and not receive and kind is None and lost is None:
        wrong = any(isinstance(frame, str) for frame in sends)
        assert codes == [1003 if wrong else sends[-1].code or 1005]


@settings(max_examples=200, deadline=None)
@given(steps=st.lists(STEPS, max_size=4), sends=CLIENTS, lost=LOST)
def test_views_that_are_called_for_each_message(
    steps: list[str], sends: list[Any], lost: int | None
) -> None:
    timeline, raised = _connect(message_view(steps), websocket("", "/", sends, lost_after=lost))
    _keeps_the_protocol(timeline, raised, lost is not None)
    if lost != 0:
        assert timeline[0][1] == "websocket.accept"
