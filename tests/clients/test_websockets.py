"""Websockets through uvicorn, with the `websockets` client."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from .conftest import Served


def _connect(served: Served, path: str, **options: Any) -> ClientConnection:
    return connect(served.websocket + path, proxy=None, open_timeout=20, **options)


def _ended(served: Served, count: int) -> list[Any]:
    """How connections ended, as soon as there are so many of them."""
    ended: list[Any] = []
    for _ in range(1500):
        with _connect(served, "/ended/") as connection:
            ended = json.loads(connection.recv())
        if len(ended) >= count:
            return ended
        time.sleep(0.02)
    raise AssertionError(f"{count} ended connections were expected: {ended}")


def test_binary_frames_are_relayed(served: Served) -> None:
    with _connect(served, "/relay/") as connection:
        for payload in (b"a", b"", b"\x00\xff" * 1000):
            connection.send(payload)
            assert connection.recv() == payload


def test_text_is_relayed_as_its_bytes(served: Served) -> None:
    with _connect(served, "/relay/") as connection:
        connection.send("\u00fc")
        assert connection.recv() == "\u00fc".encode()


def test_a_view_that_owns_the_protocol(served: Served) -> None:
    with _connect(served, "/owned/7/") as connection:
        connection.send("hello")
        assert connection.recv() == "7: hello"
        connection.send(b"raw")
        assert connection.recv() == b"raw"


def test_fragments_make_one_message(served: Served) -> None:
    with _connect(served, "/owned/7/") as connection:
        connection.send(["hel", "lo ", "world"])
        assert connection.recv() == "7: hello world"
        connection.send([b"a", b"b"])
        assert connection.recv() == b"ab"


def test_the_codes_of_both_sides(served: Served) -> None:
    before = len(_ended(served, 0))
    with _connect(served, "/owned/7/") as connection:
        connection.close(4321, "bye")
    assert _ended(served, before + 1)[-1] == 4321
    with _connect(served, "/closes/4567/") as connection:
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4567, "reason")


def test_an_abrupt_end(served: Served) -> None:
    before = len(_ended(served, 0))
    for path in ("/owned/7/", "/class/ada/"):
        with _connect(served, path) as connection:
            connection.socket.shutdown(socket.SHUT_RDWR)
    ended = _ended(served, before + 2)[before:]
    # The server chooses which of the two codes without a close frame it reports.
    assert ended[0] in (1005, 1006)
    assert ended[1] in (["class", 1005], ["class", 1006])


def test_a_class(served: Served) -> None:
    with _connect(served, "/class/ada/") as connection:
        connection.send("hi")
        assert connection.recv() == "ada: hi"
        connection.send(b"the wrong kind")
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003


@pytest.mark.parametrize("hook", ["on_connect", "on_receive", "on_disconnect"])
@pytest.mark.parametrize("politely", [True, False])
def test_a_client_that_leaves_in_the_middle_of_a_hook(
    served: Served, hook: str, politely: bool
) -> None:
    before = len(_ended(served, 0))
    with _connect(served, f"/waits/{hook}/") as connection:
        if hook == "on_receive":
            connection.send("x")
        if politely:
            connection.close(4000)
        else:
            connection.socket.shutdown(socket.SHUT_RDWR)
    ended = _ended(served, before + 1)[before:]
    assert ended[0][0] == hook
    assert ended[0][1] in ((4000,) if politely else (1005, 1006))


def test_refusals(served: Served) -> None:
    for path in ("/nowhere/", "/items/1/", "/owned/x/"):
        with pytest.raises(InvalidStatus) as refused:
            _connect(served, path)
        assert refused.value.response.status_code == 403


def test_a_refusal_says_why(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        _connect(served, "/refuses/")
    # uvicorn takes a denial response for a handshake that was never answered.
    assert "without completing handshake" in served.take_error()
    assert json.loads(refused.value.response.body or b"") == {
        "status_code": 403,
        "detail": "not you",
        "error": "HTTPException",
    }


def test_a_crash_closes_with_1011(served: Served) -> None:
    with (
        _connect(served, "/crashes/after/") as connection,
        pytest.raises(ConnectionClosed) as closed,
    ):
        connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011
    with pytest.raises(InvalidStatus) as refused:
        _connect(served, "/crashes/before/")
    assert refused.value.response.status_code == 500
    served.take_error()
    served.take_error()


def test_oversized_frames(served: Served) -> None:
    with _connect(served, "/relay/") as connection:
        connection.send(b"x" * (17 << 20))
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    with _connect(served, "/relay/", max_size=None) as connection:
        connection.send(b"x" * (8 << 20))
        assert len(connection.recv()) == 8 << 20
