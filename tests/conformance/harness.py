"""Runs an application in one mode through real ASGI messages and writes down all that happens.

What happens is one timeline: notes of the application, messages it sends, log records of `flama`
and the exception that reaches the server, in the order in which they came. Compiled and
interpreted runs are compared by these timelines, whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import sys
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from .form import Application, Exchange, HttpExchange, Leave, Refusal, WebSocketExchange

Timeline = list[tuple[Any, ...]]

NOTES = '''\
"""What an application did, in order with what it sent."""

TIMELINE = []


def note(what):
    TIMELINE.append(("note", what))
'''

PATIENCE = 60.0
"""Seconds after which a request that neither answers nor fails counts as stuck."""


@dataclass
class Loaded:
    """An application in one mode, with the modules that belong to it."""

    folder: Path
    app: Any
    modules: dict[str, ModuleType]

    @property
    def timeline(self) -> Timeline:
        return self.modules["notes"].TIMELINE  # type: ignore[no-any-return]

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Both modes have modules of the same names: only one of them is in `sys.modules`."""
        with _modules(self.folder, self.modules):
            yield


@contextlib.contextmanager
def _modules(folder: Path, modules: dict[str, ModuleType]) -> Iterator[None]:
    sys.modules.update(modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    before = set(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        own = [name for name in sys.modules if name in modules or _inside(name, folder)]
        for name in own:
            if name in modules or name not in before:
                modules[name] = sys.modules.pop(name)


def _inside(name: str, folder: Path) -> bool:
    file = getattr(sys.modules[name], "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)


def write(application: Application | Refusal, folder: Path) -> None:
    """Put the sources of an application into a folder of its own."""
    folder.mkdir(parents=True)
    (folder / "notes.py").write_text(NOTES, encoding="utf-8")
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    for name, text in application.sources().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load(folder: Path, target: str) -> Loaded:
    """Import `module:attribute` from a folder, whatever else has these names."""
    module, _, attribute = target.partition(":")
    modules: dict[str, ModuleType] = {}
    with _modules(folder, modules):
        if (folder / "notes.py").is_file():
            importlib.import_module("notes")
        app = getattr(importlib.import_module(module), attribute)
    return Loaded(folder, app, modules)


@dataclass
class Transcript:
    """What one application did in one mode."""

    startup: Timeline = field(default_factory=list)
    shutdown: Timeline = field(default_factory=list)
    exchanges: dict[str, Timeline] = field(default_factory=dict)


def perform(application: Application, loaded: Loaded, mode: str) -> Transcript:
    """Start the application, make every exchange of a mode in order, and stop it."""
    with loaded.active():
        return asyncio.run(_perform(application, loaded, mode))


async def _perform(application: Application, loaded: Loaded, mode: str) -> Transcript:
    transcript = Transcript()
    with _logs(loaded.timeline):
        if not application.run_lifespan:
            await _exchange_all(application, loaded, transcript, {}, mode)
            return transcript
        life = Life(loaded)
        transcript.startup = await life.start()
        if not any(
            entry[:2] == ("send", "lifespan.startup.failed") for entry in transcript.startup
        ):
            await _exchange_all(application, loaded, transcript, life.state, mode)
            transcript.shutdown = await life.stop()
    return transcript


async def _exchange_all(
    application: Application,
    loaded: Loaded,
    transcript: Transcript,
    state: dict[str, Any],
    mode: str,
) -> None:
    for exchange in application.exchanges:
        if isinstance(exchange, HttpExchange) and exchange.only not in ("", mode):
            continue
        transcript.exchanges[exchange.name] = await run_exchange(exchange, loaded, state)


async def run_exchange(exchange: Exchange, loaded: Loaded, state: dict[str, Any]) -> Timeline:
    """Make one request or one connection."""
    client: HttpClient | WebSocketClient
    if isinstance(exchange, HttpExchange):
        client = HttpClient(exchange, loaded.timeline)
    else:
        client = WebSocketClient(exchange, loaded.timeline)
    scope = {**client.scope(), "state": dict(state), **exchange.scope}
    return await _run(loaded, loaded.app(scope, client.receive, client.send))


async def _run(loaded: Loaded, work: Awaitable[None]) -> Timeline:
    try:
        await asyncio.wait_for(work, PATIENCE)
    except TimeoutError:
        loaded.timeline.append(("stuck",))
    except Exception as error:
        loaded.timeline.append(("raise", type(error).__name__, str(error)))
    return _drain(loaded)


def _drain(loaded: Loaded) -> Timeline:
    timeline = list(loaded.timeline)
    loaded.timeline.clear()
    return timeline


class Life:
    """The lifespan of an application: one call, two messages in, two messages out."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.state: dict[str, Any] = {}
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.answered = asyncio.Event()
        self.task: asyncio.Task[Timeline] | None = None

    async def start(self) -> Timeline:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self.state}
        self.task = asyncio.create_task(
            _run(self.loaded, self.loaded.app(scope, self.inbox.get, self._send))
        )
        return await self._turn("lifespan.startup")

    async def stop(self) -> Timeline:
        timeline = await self._turn("lifespan.shutdown")
        assert self.task is not None
        if not self.task.done():
            timeline += await self.task
        return timeline

    async def _turn(self, kind: str) -> Timeline:
        assert self.task is not None
        self.answered.clear()
        await self.inbox.put({"type": kind})
        answer = asyncio.create_task(self.answered.wait())
        await asyncio.wait(
            {answer, self.task}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        answer.cancel()
        if self.task.done():
            return self.task.result()
        return _drain(self.loaded)

    async def _send(self, message: dict[str, Any]) -> None:
        self.loaded.timeline.append(("send", message["type"], message.get("message", "")))
        self.answered.set()


class HttpClient:
    """The server's side of one request."""

    def __init__(self, exchange: HttpExchange, timeline: Timeline) -> None:
        self.exchange = exchange
        self.timeline = timeline
        self.chunks = list(exchange.chunks)
        self.complete = asyncio.Event()

    def scope(self) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.exchange.method,
            "scheme": "http",
            "path": self.exchange.path,
            "raw_path": self.exchange.raw_path,
            "query_string": self.exchange.query,
            "root_path": "",
            "headers": [(b"host", b"testserver"), *self.exchange.send_headers],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }

    async def receive(self) -> dict[str, Any]:
        if self.chunks:
            body = self.chunks.pop(0)
            more = bool(self.chunks) or self.exchange.leaves
            return {"type": "http.request", "body": body, "more_body": more}
        if not self.exchange.leaves:
            await self.complete.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        # A copy, because middleware and servers change messages after they are sent.
        self.timeline.append(("send", message["type"], _copy(message)))
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.complete.set()


class WebSocketClient:
    """The server's side of one connection, and the client that follows its script."""

    def __init__(self, exchange: WebSocketExchange, timeline: Timeline) -> None:
        self.exchange = exchange
        self.timeline = timeline
        self.script = list(exchange.sends)
        self.connected = False
        self.events = 0
        self.changed = asyncio.Event()
        self.accepted = False
        self.ended: int | None = None

    def scope(self) -> dict[str, Any]:
        return {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": self.exchange.path,
            "raw_path": self.exchange.raw_path,
            "query_string": self.exchange.query,
            "root_path": "",
            "headers": [(b"host", b"testserver"), *self.exchange.send_headers],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
            "subprotocols": [],
        }

    async def receive(self) -> dict[str, Any]:
        if not self.connected:
            self.connected = True
            return {"type": "websocket.connect"}
        next_ = self.script[0] if self.script else Leave()
        # A client cannot send before the handshake is answered, but it can go away.
        while not (self.accepted or self.ended is not None or isinstance(next_, Leave)):
            await self.changed.wait()
        if self.ended is not None:
            return {"type": "websocket.disconnect", "code": self.ended, "reason": ""}
        if isinstance(next_, Leave):
            self.ended = next_.code if next_.code is not None else 1005
            message = {"type": "websocket.disconnect", "reason": next_.reason}
            return message if next_.code is None else {**message, "code": next_.code}
        self.script.pop(0)
        kind = "text" if isinstance(next_, str) else "bytes"
        return {"type": "websocket.receive", kind: next_}

    async def send(self, message: dict[str, Any]) -> None:
        if self.exchange.lost_after is not None and self.events >= self.exchange.lost_after:
            raise OSError("the connection is lost")
        self.events += 1
        self.timeline.append(("send", message["type"], _copy(message)))
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.ended = message.get("code", 1000)
        elif message["type"].startswith("websocket.http.response"):
            self.ended = 1006
        self.changed.set()


def _copy(message: dict[str, Any]) -> dict[str, Any]:
    copied = dict(message)
    if "headers" in copied:
        copied["headers"] = [(bytes(name), bytes(value)) for name, value in copied["headers"]]
    return copied


class _Recorder(logging.Handler):
    def __init__(self, timeline: Timeline) -> None:
        super().__init__(logging.NOTSET)
        self.timeline = timeline

    def emit(self, record: logging.LogRecord) -> None:
        self.timeline.append(("log", record.levelname, record.name, record.getMessage()))


@contextlib.contextmanager
def _logs(timeline: Timeline) -> Iterator[None]:
    logger = logging.getLogger("flama")
    recorder = _Recorder(timeline)
    level = logger.level
    logger.addHandler(recorder)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(recorder)
        logger.setLevel(level)


def start_refuses(folder: Path, refusal: Refusal) -> tuple[str, str]:
    """Import and start an application that must not start.

    :returns: Name and text of the exception; for a failed start-up those that it reports.
    """
    modules: dict[str, ModuleType] = {}
    try:
        with _modules(folder, modules):
            importlib.import_module("notes")
            app = importlib.import_module(refusal.slug).app
    except Exception as error:
        if refusal.at != "import":
            raise
        return type(error).__name__, str(error)
    if refusal.at == "import":
        raise AssertionError("the import succeeds")
    loaded = Loaded(folder, app, modules)

    async def start() -> Timeline:
        life = Life(loaded)
        timeline = await life.start()
        assert life.task is not None
        life.task.cancel()
        return timeline

    with loaded.active():
        timeline = asyncio.run(start())
    failed = [entry for entry in timeline if entry[:2] == ("send", "lifespan.startup.failed")]
    if not failed:
        raise AssertionError(f"the application starts: {timeline}")
    raised = [entry for entry in timeline if entry[0] == "raise"]
    return (raised[0][1] if raised else ""), failed[0][2]
