"""The standard library and a few packages, as far as applications use them to build themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    data_classes,
    escapes,
    library_texts,
    library_tools,
    modules,
    outside,
    plain,
    reflection,
    single_dispatch,
)
from flama_compile.link.applications import Application
from flama_compile.link.values import (
    MISSING,
    Arguments,
    Bound,
    Builtin,
    ClassValue,
    Context,
    Coroutine,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Keywords,
    ListValue,
    Partial,
    Property,
    SetValue,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["attribute", "model"]


def attribute(machine: Machine, owner: ExternalObject, name: str, span: Span) -> Value:
    """Attributes of objects that are understood; else MISSING."""
    listed = outside.routes_member(machine, owner, name, span)
    if listed is not MISSING:
        return listed
    if owner.cls == External("types", "SimpleNamespace") and name in owner.keywords:
        return owner.keywords[name]
    if name == "__class__":
        return owner.cls
    return library_texts.pattern_attribute(owner, name, span)


def _wraps(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    wrapped = positional[0] if positional else keywords.get("wrapped")

    def apply(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return _update_wrapper(machine, [positional[0], wrapped], keywords, span)

    return Builtin("wraps", apply)


def _update_wrapper(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    wrapper, wrapped = positional[0], positional[1]
    if isinstance(wrapper, FunctionValue):
        for name in ("name", "qualname", "wrapped", "renamed", "attributes"):
            machine.touch(wrapper, name)
        wrapper.wrapped = wrapped
        if isinstance(wrapped, FunctionValue | ClassValue):
            wrapper.name, wrapper.qualname = wrapped.name, wrapped.qualname
            wrapper.attributes["__module__"] = wrapped.module.name
            wrapper.renamed = wrapper.renamed or getattr(wrapped, "renamed", False)
        else:
            wrapper.renamed = True
    return wrapper


def _partial(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    function, *given = positional
    return Partial(function, tuple(given), dict(keywords))


def _cache(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], FunctionValue):
        positional[0].remembers = True
        return positional[0]
    return Builtin(
        "cache",
        lambda machine, positional, keywords, span: _cache(machine, positional, {}, span),
    )


def _cached_property(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    return Property(positional[0], cached=True)


def _dataclass(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], ClassValue):
        positional[0].decorated.add("dataclass")
        if keywords.get("kw_only") is True:
            positional[0].decorated.add("kw_only")
        if keywords.get("init", True) is not True:
            positional[0].decorated.add("no-init")
        return positional[0]
    if positional:
        return positional[0]
    return Builtin(
        "dataclass",
        lambda machine, positional, _, span: _dataclass(machine, positional, keywords, span),
    )


def _new_type(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name, value = positional[0], positional[1]
    return TypeName(name if isinstance(name, str) else "?", value, "new")


def _type_alias(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return TypeName(
        "alias", positional[1] if len(positional) > 1 else keywords.get("value"), "alias"
    )


def _type_var(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name = positional[0] if positional else "T"
    return TypeName(name if isinstance(name, str) else "T", None, "variable")


def _first(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return positional[0] if positional else _identity


def _second(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return positional[1] if len(positional) > 1 else None


_identity = Builtin("identity", _first)


def _decorator_maker(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    return _identity


def _import_module(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    name = plain.bare(positional[0]) if positional else plain.bare(keywords.get("name"))
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else Unknown(span, "unknown", "a module")
        return reflection.import_unknown(machine, why, span)
    if name.startswith("."):
        package = plain.bare(positional[1]) if len(positional) > 1 else keywords.get("package")
        if not isinstance(package, str):
            return reflection.import_unknown(machine, Unknown(span, "unknown", "a package"), span)
        level = len(name) - len(name.lstrip("."))
        parents = package.split(".")
        kept = parents[: len(parents) - level + 1]
        name = ".".join([*kept, name.lstrip(".")]) if name.lstrip(".") else ".".join(kept)
    return modules.import_module(machine, name, span)


def _run_coroutine(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    if positional and isinstance(positional[0], Coroutine):
        return calls.run_coroutine(machine, positional[0], span)
    return Unknown(span, "await", "an awaited value")


def _environment(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name = plain.bare(positional[0]) if positional else None
    shown = f"`{name}`" if isinstance(name, str) else "of unknown name"
    return Unknown(span, "environment", f"the environment variable {shown}")


def _cast(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return _second(machine, positional, keywords, span)


def _bound_method(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return Bound(positional[0], positional[1])


def _object_of(module: str, name: str) -> Callable[..., Value]:
    """A call that makes an object which other models understand."""

    def make(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return ExternalObject(External(module, name), tuple(positional), dict(keywords), span)

    return make


def _suppress(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return ExternalObject(External("contextlib", "suppress"), tuple(positional), keywords, span)


def _context(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`contextmanager`: calls of the function are remembered, and run by `with`."""
    function = positional[0]
    if not isinstance(function, FunctionValue):
        return function
    return Builtin(
        "contextmanager",
        lambda machine, given, named, span: Context(function, tuple(given), dict(named)),
    )


