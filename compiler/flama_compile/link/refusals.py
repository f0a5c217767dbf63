"""What the framework refuses when an application is put together.

Each function raises the Failure that stands for the framework's `ApplicationError`, at the place
of the argument, and does nothing where it cannot tell. They mirror the checks of `flama`:
`_arguments.py`, `_handlers.py`, `injection.py`, `middleware.py`, `modules.py`, `applications.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flama_compile.diagnostics import Label
from flama_compile.link import classes, framework, handlers, operations, packages, plain, signatures
from flama_compile.link.applications import Application
from flama_compile.link.arguments import Given, Missing
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    ClassValue,
    DictValue,
    External,
    ExternalObject,
    Instance,
    ListValue,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "check_component",
    "check_event",
    "check_handler",
    "check_layer",
    "check_settings",
    "check_view",
    "items",
    "refused",
]

_ENCODINGS = ("bytes", "text", "json", None)
_EVENTS = ("startup", "shutdown")
_STATUSES = range(100, 600)


def refused(
    machine: Machine,
    message: str,
    span: Span,
    help_: Sequence[str] = (),
    labels: Sequence[Label] = (),
) -> Failure:
    """What the framework refuses with an ApplicationError."""
    return machine.failure(
        "ApplicationError", "FC212", message, span, "refused here", help_, labels
    )


def items(
    machine: Machine, argument: str, value: Value, span: Span, code: str = "FC212"
) -> list[Value] | Unknown:
    """What an argument holds that is a list, or anything else that can be gone through."""
    try:
        return operations.iterate(machine, value, span)
    except Failure as failure:
        if failure.kind != "TypeError":
            raise
        what = f"`{argument}` is not a list"
        help_ = (f"write a list: `{argument}=[…]`",)
        raise machine.failure(
            "ApplicationError", code, what, span, "refused here", help_
        ) from failure


def check_view(machine: Machine, kind: External, endpoint: Value, given: Given) -> None:
    """A route's endpoint: something callable, or a class of views of the route's kind."""
    span = given.place("endpoint", 1)
    is_http = kind == framework.ROUTE
    if isinstance(endpoint, ClassValue | External) and _is_class(machine, endpoint):
        _check_class(machine, is_http, endpoint, span)
        return
    if signatures.is_callable(machine, endpoint) is False:
        raise refused(
            machine,
            "the endpoint cannot be called",
            span,
            ("register a function or a class of views",),
        )
    signature = signatures.read(machine, endpoint)
    if not is_http and signature.known and signature.awaits is False:
        raise _synchronous(machine, handlers.handler_of(machine, endpoint)[0].qualname, span)


def _synchronous(machine: Machine, name: str, span: Span, labels: Sequence[Label] = ()) -> Failure:
    return machine.failure(
        "ApplicationError",
        "FC308",
        f"websocket view `{name}` is not `async`",
        span,
        "registered as a websocket here",
        (f"write `async def {name.rpartition('.')[2]}`: it runs on the event loop",),
        labels,
    )


def _is_class(machine: Machine, value: ClassValue | External) -> bool:
    return isinstance(value, ClassValue) or packages.is_class(machine, value) is True


def _check_class(machine: Machine, is_http: bool, cls: ClassValue | External, span: Span) -> None:
    wanted = framework.HTTP_ENDPOINT if is_http else framework.WEBSOCKET_ENDPOINT
    other = framework.WEBSOCKET_ENDPOINT if is_http else framework.HTTP_ENDPOINT
    above = list(classes.ancestors(machine, cls))
    if wanted not in above:
        if any(isinstance(one, Unknown) for one in above):
            return
        name = cls.name.rpartition(".")[2]
        if other in above:
            right = "websocket_route" if is_http else "route"
            help_ = f"register it with `{right}`, or derive it from `flama.endpoints.{wanted.name}`"
        else:
            help_ = f"derive it from `flama.endpoints.{wanted.name}`"
        protocol = "" if is_http else "websocket "
        raise refused(
            machine, f"`{name}` is not a class of {protocol}views", span, (help_,), _defined(cls)
        )
    if is_http or not isinstance(cls, ClassValue):
        return
    found = classes.own_attribute(cls, "encoding")
    encoding = None if found is None else plain.bare(found[1])
    if not isinstance(encoding, Unknown) and encoding not in _ENCODINGS:
        shown = f"`{encoding!r}`" if plain.is_constant(encoding) else "an object"
        raise refused(
            machine,
            f"the encoding of `{cls.name}` is {shown}",
            span,
            ('an encoding is "bytes", "text", "json" or None',),
            _defined(cls),
        )
    for hook in framework.HOOKS:
        if classes.own_attribute(cls, hook) is None:
            continue
        signature = signatures.read_method(machine, cls, hook)
        if signature.known and signature.awaits is False:
            raise _synchronous(machine, f"{cls.qualname}.{hook}", span, _defined(cls))


def _defined(value: Value) -> tuple[Label, ...]:
    return (Label(value.span, "defined here"),) if isinstance(value, ClassValue) else ()


def check_component(machine: Machine, component: Value, span: Span) -> None:
    """A component is an object of a subclass of `Component`."""
    if isinstance(component, ClassValue) and framework.COMPONENT in component.order:
        raise refused(
            machine,
            f"`{component.name}` is the class of a component, not an object of it",
            span,
            (f"write `{component.name}()`",),
            _defined(component),
        )
    if isinstance(component, Instance):
        above = list(classes.ancestors(machine, component.cls))
        if framework.COMPONENT in above or any(isinstance(one, Unknown) for one in above):
            return
        raise refused(
            machine,
            f"an object of `{component.cls.name}` is no component",
            span,
            (f"derive `{component.cls.name}` from `flama.Component`",),
            _defined(component.cls),
        )
    if not isinstance(component, Unknown | ExternalObject | External):
        raise refused(
            machine,
            "what is added is no component",
            span,
            ("give an object of a class derived from `flama.Component`",),
        )


def check_layer(machine: Machine, layer: Value, span: Span) -> None:
    """A middleware is a class or a function that takes an application."""
    if signatures.is_callable(machine, layer) is False:
        raise refused(
            machine,
            "the middleware cannot be called with an application",
            span,
            ("give a class, or a `flama.middleware.Middleware` with its arguments",),
        )


def check_handler(machine: Machine, key: Value, handler: Value, given: Given) -> None:
    """An exception handler: for a class of exceptions or a status, with two or four arguments."""
    if _is_exception(machine, key) is False:
        raise refused(
            machine,
            "an exception handler is for a class of exceptions, or for a status",
            given.place("exc_class_or_status_code", 0),
            ("give a subclass of `Exception`, or a status from 100 to 599",),
        )
    place = given.place("handler", 1)
    if signatures.is_callable(machine, handler) is False:
        raise refused(
            machine, "the exception handler cannot be called", place, ("give a function",)
        )
    signature = signatures.read(machine, handler)
    if isinstance(handler, ClassValue) or not signature.known:
        return
    if not signatures.takes(signature, (2, 4)):
        raise refused(
            machine,
            "the exception handler takes neither `(request, exc)` nor four arguments",
            place,
            ("define it with `(request, exc)` or with `(scope, receive, send, exc)`",),
        )


def _is_exception(machine: Machine, key: Value) -> bool | None:
    if isinstance(key, ClassValue | External):
        if isinstance(key, External) and packages.is_class(machine, key) is not True:
            return None
        above = list(classes.ancestors(machine, key))
        if External("builtins", "Exception") in above:
            return True
        stdlib = isinstance(key, External) and key.module != "builtins"
        return None if stdlib or any(isinstance(one, Unknown) for one in above) else False
    number = plain.bare(key)
    if plain.is_constant(number):
        return isinstance(number, int) and not isinstance(number, bool) and number in _STATUSES
    return False if isinstance(key, Instance | ListValue | DictValue | tuple) else None


def check_event(machine: Machine, event: Value, handler: Value, given: Given) -> None:
    """The name of an event, and what runs at it; MISSING stands for a handler yet to come."""
    if plain.is_constant(plain.bare(event)) and plain.bare(event) not in _EVENTS:
        raise _no_event(machine, plain.bare(event), given.place("event", 0))
    if handler is not MISSING and signatures.is_callable(machine, handler) is False:
        place = given.place("handler", 1)
        raise refused(machine, "the event handler cannot be called", place, ("give a function",))


def _no_event(machine: Machine, event: Value, span: Span) -> Failure:
    return refused(
        machine,
        f"`{event!r}` is no event",
        span,
        ('the events are "startup" and "shutdown"',),
    )


def check_settings(machine: Machine, app: Application, found: Missing, given: Given) -> None:
    """Arguments of `Flama(...)` that do not register anything."""
    parent = found.get("parent")
    if parent is not None and _is_no_flama(parent):
        raise refused(
            machine, "the parent is no `Flama`", given.place("parent"), ("give a `Flama`",)
        )
    for name in ("openapi", "events"):
        value = found.get(name)
        if value is not None and _is_no_mapping(value):
            raise refused(
                machine, f"`{name}` is not a dict", given.place(name), (f"give `{name}` a dict",)
            )
    _check_events(machine, found.get("events"), given.place("events"))
    _check_modules(machine, app, found.get("modules"), given.place("modules"))
    lifespan = found.get("lifespan")
    if lifespan is not None and signatures.is_callable(machine, lifespan) is False:
        raise refused(
            machine,
            "the lifespan cannot be called with the application",
            given.place("lifespan"),
            ("give a function decorated with `contextlib.asynccontextmanager`",),
        )


def _is_no_flama(value: Value) -> bool:
    if isinstance(value, Application):
        return value.kind != "flama"
    return plain.is_constant(value) or isinstance(value, ListValue | DictValue | tuple | ClassValue)


def _is_no_mapping(value: Value) -> bool:
    return plain.is_constant(value) or isinstance(value, ListValue | SetValue | tuple | ClassValue)


def _check_events(machine: Machine, events: Value, span: Span) -> None:
    if not isinstance(events, DictValue):
        return
    for event, held in events.items.items():
        if plain.is_constant(plain.bare(event)) and plain.bare(event) not in _EVENTS:
            raise _no_event(machine, plain.bare(event), span)
        if signatures.is_callable(machine, held) is True:
            raise refused(
                machine,
                f"the handlers of {event!r} are one function",
                span,
                (f"write a list: `{{{event!r}: [handler]}}`",),
            )
        if isinstance(held, Unknown):
            continue
        items = operations.iterate(machine, held, span)
        for handler in () if isinstance(items, Unknown) else items:
            if signatures.is_callable(machine, handler) is False:
                raise refused(
                    machine, f"a handler of {event!r} cannot be called", span, ("give functions",)
                )


def _check_modules(machine: Machine, app: Application, modules: Value, span: Span) -> None:
    if modules is None or isinstance(modules, Unknown):
        return
    items = operations.iterate(machine, modules, span)
    names: set[str] = set()
    for module in () if isinstance(items, Unknown) else items:
        cls = module.cls if isinstance(module, Instance) else module
        if not isinstance(cls, ClassValue):
            if plain.is_constant(module):
                raise _no_module(machine, "a value", span)
            continue
        above = list(classes.ancestors(machine, cls))
        if framework.MODULE not in above:
            if any(isinstance(one, Unknown) for one in above):
                continue
            raise _no_module(machine, f"`{cls.name}`", span, _defined(cls))
        if isinstance(module, Instance) and "name" in module.attributes:
            continue
        own = classes.own_attribute(cls, "name")
        name = "" if own is None else plain.bare(own[1])
        if own is None or plain.is_constant(name) and (not name or not isinstance(name, str)):
            if cls.open is None and isinstance(module, ClassValue | Instance):
                if _names_itself(cls):
                    continue
                raise refused(
                    machine,
                    f"the module `{cls.name}` has no name",
                    span,
                    ('give its class a `name = "…"`',),
                    _defined(cls),
                )
        elif isinstance(name, str):
            _check_name(machine, app, cls, name, names, span)
            names.add(name)


def _names_itself(cls: ClassValue) -> bool:
    """Whether objects of a class may get their name when they are made."""
    return any(
        classes.own_attribute(cls, method) is not None for method in ("__init__", "__getattr__")
    )


def _check_name(
    machine: Machine, app: Application, cls: ClassValue, name: str, names: set[str], span: Span
) -> None:
    taken = name in framework.ATTRIBUTES or (
        app.cls is not None and classes.own_attribute(app.cls, name) is not None
    )
    if name not in names and not taken:
        return
    why = "an attribute of the application" if taken else "another module"
    raise refused(
        machine,
        f"the name `{name}` of the module `{cls.name}` is taken by {why}",
        span,
        ("give the module another name",),
        _defined(cls),
    )


def _no_module(machine: Machine, what: str, span: Span, labels: Sequence[Label] = ()) -> Failure:
    return refused(
        machine, f"{what} is no module", span, ("derive it from `flama.Module`",), labels
    )
