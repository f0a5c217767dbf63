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
from types import FunctionType
from typing import Any, NamedTuple

from flama._fingerprint import WORDS, fields, fits, live_row, mount_row
from flama._views import Bind, Level, View, as_declared, hand_over, interpret
from flama.exceptions import ApplicationError, ContractError, StaleDispatchError
from flama.routing import in_reach, router_of

__all__ = ["CONTRACT", "Views", "load"]

CONTRACT = 1
"""The version of `flama.dispatch`: raised when the meaning of one of its names changes."""


class Views:
    """The registered entries that a compiled module dispatches to, in registration order."""

    def __init__(self, application: Any, views: Sequence[View]) -> None:
        self.application = application
        self._views = views
        self._next = 0
        self._late: dict[int, bool] = {}

    def take(self, bind: Bind, *, body: str = "", reads: Sequence[str] = ()) -> View:
        """The next entry, to be called by a binder.

        :param body: The parameter that is filled from the body.
        :param reads: Parameters whose annotation says how to read a value of the query.
        """
        view = self._views[self._next]
        self._next += 1
        if bind is as_declared or self._is_late(view.level):
            return view
        endpoint = view.entry.endpoint
        if type(endpoint) is not FunctionType or hasattr(endpoint, "__wrapped__"):
            # Something stands around the function that the source shows.
            return view
        view.bind = bind
        view.take_handler()
        if body or reads:
            from flama._promises import promise

            if not promise(view, body, reads, list(_components(view.level))):
                # The live annotations say something else: the planner finds out what.
                view.bind = as_declared
        return view

    def late(self) -> View:
        """The next entry, a view whose parameters only the live objects explain: bound now.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        view = self.take(as_declared)
        view.respond()
        return view

    def mount(self) -> View:
        """The next entry, a mount that takes the whole request."""
        view = self.take(as_declared)
        view.bind = hand_over
        return view

    def interpreted(self) -> View:
        """The next entry, a place from which on the interpreted router answers."""
        view = self.take(as_declared)
        view.bind = interpret
        return view

    def prepare(self) -> None:
        """Find out at start-up how the parameters of views are filled that no binder fills.

        :raises ApplicationError: One cannot be.
        """
        if any(view.bind is interpret for view in self._views):
            self.application.prepare()
            return
        for view in self._views:
            # The document and its page are ours: they can be filled, and are seldom asked for.
            if view.bind is as_declared and view.entry.endpoint.__module__ != "flama.schemas":
                view.respond()

    def _is_late(self, level: Level) -> bool:
        """Whether a component in reach might take a parameter that is compiled as a primitive."""
        late = self._late.get(id(level))
        if late is None:
            late = self._late[id(level)] = any(map(_takes_primitives, _components(level)))
        return late


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
        for entry, below in _compare(_tree(routes), application.router, level, ""):
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
    for view in views:
        for _, app in view.level.mounts:
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


class _Row(NamedTuple):
    text: str
    below: Sequence[_Row]


def _tree(routes: str) -> list[_Row]:
    """The lines as a tree, by their indentation."""
    top: list[_Row] = []
    levels = [top]
    for line in routes.splitlines():
        text = line.lstrip(" ")
        del levels[(len(line) - len(text)) // 2 + 1 :]
        if text.startswith("MOUNT "):
            below: list[_Row] = []
            levels[-1].append(_Row(text, below))
            levels.append(below)
        else:
            levels[-1].append(_Row(text, ()))
    return top


def _compare(
    rows: Sequence[_Row], router: Any, level: Level, prefix: str
) -> Iterator[tuple[Any, Level]]:
    """The live entries for the lines that lead somewhere: routes, foreign mounts, groups, sites."""
    entries = list(router.routes)
    at = 0
    skipping = False
    for number, row in enumerate(rows):
        if row.text.startswith("DYNAMIC ") and len(fields(row.text)) == 2:
            yield router, level
            skipping = True
            continue
        while True:
            entry = entries[at] if at < len(entries) else None
            if entry is not None and _is_compiled(row.text, entry):
                break
            if not skipping or entry is None:
                raise _Difference(_explain(rows, number, entries, at, prefix))
            at += 1
        at += 1
        skipping = False
        if entry.kind != "mount":
            yield entry, level
        elif row.text.endswith(" app"):
            path = prefix + entry.path
            yield from _compare(row.below, router_of(entry.app), level.below(entry, False), path)
        else:
            yield entry, level
            if row.text.endswith((" group", " ?")):
                path = prefix + entry.path
                yield from _compare(row.below, router_of(entry.app), level.below(entry, True), path)
    if at < len(entries) and not skipping:
        raise _Difference(_explain(rows, len(rows), entries, at, prefix))


def _is_compiled(row: str, entry: Any) -> bool:
    """Whether a line is that of an entry. A mount whose kind is `?` is compiled as a group, which
    serves an application without layers as well, but not one that is not Flama's."""
    if not fits(row, _live(entry, row)):
        return False
    is_open = entry.kind == "mount" and row.endswith(" ?")
    return not is_open or router_of(entry.app) is not None


def _live(entry: Any, like: str) -> str:
    if entry.kind == "mount":
        return mount_row(entry.path, entry.name, _mount_kind(entry.app))
    return live_row(entry, like)


def _mount_kind(app: Any) -> str:
    if router_of(app) is None:
        return "foreign"
    return "group" if app.middleware or getattr(app, "exception_handlers", None) else "app"


def _explain(
    rows: Sequence[_Row], number: int, entries: Sequence[Any], at: int, prefix: str
) -> str:
    """In words: added, removed, moved, or changed in what."""
    from flama._differences import explain

    compiled = [row.text for row in rows]
    live = [_live(entry, rows[number].text if number < len(rows) else "") for entry in entries]
    return explain(compiled, number, live, at, prefix)


# Components.


def _components(level: Level) -> Iterator[Any]:
    for app in in_reach(level.chain):
        yield from app.components


def _takes_primitives(component: Any) -> bool:
    from flama.injection import Component

    kind = type(component)
    if kind.can_handle_parameter is not Component.can_handle_parameter:
        return True
    try:
        return component.returns in WORDS
    except TypeError:
        return False
