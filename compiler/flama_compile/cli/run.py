"""`flama-compile run`: build if needed, then serve the compiled application with uvicorn."""

from __future__ import annotations

import sys
from typing import Any

import click

from flama_compile.cli.apps import import_path
from flama_compile.cli.build import Request, build_once
from flama_compile.cli.front import Front, app_argument, common
from flama_compile.cli.served import import_problem

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
    request = Request(front.options(app, strict=strict))
    settings: dict[str, Any] = {"host": host, "port": port}
    if reload:
        from flama_compile.cli.reload import serve_and_reload

        return serve_and_reload(front, request, settings)
    code, target = build_once(front, request)
    if target is None or code:
        return code
    # Processes that uvicorn starts get the same path.
    sys.path[:0] = import_path(front.root, request.options.settings, target)
    if workers in (None, 1) and (problem := import_problem(request.options.app, target.name)):
        front.note(problem)
        return 2
    import uvicorn

    try:
        uvicorn.run(f"{target.name}:app", workers=workers or 1, **settings)
    except SystemExit as ended:
        # uvicorn has said why; its 3 for an application that does not start is no fault of ours.
        return 1 if ended.code else 0
    return 0
