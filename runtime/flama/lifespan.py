"""The life of an application and of everything mounted below it.

Order of start: modules, start-up events, `lifespan=`, then mounted applications in registration
order, each the same way; a foreign ASGI application's own lifespan is run where it has one. The
end is the reverse. An application mounted twice starts once.

A server that speaks the lifespan protocol drives it through `Lifespan.__call__`. For one that
never does, `admit()` starts the application on its first request. Dispatch checks `ready` (one
attribute) and calls `admit()` only when it is false.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import traceback
from collections.abc import Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from flama._foreign import ForeignLifespan
from flama.exceptions import ApplicationError
from flama.types import Receive, Scope, Send

if TYPE_CHECKING:
    from flama.applications import Flama

__all__ = ["Lifespan"]

logger = logging.getLogger("flama")


class Lifespan:
    """The life of one application."""

    def __init__(self, app: Flama, lifespan: Callable[[Any], Any] | None) -> None:
        if lifespan is not None and not callable(lifespan):
            raise ApplicationError(f"lifespan={lifespan!r} cannot be called with the application")
        self._app = app
        self._lifespan = lifespan
        self.ready = False
        """Whether requests are answered."""
        self.status = "new"
        """`new`, `starting`, `ready`, `stopping`, `stopped` or `failed`."""
        self.state: dict[str, Any] = {}
        """What the lifespan yielded, for `request.state`."""
        self.prepare: Callable[[], None] = app.prepare
        """Runs before anything starts: finds parameters that nothing can fill."""
        self._driven = False
        self._lock: asyncio.Lock | None = None
        self._stack: AsyncExitStack | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak the ASGI lifespan protocol.

        :raises Exception: What failed, after the server has been told.
        """
        self._driven = True
        if "flama.inside" in scope:
            self.prepare = _nothing
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except BaseException as error:
                    await send({"type": "lifespan.startup.failed", "message": _reason(error)})
                    raise
                if isinstance(scope.get("state"), dict):
                    scope["state"].update(self.state)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                try:
                    await self.stop()
                except BaseException as error:
                    await send({"type": "lifespan.shutdown.failed", "message": _reason(error)})
                    raise
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def admit(self) -> None:
        """Let a request in that arrived while the application was not ready.

        :raises ApplicationError: It is starting or stopping under the server's control, has been
            shut down, or could not start.
        """
        if self.ready:
            return
        if self._driven:
            if self.status in ("stopping", "stopped"):
                raise ApplicationError("Application is already shut down.")
            raise ApplicationError("Application is not ready to process requests yet.")
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if not self.ready:
                logger.warning(
                    "no lifespan message was received before the first request: starting %s now",
                    type(self._app).__name__,
                )
                await self.start()

    async def start(self) -> None:
        """Start the application and what is mounted below it. What has started is stopped again
        when something fails."""
        if self.ready:
            return
        self.status = "starting"
        stack = AsyncExitStack()
        try:
            self.prepare()
            await self._start_tree(stack)
        except BaseException:
            # NOTE: closed as at a shutdown, so that a lifespan without `finally` cleans up too.
            await stack.aclose()
            self.status = "failed"
            raise
        self._stack = stack
        self.status = "ready"
        self.ready = True

    async def stop(self) -> None:
        """Stop everything that was started, in reverse order."""
        self.ready = False
        self.status = "stopping"
        stack, self._stack = self._stack, None
        try:
            # Applications that were mounted while serving have started by themselves.
            for app in self._app.router.tree():
                life = getattr(app, "lifecycle", None)
                if life is not None and life._stack is not None:
                    await life.stop()
            if stack is not None:
                await stack.aclose()
        finally:
            self.status = "stopped"

    async def _start_tree(self, stack: AsyncExitStack) -> None:
        await self._start_one(stack, mark=False)
        for app in self._app.router.tree():
            life: Lifespan | None = getattr(app, "lifecycle", None)
            if life is not None:
                if not life.ready:
                    await life._start_one(stack, mark=True)
            else:
                foreign = ForeignLifespan(app)
                await foreign.start()
                stack.push_async_callback(foreign.stop)
                self._app.router.foreign_states[id(app)] = foreign.state

    async def _start_one(self, stack: AsyncExitStack, *, mark: bool) -> None:
        """Start this application alone; `mark` it as ready, for one that is mounted."""
        app = self._app
        if mark:
            self.status = "starting"
            stack.callback(self._ended)
        for module in app.modules.values():
            await _call(module.on_startup)
            stack.push_async_callback(_call, module.on_shutdown)
        await self._run_events("startup")
        stack.push_async_callback(self._run_events, "shutdown")
        if self._lifespan is not None:
            state = await stack.enter_async_context(_context(self._lifespan, app))
            self.state = dict(state or {})
        if mark:
            self.status = "ready"
            self.ready = True

    def _ended(self) -> None:
        self.ready = False
        self.status = "new"

    async def _run_events(self, event: str) -> None:
        for handler in self._app.events[event]:
            await _call(handler)


def _nothing() -> None:
    """There is nothing to prepare yet."""


async def _call(function: Callable[..., Any]) -> None:
    result = function()
    if hasattr(result, "__await__"):
        await result


def _context(lifespan: Callable[[Any], Any], app: Any) -> Any:
    if inspect.isasyncgenfunction(lifespan):
        lifespan = asynccontextmanager(lifespan)
    context = lifespan(app)
    if not hasattr(context, "__aenter__"):
        raise ApplicationError(
            f"lifespan={lifespan!r} gives {context!r}, which is no asynchronous context manager"
        )
    return context


def _reason(error: BaseException) -> str:
    if isinstance(error, ApplicationError):
        return str(error)
    return "".join(traceback.format_exception(error))
