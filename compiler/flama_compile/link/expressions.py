"""Expressions: each is evaluated to a value; what cannot be known is one too."""

from __future__ import annotations

import builtins as python
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.link import (
    attributes,
    builtins,
    calls,
    comprehensions,
    definitions,
    dicts,
    escapes,
    fstrings,
    operations,
    plain,
    statements,
    subscripts,
)
from flama_compile.link.journal import Doubt
from flama_compile.link.values import (
    MISSING,
    Coroutine,
    DictValue,
    External,
    Lazy,
    ListValue,
    Scope,
    SetValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["evaluate", "lookup"]


_PYTHON: dict[str, External] = {name: External("builtins", name) for name in dir(python)}


def evaluate(machine: Machine, fact: facts.Expression, scope: Scope) -> Value:
    """The value of an expression; Failure where the program would raise."""
    return _DISPATCH[type(fact)](machine, fact, scope)


def lookup(scope: Scope, name: str) -> Value:
    """The value of a name as code in a scope sees it; MISSING when there is none."""
    if name in scope.redirected:
        target = scope.redirected[name]
        return (scope.globals if target is None else target).names.get(name, MISSING)
    looked: Scope | None = scope
    while looked is not None:
        if name in looked.names:
            return looked.names[name]
        looked = looked.outer
    return scope.globals.names.get(name, MISSING)


def _name(machine: Machine, fact: facts.Name, scope: Scope) -> Value:
    value = lookup(scope, fact.id)
    if value is not MISSING:
        return value
    found = builtins.BUILTINS.get(fact.id, MISSING)
    if found is not MISSING:
        return found
    found = _PYTHON.get(fact.id, MISSING)
    if found is not MISSING:
        return found
    span = machine.span(scope, fact.at)
    opaque = scope.globals.opaque
    if opaque is not None:
        return Unknown(span, opaque.reason, opaque.detail)
    near = difflib.get_close_matches(fact.id, [*scope.names, *scope.globals.names], n=1)
    raise machine.failure(
        "NameError",
        "FC201",
        f"name `{fact.id}` is not defined",
        span,
        "not defined here",
        [f"did you mean `{near[0]}`?"] if near else [f"import or define `{fact.id}` first"],
    )


def _constant(machine: Machine, fact: facts.Constant, scope: Scope) -> Value:
    return fact.value


def _ellipsis(machine: Machine, fact: facts.Ellipsis_, scope: Scope) -> Value:
    return ...


def _attribute(machine: Machine, fact: facts.Attribute, scope: Scope) -> Value:
    owner = evaluate(machine, fact.value, scope)
    return attributes.get_attribute(machine, owner, fact.name, machine.span(scope, fact.at))


def _call(machine: Machine, fact: facts.Call, scope: Scope) -> Value:
    function = evaluate(machine, fact.function, scope)
    span = machine.span(scope, fact.at)
    if isinstance(fact.function, facts.Name) and fact.function.id in ("super", "locals", "globals"):
        special = definitions.special_call(machine, fact, function, scope, span)
        if special is not MISSING:
            return special
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    spans: dict[int | str, Any] = {}
    unknown: Unknown | None = None
    for argument in fact.arguments:
        value = evaluate(machine, argument.value, scope)
        if argument.kind == "":
            spans[len(positional)] = argument.value.at
            positional.append(value)
        elif argument.kind == "=":
            spans[argument.name] = argument.value.at
            keywords[argument.name] = value
        elif argument.kind == "*":
            items = operations.iterate(machine, value, span)
            if isinstance(items, Unknown):
                unknown = items
            else:
                positional.extend(items)
        else:
            unknown = _spread(value, keywords, span) or unknown
    places = {key: machine.span(scope, at) for key, at in spans.items()}
    if unknown is not None:
        return escapes.call_with_unknown_arguments(
            machine, function, positional, keywords, unknown, span
        )
    return calls.call(machine, function, positional, keywords, span, places)


def _spread(value: Value, keywords: dict[str, Value], span: Any) -> Unknown | None:
    """`**value` into the keywords; what is wrong with it, if anything."""
    if isinstance(value, DictValue):
        if value.unknown is not None:
            return value.unknown
        if all(isinstance(key, str) for key in value.items):
            keywords.update(value.items)
            return None
    if isinstance(value, Unknown):
        return value
    return Unknown(span, "unknown", "keyword arguments from an object")


def _subscript(machine: Machine, fact: facts.Subscript, scope: Scope) -> Value:
    owner = evaluate(machine, fact.value, scope)
    index = evaluate(machine, fact.index, scope)
    return subscripts.get_item(machine, owner, index, machine.span(scope, fact.at))


def _slice(machine: Machine, fact: facts.Slice, scope: Scope) -> Value:
    parts = [
        None if part is None else evaluate(machine, part, scope)
        for part in (fact.lower, fact.upper, fact.step)
    ]
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    return unknown if unknown is not None else slice(*parts)


def _items(
    machine: Machine, items: tuple[facts.Expression, ...], scope: Scope
) -> list[Value] | Unknown:
    found: list[Value] = []
    for item in items:
        if isinstance(item, facts.Starred):
            value = evaluate(machine, item.value, scope)
            inner = operations.iterate(machine, value, machine.span(scope, item.at))
            if isinstance(inner, Unknown):
                return inner
            found.extend(inner)
        else:
            found.append(evaluate(machine, item, scope))
    return found


def _tuple(machine: Machine, fact: facts.Tuple, scope: Scope) -> Value:
    items = _items(machine, fact.items, scope)
    return items if isinstance(items, Unknown) else tuple(items)


def _list(machine: Machine, fact: facts.List, scope: Scope) -> Value:
    items = _items(machine, fact.items, scope)
    return ListValue([], items) if isinstance(items, Unknown) else ListValue(items)


def _set(machine: Machine, fact: facts.Set, scope: Scope) -> Value:
    items = _items(machine, fact.items, scope)
    return SetValue([], items) if isinstance(items, Unknown) else make_set(machine, items)


def make_set(machine: Machine, items: list[Value]) -> SetValue:
    """A set of these items, equal ones once."""
    kept: list[Value] = []
    unknown: Unknown | None = None
    for item in items:
        known = [operations.equal(machine, item, one) for one in kept]
        if True in known:
            continue
        unknown = unknown or next((one for one in known if isinstance(one, Unknown)), None)
        unknown = unknown or (item if isinstance(item, Unknown) else None)
        kept.append(item)
    return SetValue(kept, unknown)


def _dictionary(machine: Machine, fact: facts.Dictionary, scope: Scope) -> Value:
    found = DictValue({})
    for key_fact, value_fact in fact.items:
        value = evaluate(machine, value_fact, scope)
        if key_fact is None:
            if isinstance(value, DictValue):
                dicts.put_all(found, value)
            elif isinstance(value, Unknown):
                dicts.put_unknown(found, (), value)
            else:
                span = machine.span(scope, fact.at)
                dicts.put_unknown(found, (), Unknown(span, "unknown", "entries of an object"))
            continue
        dicts.put(found, evaluate(machine, key_fact, scope), value)
    return found


def _binary(machine: Machine, fact: facts.Binary, scope: Scope) -> Value:
    return operations.binary(
        machine,
        fact.operator,
        evaluate(machine, fact.left, scope),
        evaluate(machine, fact.right, scope),
        machine.span(scope, fact.at),
    )


def _unary(machine: Machine, fact: facts.Unary, scope: Scope) -> Value:
    value = evaluate(machine, fact.value, scope)
    return operations.unary(machine, fact.operator, value, machine.span(scope, fact.at))


def _boolean(machine: Machine, fact: facts.Boolean, scope: Scope) -> Value:
    """`and` and `or` give one of their values, and evaluate no more than they need."""
    stop = fact.operator == "or"
    value: Value = None
    for index, part in enumerate(fact.values):
        value = evaluate(machine, part, scope)
        if index + 1 == len(fact.values):
            return value
        known = operations.truth(machine, value)
        if isinstance(known, Unknown):
            rest = facts.Boolean(fact.operator, fact.values[index + 1 :], fact.at)
            why = Unknown(machine.span(scope, fact.at), known.reason, known.detail)
            outcomes = machine.journal.branches(
                Doubt(why, "FC111"),
                [lambda rest=rest: _boolean(machine, rest, scope), lambda: None],  # type: ignore[misc]
            )
            other = outcomes[0].result
            both_false = operations.truth(machine, other)
            # `unknown and False` is false whatever the unknown is; so is `unknown or True` true.
            if both_false is stop and plain.is_constant(other) and isinstance(other, bool):
                return other
            return machine.one_of([value, other], why)
        if known is stop:
            return value
    return value


def _comparison(machine: Machine, fact: facts.Comparison, scope: Scope) -> Value:
    span = machine.span(scope, fact.at)
    left = evaluate(machine, fact.left, scope)
    for sign, right_fact in fact.rest:
        right = evaluate(machine, right_fact, scope)
        known = operations.compare(machine, sign, left, right, span)
        if known is not True:
            return known
        left = right
    return True


def _conditional(machine: Machine, fact: facts.Conditional, scope: Scope) -> Value:
    known = operations.truth(machine, evaluate(machine, fact.test, scope))
    if isinstance(known, Unknown):
        why = Unknown(machine.span(scope, fact.at), known.reason, known.detail)
        first, second = machine.journal.branches(
            Doubt(why, "FC111"),
            [
                lambda: evaluate(machine, fact.body, scope),
                lambda: evaluate(machine, fact.otherwise, scope),
            ],
        )
        results = [one.result for one in (first, second) if one.failure is None]
        if not results:
            assert first.failure is not None
            raise first.failure
        return machine.one_of(results, why)
    return evaluate(machine, fact.body if known else fact.otherwise, scope)


def _lambda(machine: Machine, fact: facts.Lambda, scope: Scope) -> Value:
    return definitions.make_lambda(machine, fact, scope)


def _walrus(machine: Machine, fact: facts.Walrus, scope: Scope) -> Value:
    value = evaluate(machine, fact.value, scope)
    while scope.is_comprehension and scope.outer is not None:
        scope = scope.outer
    statements.bind(machine, scope, fact.name, value)
    return value


def _await(machine: Machine, fact: facts.Await, scope: Scope) -> Value:
    value = evaluate(machine, fact.value, scope)
    span = machine.span(scope, fact.at)
    if isinstance(value, Coroutine):
        return calls.run_coroutine(machine, value, span)
    return Unknown(span, "await", "an awaited value")


def _yield(machine: Machine, fact: facts.Yield, scope: Scope) -> Value:
    value: Value = None if fact.value is None else evaluate(machine, fact.value, scope)
    span = machine.span(scope, fact.at)
    holder: Scope | None = scope
    while holder is not None and holder.yielded is None and holder.on_yield is None:
        holder = holder.outer
    if holder is not None and holder.on_yield is not None:
        holder.on_yield(value)
        return Unknown(span, "yield", "what a generator is sent")
    if holder is not None and holder.yielded is not None:
        items = operations.iterate(machine, value, span) if fact.from_ else [value]
        machine.touch(holder, "yielded")
        holder.yielded.extend([items] if isinstance(items, Unknown) else items)
    return Unknown(span, "yield", "what a generator is sent")


def _quoted(machine: Machine, fact: facts.Quoted, scope: Scope) -> Value:
    return Lazy(fact.value, scope)


def _opaque(machine: Machine, fact: facts.Opaque, scope: Scope) -> Value:
    return Unknown(machine.span(scope, fact.at), "unknown", f"a {fact.what}")


def _starred(machine: Machine, fact: facts.Starred, scope: Scope) -> Value:
    return evaluate(machine, fact.value, scope)


_DISPATCH: dict[type[Any], Callable[[Any, Any, Any], Value]] = {
    facts.Name: _name,
    facts.Constant: _constant,
    facts.Ellipsis_: _ellipsis,
    facts.Formatted: lambda machine, fact, scope: fstrings.formatted(machine, fact, scope),
    facts.Joined: lambda machine, fact, scope: fstrings.joined(machine, fact, scope),
    facts.Attribute: _attribute,
    facts.Call: _call,
    facts.Subscript: _subscript,
    facts.Slice: _slice,
    facts.Tuple: _tuple,
    facts.List: _list,
    facts.Set: _set,
    facts.Starred: _starred,
    facts.Dictionary: _dictionary,
    facts.Binary: _binary,
    facts.Unary: _unary,
    facts.Boolean: _boolean,
    facts.Comparison: _comparison,
    facts.Conditional: _conditional,
    facts.Lambda: _lambda,
    facts.Comprehension: lambda machine, fact, scope: comprehensions.comprehension(
        machine, fact, scope
    ),
    facts.Walrus: _walrus,
    facts.Await: _await,
    facts.Yield: _yield,
    facts.Quoted: _quoted,
    facts.Opaque: _opaque,
}
