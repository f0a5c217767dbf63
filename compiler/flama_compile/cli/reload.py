"""`run --reload`: builds at every change, and serves the last build that went well."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from socket import socket
from typing import Any

from flama_compile.cli.apps import Target, import_path
from flama_compile.cli.build import Request, build_once
from flama_compile.cli.front import Front
from flama_compile.cli.served import serve
from flama_compile.cli.sources import Sources
from flama_compile.cli.stopping import Stop
from flama_compile.cli.watch import build_again
from flama_compile.output import forget_bytecode

__all__ = ["serve_and_reload"]

GRACE = 5.0
"""Seconds that a server has to answer what it was asked, before it is ended for the next one."""


def serve_and_reload(front: Front, request: Request, settings: dict[str, Any]) -> int:
    """Build and serve; then build, and start the server again, whenever a source file changes.

    Returns 0 once it has served and was interrupted, as uvicorn does; 128 + the number of the
    signal when it was interrupted before; what `build` returns when the first build goes wrong.
    """
    stop = Stop()
    with stop.handling():
        try:
            sources = Sources(front.root, stop, front.note)
        except ImportError:
            sources = Sources(front.root, stop, front.note, polled=True)
        try:
            with stop.breakable():
                code, target = build_once(front, request)
        except KeyboardInterrupt:
            return stop.code or 130
        if target is None or code:
            return code
        listening = _listening(settings)
        if listening is None:
            return 1
        server = _Server(request.options.app, listening, settings)
        try:
            server.start(target, import_path(front.root, request.options.settings, target))
            _keep_up(front, request, sources, stop, server, target)
        except KeyboardInterrupt:
            # Interrupted while it builds, or twice: the server is ended below.
            pass
        finally:
            server.end()
            listening.close()
    return 0


def _keep_up(
    front: Front, request: Request, sources: Sources, stop: Stop, server: _Server, target: Target
) -> None:
    while changed := sources.wait([target.module]):
        with stop.breakable():
            request, code, built = build_again(front, request)
        if built is None or code:
            front.note("still serving the last build that went well")
            continue
        target = built
        server.end()
        # Python takes bytecode for up to date if the second and the size of its source are.
        forget_bytecode([*changed, target.module])
        server.start(target, import_path(front.root, request.options.settings, target))


def _listening(settings: dict[str, Any]) -> socket | None:
    """The bound socket; None when it cannot be had, which uvicorn has said."""
    import uvicorn

    try:
        return uvicorn.Config("", **settings).bind_socket()
    except SystemExit:
        return None


class _Server:
    """uvicorn in a process of its own."""

    def __init__(self, app: str, listening: socket, settings: dict[str, Any]) -> None:
        self._app = app
        self._listening = listening
        self._settings = settings
        self._process: BaseProcess | None = None

    def start(self, target: Target, paths: Sequence[str]) -> None:
        """Serve what is built now."""
        multiprocessing.allow_connection_pickling()
        known = (self._app, target.name, paths, self._listening, self._settings)
        process = multiprocessing.get_context("spawn").Process(target=serve, args=known)
        with _not_interrupted():
            process.start()
            self._process = process

    def end(self) -> None:
        """Let requests be answered, but not for ever, and end the process."""
        if self._process is None:
            return
        try:
            self._process.terminate()
            self._process.join(GRACE)
        finally:
            self._process.kill()
            self._process.join()
            self._process = None


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Start a process that SIGINT does not reach while it is not prepared for it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
