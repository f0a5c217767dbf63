"""One registered entry as compiled dispatch calls it, and the scope that its code sees.

A `View` is a route, or a mount that takes the whole request: a foreign application or a group. Its
`bind` is a function of `(view, scope, receive, send, segments)` which gives the result to await:
what the handler returns, or `SENT` when it has answered by itself.

Applications between the unit (the outermost application or a group) and the entry are flattened:
no code of theirs runs. What they would have written into the scope is written only for code that
reads it (`flama._entering`).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from flama._entering import descended, entered, opened, prefix_texts
from flama._matching import mounted_scope, param_types
from flama.paths import Param
from flama.types import Receive, Scope, Send

if TYPE_CHECKING:
    from flama._signatures import Signature

__all__ = [
    "SENT",
    "Level",
    "View",
    "as_declared",
    "hand_over",
    "interpret",
    "threaded",
]

Bind = Callable[["View", Scope, Receive, Send, Sequence[str]], Awaitable[Any]]

SENT: Any = type("Sent", (), {"__repr__": lambda self: "SENT", "__slots__": ()})()
"""The result of a view that has answered by itself."""

_NO_DEFAULTS: Mapping[str, Any] = MappingProxyType({})
_NO_MODELS = frozenset((None, Any, dict, list, str, int, float, bool, bytes, tuple, set)) | {
    *("None", "Any", "dict", "list", "str", "int", "float", "bool", "bytes", "dict[str, Any]")
}
"""PERF: return annotations that are so common that nothing has to be evaluated for them."""

_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE


class Instance(Protocol):
    """An instance of an endpoint class, whose verbs are coroutine functions."""

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Any]]: ...


class Level:
    """What the entries of one application have in common, in one place of the tree."""

    __slots__ = ("chain", "mounts", "root", "types")

    def __init__(
        self,
        root: Any,
        chain: tuple[Any, ...],
        mounts: tuple[tuple[Any, Any], ...],
        types: Mapping[str, str],
    ) -> None:
        self.root = root
        """The outermost application."""
        self.chain = chain
        """Applications around the entry, the innermost first."""
        self.mounts = mounts
        """The flattened mounts below the unit, outermost first, each with its application."""
        self.types = types
        """Parameters of all prefixes, with their types."""

    def below(self, mount: Any, group: bool) -> Level:
        """The level of the application that a mount leads to."""
        mounts = () if group else (*self.mounts, (mount, mount.app))
        types = {**self.types, **param_types(mount.segments)}
        return Level(self.root, (mount.app, *self.chain), mounts, types)


class View:
    """One entry; what its binder needs to know is here."""

    __slots__ = (
        "_respond",
        "_texts",
        "bind",
        "body",
        "call",
        "defaults",
        "entry",
        "level",
        "places",
        "reads",
        "taken",
        "unit",
        "verb",
    )

    def __init__(self, entry: Any, level: Level, verb: str = "") -> None:
        self.entry = entry
        self.level = level
        self.verb = verb
        """Of a class, the HTTP method that is answered here; "" for all of them."""
        self.bind: Bind = as_declared
        self.call: Callable[..., Awaitable[Any]]
        """The handler; one that is synchronous runs in a worker thread."""
        self.defaults: Mapping[str, Any] = _NO_DEFAULTS
        """Default values by parameter, as they are now."""
        self.body: Callable[[bytes], Any]
        """Gives the parameter that is filled from the body, from the bytes of JSON."""
        self.reads: Mapping[str, Callable[[str], Any]]
        """How values of the query are read, for annotations that are no primitives."""
        self.places: tuple[tuple[str, int, Callable[[str], Any]], ...] | None = None
        """Where parts of the path stand, counted from its end."""
        self.unit: Any = None
        """What serves a group, for a mount."""
        self.taken: Any = None
        """What the compiled module asked for."""
        self._respond: Any = None
        self._texts: tuple[tuple[str, int], ...] | None = None

    def respond(self) -> Any:
        """What answers here, with parameters filled as the interpreted router fills them.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        if self._respond is None:
            self._respond = self.entry.bind(self.level.chain, self.level.types)
        return self._respond

    def settle(self) -> None:
        """Find out how parameters are filled that only the live objects explain, and take a binder
        that does just that.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        self.bind = as_declared
        binding = self.respond()
        if self.entry.kind == "http":
            from flama._live import live

            self.bind = live(binding, self.verb) or as_declared

    def forget(self) -> None:
        """Parameters are filled by something else from now on."""
        self._respond = None

    @property
    def handler(self) -> Any:
        """The callable that answers, for messages."""
        if self.verb:
            endpoint = self.entry.endpoint
            return getattr(endpoint, endpoint.verbs()[self.verb])
        return self.entry.endpoint

    def open(
        self, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> tuple[Scope, Send, Mapping[str, str]]:
        """Write all that code of a view may look for into the scope: gives the scope that it sees,
        the `send` that it uses, and the texts of all path parameters."""
        send = opened(self.level.root, scope, receive, send)
        inner, texts = entered(self, scope, segments)
        return inner, send, texts

    def texts(self, scope: Scope, segments: Sequence[str]) -> Mapping[str, str]:
        """The texts of all path parameters, from a scope that nothing was written into."""
        places = self._texts
        if places is None:
            template = [part for mount, _ in self.level.mounts for part in mount.segments]
            template += self.entry.segments
            places = self._texts = tuple(
                (part.name, place - len(template))
                for place, part in enumerate(template)
                if isinstance(part, Param)
            )
        own = {name: segments[place] for name, place in places}
        prefix = scope.get("flama.prefix")
        return {**prefix.texts, **own} if prefix is not None and prefix.texts else own

    def instance(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        segments: Sequence[str],
        body: bytes | None = None,
    ) -> Instance:
        """An instance of the endpoint class, which looks at the request when it is asked to.

        :param body: The bytes of the request body, where they have been read.
        """
        made = object.__new__(self.entry.endpoint)
        made._late = self, scope, receive, send, segments
        if body is not None:
            made._body = body
        return made  # type: ignore[no-any-return]

    @property
    def signature(self) -> Signature:
        """What the handler takes, annotations as they stand; of a verb, without `self`."""
        from flama._signatures import read, read_method

        if self.verb:
            endpoint = self.entry.endpoint
            return read_method(endpoint, endpoint.verbs()[self.verb])
        return read(self.entry.endpoint)

    def take_handler(self, function: FunctionType) -> None:
        """Get ready for a binder that calls the registered function itself."""
        if function.__code__.co_flags & _COROUTINE:
            self.call = function
        else:
            self.call = threaded(function)
        self._take_defaults(function)
        check = self._check_of(function)
        if check is not None:
            from flama._promises import checked

            self.call = checked(self.call, check)

    def take_verb(self) -> bool:
        """Get ready for a binder that makes an instance and calls its verb; False where that is not
        all: the class has a say in making instances, or the verb is wrapped, is synchronous, or
        has its results checked."""
        from flama.endpoints import is_plain

        endpoint = self.entry.endpoint
        function = inspect.getattr_static(endpoint, endpoint.verbs()[self.verb])
        if (
            type(function) is not FunctionType
            or hasattr(function, "__wrapped__")
            or not function.__code__.co_flags & _COROUTINE
            or not is_plain(endpoint)
            or self._check_of(function) is not None
        ):
            return False
        self._take_defaults(function)
        return True

    def _take_defaults(self, function: FunctionType) -> None:
        positional = function.__defaults__
        if positional:
            code = function.__code__
            names = code.co_varnames[code.co_argcount - len(positional) : code.co_argcount]
            self.defaults = dict(zip(names, positional, strict=True))
        if function.__kwdefaults__:
            self.defaults = {**self.defaults, **function.__kwdefaults__}

    def _check_of(self, function: FunctionType) -> Callable[[Any], Any] | None:
        """What the return annotation asks of results."""
        returns = function.__annotations__.get("return")
        try:
            if returns in _NO_MODELS:
                return None
        except TypeError:
            pass  # an annotation that cannot be hashed is no name of a primitive
        from flama._signatures import resolve
        from flama.results import checker

        return checker(resolve(self.signature).returns)


def threaded(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """A synchronous view as something to await."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        from flama._threads import run

        result = await run(function, args, kwargs)
        if hasattr(result, "__await__"):
            # A plain function around an asynchronous one.
            result = await result
        return result

    return call


