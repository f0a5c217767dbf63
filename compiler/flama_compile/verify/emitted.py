"""Runs an emitted module without the application: what it would answer, and with which values.

User modules are stubs, `load` gives stand-ins for the registered views, and `serve` keeps the match
functions instead of serving. All else is the runtime's own.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import flama.dispatch
import flama.exceptions

from flama_compile.ir.routes import DynamicSite, Mount, Route, RouteTable

__all__ = ["Emitted", "Search", "StandIn"]

Place = Route | Mount | DynamicSite
Match = Callable[[str], tuple[Any, Any]]


@dataclass(slots=True)
class StandIn:
    """Takes the place of a registered view."""

    entry: Place
    bind: Callable[..., Any] | None = None
    """None for a view that the runtime's planner binds."""
    matches: tuple[Match, Match] | None = None
    """The match functions of a group."""
    defaults: Mapping[str, Any] = field(default_factory=lambda: defaultdict(object))
    reads: Mapping[str, Any] = field(default_factory=lambda: defaultdict(lambda: lambda text: text))

    def call(self, /, *args: Any, **kwargs: Any) -> Any:
        """Records what the view is given."""

        async def give() -> Any:
            return args, kwargs

        return give()

    def body(self, data: bytes) -> Any:
        """Stands for the value of the body."""
        return data

    def instance(self, *request: Any) -> Any:
        """Stands for an instance of a class, whose verbs record as well."""
        return SimpleNamespace(**dict.fromkeys(_VERBS, self.call))


class StandIns(dict[str, StandIn]):
    """Takes the place of the views of a class, one for each method."""

    def __init__(self, entry: Place) -> None:
        verbs = {view.verb for view in entry.views} if isinstance(entry, Route) else set()
        self._answers = {verb.upper(): verb for verb in verbs}
        if "get" in verbs:
            self._answers.setdefault("HEAD", "get")
        super().__init__((method, StandIn(entry)) for method in self._answers)

    def take(self, verb: str, bind: Callable[..., Any], **facts: Any) -> None:
        """As `flama._taking.ClassViews.take`."""
        for method, name in self._answers.items():
            if name == verb:
                self[method].bind = bind


class Emitted:
    """One emitted module, executed."""

    def __init__(self, table: RouteTable, text: str) -> None:
        """Any exception is a fault of the emitter: the module must load."""
        self._stand_ins = iter([StandIn(entry) for entry in _places(table)])
        self._matches: tuple[Match, Match] | None = None
        names: dict[str, Any] = {
            "__name__": "compiled",
            "__builtins__": {**vars(builtins), "__import__": self._import},
        }
        exec(compile(text, "<compiled>", "exec", dont_inherit=True), names)
        if next(self._stand_ins, None) is not None:
            raise ValueError("the module does not take every view")

    def match(self, group: StandIn | None, protocol: str, path: str) -> tuple[Any, Any]:
        """Match a path, inside a group or from the outermost application on: a resource, and what
        its views are given of the path."""
        matches = self._matches if group is None else group.matches
        if matches is None:
            raise ValueError("match functions are missing")
        return matches[protocol == "websocket"](path)

    def values(
        self, view: StandIn, segments: Any, prefix: Mapping[str, str]
    ) -> dict[str, Any] | None:
        """What the view gets from the path, by name or position; None if the planner fills it."""
        if view.bind is None:
            return None
        scope = {"flama.prefix": SimpleNamespace(texts=prefix)}
        try:
            waiting = view.bind(view, scope, None, None, segments)
            while True:
                # A binder that waits gives the view's own coroutine, or awaits it.
                waiting.send(None)
        except StopIteration as done:
            args, kwargs = done.value
            return {**{str(at): value for at, value in enumerate(args)}, **kwargs}
        except flama.exceptions.ValidationError:
            # The segment takes the text, and the view's annotation does not: that is a 400.
            return None

    def _import(
        self,
        name: str,
        names: Mapping[str, Any] | None = None,
        local: Any = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        if name == "flama.dispatch":
            return self._contract()
        if name in _STANDARD:
            return builtins.__import__(name, names, local, fromlist, level)
        return _Stub(name)

    def _contract(self) -> ModuleType:
        stub = ModuleType("flama.dispatch")
        vars(stub).update({name: getattr(flama.dispatch, name) for name in flama.dispatch.__all__})
        stub.load = self._load  # type: ignore[attr-defined]
        stub.serve = self._serve  # type: ignore[attr-defined]
        stub.serve_group = _serve_group  # type: ignore[attr-defined]
        stub.query_of = lambda scope: _ANY_QUERY  # type: ignore[attr-defined]
        for name in flama.dispatch.__all__:
            if name.startswith("to_"):
                setattr(stub, name, _given(getattr(flama.dispatch, name)))
        stub.is_json = lambda scope: True  # type: ignore[attr-defined]
        stub.read_body = _no_body  # type: ignore[attr-defined]
        return stub

    def _load(self, *args: Any) -> Any:
        return self

    def take(self, bind: Any, **facts: Any) -> StandIn:
        """As `flama._taking.Views.take`."""
        view = next(self._stand_ins)
        view.bind = None if bind is flama.dispatch.as_declared else bind
        return view

    def late(self) -> StandIn:
        """As `flama._taking.Views.late`."""
        return next(self._stand_ins)

    mount = interpreted = late

    def take_class(self) -> StandIns:
        """As `flama._taking.Views.take_class`."""
        return StandIns(next(self._stand_ins).entry)

    late_class = take_class

    def _serve(self, views: Any, match_http: Match, match_websocket: Match) -> Any:
        self._matches = match_http, match_websocket
        return None


class Search:
    """One path in an emitted module, for several methods: a match asks for no method."""

    __slots__ = ("_emitted", "_inside", "path", "protocol", "resource", "segments")

    def __init__(self, emitted: Emitted, protocol: str, path: str) -> None:
        self.protocol = protocol
        self.path = path
        self._emitted = emitted
        self.resource, self.segments = emitted.match(None, protocol, path)
        self._inside: dict[int, tuple[Any, Any]] = {}

    def inside(self, group: StandIn, left: str) -> tuple[Any, Any]:
        """What the match of a group says of the rest of the path."""
        known = self._inside.get(id(group))
        if known is None:
            known = self._inside[id(group)] = self._emitted.match(group, self.protocol, left)
        return known


_VERBS = ("get", "head", "post", "put", "patch", "delete", "options", "connect", "trace", "query")

_STANDARD = frozenset(("__future__", "collections.abc", "decimal", "typing", "uuid"))


class _Stub(ModuleType):
    """A module of the user: every name is there."""

    def __getattr__(self, name: str) -> Any:
        return _Stub(name)


def _places(table: RouteTable) -> list[Place]:
    """The entries that views are taken for: all but applications that are flattened."""
    return [
        entry
        for entry in table.walk()
        if not (isinstance(entry, Mount) and entry.app is not None and not entry.app.group)
    ]


def _serve_group(view: StandIn, match_http: Match, match_websocket: Match) -> None:
    view.matches = match_http, match_websocket


_ANY_VALUE: Any = object()
_ANY_QUERY: Mapping[str, Any] = defaultdict(lambda: _ANY_VALUE)
"""Has a value for every name that is asked for, so that views get as far as their path."""


def _given(convert: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Reads texts, and takes the stand-in for a value of the query as it is."""
    return lambda text: text if text is _ANY_VALUE else convert(text)


async def _no_body(receive: Any) -> bytes:
    return b""
