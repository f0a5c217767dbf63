"""Chooses how each path finds its resource: the pass from the route table to the dispatch plan.

Registration order is law. Every step looks at the rules that fit a path in order and merges them
(`resource_of`); none picks a rule because it is more specific. A path without parameters goes to
the hash table only if no rule with parameters takes part in its answer.
"""

from __future__ import annotations

from flama_compile.ir.plan import DispatchPlan, Matcher, Resource, Unit
from flama_compile.ir.routes import Param, RouteTable
from flama_compile.lower.collect import Fits
from flama_compile.lower.rules import Group, Rule, entries_of, resource_of, rules_of
from flama_compile.lower.tests import open_rule
from flama_compile.lower.tree import grow_tree
from flama_compile.lower.views import bindings_of

__all__ = ["lower"]


def lower(table: RouteTable) -> DispatchPlan:
    """The plan for a table. Total on every table that `check` lets pass; dynamic sites included."""
    entries = entries_of(table.root)
    units: list[Unit] = []
    groups = [Group(None, table.root, "", 0)]
    while groups:
        group = groups.pop(0)
        http, below = rules_of(group, "http")
        websocket, _ = rules_of(group, "websocket")
        units.append(Unit(group.place, group.app, group.path, _matcher(http), _matcher(websocket)))
        groups = below + groups
    bindings = bindings_of(entries, tuple(units))
    return DispatchPlan(table.app, entries, bindings, tuple(units))


def _matcher(rules: list[Rule]) -> Matcher:
    fits = Fits(rules)
    by_order = {rule.order: rule for rule in rules}
    static: dict[str, Resource] = {}
    settled: set[int] = set()
    for rule in rules:
        if not rule.route or not _literal(rule):
            continue
        path = "".join(f"/{segment}" for segment in rule.template)
        if path not in static:
            fitting = fits.of([str(segment) for segment in rule.template])
            resource = resource_of(fitting)
            speaking = {place for _, place in resource.methods} | {resource.rest}
            if not all(_literal(other) for other in fitting if other.place in speaking):
                continue
            static[path] = resource
        settled.add(rule.order)
    # A path that starts with no slash has no segments: only a mount that takes everything fits.
    outside = resource_of([rule for rule in rules if rule.tail and not rule.template][:1])
    left = [open_rule(rule) for order, rule in by_order.items() if order not in settled]
    return Matcher(tuple(static.items()), outside, grow_tree(left))


def _literal(rule: Rule) -> bool:
    return not any(isinstance(segment, Param) for segment in rule.template)
