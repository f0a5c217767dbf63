"""The standard library and a few packages, as far as applications use them to build themselves."""

from __future__ import annotations

import enum
import http
import itertools
import math
import os
import posixpath
import string
import sys
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    attributes,
    builtins,
    calls,
    classes,
    modules,
    operations,
    plain,
    registration,
)
from flama_compile.link.values import (
    MISSING,
    Bound,
    Builtin,
    ClassValue,
    Context,
    Coroutine,
    DictValue,
    External,
    ExternalObject,
    FunctionValue,
    ListValue,
    Partial,
    Property,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["MODELS", "attribute", "constant", "is_harmless", "reason"]

Arguments = list[Value]
Keywords = dict[str, Value]

_CONSTANT_MODULES: dict[str, Any] = {"string": string, "http": http, "math": math}

_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": False,
    "typing_extensions.TYPE_CHECKING": False,
    "sys.version_info": sys.version_info,
    "sys.platform": sys.platform,
    "sys.maxsize": sys.maxsize,
    "os.name": os.name,
    "os.sep": os.sep,
}


def constant(name: str) -> Value:
    """The value of `module.NAME`, when it is the same wherever the application runs."""
    found = _CONSTANTS.get(name, MISSING)
    if found is not MISSING:
        return found
    head, _, rest = name.partition(".")
    if head not in _CONSTANT_MODULES or not rest:
        return MISSING
    value: Any = _CONSTANT_MODULES[head]
    for part in rest.split("."):
        value = getattr(value, part, MISSING)
        if value is MISSING:
            return MISSING
    if isinstance(value, enum.Enum) and isinstance(value, str | int):
        return value.value
    return value if isinstance(value, str | int | float) else MISSING


_REASONS: dict[str, str] = {
    "os.getenv": "environment",
    "os.environ": "environment",
    "os.environb": "environment",
    "dotenv": "environment",
    "decouple": "environment",
    "environ": "environment",
    "environs": "environment",
    "starlette.config": "environment",
    "pydantic_settings": "settings-object",
    "dynaconf": "settings-object",
    "importlib.metadata": "entry-points",
    "importlib_metadata": "entry-points",
    "pkg_resources": "entry-points",
    "stevedore": "entry-points",
    "pluggy": "plugins",
    "pkgutil": "plugins",
    "builtins.open": "file",
    "pathlib": "file",
    "json.load": "file",
    "tomllib.load": "file",
    "random": "random",
    "secrets": "random",
    "time": "time",
    "datetime": "time",
    "sys.argv": "arguments",
    "argparse": "arguments",
}


def reason(external: External) -> str:
    """Why a value from there is not known, in one word."""
    name = str(external)
    while name:
        if name in _REASONS:
            return _REASONS[name]
        name = name.rpartition(".")[0]
    return "unknown-call"


_HARMLESS = frozenset(
    {
        "flama._run.run",
        "flama.client.Client",
        "flama.middleware.Middleware",
        "starlette.middleware.Middleware",
        "starlette.testclient.TestClient",
        "uvicorn.run",
        "uvicorn.Config",
        "uvicorn.Server",
        "uvicorn.main.run",
        "uvicorn.config.Config",
        "uvicorn.server.Server",
        "weakref.ref",
        "atexit.register",
        "signal.signal",
        "pprint.pprint",
        "builtins.id",
        "builtins.hash",
        "builtins.repr",
        "builtins.str",
        "builtins.object",
        "builtins.format",
        "builtins.input",
    }
)
_HARMLESS_MODULES = frozenset(
    [
        "abc",
        "base64",
        "dataclasses",
        "enum",
        "gc",
        "hashlib",
        "inspect",
        "json",
        "logging",
        "pprint",
        "pytest",
        "re",
        "string",
        "sys",
        "textwrap",
        "traceback",
        "types",
        "typing",
        "typing_extensions",
        "unittest",
        "uuid",
        "warnings",
        "weakref",
    ]
)


def is_harmless(external: External) -> bool:
    """Whether a call is known to register nothing and to keep its arguments as they are."""
    return str(external) in _HARMLESS or external.module.partition(".")[0] in _HARMLESS_MODULES


def attribute(machine: Machine, owner: ExternalObject, name: str, span: Span) -> Value:
    """Attributes of objects that are understood; else MISSING."""
    listed = registration.routes_member(machine, owner, name, span)
    if listed is not MISSING:
        return listed
    if owner.cls == External("types", "SimpleNamespace") and name in owner.keywords:
        return owner.keywords[name]
    if name == "__class__":
        return owner.cls
    if owner.cls == External("functools", "singledispatch") and name == "register":
        return Builtin(name, lambda machine, positional, keywords, span: _identity)
    return MISSING


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


