"""Items: of dicts, lists, texts, types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flama_compile.link import (
    calls,
    classes,
    dicts,
    escapes,
    externals,
    hints,
    modules,
    named_tuples,
    operations,
    outside,
    plain,
)
from flama_compile.link.values import (
    MISSING,
    Alias,
    ClassValue,
    DictValue,
    External,
    ExternalObject,
    Instance,
    ListValue,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["delete_item", "get_item", "set_item"]


def get_item(machine: Machine, owner: Value, index: Value, span: Span) -> Value:
    """`owner[index]`."""
    if isinstance(owner, External | ClassValue | Alias | TypeName):
        special = externals.get_item(machine, owner, index, span)
        if special is not MISSING:
            return special
        return hints.subscript(machine, owner, index, span)
    owner, index = plain.bare(owner), plain.bare(index)
    for value in (owner, index):
        if isinstance(value, Unknown):
            machine.may_raise(span, value.detail, "LookupError", "TypeError")
            return escapes.any_of(_held(owner), Unknown(value.span, value.reason, value.detail))
    try:
        match owner:
            case ListValue():
                if owner.unknown is not None:
                    machine.may_raise(span, owner.unknown.detail, "IndexError")
                    return escapes.any_of(owner.items, owner.unknown)
                found = owner.items[index]
                return ListValue(found) if isinstance(index, slice) else found
            case DictValue():
                return _dict_item(machine, owner, index, span)
            case str() | bytes() | tuple() | range():
                return owner[index]
            case ExternalObject() if (routes := outside.routes_of(owner)) is not None:
                return routes[index] if isinstance(index, int) else ListValue(routes[index])
            case Instance():
                held = named_tuples.values(owner)
                if held is not None and isinstance(index, int | slice):
                    return held[index]
                method = classes.own_attribute(owner.cls, "__getitem__")
                if method is not None:
                    return calls.call(machine, method[1], [owner, index], {}, span)
    except (IndexError, TypeError, KeyError) as error:
        kind = type(error).__name__
        raise machine.failure(kind, "FC206", f"{error}", span, f"raises {kind}") from None
    return Unknown(span, "unknown", "an item of an object")


def _held(owner: Value) -> Iterable[Value]:
    match owner:
        case ListValue():
            return owner.items
        case DictValue():
            return owner.items.values()
        case tuple():
            return owner
    return ()


def _dict_item(machine: Machine, owner: DictValue, index: Value, span: Span) -> Value:
    key = dicts.key_of(index)
    if key in owner.items:
        return owner.items[key]
    if owner.unknown is not None:
        machine.may_raise(span, owner.unknown.detail, "KeyError")
        return escapes.any_of(owner.items.values(), owner.unknown)
    if owner.factory is not None:
        value = calls.call(machine, owner.factory, [], {}, span)
        machine.touch(owner, "items")
        owner.items[key] = value
        return value
    shown = repr(key) if plain.is_constant(key) else "this key"
    raise machine.failure(
        "KeyError", "FC206", f"the dict has no key {shown}", span, "raises KeyError"
    )


def set_item(machine: Machine, owner: Value, index: Value, value: Value, span: Span) -> None:
    """`owner[index] = value`."""
    match owner:
        case DictValue():
            dicts.changing(machine, owner)
            dicts.put(owner, index, value)
        case ListValue():
            if isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
                machine.touch(owner, "items")
                owner.items[index] = value
            elif isinstance(index, slice) and owner.unknown is None:
                _set_slice(machine, owner, index, value)
            else:
                machine.taint(owner, Unknown(span, "unknown", "an unknown item is set"))
        case Instance():
            method = classes.own_attribute(owner.cls, "__setitem__")
            if method is not None:
                calls.call(machine, method[1], [owner, index, value], {}, span)
        case ExternalObject():
            outside.change_routes(machine, owner, span)
        case External(module="sys", name="modules"):
            why = Unknown(span, "monkeypatch", "modules are replaced in `sys.modules`")
            for module in list(machine.modules.values()):
                if plain.bare(index) == module.name or isinstance(index, Unknown):
                    modules.obscure(machine, module, why)
        case Unknown():
            escapes.escape(machine, [value], owner, span)


def _set_slice(machine: Machine, owner: ListValue, index: slice, value: Value) -> None:
    """`list[a:b] = items`."""
    span = Span("", 1, 1, 1, 1)
    items = operations.iterate(machine, value, span)
    bounds = (index.start, index.stop)
    if (
        isinstance(items, Unknown)
        or index.step not in (None, 1)
        or not all(bound is None or isinstance(bound, int) for bound in bounds)
    ):
        machine.taint(owner, Unknown(span, "unknown", "a part of a list is replaced"))
        return
    machine.touch(owner, "items")
    owner.items[index] = items


def delete_item(machine: Machine, owner: Value, index: Value, span: Span) -> None:
    """`del owner[index]`."""
    unknown = plain.first_unknown(index)
    if isinstance(owner, DictValue) and unknown is not None:
        dicts.changing(machine, owner)
        dicts.remove_unknown(owner, unknown)
    elif isinstance(owner, DictValue) and dicts.key_of(index) in owner.items:
        machine.touch(owner, "items")
        del owner.items[dicts.key_of(index)]
    elif isinstance(owner, ListValue) and isinstance(index, int | slice):
        machine.touch(owner, "items")
        del owner.items[index]
    elif isinstance(owner, ExternalObject):
        outside.change_routes(machine, owner, span)
    elif isinstance(owner, ListValue | DictValue):
        machine.taint(owner, Unknown(span, "unknown", "an unknown item is deleted"))
