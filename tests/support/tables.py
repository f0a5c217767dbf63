"""Invented applications: a small description that becomes a route table or a running application.

The alphabet is small on purpose, so that routes overlap, shadow each other and repeat. Everything
comes from one `random.Random`, so hypothesis can drive and shrink it (`st.randoms()`) and a fuzzer
can run it a hundred thousand times.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from flama.paths import parse, parse_prefix
from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Param,
    Parameter,
    Route,
    RouteTable,
    Template,
    View,
)

__all__ = [
    "MountSpec",
    "RouteSpec",
    "SiteSpec",
    "Spec",
    "build",
    "mutate",
    "random_path",
    "random_specs",
    "walk",
]

UUID = "3f2c1aa0-5b7e-4c1d-9a64-0e8f7d6c5b4a"
LITERALS = ["a", "b", "me", "7", "7.5", "", UUID]
TYPES = ["str", "int", "float", "decimal", "uuid"]
TEXTS = [
    *LITERALS,
    "zz",
    "42",
    "-1",
    "0.25",
    "007",
    "٣",
    "1_0",
    UUID.replace("3", "4"),
    "a b",
    "%2F",
]
METHODS = [["GET"], ["POST"], ["GET", "POST"], ["PUT"], ["BREW", "GET"], ["HEAD"], []]


@dataclass
class RouteSpec:
    """One route as it would be registered."""

    own: str
    handler: str
    kind: Literal["http", "websocket"] = "http"
    methods: list[str] = field(default_factory=lambda: ["GET"])
    name: str | None = None
    views: tuple[View, ...] = (View("", (), True, ""),)
    late: bool = False
    is_class: bool = False
    include_in_schema: bool = True
    deprecated: bool = False
    sunset: str | None = None
    encoding: str | None = None
    digest: str = ""
    module: str = "views"
    """Where the handler is defined."""


@dataclass
class MountSpec:
    """One mount; `children` is None for a foreign application."""

    own: str
    target: str
    children: list[Spec] | None
    name: str | None = None
    kind: Literal["flama", "router"] = "flama"
    group: bool = False


@dataclass
class SiteSpec:
    """A dynamic site."""

    reason: str = "loop-over-unknown"
    file: str = "shop/plugins.py"


Spec = RouteSpec | MountSpec | SiteSpec


def build(specs: list[Spec], app: str = "main:app") -> RouteTable:
    """The route table of a description."""
    module, _, attribute = app.partition(":")
    entries = tuple(_entry(spec, "", ()) for spec in specs)
    return RouteTable(app, App(Handler(module, attribute), "flama", False, (), entries, None))


def walk(specs: list[Spec]) -> Iterator[tuple[list[Spec], int]]:
    """Every place of a description, as a list and a position in it."""
    for position, spec in enumerate(specs):
        yield specs, position
        if isinstance(spec, MountSpec) and spec.children is not None:
            yield from walk(spec.children)


def random_specs(rng: Random, size: int = 6, depth: int = 2) -> list[Spec]:
    """An invented application of up to `size` entries on each level."""
    return [random_spec(rng, size, depth) for _ in range(rng.randint(0, size))]


def random_spec(rng: Random, size: int, depth: int) -> Spec:
    """One invented entry."""
    if depth and rng.random() < 0.25:
        own = _template(rng, 2).rstrip("/")
        children = None if rng.random() < 0.35 else random_specs(rng, max(size - 2, 1), depth - 1)
        target = rng.choice(["sub", "admin", "static", "shop"])
        kind: Literal["flama", "router"] = rng.choice(["flama", "router"])
        name = rng.choice([None, "one", "two"])
        return MountSpec(own, target, children, name, kind, rng.random() < 0.2)
    if rng.random() < 0.15:
        return RouteSpec(_template(rng, 4), rng.choice("pqr"), "websocket", [])
    return RouteSpec(_template(rng, 4), rng.choice("fghijk"), "http", list(rng.choice(METHODS)))


def mutate(rng: Random, specs: list[Spec]) -> list[Spec]:
    """A copy with one to three edits of the kinds that pull requests make."""
    specs = copy.deepcopy(specs)
    for _ in range(rng.randint(1, 3)):
        places = list(walk(specs))
        if not places or rng.random() < 0.2:
            target = rng.choice([specs, *(s for s in _lists(specs))])
            target.insert(rng.randint(0, len(target)), random_spec(rng, 3, 1))
            continue
        siblings, position = rng.choice(places)
        _edit(rng, siblings, position)
    return specs


def random_path(rng: Random, *specs: list[Spec]) -> str:
    """A path that is likely to fit something: a template filled in, or any texts."""
    templates = [template for each in specs for template in _templates(each)]
    if not templates or rng.random() < 0.2:
        if rng.random() < 0.05:
            return rng.choice(["", "*", "a"])
        texts = [rng.choice(TEXTS) for _ in range(rng.randint(1, 5))]
    else:
        texts = [
            rng.choice(TEXTS) if isinstance(part, Param) or rng.random() < 0.1 else part
            for part in rng.choice(templates)
        ]
        texts += [rng.choice(TEXTS) for _ in range(rng.choice([0, 0, 0, 1]))]
    return "".join(f"/{text}" for text in texts)


def _lists(specs: list[Spec]) -> Iterator[list[Spec]]:
    for spec in specs:
        if isinstance(spec, MountSpec) and spec.children is not None:
            yield spec.children
            yield from _lists(spec.children)


def _edit(rng: Random, siblings: list[Spec], position: int) -> None:
    spec = siblings[position]
    match rng.randint(0, 7):
        case 0:
            del siblings[position]
        case 1 | 2:
            siblings.insert(rng.randint(0, len(siblings) - 1), siblings.pop(position))
        case 3 if isinstance(spec, RouteSpec):
            spec.handler = rng.choice("fghijk")
        case 4 if isinstance(spec, RouteSpec) and spec.kind == "http":
            spec.methods = list(rng.choice(METHODS))
        case 5 if isinstance(spec, MountSpec):
            spec.own = _template(rng, 2).rstrip("/")
        case 6 if isinstance(spec, MountSpec):
            spec.children = None if spec.children is not None else []
        case _ if isinstance(spec, RouteSpec):
            spec.own = _changed(rng, spec.own)
        case _:
            siblings.append(copy.deepcopy(spec))


def _changed(rng: Random, own: str) -> str:
    parts = own.split("/")[1:]
    if not parts or rng.random() < 0.3:
        return own[:-1] if own.endswith("/") and len(own) > 1 else own + "/"
    names = {part.strip("{}").split(":")[0] for part in parts if part.startswith("{")}
    at = rng.randrange(len(parts))
    free = [name for name in "xyzwvutsrq" if name not in names]
    parts[at] = rng.choice(LITERALS) if rng.random() < 0.4 else _param(rng, rng.choice(free))
    return "/" + "/".join(parts).lstrip("/")


def _template(rng: Random, longest: int) -> str:
    if rng.random() < 0.05:
        return ""
    names = iter("xyzw")
    parts = [
        rng.choice(LITERALS) if rng.random() < 0.55 else _param(rng, next(names))
        for _ in range(rng.randint(1, longest))
    ]
    return "/" + "/".join(parts).lstrip("/")


def _param(rng: Random, name: str) -> str:
    type = rng.choice(TYPES)
    return f"{{{name}}}" if type == "str" else f"{{{name}:{type}}}"


def _templates(specs: list[Spec], above: Template = ()) -> Iterator[Template]:
    for spec in specs:
        if isinstance(spec, RouteSpec):
            yield above + parse(spec.own)
        elif isinstance(spec, MountSpec):
            prefix = above + parse_prefix(spec.own)
            yield prefix
            yield from _templates(spec.children or [], prefix)


def _entry(spec: Spec, path: str, above: Template) -> Entry:
    match spec:
        case SiteSpec():
            return DynamicSite(spec.reason, "", None, spec.file)
        case RouteSpec():
            methods = {*spec.methods, *(["HEAD"] if "GET" in spec.methods else [])}
            own = "/" + spec.own.lstrip("/") if spec.own else ""
            return Route(
                spec.kind,
                own,
                path + own,
                above + parse(own),
                tuple(sorted(methods)),
                Handler(spec.module, spec.handler, spec.late),
                spec.is_class,
                spec.views,
                spec.handler if spec.name is None else spec.name,
                spec.include_in_schema,
                None,
                spec.encoding,
                spec.digest,
                spec.deprecated,
                spec.sunset,
            )
        case MountSpec():
            own = ("/" + spec.own.strip("/")) if spec.own.strip("/") else ""
            whole, segments = path + own, above + parse_prefix(own)
            target = Handler("apps", spec.target)
            app = None
            if spec.children is not None:
                entries = tuple(_entry(child, whole, segments) for child in spec.children)
                app = App(target, spec.kind, spec.group, (), entries, None)
            return Mount(own, whole, segments, target, app, spec.name, False, None)


def query(name: str, type: str, default: str | None = None) -> Parameter:
    """A query parameter of a view."""
    return Parameter(name, "positional", type, default, "query")