def _reduce(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[1], span)
    if isinstance(items, Unknown):
        return items
    if len(positional) > 2:
        items = [positional[2], *items]
    if not items:
        raise machine.failure("TypeError", "FC206", "reduce() of nothing", span, "raised here")
    result = items[0]
    for item in items[1:]:
        result = calls.call(machine, positional[0], [result, item], {}, span)
    return result


def _dataclass(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], ClassValue):
        positional[0].decorated.add("dataclass")
        return positional[0]
    if positional:
        return positional[0]
    return Builtin(
        "dataclass",
        lambda machine, positional, keywords, span: _dataclass(machine, positional, {}, span),
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
        return builtins.import_unknown(machine, why, span)
    if name.startswith("."):
        package = plain.bare(positional[1]) if len(positional) > 1 else keywords.get("package")
        if not isinstance(package, str):
            return builtins.import_unknown(machine, Unknown(span, "unknown", "a package"), span)
        level = len(name) - len(name.lstrip("."))
        parents = package.split(".")
        kept = parents[: len(parents) - level + 1]
        name = ".".join([*kept, name.lstrip(".")]) if name.lstrip(".") else ".".join(kept)
    return modules.import_module(machine, name, span)


def _chain(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    found: list[Value] = []
    for value in positional:
        items = operations.iterate(machine, value, span)
        if isinstance(items, Unknown):
            return ListValue(found, items)
        found.extend(items)
    return ListValue(found)


def _chain_from(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    return items if isinstance(items, Unknown) else _chain(machine, items, {}, span)


def _product(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    rows: list[tuple[Value, ...]] = [()]
    repeat = keywords.get("repeat", 1)
    for value in positional * (repeat if isinstance(repeat, int) else 1):
        items = operations.iterate(machine, value, span)
        if isinstance(items, Unknown):
            return items
        if len(rows) * len(items) > 20_000:
            return Unknown(span, "analysis-bounded", "there are more than 20,000 combinations")
        rows = [(*row, item) for row in rows for item in items]
    return ListValue(list(rows))


def _starmap(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[1], span)
    if isinstance(items, Unknown):
        return items
    rows = [operations.iterate(machine, item, span) for item in items]
    return ListValue(
        [
            row if isinstance(row, Unknown) else calls.call(machine, positional[0], row, {}, span)
            for row in rows
        ]
    )


def _default_dict(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    made = DictValue({})
    if positional and positional[0] is not None:
        made.factory = positional[0]
    for value in positional[1:]:
        if isinstance(value, DictValue):
            made.items.update(value.items)
            made.unknown = value.unknown
    made.items.update(keywords)
    return made


def _ordered_dict(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return builtins.call(machine, "dict", positional, keywords, span)


def _run_coroutine(
    machine: Machine, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    if positional and isinstance(positional[0], Coroutine):
        return calls.run_coroutine(machine, positional[0], span)
    return Unknown(span, "await", "an awaited value")


def _pure(function: Callable[..., Any]) -> Callable[..., Value]:
    """A function of the standard library that only looks at texts and numbers."""

    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        unknown = plain.first_unknown(tuple([*positional, *keywords.values()]))
        if unknown is not None:
            return unknown
        given = [plain.real(value) for value in positional]
        named = {key: plain.real(value) for key, value in keywords.items()}
        if plain.NOT_PLAIN in given or plain.NOT_PLAIN in named.values():
            return Unknown(span, "unknown", "the result for objects")
        try:
            return function(*given, **named)
        except (TypeError, ValueError, AttributeError) as error:
            name = type(error).__name__
            raise machine.failure(name, "FC206", str(error), span, f"raises {name}") from None

    return run


def _environment(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name = plain.bare(positional[0]) if positional else None
    shown = f"`{name}`" if isinstance(name, str) else "of unknown name"
    return Unknown(span, "environment", f"the environment variable {shown}")


def _attrgetter(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name = plain.bare(positional[0]) if len(positional) == 1 else None
    if not isinstance(name, str):
        return Unknown(span, "unknown", "an attribute getter")

    def get(machine: Machine, given: Arguments, keywords: Keywords, span: Span) -> Value:
        value = given[0]
        for part in name.split("."):
            value = attributes.get_attribute(machine, value, part, span)
        return value

    return Builtin("attrgetter", get)


def _itemgetter(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) != 1:
        return Unknown(span, "unknown", "an item getter")
    index = positional[0]
    return Builtin(
        "itemgetter",
        lambda machine, given, keywords, span: attributes.get_item(machine, given[0], index, span),
    )


def _path_join(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return _pure(posixpath.join)(machine, positional, keywords, span)


def _cast(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return _second(machine, positional, keywords, span)


def _bound_method(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return Bound(positional[0], positional[1])


def _object_of(module: str, name: str) -> Callable[..., Value]:
    """A call that makes an object which other models understand."""

    def make(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        return ExternalObject(External(module, name), tuple(positional), dict(keywords), span)

    return make


def _named_tuple(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name, names = plain.bare(positional[0]), plain.real(positional[1]) if positional[1:] else None
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    defaults = keywords.get("defaults", ())
    values = operations.iterate(machine, defaults, span)
    if (
        not isinstance(name, str)
        or not isinstance(names, list | tuple)
        or not all(isinstance(one, str) for one in names)
        or isinstance(values, Unknown)
    ):
        return Unknown(span, "computed-class", "a class that is computed")
    module = next(one for one in machine.modules.values() if one.found.path == span.file)
    given = dict(zip(list(names)[len(names) - len(values) :], values, strict=False))
    made = ClassValue(
        name=name,
        module=module,
        qualname=name,
        bases=[External("typing", "NamedTuple")],
        names=given,
        fact=facts.Class(name, (), (), (), (), "", (1, 1, 1, 1)),
        span=span,
        annotations=dict.fromkeys(names),
    )
    classes.finish(machine, made, span)
    return made


def _zip_longest(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    columns = [operations.iterate(machine, value, span) for value in positional]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    rows = itertools.zip_longest(*columns, fillvalue=keywords.get("fillvalue"))  # type: ignore[arg-type]
    return ListValue(list(rows))


def _slice_of(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    bounds = [plain.bare(value) for value in positional[1:]]
    if isinstance(items, Unknown):
        return items
    if not all(bound is None or isinstance(bound, int) for bound in bounds):
        return Unknown(span, "unknown", "a part of unknown length")
    return ListValue(list(itertools.islice(items, *bounds)))


def _selection(function: Callable[..., Any]) -> Callable[..., Value]:
    """`permutations`, `combinations`: of few items."""

    def select(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        items = operations.iterate(machine, positional[0], span)
        rest = [plain.bare(value) for value in positional[1:]]
        if isinstance(items, Unknown) or len(items) > 7:
            return Unknown(span, "unknown", "a selection of items")
        if not all(isinstance(value, int) for value in rest):
            return Unknown(span, "unknown", "a selection of unknown length")
        return ListValue(list(function(items, *rest)))

    return select


def _from_keys(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    value = positional[1] if len(positional) > 1 else None
    if isinstance(items, Unknown):
        return DictValue({}, items)
    return DictValue({attributes.key_of(item): value for item in items})


def _context(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`contextmanager`: calls of the function are remembered, and run by `with`."""
    function = positional[0]
    if not isinstance(function, FunctionValue):
        return function
    return Builtin(
        "contextmanager",
        lambda machine, given, named, span: Context(function, tuple(given), dict(named)),
    )


MODELS: dict[str, Callable[..., Value]] = {
    "types.SimpleNamespace": _object_of("types", "SimpleNamespace"),
    "dataclasses.field": _object_of("dataclasses", "field"),
    "enum.auto": _object_of("enum", "auto"),
    "collections.namedtuple": _named_tuple,
    "itertools.zip_longest": _zip_longest,
    "itertools.islice": _slice_of,
    "itertools.permutations": _selection(itertools.permutations),
    "itertools.combinations": _selection(itertools.combinations),
    "builtins.dict.fromkeys": _from_keys,
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "functools.partial": _partial,
    "functools.cache": _cache,
    "functools.lru_cache": _cache,
    "functools.cached_property": _cached_property,
    "functools.reduce": _reduce,
    "functools.total_ordering": _first,
    "functools.singledispatch": _first,
    "contextlib.contextmanager": _context,
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
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_from,
    "itertools.product": _product,
    "itertools.starmap": _starmap,
    "collections.defaultdict": _default_dict,
    "collections.OrderedDict": _ordered_dict,
    "types.MappingProxyType": _first,
    "types.MethodType": _bound_method,
    "copy.copy": lambda machine, positional, keywords, span: _shallow(positional[0], span),
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "os.environ.setdefault": _environment,
    "os.environ.pop": _environment,
    "os.path.join": _path_join,
    "posixpath.join": _path_join,
    "urllib.parse.urljoin": _pure(urllib.parse.urljoin),
    "urllib.parse.quote": _pure(urllib.parse.quote),
    "string.capwords": _pure(string.capwords),
    "asyncio.run": _run_coroutine,
    "asyncio.get_event_loop.run_until_complete": _run_coroutine,
    "operator.attrgetter": _attrgetter,
    "operator.itemgetter": _itemgetter,
}


def _shallow(value: Value, span: Span) -> Value:
    if isinstance(value, ListValue):
        return ListValue(list(value.items), value.unknown)
    if isinstance(value, DictValue):
        return DictValue(dict(value.items), value.unknown)
    return value if plain.is_constant(value) else Unknown(span, "unknown", "a copy")
