"""`flama-compile run`: build if needed, then serve the compiled application with uvicorn."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import Any

import click

from flama_compile.cli.apps import Target, import_path
from flama_compile.cli.build import Request, build_once
from flama_compile.cli.front import Front, app_argument, common
from flama_compile.options import Options

__all__ = ["command"]


@click.command(name="run")
@app_argument
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--reload", is_flag=True, help="Build and start again whenever a file changes.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Number of processes.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@common
def command(
    front: Front,
    app: str | None,
    host: str,
    port: int,
    reload: bool,
    workers: int | None,
    strict: bool,
) -> int:
    """Build if needed, then serve the compiled application."""
    if reload and workers not in (None, 1):
        raise click.UsageError("--reload serves with one process; leave --workers out")
    options = front.options(app, strict=strict)
    code, target = build_once(front, Request(options))
    if target is None or code:
        return code
    _put_on_path(front, options, target)
    settings: dict[str, Any] = {"host": host, "port": port}
    if reload:
        return _reloading(front, options, target, settings)
    import uvicorn

    try:
        uvicorn.run(f"{target.name}:app", workers=workers or 1, **settings)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _put_on_path(front: Front, options: Options, target: Target) -> None:
    """Make the module importable here, and in the processes that uvicorn starts."""
    paths = import_path(front.root, options.settings, target)
    sys.path[:0] = paths
    known = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*paths, *([known] if known else [])])


def _reloading(front: Front, options: Options, target: Target, settings: dict[str, Any]) -> int:
    """Serve in a child process; build, then start it again, whenever a source file changes."""
    import uvicorn
    from uvicorn.supervisors import ChangeReload

    class Rebuilding(ChangeReload):  # type: ignore[misc, valid-type]
        """Starts the server again only when the build went well."""

        def restart(self) -> None:
            code, _ = build_once(front, Request(options))
            if code == 0:
                super().restart()
            else:
                front.note("still serving the last build that went well")

    # uvicorn's other watcher, without watchfiles, warns of exclusions that it cannot follow.
    if find_spec("watchfiles") is not None:
        settings["reload_excludes"] = ["*_compiled.py"]
    config = uvicorn.Config(
        f"{target.name}:app", reload=True, reload_dirs=[str(front.root)], **settings
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    Rebuilding(config, target=server.run, sockets=[socket]).run()
    return 0
