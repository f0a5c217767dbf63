"""Tables that an earlier run linked, as long as nothing that they depended on has changed.

A record holds every question that was asked about files (contents, absent files, folders,
installed packages) with its answer. Asking them all again costs a hundredth of linking.
"""

from __future__ import annotations

import sys

from flama_compile.cache import Cache, digest, pack, unpack
from flama_compile.collector import paused
from flama_compile.diagnostics import Diagnostic, Report
from flama_compile.ir.facts import FORMAT
from flama_compile.ir.routes import RouteTable
from flama_compile.library import Library
from flama_compile.options import Settings
from flama_compile.workspace import Trace

__all__ = ["recall", "remember"]

_TABLES = 1
"""Raise it when tables or their meaning change: records of other numbers are not found."""


def recall(
    cache: Cache, app: str, library: Library, settings: Settings
) -> tuple[RouteTable | None, list[Diagnostic]] | None:
    """The table of an earlier run and what was said about it; None when it must be linked."""
    record = cache.get("tables", _key(app, library, settings))
    if not isinstance(record, tuple) or len(record) != 2:
        return None
    trace, entry = record
    if not isinstance(trace, Trace) or not library.workspace.unchanged(trace):
        return None
    with paused():
        found = unpack(entry)
    if not isinstance(found, tuple) or len(found) != 2:
        return None
    table, diagnostics = found
    return table, diagnostics


def remember(
    cache: Cache,
    app: str,
    library: Library,
    settings: Settings,
    table: RouteTable | None,
    report: Report,
) -> None:
    """Keep a linked table for the next run."""
    trace = library.workspace.trace
    # PERF: packed apart, so that a table that is out of date is not unpacked first.
    entry = pack((table, list(report.found)))
    cache.put("tables", _key(app, library, settings), (trace, entry))


def _key(app: str, library: Library, settings: Settings) -> str:
    version = f"{FORMAT}.{_TABLES}.{sys.version_info.major}.{sys.version_info.minor}"
    constants = repr(sorted(settings.constants.items(), key=lambda item: item[0]))
    declared = repr([(site.file, site.reason) for site in settings.declared])
    return digest(app, version, repr(library.workspace.roots), constants, declared)