def model(name: str) -> Callable[..., Value] | None:
    """What performs a call of `module.name`; None for what is not modelled."""
    for models in (_MODELS, library_tools.TOOLS, library_texts.TEXTS, data_classes.MODELS):
        found = models.get(name)
        if found is not None:
            return found
    return None


def _exit(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    raise machine.failure(
        "SystemExit",
        "FC206",
        "importing the application ends the process",
        span,
        "this ends the process",
        ('move it under `if __name__ == "__main__":`',),
    )


_MODELS: dict[str, Callable[..., Value]] = {
    "sys.exit": _exit,
    "builtins.exit": _exit,
    "builtins.quit": _exit,
    "os._exit": _exit,
    "types.SimpleNamespace": _object_of("types", "SimpleNamespace"),
    "dataclasses.field": _object_of("dataclasses", "field"),
    "enum.auto": _object_of("enum", "auto"),
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "functools.partial": _partial,
    "functools.partialmethod": _object_of("functools", "partialmethod"),
    "logging.getLogger": _object_of("logging", "Logger"),
    "functools.cache": _cache,
    "functools.lru_cache": _cache,
    "functools.cached_property": _cached_property,
    "functools.total_ordering": _first,
    "functools.singledispatch": single_dispatch.model,
    "contextlib.contextmanager": _context,
    "contextlib.suppress": _suppress,
    "dataclasses.dataclass": _dataclass,
    "typing.NewType": _new_type,
    "typing.TypeVar": _type_var,
    "typing.ParamSpec": _type_var,
    "typing.TypeVarTuple": _type_var,
    "typing.TypeAliasType": _type_alias,
    "typing_extensions.TypeAliasType": _type_alias,
    "typing_extensions.NewType": _new_type,
    "typing_extensions.TypeVar": _type_var,
    "typing.cast": _cast,
    "typing.overload": _first,
    "typing.final": _first,
    "typing.no_type_check": _first,
    "typing.runtime_checkable": _first,
    "typing.dataclass_transform": _decorator_maker,
    "typing_extensions.override": _first,
    "typing_extensions.deprecated": _decorator_maker,
    "typing.override": _first,
    "warnings.deprecated": _decorator_maker,
    "abc.abstractmethod": _first,
    "enum.unique": _first,
    "enum.verify": _decorator_maker,
    "importlib.import_module": _import_module,
    "importlib.reload": reflection.reload,
    "types.MappingProxyType": _first,
    "types.MethodType": _bound_method,
    "copy.copy": lambda machine, positional, keywords, span: _shallow(machine, positional, span),
    "copy.deepcopy": lambda machine, positional, keywords, span: _deep(machine, positional, span),
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "os.environ.setdefault": _environment,
    "os.environ.pop": _environment,
    "asyncio.run": _run_coroutine,
    "asyncio.get_event_loop.run_until_complete": _run_coroutine,
}


def _shallow(machine: Machine, positional: Arguments, span: Span) -> Value:
    value = positional[0]
    match value:
        case ListValue() | SetValue():
            return type(value)(list(value.items), value.unknown)
        case DictValue():
            return DictValue(dict(value.items), value.unknown)
    return value if _is_frozen(value) else _copy_of_object(machine, value, span)


def _deep(machine: Machine, positional: Arguments, span: Span) -> Value:
    value = positional[0]
    match value:
        case ListValue() | SetValue():
            items = [_deep(machine, [item], span) for item in value.items]
            return type(value)(items, value.unknown)
        case DictValue():
            pairs = {key: _deep(machine, [item], span) for key, item in value.items.items()}
            return DictValue(pairs, value.unknown)
        case tuple():
            return tuple(_deep(machine, [item], span) for item in value)
    return value if _is_frozen(value) else _copy_of_object(machine, value, span)


def _is_frozen(value: Value) -> bool:
    """Whether a copy of a value is the value itself."""
    kinds = (FunctionValue, ClassValue, External, EnumMember, TypeName)
    return plain.is_constant(value) or isinstance(value, kinds)


def _copy_of_object(machine: Machine, value: Value, span: Span) -> Value:
    """The copy of an application shares what is registered; that of an object is not known."""
    why = Unknown(span, "unknown", "a copy of an object")
    if isinstance(value, Application):
        return escapes.unknown_call(machine, why, [value], {}, span)
    return why
