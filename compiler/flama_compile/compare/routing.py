"""Findings about requests: RT1xx, RT2xx, RT30x, RT50x, RT51x.

Each cause has its changes, so each finding has a request that shows it. A rule that finds no
request claims nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flama_compile.compare.changes import Cause, Change, Explainer, Kind
from flama_compile.compare.drafts import (
    Draft,
    item_key,
    show,
    shown_methods,
    template_text,
)
from flama_compile.compare.items import Item
from flama_compile.compare.pairing import Pairs
from flama_compile.compare.shapes import reshaped
from flama_compile.compare.witnesses import best, example, example_at, proved, sample_path
from flama_compile.ir.routes import Mount, Route, RouteTable
from flama_compile.source import Span

__all__ = ["Evidence", "Scene", "routing_drafts"]

_LISTED = 6
"""Routes that a finding names one by one; the others are counted."""


@dataclass(slots=True)
class Evidence:
    """One cause with all its changes."""

    cause: Cause
    changes: list[Change] = field(default_factory=list)

    @property
    def losses(self) -> list[Change]:
        """Changes of requests that something answered."""
        return [each for each in self.changes if each.was.kind in ("route", "foreign")]

    @property
    def lost(self) -> list[Item]:
        """What answered them, in order, each once."""
        return _once(each.was.item for each in self.losses)

    @property
    def gained(self) -> list[Item]:
        """What answers now, in order, each once."""
        found = (each.now for each in self.changes)
        return _once(now.item for now in found if now.kind in ("route", "foreign"))


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the rules look at."""

    base_table: RouteTable
    head_table: RouteTable
    base: Sequence[Item]
    head: Sequence[Item]
    pairs: Pairs
    explainer: Explainer
    evidence: Sequence[Evidence]
    winners: set[Item]
    """Items of the head that answer some request which a changed item fits."""
    dead: Container[Item]
    """Routes of the head that lost requests and can answer nothing any more."""
    sites: tuple[Sequence[Item], Sequence[Item]]
    """The dynamic items of both tables."""
    strict: bool
    schema: bool
    """Whether the contract is `schema` or above."""
    today: date


def routing_drafts(scene: Scene) -> Iterator[Draft]:
    """The findings about requests, those of the order first."""
    by_kind: dict[str, list[Evidence]] = {}
    for evidence in scene.evidence:
        by_kind.setdefault(evidence.cause.kind, []).append(evidence)
    absorbed = _absorbed(scene, by_kind)
    for evidence in scene.evidence:
        if evidence.cause.key in absorbed:
            continue
        draft = _RULES[evidence.cause.kind](scene, evidence)
        if draft is not None:
            _complete(scene, draft, evidence)
            yield draft
    yield from _dead(scene)


def _absorbed(scene: Scene, by_kind: dict[str, list[Evidence]]) -> set[tuple[str, int, int]]:
    """Causes that another one of the same edit speaks for."""
    keys = set()
    worse = [
        *by_kind.get("shadow", ()),
        *by_kind.get("mount-swallows", ()),
        *by_kind.get("order", ()),
    ]
    for evidence in worse:
        base, head = evidence.cause.base, evidence.cause.head
        keys.add(Cause("added", head=head).key)
        keys.add(Cause("mount-added", head=head).key)
        keys.add(Cause("methods-added", base, head).key)
        for path in by_kind.get("path", ()):
            if path.cause.head is head and not path.losses:
                keys.add(path.cause.key)
    for evidence in by_kind.get("parameters", ()):
        base, head = evidence.cause.base, evidence.cause.head
        kinds: list[Kind] = ["path"]
        if not _renamed(base, head):
            kinds += ["handler", "shadow", "order"]
        known = {each.cause.key for kind in kinds for each in by_kind.get(kind, ())}
        if known & {Cause(kind, base, head).key for kind in kinds}:
            keys.add(evidence.cause.key)
    return keys


def _renamed(base: Item | Mount | None, head: Item | Mount | None) -> bool:
    """Whether the parameters have other names."""
    return _parameter_names(_entry(base)) != _parameter_names(_entry(head))


def _complete(scene: Scene, draft: Draft, evidence: Evidence) -> None:
    """Add the requests that show the finding, and how far they prove it."""
    chosen = best(evidence.losses or evidence.changes)
    if any(scene.sites):
        sure = [change for change in chosen if proved(change, *scene.sites)]
        if not sure:
            draft.proof = "unproven"
        chosen = sure or chosen
    draft.examples = tuple(map(example, chosen))
    draft.covers |= {id(item.entry) for item in evidence.lost}


