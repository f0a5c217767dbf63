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

from flama_compile.ir.facts import At, ModuleFacts

__all__ = ["facts_text"]

# NOTE: statements and expressions are told apart by the names of their classes. They are unions
# of recursive named tuples, and narrowing those in a `match` takes mypy many minutes.


def facts_text(facts: ModuleFacts) -> str:
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


def _block(body: Iterable[Any], indent: str) -> Iterator[str]:
    for statement in body:
        yield from _statement(statement, indent)


def _line(at: At, indent: str, text: str) -> str:
    return f"{f'{at[0]}:{at[1]}':>7}  {indent}{text}"


def _more(indent: str, text: str) -> str:
    return f"{'':7}  {indent}{text}"


def _statement(statement: Any, indent: str) -> Iterator[str]:
    deeper = indent + "    "
    at = statement.at
    match type(statement).__name__:
        case "Function":
            yield from _function(statement, indent)
        case "Class":
            for decorator in statement.decorators:
                yield _more(indent, f"@{_text(decorator)}")
            bases = _arguments(statement.bases)
            types = f"[{', '.join(statement.type_parameters)}]" if statement.type_parameters else ""
            yield _line(
                at, indent, f"class {statement.name}{types}{f'({bases})' if bases else ''}:"
            )
            yield from _block(statement.body, deeper)
        case "If":
            yield _line(at, indent, f"if {_text(statement.test)}:")
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case "For":
            header = f"for {_text(statement.target)} in {_text(statement.iterable)}:"
            yield _line(at, indent, header)
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case "While":
            yield _line(at, indent, f"while {_text(statement.test)}:")
            yield from _block(statement.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
        case "Try":
            yield _line(at, indent, "try:")
            yield from _block(statement.body, deeper)
            for handler in statement.handlers:
                kind = f" {_text(handler.type)}" if handler.type else ""
                name = f" as {handler.name}" if handler.name else ""
                yield _line(handler.at, indent, f"except{kind}{name}:")
                yield from _block(handler.body, deeper)
            yield from _labelled("else", statement.otherwise, indent)
            yield from _labelled("finally", statement.final, indent)
        case "With":
            items = ", ".join(
                _text(value) + (f" as {_text(target)}" if target is not None else "")
                for value, target in statement.items
            )
            yield _line(at, indent, f"with {items}:")
            yield from _block(statement.body, deeper)
        case "Match":
            yield _line(at, indent, f"match {_text(statement.subject)}:")
            for case in statement.cases:
                guard = f" if {_text(case.guard)}" if case.guard else ""
                yield _more(deeper, f"case {_pattern(case.pattern)}{guard}:")
                yield from _block(case.body, deeper + "    ")
        case _:
            yield _line(at, indent, _simple(statement))


def _labelled(word: str, body: tuple[Any, ...], indent: str) -> Iterator[str]:
    if body:
        yield _more(indent, f"{word}:")
        yield from _block(body, indent + "    ")


def _function(function: Any, indent: str) -> Iterator[str]:
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


def _simple(one: Any) -> str:
    match type(one).__name__:
        case "Import":
            return "import " + ", ".join(_aliased(name, alias) for name, alias in one.names)
        case "FromImport":
            items = ", ".join(_aliased(name, alias) for name, alias, _ in one.names)
            return f"from {'.' * one.level}{one.module} import {items}"
        case "Assignment":
            return " = ".join([*map(_text, one.targets), _text(one.value)])
        case "AugmentedAssignment":
            return f"{_text(one.target)} {one.operator.removesuffix('=')}= {_text(one.value)}"
        case "AnnotatedAssignment":
            end = "" if one.value is None else f" = {_text(one.value)}"
            return f"{_text(one.target)}: {_text(one.annotation)}{end}"
        case "Delete":
            return "del " + ", ".join(map(_text, one.targets))
        case "Evaluate":
            return _text(one.value)
        case "Return" | "Raise" as word:
            return word.lower() + (f" {_text(one.value)}" if one.value is not None else "")
        case "Assert":
            return f"assert {_text(one.test)}"
        case "Global":
            return f"{'nonlocal' if one.nonlocal_ else 'global'} {', '.join(one.names)}"
        case "TypeAliasStatement":
            types = f"[{', '.join(one.type_parameters)}]" if one.type_parameters else ""
            return f"type {one.name}{types} = {_text(one.value)}"
        case "Break" | "Continue" as word:
            return word.lower()
        case other:
            raise TypeError(f"no text form for {other}")


def _aliased(name: str, alias: str) -> str:
    return f"{name} as {alias}" if alias and alias != name else name


def _parameters(parameters: Any) -> str:
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


def _arguments(arguments: tuple[Any, ...]) -> str:
    return ", ".join(
        (
            f"{argument.name}={_text(argument.value)}"
            if argument.kind == "="
            else f"{argument.kind}{_text(argument.value)}"
        )
        for argument in arguments
    )


def _text(one: Any) -> str:
    """An expression as Python; every operation in parentheses, so that none is ambiguous."""
    match type(one).__name__:
        case "Name":
            return str(one.id)
        case "Constant":
            return _literal(one.value)
        case "Ellipsis_":
            return "..."
        case "Joined":
            return "f'" + "".join(map(_joined, one.parts)) + "'"
        case "Formatted":
            return f"f'{_joined(one)}'"
        case "Attribute":
            return f"{_text(one.value)}.{one.name}"
        case "Call":
            return f"{_text(one.function)}({_arguments(one.arguments)})"
        case "Subscript":
            return f"{_text(one.value)}[{_text(one.index)}]"
        case "Slice":
            ends = [_text(end) if end else "" for end in (one.lower, one.upper)]
            return ":".join([*ends, *([_text(one.step)] if one.step else [])])
        case "Tuple":
            return f"({_list(one.items)}{',' if len(one.items) == 1 else ''})"
        case "List":
            return f"[{_list(one.items)}]"
        case "Set":
            return f"{{{_list(one.items)}}}"
        case "Starred":
            return f"*{_text(one.value)}"
        case "Dictionary":
            return "{" + ", ".join(_pair(key, value) for key, value in one.items) + "}"
        case "Binary":
            return f"({_text(one.left)} {one.operator} {_text(one.right)})"
        case "Unary":
            return f"({one.operator} {_text(one.value)})"
        case "Boolean":
            return "(" + f" {one.operator} ".join(map(_text, one.values)) + ")"
        case "Comparison":
            tail = "".join(f" {operator} {_text(value)}" for operator, value in one.rest)
            return f"({_text(one.left)}{tail})"
        case "Conditional":
            return f"({_text(one.body)} if {_text(one.test)} else {_text(one.otherwise)})"
        case "Lambda":
            return f"(lambda {_parameters(one.parameters)}: {_text(one.body)})"
        case "Comprehension":
            return _comprehension(one)
        case "Walrus":
            return f"({one.name} := {_text(one.value)})"
        case "Await":
            return f"(await {_text(one.value)})"
        case "Yield":
            word = "yield from" if one.from_ else "yield"
            return f"({word} {_text(one.value)})" if one.value is not None else "(yield)"
        case "Opaque":
            return f"<{one.what}>"
        case other:
            raise TypeError(f"no text form for {other}")


def _list(items: tuple[Any, ...]) -> str:
    return ", ".join(map(_text, items))


def _pair(key: Any, value: Any) -> str:
    return f"**{_text(value)}" if key is None else f"{_text(key)}: {_text(value)}"


def _joined(part: Any) -> str:
    match type(part).__name__:
        case "Constant" if isinstance(part.value, str):
            return repr(part.value)[1:-1].replace("{", "{{").replace("}", "}}")
        case "Formatted":
            bang = f"!{part.conversion.removeprefix('!')}" if part.conversion else ""
            colon = f":{_text(part.spec)}" if part.spec is not None else ""
            return f"{{{_text(part.value)}{bang}{colon}}}"
        case _:
            return f"{{{_text(part)}}}"


def _comprehension(made: Any) -> str:
    opening, closing = {"list": ("[", "]"), "generator": ("(", ")")}.get(made.kind, ("{", "}"))
    head = _text(made.value) if made.key is None else f"{_text(made.key)}: {_text(made.value)}"
    clauses = ""
    for clause in made.clauses:
        word = "async for" if clause.is_async else "for"
        clauses += f" {word} {_text(clause.target)} in {_text(clause.iterable)}"
        clauses += "".join(f" if {_text(condition)}" for condition in clause.conditions)
    return f"{opening}{head}{clauses}{closing}"


def _literal(value: Any) -> str:
    # Python writes no decimal number of more than 4,300 digits.
    long = isinstance(value, int) and value.bit_length() > 14_000
    return hex(value) if long else repr(value)


def _pattern(pattern: Any) -> str:
    match pattern.kind:
        case "value" if pattern.value is not None:
            return _text(pattern.value)
        case "capture":
            return pattern.name or "_"
        case "or":
            return " | ".join(map(_pattern, pattern.parts))
        case "as":
            return f"{_pattern(pattern.parts[0])} as {pattern.name}"
        case "star":
            return f"*{pattern.name or '_'}"
        case "sequence":
            return f"[{', '.join(map(_pattern, pattern.parts))}]"
        case "mapping":
            pairs = zip(pattern.keys, pattern.parts, strict=True)
            shown = [f"{_text(key)}: {_pattern(part)}" for key, part in pairs]
            return f"{{{', '.join([*shown, *([f'**{pattern.name}'] if pattern.name else [])])}}}"
        case "class":
            by_place = len(pattern.parts) - len(pattern.keywords)
            names = ["" for _ in range(by_place)] + [f"{name}=" for name in pattern.keywords]
            parts = zip(names, map(_pattern, pattern.parts), strict=True)
            return f"{_text(pattern.value)}({', '.join(map(''.join, parts))})"
    raise AssertionError(f"no pattern: {pattern.kind}")
