"""The text form of a dispatch plan::

    plan shop.main:app
    entries
      0 http GET,HEAD /items/ shop.items:index
        call: q <- query str, limit <- query int optional
      1 http GET,HEAD /items/{item_id:int}/ shop.items:show
        call: item_id <- path[2] int
    unit shop.main:app
      http
        outside 404
        static '/items/' -> GET,HEAD 0 else 405
        when [1] == 'items': call items (/items/…)
      function items
        when count == 4 and [2] is int and [3] == '': GET,HEAD 1 else 405

Numbers are places in `entries`; `[2]` is a part of `path.split("/")`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flama_compile.ir import plan as p
from flama_compile.ir.routes import DynamicSite, Mount, Route

__all__ = ["plan_text"]


def plan_text(plan: p.DispatchPlan) -> str:
    """A whole plan."""
    lines = [f"plan {plan.app}", "entries"]
    for place, (entry, binding) in enumerate(zip(plan.entries, plan.bindings, strict=True)):
        words: list[str]
        match entry:
            case Route(methods=methods, kind=kind, path=path, handler=handler):
                words = [kind, ",".join(methods), path or '""', str(handler)]
            case Mount(path=path, target=target, app=app):
                words = ["mount", path or "/", str(target), "" if app else "foreign"]
            case DynamicSite(reason=reason):
                words = ["dynamic", reason]
        lines.append(f"  {place} " + " ".join(word for word in words if word))
        if binding is not None:
            lines.append(f"    {_binding(binding)}")
    for unit in plan.units:
        where = "" if unit.place is None else f" at {unit.place} {unit.path or '/'}"
        lines.append(f"unit {unit.app.ref}{where}")
        lines.extend(_matcher("http", unit.http))
        lines.extend(_matcher("websocket", unit.websocket))
    return "".join(line + "\n" for line in lines)


def _binding(binding: p.Binding) -> str:
    if not binding.live:
        return f"call: {_arguments(binding.arguments)}"
    words = ["live, at load" if binding.late else "live"]
    words += [f"{verb.name}: {_arguments(verb.arguments)}" for verb in binding.verbs]
    return "; ".join(words)


def _arguments(arguments: tuple[p.Argument, ...]) -> str:
    return ", ".join(map(_argument, arguments)) or "nothing"


def _argument(argument: p.Argument) -> str:
    place = f"path[{argument.position}]" if argument.source == "path" else argument.source
    words = [f"{argument.name} <- {place} {argument.type}"]
    if not argument.required:
        words.append("optional")
    if argument.positional:
        words.append("positional")
    return " ".join(words)


def _matcher(protocol: str, matcher: p.Matcher) -> Iterator[str]:
    yield f"  {protocol}"
    yield f"    outside {_resource(matcher.outside)}"
    for path, resource in matcher.static:
        yield f"    static {path!r} -> {_resource(resource)}"
    yield from _block(matcher.block, "    ")
    shown: set[int] = set()
    for function in p.functions_of(matcher.block):
        if id(function) not in shown:
            shown.add(id(function))
            final = "" if function.final else ", goes on"
            yield f"  function {_name(function)} ({function.shape}{final})"
            yield from _block(function.block, "    ")


def _block(block: p.Block, indent: str) -> Iterator[str]:
    for step in block:
        yield from _step(step, indent)


def _step(step: p.Step, indent: str) -> Iterator[str]:
    match step:
        case p.Answer(resource=resource):
            yield f"{indent}{_resource(resource)}"
        case p.When(tests=tests, then=(single,)) if not isinstance(single, p.When):
            inner = list(_step(single, ""))
            yield f"{indent}when {_tests(tests)}: {inner[0]}"
            yield from (indent + line for line in inner[1:])
        case p.When(tests=tests, then=then):
            yield f"{indent}when {_tests(tests)}:"
            yield from _block(then, indent + "  ")
        case p.Table(positions=positions, rows=rows, tests=tests):
            condition = f" if {_tests(tests)}" if tests else ""
            yield f"{indent}look up {''.join(f'[{at}]' for at in positions)}{condition}:"
            yield from _rows(rows, indent + "  ")
        case p.Switch(position=position, rows=branches, final=final):
            yield f"{indent}go by [{position}]{'' if final else ', goes on'}:"
            for text, function in branches:
                yield f"{indent}  {text!r} -> {_name(function)}"
        case p.Call(function=function):
            yield f"{indent}call {_name(function)}"
        case p.Each(rows=rows):
            yield f"{indent}each:"
            for row in rows:
                end = ", ends" if row.ends else ""
                yield f"{indent}  when {_tests(row.tests)}: {_resource(row.resource)}{end}"


def _rows(rows: p.Rows, indent: str) -> Iterator[str]:
    for text, target in rows:
        if isinstance(target, p.Resource):
            yield f"{indent}{text!r} -> {_resource(target)}"
        else:
            yield f"{indent}{text!r}:"
            yield from _rows(target, indent + "  ")


def _tests(tests: tuple[p.Test, ...]) -> str:
    return " and ".join(map(_test, tests)) or "always"


def _test(test: p.Test) -> str:
    match test:
        case p.Count(number=number):
            return f"count == {number}"
        case p.Longer(number=number):
            return f"count > {number}"
        case p.Is(position=position, text=text):
            return f"[{position}] == {text!r}"
        case p.OfType(position=position, type=type):
            return f"[{position}] is {type}"


def _resource(resource: p.Resource) -> str:
    by_place: dict[int, list[str]] = {}
    for method, place in resource.methods:
        by_place.setdefault(place, []).append(method)
    words = [f"{','.join(methods)} {place}".strip() for place, methods in by_place.items()]
    rest = f"mount {resource.rest}" if isinstance(resource.rest, int) else resource.rest
    return f"{' · '.join(words)} else {rest}" if words else rest


def _name(function: p.Function) -> str:
    return "_".join(function.words) or "any"
