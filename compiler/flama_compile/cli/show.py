"""`flama-compile show`: the text forms of what passes hand to each other."""

from __future__ import annotations

import click

from flama_compile.cli.front import Front, app_argument, common, exit_of
from flama_compile.ir.text import facts_text, plan_text, routes_text

__all__ = ["command"]


@click.command(name="show")
@click.argument("what", type=click.Choice(["facts", "routes", "plan"]))
@app_argument
@common
def command(front: Front, what: str, app: str | None) -> int:
    """Print the facts of the project's modules, the route table or the dispatch plan."""
    analysis = front.analyse(front.options(app))
    if what == "facts":
        # A table that was remembered comes without the facts that it was made of.
        analysis.library.explore(analysis.options.app.partition(":")[0])
        front.result(
            "\n".join(f"{file}\n{facts_text(facts)}" for file, facts in analysis.library.known())
        )
    elif analysis.table is not None and what == "routes":
        front.result(routes_text(analysis.table))
    elif analysis.table is not None and not exit_of(analysis.diagnostics):
        from flama_compile.lower import lower

        front.result(plan_text(lower(analysis.table)))
    front.diagnostics(analysis.diagnostics, analysis.source)
    if analysis.table is not None and not analysis.exact:
        return 2
    return exit_of(analysis.diagnostics)
