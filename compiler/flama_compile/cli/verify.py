"""`flama-compile verify`: is what was read from the source what the application is?"""

from __future__ import annotations

import click

from flama_compile.cli.apps import import_path, target_of
from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.cli.printing import FORMATS, print_diagnostics
from flama_compile.crash import stage
from flama_compile.diagnostics.dynamic import DYNAMIC_CODES
from flama_compile.emit.rows import fingerprint_lines
from flama_compile.ir.text import routes_text
from flama_compile.pipeline import build
from flama_compile.verify.live import Live, compare_live

__all__ = ["command"]


@click.command(name="verify")
@app_argument
@click.option("--format", type=click.Choice(FORMATS), default="text")
@common
def command(front: Front, app: str | None, format: str) -> int:
    """Import the application in a process of its own and compare it with what was read.

    The routes must be the same, one by one, and every request that tests the table must be
    answered alike by the table, by the interpreted router and by the compiled module. No view is
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
            differences, compared = compare_live(table, rows, module, live)
        found += differences
        if not differences:
            front.note(f"the application has these routes; {compared} requests are answered alike")
    print_diagnostics(front, format, found, analysis, "flama-compile verify", as_result=True)
    if table is not None and not table.exact:
        return 2
    return exit_of(found)