# One function for each kind of cause.


def _removed(scene: Scene, evidence: Evidence) -> Draft | None:
    item = _item(evidence.cause.base)
    route = item.route
    draft = Draft(
        "RT101",
        f"`{show(route)}` was removed",
        route.path,
        shown_methods(route),
        (item_key(item), *route.methods, _handler(route)),
        span=_nearest(scene, item),
        span_base=route.span,
        covers={id(route)},
    )
    if _implicit(route):
        draft.rule = "RT512"
    elif all(change.now.kind == "route" and _one_path(change) for change in evidence.changes):
        draft.rule = "RT201"
        draft.message = f"`{show(route)}` runs {_names(evidence.gained)} now"
        draft.severity = "breaking" if scene.strict else None
    else:
        _sunset(draft, route, scene.today)
    return draft


def _sunset(draft: Draft, route: Route, today: date) -> None:
    if not route.deprecated or route.sunset is None:
        return
    try:
        day = date.fromisoformat(route.sunset)
    except ValueError:
        draft.detail.append(f"its sunset {route.sunset!r} is not a date, so it does not count")
        return
    if day <= today:
        draft.severity = "safe"
        draft.detail.append(f"it was deprecated, and its sunset {day} has passed")
    else:
        draft.rule = "RT702"
        draft.message += f", and its sunset is {day}"


def _methods_removed(scene: Scene, evidence: Evidence) -> Draft | None:
    item, now = _item(evidence.cause.base), _item(evidence.cause.head)
    route = item.route
    gone = sorted({*route.methods} - {*now.route.methods})
    if not evidence.losses:
        # Only `Allow` told, and that is what the route of another finding changed as well.
        gone = gone or ["nothing"]
    named = [method for method in gone if method != "HEAD" or "GET" not in gone]
    draft = Draft(
        "RT103" if gone == ["HEAD"] else "RT102",
        f"`{route.path}` no longer answers {', '.join(named)}",
        route.path,
        tuple(named),
        (item_key(item), *gone),
        span=now.route.span,
        span_base=route.span,
    )
    losses = evidence.losses
    if losses and all(each.now.kind == "route" and _one_path(each) for each in losses):
        draft.rule = "RT201"
        draft.message = f"`{','.join(named)} {route.path}` runs {_names(evidence.gained)} now"
        draft.severity = "breaking" if scene.strict else None
        draft.key = (item_key(item), *gone, *(_handler(each.route) for each in evidence.gained))
        draft.span = evidence.gained[0].route.span
    return draft


def _added(scene: Scene, evidence: Evidence) -> Draft | None:
    item = _item(evidence.cause.head)
    route = item.route
    known = [
        each
        for each in evidence.changes[0].leaf.base
        if each.role == "route" and each.language == item.language
    ]
    rule = "RT512" if _implicit(route) else "RT105" if known else "RT104"
    return Draft(
        rule,
        f"`{show(route)}` was added",
        route.path,
        shown_methods(route),
        (item_key(item), *route.methods, _handler(route)),
        span=route.span,
    )


def _methods_added(scene: Scene, evidence: Evidence) -> Draft | None:
    before, item = _item(evidence.cause.base), _item(evidence.cause.head)
    fresh = sorted({*item.route.methods} - {*before.route.methods})
    named = [method for method in fresh if method != "HEAD" or "GET" not in fresh]
    return Draft(
        "RT105",
        f"`{item.route.path}` answers {', '.join(named)} now",
        item.route.path,
        tuple(named),
        (item_key(item), *fresh),
        span=item.route.span,
        span_base=before.route.span,
    )


def _path(scene: Scene, evidence: Evidence) -> Draft | None:
    before, after = evidence.cause.base, evidence.cause.head
    if isinstance(before, Item) and before.role != "route":
        return _mount_moved(scene, Evidence(_mounts(evidence.cause), evidence.changes))
    item, now = _item(before), _item(after)
    old, new = item.route, now.route
    draft = Draft(
        "RT101",
        f"`{show(old)}` became `{new.path}`",
        old.path,
        shown_methods(old),
        (item_key(item), item_key(now), *old.methods),
        span=new.span,
        span_base=old.span,
        covers={id(old)},
    )
    shape = reshaped(old.segments, new.segments)
    if old.kind != new.kind:
        draft.rule = "RT511"
        draft.message = f"`{old.path}` changed from {_kind(old)} to {_kind(new)}"
    elif _implicit(old):
        draft.rule = "RT512"
        draft.message = f"`{old.path}` moved to `{new.path}`"
    elif not evidence.losses:
        # Nothing was lost: what the route answered before, it answers still, or never did.
        draft.rule = shape if shape in ("RT302", "RT306") else "RT104"
        draft.severity = "safe"
    elif shape is None or shape in ("RT302", "RT304"):
        draft.message = f"`{show(old)}` moved to `{new.path}`"
        _sunset(draft, old, scene.today)
    else:
        draft.rule = shape
    if draft.rule in ("RT301", "RT303", "RT306", "RT307", "RT308", "RT101") and evidence.losses:
        draft.help.append(f"keep `{old.path}` as a second route until its clients have moved")
    return draft


