"""Built-in functions, and the methods of strings and containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    attributes,
    calls,
    classes,
    expressions,
    modules,
    operations,
    plain,
    registration,
)
from flama_compile.link.applications import Application
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Instance,
    ListValue,
    ModuleValue,
    Property,
    SetValue,
    StaticMethod,
    Super,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["BUILTINS", "call", "method"]

BUILTINS: dict[str, Value] = {"__debug__": True}

Arguments = list[Value]
Keywords = dict[str, Value]


def call(
    machine: Machine, name: str, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    """The result of a built-in function or class; MISSING for those that are not modelled."""
    model = _MODELS.get(name)
    if model is None:
        return MISSING
    return model(machine, positional, keywords, span)


def _items(machine: Machine, positional: Arguments, span: Span) -> list[Value] | Unknown:
    return operations.iterate(machine, positional[0], span) if positional else []


def _len(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = plain.bare(positional[0])
    if isinstance(value, SetValue) and value.unknown is None:
        return len(value.items)
    found = operations.iterate(machine, value, span)
    return found if isinstance(found, Unknown) else len(found)


def _range(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    unknown = plain.first_unknown(tuple(positional))
    if unknown is not None:
        return unknown
    try:
        return range(*(plain.bare(value) for value in positional))
    except (TypeError, ValueError) as error:
        raise machine.failure("TypeError", "FC206", str(error), span, "raised here") from None


def _enumerate(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = _items(machine, positional, span)
    start = positional[1] if len(positional) > 1 else keywords.get("start", 0)
    if isinstance(items, Unknown) or not isinstance(start, int):
        return items if isinstance(items, Unknown) else Unknown(span, "unknown", "a number")
    return ListValue([(start + i, item) for i, item in enumerate(items)])


def _zip(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    columns = [operations.iterate(machine, value, span) for value in positional]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    return ListValue(list(zip(*columns, strict=False)))


def _list(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = _items(machine, positional, span)
    return ListValue([], items) if isinstance(items, Unknown) else ListValue(items)


def _tuple(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = _items(machine, positional, span)
    return items if isinstance(items, Unknown) else tuple(items)


def _set(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], SetValue):
        return SetValue(list(positional[0].items), positional[0].unknown)
    items = _items(machine, positional, span)
    return (
        SetValue([], items) if isinstance(items, Unknown) else expressions.make_set(machine, items)
    )


def _dict(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    found = DictValue({})
    if positional:
        _update(machine, found, positional[0], span)
    found.items.update(keywords)
    return found


def _update(machine: Machine, found: DictValue, source: Value, span: Span) -> None:
    if isinstance(source, DictValue):
        found.items.update(source.items)
        found.unknown = found.unknown or source.unknown
        return
    items = operations.iterate(machine, source, span)
    if isinstance(items, Unknown):
        found.unknown = items
        return
    for item in items:
        pair = operations.iterate(machine, item, span)
        if isinstance(pair, Unknown) or len(pair) != 2:
            found.unknown = Unknown(span, "unknown", "pairs of an object")
        else:
            found.items[attributes.key_of(pair[0])] = pair[1]


def _sorted(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    items = (
        list(value.items)
        if isinstance(value, SetValue) and value.unknown is None
        else operations.iterate(machine, value, span)
    )
    if isinstance(items, Unknown):
        return ListValue([], items)
    key = keywords.get("key")
    ranks = [item if key is None else calls.call(machine, key, [item], {}, span) for item in items]
    real = [plain.real(rank) for rank in ranks]
    reverse = keywords.get("reverse", False)
    if any(rank is plain.NOT_PLAIN for rank in real) or not isinstance(reverse, bool):
        return ListValue([], Unknown(span, "unknown", "the order of objects"))
    try:
        order = sorted(range(len(items)), key=lambda i: real[i], reverse=reverse)
    except TypeError as error:
        raise machine.failure("TypeError", "FC206", str(error), span, "raised here") from None
    return ListValue([items[i] for i in order])


def _reversed(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = _items(machine, positional, span)
    return items if isinstance(items, Unknown) else ListValue(items[::-1])


def _str(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return plain.text(machine, positional[0], span) if positional else ""


def _number(kind: Callable[..., Any]) -> Callable[..., Value]:
    def convert(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        found = [plain.real(value) for value in positional]
        unknown = plain.first_unknown(tuple(positional))
        if unknown is not None:
            return unknown
        if any(value is plain.NOT_PLAIN for value in found):
            return Unknown(span, "unknown", "a number of an object")
        try:
            return kind(*found)
        except (TypeError, ValueError, OverflowError) as error:
            name = type(error).__name__
            raise machine.failure(name, "FC206", str(error), span, f"raises {name}") from None

    return convert


def _bool(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return operations.truth(machine, positional[0]) if positional else False


def _any_all(stop: bool) -> Callable[..., Value]:
    def check(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        items = _items(machine, positional, span)
        if isinstance(items, Unknown):
            return items
        unknown: Unknown | None = None
        for item in items:
            known = operations.truth(machine, item)
            if known is stop:
                return stop
            if isinstance(known, Unknown):
                unknown = known
        return unknown if unknown is not None else not stop

    return check


def _extreme(kind: Callable[..., Any]) -> Callable[..., Value]:
    def find(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        source = positional[0] if len(positional) == 1 else tuple(positional)
        if keywords:
            return Unknown(span, "unknown", "the result of min or max")
        found = plain.real(source)
        unknown = plain.first_unknown(source)
        if unknown is not None or found is plain.NOT_PLAIN:
            return unknown or Unknown(span, "unknown", "the result for objects")
        try:
            return kind(found)
        except (TypeError, ValueError) as error:
            name = type(error).__name__
            raise machine.failure(name, "FC206", str(error), span, f"raises {name}") from None

    return find


def _map(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    function, *sources = positional
    columns = [operations.iterate(machine, value, span) for value in sources]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    rows = zip(*columns, strict=False)
    return ListValue([calls.call(machine, function, list(row), {}, span) for row in rows])


def _filter(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    function, source = positional
    items = operations.iterate(machine, source, span)
    if isinstance(items, Unknown):
        return items
    kept: list[Value] = []
    for item in items:
        result = item if function is None else calls.call(machine, function, [item], {}, span)
        known = operations.truth(machine, result)
        if isinstance(known, Unknown):
            return ListValue(kept, known)
        if known:
            kept.append(item)
    return ListValue(kept)


def _next(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    if isinstance(value, ListValue) and value.unknown is None:
        if value.items:
            machine.touch(value, "items")
            return value.items.pop(0)
        if len(positional) > 1:
            return positional[1]
        raise machine.failure("StopIteration", "FC206", "nothing is left", span, "raised here")
    return Unknown(span, "unknown", "the next item of an object")


def _isinstance(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value, kinds = positional[0], positional[1]
    if isinstance(value, Unknown):
        return value
    wanted = list(kinds) if isinstance(kinds, tuple) else [kinds]
    wanted = [part for kind in wanted for part in getattr(kind, "arguments", (kind,))]
    own = type_of(value)
    if own is MISSING:
        return Unknown(span, "unknown", "the class of an object")
    return _derives(machine, own, wanted, span)


def _issubclass(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    cls, kinds = positional[0], positional[1]
    if not isinstance(cls, ClassValue | External):
        return cls if isinstance(cls, Unknown) else Unknown(span, "unknown", "a class")
    return _derives(machine, cls, list(kinds) if isinstance(kinds, tuple) else [kinds], span)


def _derives(machine: Machine, cls: Value, wanted: list[Value], span: Span) -> bool | Unknown:
    above = list(classes.ancestors(machine, cls))
    for kind in wanted:
        kind = registration.canonical_class(machine, kind)
        if any(one is kind or one == kind for one in above):
            return True
        if kind == External("builtins", "object"):
            return True
    open_ = getattr(cls, "open", None) or next((a for a in above if isinstance(a, Unknown)), None)
    if open_ is not None:
        return Unknown(span, open_.reason, open_.detail)
    return False


_TYPES: dict[type, str] = {
    str: "str",
    bytes: "bytes",
    bool: "bool",
    int: "int",
    float: "float",
    complex: "complex",
    tuple: "tuple",
    range: "range",
    ListValue: "list",
    DictValue: "dict",
    SetValue: "set",
}


def type_of(value: Value) -> Value:
    """The class of a value; MISSING when that is not known."""
    match value:
        case Instance() | EnumMember():
            return value.cls
        case Application():
            return value.cls or registration.framework_class(value)
        case ExternalObject():
            return value.cls
        case FunctionValue():
            return External("types", "FunctionType")
        case ClassValue():
            return External("builtins", "type")
        case ModuleValue():
            return External("types", "ModuleType")
        case None:
            return External("types", "NoneType")
    name = _TYPES.get(type(value))
    return MISSING if name is None else External("builtins", name)


def _type(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) != 1:
        return Unknown(span, "computed-class", "a class that is computed")
    found = type_of(positional[0])
    return Unknown(span, "unknown", "the class of an object") if found is MISSING else found


def _hasattr(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    owner, name = positional[0], plain.bare(positional[1])
    if not isinstance(name, str):
        return Unknown(span, "unknown", "an attribute of unknown name")
    try:
        value = attributes.get_attribute(machine, owner, name, span)
    except Failure as failure:
        if failure.kind == "AttributeError":
            return False
        raise
    return Unknown(span, value.reason, value.detail) if isinstance(value, Unknown) else True


def _getattr(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    owner, name = positional[0], plain.bare(positional[1])
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else Unknown(span, "unknown", "an attribute")
        if isinstance(owner, Application):
            return registration.unknown_method(machine, owner, why, span)
        return Unknown(span, why.reason, why.detail)
    try:
        return attributes.get_attribute(machine, owner, name, span)
    except Failure as failure:
        if failure.kind == "AttributeError" and len(positional) > 2:
            return positional[2]
        raise


def _setattr(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    owner, name, value = positional
    name = plain.bare(name)
    if isinstance(name, str):
        attributes.set_attribute(machine, owner, name, value, span)
    else:
        why = Unknown(span, "monkeypatch", "an attribute of unknown name is set")
        if isinstance(owner, Application):
            registration.dynamic(machine, owner, why, "FC114", span)
        elif isinstance(owner, ModuleValue):
            owner.opaque = why
        else:
            machine.taint(owner, why)
    return None


def _print(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return None


def _exec(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    why = Unknown(span, "exec", "code that is computed may register anything")
    machine.add_site_everywhere(machine.site(why, "FC113", span))
    for module in machine.modules.values():
        if module.state == "running" and module.found.path == span.file:
            module.opaque = why
    return Unknown(span, "exec", "the result of code that is computed")


def _vars(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], ModuleValue | ClassValue):
        return DictValue(positional[0].names)
    if positional and isinstance(positional[0], Instance):
        return DictValue(positional[0].attributes)
    return Unknown(span, "unknown", "the attributes of an object")


def _dir(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if positional and isinstance(positional[0], ModuleValue):
        module = positional[0]
        if module.opaque is None:
            return ListValue(sorted(name for name in module.names if not name.startswith(" ")))
    return Unknown(span, "unknown", "the names of an object")


def _import(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    name = plain.bare(positional[0]) if positional else None
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else Unknown(span, "unknown", "a module")
        return import_unknown(machine, why, span)
    return modules.import_module(machine, name.partition(".")[0], span)


def import_unknown(machine: Machine, why: Unknown, span: Span) -> Unknown:
    """A module of unknown name is imported: it may register on any application."""
    detail = f"a module whose name is not known is imported: {why.detail}"
    site = machine.site(Unknown(span, "unknown-import", detail), "FC112", span)
    machine.add_site_everywhere(site)
    return Unknown(span, "unknown-import", detail)


def _property(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return Property(positional[0] if positional else keywords.get("fget"))


def _super(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) == 2 and isinstance(positional[0], ClassValue):
        return Super(positional[0], positional[1])
    return Unknown(span, "unknown", "`super()`")


def _callable(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    if isinstance(value, Unknown):
        return value
    if isinstance(value, FunctionValue | Bound | ClassValue | Builtin):
        return True
    if plain.is_constant(value) or isinstance(value, ListValue | DictValue | tuple):
        return False
    return Unknown(span, "unknown", "whether an object can be called")


def _sum(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = _items(machine, positional, span)
    if isinstance(items, Unknown):
        return items
    total: Value = positional[1] if len(positional) > 1 else keywords.get("start", 0)
    for item in items:
        total = operations.binary(machine, "+", total, item, span)
    return total


_MODELS: dict[str, Callable[..., Value]] = {
    "len": _len,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "list": _list,
    "tuple": _tuple,
    "set": _set,
    "frozenset": _set,
    "dict": _dict,
    "sorted": _sorted,
    "reversed": _reversed,
    "str": _str,
    "int": _number(int),
    "float": _number(float),
    "abs": _number(abs),
    "round": _number(round),
    "chr": _number(chr),
    "ord": _number(ord),
    "hex": _number(hex),
    "oct": _number(oct),
    "bin": _number(bin),
    "divmod": _number(divmod),
    "repr": _number(repr),
    "bool": _bool,
    "any": _any_all(True),
    "all": _any_all(False),
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": _sum,
    "map": _map,
    "filter": _filter,
    "iter": _list,
    "next": _next,
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "type": _type,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "setattr": _setattr,
    "callable": _callable,
    "print": _print,
    "exec": _exec,
    "eval": _exec,
    "vars": _vars,
    "dir": _dir,
    "__import__": _import,
    "property": _property,
    "staticmethod": lambda machine, positional, keywords, span: StaticMethod(positional[0]),
    "classmethod": lambda machine, positional, keywords, span: ClassMethod(positional[0]),
    "super": _super,
}

_TEXT_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "endswith",
        "expandtabs",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "translate",
        "upper",
        "zfill",
        "encode",
        "decode",
        "bit_length",
        "hex",
        "as_integer_ratio",
        "is_integer",
        "conjugate",
    ]
)


def method(machine: Machine, owner: Value, name: str, span: Span) -> Value:
    """A method of a constant or a container; Failure when there is none of that name."""
    if isinstance(owner, ListValue | DictValue | SetValue):
        found = _CONTAINER_METHODS.get((type(owner), name))
        if found is not None:
            return Builtin(
                name,
                lambda machine, positional, keywords, span: found(
                    machine, owner, positional, keywords, span
                ),
            )
        if hasattr({ListValue: list, DictValue: dict, SetValue: set}[type(owner)], name):
            return Builtin(name, _changing(owner, name))
        # A generator is a list here; its methods send and close.
        return Unknown(span, "unknown", f"`{name}` of a container")
    if isinstance(owner, str) and name in ("format", "format_map", "join"):
        return Builtin(name, _text_method(owner, name))
    if hasattr(type(owner), name) and (
        plain.is_constant(owner) or isinstance(owner, tuple | range)
    ):
        return Builtin(name, _constant_method(owner, name))
    kind = type(owner).__name__
    if plain.is_constant(owner):
        raise machine.failure(
            "AttributeError",
            "FC204",
            f"a value of type `{kind}` has no attribute `{name}`",
            span,
            "looked up here",
        )
    return Unknown(span, "unknown", f"`{name}` of an object")


def _changing(owner: Value, name: str) -> Callable[..., Value]:
    def change(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        why = Unknown(span, "unknown", f"`{name}` changes it")
        machine.taint(owner, why)
        return why

    return change


def _constant_method(owner: Value, name: str) -> Callable[..., Value]:
    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        unknown = plain.first_unknown(tuple([*positional, *keywords.values()]))
        if unknown is not None:
            return unknown
        given = [plain.real(value) for value in positional]
        named = {key: plain.real(value) for key, value in keywords.items()}
        if plain.NOT_PLAIN in given or (name not in _TEXT_METHODS and not isinstance(owner, tuple)):
            return Unknown(span, "unknown", f"the result of `{name}`")
        if name in ("center", "ljust", "rjust", "zfill", "replace", "expandtabs") and any(
            isinstance(value, int) and value > 10_000 for value in given
        ):
            return Unknown(span, "analysis-bounded", "the text is very long")
        try:
            result = getattr(owner, name)(*given, **named)
        except Exception as error:
            kind = type(error).__name__
            raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None
        return _value(result)

    return run


def _value(result: Any) -> Value:
    if isinstance(result, list):
        return ListValue([_value(item) for item in result])
    return result


def _text_method(owner: str, name: str) -> Callable[..., Value]:
    def run(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        if name == "join":
            items = operations.iterate(machine, positional[0], span)
            if isinstance(items, Unknown):
                return items
            texts = [plain.bare(item) for item in items]
            unknown = next((text for text in texts if isinstance(text, Unknown)), None)
            if unknown is not None:
                return unknown
            if not all(isinstance(text, str) for text in texts):
                raise machine.failure(
                    "TypeError", "FC206", "`join` takes strings only", span, "raises TypeError"
                )
            if sum(map(len, texts)) + len(owner) * len(texts) > plain.VALUE_LIMIT:
                return Unknown(span, "analysis-bounded", "the text is very long")
            return owner.join(texts)
        if name == "format_map":
            found = positional[0]
            if not isinstance(found, DictValue) or found.unknown is not None:
                return Unknown(span, "unknown", "a text made from an object")
            keywords, positional = dict(found.items), []
        given = [plain.formattable(machine, value, span) for value in positional]
        named = {key: plain.formattable(machine, value, span) for key, value in keywords.items()}
        for value in (*given, *named.values()):
            if isinstance(value, Unknown):
                return value
        if plain.is_wide(owner, (*given, *named.values())):
            return Unknown(span, "analysis-bounded", "the text may be very long")
        try:
            return owner.format(*given, **named)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            kind = type(error).__name__
            raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None

    return run


def _append(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    machine.touch(owner, "items")
    owner.items.append(positional[0])
    return None


def _extend(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    operations.augment(machine, "+", owner, positional[0], span)
    return None


def _insert(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    place = plain.bare(positional[0])
    machine.touch(owner, "items")
    if isinstance(place, int):
        owner.items.insert(place, positional[1])
    else:
        machine.taint(owner, Unknown(span, "unknown", "inserted at an unknown place"))
    return None


def _list_pop(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    place = plain.bare(positional[0]) if positional else -1
    if owner.unknown is not None or not isinstance(place, int):
        return owner.unknown or Unknown(span, "unknown", "an item of a list")
    machine.touch(owner, "items")
    if not -len(owner.items) <= place < len(owner.items):
        raise machine.failure("IndexError", "FC206", "pop from a short list", span, "raised here")
    return owner.items.pop(place)


def _remove(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    for index, item in enumerate(owner.items):
        if operations.equal(machine, item, positional[0]) is True:
            machine.touch(owner, "items")
            del owner.items[index]
            return None
    machine.taint(owner, Unknown(span, "unknown", "an item is removed"))
    return None


def _list_reverse(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    machine.touch(owner, "items")
    owner.items.reverse()
    return None


def _list_sort(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    made = _sorted(machine, [owner], keywords, span)
    machine.touch(owner, "items")
    if isinstance(made, ListValue) and made.unknown is None:
        owner.items[:] = made.items
    else:
        machine.taint(owner, getattr(made, "unknown", None) or Unknown(span, "unknown", "order"))
    return None


def _clear(
    machine: Machine, owner: Any, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    machine.touch(owner, "items")
    owner.items.clear()
    return None


def _copied(
    machine: Machine, owner: Any, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    return type(owner)(owner.items.copy(), owner.unknown)


def _count(
    machine: Machine, owner: ListValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    found = plain.real(owner)
    wanted = plain.real(positional[0])
    if plain.NOT_PLAIN in (found, wanted) or not isinstance(found, list):
        return Unknown(span, "unknown", "a count")
    return found.count(wanted)


def _dict_get(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    unknown = plain.first_unknown(positional[0]) or owner.unknown
    key = attributes.key_of(positional[0])
    if unknown is None or (key in owner.items and owner.unknown is None):
        return owner.items.get(key, positional[1] if len(positional) > 1 else None)
    return unknown


def _dict_pop(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    key = attributes.key_of(positional[0])
    if owner.unknown is not None:
        return owner.unknown
    if key in owner.items:
        machine.touch(owner, "items")
        return owner.items.pop(key)
    if len(positional) > 1:
        return positional[1]
    raise machine.failure("KeyError", "FC206", "the dict has no such key", span, "raises KeyError")


def _setdefault(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    key = attributes.key_of(positional[0])
    if owner.unknown is not None:
        return owner.unknown
    if key not in owner.items:
        machine.touch(owner, "items")
        owner.items[key] = positional[1] if len(positional) > 1 else None
    return owner.items[key]


def _dict_update(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    machine.touch(owner, "items")
    machine.touch(owner, "unknown")
    if positional:
        _update(machine, owner, positional[0], span)
    owner.items.update(keywords)
    return None


def _view(kind: str) -> Callable[..., Value]:
    def make(
        machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
    ) -> Value:
        if kind == "keys":
            return ListValue(list(owner.items), owner.unknown)
        if kind == "values":
            return ListValue(list(owner.items.values()), owner.unknown)
        return ListValue(list(owner.items.items()), owner.unknown)

    return make


def _set_add(
    machine: Machine, owner: SetValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    machine.touch(owner, "items")
    made = expressions.make_set(machine, [*owner.items, *positional])
    owner.items[:] = made.items
    if made.unknown is not None:
        machine.taint(owner, made.unknown)
    return None


def _set_union(
    machine: Machine, owner: SetValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    items = list(owner.items)
    for value in positional:
        more = (
            list(value.items)
            if isinstance(value, SetValue) and value.unknown is None
            else operations.iterate(machine, value, span)
        )
        if isinstance(more, Unknown):
            return SetValue(items, more)
        items.extend(more)
    made = expressions.make_set(machine, items)
    made.unknown = made.unknown or owner.unknown
    return made


_CONTAINER_METHODS: dict[tuple[type, str], Callable[..., Value]] = {
    (ListValue, "append"): _append,
    (ListValue, "extend"): _extend,
    (ListValue, "insert"): _insert,
    (ListValue, "pop"): _list_pop,
    (ListValue, "remove"): _remove,
    (ListValue, "reverse"): _list_reverse,
    (ListValue, "sort"): _list_sort,
    (ListValue, "clear"): _clear,
    (ListValue, "copy"): _copied,
    (ListValue, "count"): _count,
    (DictValue, "get"): _dict_get,
    (DictValue, "pop"): _dict_pop,
    (DictValue, "setdefault"): _setdefault,
    (DictValue, "update"): _dict_update,
    (DictValue, "items"): _view("items"),
    (DictValue, "keys"): _view("keys"),
    (DictValue, "values"): _view("values"),
    (DictValue, "copy"): _copied,
    (DictValue, "clear"): _clear,
    (SetValue, "add"): _set_add,
    (SetValue, "union"): _set_union,
    (SetValue, "copy"): _copied,
    (SetValue, "clear"): _clear,
}
