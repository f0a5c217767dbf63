"""Flattens the tree of applications to one ordered list of rules for each unit.

    GET   /items/{id}                   1  route  ("items", {id})
    MOUNT /shop      (a Router)         2  route  ("shop", "products", "")
      GET /shop/products/               3  stop   ("shop", …)
    MOUNT /static    (foreign)          4  end    ("static", …)

Order is kept as it stands: the rules of a mounted application take the place of its mount, and a
*stop* follows them, because a mount whose prefix matches is final. A group is an end for the unit
above and a unit of its own, whose templates start after its prefix. A route "/" below a prefix
has two rules: the prefix alone leaves an empty remainder, which is "/".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flama_compile.ir.plan import Resource
from flama_compile.ir.routes import App, DynamicSite, Entry, Mount, Route, Segment, Template

__all__ = ["Group", "Rule", "entries_of", "resource_of", "rules_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One template and what it leads to."""

    order: int
    """Position in the unit's list."""
    template: Template
    """Relative to the unit."""
    tail: bool
    """Takes longer paths too, and ends the search."""
    level: int
    """How many flattened mounts of the unit it lies below; a stop counts its own."""
    place: int
    """Of the route, mount or dynamic site."""
    methods: tuple[str, ...] = ()
    route: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """An application that matches for itself, to be lowered as a unit."""

    place: int | None
    app: App
    path: str
    depth: int
    """Segments of its prefix."""


def entries_of(app: App) -> tuple[Entry, ...]:
    """Every entry of a tree, depth first; positions in it are the plan's places."""
    return tuple(_walk(app))


def _walk(app: App) -> Iterator[Entry]:
    for entry in app.entries:
        yield entry
        if isinstance(entry, Mount) and entry.app is not None:
            yield from _walk(entry.app)


def rules_of(group: Group, kind: str) -> tuple[list[Rule], list[Group]]:
    """The rules of a unit for one protocol, and the groups that stand directly below it."""
    rules: list[Rule] = []
    below: list[Group] = []
    place = -1 if group.place is None else group.place

    def end(template: Template, level: int, mount: int, stop: bool = False) -> None:
        rules.append(Rule(len(rules), template, True, level, mount, stop=stop))

    def visit(app: App, level: int, prefix: Template) -> None:
        nonlocal place
        for entry in app.entries:
            place += 1
            match entry:
                case Route():
                    if entry.kind != kind:
                        continue
                    methods = entry.methods if kind == "http" else ("",)
                    for template in _templates(entry, level, group, prefix):
                        order = len(rules)
                        rules.append(Rule(order, template, False, level, place, methods, True))
                case DynamicSite():
                    end(prefix, level, place)
                case Mount(app=None):
                    end(entry.segments[group.depth :], level, place)
                case Mount(app=App() as inner):
                    mount, own = place, entry.segments[group.depth :]
                    if inner.group:
                        below.append(Group(mount, inner, entry.path, len(entry.segments)))
                        place += len(entries_of(inner))
                        end(own, level, mount)
                    else:
                        visit(inner, level + 1, own)
                        end(own, level + 1, mount, stop=True)

    visit(group.app, 0, ())
    return rules, below


def _templates(
    route: Route, level: int, group: Group, prefix: Template
) -> Iterator[tuple[Segment, ...]]:
    below = level > 0 or group.place is not None
    if below and not route.own:
        # The empty remainder has become "/": nothing is left that "" could match.
        return
    template = route.segments[group.depth :]
    yield template
    if level > 0 and template == (*prefix, ""):
        yield prefix


def resource_of(rules: list[Rule]) -> Resource:
    """What answers a path that fits exactly these rules, in registration order.

    The first rule that ends the search is the last one that counts. Below a mount, a path that
    fits none of its routes is a 404 even if a route before the mount fits it.
    """
    methods: dict[str, int] = {}
    level = 0
    matched = -1
    for rule in rules:
        if rule.route:
            for method in rule.methods:
                methods.setdefault(method, rule.place)
            matched = rule.level
            continue
        if not rule.stop:
            return Resource(tuple(methods.items()), rule.place)
        level = rule.level
        break
    return Resource(tuple(methods.items()), "405" if matched == level else "404")