async def as_declared(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
) -> Any:
    """The binder of views whose parameters only the live objects explain."""
    send = opened(view.level.root, scope, receive, send)
    inner, texts = entered(view, scope, segments)
    await view.respond()(inner, receive, send, texts)
    return SENT


async def hand_over(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
) -> Any:
    """The binder of mounts: a foreign application, or a group with its own layers."""
    send = opened(view.level.root, scope, receive, send)
    allowed = scope.pop("flama.allowed", frozenset())
    inner = descended(view, scope, segments)
    mount = view.entry
    start = 1 + sum(len(above.segments) for above, _ in view.level.mounts)
    texts, taken = prefix_texts(mount, start, segments)
    if view.unit is None:
        await mount.handle(inner, receive, send, texts, taken, allowed)
        return SENT
    below = mounted_scope(inner, mount.segments, texts, taken, allowed)
    below["flama.chain"] = (mount.app, *view.level.chain)
    await view.unit(below, receive, send)
    return SENT


async def interpret(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
) -> Any:
    """The binder of dynamic sites: the interpreted router of the unit searches from its start."""
    from flama._tree import router_of

    send = opened(view.level.root, scope, receive, send)
    scope.pop("flama.allowed", None)
    router = router_of(scope["flama.chain"][0])
    await router.dispatch(scope, receive, send)  # type: ignore[union-attr]
    return SENT
