"""Names that two entries of one application share, so that the later has no URL of its own.

`resolve_url` takes the first entry whose name and parameters fit. A second entry of that name is
found only if it takes other parameters::

    /items/              name=items      resolve_url("items")
    /items/{page:int}/   name=items      resolve_url("items", page=2): nothing is said
    /goods/              name=items      can never be resolved
"""

from __future__ import annotations

from flama_compile.algebra import includes
from flama_compile.diagnostics import Diagnostic, Label, Report
from flama_compile.ir.routes import App, Mount, Param, Route, RouteTable

__all__ = ["check_names"]


def check_names(table: RouteTable, report: Report) -> None:
    """Warn of names that always resolve to another path."""
    _visit(table.root, 0, report)


def _visit(app: App, depth: int, report: Report) -> None:
    named: dict[tuple[str, frozenset[str]], list[Route | Mount]] = {}
    for entry in app.entries:
        if not isinstance(entry, Route | Mount):
            continue
        if entry.name is not None:
            parameters = frozenset(_parameters(entry, depth))
            earlier = named.setdefault((entry.name, parameters), [])
            winner = next((first for first in earlier if _hides(first, entry, depth)), None)
            if winner is not None and not _alias(winner, entry):
                report.add(_duplicate(winner, entry))
            elif winner is None:
                # Only entries that can be resolved are kept: few, however often a name recurs.
                earlier.append(entry)
        if isinstance(entry, Mount) and entry.app is not None:
            _visit(entry.app, len(entry.segments), report)


def _parameters(entry: Route | Mount, depth: int) -> dict[str, Param]:
    return {part.name: part for part in entry.segments[depth:] if isinstance(part, Param)}


def _hides(first: Route | Mount, second: Route | Mount, depth: int) -> bool:
    """Whether every call that fits the second entry fits the first."""
    ours, theirs = _parameters(first, depth), _parameters(second, depth)
    return ours.keys() == theirs.keys() and all(includes(ours[name], theirs[name]) for name in ours)


def _alias(first: Route | Mount, second: Route | Mount) -> bool:
    """Same URL, or one object that was registered twice under the name that it has anyway."""
    if first.own == second.own:
        return True
    if isinstance(first, Route) and isinstance(second, Route):
        default = first.handler.qualname.rpartition(".")[2]
        return first.handler == second.handler and first.name == default
    return False


def _duplicate(first: Route | Mount, second: Route | Mount) -> Diagnostic:
    labels: tuple[Label, ...] = ()
    if first.span is not None:
        labels = (Label(first.span, f"`{first.name}` is `{first.own}`"),)
    return Diagnostic(
        "FC303",
        f"name `{second.name}` is taken by an earlier {_noun(first)}",
        second.span,
        f"`resolve_url({second.name!r})` always gives `{first.own}`, never `{second.own}`",
        labels,
        ("give one of the two another `name=`",),
    )


def _noun(entry: Route | Mount) -> str:
    if isinstance(entry, Route) and entry.handler.module == "flama.schemas":
        return "built-in route"
    return "route" if isinstance(entry, Route) else "mount"
