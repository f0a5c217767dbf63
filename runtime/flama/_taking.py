"""What a compiled module takes: the registered views, each with the binder that fills it.

    views = load(...)
    show = views.take(bind_item_id)
    me = views.take(as_declared)
    item = views.take_class()               # item["GET"], item["HEAD"], …
    item.take("get", bind_get_item_id)

A binder that was compiled is believed only as far as the live objects agree with it: a decorated
function, a component that takes primitives, another model, and the live objects decide. Components
may be added later, in start-up events for example; views that reach them are taken anew then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Any

from flama._fingerprint import WORDS
from flama._tree import in_reach
from flama._views import Bind, Level, View, as_declared, hand_over, interpret

__all__ = ["ClassViews", "Views"]


class Views:
    """The registered entries that a compiled module dispatches to, in registration order."""

    def __init__(self, application: Any, views: Sequence[View]) -> None:
        self.application = application
        self._views = views
        self._verbs: list[View] = []
        self._next = 0
        self._late: dict[int, bool] = {}
        self._anew = self._renew
        """Of views that are taken anew, the binder: one object, to be known again."""
        levels = {id(view.level): view.level for view in views}
        reached = [app for level in levels.values() for app in in_reach(level.chain)]
        for components in {id(app): app.components for app in reached}.values():
            components.watchers.append(self._forget)

    def take(self, bind: Bind, *, body: str = "", reads: Sequence[str] = ()) -> View:
        """The next entry, to be called by a binder.

        :param body: The parameter that is filled from the body.
        :param reads: Parameters whose annotation says how to read a value of the query.
        """
        view = self._views[self._next]
        self._next += 1
        if bind is not as_declared:
            self.agree(view, bind, body, reads)
        return view

    def late(self) -> View:
        """The next entry, a view whose parameters only the live objects explain: bound now.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        view = self.take(as_declared)
        view.settle()
        return view

    def take_class(self) -> ClassViews:
        """The next entry, an endpoint class."""
        whole = self.take(as_declared)
        views = ClassViews(self, whole)
        self._verbs += views.values()
        return views

    def late_class(self) -> ClassViews:
        """The next entry, an endpoint class with a verb that only the live objects explain: bound
        now.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        views = self.take_class()
        for view in views.values():
            view.settle()
        return views

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
        checked: set[tuple[int, ...]] = set()
        seen: set[int] = set()
        for view in self.all():
            if id(view.level) not in seen:
                seen.add(id(view.level))
                _check_components(view.level.chain, checked)
            if view.bind is self._anew:
                self._take_anew(view)
            # The document and its page are ours: they can be filled, and are seldom asked for.
            elif view.bind is as_declared and view.entry.endpoint.__module__ != "flama.schemas":
                view.settle()

    def all(self) -> Iterator[View]:
        """Every view: of a class, one for each method, where compiled dispatch knows them."""
        yield from self._views
        yield from self._verbs

    def agree(self, view: View, bind: Bind, body: str, reads: Sequence[str]) -> None:
        """Let a compiled binder call a view, if the live objects agree."""
        view.taken = (bind, body, reads) if body or reads else bind
        if self._is_late(view.level):
            return
        if view.verb:
            fits = view.take_verb()
        else:
            endpoint = view.entry.endpoint
            # Else something stands around the function that the source shows.
            fits = type(endpoint) is FunctionType and not hasattr(endpoint, "__wrapped__")
            if fits:
                view.take_handler(endpoint)
        if fits and (body or reads):
            from flama._promises import promise

            # Else the live annotations say something else: the planner finds out what.
            fits = promise(view, body, reads, list(_components(view.level)))
        if fits:
            view.bind = bind

    def _forget(self) -> None:
        """A component was added: what it resolves is found out at the next request."""
        self._late.clear()
        for view in self.all():
            if view.bind is not hand_over and view.bind is not interpret:
                view.forget()
                view.bind = self._anew

    def _renew(self, view: View, *request: Any) -> Any:
        """The binder of a view that is taken anew."""
        self._take_anew(view)
        return view.bind(view, *request)

    def _take_anew(self, view: View) -> None:
        view.bind = as_declared
        if view.taken is not None:
            taken = view.taken if type(view.taken) is tuple else (view.taken, "", ())
            self.agree(view, *taken)
        if view.bind is as_declared:
            view.settle()

    def _is_late(self, level: Level) -> bool:
        """Whether a component in reach might take a parameter that is compiled as a primitive."""
        late = self._late.get(id(level))
        if late is None:
            late = self._late[id(level)] = any(map(_takes_primitives, _components(level)))
        return late


class ClassViews(dict[str, View]):
    """The views of an endpoint class by HTTP method."""

    def __init__(self, views: Views, whole: View) -> None:
        self._views = views
        self._verbs = whole.entry.endpoint.verbs()
        super().__init__((method, View(whole.entry, whole.level, method)) for method in self._verbs)

    def take(self, verb: str, bind: Bind, *, body: str = "", reads: Sequence[str] = ()) -> None:
        """Let a binder call a verb of the class: see `Views.take`."""
        for method, name in self._verbs.items():
            if name == verb:
                self._views.agree(self[method], bind, body, reads)


def _check_components(chain: tuple[Any, ...], checked: set[tuple[int, ...]]) -> None:
    """Whether components need each other in a circle, in the applications of a chain that were not
    looked at yet, the outermost first.

    :raises ApplicationError: They do.
    """
    key = tuple(map(id, chain))
    if not chain or key in checked:
        return
    _check_components(chain[1:], checked)
    checked.add(key)
    if chain[0].components:
        from flama._planning import check_components

        check_components(chain[0].components, in_reach(chain))


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
