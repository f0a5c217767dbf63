"""Running code of which we do not know whether it runs.

When a condition is unknown, every branch is executed, and everything that it changed is put back.
What all branches agree on is kept; the rest becomes `Unknown`, and an application on which they
register differently gets a dynamic site. Containers are restored in place, so that whoever holds
one sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from flama_compile.link.applications import Application, Site
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    ClassValue,
    DictValue,
    Instance,
    ListValue,
    SetValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["Doubt", "Journal", "Outcome", "same"]


class Doubt(NamedTuple):
    """Why it is not known which branch runs."""

    unknown: Unknown
    """`span`, `reason` and `detail` of the dynamic sites that follow from it."""
    code: str


class Outcome(NamedTuple):
    """How one branch ended: with a result, or with the failure that left it."""

    result: Any
    failure: Failure | None


class _Touched(NamedTuple):
    owner: Any
    attribute: str
    before: Any


class Journal:
    """What the running branches have changed, the innermost last."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._open: list[dict[tuple[int, str], _Touched]] = []
        self._moved = False
        """Whether the last branches left anything else than they found."""

    @property
    def depth(self) -> int:
        """How many branches are running, one inside the other."""
        return len(self._open)

    @property
    def active(self) -> bool:
        """Whether a branch is running of which we do not know whether it runs."""
        return bool(self._open)

    def touch(self, owner: Any, attribute: str) -> None:
        """Say, before it happens, that an attribute or the container in it will change."""
        if not self._open:
            return
        touched = self._open[-1]
        key = (id(owner), attribute)
        if key not in touched:
            touched[key] = _Touched(owner, attribute, _copy(getattr(owner, attribute)))

    def branches(self, doubt: Doubt, runs: Sequence[Callable[[], Any]]) -> list[Outcome]:
        """Run each branch from the same state, then merge what they left behind."""
        outcomes: list[Outcome] = []
        results: list[dict[tuple[int, str], tuple[_Touched, Any]]] = []
        for run in runs:
            outcome, after = self._run(run)
            outcomes.append(outcome)
            results.append(after)
        kept = [
            after
            for outcome, after in zip(outcomes, results, strict=True)
            if outcome.failure is None or self._machine.trying
        ]
        if not kept:
            kept = results
        else:
            self._tell_risks(doubt, outcomes)
        keys: dict[tuple[int, str], _Touched] = {}
        for after in kept:
            keys.update({key: touched for key, (touched, _) in after.items()})
        # Merging the entries of a dict may find that their order is not known: that comes last.
        for key, touched in sorted(keys.items(), key=lambda item: item[1].attribute == "items"):
            self.touch(touched.owner, touched.attribute)
            states = [after[key][1] if key in after else touched.before for after in kept]
            self._merge(touched, states, doubt)
        self._moved = any(
            not _same_state(touched.before, getattr(touched.owner, touched.attribute))
            for touched in keys.values()
        )
        return outcomes

    def _tell_risks(self, doubt: Doubt, outcomes: Sequence[Outcome]) -> None:
        """A branch that may run, and raises: a `try` around it may catch that."""
        if all(outcome.failure is not None for outcome in outcomes):
            return
        for outcome in outcomes:
            if outcome.failure is not None:
                own = isinstance(outcome.failure.value, ClassValue | Instance)
                kind = "Exception" if own else outcome.failure.kind
                self._machine.may_raise(doubt.unknown.span, doubt.unknown.detail, kind)

    def repeat(self, doubt: Doubt, run: Callable[[], Any]) -> list[Outcome]:
        """Run something that may run any number of times, until it changes nothing any more.

        What one run leaves behind is what the next may find, and is not known by then: a counter,
        or a list that grows.
        """
        outcomes = []
        for _ in range(_ROUNDS):
            outcomes.append(self.branches(doubt, [run, lambda: None])[0])
            if not self._moved:
                break
        return outcomes

    def attempt(self, run: Callable[[], Any]) -> tuple[Outcome, Callable[[], None]]:
        """Run something and put everything back; the second result does its changes again."""
        outcome, after = self._run(run)

        def redo() -> None:
            for touched, state in after.values():
                self.touch(touched.owner, touched.attribute)
                _restore(touched.owner, touched.attribute, state)

        return outcome, redo

    def _run(
        self, run: Callable[[], Any]
    ) -> tuple[Outcome, dict[tuple[int, str], tuple[_Touched, Any]]]:
        depth = len(self._open)
        self._open.append({})
        failure: Failure | None = None
        result: Any = None
        try:
            result = run()
        except Failure as error:
            failure = error
        finally:
            touched = self._open[depth]
            del self._open[depth:]
            after = {
                key: (one, _copy(getattr(one.owner, one.attribute))) for key, one in touched.items()
            }
            for one in touched.values():
                _restore(one.owner, one.attribute, one.before)
        return Outcome(result, failure), after

    def _merge(self, touched: _Touched, states: list[Any], doubt: Doubt) -> None:
        owner, attribute, before = touched
        first = states[0]
        if isinstance(before, dict):
            _restore(owner, attribute, self._merged_dict(owner, states, doubt))
        elif all(_same_items(state, first) for state in states[1:]):
            _restore(owner, attribute, first)
        elif isinstance(owner, Application):
            self._merge_application(owner, attribute, before, states, doubt)
        elif isinstance(before, list):
            self._machine.taint(owner, doubt.unknown)
        elif attribute == "state":
            _restore(owner, attribute, "maybe")
        elif attribute == "ref":
            _restore(owner, attribute, next((state for state in states if state), None))
        else:
            known = next((state for state in states if isinstance(state, Unknown)), None)
            _restore(owner, attribute, known or doubt.unknown)

    def _merged_dict(self, owner: Any, states: list[Any], doubt: Doubt) -> dict[Any, Value]:
        merged: dict[Any, Value] = {}
        if owner is self._machine:
            # Modules and patches that one branch knows of: their own state says "maybe".
            for state in reversed(states):
                merged.update(state)
            return merged
        for state in states:
            for key in state:
                if key in merged:
                    continue
                values = [one.get(key, MISSING) for one in states]
                if all(same(value, values[0]) for value in values[1:]):
                    merged[key] = values[0]
                else:
                    merged[key] = self._machine.one_of(values, doubt.unknown)
        if isinstance(owner, DictValue) and any(
            list(state) != list(states[0]) for state in states[1:]
        ):
            self.touch(owner, "unknown")
            owner.unknown = doubt.unknown
        return merged

    def _merge_application(
        self, app: Application, attribute: str, before: list[Any], states: list[Any], doubt: Doubt
    ) -> None:
        match attribute:
            case "entries":
                new = [entry for state in states for entry in state[len(before) :]]
                site = next((one for one in new if isinstance(one, Site) and one.declared), None)
                if site is None or any(
                    not isinstance(one, Site) or not one.declared for one in new
                ):
                    site = self._machine.site(doubt.unknown, doubt.code)
                last = before[-1] if before else None
                again = isinstance(last, Site) and (
                    (last.span, last.code, last.reason) == (site.span, site.code, site.reason)
                )
                _restore(app, attribute, before if again else [*before, site])
            case "components" | "components_unknown":
                app.components_unknown = True


_ROUNDS = 8
"""Every round makes at least one more name or container unknown; more than three are rare."""


def _same_state(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return _same_items(one, other)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return list(value)
    return value


def _restore(owner: Any, attribute: str, state: Any) -> None:
    current = getattr(owner, attribute)
    if isinstance(current, dict):
        if current is not state:
            kept = dict(state)
            current.clear()
            current.update(kept)
    elif isinstance(current, list):
        current[:] = state
    else:
        setattr(owner, attribute, state)


def _same_items(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return same(one, other)


def same(one: Value, other: Value) -> bool:
    """Whether two values cannot be told apart: the same object, or equal constants."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, ListValue | SetValue):
        return one.unknown is None and other.unknown is None and _same_items(one.items, other.items)
    if isinstance(one, DictValue):
        return (
            one.unknown is None
            and other.unknown is None
            and list(one.items) == list(other.items)
            and all(same(one.items[key], other.items[key]) for key in one.items)
        )
    # `1 == True` and `0.0 == -0.0` are equal, and yet not the same; their text tells.
    return bool(one == other) and repr(one) == repr(other)
