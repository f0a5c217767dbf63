"""Calls: of functions and classes of the project, and of what we cannot see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    classes,
    expressions,
    externals,
    library_models,
    plain,
    registration,
    statements,
)
from flama_compile.link.applications import Application, SpecObject
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    MISSING,
    Alias,
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    Context,
    Coroutine,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    ListValue,
    Method,
    ModuleValue,
    Overlay,
    Partial,
    Property,
    Scope,
    SetValue,
    StaticMethod,
    Suspect,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "blank",
    "call",
    "call_with_unknown_arguments",
    "decorate",
    "escape",
    "run_context",
    "run_coroutine",
    "tuple_fields",
    "unknown_call",
]

Places = Mapping[int | str, Span]


def call(
    machine: Machine,
    function: Value,
    positional: Sequence[Value],
    keywords: Mapping[str, Value],
    span: Span,
    places: Places | None = None,
) -> Value:
    """The result of a call; `places` are those of the arguments, for diagnostics."""
    given = list(positional)
    named = dict(keywords)
    match function:
        case FunctionValue():
            return _call_function(machine, function, given, named, span)
        case Bound():
            return call(machine, function.function, [function.receiver, *given], named, span)
        case Method():
            return function.call(machine, function.receiver, given, named, span, places or {})
        case Builtin():
            return function.call(machine, given, named, span)
        case ClassValue():
            return _instantiate(machine, function, given, named, span, places or {})
        case External():
            return externals.call(machine, function, given, named, span, places or {})
        case Partial():
            merged = {**function.keywords, **named}
            return call(machine, function.function, [*function.arguments, *given], merged, span)
        case Unknown():
            return unknown_call(machine, function, given, named, span)
        case Instance():
            method = classes.own_attribute(function.cls, "__call__")
            if method is not None:
                return call(machine, method[1], [function, *given], named, span)
            if function.cls.open is not None:
                return unknown_call(machine, function.cls.open, given, named, span)
        case ExternalObject():
            why = Unknown(span, "unknown-call", f"the result of calling a `{function.cls}` object")
            return unknown_call(machine, why, given, named, span)
        case Overlay():
            return call(machine, function.base, given, named, span)
        case Alias():
            return call(machine, function.origin, given, named, span)
        case TypeName():
            return given[0] if given else Unknown(span, "unknown", "a type that is called")
        case StaticMethod() | ClassMethod():
            return call(machine, function.function, given, named, span)
        case Application() | SpecObject() | Coroutine() | Property():
            return unknown_call(
                machine, Unknown(span, "unknown-call", "a call"), given, named, span
            )
    kind = "module" if isinstance(function, ModuleValue) else _kind(function)
    raise machine.failure(
        "TypeError", "FC206", f"a value of type `{kind}` is called", span, "called here"
    )


def _kind(value: Value) -> str:
    names = {ListValue: "list", DictValue: "dict", SetValue: "set", EnumMember: "enum"}
    return names.get(type(value), type(value).__name__)


def decorate(machine: Machine, decorator: Value, value: Value, span: Span) -> Value:
    """What a decorator makes of a definition; of unknown ones it is known what they were given."""
    result = call(machine, decorator, [value], {}, span)
    if isinstance(result, Unknown) and not isinstance(result.about, FunctionValue | ClassValue):
        return Unknown(result.span or span, result.reason, result.detail, value)
    return result


def call_with_unknown_arguments(
    machine: Machine,
    function: Value,
    positional: list[Value],
    keywords: dict[str, Value],
    unknown: Unknown,
    span: Span,
) -> Value:
    """A call with `*unknown` or `**unknown`."""
    if isinstance(function, Method):
        registration.unknown_arguments(machine, function, unknown, span)
        return Unknown(span, unknown.reason, unknown.detail)
    if isinstance(function, Partial) and isinstance(function.function, Method):
        registration.unknown_arguments(machine, function.function, unknown, span)
        return Unknown(span, unknown.reason, unknown.detail)
    receivers = [function.receiver] if isinstance(function, Bound) else []
    why = Unknown(span, unknown.reason, f"called with unknown arguments: {unknown.detail}")
    if isinstance(function, FunctionValue):
        # It may still reach applications through the names it sees.
        _suspect(machine, function, why, span)
    return unknown_call(machine, why, [*receivers, *positional], keywords, span)


def unknown_call(
    machine: Machine,
    why: Unknown,
    positional: Sequence[Value],
    keywords: Mapping[str, Value],
    span: Span,
) -> Value:
    """A call of something that we cannot see: it may do anything to what it is given."""
    given = [*positional, *keywords.values()]
    if not isinstance(why.about, External) or not library_models.is_harmless(why.about):
        escape(machine, given, why, span)
    registration.suspicious(machine, why, span)
    about = None
    if isinstance(why.about, Suspect) and not why.about.applied and _is_path(positional):
        about = Suspect(why.about.name, True)
    return Unknown(span if why.span is None else why.span, why.reason, why.detail, about)


def _is_path(positional: Sequence[Value]) -> bool:
    """Whether a call looks like `.get("/path")`."""
    first = plain.bare(positional[0]) if positional else None
    return isinstance(first, Unknown) or (
        isinstance(first, str) and (first == "" or first.startswith("/"))
    )


def escape(machine: Machine, given: Sequence[Value], why: Unknown, span: Span) -> None:
    """Values get out of sight: applications may be registered on, containers may change."""
    for app in _applications(given):
        detail = f"the application is handed to something that cannot be seen: {why.detail}"
        registration.dynamic(machine, app, Unknown(span, "unknown-call", detail), "FC112", span)
    for value in given:
        if isinstance(value, ListValue | DictValue | SetValue | Instance):
            machine.taint(value, Unknown(span, "unknown-call", "something unknown may change it"))
        elif isinstance(value, FunctionValue | Bound | Partial | Coroutine):
            _suspect(machine, value, why, span)


def _applications(given: Sequence[Value], depth: int = 0) -> list[Application]:
    """Applications that can be reached from values, each once."""
    found: dict[int, Application] = {}
    if depth > 5:
        return []
    for value in given:
        inner: Sequence[Value] = ()
        match value:
            case Application():
                found[id(value)] = value
            case Method():
                inner = [value.receiver]
            case Bound():
                inner = [value.receiver]
            case Partial():
                inner = [value.function, *value.arguments, *value.keywords.values()]
            case Coroutine():
                inner = [*value.arguments, *value.keywords.values()]
            case ListValue() | SetValue():
                inner = value.items
            case DictValue():
                inner = list(value.items.values())
            case tuple():
                inner = value
            case Instance():
                inner = list(value.attributes.values())
            case Overlay():
                inner = [value.base]
        for app in _applications(inner, depth + 1) if inner else ():
            found[id(app)] = app
    return list(found.values())


def _suspect(machine: Machine, function: Value, why: Unknown, span: Span) -> None:
    """A function that something unknown may call: look at what that would register."""
    inner = function
    while isinstance(inner, Bound | Partial | Coroutine):
        inner = inner.function
    if not isinstance(inner, FunctionValue) or not isinstance(inner.fact, facts.Function):
        return
    if inner.fact.body is None or machine.depth > 20 or ("suspected", id(inner)) in machine.caches:
        return
    machine.caches["suspected", id(inner)] = inner
    doubt = Unknown(span, "unknown-call", f"`{inner.name}` may be called: {why.detail}")
    given = {
        parameter.name: inner.defaults.get(parameter.name, Unknown(span, "argument", "an argument"))
        for parameter in inner.fact.parameters
    }

    def run() -> None:
        machine.suspecting += 1
        try:
            _run_function(machine, inner, given, span)
        finally:
            machine.suspecting -= 1

    machine.journal.branches(Doubt(doubt, "FC112"), [run, lambda: None])
    del machine.caches["suspected", id(inner)]


def _call_function(
    machine: Machine,
    function: FunctionValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> Value:
    if function.is_async:
        return Coroutine(function, tuple(positional), keywords)
    key: Any = None
    if function.remembers:
        key = _key(positional, keywords)
        if key is not None and key in function.results:
            return function.results[key]
    with machine.deeper() as allowed:
        if not allowed:
            why = Unknown(span, "analysis-bounded", f"`{function.name}` calls itself too deeply")
            return unknown_call(machine, why, positional, keywords, span)
        names = _bind(machine, function, positional, keywords, span)
        result = _run_function(machine, function, names, span)
    if key is not None:
        machine.touch(function, "results")
        function.results[key] = result
    return result


def _key(positional: list[Value], keywords: dict[str, Value]) -> Any:
    parts = [plain.real(value) for value in (*positional, *keywords.values())]
    if any(part is plain.NOT_PLAIN or isinstance(part, list | dict | set) for part in parts):
        return None
    return (tuple(map(repr, parts)), tuple(keywords))


def run_coroutine(machine: Machine, coroutine: Coroutine, span: Span) -> Value:
    """What awaiting a call of an `async def` does."""
    function = coroutine.function
    with machine.deeper() as allowed:
        if not allowed:
            return Unknown(span, "analysis-bounded", "it calls itself too deeply")
        names = _bind(machine, function, list(coroutine.arguments), coroutine.keywords, span)
        return _run_function(machine, function, names, span)


def run_context(
    machine: Machine, context: Context, span: Span, body: Callable[[Value], object]
) -> None:
    """Run the function of a context manager, and `body` where it yields."""
    function = context.function
    with machine.deeper() as allowed:
        if not allowed:
            return
        names = _bind(machine, function, list(context.arguments), context.keywords, span)
        _run_function(machine, function, names, span, body)


def _run_function(
    machine: Machine,
    function: FunctionValue,
    names: dict[str, Value],
    span: Span,
    on_yield: Callable[[Value], object] | None = None,
) -> Value:
    owner = f"{function.qualname}.<locals>."
    scope = Scope(function.module, function.scope, owner)
    scope.names.update(names)
    if function.owner is not None and isinstance(function.fact, facts.Function):
        scope.cls = function.owner
        parameters = function.fact.parameters
        scope.first = names.get(parameters[0].name) if parameters else None
    if isinstance(function.fact, facts.Lambda):
        return expressions.evaluate(machine, function.fact.body, scope)
    fact = _with_body(machine, function)
    scope.on_yield = on_yield
    if fact.is_generator and on_yield is None:
        scope.yielded = []
    assert fact.body is not None, "deep facts have every body"
    flow = statements.run_block(machine, fact.body, scope)
    if scope.yielded is not None:
        unknown = flow.why if flow is not None and not flow.certain else None
        return ListValue(scope.yielded, unknown)
    if flow is None:
        return None
    if flow.kind != "return":
        return None
    if flow.certain or flow.why is None:
        return flow.value
    return machine.one_of([flow.value, None], flow.why)


def _with_body(machine: Machine, function: FunctionValue) -> facts.Function:
    """The definition with its body; the file is scanned again when the body was left out."""
    fact = function.fact
    assert isinstance(fact, facts.Function)
    if fact.body is not None:
        return fact
    found = function.module.found
    key = ("deep", found.path)
    if key not in machine.caches:
        deep = machine.library.facts(found, deep=True)
        machine.caches[key] = {one.at: one for one in _functions(deep.body)}
    result: facts.Function = machine.caches[key][fact.at]
    return result


def _functions(body: Sequence[Any]) -> list[facts.Function]:
    """Every definition below, at any depth."""
    found: list[facts.Function] = []
    for fact in body:
        if isinstance(fact, facts.Function):
            found.append(fact)
        for part in fact if isinstance(fact, tuple) else ():
            if isinstance(part, tuple) and part and isinstance(part[0], tuple):
                found.extend(_functions(part))
    return found


def _bind(
    machine: Machine,
    function: FunctionValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> dict[str, Value]:
    """Arguments by the names of parameters; Failure when they do not fit."""
    names: dict[str, Value] = {}
    left = list(positional)
    named = dict(keywords)
    parameters: facts.Parameters = function.fact.parameters
    for parameter in parameters:
        match parameter.kind:
            case "positional-only" | "positional":
                if left:
                    names[parameter.name] = left.pop(0)
                elif parameter.kind == "positional" and parameter.name in named:
                    names[parameter.name] = named.pop(parameter.name)
                elif parameter.name in function.defaults:
                    names[parameter.name] = function.defaults[parameter.name]
                else:
                    raise _bad_call(machine, function, f"misses `{parameter.name}`", span)
            case "var-positional":
                names[parameter.name] = tuple(left)
                left = []
            case "keyword-only":
                if parameter.name in named:
                    names[parameter.name] = named.pop(parameter.name)
                elif parameter.name in function.defaults:
                    names[parameter.name] = function.defaults[parameter.name]
                else:
                    raise _bad_call(machine, function, f"misses `{parameter.name}`", span)
            case "var-keyword":
                names[parameter.name] = DictValue(dict(named))
                named = {}
    if left:
        raise _bad_call(machine, function, f"has {len(left)} argument(s) too many", span)
    if named:
        raise _bad_call(machine, function, f"has no parameter `{next(iter(named))}`", span)
    return names


def _bad_call(machine: Machine, function: FunctionValue, what: str, span: Span) -> Exception:
    return machine.failure(
        "TypeError", "FC207", f"call of `{function.name}` {what}", span, "called here"
    )


def blank(cls: ClassValue) -> Instance:
    """A new object without attributes."""
    return Instance(cls, unknown=cls.open)


def tuple_fields(cls: ClassValue) -> list[str] | None:
    """Fields of a `NamedTuple`; None for other classes."""
    if any(isinstance(base, External) and base.name == "NamedTuple" for base in cls.order):
        return classes.fields(cls)
    return None


def _instantiate(
    machine: Machine,
    cls: ClassValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Places,
) -> Value:
    made = registration.instantiate(machine, cls, positional, keywords, span, places)
    if made is not MISSING:
        return made
    metaclass = cls.keywords.get("metaclass")
    if isinstance(metaclass, ClassValue) and "__call__" in metaclass.names:
        return call(machine, metaclass.names["__call__"], [cls, *positional], keywords, span)
    if classes.is_enum(cls):
        return _enum_member(machine, cls, positional, span)
    if any(isinstance(base, External) and base.name == "TypedDict" for base in cls.order):
        return DictValue(dict(keywords))
    new = classes.own_attribute(cls, "__new__")
    value: Value = blank(cls)
    if new is not None:
        maker = new[1].function if isinstance(new[1], StaticMethod) else new[1]
        value = call(machine, maker, [cls, *positional], keywords, span)
        if not isinstance(value, Instance):
            return value
    initialise(machine, cls, value, positional, keywords, span)
    return value


def initialise(
    machine: Machine,
    cls: ClassValue,
    value: Value,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> None:
    """Run `__init__`, the project's own or the one that data classes get."""
    init = classes.own_attribute(cls, "__init__")
    generated = next((one for one in cls.order if _has_fields(one)), None)
    if init is not None and (
        generated is None or cls.order.index(init[0]) <= cls.order.index(generated)
    ):
        call(machine, init[1], [value, *positional], keywords, span)
    elif isinstance(value, Instance) and (generated is not None or tuple_fields(cls) is not None):
        _fill_fields(machine, cls, value, positional, keywords, span)
    elif cls.open is not None:
        escape(machine, [*positional, *keywords.values()], cls.open, span)


