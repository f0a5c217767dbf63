"""Methods of constants and containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    builtins,
    dicts,
    escapes,
    expressions,
    iterators,
    operations,
    plain,
    texts,
)
from flama_compile.link.values import (
    Arguments,
    Builtin,
    DictValue,
    Keywords,
    ListValue,
    LiveView,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["method"]


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
        return Unknown(span, "unknown", f"`{name}` of a container")
    if isinstance(owner, str) and name in ("format", "format_map", "join"):
        return Builtin(name, texts.text_method(owner, name))
    if hasattr(type(owner), name) and (
        plain.is_constant(owner) or isinstance(owner, tuple | range)
    ):
        return Builtin(name, texts.constant_method(owner, name))
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
    made = iterators.calling(builtins.sort)(machine, [owner], keywords, span)
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
    key = dicts.key_of(positional[0])
    if unknown is None or (key in owner.items and owner.unknown is None):
        return owner.items.get(key, positional[1] if len(positional) > 1 else None)
    return escapes.any_of([*owner.items.values(), *positional[1:]], unknown)


def _dict_pop(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    key = dicts.key_of(positional[0])
    unknown = plain.first_unknown(positional[0]) or owner.unknown
    if unknown is not None:
        dicts.changing(machine, owner)
        dicts.remove_unknown(owner, unknown)
        return escapes.any_of(positional[1:], owner.unknown or unknown)
    if key in owner.items:
        machine.touch(owner, "items")
        return owner.items.pop(key)
    if len(positional) > 1:
        return positional[1]
    raise machine.failure("KeyError", "FC206", "the dict has no such key", span, "raises KeyError")


def _setdefault(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    key = dicts.key_of(positional[0])
    unknown = plain.first_unknown(positional[0]) or owner.unknown
    if unknown is not None:
        dicts.changing(machine, owner)
        dicts.put_unknown(owner, positional[1:], unknown)
        return escapes.any_of(owner.items.values(), owner.unknown or unknown)
    if key not in owner.items:
        machine.touch(owner, "items")
        owner.items[key] = positional[1] if len(positional) > 1 else None
    return owner.items[key]


def _dict_update(
    machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
) -> Value:
    dicts.changing(machine, owner)
    if positional:
        builtins.fill(machine, owner, positional[0], span)
    owner.items.update(keywords)
    return None


def _view(kind: str) -> Callable[..., Value]:
    def make(
        machine: Machine, owner: DictValue, positional: Arguments, keywords: Keywords, span: Span
    ) -> Value:
        return LiveView(owner, kind)

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
