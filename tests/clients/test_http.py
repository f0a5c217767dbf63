"""HTTP/1.1 through uvicorn: with httpx, and with raw bytes where httpx is too polite."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from .conftest import Served


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.http, trust_env=False, timeout=20) as client:
        yield client


def test_many_requests_share_one_connection(client: httpx.Client) -> None:
    for number in range(20):
        response = client.get(f"/items/{number}/", params={"q": "x y"})
        assert response.json() == {"id": number, "q": "x y"}
        assert response.http_version == "HTTP/1.1"
    pool = client._transport._pool  # type: ignore[attr-defined]
    assert len(pool.connections) == 1


def test_head_has_the_headers_of_get_and_no_body(client: httpx.Client) -> None:
    get, head = client.get("/items/1/"), client.head("/items/1/")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    # The connection is still in step.
    assert client.get("/items/2/").json() == {"id": 2, "q": "none"}


def test_a_body_may_come_in_chunks(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 1000

    response = client.post("/length/", content=chunks())
    assert response.request.headers["transfer-encoding"] == "chunked"
    assert response.json() == 10_000


def test_a_model_comes_and_goes(client: httpx.Client) -> None:
    response = client.post("/items/", json={"name": "A", "price": 2.5, "more": 1})
    assert response.json() == {"name": "A", "price": 2.5}
    assert client.post("/items/", json={"price": "x"}).status_code == 400
    assert client.post("/items/", content=b"{").status_code == 400
    assert client.post("/items/", data={"name": "A"}).json() == {"name": "A", "price": 1.0}


def test_a_response_may_be_streamed(client: httpx.Client) -> None:
    with client.stream("GET", "/stream/") as response:
        assert response.headers["transfer-encoding"] == "chunked"
        assert "".join(response.iter_text()) == "part 0\npart 1\npart 2\n"


def test_errors_keep_the_connection(client: httpx.Client) -> None:
    assert client.get("/nowhere/").json()["status_code"] == 404
    refused = client.post("/items/1/")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert client.get("/class/").json() == "get"
    assert client.delete("/class/").status_code == 202
    assert client.get("/shop/7/").json() == 7
    assert client.get("/shop/x/").status_code == 404
    assert client.get("/sync/").json() == "GET"


def test_a_crash_is_a_500_and_the_server_lives(served: Served) -> None:
    for path in ("/crash/", "/unencodable/"):
        # A connection each: uvicorn closes those whose application raised.
        answer = _get(served, path.encode())
        assert answer.startswith(b"HTTP/1.1 500 "), answer
        assert answer.endswith(b"\r\n\r\nInternal Server Error")
        served.take_error()
    assert b" 200 OK" in _get(served, b"/items/1/")


def test_a_client_may_leave_a_stream_early(client: httpx.Client) -> None:
    before = len(client.get("/streamed/").json())
    with client.stream("GET", "/endless/") as response:
        assert next(response.iter_bytes())
    for _ in range(1500):
        if len(client.get("/streamed/").json()) > before:
            return
        time.sleep(0.02)
    raise AssertionError("the stream goes on although nobody reads it")


def test_a_client_may_leave_in_the_middle_of_its_body(served: Served, client: httpx.Client) -> None:
    for path in (b"/length/", b"/items/"):
        with socket.create_connection(("127.0.0.1", served.port)) as raw:
            raw.sendall(
                b"POST " + path + b' HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"'
            )
            time.sleep(0.05)
    assert client.get("/items/1/").status_code == 200


def _raw(served: Served, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(request)
        answer = b""
        while chunk := raw.recv(65536):
            answer += chunk
        return answer


def _get(served: Served, target: bytes, *headers: bytes) -> bytes:
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return _raw(served, b"\r\n".join(lines) + b"\r\n\r\n")


def test_headers_in_odd_case_and_repeated(served: Served) -> None:
    answer = _get(served, b"/headers/", b"X-Many: 1", b"x-MANY: 2", b"X-MANY: 3")
    assert answer.endswith(b'["1","2","3"]')


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        (b"/path/%FF", b"200", '"\ufffd"'.encode()),
        (b"/path/%zz", b"200", b'"%zz"'),
        (b"/path/%00", b"200", b'"\\u0000"'),
        (b"/path/%0A", b"200", b'"\\n"'),
        (b"/path/a%2Fb", b"404", None),
        (b"/path/..", b"200", b'".."'),
        (b"/items/%D9%A3/", b"404", None),
        (b"/items/" + b"9" * 5000 + b"/", b"404", None),
        (b"/path/" + b"a" * 60_000, b"200", b'"' + b"a" * 60_000 + b'"'),
        (b"/x" * 2000, b"404", None),
        (b"/items/1/?" + b"&".join(b"k%d=1" % n for n in range(5000)), b"200", None),
        (b"/items/1/?q=%FF", b"200", '{"id":1,"q":"\ufffd"}'.encode()),
        (b"/items/1/?q=a&q=b", b"200", b'{"id":1,"q":"b"}'),
        (b"*", b"404", None),
    ],
)
def test_hostile_targets(served: Served, target: bytes, status: bytes, body: bytes | None) -> None:
    answer = _get(served, target)
    assert answer.split(b" ", 2)[1] == status, answer[:200]
    if body is not None:
        assert answer.endswith(b"\r\n\r\n" + body)
    assert b" 200 OK" in _get(served, b"/items/1/")


def test_ten_mebibytes(client: httpx.Client) -> None:
    assert client.post("/length/", content=b"x" * (10 << 20)).json() == 10 << 20
