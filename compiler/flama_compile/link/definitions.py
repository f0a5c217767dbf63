"""Definitions: functions, classes, lambdas, type aliases, and what decorators make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.ir import facts
from flama_compile.ir.routes import Handler
from flama_compile.link import blocks, calls, classes, expressions, statements
from flama_compile.link.applications import Application
from flama_compile.link.values import (
    MISSING,
    ClassMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Lazy,
    ModuleValue,
    Scope,
    Super,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "alias_value",
    "annotate",
    "make_lambda",
    "run_class",
    "run_function",
    "run_type_alias",
    "special_call",
    "take_home",
]


def run_function(machine: Machine, fact: facts.Function, scope: Scope) -> None:
    """`def`: decorators are evaluated from above, applied from below."""
    decorators = [expressions.evaluate(machine, one, scope) for one in fact.decorators]
    value: Value = _make_function(machine, fact, scope)
    if scope.is_class and fact.name in ("__init_subclass__", "__class_getitem__"):
        value = ClassMethod(value)
    value = _decorate(machine, fact.decorators, decorators, value, scope)
    statements.bind(machine, scope, fact.name, value)


def _decorate(
    machine: Machine,
    expressions_: tuple[facts.Expression, ...],
    decorators: list[Value],
    value: Value,
    scope: Scope,
) -> Value:
    for expression, decorator in zip(reversed(expressions_), reversed(decorators), strict=True):
        span = machine.span(scope, expression.at)
        value = calls.decorate(machine, decorator, value, span)
    return value


def _make_function(machine: Machine, fact: facts.Function, scope: Scope) -> FunctionValue:
    inner = _with_type_parameters(scope, fact.type_parameters)
    defaults = _defaults(machine, fact.parameters, scope)
    function = FunctionValue(
        fact=fact,
        module=scope.globals,
        scope=_enclosing(inner),
        name=fact.name,
        qualname=f"{scope.owner}{fact.name}",
        defaults=defaults,
        annotations=_annotations(machine, fact, inner),
    )
    if scope.is_class:
        function.owner = scope.cls
    return function


def _defaults(machine: Machine, parameters: facts.Parameters, scope: Scope) -> dict[str, Value]:
    return {
        parameter.name: expressions.evaluate(machine, parameter.default, scope)
        for parameter in parameters
        if parameter.default is not None
    }


def _annotations(machine: Machine, fact: facts.Function, scope: Scope) -> dict[str, Value]:
    pairs = [(one.name, one.annotation) for one in fact.parameters]
    pairs.append(("return", fact.returns))
    lazy = scope.globals.facts is not None and scope.globals.facts.future_annotations
    return {
        name: Lazy(annotation, scope) if lazy else expressions.evaluate(machine, annotation, scope)
        for name, annotation in pairs
        if annotation is not None
    }


def _with_type_parameters(scope: Scope, names: tuple[str, ...]) -> Scope:
    if not names:
        return scope
    inner = Scope(scope.globals, _enclosing(scope), scope.owner)
    inner.cls, inner.is_class = scope.cls, False
    for name in names:
        inner.names[name] = TypeName(name, None, "variable")
    return inner


def _enclosing(scope: Scope) -> Scope | None:
    """The scope that functions defined here can see: neither the module's nor a class body's."""
    if scope.names is scope.globals.names:
        return None
    return scope.outer if scope.is_class else scope


def make_lambda(machine: Machine, fact: facts.Lambda, scope: Scope) -> FunctionValue:
    """`lambda`: a function named `<lambda>`."""
    return FunctionValue(
        fact=fact,
        module=scope.globals,
        scope=_enclosing(scope),
        name="<lambda>",
        qualname=f"{scope.owner}<lambda>",
        defaults=_defaults(machine, fact.parameters, scope),
        annotations={},
    )


def run_class(machine: Machine, fact: facts.Class, scope: Scope) -> None:
    """`class`: its body is executed, then what its bases make of it."""
    decorators = [expressions.evaluate(machine, one, scope) for one in fact.decorators]
    around = _with_type_parameters(scope, fact.type_parameters)
    bases: list[Value] = []
    keywords: dict[str, Value] = {}
    for argument in fact.bases:
        value = expressions.evaluate(machine, argument.value, around)
        if argument.kind == "=":
            keywords[argument.name] = value
        elif argument.kind == "":
            bases.append(value)
        else:
            bases.append(Unknown(machine.span(scope, fact.at), "unknown", "bases of an object"))
    body = Scope(scope.globals, _enclosing(around), f"{scope.owner}{fact.name}.", True)
    span = machine.span(scope, fact.at)
    cls = ClassValue(
        name=fact.name,
        module=scope.globals,
        qualname=f"{scope.owner}{fact.name}",
        bases=bases,
        names=body.names,
        fact=fact,
        span=span,
        keywords=keywords,
    )
    body.cls = cls
    blocks.run_block(machine, fact.body, body)
    made = classes.finish(machine, cls, span)
    value = _decorate(machine, fact.decorators, decorators, made, scope)
    statements.bind(machine, scope, fact.name, value)


def run_type_alias(machine: Machine, fact: facts.TypeAliasStatement, scope: Scope) -> None:
    """`type Name = …` (PEP 695): evaluated when somebody asks."""
    inner = _with_type_parameters(scope, fact.type_parameters)
    statements.bind(
        machine, scope, fact.name, TypeName(fact.name, Lazy(fact.value, inner), "alias")
    )


def annotate(machine: Machine, fact: facts.AnnotatedAssignment, scope: Scope) -> None:
    """Remember the annotations of a class body: they are the fields of data classes."""
    if scope.is_class and scope.cls is not None and isinstance(fact.target, facts.Name):
        scope.cls.annotations[fact.target.id] = Lazy(fact.annotation, scope)
    elif scope.names is scope.globals.names and not (
        scope.globals.facts is not None and scope.globals.facts.future_annotations
    ):
        expressions.evaluate(machine, fact.annotation, scope)


def alias_value(
    fact: facts.AnnotatedAssignment, value: Value, machine: Machine, scope: Scope
) -> Value:
    """`Name: TypeAlias = "text"`: the text is a type."""
    if isinstance(value, str) and isinstance(fact.annotation, facts.Name | facts.Attribute):
        annotation = fact.annotation
        last = annotation.id if isinstance(annotation, facts.Name) else annotation.name
        if last == "TypeAlias" and isinstance(fact.target, facts.Name):
            return TypeName(fact.target.id, value, "alias")
    return value


def special_call(
    machine: Machine, fact: facts.Call, function: Value, scope: Scope, span: Span
) -> Value:
    """`super()`, `globals()` and `locals()`, which look at who calls; MISSING for others."""
    if not isinstance(function, External) or function.module != "builtins" or fact.arguments:
        return MISSING
    match function.name:
        case "globals":
            return DictValue(scope.globals.names)
        case "locals":
            return DictValue(scope.names)
        case "super":
            holder: Scope | None = scope
            while holder is not None and holder.cls is None:
                holder = holder.outer
            if holder is None or holder.cls is None:
                return Unknown(span, "unknown", "`super()` outside a class")
            return Super(holder.cls, holder.first)
    return MISSING


def take_home(machine: Machine, module: ModuleValue, name: str, value: Value) -> None:
    """An application is named after the first module attribute that holds it."""
    if isinstance(value, Application) and value.ref is None:
        machine.touch(value, "ref")
        value.ref = Handler(module.name, name)
