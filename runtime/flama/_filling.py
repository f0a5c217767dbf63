"""Fills the parameters of one callable from one request, as `flama._planning` decided.

A `Plan` is a list of closures, made once. Values of path and query are all read before anything
else happens (`check`), then every parameter has its filler called, in order. A filler says whether
what it gives may have to be awaited, and how much of a request it needs: most need neither the
request object nor what dispatch writes into the scope, which is then not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from flama._call import Call
from flama._signatures import EMPTY, Parameter
from flama.coercion import Mismatch, mismatch, missing
from flama.exceptions import ValidationError

__all__ = ["NOTHING", "REQUEST", "SCOPE", "Filler", "Input", "Plan", "Resolution", "Value"]

NOTHING, REQUEST, SCOPE = 0, 1, 2
"""What a filler needs: the call alone, a request object that nobody else sees, or the scope with
all that dispatch writes into it."""


class Input(NamedTuple):
    """One value that a request has to or may carry, for the view or for one of its components."""

    origin: Literal["path", "query", "body"]
    parameter: Parameter


class Filler(NamedTuple):
    """Gives the value of one parameter."""

    fill: Callable[[Call], Any] | Resolution
    awaits: bool = False
    """What `fill` gives may have to be awaited."""
    needs: int = NOTHING
    forms: bool = False
    """A form in the body is parsed."""


class Value(NamedTuple):
    """One path or query value to be checked, and the slot where it goes."""

    slot: int
    name: str
    convert: Callable[[Any], Any]
    many: bool
    default: Any


class Resolution(NamedTuple):
    """A component's `resolve` and what fills its parameters: becomes a closure when it is known
    whether another parameter shares its value."""

    resolver: Callable[..., Any]
    positional: Sequence[Filler]
    keyword: Sequence[tuple[str, Filler]]
    key: Any
    """What the value is shared under, in one request; None for a value of its own."""

    def fillers(self) -> list[Filler]:
        """All of them."""
        return [*self.positional, *(filler for _, filler in self.keyword)]


Fill = tuple[Callable[[Call], Any], bool]
Keyword = tuple[tuple[str, Callable[[Call], Any], bool], ...]


class Plan:
    """How to fill the parameters of one callable.

    :param shared: Keys of components whose values are kept for the rest of the request.
    """

    def __init__(
        self,
        positional: Sequence[Filler],
        keyword: Sequence[tuple[str, Filler]],
        path: Sequence[Value],
        query: Sequence[Value],
        *,
        wants_bytes: bool,
        inputs: tuple[Input, ...],
        shared: Callable[[Any], bool],
    ) -> None:
        fillers = [*positional, *(filler for _, filler in keyword)]
        self.positional = tuple(_built(filler, shared) for filler in positional)
        self.keyword: Keyword = tuple((name, *_built(filler, shared)) for name, filler in keyword)
        self.path = tuple(path)
        self.query = tuple(query)
        self.checks = bool(path or query)
        """There are values of path or query to be read first."""
        self.wants_bytes = wants_bytes
        """The body is read before all fillers, before a form parser takes it from the stream."""
        self.inputs = inputs
        self.awaits = any(filler.awaits for filler in fillers)
        """`arguments` may wait; otherwise `arguments_now` gives the same."""
        self.needs = max((filler.needs for filler in fillers), default=NOTHING)
        self.forms = any(filler.forms for filler in fillers)
        self._slots = len(path) + len(query)
        self._many = any(value.many for value in query)

    async def arguments(self, call: Call) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments for this request.

        :raises ValidationError: The path, the query or the body does not hold what is declared.
        :raises HTTPException: The body cannot be parsed.
        """
        if self.checks:
            self.check(call)
        if self.wants_bytes:
            await call.body()
        args = await _positional(self.positional, call) if self.positional else []
        return args, await _keyword(self.keyword, call)

    def arguments_now(self, call: Call) -> tuple[list[Any], dict[str, Any]]:
        """The same for a plan that does not await."""
        if self.checks:
            self.check(call)
        return (
            [fill(call) for fill, _ in self.positional],
            {name: fill(call) for name, fill, _ in self.keyword},
        )

    def check(self, call: Call) -> None:
        """Read every path and query value of the view and of its components.

        :raises ValidationError: One of them is missing or bad.
        """
        call.slots = slots = [None] * self._slots
        if self.path:
            texts = call.texts
            try:
                for slot, name, convert, _, _ in self.path:
                    slots[slot] = convert(texts[name])
            except Mismatch:
                raise self._path_errors(call) from None
        if not self.query:
            return
        lists = self._many
        found: Mapping[str, Any] = call.query_lists() if lists else call.query()
        try:
            for slot, name, convert, many, default in self.query:
                given = found.get(name)
                if given is not None:
                    slots[slot] = convert(given if many or not lists else given[-1])
                elif default is not EMPTY:
                    slots[slot] = default
                else:
                    raise Mismatch("missing", name)
        except Mismatch:
            # PERF: what is wrong is found out when something is: the places for errors of each
            # value took as long as reading them.
            raise self._query_errors(call) from None

    def _path_errors(self, call: Call) -> ValidationError:
        errors: dict[str, Any] = {}
        for _, name, convert, _, _ in self.path:
            text = call.texts[name]
            try:
                convert(text)
            except Mismatch as error:
                errors.setdefault(name, mismatch(name, error, text))
        return ValidationError(errors)

    def _query_errors(self, call: Call) -> ValidationError:
        errors: dict[str, Any] = {}
        last, every = call.query(), call.query_lists()
        for _, name, convert, many, default in self.query:
            given: Any = every.get(name) if many else last.get(name)
            if given is None:
                if default is EMPTY:
                    errors.setdefault(name, missing(name, last))
                continue
            try:
                convert(given)
            except Mismatch as error:
                errors.setdefault(name, mismatch(name, error, given))
        return ValidationError(errors)


