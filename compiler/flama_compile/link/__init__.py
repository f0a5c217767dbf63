"""Executes the facts of modules in the order Python would, and yields the route table.

How the pipeline calls it::

    workspace = Workspace(FolderTree(root), roots=("src",))         # workspace.py: the only reader
    library = Library(workspace, scan, outline, cache=Cache(root))  # library.py: facts on demand
    library.explore("shop.main")                                    # optional: scans in parallel
    table = link("shop.main:app", library, Settings(), report)      # never raises for user mistakes

`link` returns a `RouteTable`, or None when the application cannot be found (a diagnostic says why).
What is wrong with the source stands in `report`: a table that comes with errors must not be built.
Every undeclared dynamic site has a diagnostic too, with a code of `DYNAMIC_CODES`; sites that the
settings or a marker on the line declare have `DynamicSite.declared` and no diagnostic.
"""

from __future__ import annotations

import difflib
import sys
from dataclasses import replace

# NOTE: first, because the instructions import each other and this one is the root of them.
from flama_compile.link import statements  # noqa: F401  isort: skip

from flama_compile.collector import paused
from flama_compile.diagnostics import Report
from flama_compile.ir.routes import RouteTable
from flama_compile.library import Library
from flama_compile.link import attributes, declarations, modules, table
from flama_compile.link.applications import Application
from flama_compile.link.dynamic import DYNAMIC_CODES
from flama_compile.link.failures import Exhausted, Failure
from flama_compile.link.machine import Choices, Machine
from flama_compile.link.values import ModuleValue, Overlay, Unknown, Value
from flama_compile.options import Settings
from flama_compile.source import Span

__all__ = ["DYNAMIC_CODES", "link"]

_RECURSION_LIMIT = 20_000
"""Calls of the program nest calls of ours; its own depth is bounded by the machine."""


def link(app: str, library: Library, settings: Settings, report: Report) -> RouteTable | None:
    """The route table of the application `package.module:attribute`."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        with paused():
            return _link(app, Machine(library, settings, report))
    finally:
        sys.setrecursionlimit(limit)


def _link(app: str, machine: Machine) -> RouteTable | None:
    name, _, attribute = app.partition(":")
    value: Value
    declarations.tell_missing_roots(machine)
    try:
        module = modules.import_module(machine, name, None)
        value = _find(machine, module, attribute)
    except Failure as failure:
        found = failure.diagnostic
        # Nothing imports APP's own module: what is missing is the application itself.
        if found is not None and found.code in ("FC202", "FC215") and found.span is None:
            found = replace(found, code="FC208")
        machine.tell(found)
        return None
    except Exhausted as why:
        _tell_exhausted(machine, why)
        return None
    if isinstance(value, Overlay):
        value = value.base
    if not isinstance(value, Application):
        _tell_no_application(machine, app, module, attribute, value)
        return None
    declarations.tell_unused_declarations(machine)
    declarations.tell_unknown_markers(machine)
    for site in machine.homeless:
        machine.add_site(value, site)
    try:
        return table.build(machine, app, value)
    except Exhausted as why:
        _tell_exhausted(machine, why)
        return None


def _tell_exhausted(machine: Machine, why: Exhausted) -> None:
    machine.tell(
        machine.diagnostic(
            "FC117",
            f"the analysis was given up: {why}",
            why.span,
            "" if why.span is None else "this was running",
            ("split what runs or is mounted very often into several applications",),
        )
    )


def _find(machine: Machine, module: Value, attribute: str) -> Value:
    value = module
    for part in attribute.split("."):
        span = _place(module)
        if isinstance(value, ModuleValue) and part not in value.names and value.opaque is None:
            near = difflib.get_close_matches(part, list(value.names), n=1)
            raise machine.failure(
                "AttributeError",
                "FC208",
                f"module `{value.name}` has no application `{part}`",
                span,
                "",
                [f"did you mean `{value.name}:{near[0]}`?"] if near else _others(value),
            )
        value = attributes.get_attribute(machine, value, part, span)
    return value


def _others(module: ModuleValue) -> list[str]:
    found = [name for name, value in module.names.items() if isinstance(value, Application)]
    if not found:
        return ["name another module: APP is `package.module:attribute`"]
    return [f"did you mean `{module.name}:{found[0]}`?"]


def _place(module: Value) -> Span:
    path = module.found.path if isinstance(module, ModuleValue) else ""
    return Span(path, 1, 1, 1, 1)


def _tell_no_application(
    machine: Machine, app: str, module: Value, attribute: str, value: Value
) -> None:
    if isinstance(value, Unknown) and value.reason == "error":
        # What fails was reported where it fails.
        return
    if isinstance(value, Unknown):
        message = f"`{app}` is not known before the app runs"
        span = value.span or _place(module)
        label = value.detail
    else:
        message = f"`{app}` is neither a Flama nor a Router"
        span, label = _place(module), ""
    help_ = ["assign the application to a name at the top level of its module"]
    if isinstance(value, Unknown) and _is_one_of_several(value):
        help_ = [
            "make it once, and pass what differs: `app = Flama(debug=DEBUG)`",
            "or declare the constant that decides, under `[tool.flama-compile.constants]`",
        ]
    if isinstance(module, ModuleValue):
        near = [one for one in _others(module) if one.startswith("did you mean")]
        help_ = [*near, *help_]
    machine.tell(machine.diagnostic("FC209", message, span, label, help_))


def _is_one_of_several(value: Unknown) -> bool:
    """Whether it is one of several applications, which a condition chooses."""
    choices = value.about.values if isinstance(value.about, Choices) else ()
    return any(isinstance(one, Application) for one in choices)
