"""Findings about edits of routes: one function for each kind of cause."""

from __future__ import annotations

from datetime import date

from flama_compile.compare.drafts import Draft, item_key, show, shown_methods, template_text
from flama_compile.compare.items import Item
from flama_compile.compare.scene import (
    Evidence,
    Scene,
    entry_of,
    handler_key,
    handlers,
    implicit,
    item_of,
    nearest,
    one_path,
    parameter_names,
    path_of,
    paths,
    protocol_of,
    span_of,
)
from flama_compile.compare.shapes import changed_prefix, reshaped
from flama_compile.compare.witnesses import best, example
from flama_compile.ir.routes import Route

__all__ = [
    "added",
    "handler_changed",
    "methods_added",
    "methods_removed",
    "order",
    "parameters",
    "path_changed",
    "removed",
    "shadow",
    "unexplained",
]


def removed(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route without a partner (RT101; RT201 where another one of its paths answers)."""
    item = item_of(evidence.cause.base)
    route = item.route
    draft = Draft(
        "RT101",
        f"`{show(route)}` was removed",
        route.path,
        shown_methods(route),
        (item_key(item), *route.methods, handler_key(route)),
        span=nearest(scene, item),
        span_base=route.span,
        covers={id(route)},
    )
    if implicit(route):
        draft.rule = "RT512"
    elif all(change.now.kind == "route" and one_path(change) for change in evidence.changes):
        draft.rule = "RT201"
        draft.message = f"`{show(route)}` runs {handlers(evidence.gained)} now"
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


def methods_removed(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that lost methods (RT102, RT103)."""
    item, now = item_of(evidence.cause.base), item_of(evidence.cause.head)
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
    if losses and all(each.now.kind == "route" and one_path(each) for each in losses):
        draft.rule = "RT201"
        draft.message = f"`{','.join(named)} {route.path}` runs {handlers(evidence.gained)} now"
        draft.severity = "breaking" if scene.strict else None
        draft.key = (item_key(item), *gone, *(handler_key(each.route) for each in evidence.gained))
        draft.span = evidence.gained[0].route.span
    return draft


def added(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that came (RT104, RT105)."""
    item = item_of(evidence.cause.head)
    route = item.route
    known = [
        each
        for each in evidence.changes[0].leaf.base
        if each.role == "route" and each.language == item.language
    ]
    rule = "RT512" if implicit(route) else "RT105" if known else "RT104"
    return Draft(
        rule,
        f"`{show(route)}` was added",
        route.path,
        shown_methods(route),
        (item_key(item), *route.methods, handler_key(route)),
        span=route.span,
    )


def methods_added(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that gained methods (RT105)."""
    before, item = item_of(evidence.cause.base), item_of(evidence.cause.head)
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


def path_changed(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that takes other paths (RT101, RT30x, RT511)."""
    item, now = item_of(evidence.cause.base), item_of(evidence.cause.head)
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
        draft.message = f"`{old.path}` changed from {protocol_of(old)} to {protocol_of(new)}"
    elif implicit(old):
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
    if draft.rule in ("RT101", "RT308") and not evidence.also:
        draft.prefixes = changed_prefix(item.language, now.language)
    for other in evidence.also:
        draft.detail.append(f"it takes requests of {paths(other.lost)} now")
        draft.key += tuple(sorted(map(item_key, other.lost)))
    return draft


def handler_changed(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that runs another function (RT201, RT210)."""
    item, now = item_of(evidence.cause.base), item_of(evidence.cause.head)
    old, new = item.route, now.route
    draft = Draft(
        "RT201",
        f"`{show(new)}` runs `{new.handler}` instead of `{old.handler}`",
        old.path,
        shown_methods(old),
        (item_key(item), handler_key(old), handler_key(new)),
        span=new.span,
        span_base=old.span,
        severity="breaking" if scene.strict else None,
        covers={id(old)},
    )
    moved = old.handler.qualname == new.handler.qualname
    same_body = old.body_digest != "" and old.body_digest == new.body_digest
    known = {str(old.handler), str(new.handler)} & scene.handlers_of_both
    draft.renaming = (
        not known and not moved and (same_body or not (old.body_digest and new.body_digest))
    )
    if same_body and (moved or not known):
        # One function in another place, or under another name: to a client, nothing happened.
        if not scene.strict:
            return None
        draft.rule, draft.severity = "RT210", None
        draft.message = f"`{old.handler}` moved to `{new.handler}`"
    elif moved and not (old.body_digest and new.body_digest):
        draft.proof = "unproven"
        draft.detail.append("a manifest does not hold bodies, so this may be a function that moved")
    return draft


def parameters(scene: Scene, evidence: Evidence) -> Draft | None:
    """Parameters with other names or types on the same paths (RT304, RT305)."""
    before, after = evidence.cause.base, evidence.cause.head
    old, new = entry_of(before), entry_of(after)
    names, renamed = parameter_names(old), parameter_names(new)
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


def shadow(scene: Scene, evidence: Evidence) -> Draft | None:
    """A route that came, or grew, before others (RT106, RT203)."""
    item = item_of(evidence.cause.head)
    route = item.route
    victims = evidence.lost
    dead = [each for each in victims if not _alive(scene, each)]
    is_new = evidence.cause.base is None
    verb = "was added and" if is_new else "changed and"
    whole = dead if dead else victims
    draft = Draft(
        "RT106" if dead and is_new else "RT203",
        f"`{show(route)}` {verb} takes {'all' if dead else 'some'} requests of {paths(whole)}",
        victims[0].route.path if victims[0].role == "route" else victims[0].mount.path,
        shown_methods(route),
        (item_key(item), *route.methods, *sorted(map(item_key, victims))),
        span=route.span,
        span_base=span_of(victims[0]),
        help=[f"register `{route.path}` below {paths(victims)}"],
    )
    if dead and len(dead) < len(victims):
        rest = [each for each in victims if each not in dead]
        draft.detail.append(f"and some requests of {paths(rest)}")
    return draft


def order(scene: Scene, evidence: Evidence) -> Draft | None:
    """The mover is the cause; it either took requests or lost them."""
    mover = item_of(evidence.cause.head)
    winners = evidence.gained
    losers = evidence.lost
    took = mover in winners
    second = losers[0] if took else item_of(evidence.cause.base)
    others = losers if took else winners
    text = f"`{path_of(mover)}` moved {'above' if took else 'below'} {paths(others)}"
    draft = Draft(
        "RT202",
        text,
        path_of(second),
        shown_methods(second.route) if second.role == "route" else (),
        (item_key(mover), "above" if took else "below", *sorted(map(item_key, others))),
        span=span_of(mover),
        span_base=span_of(evidence.cause.base),
        help=[f"move it {'below' if took else 'above'} {paths(others)} again"],
    )
    dead = [each for each in losers if not _alive(scene, each)]
    if dead:
        draft.detail.append(f"{paths(dead)} can no longer be reached")
    return draft


def unexplained(scene: Scene, evidence: Evidence) -> Draft | None:
    """A change that no edit explains (RT200)."""
    shown = example(best(evidence.changes)[0])
    base, head = evidence.cause.base, evidence.cause.head
    keys = [item_key(each) if isinstance(each, Item) else "-" for each in (base, head)]
    return Draft(
        "RT200",
        f"`{shown.witness}` is answered in another way",
        shown.witness.path,
        (shown.witness.method,) if shown.witness.method else (),
        (*keys, shown.witness.path),
        span=span_of(head),
        span_base=span_of(base),
    )


def _alive(scene: Scene, victim: Item) -> bool:
    partner = scene.explainer.head_of(victim)
    return partner is not None and partner not in scene.dead
