"""Built-in functions, and the methods of strings and containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    calls,
    dicts,
    expressions,
    iterators,
    kinds,
    operations,
    plain,
    reflection,
)
from flama_compile.link.values import (
    MISSING,
    Arguments,
    ClassMethod,
    ClassValue,
    DictValue,
    Keywords,
    ListValue,
    LiveView,
    OneShot,
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

__all__ = ["BUILTINS", "call", "fill", "sort"]

BUILTINS: dict[str, Value] = {"__debug__": True}


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
    if any(one is other for i, one in enumerate(positional) for other in positional[:i]):
        return _zip_self(machine, positional, span)
    columns = [operations.iterate(machine, value, span) for value in positional]
    for column in columns:
        if isinstance(column, Unknown):
            return column
    _leave_rest(positional, columns, span)
    return ListValue(list(zip(*columns, strict=False)))


def _zip_self(machine: Machine, positional: Arguments, span: Span) -> Value:
    """`zip(it, it)`: rows of one iterator, or the items of a container beside themselves."""
    first, width = positional[0], len(positional)
    items = operations.iterate(machine, first, span)
    if isinstance(items, Unknown):
        return items
    if any(one is not first for one in positional):
        return Unknown(span, "lazy", "iterators share their items")
    if not isinstance(first, OneShot):
        return ListValue([(item,) * width for item in items])
    whole = len(items) - len(items) % width
    return ListValue([tuple(items[i : i + width]) for i in range(0, whole, width)])


def _leave_rest(sources: Arguments, columns: Sequence[Value], span: Span) -> None:
    """Of iterators that are longer than the shortest, we do not say what is left."""
    for source, column in zip(sources, columns, strict=True):
        if isinstance(source, OneShot) and len(column) > min(map(len, columns)):
            source.unknown = Unknown(span, "lazy", "an iterator is consumed in part")


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
        fill(machine, found, positional[0], span)
    found.items.update(keywords)
    return found


def fill(machine: Machine, found: DictValue, source: Value, span: Span) -> None:
    """`dict.update`: entries of a dict, or pairs."""
    if isinstance(source, DictValue):
        dicts.put_all(found, source)
        return
    items = operations.iterate(machine, source, span)
    if isinstance(items, Unknown):
        dicts.put_unknown(found, (), items)
        return
    for item in items:
        pair = operations.iterate(machine, item, span)
        if isinstance(pair, Unknown) or len(pair) != 2:
            dicts.put_unknown(found, (), Unknown(span, "unknown", "pairs of an object"))
        else:
            dicts.put(found, pair[0], pair[1])


def sort(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`sorted`: by values or keys that are known."""
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
    real = plain.ranks(ranks)
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
            machine.may_raise(span, unknown.detail, "ValueError", "TypeError", "OverflowError")
            return unknown
        if any(value is plain.NOT_PLAIN for value in found):
            return Unknown(span, "unknown", "a number of an object")
        try:
            return kind(*found)
        except (TypeError, ValueError, OverflowError) as error:
            name = type(error).__name__
            raise machine.failure(name, "FC206", str(error), span, f"raises {name}") from None

    return convert


def _repr(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    unknown = plain.first_unknown(tuple(positional))
    if unknown is not None:
        return unknown
    shown = plain.representation(positional[0]) if positional else None
    return Unknown(span, "unknown", "the text of an object") if shown is None else shown


def _bool(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return operations.truth(machine, positional[0]) if positional else False


def _any_all(stop: bool) -> Callable[..., Value]:
    def check(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
        source = positional[0]
        items = (
            iterators.drain(machine, source, span, whole=False)
            if isinstance(source, OneShot)
            else operations.iterate(machine, source, span)
        )
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
        if isinstance(source, OneShot | LiveView):
            items = operations.iterate(machine, source, span)
            source = items if isinstance(items, Unknown) else tuple(items)
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


def _iter(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) != 1:
        return Unknown(span, "unknown", "an iterator that calls a function")
    if isinstance(positional[0], OneShot):
        return positional[0]
    return OneShot([], lambda: _list(machine, positional, keywords, span))


def _next(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    value = positional[0]
    if not isinstance(value, OneShot):
        return Unknown(span, "unknown", "the next item of an object")
    try:
        return iterators.take(machine, value, span)
    except StopIteration:
        if len(positional) > 1:
            return positional[1]
        raise machine.failure(
            "StopIteration", "FC206", "nothing is left", span, "raised here"
        ) from None


def _print(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return None


def _property(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return Property(positional[0] if positional else keywords.get("fget"))


def _super(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    if len(positional) == 2 and isinstance(positional[0], ClassValue):
        return Super(positional[0], positional[1])
    return Unknown(span, "unknown", "`super()`")


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
    "enumerate": iterators.lazily(_enumerate),
    "zip": iterators.lazily(_zip),
    "list": _list,
    "tuple": _tuple,
    "set": _set,
    "frozenset": _set,
    "dict": _dict,
    "sorted": iterators.calling(sort),
    "reversed": iterators.lazily(_reversed),
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
    "repr": _repr,
    "bool": _bool,
    "any": _any_all(True),
    "all": _any_all(False),
    "min": iterators.calling(_extreme(min)),
    "max": iterators.calling(_extreme(max)),
    "sum": _sum,
    "map": iterators.lazily(_map),
    "filter": iterators.lazily(_filter),
    "iter": _iter,
    "next": _next,
    "isinstance": kinds.is_instance,
    "issubclass": kinds.is_subclass,
    "type": kinds.type_call,
    "hasattr": kinds.has_attribute,
    "getattr": reflection.get_by_name,
    "setattr": reflection.set_by_name,
    "callable": kinds.is_callable,
    "print": _print,
    "exec": reflection.execute,
    "eval": reflection.execute,
    "vars": reflection.attributes_of,
    "dir": reflection.names_of,
    "__import__": reflection.import_call,
    "property": _property,
    "staticmethod": lambda machine, positional, keywords, span: StaticMethod(positional[0]),
    "classmethod": lambda machine, positional, keywords, span: ClassMethod(positional[0]),
    "super": _super,
}
