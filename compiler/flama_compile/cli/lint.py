"""`flama-compile lint`: what cannot work as it is written."""

from __future__ import annotations

import click

from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.cli.printing import FORMATS, print_diagnostics
from flama_compile.diagnostics.codes import code

__all__ = ["command"]


@click.command(name="lint")
@app_argument
@click.option("--format", type=click.Choice(FORMATS), default="text")
@common
def command(front: Front, app: str | None, format: str) -> int:
    """Find unreachable routes, duplicate names, unfillable parameters and dynamic sites.

    Exits with 1 for a warning or an error, with 2 if the routes are not known exactly.
    """
    analysis = front.analyse(front.options(app))
    print_diagnostics(
        front, format, analysis.diagnostics, analysis, "flama-compile lint", as_result=True
    )
    if not analysis.exact or exit_of(analysis.diagnostics) == 2:
        return 2
    severities = {code(found.code).severity for found in analysis.diagnostics}
    return 1 if severities & {"error", "warning"} else 0
