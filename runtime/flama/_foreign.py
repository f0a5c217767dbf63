"""Mounted applications that are not a Flama: their lifespan, and the names of their routes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from flama.exceptions import ApplicationError, NotFoundException
from flama.types import ASGIApp, Message

__all__ = ["ForeignLifespan", "ForeignNames"]


class ForeignNames:
    """Makes URLs for a mounted Starlette application, as its requests ask for them.

    Starlette asks the outermost router, which here knows nothing of its routes: so they are looked
    up in the application itself, below the prefix that it was reached by; then in ours.

    :param inside: Path of the application, without the server's `root_path`.
    :param root: Our outermost application.
    """

    def __init__(self, app: Any, inside: str, root: Any) -> None:
        self._app = app
        self._inside = inside
        self._root = root

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """The path of a named route.

        :raises NoMatchFound: Starlette's, when neither has such a route.
        """
        from starlette.datastructures import URLPath
        from starlette.routing import NoMatchFound

        try:
            found = self._app.url_path_for(name, **path_params)
        except NoMatchFound:
            with suppress(NotFoundException):
                return URLPath(path=self._root.resolve_url(name, **path_params).path)
            raise
        return URLPath(path=quote(self._inside) + found, protocol=found.protocol, host=found.host)


class ForeignLifespan:
    """Drives one ASGI application through its lifespan, in a task of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self.state: dict[str, Any] = {}
        """What the application put into the lifespan's state, for its own requests."""

    async def start(self) -> None:
        """Start it, or find that it has no lifespan.

        :raises ApplicationError: It says that it could not start.
        """
        self._task = asyncio.create_task(self._run())
        self._incoming.put_nowait({"type": "lifespan.startup"})
        message = await self._answer()
        if message is None:
            self._task = None
        elif message["type"] == "lifespan.startup.failed":
            await asyncio.wait([self._task])
            self._task.exception()
            reason = message.get("message", "")
            raise ApplicationError(f"the mounted application {self._app!r} did not start: {reason}")

    async def stop(self) -> None:
        """Stop it, if it was started.

        :raises ApplicationError: It says that it could not stop.
        """
        task, self._task = self._task, None
        if task is None:
            return
        self._task = task
        self._incoming.put_nowait({"type": "lifespan.shutdown"})
        message = await self._answer()
        await asyncio.wait([task])
        error = None if task.cancelled() else task.exception()
        self._task = None
        if message is not None and message["type"] == "lifespan.shutdown.failed":
            reason = message.get("message", "")
            raise ApplicationError(
                f"the mounted application {self._app!r} did not stop: {reason}"
            ) from error

    async def _run(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
            # Seen by a Flama inside, which then leaves its preparation to its first request: only
            # that tells what is around it.
            "flama.inside": True,
        }
        await self._app(scope, self._incoming.get, self._send)

    async def _send(self, message: Message) -> None:
        if not message["type"].startswith("lifespan."):
            raise RuntimeError(f"{message['type']!r} was sent during the lifespan")
        self._answers.put_nowait(message)

    async def _answer(self) -> Message | None:
        """What the application says, or None when it ends, or fails, without a word."""
        assert self._task is not None  # for the type checker: set by start() and stop()
        waiting = asyncio.create_task(self._answers.get())
        await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            return waiting.result()
        waiting.cancel()
        if not self._task.cancelled():
            # Retrieved, so that asyncio does not report it: no lifespan is no fault.
            self._task.exception()
        return self._answers.get_nowait() if not self._answers.empty() else None
