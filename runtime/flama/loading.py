"""Takes the registered views of an application for a compiled module, which must know them all.

    views = load(__name__, "shop.main:app", application, CONTRACT, ROUTES)

`ROUTES` describes, line by line, the routes that the module was compiled from. `load` walks the
live application in the same order, compares each entry with its line (`flama._fingerprint`), and
refuses with `StaleDispatchError` at the first difference. From then on no route can be registered
anywhere in the tree. Nothing here asks for a signature, except of views that are bound at load.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flama._fingerprint import Words, fields, fits, live_row, mount_row
from flama._taking import Views
from flama._views import Level, View
from flama.exceptions import ApplicationError, ContractError, StaleDispatchError
from flama.routing import router_of

__all__ = ["CONTRACT", "load"]

CONTRACT = 1
"""The version of `flama.dispatch`: raised when the meaning of one of its names changes."""


def load(module: str, app: str, application: Any, contract: int, routes: str) -> Views:
    """The views of an application that is registered as it was compiled.

    :param module: Name of the compiled module.
    :param app: `package.module:attribute`, for the command that repairs.
    :param routes: What was compiled, a line for each entry.
    :raises ContractError: The module is made for another version of `flama.dispatch`.
    :raises StaleDispatchError: Something else is registered; says what and the command to run.
    :raises ApplicationError: The object is no Flama application, or PyPI's flama is installed.
    """
    command = f"flama-compile build {app}"
    if contract != CONTRACT:
        raise ContractError(module, contract, CONTRACT, command)
    _refuse_namesake()
    if getattr(application, "lifecycle", None) is None:
        raise ApplicationError(f"{app} is {application!r}, which is no Flama application")
    level = Level(application, (application,), (), {})
    views: list[View] = []
    # PERF: nothing here is garbage, and looking for it takes a quarter of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        for entry, below in _compare(_tree(routes), application.router, level, "", {}):
            views.append(View(entry, below))
    except _Difference as difference:
        raise StaleDispatchError(module, str(difference), command) from None
    finally:
        if collects:
            gc.enable()
    application.freeze(
        f"routes are compiled in {module}, so none can be added while it serves: "
        f"add it to the source and run `{command}`"
    )
    for known in {id(view.level): view.level for view in views}.values():
        for _, app in known.mounts:
            router_of(app).flattened = (  # type: ignore[union-attr]
                f"{module} was compiled for this application without layers of its own: add "
                f"middleware and exception handlers before it is loaded, and run `{command}`"
            )
    taken = Views(application, views)
    application.lifecycle.prepare = taken.prepare
    return taken


def _refuse_namesake() -> None:
    """PyPI's own flama has the same import name: where both are installed, files are mixed up."""
    here = os.path.dirname(os.path.abspath(__file__))
    names = os.listdir(os.path.dirname(here))
    if any(
        name.startswith("flama-") and name.endswith((".dist-info", ".egg-info")) for name in names
    ):
        raise ApplicationError(
            "PyPI's own `flama` is installed beside flama-runtime, and both are imported as "
            "`flama`: run `pip uninstall flama` and `pip install --force-reinstall flama-runtime`"
        )


# Comparing.


class _Difference(Exception):
    """What is registered differs from what was compiled; the text says how."""


class _Rows(NamedTuple):
    """The lines of one application, and those below each mount, by the number of its line."""

    texts: list[str]
    below: dict[int, _Rows]


def _tree(routes: str) -> _Rows:
    """The lines as a tree, by their indentation."""
    if "MOUNT " not in routes:
        return _Rows(routes.splitlines(), {})
    top = _Rows([], {})
    levels = [top]
    for line in routes.splitlines():
        text = line.lstrip(" ")
        del levels[(len(line) - len(text)) // 2 + 1 :]
        texts, mounts = levels[-1]
        if text.startswith("MOUNT "):
            below = mounts[len(texts)] = _Rows([], {})
            levels.append(below)
        texts.append(text)
    return top


def _compare(
    rows: _Rows, router: Any, level: Level, prefix: str, words: Words
) -> Iterator[tuple[Any, Level]]:
    """The live entries for the lines that lead somewhere: routes, foreign mounts, groups, sites."""
    entries = list(router.routes)
    count = len(entries)
    at = 0
    skipping = False
    for number, row in enumerate(rows.texts):
        if row[:8] == "DYNAMIC " and len(fields(row)) == 2:
            yield router, level
            skipping = True
            continue
        while True:
            entry = entries[at] if at < count else None
            if entry is not None and _is_compiled(row, entry, words):
                break
            if not skipping or entry is None:
                raise _Difference(_explain(rows.texts, number, entries, at, prefix))
            at += 1
        at += 1
        skipping = False
        if entry.kind != "mount":
            yield entry, level
            continue
        is_app = row.endswith(" app")
        if not is_app:
            yield entry, level
        if is_app or row.endswith((" group", " ?")):
            below = level.below(entry, not is_app)
            path = prefix + entry.path
            yield from _compare(rows.below[number], router_of(entry.app), below, path, words)
    if at < count and not skipping:
        raise _Difference(_explain(rows.texts, len(rows.texts), entries, at, prefix))


def _is_compiled(row: str, entry: Any, words: Words) -> bool:
    """Whether a line is that of an entry. A mount whose kind is `?` is compiled as a group, which
    serves an application without layers as well, but not one that is not Flama's."""
    live = live_row(entry, row, words) if entry.kind != "mount" else _live_mount(entry)
    if live != row and not fits(row, live):
        return False
    is_open = entry.kind == "mount" and row.endswith(" ?")
    return not is_open or router_of(entry.app) is not None


def _live_mount(entry: Any) -> str:
    return mount_row(entry.path, entry.name, _mount_kind(entry.app))


def _mount_kind(app: Any) -> str:
    if router_of(app) is None:
        return "foreign"
    return "group" if app.middleware or getattr(app, "exception_handlers", None) else "app"


def _explain(rows: Sequence[str], number: int, entries: Sequence[Any], at: int, prefix: str) -> str:
    """In words: added, removed, moved, or changed in what."""
    from flama._differences import explain

    like = rows[number] if number < len(rows) else ""
    live = [
        _live_mount(entry) if entry.kind == "mount" else live_row(entry, like, {})
        for entry in entries
    ]
    return explain(rows, number, live, at, prefix)
