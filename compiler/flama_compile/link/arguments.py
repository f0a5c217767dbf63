"""Arguments of the framework's functions, by the names of their parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flama_compile.link.values import Value
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Given", "Missing", "take"]

Missing = dict[str, Value]
"""Values by parameter; those that were not given are not there."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a call was given, and where."""

    positional: list[Value]
    keywords: dict[str, Value]
    places: Mapping[int | str, Span]
    span: Span

    def place(self, name: str, at: int | None = None) -> Span:
        """Where an argument stands, by name or position; else the whole call."""
        if name in self.places:
            return self.places[name]
        if at is not None and at in self.places:
            return self.places[at]
        return self.span

    def with_values(self, values: Missing, order: Iterable[str]) -> Given:
        """The same call with all values by name."""
        places: dict[int | str, Span] = dict(self.places)
        for at, name in enumerate(order):
            places.setdefault(name, self.place(name, at))
        return Given([], dict(values), places, self.span)


def take(
    machine: Machine,
    what: str,
    given: Given,
    order: tuple[str, ...],
    names: Iterable[str],
    required: tuple[str, ...] = (),
) -> Missing:
    """Values by name; Failure where the call does not fit the function.

    :param order: Parameters that may be given by position.
    :param names: All parameters.
    """
    allowed = set(names)
    found: Missing = {}
    if len(given.positional) > len(order):
        raise _misfit(
            machine, what, f"takes at most {len(order)} argument(s) by position", given.span
        )
    for name, value in zip(order, given.positional, strict=False):
        found[name] = value
    for name, value in given.keywords.items():
        if name not in allowed:
            near = difflib.get_close_matches(name, sorted(allowed), n=1)
            known = ", ".join(f"`{one}`" for one in sorted(allowed))
            help_ = [f"did you mean `{near[0]}`?"] if near else [f"its parameters are {known}"]
            place = given.place(name)
            raise _misfit(machine, what, f"has no parameter `{name}`", place, help_)
        if name in found:
            raise _misfit(machine, what, f"is given `{name}` twice", given.place(name))
        found[name] = value
    for name in required:
        if name not in found:
            raise _misfit(machine, what, f"misses `{name}`", given.span)
    return found


def _misfit(
    machine: Machine, what: str, why: str, span: Span, help_: Iterable[str] = ()
) -> Exception:
    helps = list(help_) or [f"see `help(flama.Flama.{what})` for what it takes"]
    return machine.failure(
        "TypeError", "FC207", f"call of `{what}` {why}", span, "given here", helps
    )