async def _positional(fillers: Iterable[Fill], call: Call) -> list[Any]:
    args = []
    for fill, awaits in fillers:
        value = fill(call)
        if awaits and hasattr(value, "__await__"):
            value = await value
        args.append(value)
    return args


async def _keyword(fillers: Keyword, call: Call) -> dict[str, Any]:
    kwargs = {}
    for name, fill, awaits in fillers:
        value = fill(call)
        if awaits and hasattr(value, "__await__"):
            value = await value
        kwargs[name] = value
    return kwargs


# Components.


def _built(filler: Filler, shared: Callable[[Any], bool]) -> Fill:
    """A filler's function, of which only the result of awaiting it counts if it says so."""
    fill = filler.fill
    if not isinstance(fill, Resolution):
        return fill, filler.awaits
    positional = tuple(_built(one, shared) for one in fill.positional)
    keyword = tuple((name, *_built(one, shared)) for name, one in fill.keyword)
    key = fill.key if fill.key is not None and shared(fill.key) else None
    waits = any(awaits for _, awaits in positional) or any(awaits for _, _, awaits in keyword)
    if key is not None or waits or positional:
        return _resolution(fill.resolver, positional, keyword, key), True
    return _leaf(fill.resolver, keyword), True


def _leaf(resolver: Callable[..., Any], keyword: Keyword) -> Callable[[Call], Any]:
    """What `resolve` returns where its own parameters are at hand. A plain method may return
    something to await, too: who asks finds out."""
    if not keyword:
        return lambda call: resolver()
    if len(keyword) == 1:
        ((name, fill, _),) = keyword
        return lambda call: resolver(**{name: fill(call)})
    pairs = tuple((name, fill) for name, fill, _ in keyword)
    return lambda call: resolver(**{name: fill(call) for name, fill in pairs})


def _resolution(
    resolver: Callable[..., Any], positional: Sequence[Fill], keyword: Keyword, key: Any
) -> Callable[[Call], Any]:
    """The general form: a chain of components, or a value that is kept."""

    async def fill(call: Call) -> Any:
        if key is not None:
            if call.cache is None:
                call.cache = {}
            elif key in call.cache:
                return call.cache[key]
        args = await _positional(positional, call) if positional else ()
        kwargs = {}
        for name, one, awaits in keyword:
            value = one(call)
            if awaits and hasattr(value, "__await__"):
                value = await value
            kwargs[name] = value
        value = resolver(*args, **kwargs)
        if hasattr(value, "__await__"):
            value = await value
        if key is not None and call.cache is not None:
            call.cache[key] = value
        return value

    return fill
