"""A real server for each mode, on a port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from conformance.compile import build
from conformance.harness import load

PROJECT = Path(__file__).parent / "project"


@dataclass
class Served:
    """An application behind uvicorn."""

    port: int
    errors: list[logging.LogRecord]
    """What uvicorn logged as an error; tests that expect some take them out."""

    def take_error(self) -> str:
        """The next error that uvicorn logs; the answer may be there before it."""
        for _ in range(3000):
            if self.errors:
                return self.errors.pop(0).getMessage()
            time.sleep(0.01)
        raise AssertionError("uvicorn logs no error")

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextlib.contextmanager
def serve(app: object) -> Iterator[Served]:
    """Run uvicorn in a thread, and stop it in the end."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host="127.0.0.1",
        port=0,
        lifespan="on",
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    started = threading.Event()

    async def run() -> None:
        task = asyncio.create_task(server.serve())
        while not (server.started or task.done()):
            await asyncio.sleep(0.005)
        started.set()
        await task

    errors = _Errors()
    logger = logging.getLogger("uvicorn.error")
    logger.addHandler(errors)
    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    try:
        assert started.wait(60), "the server does not start"
        assert server.started, [record.getMessage() for record in errors.records]
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(port, errors.records)
    finally:
        server.should_exit = True
        thread.join(60)
        logger.removeHandler(errors)
    assert not thread.is_alive(), "the server does not stop"


@pytest.fixture(scope="module", params=["interpreted", "compiled"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The project's application, served in one mode."""
    folder = tmp_path_factory.mktemp(f"served-{request.param}")
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    target = "served:app"
    if request.param == "compiled":
        target = build(folder, target)
    loaded = load(folder, target)
    with loaded.active(), serve(loaded.app) as served:
        yield served


@pytest.fixture
def served(server: Served) -> Iterator[Served]:
    """The server, which no test may leave with errors that it did not expect."""
    yield server
    messages = [record.getMessage() for record in server.errors]
    server.errors.clear()
    assert not messages, f"the server logged errors: {messages}"