def _handler_changed(scene: Scene, evidence: Evidence) -> Draft | None:
    item, now = _item(evidence.cause.base), _item(evidence.cause.head)
    old, new = item.route, now.route
    draft = Draft(
        "RT201",
        f"`{show(new)}` runs `{new.handler}` instead of `{old.handler}`",
        old.path,
        shown_methods(old),
        (item_key(item), _handler(old), _handler(new)),
        span=new.span,
        span_base=old.span,
        severity="breaking" if scene.strict else None,
        covers={id(old)},
    )
    if old.body_digest and old.body_digest == new.body_digest:
        # One function under another name: to a client, nothing happened (see RT402).
        if not scene.strict:
            return None
        draft.rule, draft.severity = "RT210", None
        draft.message = f"`{old.handler}` moved to `{new.handler}`"
    elif old.handler.qualname == new.handler.qualname and not (old.body_digest and new.body_digest):
        draft.proof = "unproven"
        draft.detail.append("a manifest does not hold bodies, so this may be a function that moved")
    return draft


def _parameters(scene: Scene, evidence: Evidence) -> Draft | None:
    before, after = evidence.cause.base, evidence.cause.head
    old, new = _entry(before), _entry(after)
    names, renamed = _parameter_names(old), _parameter_names(new)
    routes = len(evidence.lost)
    draft = Draft(
        "RT305",
        f"`{old.path}` became `{new.path}`",
        old.path,
        shown_methods(old) if isinstance(old, Route) else (),
        (template_text(old.segments), *names, "to", *renamed),
        span=new.span,
        span_base=old.span,
        routes=routes,
    )
    if names == renamed:
        draft.rule = "RT304"
        draft.key = (template_text(old.segments), template_text(new.segments))
        draft.severity = "risky" if scene.schema else None
        draft.detail.append("the view gets a value of another type")
    return draft


def _shadow(scene: Scene, evidence: Evidence) -> Draft | None:
    item = _item(evidence.cause.head)
    route = item.route
    victims = evidence.lost
    dead = [each for each in victims if not _alive(scene, each)]
    is_new = evidence.cause.base is None
    verb = "was added and" if is_new else "changed and"
    whole = dead if dead else victims
    draft = Draft(
        "RT106" if dead and is_new else "RT203",
        f"`{show(route)}` {verb} takes {'all' if dead else 'some'} requests of {_paths(whole)}",
        victims[0].route.path if victims[0].role == "route" else victims[0].mount.path,
        shown_methods(route),
        (item_key(item), *route.methods, *sorted(map(item_key, victims))),
        span=route.span,
        span_base=_span(victims[0]),
        help=[f"register `{route.path}` below {_paths(victims)}"],
    )
    if dead and len(dead) < len(victims):
        rest = [each for each in victims if each not in dead]
        draft.detail.append(f"and some requests of {_paths(rest)}")
    return draft


def _order(scene: Scene, evidence: Evidence) -> Draft | None:
    """The mover is the cause; it either took requests or lost them."""
    mover = _item(evidence.cause.head)
    winners = evidence.gained
    losers = evidence.lost
    took = mover in winners
    second = losers[0] if took else _item(evidence.cause.base)
    others = losers if took else winners
    text = f"`{_path_of(mover)}` moved {'above' if took else 'below'} {_paths(others)}"
    draft = Draft(
        "RT202",
        text,
        _path_of(second),
        shown_methods(second.route) if second.role == "route" else (),
        (item_key(mover), "above" if took else "below", *sorted(map(item_key, others))),
        span=_span(mover),
        span_base=_span(evidence.cause.base),
        help=[f"move it {'below' if took else 'above'} {_paths(others)} again"],
    )
    dead = [each for each in losers if not _alive(scene, each)]
    if dead:
        draft.detail.append(f"{_paths(dead)} can no longer be reached")
    return draft


