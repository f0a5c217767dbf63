"""Two route tables in, findings out: what changed for clients, with requests that show it.

    compare(base, head)  ->  Comparison of Findings, worst first

The work is done in three steps. The items of both tables are paired, so that a move is a move
(`pairing`). The product descent visits every class of requests that a change can reach and gives
those whose answer differs (`descent`, `answers`). Each of them is traced to the edit that did it
(`changes`), and each edit becomes one finding (`routing`, `names`, `signatures`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from flama_compile.compare.answers import answers, same_handler
from flama_compile.compare.catalogue import LEVELS, SEVERITIES, Level, rule
from flama_compile.compare.changes import Explainer, changes
from flama_compile.compare.descent import TooManyStates, descend
from flama_compile.compare.drafts import Draft, finish
from flama_compile.compare.items import Alignment, Item, flatten, language
from flama_compile.compare.names import name_drafts
from flama_compile.compare.pairing import Pairs, pair
from flama_compile.compare.routing import routing_drafts
from flama_compile.compare.scene import Evidence, Scene
from flama_compile.compare.signatures import signature_drafts
from flama_compile.compare.sites import site_drafts
from flama_compile.compare.witnesses import settled
from flama_compile.ir.findings import Comparison, Finding
from flama_compile.ir.routes import Handler, RouteTable

__all__ = ["BOUND", "compare", "examine"]

BOUND = 1_000_000
"""Classes of paths that are compared at most. Real tables need a few for each route."""

_BOUND_HELP = "give parameters types, such as `{id:int}`, which makes routes disjoint"


def compare(
    base: RouteTable,
    head: RouteTable,
    contract: Level = "schema",
    today: date | None = None,
    bound: int = BOUND,
) -> Comparison:
    """Every change between two tables that the contract covers, worst first.

    `today` decides about sunset dates. A comparison that would pass `bound` gives what it found
    so far and says so in `bounded`.
    """
    scene, bounded = examine(base, head, contract, today, bound)
    drafts = [*routing_drafts(scene), *site_drafts(base, head)]
    if bounded is not None:
        drafts.append(Draft("RT903", bounded, "", (), ("bounded",), help=[_BOUND_HELP]))
    if contract != "wire":
        names = list(name_drafts(scene))
        renamed = {covered for draft in names if draft.rule == "RT402" for covered in draft.covers}
        # A function that was renamed is another handler as well: one cause, one finding.
        drafts = [draft for draft in drafts if not (draft.renaming and draft.covers <= renamed)]
        drafts += names
    if contract in ("schema", "strict"):
        drafts += signature_drafts(scene)
    findings = [each for each in finish(drafts) if _covered(each, contract)]
    findings.sort(key=_worst)
    return Comparison(base, head, tuple(findings), bounded)


def examine(
    base: RouteTable,
    head: RouteTable,
    contract: Level = "schema",
    today: date | None = None,
    bound: int = BOUND,
) -> tuple[Scene, str | None]:
    """Every class of requests that changed, by its cause; and why that is not all, or None."""
    strict = contract == "strict"
    old, new = flatten(base), flatten(head)
    pairs = pair(old, new)
    same = _same(pairs, strict)
    alignment = Alignment(old, new, _key(old, new, strict))
    explainer = Explainer(old, new, pairs, same, _mover(alignment))
    found: dict[tuple[str, int, int], Evidence] = {}
    winners: set[Item] = set()
    bounded = None
    try:
        for leaf in descend(old, new, bound):
            for found_change in changes(leaf, same, winners):
                change = settled(found_change, old, new)
                if change is None:
                    continue
                cause = explainer.cause(change)
                found.setdefault(cause.key, Evidence(cause)).changes.append(change)
    except TooManyStates as stopped:
        bounded = str(stopped)
    scene = Scene(
        base,
        head,
        old,
        new,
        pairs,
        explainer,
        list(found.values()),
        winners,
        _dead(explainer, found.values(), new, bound),
        _handlers(old) & _handlers(new),
        (_sites(old), _sites(new)),
        strict,
        contract in ("schema", "strict"),
        today or date.today(),
    )
    return scene, bounded


def _covered(finding: Finding, contract: Level) -> bool:
    return LEVELS.index(rule(finding.rule).level) <= LEVELS.index(contract)


def _worst(finding: Finding) -> tuple[object, ...]:
    place = finding.span
    return (
        SEVERITIES.index(finding.severity),
        finding.rule,
        place is None,
        (place.file, place.line, place.column) if place else (),
        finding.path,
        finding.fingerprint,
    )


def _same(pairs: Pairs, strict: bool) -> Callable[[Item, Item], bool]:
    """Whether two items run the same handler."""

    def same(a: Item, b: Item) -> bool:
        if a.role == "route" and b.role == "route":
            old, new = a.route.handler, b.route.handler
            if old.late or new.late:
                # Which object it is, only the live application tells; the route decides.
                return pairs.together(a, b)
            bodies = ("", "") if strict else (a.route.body_digest, b.route.body_digest)
            return same_handler(old, new, *bodies)
        if a.role != "foreign" or b.role != "foreign":
            return False
        if a.mount.target.late or b.mount.target.late:
            return pairs.head_mount.get(id(a.mount)) is b.mount
        bodies = ("", "") if strict else (a.mount.body_digest, b.mount.body_digest)
        return same_handler(a.mount.target, b.mount.target, *bodies)

    return same


def _key(base: Sequence[Item], head: Sequence[Item], strict: bool) -> Callable[[Item], Hashable]:
    """A key that is equal only for items that answer alike, for an `Alignment`."""
    here = {str(item.route.handler) for item in base if item.role == "route"}
    bodies: dict[tuple[str, str], str] = {}
    for item in base:
        if item.role == "route" and item.route.body_digest:
            known = item.route.handler
            bodies.setdefault((known.qualname, item.route.body_digest), str(known))
    inside = {id(item) for item in base}

    def handler(item: Item) -> Hashable:
        target: Handler = item.route.handler if item.role == "route" else item.mount.target
        if target.late:
            return None
        text = str(target)
        if strict or item.role != "route" or text in here or id(item) in inside:
            return text
        return bodies.get((target.qualname, item.route.body_digest), text)

    chains: dict[int, Hashable] = {}

    def chain(item: Item) -> Hashable:
        # NOTE: routes of one application share the tuple, which the items keep alive.
        known = chains.get(id(item.chain))
        if known is None:
            known = chains[id(item.chain)] = tuple(language(each.segments) for each in item.chain)
        return known

    def key(item: Item) -> Hashable:
        match item.role:
            case "route":
                route = item.route
                shape = (route.kind, route.segments, item.patterns, route.methods)
                return "route", shape, handler(item), chain(item)
            case "foreign":
                return "foreign", item.mount.segments, handler(item), chain(item)
            case _:
                return item.role, chain(item)

    return key


def _mover(alignment: Alignment) -> Callable[[Item, Item], Item]:
    """Which of two items that changed places moved: the winner, unless it surely stood still."""

    def mover(winner: Item, loser: Item) -> Item:
        stood = not winner.changed and loser.changed
        return loser if stood and not alignment.could_have_moved(winner) else winner

    return mover


def _dead(
    explainer: Explainer, evidence: Iterable[Evidence], head: Sequence[Item], bound: int
) -> set[Item]:
    """Routes that another one took requests from, and that can answer nothing any more."""
    victims = set()
    for each in evidence:
        if each.cause.kind in ("shadow", "order"):
            victims |= {explainer.head_of(item) for item in each.lost if item.role == "route"}
    victims.discard(None)
    if not victims:
        return set()
    copies = [replace(item, changed=item in victims) for item in head if item.role != "dynamic"]
    alive = set()
    try:
        for leaf in descend((), copies, bound):
            for protocol in ("http", "websocket"):
                for outcome in answers(leaf.head, protocol).by_method.values():
                    alive.add(outcome.item and outcome.item.rank)
    except TooManyStates:
        # What was not looked at may be alive, and nothing is claimed that is not proved.
        return set()
    return {item for item in victims if item is not None and item.rank not in alive}


def _handlers(items: Iterable[Item]) -> frozenset[str]:
    return frozenset(str(item.route.handler) for item in items if item.role == "route")


def _sites(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.role == "dynamic"]
