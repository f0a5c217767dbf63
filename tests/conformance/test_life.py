"""Requests at the wrong moment of an application's life, in both modes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from .compile import build
from .form import Application, LifespanExpectation, http
from .harness import Life, Loaded, Timeline, load, run_exchange, write

SOURCE = """\
import asyncio

from flama import Flama
from notes import note

app = Flama(schema=None, docs=None)
gate = asyncio.Event()


@app.on_event("startup")
async def start():
    note("starts")
    await gate.wait()
    note("started")


@app.get("/")
async def view():
    return 1
"""

APPLICATION = Application("life at work", {"main.py": SOURCE}, (), LifespanExpectation())
REQUEST = http("a request", "GET /", None)


@pytest.fixture(params=["interpreted", "compiled"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Loaded:
    folder = tmp_path / "app"
    write(APPLICATION, folder)
    target = APPLICATION.target
    if request.param == "compiled":
        target = build(folder, target)
    return load(folder, target)


def _open_gate(loaded: Loaded) -> None:
    loaded.modules[APPLICATION.slug].gate.set()


def _status(timeline: Timeline) -> int | None:
    starts = [
        entry[2]["status"] for entry in timeline if entry[:2] == ("send", "http.response.start")
    ]
    return starts[0] if starts else None


def _raised(timeline: Timeline) -> list[str]:
    return [entry[1] for entry in timeline if entry[0] == "raise"]


def test_a_request_before_start_up_is_complete(loaded: Loaded) -> None:
    async def run() -> tuple[Timeline, Timeline]:
        life = Life(loaded)
        starting = asyncio.create_task(life.start())
        await asyncio.sleep(0)
        while not loaded.timeline:
            await asyncio.sleep(0)
        early = await run_exchange(REQUEST, loaded, {})
        _open_gate(loaded)
        await starting
        late = await run_exchange(REQUEST, loaded, life.state)
        await life.stop()
        return early, late

    with loaded.active():
        early, late = asyncio.run(run())
    assert _raised(early) == ["ApplicationError"]
    assert _status(early) is None
    assert _status(late) == 200


def test_a_request_after_shutdown(loaded: Loaded) -> None:
    async def run() -> Timeline:
        _open_gate(loaded)
        life = Life(loaded)
        await life.start()
        await life.stop()
        return await run_exchange(REQUEST, loaded, {})

    with loaded.active():
        timeline = asyncio.run(run())
    assert _raised(timeline) == ["ApplicationError"]


def test_first_requests_start_the_application_once(loaded: Loaded) -> None:
    async def ask(answers: list[Any]) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answers.append(message["status"])

        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "root_path": "",
            "headers": [],
            "client": None,
            "server": None,
        }
        await loaded.app(scope, receive, send)

    async def run() -> list[Any]:
        answers: list[Any] = []
        tasks = [asyncio.create_task(ask(answers)) for _ in range(5)]
        while not loaded.timeline:
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        _open_gate(loaded)
        await asyncio.gather(*tasks)
        return answers

    with loaded.active():
        answers = asyncio.run(run())
    assert answers == [200] * 5
    assert loaded.timeline == [("note", "starts"), ("note", "started")]