def _uncovered(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount moved below what it had taken."""
    mount = _mount(evidence.cause.base)
    gained = evidence.gained
    if not gained:
        return _unexplained(scene, evidence)
    return Draft(
        "RT104",
        f"the mount `{mount.path or '/'}` no longer takes requests of {_paths(gained)}",
        _path_of(gained[0]),
        shown_methods(gained[0].route) if gained[0].role == "route" else (),
        ("uncovered", template_text(mount.segments), *sorted(map(item_key, gained))),
        span=_span(gained[0]),
        span_base=mount.span,
        routes=len(gained),
    )


def _mount_removed(scene: Scene, evidence: Evidence) -> Draft | None:
    mount = _mount(evidence.cause.base)
    lost = evidence.lost
    draft = Draft(
        "RT502",
        f"the mount `{mount.path or '/'}` was removed{_with(lost)}",
        mount.path,
        (),
        ("mount", template_text(mount.segments), str(mount.target)),
        span=_nearest(scene, scene.explainer.item_of(mount)),
        span_base=mount.span,
        routes=max(len(lost), 1),
        covers=_below(mount),
    )
    if not lost:
        draft.severity = "safe"
        draft.detail.append("it answered nothing")
    elif all(change.now.kind == "foreign" for change in evidence.losses):
        draft.severity, draft.proof = "risky", "unproven"
        draft.detail.append("a foreign application answers in its place")
    _list(draft, lost)
    return draft


def _mount_added(scene: Scene, evidence: Evidence) -> Draft | None:
    mount = _mount(evidence.cause.head)
    return Draft(
        "RT104",
        f"`{mount.target}` was mounted at `{mount.path or '/'}`{_with(evidence.gained)}",
        mount.path,
        (),
        ("mount", template_text(mount.segments), str(mount.target)),
        span=mount.span,
        routes=max(len(evidence.gained), 1),
    )


def _mount_moved(scene: Scene, evidence: Evidence) -> Draft | None:
    old, new = _mount(evidence.cause.base), _mount(evidence.cause.head)
    lost = evidence.lost
    draft = Draft(
        "RT501" if lost else "RT104",
        f"the mount `{old.path or '/'}` moved to `{new.path or '/'}`{_with(lost)}",
        old.path,
        (),
        ("mount", template_text(old.segments), template_text(new.segments)),
        span=new.span,
        span_base=old.span,
        routes=max(len(lost), 1),
        covers=_below(old),
    )
    _list(draft, lost)
    if lost:
        draft.help.append(f"mount it at `{old.path or '/'}` as well until its clients have moved")
    return draft


def _mount_replaced(scene: Scene, evidence: Evidence) -> Draft | None:
    old, new = _mount(evidence.cause.base), _mount(evidence.cause.head)
    return Draft(
        "RT502",
        f"`{old.target}` at `{old.path or '/'}` was replaced by `{new.target}`",
        old.path,
        (),
        ("mount", template_text(old.segments), str(old.target), str(new.target)),
        span=new.span,
        span_base=old.span,
        severity="risky",
        proof="unproven",
        detail=["what a foreign application answers cannot be seen"],
        routes=max(len(evidence.lost), 1),
        covers=_below(old),
    )


def _mount_swallows(scene: Scene, evidence: Evidence) -> Draft | None:
    mount = _mount(evidence.cause.head)
    lost = evidence.lost
    if not lost:
        return _unexplained(scene, evidence)
    known = id(mount) in scene.pairs.base_mount
    return Draft(
        "RT503",
        f"the mount `{mount.path or '/'}` {'stands before' if known else 'was added before'} "
        f"{_paths(lost)}, and takes {'their' if len(lost) > 1 else 'its'} requests",
        _path_of(lost[0]),
        shown_methods(lost[0].route) if lost[0].role == "route" else (),
        ("mount", template_text(mount.segments), *sorted(map(item_key, lost))),
        span=mount.span,
        span_base=_span(lost[0]),
        help=[f"mount it below {_paths(lost)}"],
        routes=len(lost),
    )


def _unexplained(scene: Scene, evidence: Evidence) -> Draft | None:
    shown = example(best(evidence.changes)[0])
    base, head = evidence.cause.base, evidence.cause.head
    keys = [item_key(each) if isinstance(each, Item) else "-" for each in (base, head)]
    return Draft(
        "RT200",
        f"`{shown.witness}` is answered in another way",
        shown.witness.path,
        (shown.witness.method,) if shown.witness.method else (),
        (*keys, shown.witness.path),
        span=_span(head),
        span_base=_span(base),
    )


_RULES: dict[str, Callable[[Scene, Evidence], Draft | None]] = {
    "removed": _removed,
    "methods-removed": _methods_removed,
    "added": _added,
    "methods-added": _methods_added,
    "path": _path,
    "handler": _handler_changed,
    "parameters": _parameters,
    "shadow": _shadow,
    "order": _order,
    "uncovered": _uncovered,
    "mount-removed": _mount_removed,
    "mount-added": _mount_added,
    "mount-moved": _mount_moved,
    "mount-replaced": _mount_replaced,
    "mount-swallows": _mount_swallows,
    "unexplained": _unexplained,
}


def _dead(scene: Scene) -> Iterator[Draft]:
    """New routes that nothing reaches (RT107)."""
    known = {evidence.cause.key for evidence in scene.evidence}
    for item in scene.head:
        if item.role != "route" or not item.changed or item in scene.winners:
            continue
        if scene.explainer.base_of(item) is not None or _implicit(item.route):
            continue
        if Cause("added", head=item).key in known:
            continue
        route = item.route
        draft = Draft(
            "RT107",
            f"`{show(route)}` was added and can never answer",
            route.path,
            shown_methods(route),
            (item_key(item), *route.methods, _handler(route)),
            span=route.span,
        )
        if item.patterns:
            path = sample_path(item.patterns[0])
            draft.examples = (example_at(scene.base, scene.head, item, path),)
        else:
            draft.proof = "structural"
            draft.detail.append('the path "" below a mount is never matched; use "/"')
        yield draft


def _alive(scene: Scene, victim: Item) -> bool:
    partner = scene.explainer.head_of(victim)
    return partner is not None and partner not in scene.dead


def _one_path(change: Change) -> bool:
    """Whether the old and the new route have the same paths."""
    old, new = change.was.item, change.now.item
    if old is None or new is None or old.role != "route" or new.role != "route":
        return False
    return old.language == new.language


def _nearest(scene: Scene, item: Item) -> Span | None:
    """What is still there of the place where something was: a mount above, or the application."""
    for mount in reversed(item.chain):
        partner = scene.pairs.head_mount.get(id(mount))
        if partner is not None and partner.span is not None:
            return partner.span
    return scene.head_table.root.span


def _list(draft: Draft, items: Sequence[Item]) -> None:
    named = [show(item.route) for item in items if item.role == "route"]
    if len(named) > 1:
        more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
        draft.detail.append("takes along " + ", ".join(named[:_LISTED]) + more)


def _with(items: Sequence[Item]) -> str:
    number = sum(item.role == "route" for item in items)
    return f", with {number} route{'s' if number > 1 else ''}" if number else ""


def _names(items: Sequence[Item]) -> str:
    return ", ".join(f"`{item.route.handler}`" for item in items if item.role == "route")


def _paths(items: Sequence[Item]) -> str:
    named = list(dict.fromkeys(f"`{_path_of(item)}`" for item in items))
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return ", ".join(named[:3]) + more


def _path_of(item: Item) -> str:
    return item.route.path if item.role == "route" else item.mount.path or "/"


def _handler(route: Route) -> str:
    return "" if route.handler.late else route.handler.qualname


def _kind(route: Route) -> str:
    return "HTTP" if route.kind == "http" else "websocket"


def _implicit(route: Route) -> bool:
    handler = route.handler
    return handler.module == "flama.schemas" and handler.qualname in ("schema_view", "docs_view")


def _below(mount: Mount) -> set[int]:
    if mount.app is None:
        return set()
    found = set()
    for entry in mount.app.entries:
        found.add(id(entry))
        if isinstance(entry, Mount):
            found |= _below(entry)
    return found


def _once(items: Iterator[Item | None]) -> list[Item]:
    return sorted({item for item in items if item is not None}, key=lambda item: item.rank)


def _item(subject: Item | Mount | None) -> Item:
    assert isinstance(subject, Item)
    return subject


def _mount(subject: Item | Mount | None) -> Mount:
    assert isinstance(subject, Mount)
    return subject


def _mounts(cause: Cause) -> Cause:
    base, head = _item(cause.base).mount, _item(cause.head).mount
    return Cause("mount-moved", base, head)


def _entry(subject: Item | Mount | None) -> Route | Mount:
    if isinstance(subject, Mount):
        return subject
    item = _item(subject)
    return item.route if item.role == "route" else item.mount


def _parameter_names(entry: Route | Mount) -> list[str]:
    return [part.name for part in entry.segments if not isinstance(part, str)]


def _span(subject: Item | Mount | None) -> Span | None:
    if subject is None:
        return None
    return subject.span if isinstance(subject, Mount) else subject.entry.span
