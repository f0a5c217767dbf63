"""Writes the dispatch plan down as a Python module that people read: the last pass.

The module reads from top to bottom: what it answers (a docstring), what it was compiled from
(`ROUTES`), how views are called (binders), the views, the resources that they form, the match
functions, and the application. It decides nothing about routing.
"""

from __future__ import annotations

from flama.loading import CONTRACT

from flama_compile.emit.binders import Binders
from flama_compile.emit.matchers import MatcherText
from flama_compile.emit.names import Names, shortened, snake, template_name, words_of
from flama_compile.emit.rows import docstring_lines, fingerprint_lines
from flama_compile.emit.writer import Writer, inside, literal
from flama_compile.ir.plan import DispatchPlan, Matcher, Resource, Unit
from flama_compile.ir.routes import DynamicSite, Mount, Route, Template

__all__ = ["emit"]

_STANDARD = ("Decimal", "UUID")
_RESERVED = (
    *("CONTRACT", "ROUTES", "app", "application", "views", "match_http", "match_websocket"),
    *("Any", "Awaitable", "Decimal", "UUID", "Branch", "Hidden", "Match", "MaybeBranch"),
    *(
        "NOTHING",
        "NOT_FOUND",
        "NO_ROWS",
        "Passed",
        "Receive",
        "Resource",
        "Scope",
        "Segments",
        "Send",
        "View",
    ),
    *("Mismatch", "as_declared", "is_int", "is_json", "is_number", "is_uuid", "load"),
    *("no_arguments", "overlap", "path_errors", "prefix_text", "query_errors", "query_of"),
    *("read_body", "serve", "serve_group", "annotations"),
    *("branch", "count", "every", "found", "path", "resource", "rows", "segments"),
)


def emit(plan: DispatchPlan) -> str:
    """The text of the module. Same plan, same bytes."""
    return _Module(plan).text()


