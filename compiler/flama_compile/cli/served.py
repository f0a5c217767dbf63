"""Importing the compiled application, and the process in which `run --reload` serves it.

This module imports little, for that process is started at every change.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from socket import socket
from typing import Any

__all__ = ["import_problem", "serve"]


def import_problem(app: str, name: str) -> str | None:
    """Import the compiled module; what a person should know when that fails, else None.

    :param app: `package.module:attribute` of the application that was compiled.
    :param name: Dotted name of its compiled module.
    """
    try:
        import_module(name)
    except (Exception, SystemExit) as error:
        said = traceback.format_exception_only(error)[-1].strip()
        frames = traceback.extract_tb(error.__traceback__)
        ours = str(Path(__file__).parents[1])
        shown = [
            frame
            for frame in frames
            if not frame.filename.startswith((ours, "<frozen ")) and frame.name != "import_module"
        ]
        trace = "".join(traceback.format_list(shown))
        return f"error[FC310]: `{app}` cannot be imported: {said}\n{trace}".rstrip()
    return None


def serve(
    app: str, name: str, paths: Sequence[str], listening: socket, settings: dict[str, Any]
) -> None:
    """Serve until the parent ends this process, or is no more.

    :param paths: Folders that go in front of the import path.
    :param listening: Bound by the parent, so that no connection is refused during a restart.
    """
    # The parent is interrupted too and ends this process, which must not complain by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.__stdin__ is not None:
        # multiprocessing has put nothing in its place, and debuggers read from it.
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.path[:0] = paths
    problem = import_problem(app, name)
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        sys.exit(1)
    import uvicorn

    uvicorn.Server(uvicorn.Config(f"{name}:app", **settings)).run([listening])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
