"""How the parameters of a view are filled: decided once per view, not once per request.

`plan(signature, reach)` takes what a callable wants and where it stands (its applications, the
path parameters of its route, the protocol), and finds the source of every parameter, recursively
through components. It raises `ApplicationError` for a parameter that nothing can fill. The
resulting `Plan` (`flama._filling`) is a list of closures::

    reach = Reach((shop, main), {"item_id": "int"}, "http")
    planned = plan(resolve(read(view)), reach, describe(view))      # at start-up, or at load
    call = Call(scope, receive, send, {"item_id": "007"})           # per request
    args, kwargs = await planned.arguments(call)                    # ([], {"item_id": 7, ...})
    result = view(*args, **kwargs)
    await call.close()                                              # the files of a form

Parameters are passed by keyword, positional-only ones by position. A parameter is filled by the
first that applies: the connection, components (own before parents'), other injectable types, the
path, the query, the body. Values of path and query are all checked before anything else happens,
for the view and its components together: path errors first and alone, then all query errors.

`Plan.awaits` says whether `arguments` may wait; when it does not, `arguments_now(call)` gives the
same without a coroutine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from flama._call import Call
from flama._filling import NOTHING, Filler, Input, Plan, Resolution, Value
from flama._signatures import EMPTY, Parameter, Signature, describe, read, resolve
from flama._sources import body_source, connection_source, injectable_source
from flama.bodies import body_of
from flama.coercion import bare, coercion
from flama.exceptions import ApplicationError
from flama.injection import Component
from flama.paths import CONVERTERS
from flama.types import Body

__all__ = ["Call", "Input", "Plan", "Reach", "check_components", "plan"]


class Reach(NamedTuple):
    """Where a view stands."""

    apps: tuple[Any, ...]
    """The applications and routers around the view, its own first; each has `components`."""
    params: Mapping[str, str]
    """Path parameters of the route and of all mounts above it, with their types."""
    protocol: Literal["http", "websocket"]
    given: frozenset[Any] = frozenset()
    """More annotations whose values the caller puts in `Call.given`, such as `types.Data`."""


def plan(signature: Signature, reach: Reach, name: str) -> Plan:
    """How to fill the parameters of a callable.

    :param signature: Resolved: without strings as annotations.
    :param name: The callable's name, for messages.
    :raises ApplicationError: A parameter that nothing can fill, two bodies, a cycle of components.
    """
    planner = _Planner(reach)
    positional, keyword = planner.fillers(signature, name, None)
    return Plan(
        positional,
        keyword,
        planner.path,
        planner.query,
        wants_bytes=planner.bytes,
        inputs=tuple(planner.inputs),
        # A connection calls several hooks; a request calls one view.
        shared=lambda key: reach.protocol == "websocket" or planner.keys[key] > 1,
    )


def check_components(components: Iterable[Component], apps: tuple[Any, ...]) -> None:
    """Whether components that no view asks for need each other in a circle, too.

    :raises ApplicationError: They do.
    """
    for component in components:
        planner = _Planner(Reach(apps, {}, "http"))
        if type(component).can_handle_parameter is Component.can_handle_parameter:
            try:
                planner.resolved(component, Parameter("", component.returns))
            except ApplicationError:
                # What else is wrong with it matters where a view asks for it.
                if planner.cycle:
                    raise


class _Planner:
    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.path: list[Value] = []
        self.query: list[Value] = []
        self.keys: Counter[Any] = Counter()
        """How often each value of a component that may be shared is asked for."""
        self.inputs: list[Input] = []
        self.bytes = False
        self.cycle = False
        """Components were found to need each other."""
        self._resolving: list[Component] = []

    def fillers(
        self, signature: Signature, name: str, resolved: Parameter | None
    ) -> tuple[list[Filler], list[tuple[str, Filler]]]:
        """`resolved`: the parameter that a component is asked for, when this is its `resolve`."""
        positional: list[Filler] = []
        keyword: list[tuple[str, Filler]] = []
        bodies: list[str] = []
        for parameter in signature.parameters:
            if parameter.kind in ("var-positional", "var-keyword"):
                if parameter.annotation is EMPTY:
                    continue
                stars = "*" if parameter.kind == "var-positional" else "**"
                raise ApplicationError(
                    f"the parameter '{stars}{parameter.name}' of {name} has an annotation, "
                    "but nothing can fill it: remove the annotation and it stays empty"
                )
            filler = self._filler(parameter, name, resolved, bodies)
            if len(bodies) > 1:
                raise ApplicationError(
                    f"{name} has two parameters for the body, {bodies[0]!r} and {bodies[1]!r}"
                )
            if parameter.kind == "positional-only":
                positional.append(filler)
            else:
                keyword.append((parameter.name, filler))
        return positional, keyword

    def _filler(
        self, parameter: Parameter, name: str, resolved: Parameter | None, bodies: list[str]
    ) -> Filler:
        annotation = bare(parameter.annotation)
        reach = self.reach
        if resolved is not None and annotation is Parameter:
            return Filler(lambda call: resolved)
        source = connection_source(annotation, reach.protocol, reach.apps)
        if source is not None:
            return source
        component = self._component(parameter)
        if component is not None:
            return self.resolved(component, parameter)
        if _is_given(annotation, reach.given):
            return Filler(lambda call: call.given[annotation])
        found = injectable_source(annotation, reach.protocol)
        if found is not None:
            self.bytes = self.bytes or annotation is Body
            return found
        if parameter.name in reach.params:
            self.inputs.append(Input("path", parameter))
            return self._path_value(parameter, name)
        reading = coercion(annotation)
        if reading is not None:
            self.inputs.append(Input("query", parameter))
            key = (parameter.name, reading.convert, reading.many, parameter.default)
            return self._value(self.query, *key)
        body = body_of(parameter) if reach.protocol == "http" else None
        if body is not None:
            bodies.append(parameter.name)
            self.inputs.append(Input("body", parameter))
            return body_source(body)
        raise ApplicationError(_unfillable(parameter, name, reach))

    def _path_value(self, parameter: Parameter, name: str) -> Filler:
        annotation = parameter.annotation
        if annotation is EMPTY or annotation is Any:
            convert: Callable[[Any], Any] = CONVERTERS[self.reach.params[parameter.name]].convert
        else:
            reading = coercion(annotation)
            if reading is None or reading.many:
                raise ApplicationError(
                    f"the parameter {parameter.name!r} of {name} is a part of the path, "
                    f"which cannot hold {_shown(annotation)}"
                )
            convert = reading.convert
        return self._value(self.path, parameter.name, convert, False, EMPTY)

    def _value(
        self,
        values: list[Value],
        name: str,
        convert: Callable[[Any], Any],
        many: bool,
        default: Any,
    ) -> Filler:
        slot = len(self.path) + len(self.query)
        values.append(Value(slot, name, convert, many, default))
        return Filler(lambda call: call.slots[slot])

    def _component(self, parameter: Parameter) -> Component | None:
        for app in self.reach.apps:
            for component in app.components:
                if component.can_handle_parameter(parameter):
                    found: Component = component
                    return found
        return None

    def resolved(self, component: Component, parameter: Parameter) -> Filler:
        # By identity: components may define equality for purposes of their own.
        begun = [place for place, other in enumerate(self._resolving) if other is component]
        if begun:
            chain = [*self._resolving[begun[0] :], component]
            self.cycle = True
            raise ApplicationError(
                "components need each other in a cycle: "
                + " -> ".join(type(part).__name__ for part in chain)
            )
        resolver = component._resolver
        name = f"{describe(type(component))}.resolve"
        signature = resolve(read(resolver))
        self._resolving.append(component)
        try:
            positional, keyword = self.fillers(signature, name, parameter)
        finally:
            self._resolving.pop()
        key = _cache_key(component, parameter, signature) if component.cacheable else None
        self.keys[key] += 1
        resolution = Resolution(resolver, positional, keyword, key)
        inside = resolution.fillers()
        return Filler(
            resolution,
            True,
            max((filler.needs for filler in inside), default=NOTHING),
            any(filler.forms for filler in inside),
        )


def _cache_key(component: Component, parameter: Parameter, signature: Signature) -> Any:
    """What a resolved value is shared under, in one request.

    A component that looks at more than the type may give another value for another parameter.
    """
    by_type = type(component).can_handle_parameter is Component.can_handle_parameter
    if by_type and not any(p.annotation is Parameter for p in signature.parameters):
        return id(component)
    return (id(component), parameter.name, repr(parameter.annotation), id(parameter.default))


def _is_given(annotation: Any, given: frozenset[Any]) -> bool:
    return any(annotation is kind for kind in given)


def _unfillable(parameter: Parameter, name: str, reach: Reach) -> str:
    if parameter.annotation is EMPTY:
        return (
            f"the parameter {parameter.name!r} of {name} has no annotation and is no part of the "
            "path, so nothing can fill it"
        )
    return (
        f"the parameter {parameter.name!r} of {name}, {_shown(parameter.annotation)}, cannot be "
        f"filled from {_PROTOCOLS[reach.protocol]}, and no component resolves it"
    )


_PROTOCOLS = {"http": "an HTTP request", "websocket": "a websocket"}


def _shown(annotation: Any) -> str:
    if isinstance(annotation, type):
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return repr(annotation)
