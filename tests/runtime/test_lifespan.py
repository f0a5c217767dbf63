"""How applications start, fail and stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from flama import Flama, Module
from flama.exceptions import ApplicationError

from .drive import request


def silent(**options: Any) -> Flama:
    return Flama(schema=None, docs=None, **options)


async def speak(app: Any, *messages: str, state: dict[str, Any] | None = None) -> list[Any]:
    """Messages that an application answers with to these of the server."""
    incoming = [{"type": f"lifespan.{message}"} for message in messages]
    sent: list[Any] = []

    async def receive() -> Any:
        if not incoming:
            await asyncio.Event().wait()
        return incoming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
    try:
        await asyncio.wait_for(app(scope, receive, send), 5)
    except Exception as error:
        sent.append(error)
    return sent


def part(name: str, log: list[str], fails: str = "") -> dict[str, Any]:
    """Options of an application that writes down what happens to it."""

    class Recorder(Module):
        name = "recorder"

        async def on_startup(self) -> None:
            log.append(f"{name} module")

        async def on_shutdown(self) -> None:
            log.append(f"{name} module ends")

    def event(word: str) -> Callable[[], None]:
        def run() -> None:
            if fails == word:
                raise ValueError(f"{word} failed")
            log.append(f"{name} {word}")

        return run

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
        log.append(f"{name} lifespan")
        yield {name: "here"}
        log.append(f"{name} lifespan ends")

    return {
        "modules": [Recorder()],
        "events": {"startup": [event("startup")], "shutdown": [event("shutdown")]},
        "lifespan": lifespan,
    }


def test_parts_start_in_order_and_stop_in_reverse() -> None:
    log: list[str] = []
    parent, child = silent(**part("parent", log)), silent(**part("child", log))
    parent.mount("/a", child)
    parent.mount("/b", child)
    state: dict[str, Any] = {}
    sent = asyncio.run(speak(parent, "startup", "shutdown", state=state))
    assert [m["type"] for m in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert log == [
        "parent module",
        "parent startup",
        "parent lifespan",
        "child module",
        "child startup",
        "child lifespan",
        "child lifespan ends",
        "child shutdown",
        "child module ends",
        "parent lifespan ends",
        "parent shutdown",
        "parent module ends",
    ]
    assert state == {"parent": "here"}


def test_what_has_started_stops_again_when_something_fails() -> None:
    log: list[str] = []
    parent = silent(**part("parent", log))
    parent.mount("/a", silent(**part("child", log, fails="startup")))
    failed, error = asyncio.run(speak(parent, "startup"))
    assert failed["type"] == "lifespan.startup.failed"
    assert "startup failed" in failed["message"]
    assert isinstance(error, ValueError)
    assert log[-4:] == [
        "child module ends",
        "parent lifespan ends",
        "parent shutdown",
        "parent module ends",
    ]


def test_an_application_can_start_again_after_it_has_stopped() -> None:
    log: list[str] = []
    app = silent(**part("app", log))
    for _ in range(2):
        sent = asyncio.run(speak(app, "startup", "shutdown"))
        assert len(sent) == 2
    assert log.count("app startup") == log.count("app shutdown") == 2


def test_a_failing_shutdown_is_told_after_everything_was_stopped() -> None:
    log: list[str] = []
    sent = asyncio.run(speak(silent(**part("app", log, fails="shutdown")), "startup", "shutdown"))
    assert sent[1]["type"] == "lifespan.shutdown.failed"
    assert isinstance(sent[2], ValueError)
    assert log[-1] == "app module ends"


def test_concurrent_first_requests_start_the_application_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    started: list[str] = []

    async def slow() -> None:
        started.append("began")
        await asyncio.sleep(0.01)
        started.append("done")

    app = silent(events={"startup": [slow]})

    @app.get("/")
    async def root() -> str:
        return "-".join(started)

    async def both() -> list[Any]:
        return await asyncio.gather(*(request(app, "/") for _ in range(5)))

    with caplog.at_level(logging.WARNING, "flama"):
        answers = asyncio.run(both())
    assert [answer.json for answer in answers] == ["began-done"] * 5
    assert len(caplog.records) == 1


def test_requests_outside_of_the_life_are_refused() -> None:
    async def story() -> list[Any]:
        app = silent()
        begin, end = asyncio.Event(), asyncio.Event()
        incoming = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]

        async def receive() -> Any:
            await (begin if len(incoming) == 2 else end).wait()
            return incoming.pop()

        async def send(message: Any) -> None: ...

        scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
        life = asyncio.create_task(app(scope, receive, send))
        await asyncio.sleep(0)
        early = await request(app, "/")
        begin.set()
        await asyncio.sleep(0.01)
        during = await request(app, "/")
        end.set()
        await life
        late = await request(app, "/")
        return [early, during, late]

    early, during, late = asyncio.run(story())
    assert isinstance(early.error, ApplicationError) and "not ready" in str(early.error)
    assert during.status == 404
    assert isinstance(late.error, ApplicationError) and "shut down" in str(late.error)


def test_a_foreign_application_without_lifespan_is_left_alone() -> None:
    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("only HTTP here")
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def talkative(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    app = silent()
    app.mount("/foreign", foreign)
    app.mount("/talkative", talkative)
    sent = asyncio.run(speak(app, "startup", "shutdown"))
    assert [m["type"] for m in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_foreign_application_that_cannot_start_stops_the_start() -> None:
    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})
        raise RuntimeError("no database")

    app = silent()
    app.mount("/foreign", foreign)
    failed, error = asyncio.run(speak(app, "startup"))
    assert failed["type"] == "lifespan.startup.failed"
    assert "no database" in failed["message"]
    assert isinstance(error, ApplicationError)


def test_an_application_mounted_while_serving_starts_at_its_first_request() -> None:
    log: list[str] = []

    async def story() -> None:
        parent = silent()
        await request(parent, "/")
        child = silent(**part("child", log))
        parent.mount("/child", child)
        await request(parent, "/child/")
        assert log[-1] == "child lifespan"
        await parent.lifecycle.stop()

    asyncio.run(story())
    assert log[-1] == "child module ends"
