"""Compares a timeline with what a case expects, and says what differs."""

from __future__ import annotations

import json
from typing import Any

from .form import E, HttpExchange, LifespanExpectation, WebSocketExchange
from .harness import Timeline

__all__ = ["check_http", "check_lifespan", "check_websocket"]


def check_http(exchange: HttpExchange, timeline: Timeline) -> None:
    """Check status, headers, body, notes, logs and exception of one request."""
    starts = _sent(timeline, "http.response.start")
    if exchange.status is None:
        assert not starts, f"an answer was sent: {timeline}"
    else:
        assert len(starts) == 1, f"one start of a response was expected: {timeline}"
        assert starts[0]["status"] == exchange.status, f"{starts[0]['status']}: {timeline}"
        _check_headers(exchange, starts[0]["headers"], timeline)
        parts = _sent(timeline, "http.response.body")
        if not exchange.leaves:
            assert parts and not parts[-1].get("more_body"), f"the body has no end: {timeline}"
        _check_body(exchange, b"".join(part.get("body", b"") for part in parts), starts[0])
    _check_rest(exchange, timeline)


def _check_headers(
    exchange: HttpExchange, headers: list[tuple[bytes, bytes]], timeline: Timeline
) -> None:
    got: dict[str, list[str]] = {}
    for name, value in headers:
        got.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    for header, expected in exchange.headers.items():
        values = expected if isinstance(expected, list) else [expected]
        found = got.get(header.lower())
        assert found == values, f"{header}: {found}, not {values}"
    for header in exchange.absent:
        assert header.lower() not in got, f"{header} is there: {got[header.lower()]}"
    if exchange.status in (204, 304):
        return
    if exchange.method != "HEAD" and "content-length" in got:
        body = b"".join(part.get("body", b"") for part in _sent(timeline, "http.response.body"))
        assert got["content-length"] == [str(len(body))], f"content-length of {len(body)} bytes"


def _check_body(exchange: HttpExchange, body: bytes, start: dict[str, Any]) -> None:
    expected = exchange.body
    if expected is None:
        return
    if isinstance(expected, E):
        if exchange.method == "HEAD" and body == b"":
            return
        if expected.exact is not None:
            assert body == expected.exact, f"{body!r}, not {expected.exact!r}"
        else:
            value = json.loads(body)
            assert list(value) == ["status_code", "detail", "error"], f"keys of {value}"
            assert expected.detail == value["detail"], f"detail {value['detail']!r}"
            assert (value["status_code"], value["error"]) == (expected.status, expected.error)
        assert dict(start["headers"]).get(b"content-type") == b"application/json"
    elif isinstance(expected, bytes):
        assert body == expected, f"{body!r}, not {expected!r}"
    elif type(expected).__name__ in ("Contains", "Matches"):
        assert expected == body, f"{body!r} is not {expected}"
    else:
        value = json.loads(body)
        assert expected == value, f"{value!r}, not {expected!r}"
        assert dict(start["headers"]).get(b"content-type") == b"application/json"


def check_websocket(exchange: WebSocketExchange, timeline: Timeline) -> None:
    """Check all events of one connection, and its notes, logs and exception."""
    got = [entry[2] for entry in timeline if entry[0] == "send"]
    expected = list(exchange.events)
    assert len(got) == len(expected), f"{len(got)} events, not {len(expected)}: {timeline}"
    for event, wanted in zip(got, expected, strict=True):
        full = {**_DEFAULTS.get(event["type"], {}), **event}
        assert _subset(wanted, full), f"{event}, not {wanted}: {timeline}"
    _check_rest(exchange, timeline)


_DEFAULTS: dict[str, dict[str, Any]] = {
    "websocket.accept": {"subprotocol": None},
    "websocket.close": {"code": 1000, "reason": ""},
}
"""What the ASGI specification says of fields that are left out."""


def _subset(wanted: Any, got: dict[str, Any]) -> bool:
    return all(key in got and value == got[key] for key, value in wanted.items())


def _check_rest(exchange: HttpExchange | WebSocketExchange, timeline: Timeline) -> None:
    assert ("stuck",) not in timeline, f"it waits for ever: {timeline}"
    raised = [entry for entry in timeline if entry[0] == "raise"]
    if exchange.raises is None:
        assert not raised, f"the server sees {raised}"
    else:
        assert [entry[1] for entry in raised] == [exchange.raises], f"the server sees {raised}"
        says = exchange.says if isinstance(exchange, HttpExchange) else None
        assert says is None or says == raised[0][2], f"the server sees {raised}"
    if exchange.notes is not None:
        assert notes(timeline) == list(exchange.notes), f"notes {notes(timeline)}"
    if exchange.logs is not None:
        logs = [(entry[1], entry[3]) for entry in timeline if entry[0] == "log"]
        assert len(logs) == len(exchange.logs), f"log records {logs}"
        for (level, message), (wanted_level, wanted) in zip(logs, exchange.logs, strict=True):
            assert level == wanted_level and wanted == message, f"log record {level} {message}"


def check_lifespan(
    expected: LifespanExpectation, startup: Timeline, shutdown: Timeline, run: bool
) -> None:
    """Check how an application starts and stops."""
    failures = [entry for entry in startup if entry[:2] == ("send", "lifespan.startup.failed")]
    if not run:
        return
    if expected.failed is not None:
        assert failures, f"start-up was expected to fail: {startup}"
        assert expected.failed == failures[0][2], f"reason {failures[0][2]!r}"
        return
    assert not failures, f"start-up failed: {startup}"
    assert ("send", "lifespan.startup.complete", "") in startup, f"no start-up: {startup}"
    assert ("send", "lifespan.shutdown.complete", "") in shutdown, f"no shutdown: {shutdown}"
    if expected.startup is not None:
        assert notes(startup) == list(expected.startup), f"start-up notes {notes(startup)}"
    if expected.shutdown is not None:
        assert notes(shutdown) == list(expected.shutdown), f"shutdown notes {notes(shutdown)}"


def notes(timeline: Timeline) -> list[Any]:
    """What the application noted, in order."""
    return [entry[1] for entry in timeline if entry[0] == "note"]


def _sent(timeline: Timeline, kind: str) -> list[dict[str, Any]]:
    return [entry[2] for entry in timeline if entry[:2] == ("send", kind)]
