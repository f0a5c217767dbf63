"""Entries of dicts, where a key or a whole source of entries may be unknown.

What an unknown key sets may be any entry: `d[unknown] = f` leaves every item in doubt, and what
is asked for afterwards may be what it was, or `f`. An entry that is set later is certain again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flama_compile.link import escapes, plain
from flama_compile.link.values import DictValue, ListValue, SetValue, Unknown, Value

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["changing", "key_of", "put", "put_all", "put_unknown", "remove_unknown"]


def changing(machine: Machine, found: DictValue) -> None:
    """Remember a dict as it is, before its entries and what is known of them change."""
    machine.touch(found, "items")
    machine.touch(found, "unknown")


def key_of(value: Value) -> Any:
    """What a value is as the key of a dict: equal keys are equal."""
    value = plain.bare(value)
    if isinstance(value, ListValue | DictValue | SetValue):
        return id(value)
    return value


def put(found: DictValue, key: Value, value: Value) -> None:
    """`found[key] = value`."""
    unknown = plain.first_unknown(key)
    if unknown is None:
        found.items[key_of(key)] = value
    else:
        put_unknown(found, [value], unknown)


def put_all(found: DictValue, source: DictValue) -> None:
    """`found.update(source)`."""
    if source.unknown is not None:
        put_unknown(found, (), source.unknown)
    found.items.update(source.items)


def put_unknown(found: DictValue, values: Iterable[Value], why: Unknown) -> None:
    """Entries are set that nobody knows, to one of the values or to something else."""
    values = (*values, *escapes.choices_of(why))
    for key, old in found.items.items():
        found.items[key] = escapes.any_of([old, *values], why)
    found.unknown = escapes.any_of(values, found.unknown or why)


def remove_unknown(found: DictValue, why: Unknown) -> None:
    """An entry is removed, nobody knows which."""
    found.unknown = escapes.any_of(found.items.values(), found.unknown or why)
    found.items.clear()
