"""Statements: each is executed for what it binds and what it registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flama_compile.ir import facts
from flama_compile.ir.routes import Handler
from flama_compile.link import (
    attempts,
    attributes,
    blocks,
    calls,
    definitions,
    expressions,
    loops,
    managers,
    matching,
    modules,
    operations,
    patterns,
    subscripts,
)
from flama_compile.link.applications import Application
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    Context,
    External,
    ExternalObject,
    Instance,
    ListValue,
    Overlay,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["DISPATCH", "assign", "bind", "run", "run_module"]

Block = Sequence[facts.Statement]


def run_module(machine: Machine, body: Block, scope: Scope) -> None:
    """A module's statements. One that fails is reported, and the next is tried.

    A failure that only names what is missing here leaves no module that could be imported; the
    rest is executed all the same, so that one run reports as much as it can.
    """
    for fact in body:
        try:
            with machine.running(scope.globals, fact.at):
                run(machine, fact, scope)
        except Failure as failure:
            if machine.trying or machine.journal.active:
                raise
            machine.tell(failure.diagnostic or _uncaught(machine, failure, scope, fact))
            _bind_unknown(machine, fact, scope)


def _uncaught(machine: Machine, failure: Failure, scope: Scope, fact: facts.Statement) -> Any:
    return machine.diagnostic(
        "FC206",
        f"importing `{scope.globals.name}` raises {failure.kind}",
        machine.span(scope, fact.at),
        "raised by this statement",
        ("import the module with Python to see the whole error",),
    )


def _bind_unknown(machine: Machine, fact: facts.Statement, scope: Scope) -> None:
    """Give the names that a failed statement would have bound an unknown value."""
    why = Unknown(machine.span(scope, fact.at), "error", "the statement that binds it fails")
    names: list[str] = []
    match fact:
        case facts.Import():
            names = [alias or name.partition(".")[0] for name, alias in fact.names]
        case facts.FromImport():
            names = [alias or name for name, alias, _ in fact.names if name != "*"]
            if any(name == "*" for name, _, _ in fact.names):
                scope.globals.opaque = why
        case facts.Assignment():
            names = [target.id for target in fact.targets if isinstance(target, facts.Name)]
        case facts.AnnotatedAssignment(target=facts.Name(id=name)):
            names = [name]
        case facts.Function() | facts.Class():
            names = [fact.name]
        case facts.If() | facts.Try() | facts.For() | facts.While() | facts.With():
            scope.globals.opaque = why
    for name in names:
        if name not in scope.names:
            bind(machine, scope, name, why)


def run(machine: Machine, fact: facts.Statement, scope: Scope) -> blocks.Flow | None:
    """Execute one statement; None unless it leaves its block."""
    machine.step()
    line_marks = scope.globals.marks
    if line_marks and blocks.is_marked(fact, line_marks) and not machine.forced:
        return blocks.run_marked(machine, fact, scope)
    flow: blocks.Flow | None = DISPATCH[type(fact)](machine, fact, scope)
    return flow


def bind(machine: Machine, scope: Scope, name: str, value: Value) -> None:
    """Assign to a name, where `global` and `nonlocal` send it."""
    if name in scope.redirected:
        target = scope.redirected[name]
        names = scope.globals.names if target is None else target.names
        owner: Any = scope.globals if target is None else target
    else:
        names, owner = scope.names, scope
    if names is scope.globals.names:
        value = _declared(machine, scope, "", name, value)
        owner = scope.globals
        definitions.take_home(machine, scope.globals, name, value)
    elif isinstance(value, Application) and value.local is None and scope.owner:
        machine.touch(value, "local")
        value.local = Handler(scope.globals.name, f"{scope.owner}{name}")
    elif scope.owner and not scope.owner.endswith("<locals>."):
        value = _declared(machine, scope, scope.owner, name, value)
    machine.touch(owner, "names")
    names[name] = value


def unbind(machine: Machine, scope: Scope, name: str) -> None:
    """Take a name away, as `del` and the end of an `except` clause do."""
    target = scope.redirected.get(name, scope)
    owner: Any = scope.globals if target is None or target.names is scope.globals.names else target
    machine.touch(owner, "names")
    owner.names.pop(name, None)


def _declared(machine: Machine, scope: Scope, prefix: str, name: str, value: Value) -> Value:
    """What the settings declare for a name takes the place of what the source computes."""
    constants = machine.settings.constants
    if not constants:
        return value
    full = f"{scope.globals.name}.{prefix}{name}"
    declared = machine.constant(f"{scope.globals.name}", f"{prefix}{name}")
    if declared is not MISSING:
        return declared
    known = {
        key[len(full) + 1 :]: machine.constant(full, key[len(full) + 1 :])
        for key in constants
        if key.startswith(f"{full}.")
    }
    if known and isinstance(value, Unknown | Instance | ExternalObject):
        return Overlay(value, known)
    return value


def assign(machine: Machine, target: facts.Expression, value: Value, scope: Scope) -> None:
    """Assign to a name, an attribute, an item or a sequence of targets."""
    match target:
        case facts.Name():
            bind(machine, scope, target.id, value)
        case facts.Attribute():
            owner = expressions.evaluate(machine, target.value, scope)
            attributes.set_attribute(
                machine, owner, target.name, value, machine.span(scope, target.at)
            )
        case facts.Subscript():
            owner = expressions.evaluate(machine, target.value, scope)
            index = expressions.evaluate(machine, target.index, scope)
            subscripts.set_item(machine, owner, index, value, machine.span(scope, target.at))
        case facts.Tuple() | facts.List():
            _unpack(machine, target, value, scope)
        case facts.Starred():
            assign(machine, target.value, value, scope)


def _unpack(machine: Machine, target: facts.Tuple | facts.List, value: Value, scope: Scope) -> None:
    span = machine.span(scope, target.at)
    items = operations.iterate(machine, value, span)
    count = len(target.items)
    starred = [i for i, one in enumerate(target.items) if isinstance(one, facts.Starred)]
    if isinstance(items, Unknown):
        machine.may_raise(span, items.detail, "ValueError", "TypeError")
        for one in target.items:
            assign(machine, one, items, scope)
        return
    if starred:
        before, after = starred[0], count - starred[0] - 1
        fits = len(items) >= before + after
    else:
        fits = len(items) == count
    if not fits:
        raise machine.failure(
            "ValueError",
            "FC206",
            f"cannot unpack {len(items)} value(s) into {count} target(s)",
            span,
            "unpacked here",
        )
    if starred:
        middle: Value = ListValue(items[before : len(items) - after])
        items = [*items[:before], middle, *items[len(items) - after :]]
    for one, item in zip(target.items, items, strict=True):
        assign(machine, one, item, scope)


def _evaluate(machine: Machine, fact: facts.Evaluate, scope: Scope) -> None:
    expressions.evaluate(machine, fact.value, scope)


def _assignment(machine: Machine, fact: facts.Assignment, scope: Scope) -> None:
    value = expressions.evaluate(machine, fact.value, scope)
    for target in fact.targets:
        assign(machine, target, value, scope)


def _annotated(machine: Machine, fact: facts.AnnotatedAssignment, scope: Scope) -> None:
    if isinstance(fact.target, facts.Name):
        definitions.annotate(machine, fact, scope)
    if fact.value is not None:
        value = expressions.evaluate(machine, fact.value, scope)
        value = definitions.alias_value(fact, value, machine, scope)
        assign(machine, fact.target, value, scope)


def _augmented(machine: Machine, fact: facts.AugmentedAssignment, scope: Scope) -> None:
    current = expressions.evaluate(machine, fact.target, scope)
    value = expressions.evaluate(machine, fact.value, scope)
    span = machine.span(scope, fact.at)
    assign(
        machine,
        fact.target,
        operations.augment(machine, fact.operator, current, value, span),
        scope,
    )


def _delete(machine: Machine, fact: facts.Delete, scope: Scope) -> None:
    for target in fact.targets:
        match target:
            case facts.Name():
                unbind(machine, scope, target.id)
            case facts.Subscript():
                owner = expressions.evaluate(machine, target.value, scope)
                index = expressions.evaluate(machine, target.index, scope)
                subscripts.delete_item(machine, owner, index, machine.span(scope, target.at))
            case facts.Attribute():
                owner = expressions.evaluate(machine, target.value, scope)
                why = Unknown(machine.span(scope, target.at), "deleted", "the attribute is deleted")
                attributes.set_attribute(
                    machine, owner, target.name, why, machine.span(scope, target.at)
                )


def _return(machine: Machine, fact: facts.Return, scope: Scope) -> blocks.Flow:
    value = None if fact.value is None else expressions.evaluate(machine, fact.value, scope)
    return blocks.Flow("return", value, True)


def _raise(machine: Machine, fact: facts.Raise, scope: Scope) -> None:
    span = machine.span(scope, fact.at)
    if fact.value is None:
        again = machine.handling[-1] if machine.handling else None
        if again is not None:
            raise again
        raise machine.failure("Exception", "FC206", "an exception is raised again", span)
    value = expressions.evaluate(machine, fact.value, scope)
    kind = patterns.exception_name(value)
    raise Failure(
        kind,
        machine.diagnostic(
            "FC206",
            f"importing the application raises {kind}",
            span,
            "this is executed when the application is imported",
            ("make the condition that leads here false, or remove the statement",),
        ),
        value,
    )


def _assert(machine: Machine, fact: facts.Assert, scope: Scope) -> None:
    value = operations.truth(machine, expressions.evaluate(machine, fact.test, scope))
    if value is False:
        span = machine.span(scope, fact.at)
        raise machine.failure("AssertionError", "FC206", "the assertion is false", span, "false")


def _global(machine: Machine, fact: facts.Global, scope: Scope) -> None:
    for name in fact.names:
        target: Scope | None = None
        if fact.nonlocal_:
            target = scope.outer
            while target is not None and name not in target.names:
                target = target.outer
        scope.redirected[name] = target


def _if(machine: Machine, fact: facts.If, scope: Scope) -> blocks.Flow | None:
    value = expressions.evaluate(machine, fact.test, scope)
    known = operations.truth(machine, value)
    if known is True:
        return blocks.run_block(machine, fact.body, scope)
    if known is False:
        return blocks.run_block(machine, fact.otherwise, scope)
    span = machine.span(scope, fact.at)
    why = Unknown(span, "conditional-on-unknown", f"the condition is not known: {known.detail}")
    return blocks.branch(
        machine,
        why,
        lambda: blocks.run_block(machine, fact.body, scope),
        lambda: blocks.run_block(machine, fact.otherwise, scope),
    )


def _with(machine: Machine, fact: facts.With, scope: Scope) -> blocks.Flow | None:
    return _with_items(machine, fact, fact.items, scope)


def _with_items(
    machine: Machine,
    fact: facts.With,
    items: tuple[tuple[facts.Expression, facts.Expression | None], ...],
    scope: Scope,
) -> blocks.Flow | None:
    """Enter the managers in turn, run the body, leave them in reverse."""
    if not items:
        return blocks.run_block(machine, fact.body, scope)
    expression, target = items[0]
    manager = expressions.evaluate(machine, expression, scope)
    span = machine.span(scope, expression.at)

    def inside(entered: Value) -> blocks.Flow | None:
        if target is not None:
            assign(machine, target, entered, scope)
        return _with_items(machine, fact, items[1:], scope)

    if isinstance(manager, ExternalObject) and manager.cls == External("contextlib", "suppress"):
        inner = (fact._replace(items=items[1:]),) if items[1:] else fact.body
        return attempts.run_suppressed(machine, inner, manager.arguments, scope)
    if isinstance(manager, Context):
        flows: list[blocks.Flow | None] = []
        calls.run_context(machine, manager, span, lambda entered: flows.append(inside(entered)))
        return flows[0] if flows else None
    is_async = fact.is_async
    entered = managers.enter(machine, manager, span, is_async=is_async)
    if managers.may_swallow(machine, manager, is_async=is_async):
        flow = managers.run_swallowed(machine, span, lambda: inside(entered))
        managers.leave(machine, manager, span, is_async=is_async)
        return flow
    try:
        flow = inside(entered)
    except Failure:
        managers.leave(machine, manager, span, is_async=is_async)
        raise
    managers.leave(machine, manager, span, is_async=is_async)
    return flow


def _break(machine: Machine, fact: facts.Break, scope: Scope) -> blocks.Flow:
    return blocks.Flow("break", None, True)


def _continue(machine: Machine, fact: facts.Continue, scope: Scope) -> blocks.Flow:
    return blocks.Flow("continue", None, True)


DISPATCH: dict[type[Any], Callable[[Any, Any, Any], Any]] = {
    facts.Import: modules.run_import,
    facts.FromImport: modules.run_from_import,
    facts.Assignment: _assignment,
    facts.AnnotatedAssignment: _annotated,
    facts.AugmentedAssignment: _augmented,
    facts.Delete: _delete,
    facts.Function: definitions.run_function,
    facts.Class: definitions.run_class,
    facts.TypeAliasStatement: definitions.run_type_alias,
    facts.Evaluate: _evaluate,
    facts.If: _if,
    facts.For: loops.run_for,
    facts.While: loops.run_while,
    facts.Try: attempts.run_try,
    facts.With: _with,
    facts.Match: matching.run_match,
    facts.Return: _return,
    facts.Raise: _raise,
    facts.Break: _break,
    facts.Continue: _continue,
    facts.Assert: _assert,
    facts.Global: _global,
}
