"""The text form of facts: the statements that were kept, as Python, each with its place.

What the source says differently and means the same reads the same here::

      3:1   from flama import Flama
      5:1   app = Flama()
      8:5   async def show(item_id: int):
                @app.get('/items/{item_id:int}/')
      9:5     return item_id
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flama_compile.ir import facts as f

__all__ = ["facts_text"]

# NOTE: statements and expressions are `Any` below. They are unions of recursive named tuples,
# which mypy compares item by item: narrowing them in a `match` takes it many minutes.


def facts_text(facts: f.ModuleFacts) -> str:
    """Everything that one file says."""
    lines: list[str] = []
    if facts.problem is not None:
        place = f"{facts.problem.at[0]}:{facts.problem.at[1]} " if facts.problem.at else ""
        lines.append(f"problem {place}{facts.problem.code}: {facts.problem.message}")
    if facts.future_annotations:
        lines.append("annotations are strings")
    for line, words in facts.markers:
        lines.append(f"marker {line}: {words}")
    lines.extend(_block(facts.body, ""))
    return "".join(line.rstrip() + "\n" for line in lines)


def _block(body: Iterable[f.Statement], indent: str) -> Iterator[str]:
    for statement in body:
        yield from _statement(statement, indent)


def _line(at: f.At, indent: str, text: str) -> str:
    return f"{f'{at[0]}:{at[1]}':>7}  {indent}{text}"


def _more(indent: str, text: str) -> str:
    return f"{'':7}  {indent}{text}"


def _statement(statement: Any, indent: str) -> Iterator[str]:
    deeper = indent + "    "
    at = statement.at
    match statement:
        case f.Function():
            yield from _function(statement, indent)
        case f.Class():
            for decorator in statement.decorators:
                yield _more(indent, f"@{_text(decorator)}")
            bases = _arguments(statement.bases)
            types = f"[{', '.join(statement.type_parameters)}]" if statement.type_parameters else ""
            yield _line(
                at, indent, f"class {statement.name}{types}{f'({bases})' if bases else ''}:"
            )
            yield from _block(statement.body, deeper)
        case f.If():
            yield _line(at, indent, f"if {_text(statement.test)}:")
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case f.For():
            header = f"for {_text(statement.target)} in {_text(statement.iterable)}:"
            yield _line(at, indent, header)
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case f.While():
            yield _line(at, indent, f"while {_text(statement.test)}:")
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case f.Try():
            yield _line(at, indent, "try:")
            yield from _block(statement.body, deeper)
            for handler in statement.handlers:
                type = f" {_text(handler.type)}" if handler.type else ""
                name = f" as {handler.name}" if handler.name else ""
                yield _line(handler.at, indent, f"except{type}{name}:")
                yield from _block(handler.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
            yield from _labelled("finally", statement.final, indent)
        case f.With():
            items = ", ".join(
                _text(value) + (f" as {_text(target)}" if target is not None else "")
                for value, target in statement.items
            )
            yield _line(at, indent, f"with {items}:")
            yield from _block(statement.body, deeper)
        case f.Match():
            yield _line(at, indent, f"match {_text(statement.subject)}:")
            for case in statement.cases:
                guard = f" if {_text(case.guard)}" if case.guard else ""
                yield _more(deeper, f"case {_pattern(case.pattern)}{guard}:")
                yield from _block(case.body, deeper + "    ")
        case _:
            yield _line(at, indent, _simple(statement))


def _labelled(word: str, body: tuple[f.Statement, ...], indent: str) -> Iterator[str]:
    if body:
        yield _more(indent, f"{word}:")
        yield from _block(body, indent + "    ")


def _function(function: f.Function, indent: str) -> Iterator[str]:
    for decorator in function.decorators:
        yield _more(indent, f"@{_text(decorator)}")
    word = "async def" if function.is_async else "def"
    types = f"[{', '.join(function.type_parameters)}]" if function.type_parameters else ""
    returns = f" -> {_text(function.returns)}" if function.returns else ""
    notes = "  # yields" if function.is_generator else ""
    end = ": ..." if function.body is None else ":"
    header = f"{word} {function.name}{types}({_parameters(function.parameters)}){returns}{end}"
    yield _line(function.at, indent, header + notes)
    yield from _block(function.body or (), indent + "    ")


def _simple(statement: Any) -> str:
    match statement:
        case f.Import(names=names):
            return "import " + ", ".join(_aliased(name, alias) for name, alias in names)
        case f.FromImport(module=module, level=level, names=imported):
            items = ", ".join(_aliased(name, alias) for name, alias, _ in imported)
            return f"from {'.' * level}{module} import {items}"
        case f.Assignment(targets=targets, value=value):
            return " = ".join([*map(_text, targets), _text(value)])
        case f.AugmentedAssignment(target=target, operator=operator, value=value):
            return f"{_text(target)} {operator.removesuffix('=')}= {_text(value)}"
        case f.AnnotatedAssignment(target=target, annotation=annotation, value=assigned):
            end = "" if assigned is None else f" = {_text(assigned)}"
            return f"{_text(target)}: {_text(annotation)}{end}"
        case f.Delete(targets=targets):
            return "del " + ", ".join(map(_text, targets))
        case f.Evaluate(value=value):
            return _text(value)
        case f.Return(value=returned):
            return "return" + (f" {_text(returned)}" if returned is not None else "")
        case f.Raise(value=raised):
            return "raise" + (f" {_text(raised)}" if raised is not None else "")
        case f.Assert(test=test):
            return f"assert {_text(test)}"
        case f.Global(names=declared, nonlocal_=nonlocal_):
            return f"{'nonlocal' if nonlocal_ else 'global'} {', '.join(declared)}"
        case f.TypeAliasStatement(name=name, value=value, type_parameters=types):
            suffix = f"[{', '.join(types)}]" if types else ""
            return f"type {name}{suffix} = {_text(value)}"
        case f.Break():
            return "break"
        case f.Continue():
            return "continue"
        case _:
            raise TypeError(f"no text form for {type(statement).__name__}")


def _aliased(name: str, alias: str) -> str:
    return f"{name} as {alias}" if alias and alias != name else name


def _parameters(parameters: f.Parameters) -> str:
    stars = {"var-positional": "*", "var-keyword": "**"}
    parts: list[str] = []
    previous = ""
    for parameter in parameters:
        if previous == "positional-only" and parameter.kind != "positional-only":
            parts.append("/")
        if parameter.kind == "keyword-only" and previous not in ("keyword-only", "var-positional"):
            parts.append("*")
        text = stars.get(parameter.kind, "") + parameter.name
        if parameter.annotation is not None:
            text += f": {_text(parameter.annotation)}"
        if parameter.default is not None:
            equals = " = " if parameter.annotation is not None else "="
            text += f"{equals}{_text(parameter.default)}"
        parts.append(text)
        previous = parameter.kind
    if previous == "positional-only":
        parts.append("/")
    return ", ".join(parts)


def _arguments(arguments: tuple[f.Argument, ...]) -> str:
    return ", ".join(
        (
            f"{argument.name}={_text(argument.value)}"
            if argument.kind == "="
            else f"{argument.kind}{_text(argument.value)}"
        )
        for argument in arguments
    )


def _text(expression: Any) -> str:
    """An expression as Python; every operation in parentheses, so that none is ambiguous."""
    match expression:
        case f.Name(id=name):
            return name
        case f.Constant(value=value):
            return repr(value)
        case f.Ellipsis_():
            return "..."
        case f.Joined(parts=parts):
            return "f'" + "".join(map(_joined, parts)) + "'"
        case f.Formatted():
            return f"f'{_joined(expression)}'"
        case f.Attribute(value=value, name=name):
            return f"{_text(value)}.{name}"
        case f.Call(function=function, arguments=arguments):
            return f"{_text(function)}({_arguments(arguments)})"
        case f.Subscript(value=value, index=index):
            return f"{_text(value)}[{_text(index)}]"
        case f.Slice(lower=lower, upper=upper, step=step):
            end = f":{_text(step)}" if step else ""
            return f"{_text(lower) if lower else ''}:{_text(upper) if upper else ''}{end}"
        case f.Tuple(items=items):
            return f"({', '.join(map(_text, items))}{',' if len(items) == 1 else ''})"
        case f.List(items=items):
            return f"[{', '.join(map(_text, items))}]"
        case f.Set(items=items):
            return f"{{{', '.join(map(_text, items))}}}"
        case f.Starred(value=value):
            return f"*{_text(value)}"
        case f.Dictionary(items=pairs):
            return "{" + ", ".join(_pair(key, value) for key, value in pairs) + "}"
        case f.Binary(operator=operator, left=left, right=right):
            return f"({_text(left)} {operator} {_text(right)})"
        case f.Unary(operator=operator, value=value):
            return f"({operator} {_text(value)})"
        case f.Boolean(operator=operator, values=values):
            return "(" + f" {operator} ".join(map(_text, values)) + ")"
        case f.Comparison(left=left, rest=rest):
            tail = "".join(f" {operator} {_text(value)}" for operator, value in rest)
            return f"({_text(left)}{tail})"
        case f.Conditional(test=test, body=body, otherwise=otherwise):
            return f"({_text(body)} if {_text(test)} else {_text(otherwise)})"
        case f.Lambda(parameters=parameters, body=body):
            return f"(lambda {_parameters(parameters)}: {_text(body)})"
        case f.Comprehension():
            return _comprehension(expression)
        case f.Walrus(name=name, value=value):
            return f"({name} := {_text(value)})"
        case f.Opaque(what=what):
            return f"<{what}>"
        case _:
            raise TypeError(f"no text form for {type(expression).__name__}")


def _pair(key: f.Expression | None, value: f.Expression) -> str:
    return f"**{_text(value)}" if key is None else f"{_text(key)}: {_text(value)}"


def _joined(part: Any) -> str:
    match part:
        case f.Constant(value=str() as text):
            return repr(text)[1:-1].replace("{", "{{").replace("}", "}}")
        case f.Formatted(value=value, conversion=conversion, spec=spec):
            bang = f"!{conversion.removeprefix('!')}" if conversion else ""
            colon = f":{_text(spec)}" if spec is not None else ""
            return f"{{{_text(value)}{bang}{colon}}}"
        case _:
            return f"{{{_text(part)}}}"


def _comprehension(made: f.Comprehension) -> str:
    opening, closing = {"list": "[]", "generator": "()"}.get(made.kind, "{}")
    head = _text(made.value) if made.key is None else f"{_text(made.key)}: {_text(made.value)}"
    clauses = ""
    for clause in made.clauses:
        word = "async for" if clause.is_async else "for"
        clauses += f" {word} {_text(clause.target)} in {_text(clause.iterable)}"
        clauses += "".join(f" if {_text(condition)}" for condition in clause.conditions)
    return f"{opening}{head}{clauses}{closing}"


def _pattern(pattern: f.Pattern) -> str:
    match pattern.kind:
        case "value" if pattern.value is not None:
            return _text(pattern.value)
        case "capture":
            return pattern.name or "_"
        case "or":
            return " | ".join(map(_pattern, pattern.alternatives))
        case _:
            return "<pattern>"
