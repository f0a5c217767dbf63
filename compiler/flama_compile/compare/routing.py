"""Findings about requests: RT1xx, RT2xx, RT30x, RT50x, RT51x.

Each cause has its changes, so each finding has a request that shows it. A rule that finds no
request claims nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from flama_compile.compare import edits, mounts
from flama_compile.compare.changes import Cause, Kind
from flama_compile.compare.drafts import Draft, item_key, show, shown_methods, template_text
from flama_compile.compare.items import Item
from flama_compile.compare.scene import (
    Evidence,
    Scene,
    entry_of,
    handler_key,
    implicit,
    parameter_names,
)
from flama_compile.compare.witnesses import best, example, example_at, proved, sample_path
from flama_compile.ir.routes import Mount

__all__ = ["routing_drafts"]

_MANY = 3
"""Routes whose paths changed in one way, from which on they are one finding."""
_LISTED = 6
"""Routes that it names one by one; the others are counted."""


def routing_drafts(scene: Scene) -> Iterator[Draft]:
    """The findings about requests, those of the order first."""
    by_kind: dict[str, list[Evidence]] = {}
    for evidence in scene.evidence:
        by_kind.setdefault(evidence.cause.kind, []).append(evidence)
    absorbed = _absorbed(scene, by_kind)
    drafts = []
    for evidence in scene.evidence:
        if evidence.cause.key in absorbed:
            continue
        draft = _RULES[evidence.cause.kind](scene, evidence)
        if draft is not None:
            _complete(scene, draft, evidence)
            drafts.append(draft)
    yield from _folded(drafts)
    yield from _dead(scene)


def _folded(drafts: list[Draft]) -> Iterator[Draft]:
    """One finding for a prefix that changed for many routes, as a constant in the source may."""
    groups: dict[object, list[Draft]] = {}
    for draft in drafts:
        if draft.prefixes is not None:
            groups.setdefault((draft.rule, draft.severity, draft.prefixes), []).append(draft)
    inside = {id(draft) for group in groups.values() if len(group) >= _MANY for draft in group}
    for draft in drafts:
        if id(draft) not in inside:
            yield draft
            continue
        assert draft.prefixes is not None
        group = groups[draft.rule, draft.severity, draft.prefixes]
        if draft is group[0]:
            yield _group(group)


def _group(drafts: list[Draft]) -> Draft:
    first = drafts[0]
    assert first.prefixes is not None
    old, new = (template_text(part) or "/" for part in first.prefixes)
    named = [draft.message.split("`")[1] for draft in drafts[:_LISTED]]
    more = f" and {len(drafts) - _LISTED} more" if len(drafts) > _LISTED else ""
    examples = [example for draft in drafts for example in draft.examples[:1]]
    return replace(
        first,
        message=f"`{old}` became `{new}` for {len(drafts)} routes",
        path=old,
        methods=(),
        key=("prefix", old, new),
        examples=tuple(examples[:5]),
        detail=[f"takes along {', '.join(named)}{more}"],
        help=[f"keep the routes below `{old}` until their clients have moved"],
        routes=len(drafts),
        covers={each for draft in drafts for each in draft.covers},
    )


def _absorbed(scene: Scene, by_kind: dict[str, list[Evidence]]) -> set[tuple[str, int, int]]:
    """Causes that another one of the same edit speaks for."""
    keys = set()
    known = {evidence.cause.key for evidence in scene.evidence}
    gaining = {
        id(evidence.cause.head): evidence.cause.key
        for evidence in by_kind.get("path", ())
        if not evidence.losses
    }
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
        if (gained := gaining.get(id(head))) is not None:
            keys.add(gained)
    moved = {evidence.cause.key: evidence for evidence in by_kind.get("path", ())}
    for evidence in by_kind.get("shadow", ()):
        edit = moved.get(Cause("path", evidence.cause.base, evidence.cause.head).key)
        if edit is not None and edit.losses:
            # A route that moved lost its old paths, and took some of another route.
            edit.also.append(evidence)
            keys.add(evidence.cause.key)
    for evidence in by_kind.get("parameters", ()):
        base, head = evidence.cause.base, evidence.cause.head
        kinds: list[Kind] = ["path"]
        if not _renamed(base, head):
            kinds += ["handler", "shadow", "order"]
        if known & {Cause(kind, base, head).key for kind in kinds}:
            keys.add(evidence.cause.key)
    return keys


def _renamed(base: Item | Mount | None, head: Item | Mount | None) -> bool:
    """Whether the parameters have other names."""
    return parameter_names(entry_of(base)) != parameter_names(entry_of(head))


def _complete(scene: Scene, draft: Draft, evidence: Evidence) -> None:
    """Add the requests that show the finding, and how far they prove it."""
    chosen = best(evidence.losses or evidence.changes)
    chosen += [change for other in evidence.also for change in best(other.losses)[:2]]
    if any(scene.sites):
        sure = [change for change in chosen if proved(change, *scene.sites)]
        if not sure:
            draft.proof = "unproven"
        chosen = sure or chosen
    draft.examples = tuple(map(example, chosen))
    draft.covers |= {id(item.entry) for item in evidence.lost}


def _dead(scene: Scene) -> Iterator[Draft]:
    """New routes that nothing reaches (RT107)."""
    known = {evidence.cause.key for evidence in scene.evidence}
    for item in scene.head:
        if item.role != "route" or not item.changed or item in scene.winners:
            continue
        if scene.explainer.base_of(item) is not None or implicit(item.route):
            continue
        if Cause("added", head=item).key in known:
            continue
        route = item.route
        draft = Draft(
            "RT107",
            f"`{show(route)}` was added and can never answer",
            route.path,
            shown_methods(route),
            (item_key(item), *route.methods, handler_key(route)),
            span=route.span,
        )
        if item.patterns:
            path = sample_path(item.patterns[0])
            draft.examples = (example_at(scene.base, scene.head, item, path),)
        else:
            draft.proof = "structural"
            draft.detail.append('the path "" below a mount is never matched; use "/"')
        yield draft


_RULES: dict[str, Callable[[Scene, Evidence], Draft | None]] = {
    "removed": edits.removed,
    "methods-removed": edits.methods_removed,
    "added": edits.added,
    "methods-added": edits.methods_added,
    "path": edits.path_changed,
    "handler": edits.handler_changed,
    "parameters": edits.parameters,
    "shadow": edits.shadow,
    "order": edits.order,
    "uncovered": mounts.uncovered,
    "mount-removed": mounts.mount_removed,
    "mount-added": mounts.mount_added,
    "mount-moved": mounts.mount_moved,
    "mount-replaced": mounts.mount_replaced,
    "mount-swallows": mounts.mount_swallows,
    "unexplained": edits.unexplained,
}
