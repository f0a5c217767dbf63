"""Calls: of functions and classes of the project, and of what we cannot see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    blocks,
    classes,
    escapes,
    expressions,
    externals,
    instances,
    plain,
    registration,
    single_dispatch,
)
from flama_compile.link.applications import Application, SpecObject
from flama_compile.link.journal import Doubt
from flama_compile.link.machine import Choices
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
    OneShot,
    Overlay,
    Partial,
    Property,
    Scope,
    SetValue,
    StaticMethod,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "call",
    "decorate",
    "run_context",
    "run_coroutine",
    "with_body",
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
            if function.cases:
                chosen = single_dispatch.call(machine, function, given, named, span)
                if chosen is not MISSING:
                    return chosen
            return _call_function(machine, function, given, named, span)
        case Bound():
            return call(machine, function.function, [function.receiver, *given], named, span)
        case Method():
            registration.check_ready(machine, function.receiver, function.name, span)
            return function.call(machine, function.receiver, given, named, span, places or {})
        case Builtin():
            return function.call(machine, given, named, span)
        case ClassValue():
            return instances.instantiate(machine, function, given, named, span, places or {})
        case External():
            return externals.call(machine, function, given, named, span, places or {})
        case Partial():
            merged = {**function.keywords, **named}
            return call(machine, function.function, [*function.arguments, *given], merged, span)
        case Unknown(about=Choices() as choices):
            return escapes.call_any(machine, function, choices, given, named, span)
        case Unknown():
            return escapes.unknown_call(machine, function, given, named, span)
        case Instance():
            method = classes.own_attribute(function.cls, "__call__")
            if method is not None:
                return call(machine, method[1], [function, *given], named, span)
            if function.cls.open is not None:
                return escapes.unknown_call(machine, function.cls.open, given, named, span)
        case ExternalObject():
            why = Unknown(span, "unknown-call", f"the result of calling a `{function.cls}` object")
            return escapes.unknown_call(machine, why, given, named, span)
        case Overlay():
            return call(machine, function.base, given, named, span)
        case Alias():
            return call(machine, function.origin, given, named, span)
        case TypeName():
            return given[0] if given else Unknown(span, "unknown", "a type that is called")
        case StaticMethod() | ClassMethod():
            return call(machine, function.function, given, named, span)
        case Application() | SpecObject() | Coroutine() | Property():
            return escapes.unknown_call(
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
    # Most decorators of other packages only wrap a handler, whose body says nothing here.
    machine.caches["decorated"] = value
    try:
        result = call(machine, decorator, [value], {}, span)
    finally:
        machine.caches["decorated"] = None
    if isinstance(result, Unknown) and not isinstance(result.about, FunctionValue | ClassValue):
        return Unknown(result.span or span, result.reason, result.detail, value)
    return result


def _call_function(
    machine: Machine,
    function: FunctionValue,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
) -> Value:
    is_generator = isinstance(function.fact, facts.Function) and function.fact.is_generator
    if function.is_async and not is_generator:
        return Coroutine(function, tuple(positional), keywords)
    key: Any = None
    if function.remembers:
        key = _key(positional, keywords)
        if key is not None and key in function.results:
            return function.results[key]
    if is_generator:
        names = _bind(machine, function, positional, keywords, span)
        return OneShot([], lambda: _run_generator(machine, function, names, span))
    with machine.deeper():
        names = _bind(machine, function, positional, keywords, span)
        result = run_function(machine, function, names, span)
    machine.passed(function.module)
    if key is not None:
        machine.touch(function, "results")
        function.results[key] = result
    return result


def _run_generator(
    machine: Machine, function: FunctionValue, names: dict[str, Value], span: Span
) -> Value:
    with machine.deeper():
        return run_function(machine, function, names, span)


def _key(positional: list[Value], keywords: dict[str, Value]) -> Any:
    parts = [plain.real(value) for value in (*positional, *keywords.values())]
    if any(part is plain.NOT_PLAIN or isinstance(part, list | dict | set) for part in parts):
        return None
    return (tuple(map(repr, parts)), tuple(keywords))


def run_coroutine(machine: Machine, coroutine: Coroutine, span: Span) -> Value:
    """What awaiting a call of an `async def` does."""
    function = coroutine.function
    with machine.deeper():
        names = _bind(machine, function, list(coroutine.arguments), coroutine.keywords, span)
        return run_function(machine, function, names, span)


def run_context(
    machine: Machine, context: Context, span: Span, body: Callable[[Value], object]
) -> None:
    """Run the function of a context manager, and `body` where it yields."""
    function = context.function
    with machine.deeper():
        names = _bind(machine, function, list(context.arguments), context.keywords, span)
        run_function(machine, function, names, span, body)


def run_function(
    machine: Machine,
    function: FunctionValue,
    names: dict[str, Value],
    span: Span,
    on_yield: Callable[[Value], object] | None = None,
) -> Value:
    """Run a function's body with these names; what it returns."""
    running = machine.activations.setdefault(id(function), [])
    if len(running) > 1 and machine.journal.depth > running[-1]:
        return _call_itself(machine, function, names, span, on_yield)
    running.append(machine.journal.depth)
    try:
        return _run_body(machine, function, names, span, on_yield)
    finally:
        running.pop()


def _call_itself(
    machine: Machine,
    function: FunctionValue,
    names: dict[str, Value],
    span: Span,
    on_yield: Callable[[Value], object] | None,
) -> Value:
    """A function that calls itself under an unknown condition: nobody knows how often.

    Its body is run once more, as any of the later calls may find it: with unknown arguments, and
    until it changes nothing any more.
    """
    why = Unknown(span, "recursion", f"`{function.name}` calls itself an unknown number of times")
    key = ("recursion", id(function))
    if key not in machine.caches:
        machine.caches[key] = function
        given: dict[str, Value] = {
            name: value if isinstance(value, Application | Instance) else why
            for name, value in names.items()
        }
        machine.journal.repeat(
            Doubt(why, "FC111"), lambda: _run_body(machine, function, given, span, on_yield)
        )
        del machine.caches[key]
    return why


def _run_body(
    machine: Machine,
    function: FunctionValue,
    names: dict[str, Value],
    span: Span,
    on_yield: Callable[[Value], object] | None,
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
    fact = with_body(machine, function)
    scope.on_yield = on_yield
    if fact.is_generator and on_yield is None:
        scope.yielded = []
    assert fact.body is not None, "deep facts have every body"
    flow = blocks.run_block(machine, fact.body, scope)
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


def with_body(machine: Machine, function: FunctionValue) -> facts.Function:
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
