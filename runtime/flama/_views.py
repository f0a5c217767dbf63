"""One registered entry as compiled dispatch calls it, and the scope that its code sees.

A `View` is a route, or a mount that takes the whole request: a foreign application or a group. Its
`bind` is a function of `(view, scope, receive, send, segments)` which gives the result to await:
what the handler returns, or `SENT` when it has answered by itself.

Applications between the unit (the outermost application or a group) and the entry are flattened:
no code of theirs runs. What they would have written into the scope is written only for code that
reads it, by `enter`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import CO_COROUTINE, CO_ITERABLE_COROUTINE
from types import FunctionType, MappingProxyType
from typing import Any

from flama._layers import Watch
from flama._matching import mounted_scope, param_types
from flama.paths import CONVERTERS, Param
from flama.types import Receive, Scope, Send

__all__ = [
    "SENT",
    "Level",
    "View",
    "as_declared",
    "descend",
    "enter",
    "hand_over",
    "interpret",
    "opened",
    "threaded",
]

Bind = Callable[["View", Scope, Receive, Send, Sequence[str]], Awaitable[Any]]

SENT: Any = type("Sent", (), {"__repr__": lambda self: "SENT", "__slots__": ()})()
"""The result of a view that has answered by itself."""

_NO_DEFAULTS: Mapping[str, Any] = MappingProxyType({})
_NO_MODELS = frozenset((None, Any, dict, list, str, int, float, bool, bytes, tuple, set)) | {
    *("None", "Any", "dict", "list", "str", "int", "float", "bool", "bytes", "dict[str, Any]"),
}
"""PERF: return annotations that are so common that nothing has to be evaluated for them."""

_COROUTINE = CO_COROUTINE | CO_ITERABLE_COROUTINE


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
        "bind",
        "body",
        "call",
        "defaults",
        "entry",
        "level",
        "places",
        "reads",
        "unit",
    )

    def __init__(self, entry: Any, level: Level) -> None:
        self.entry = entry
        self.level = level
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
        self._respond: Any = None

    def respond(self) -> Any:
        """What answers here, with parameters filled as the interpreted router fills them.

        :raises ApplicationError: A parameter that nothing can fill.
        """
        if self._respond is None:
            self._respond = self.entry.bind(self.level.chain, self.level.types)
        return self._respond

    def take_handler(self) -> None:
        """Get ready for a binder that calls the registered function itself."""
        function: FunctionType = self.entry.endpoint
        if function.__code__.co_flags & _COROUTINE:
            self.call = function
        else:
            self.call = threaded(function)
        positional = function.__defaults__
        if positional:
            code = function.__code__
            names = code.co_varnames[code.co_argcount - len(positional) : code.co_argcount]
            self.defaults = dict(zip(names, positional, strict=True))
        if function.__kwdefaults__:
            self.defaults = {**self.defaults, **function.__kwdefaults__}
        returns = function.__annotations__.get("return")
        try:
            if returns in _NO_MODELS:
                return
        except TypeError:
            pass  # an annotation that cannot be hashed is no name of a primitive
        from flama._promises import check_results

        self.call = check_results(function, self.call)


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
    inner = descend(view, scope, segments)
    texts = enter(view, inner, segments)
    await view.respond()(inner, receive, send, texts)
    return SENT


async def hand_over(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
) -> Any:
    """The binder of mounts: a foreign application, or a group with its own layers."""
    send = opened(view.level.root, scope, receive, send)
    allowed = scope.pop("flama.allowed", frozenset())
    inner = descend(view, scope, segments)
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


def opened(root: Any, scope: Scope, receive: Receive, send: Send) -> Send:
    """Write what the outermost application and its layers write into the scope of a request, where
    no layer has done it; gives the `send` to use, which notes that a response has begun."""
    if scope.get("flama.root") is not root:
        root.begin(scope)
    elif "flama.watch" in scope:
        return send
    watch = scope["flama.watch"] = Watch(receive, send)
    scope["flama.handlers"] = (root.exception_handlers,)
    return watch.send


def descend(view: View, scope: Scope, segments: Sequence[str]) -> Scope:
    """The scope below the mounts between the unit and an entry; noted in the scope above, because
    an exception is answered with it."""
    start = 1
    for mount, app in view.level.mounts:
        texts, taken = prefix_texts(mount, start, segments)
        below = mounted_scope(scope, mount.segments, texts, taken)
        below["flama.chain"] = (app, *scope["flama.chain"])
        life = getattr(app, "lifecycle", None)
        if life is not None:
            below["app"] = app
            below.setdefault("state", {}).update(life.state)
        scope["flama.inner"] = below
        scope = below
        start += len(mount.segments)
    return scope


def enter(view: View, scope: Scope, segments: Sequence[str]) -> dict[str, str]:
    """Write what the matched route adds to the scope; gives the texts of all path parameters."""
    route = view.entry
    places = view.places
    if places is None:
        # PERF: the template is read once, from its end: the prefix before it has any length.
        length = len(route.segments)
        places = view.places = tuple(
            (segment.name, position - length, CONVERTERS[segment.type].convert)
            for position, segment in enumerate(route.segments)
            if isinstance(segment, Param)
        )
    prefix = scope["flama.prefix"]
    values, texts = dict(prefix.values), dict(prefix.texts)
    for name, position, convert in places:
        text = texts[name] = segments[position]
        values[name] = convert(text)
    scope["path_params"] = values
    scope["route"] = route
    scope["endpoint"] = route.endpoint
    return texts


def prefix_texts(mount: Any, start: int, segments: Sequence[str]) -> tuple[dict[str, str], str]:
    """The texts of a prefix's parameters, and the text that the prefix matched.

    :param start: Index of its first segment. Without segments the prefix has literals only.
    """
    template = mount.segments
    if not segments:
        return {}, "".join(f"/{segment}" for segment in template)
    own = segments[start : start + len(template)]
    texts = {
        segment.name: text
        for segment, text in zip(template, own, strict=True)
        if isinstance(segment, Param)
    }
    return texts, "".join(f"/{text}" for text in own)
