"""Tools of the standard library that work on containers and texts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    attributes,
    builtins,
    calls,
    classes,
    dicts,
    iterators,
    operations,
    plain,
    subscripts,
)
from flama_compile.link.values import (
    Arguments,
    Builtin,
    ClassValue,
    DictValue,
    External,
    Keywords,
    ListValue,
    OneShot,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["TOOLS"]


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
            dicts.put_all(made, value)
    made.items.update(keywords)
    return made


def _ordered_dict(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    return builtins.call(machine, "dict", positional, keywords, span)


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
        lambda machine, given, keywords, span: subscripts.get_item(machine, given[0], index, span),
    )


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
    if isinstance(positional[0], OneShot):
        positional[0].unknown = Unknown(span, "lazy", "an iterator is consumed in part")
    return ListValue(list(itertools.islice(items, *bounds)))


def _pairwise(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    return items if isinstance(items, Unknown) else ListValue(list(itertools.pairwise(items)))


def _accumulate(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    if isinstance(items, Unknown):
        return items
    function = positional[1] if len(positional) > 1 else keywords.get("func")
    if "initial" in keywords and keywords["initial"] is not None:
        items = [keywords["initial"], *items]
    found: list[Value] = items[:1]
    for item in items[1:]:
        found.append(
            operations.binary(machine, "+", found[-1], item, span)
            if function is None
            else calls.call(machine, function, [found[-1], item], {}, span)
        )
    return ListValue(found)


def _group_by(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    items = operations.iterate(machine, positional[0], span)
    if isinstance(items, Unknown):
        return items
    function = positional[1] if len(positional) > 1 else keywords.get("key")
    keys: list[Value] = []
    for item in items:
        key = item if function is None else calls.call(machine, function, [item], {}, span)
        same = operations.equal(machine, keys[-1], key) if keys else False
        if isinstance(same, Unknown):
            return same
        if not same:
            keys.append(key)
    # A group is empty as soon as the next one was asked for, which nothing here tells.
    why = Unknown(span, "lazy", "what is left of a group")
    return ListValue([(key, ListValue([], why)) for key in keys])


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
    made = DictValue({})
    for item in items:
        dicts.put(made, item, value)
    return made


TOOLS: dict[str, Callable[..., Value]] = {
    "collections.namedtuple": _named_tuple,
    "itertools.zip_longest": iterators.lazily(_zip_longest),
    "itertools.islice": iterators.lazily(_slice_of),
    "itertools.permutations": iterators.lazily(_selection(itertools.permutations)),
    "itertools.combinations": iterators.lazily(_selection(itertools.combinations)),
    "builtins.dict.fromkeys": _from_keys,
    "functools.reduce": iterators.calling(_reduce),
    "itertools.chain": iterators.lazily(_chain),
    "itertools.chain.from_iterable": iterators.lazily(_chain_from),
    "itertools.product": iterators.lazily(_product),
    "itertools.accumulate": iterators.lazily(_accumulate),
    "itertools.groupby": iterators.lazily(_group_by),
    "itertools.pairwise": iterators.lazily(_pairwise),
    "itertools.starmap": iterators.lazily(_starmap),
    "collections.defaultdict": _default_dict,
    "collections.OrderedDict": _ordered_dict,
    "operator.attrgetter": _attrgetter,
    "operator.itemgetter": _itemgetter,
}
"""Functions by the name that they have outside."""
