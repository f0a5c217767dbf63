"""`flama-compile routes`: the listing, and which route answers a request."""

from __future__ import annotations

import click

from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.ir.routes import RouteTable
from flama_compile.pipeline import Analysis
from flama_compile.report import routes as listing
from flama_compile.report.data import dumps

__all__ = ["command", "exit_of_listing"]

FORMATS = ("table", "tree", "json", "csv", "markdown")


@click.command(name="routes")
@app_argument
@click.option("--format", type=click.Choice(FORMATS), default="table")
@click.option("--match", metavar="'GET /path'", help="Say which route answers this request.")
@common
def command(front: Front, app: str | None, format: str, match: str | None) -> int:
    """List the routes in registration order, or say which one answers a request."""
    if match is not None:
        if format not in ("table", "json"):
            raise click.UsageError(f"--match prints text or JSON, not {format}")
        # PERF: a listing must feel instant, and does without the oracle.
        from flama_compile.cli.match import answer_request

        return answer_request(front, app, match, "json" if format == "json" else "text")
    analysis = front.analyse(front.options(app))
    if analysis.table is not None:
        front.result(_listed(analysis.table, format))
    return exit_of_listing(front, analysis)


def exit_of_listing(front: Front, analysis: Analysis) -> int:
    """Diagnostics to stderr; a table that is not exact is printed, with exit code 2."""
    front.diagnostics(analysis.diagnostics, analysis.source)
    if analysis.table is not None and not analysis.exact:
        return 2
    return exit_of(analysis.diagnostics)


def _listed(table: RouteTable, format: str) -> str:
    match format:
        case "json":
            return dumps(listing.routes_json(table))
        case "csv":
            return listing.routes_csv(table)
        case "markdown":
            return listing.routes_markdown(table)
        case "tree":
            return listing.routes_tree(table)
        case _:
            return listing.routes_table(table)
