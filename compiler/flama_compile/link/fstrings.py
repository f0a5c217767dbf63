"""f-strings: texts with values in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.link import (
    expressions,
    plain,
)
from flama_compile.link.values import (
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = ["formatted", "joined"]


def formatted(machine: Machine, fact: facts.Formatted, scope: Scope) -> Value:
    """One `{value!r:spec}` of an f-string."""
    span = machine.span(scope, fact.at)
    value = expressions.evaluate(machine, fact.value, scope)
    spec: Value = "" if fact.spec is None else expressions.evaluate(machine, fact.spec, scope)
    if isinstance(spec, Unknown):
        return spec
    if fact.conversion in ("r", "a"):
        unknown = plain.first_unknown(value)
        if unknown is not None:
            return unknown
        found = plain.representation(value)
        if found is None:
            return Unknown(span, "unknown", "the text of an object")
        value = found
        if fact.conversion == "a":
            value = found.encode("ascii", "backslashreplace").decode()
    elif fact.conversion == "s" or not spec:
        if plain.is_wide(spec, ()):
            return Unknown(span, "analysis-bounded", "the text may be very long")
        return _padded(plain.text(machine, value, span), spec)
    shown = plain.formattable(machine, value, span)
    if isinstance(shown, Unknown):
        return shown
    if plain.is_wide(spec, ()):
        return Unknown(span, "analysis-bounded", "the text may be very long")
    try:
        return format(shown, spec)
    except (TypeError, ValueError) as error:
        raise machine.failure(
            type(error).__name__, "FC206", str(error), span, "formatted here"
        ) from None


def _padded(text: Value, spec: str) -> Value:
    return format(text, spec) if isinstance(text, str) else text


def joined(machine: Machine, fact: facts.Joined, scope: Scope) -> Value:
    """A whole f-string."""
    texts = [expressions.evaluate(machine, part, scope) for part in fact.parts]
    unknown = next((text for text in texts if isinstance(text, Unknown)), None)
    if unknown is not None:
        return unknown
    return "".join(texts)