def _has_fields(cls: Value) -> bool:
    return isinstance(cls, ClassValue) and "dataclass" in cls.decorated


def _fill_fields(
    machine: Machine,
    cls: ClassValue,
    value: Instance,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> None:
    left = list(positional)
    for name in classes.fields(cls):
        found = classes.own_attribute(cls, name)
        if left:
            value.attributes[name] = left.pop(0)
        elif name in keywords:
            value.attributes[name] = keywords[name]
        elif found is not None:
            value.attributes[name] = _default(machine, found[1], span)
        else:
            value.attributes[name] = Unknown(span, "unknown", f"field `{name}`")
    after = classes.own_attribute(cls, "__post_init__")
    if after is not None:
        call(machine, after[1], [value], {}, span)


def _default(machine: Machine, value: Value, span: Span) -> Value:
    """A field's default: as written, or what `field(default=…, default_factory=…)` says."""
    if not isinstance(value, ExternalObject) or value.cls != External("dataclasses", "field"):
        return value
    if "default" in value.keywords:
        return value.keywords["default"]
    if "default_factory" in value.keywords:
        return call(machine, value.keywords["default_factory"], [], {}, span)
    return Unknown(span, "unknown", "a field without default")


def _enum_member(machine: Machine, cls: ClassValue, positional: list[Value], span: Span) -> Value:
    unknown = plain.first_unknown(tuple(positional))
    if unknown is not None:
        return unknown
    for member in cls.names.values():
        if isinstance(member, EnumMember) and positional:
            wanted = plain.real(positional[0])
            if member is positional[0] or plain.real(member.value) == wanted:
                return member
    raise machine.failure(
        "ValueError", "FC206", f"`{cls.name}` has no such member", span, "raises ValueError"
    )
