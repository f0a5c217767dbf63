"""Operators on objects of the project: the methods that Python would call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import calls, classes, operations
from flama_compile.link.values import MISSING, External, Instance, Unknown, Value
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["binary", "compared", "unary"]

_BINARY = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "<<": "lshift",
    ">>": "rshift",
    "&": "and",
    "|": "or",
    "^": "xor",
    "@": "matmul",
}
_COMPARED = {"<": ("lt", "gt"), ">": ("gt", "lt"), "<=": ("le", "ge"), ">=": ("ge", "le")}
_UNARY = {"-": "neg", "+": "pos", "~": "invert"}
_REFUSED = External("builtins", "NotImplemented")


def binary(
    machine: Machine, sign: str, left: Value, right: Value, span: Span, *, in_place: bool = False
) -> Value:
    """`left sign right`; MISSING where no class of the project has a method for it."""
    name = _BINARY.get(sign)
    if name is None:
        return MISSING
    names = [f"__i{name}__", f"__{name}__"] if in_place else [f"__{name}__"]
    return _first(
        machine, [(left, one, right) for one in names] + [(right, f"__r{name}__", left)], span
    )


def compared(
    machine: Machine, sign: str, left: Value, right: Value, span: Span
) -> bool | Unknown | None:
    """An ordering; None where no class of the project has a method for it."""
    own, other = _COMPARED[sign]
    found = _first(machine, [(left, f"__{own}__", right), (right, f"__{other}__", left)], span)
    return None if found is MISSING else operations.truth(machine, found)


def unary(machine: Machine, sign: str, value: Value, span: Span) -> Value:
    """`-value` and its like; MISSING where no class of the project has a method for it."""
    name = f"__{_UNARY[sign]}__"
    method = classes.own_attribute(value.cls, name) if isinstance(value, Instance) else None
    return MISSING if method is None else calls.call(machine, method[1], [value], {}, span)


def _first(machine: Machine, tries: list[tuple[Value, str, Value]], span: Span) -> Value:
    """What the first method gives that does not refuse; MISSING when there is none."""
    for receiver, name, other in tries:
        if not isinstance(receiver, Instance):
            continue
        method = classes.own_attribute(receiver.cls, name)
        if method is None:
            continue
        found = calls.call(machine, method[1], [receiver, other], {}, span)
        if found != _REFUSED:
            return found
    return MISSING
