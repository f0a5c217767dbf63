"""Views: where each parameter of a route's callables comes from, at its place in the tree.

The order is that of the framework: the connection, components (own before parents'), the other
injectable types, the path, the query, the body. What none of them takes is unfillable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from flama_compile.ir.routes import Origin, Parameter, View
from flama_compile.link import classes, framework, hints, plain, signatures
from flama_compile.link.applications import Application
from flama_compile.link.signatures import Signature, Taken
from flama_compile.link.values import MISSING, ClassValue, Instance, Scope, Unknown, Value
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Reach", "check_components", "class_views", "function_view"]


class Reach(NamedTuple):
    """Where a view stands: the applications around it, its own first, and the path's types."""

    applications: tuple[Application, ...]
    params: Mapping[str, str]
    protocol: str


class _Component(NamedTuple):
    """What one component resolves."""

    value: Value
    returns: hints.Reading | None
    """None when only the live object can tell which parameters it resolves."""
    defect: str = ""
    """Why it cannot tell either."""


def function_view(machine: Machine, endpoint: Value, reach: Reach) -> View:
    """The view of a function or another callable."""
    return _view(machine, "", signatures.read(machine, endpoint), reach)


def class_views(
    machine: Machine, cls: ClassValue, verbs: list[str], reach: Reach
) -> tuple[View, ...]:
    """One view for each verb or hook of a class."""
    return tuple(
        _view(machine, verb, signatures.read_method(machine, cls, verb), reach) for verb in verbs
    )


def _view(machine: Machine, verb: str, signature: Signature, reach: Reach) -> View:
    if not signature.known:
        return View(verb, (), signature.awaits, "*", late=True)
    parameters = tuple(_parameter(machine, taken, reach) for taken in signature.parameters)
    returns = ""
    if signature.returns is not MISSING:
        scope = signature.parameters[0].scope if signature.parameters else None
        reading = hints.read(
            machine, signature.returns, scope if isinstance(scope, Scope) else None
        )
        returns = reading.text
        _tell_model(machine, reading, signature.returns_span)
    return View(verb, parameters, signature.awaits, returns)


def _parameter(machine: Machine, taken: Taken, reach: Reach) -> Parameter:
    if taken.annotation is MISSING:
        reading = None
        text = ""
    else:
        scope = taken.scope if isinstance(taken.scope, Scope) else None
        value = hints.resolve(machine, taken.annotation, scope)
        if isinstance(value, Unknown) and value.reason == hints.UNDEFINED:
            _tell_undefined(machine, taken, value)
        reading = hints.read(machine, value, scope)
        text = reading.text
        _tell_model(machine, reading, taken.span)
    origin = _origin(machine, taken, reading, reach)
    if origin == "component" and reading is not None:
        _check_resolver(machine, reading, reach, ())
    if origin == "unfillable" and reading is not None and hints.is_annotated(reading.value):
        # The reason, perhaps: for components it is another type than the one inside it.
        text = f"Annotated[{text}]"
    return Parameter(taken.name, taken.kind, text, taken.default, origin, taken.span)


def _origin(machine: Machine, taken: Taken, reading: hints.Reading | None, reach: Reach) -> Origin:
    if taken.kind in ("var-positional", "var-keyword"):
        return "empty" if reading is None else "unfillable"
    if reading is not None:
        if reading.form == "connection" and reach.protocol in reading.protocols:
            return "connection"
        if reading.form == "unknown":
            return "late"
    found = _component(machine, reading, reach)
    if found is not None:
        return found
    if reading is not None and reading.form == "injected" and reach.protocol in reading.protocols:
        return "connection"
    primitive = reading is not None and reading.value in framework.PRIMITIVE_INSIDE
    if taken.name in reach.params:
        if reading is None or primitive or reading.form in ("query", "any"):
            return "path"
        return "unfillable"
    if reading is None:
        return "unfillable"
    if primitive or reading.form in ("query", "list"):
        return "query"
    if reading.form == "body" and reach.protocol == "http":
        return "body"
    return "unfillable"


def _component(machine: Machine, reading: hints.Reading | None, reach: Reach) -> Origin | None:
    """`component` where one is sure to take it, `late` where one may, None where none can."""
    for app in reach.applications:
        late = app.components_unknown
        for component in app.components:
            known = _described(machine, component)
            if known.returns is None:
                if known.defect and not late:
                    _tell_defect(machine, component, known.defect)
                late = True
            elif reading is not None and _is_same(known.returns, reading):
                return "late" if late else "component"
        if late:
            return "late"
    return None


def _is_same(returns: hints.Reading, reading: hints.Reading) -> bool:
    """Whether two annotations are one type: the same class, or aliases written alike."""
    if returns.form == "unknown" or reading.form == "unknown":
        return False
    one, other = returns.value, reading.value
    if one is other or (one == other and one is not None):
        return True
    return type(one) is type(other) and returns.text == reading.text and returns.text != "*"


def _described(machine: Machine, component: Value) -> _Component:
    key = ("component", id(component))
    if key not in machine.caches:
        machine.caches[key] = (component, _describe(machine, component))
    found: _Component = machine.caches[key][1]
    return found


