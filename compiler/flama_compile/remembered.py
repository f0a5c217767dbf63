"""What an earlier run made of an application, as long as nothing that it depended on has changed.

A record of a table holds every question that was asked about files (contents, absent files,
folders, installed packages) with its answer. Asking them all again costs a hundredth of linking.
"""

from __future__ import annotations

from typing import NamedTuple

from flama_compile.cache import Cache, digest, pack, unpack
from flama_compile.collector import paused
from flama_compile.diagnostics import Diagnostic
from flama_compile.identity import identity
from flama_compile.ir.routes import RouteTable
from flama_compile.library import Library
from flama_compile.options import Settings
from flama_compile.workspace import Trace

__all__ = ["Memory", "recall", "remember"]


class Memory(NamedTuple):
    """A table, what was said about it, and a key that names both."""

    table: RouteTable | None
    diagnostics: list[Diagnostic]
    key: str


def recall(cache: Cache, app: str, library: Library, settings: Settings) -> Memory | None:
    """What an earlier run found out; None when the application must be linked."""
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
    return Memory(found[0], found[1], _name(entry))


def remember(
    cache: Cache,
    app: str,
    library: Library,
    settings: Settings,
    table: RouteTable | None,
    diagnostics: list[Diagnostic],
) -> str:
    """Keep a table and what was said about it for the next run; returns its key."""
    # PERF: packed apart, so that a table that is out of date is not unpacked first.
    entry = pack((table, diagnostics))
    key = _key(app, library, settings)
    cache.put("tables", key, (library.workspace.trace, entry))
    cache.prune("tables", [key], 16)
    return _name(entry)


def _name(entry: bytes) -> str:
    """An entry begins with the digest of its content."""
    return entry[:32].hex()


def _key(app: str, library: Library, settings: Settings) -> str:
    constants = repr(sorted(settings.constants.items(), key=lambda item: item[0]))
    declared = repr([(site.file, site.reason) for site in settings.declared])
    return digest(app, identity(), repr(library.workspace.roots), constants, declared)
