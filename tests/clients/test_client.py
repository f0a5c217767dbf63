"""The test client: requests, websockets, and the application's life around them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest
from flama import Flama
from flama.client import Client
from flama.exceptions import ApplicationError
from flama.http import Request
from flama.websockets import WebSocket, WebSocketDisconnect


def _app(log: list[str]) -> Flama:
    app = Flama()

    async def start() -> None:
        log.append("start")

    async def stop() -> None:
        log.append("stop")

    app.add_event_handler("startup", start)
    app.add_event_handler("shutdown", stop)

    @app.get("/items/{item_id:int}/")
    async def item(request: Request, item_id: int, q: str = "q") -> list[object]:
        return [item_id, q, str(request.url)]

    @app.get("/crash/")
    async def crash() -> None:
        raise ZeroDivisionError("crash")

    @app.websocket_route("/echo/{name}/")
    async def echo(websocket: WebSocket, name: str) -> None:
        await websocket.accept(subprotocol="v1")
        try:
            async for text in websocket.iter_text():
                if text == "crash":
                    raise ZeroDivisionError("crash")
                if text == "close":
                    await websocket.close(4000, "as you wish")
                    return
                await websocket.send_json([name, text, websocket.headers["x-a"]])
        finally:
            log.append(f"left {websocket.ending}")

    return app


def _run(test: Callable[[Client], Awaitable[None]], raises: bool = True) -> list[str]:
    log: list[str] = []

    async def run() -> None:
        async with Client(_app(log), raise_app_exceptions=raises) as client:
            await test(client)

    asyncio.run(run())
    assert (log[0], log[-1]) == ("start", "stop")
    return log[1:-1]


def test_requests() -> None:
    async def test(client: Client) -> None:
        response = await client.get("/items/7/", params={"q": "x"})
        assert response.json() == [7, "x", "http://localapp/items/7/?q=x"]
        assert (await client.get("/items/x/")).status_code == 404
        with pytest.raises(ZeroDivisionError):
            await client.get("/crash/")

    assert _run(test) == []


def test_errors_may_be_responses() -> None:
    async def test(client: Client) -> None:
        assert (await client.get("/crash/")).status_code == 500
        async with client.websocket("/echo/a/", headers={"x-a": "b"}) as session:
            await session.send_text("crash")
            with pytest.raises(WebSocketDisconnect) as closed:
                await session.receive()
            assert closed.value.code == 1011

    _run(test, raises=False)


def test_websockets() -> None:
    async def test(client: Client) -> None:
        async with client.websocket("/echo/ada/", headers={"x-a": "b"}) as session:
            assert session.subprotocol == "v1"
            await session.send_text("hi")
            assert await session.receive_json() == ["ada", "hi", "b"]
            await session.close(4321)
        async with client.websocket("/echo/ada/", headers={"x-a": "b"}) as session:
            await session.send_text("close")
            with pytest.raises(WebSocketDisconnect) as closed:
                await session.receive_text()
            assert (closed.value.code, closed.value.reason) == (4000, "as you wish")

    assert _run(test) == ["left 4321", "left 4000"]


def test_an_error_of_a_websocket_view_is_raised() -> None:
    async def test(client: Client) -> None:
        with pytest.raises(ZeroDivisionError):
            async with client.websocket("/echo/ada/", headers={"x-a": "b"}) as session:
                await session.send_text("crash")

    assert _run(test) == ["left None"]


def test_a_refused_handshake() -> None:
    async def test(client: Client) -> None:
        with pytest.raises(WebSocketDisconnect) as refused:
            async with client.websocket("/nowhere/"):
                raise AssertionError("the handshake was refused")
        assert refused.value.code == 1000

    _run(test)


def test_a_failing_start_up_is_raised() -> None:
    app = Flama()

    async def fail() -> None:
        raise ValueError("the database is away")

    app.add_event_handler("startup", fail)

    async def run() -> None:
        async with Client(app):
            raise AssertionError("the application does not start")

    with pytest.raises(ApplicationError, match="the database is away"):
        asyncio.run(run())


def test_without_httpx_the_error_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['httpx'] = None\n"
        "try:\n    from flama.client import Client\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "flama-runtime[client]" in done.stdout