def _check_resolver(
    machine: Machine, reading: hints.Reading, reach: Reach, above: tuple[Value, ...]
) -> None:
    """Report what nothing can fill in the `resolve` of a component that a view is sure to need."""
    component = _needed(machine, reading, reach.applications)
    if not isinstance(component, Instance) or component in above:
        return
    applications = tuple(map(id, reach.applications))
    key = ("resolver", id(component), tuple(reach.params.items()), reach.protocol, applications)
    if key in machine.caches:
        return
    machine.caches[key] = component
    signature = signatures.read_method(machine, component.cls, "resolve")
    for taken in signature.parameters if signature.known else ():
        scope = taken.scope if isinstance(taken.scope, Scope) else None
        inner = (
            None if taken.annotation is MISSING else hints.read(machine, taken.annotation, scope)
        )
        if inner is not None and inner.value == framework.PARAMETER:
            continue
        origin = _origin(machine, taken, inner, reach)
        if origin == "component" and inner is not None:
            _check_resolver(machine, inner, reach, (*above, component))
        elif origin == "unfillable":
            machine.tell(
                machine.diagnostic(
                    "FC306",
                    f"nothing can fill parameter `{taken.name}` of `{component.cls.name}.resolve`",
                    taken.span,
                    (
                        "no part of the path, and no component provides its annotation"
                        if inner is not None
                        else "not in the path, and it has no annotation"
                    ),
                    ("annotate it with a primitive, an injectable type or another component's",),
                )
            )


def _describe(machine: Machine, component: Value) -> _Component:
    if not isinstance(component, Instance) or component.cls.open is not None:
        return _Component(component, None)
    if classes.own_attribute(component.cls, "can_handle_parameter") is not None:
        return _Component(component, None)
    if "resolve" in component.attributes or _answers_itself(component.cls):
        return _Component(component, None)
    resolver = classes.own_attribute(component.cls, "resolve")
    if resolver is None or plain.is_constant(resolver[1]):
        return _Component(component, None, "has no method `resolve`")
    signature = signatures.read_method(machine, component.cls, "resolve")
    if signature.known and signature.returns is MISSING:
        return _Component(component, None, "has a `resolve` without a return annotation")
    if not signature.known:
        return _Component(component, None)
    returns = hints.read(machine, signature.returns)
    if returns.form == "unknown":
        return _Component(component, None)
    return _Component(component, returns)


def _answers_itself(cls: ClassValue) -> bool:
    """Whether a class says by other means what its objects resolve."""
    names = ("returns", "__getattr__", "__getattribute__", "_resolver")
    return any(classes.own_attribute(cls, name) is not None for name in names)


def _tell_defect(machine: Machine, component: Value, defect: str) -> None:
    assert isinstance(component, Instance), "only a class of the project is known to lack it"
    machine.tell(
        machine.diagnostic(
            "FC217",
            f"component `{component.cls.name}` {defect}",
            component.cls.span,
            "the framework cannot tell which parameters it resolves",
            ("write `def resolve(self, …) -> Type`, or define `can_handle_parameter`",),
        )
    )


def _tell_undefined(machine: Machine, taken: Taken, why: Unknown) -> None:
    machine.tell(
        machine.diagnostic(
            "FC218",
            f"the annotation of `{taken.name}` cannot be evaluated: {why.detail}",
            taken.span,
            "the framework evaluates it when the application starts",
            ("import the name where the module runs, not only under `if TYPE_CHECKING`",),
        )
    )


def _tell_model(machine: Machine, reading: hints.Reading, span: Span | None) -> None:
    if not reading.problem:
        return
    machine.tell(
        machine.diagnostic(
            "FC219",
            f"`SchemaMetadata` names no model: {reading.problem}",
            span,
            "a model is wanted here",
            ("give a pydantic model, a dataclass, a `msgspec.Struct` or a `TypedDict`",),
        )
    )


def check_components(machine: Machine, applications: tuple[Application, ...]) -> None:
    """Report components that need each other in a circle; the framework refuses to start."""
    for component in applications[0].components:
        _follow(machine, component, applications, [])


def _follow(
    machine: Machine, component: Value, applications: tuple[Application, ...], path: list[Value]
) -> None:
    if component in path or not isinstance(component, Instance):
        if component in path and isinstance(component, Instance):
            _tell_circle(machine, [*path[path.index(component) :], component])
        return
    if _described(machine, component).returns is None or len(path) > 50:
        return
    signature = signatures.read_method(machine, component.cls, "resolve")
    for taken in signature.parameters:
        if taken.annotation is MISSING:
            continue
        reading = hints.read(machine, taken.annotation)
        if reading.form in ("connection", "unknown"):
            continue
        needed = _needed(machine, reading, applications)
        if needed is not None:
            _follow(machine, needed, applications, [*path, component])


def _needed(
    machine: Machine, reading: hints.Reading, applications: tuple[Application, ...]
) -> Value:
    for app in applications:
        if app.components_unknown:
            return None
        for component in app.components:
            known = _described(machine, component)
            if known.returns is None:
                return None
            if _is_same(known.returns, reading):
                return component
    return None


def _tell_circle(machine: Machine, path: list[Value]) -> None:
    names = [one.cls.name for one in path if isinstance(one, Instance)]
    least = min(range(len(names) - 1), key=lambda at: names[at])
    ordered = [*names[least:-1], *names[:least], names[least]]
    first = next(one for one in path if isinstance(one, Instance) and one.cls.name == ordered[0])
    machine.tell(
        machine.diagnostic(
            "FC214",
            "components need each other in a circle: " + " → ".join(ordered),
            first.cls.span,
            "its `resolve` needs what needs it",
            ("let one of them take the request instead of the other component",),
        )
    )