class _Module:
    def __init__(self, plan: DispatchPlan) -> None:
        self._plan = plan
        self._names = Names(_RESERVED)
        self._binders = Binders(self._names)
        self._imports = {"load", "serve"}
        self._views = self._view_names()
        self._resources: dict[Resource, str] = {}
        self._labels = self._unit_labels()

    def text(self) -> str:
        """The parts in order; what is imported is known last."""
        takes = self._takes()
        body = Writer()
        self._binders.write(body)
        body.gap()
        body.line("# The views, in registration order, each with what fills its parameters.")
        for head, arguments in takes:
            body.items(head, arguments, ")")
        self._write_resources(body)
        self._write_matchers(body)
        whole = Writer()
        self._write_head(whole)
        return whole.text() + body.text()

    # Names.

    def _view_names(self) -> dict[int, str]:
        names: dict[int, str] = {}
        seen: set[str] = set()
        groups = {unit.place for unit in self._plan.units}
        for place, entry in enumerate(self._plan.entries):
            match entry:
                case Route():
                    handler = entry.handler
                    own = [part for part in handler.qualname.split(".") if part.isidentifier()]
                    path = template_name(entry.segments)
                    short = snake(own, path)
                    module = handler.module.split(".")
                    wishes = [
                        short,
                        snake([*words_of(module[-1]), *own], path),
                        snake([*words_of(" ".join(module)), *own], path),
                        f"{short}_{path}",
                    ]
                    if str(handler) in seen:
                        wishes = wishes[3:]
                    seen.add(str(handler))
                case Mount():
                    if entry.app is not None and place not in groups:
                        continue
                    path = template_name(entry.segments)
                    wishes = [path, f"{path}_mount"]
                case DynamicSite():
                    file = (entry.file or (entry.span.file if entry.span else "")).removesuffix(
                        ".py"
                    )
                    wishes = [f"interpreted_{snake(words_of(file), 'site')}"]
            names[place] = self._names.give(*wishes)
        return names

    def _unit_labels(self) -> dict[int | None, str]:
        """What the names of a group's functions start with; nothing for the outermost one."""
        given = Names(())
        labels: dict[int | None, str] = {None: ""}
        for unit in self._plan.units[1:]:
            labels[unit.place] = given.give(snake(words_of(unit.path), "root")) + "_"
        return labels

    def _resource_wishes(self, resource: Resource, label: str) -> list[str]:
        places = list(resource.places)
        if isinstance(resource.rest, int):
            places.append(resource.rest)
        if not places:
            return ["NO_METHODS"]
        templates = list(dict.fromkeys(map(self._segments, places)))
        shown = templates[:3]
        plain = "_or_".join(template_name(template) for template in shown)
        typed = "_or_".join(template_name(template, True) for template in shown)
        slash = "slash" if templates[0] and templates[0][-1] == "" else "bare"
        wishes = [plain, f"{plain}_{slash}", typed, f"{typed}_{slash}"]
        if "websocket" in label:
            wishes = [plain, *(f"{wish}_socket" for wish in wishes)]
        return [shortened(wish).upper() for wish in wishes]

    def _segments(self, place: int) -> Template:
        entry = self._plan.entries[place]
        return ("dynamic",) if isinstance(entry, DynamicSite) else entry.segments

    # Parts.

    def _write_head(self, writer: Writer) -> None:
        plan = self._plan
        listing = list(docstring_lines(plan.entries))
        rows = list(fingerprint_lines(plan.units[0].app))
        writer.line(f"# Compiled by flama-compile from {plan.app}. Do not edit.")
        writer.line(f"# To compile it again: flama-compile build {plan.app}")
        writer.line()
        writer.line(f'"""The routes of {inside(plan.app)}, in registration order.')
        writer.line()
        for line in listing:
            writer.prose(line)
        writer.line('"""')
        writer.line()
        writer.line("from __future__ import annotations")
        imports = self._imports | self._binders.imports
        writer.line()
        if "View" in imports:
            writer.line("from collections.abc import Awaitable")
        if "Decimal" in imports:
            writer.line("from decimal import Decimal")
        if "View" in imports:
            writer.line("from typing import Any")
        if "UUID" in imports:
            writer.line("from uuid import UUID")
        if writer.lines[-1]:
            writer.line()
        contract = sorted(imports - set(_STANDARD), key=_import_order)
        one = f"from flama.dispatch import {', '.join(contract)}"
        if writer.fits(one):
            writer.line(one)
        else:
            writer.items("from flama.dispatch import (", contract, ")")
        module, _, attribute = plan.app.partition(":")
        first, *rest = attribute.split(".")
        writer.line()
        writer.line(f"from {module} import {first} as application")
        writer.line()
        writer.line(f"CONTRACT = {CONTRACT}")
        writer.line()
        writer.line("# What the application registered when this was compiled: loading compares.")
        writer.line('ROUTES = """\\')
        for row in rows:
            writer.prose(row)
        writer.line('"""')
        writer.line()
        live = ".".join(("application", *rest))
        items = ["__name__", literal(plan.app), live, "CONTRACT", "ROUTES"]
        writer.items("views = load(", items, ")")

    def _takes(self) -> list[tuple[str, list[str]]]:
        """The calls that take the views: each with its opening bracket, and its arguments."""
        lines: list[tuple[str, list[str]]] = []
        for place, name in self._views.items():
            binding = self._plan.bindings[place]
            entry = self._plan.entries[place]
            arguments: list[str] = []
            if isinstance(entry, Mount):
                what = "mount"
            elif isinstance(entry, DynamicSite):
                what = "interpreted"
            elif binding is None or (binding.late and not binding.is_class):
                what = "late"
            elif binding.is_class:
                what = "late_class" if binding.late else "take_class"
            elif binding.live:
                self._imports.add("as_declared")
                what, arguments = "take", ["as_declared"]
            else:
                what, arguments = "take", self._binders.take(binding.arguments)
            lines.append((f"{name} = views.{what}(", arguments))
            for verb in binding.verbs if binding is not None else ():
                lines.append((f"{name}.take(", self._binders.take(verb.arguments, verb.name)))
        return lines

    def _write_resources(self, writer: Writer) -> None:
        writer.line()
        writer.line("# The resources: what answers one path, by method.")
        for unit in self._plan.units:
            for label, matcher in _matchers(unit):
                for resource in matcher.resources:
                    if resource not in self._resources:
                        name = self._names.give(*self._resource_wishes(resource, label))
                        self._resources[resource] = name
                        self._write_resource(writer, name, resource)

    def _write_resource(self, writer: Writer, name: str, resource: Resource) -> None:
        views = {
            method or "WEBSOCKET": self._view(method, place) for method, place in resource.methods
        }
        kind = "Hidden" if resource.rest == "404" else "Resource"
        items: list[str] = []
        if isinstance(resource.rest, int):
            kind = "Passed"
            items.append(self._views[resource.rest])
        self._imports.add(kind)
        if all(method.isidentifier() and method.isascii() for method in views):
            items += [f"{method}={view}" for method, view in views.items()]
            writer.items(f"{name} = {kind}(", items, ")")
            return
        pairs = [f"{literal(method)}: {view}" for method, view in views.items()]
        mapping = "**{" + ", ".join(pairs) + "}"
        one = f"{name} = {kind}({', '.join((*items, mapping))})"
        if writer.fits(one):
            writer.line(one)
            return
        writer.line(f"{name} = {kind}(")
        with writer.indented():
            for item in items:
                writer.line(f"{item},")
            writer.items("**{", pairs, "},")
        writer.line(")")

    def _view(self, method: str, place: int) -> str:
        """What answers a method: of a class, one of its views."""
        binding = self._plan.bindings[place]
        if binding is not None and binding.is_class:
            return f"{self._views[place]}[{literal(method)}]"
        return self._views[place]

    def _write_matchers(self, writer: Writer) -> None:
        calls: list[tuple[str, str]] = []
        for unit in self._plan.units:
            functions = []
            for label, matcher in _matchers(unit):
                whole = self._labels[unit.place] + label
                name = f"match_{whole}"
                if unit.place is not None:
                    name = self._names.give(name)
                functions.append(name)
                text = MatcherText(writer, self._names, self._resources, whole)
                text.write(name, matcher, _about(label, unit))
                self._imports |= text.imports
            if unit.place is None:
                arguments = ["views", *functions]
                calls.append(("app = serve(", ", ".join(arguments)))
            else:
                self._imports.add("serve_group")
                arguments = [self._views[unit.place], *functions]
                calls.insert(0, ("serve_group(", ", ".join(arguments)))
        writer.gap()
        for head, arguments_text in calls:
            writer.items(head, arguments_text.split(", "), ")")


def _matchers(unit: Unit) -> tuple[tuple[str, Matcher], tuple[str, Matcher]]:
    return ("http", unit.http), ("websocket", unit.websocket)


def _about(label: str, unit: Unit) -> str:
    what = "a path" if unit.place is None else f"a path below {inside(unit.path or '/')}"
    noun = "websocket" if label == "websocket" else "resource"
    return f"The {noun} of {what}, and the segments of the path."


def _import_order(name: str) -> tuple[int, str]:
    """As isort sorts: constants, classes, functions."""
    if name.isupper():
        return 0, name
    return (1 if name[0].isupper() else 2), name
