"""`flama-compile verify`: is what was read from the source what the application is?"""

from __future__ import annotations

import click

from flama_compile.cli.apps import import_path, target_of
from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.cli.printing import FORMATS, print_diagnostics
from flama_compile.crash import stage
from flama_compile.diagnostics.dynamic import DYNAMIC_CODES
from flama_compile.emit.rows import fingerprint_lines
from flama_compile.ir.routes import RouteTable
from flama_compile.ir.text import routes_text
from flama_compile.pipeline import build
from flama_compile.verify.live import Compared, Live, compare_live

__all__ = ["command"]


@click.command(name="verify")
@app_argument
@click.option("--format", type=click.Choice(FORMATS), default="text")
@common
def command(front: Front, app: str | None, format: str) -> int:
    """Import the application in a process of its own and compare it with what was read.

    The routes must be the same, one by one, and every request that tests the table must be
    answered alike by the table, by the interpreted router and by the compiled module; where there
    are dynamic sites, which may answer any request, the routes alone are compared. No view is
    called.
    """
    options = front.options(app)
    analysis = front.analyse(options)
    table = analysis.table
    found = list(analysis.diagnostics)
    if table is not None and not exit_of(one for one in found if one.code not in DYNAMIC_CODES):
        # Without the cache, so that every request is tried again.
        target = target_of(front.root, options.app, analysis.file, None)
        path = import_path(front.root, options.settings, target)
        with front.busy("asking the application"), stage("verify", lambda: routes_text(table)):
            rows = list(fingerprint_lines(table.root))
            module = build(table).module
            live = Live(options.app, front.root, path)
            compared = compare_live(table, rows, module, live)
        found += compared.differences
        if not compared.differences:
            front.note(_agreed(table, compared))
    print_diagnostics(front, format, found, analysis, "flama-compile verify", as_result=True)
    if table is not None and not table.exact:
        return 2
    return exit_of(found)


def _agreed(table: RouteTable, compared: Compared) -> str:
    """What was found to be the same, and what was not looked at."""
    if not table.exact:
        sites = len(table.dynamic)
        may = (
            "a dynamic site may answer any of them"
            if sites == 1
            else (f"any of the {sites} dynamic sites may answer them")
        )
        return (
            "the application has these routes, whatever it registers besides where the source does "
            f"not tell; requests were not tried, because {may}"
        )
    said = f"the application has these routes; {compared.requests} requests are answered alike"
    if compared.interpreted < compared.requests:
        said += (
            f" by the table and the compiled module, of which {compared.interpreted} were asked "
            "of the interpreted router, which is slow with so many routes"
        )
    return said
