"""Findings about edits of mounts: one finding for a mount, whatever is below it."""

from __future__ import annotations

from collections.abc import Sequence

from flama_compile.compare.answers import same_handler
from flama_compile.compare.drafts import Draft, item_key, show, shown_methods, template_text
from flama_compile.compare.edits import unexplained
from flama_compile.compare.items import Item
from flama_compile.compare.scene import (
    Evidence,
    Scene,
    below,
    mount_of,
    nearest,
    path_of,
    paths,
    span_of,
)

__all__ = [
    "mount_added",
    "mount_moved",
    "mount_removed",
    "mount_replaced",
    "mount_swallows",
    "uncovered",
]

_LISTED = 6
"""Routes that a finding names one by one; the others are counted."""


def uncovered(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount moved below what it had taken."""
    mount = mount_of(evidence.cause.base)
    gained = evidence.gained
    if not gained:
        return unexplained(scene, evidence)
    return Draft(
        "RT104",
        f"the mount `{mount.path or '/'}` no longer takes requests of {paths(gained)}",
        path_of(gained[0]),
        shown_methods(gained[0].route) if gained[0].role == "route" else (),
        ("uncovered", template_text(mount.segments), *sorted(map(item_key, gained))),
        span=span_of(gained[0]),
        span_base=mount.span,
        routes=len(gained),
    )


def mount_removed(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount that went, with all that was below it (RT502)."""
    mount = mount_of(evidence.cause.base)
    lost = evidence.lost
    draft = Draft(
        "RT502",
        f"the mount `{mount.path or '/'}` was removed{_with(lost)}",
        mount.path,
        (),
        ("mount", template_text(mount.segments), str(mount.target)),
        span=nearest(scene, scene.explainer.item_of(mount)),
        span_base=mount.span,
        routes=max(len(lost), 1),
        covers=below(mount),
    )
    if not lost:
        draft.severity = "safe"
        draft.detail.append("it answered nothing")
    elif all(change.now.kind == "foreign" for change in evidence.losses):
        draft.severity, draft.proof = "risky", "unproven"
        draft.detail.append("a foreign application answers in its place")
    _list(draft, lost)
    return draft


def mount_added(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount that came, with all that is below it (RT104)."""
    mount = mount_of(evidence.cause.head)
    return Draft(
        "RT104",
        f"`{mount.target}` was mounted at `{mount.path or '/'}`{_with(evidence.gained)}",
        mount.path,
        (),
        ("mount", template_text(mount.segments), str(mount.target)),
        span=mount.span,
        routes=max(len(evidence.gained), 1),
    )


def mount_moved(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount under another prefix (RT501)."""
    old, new = mount_of(evidence.cause.base), mount_of(evidence.cause.head)
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
        covers=below(old),
    )
    _list(draft, lost)
    if lost:
        draft.help.append(f"mount it at `{old.path or '/'}` as well until its clients have moved")
    return draft


def mount_replaced(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount whose application came from us and is foreign now, or the reverse (RT502)."""
    old, new = mount_of(evidence.cause.base), mount_of(evidence.cause.head)
    foreign = old.app is None and new.app is None
    if foreign and same_handler(old.target, new.target, old.body_digest, new.body_digest):
        # Only the contract `strict` tells a function from itself in another module.
        return Draft(
            "RT210",
            f"`{old.target}` moved to `{new.target}`",
            old.path,
            (),
            ("mount", template_text(old.segments), str(old.target), str(new.target)),
            span=new.span,
            span_base=old.span,
        )
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
        covers=below(old),
    )


def mount_swallows(scene: Scene, evidence: Evidence) -> Draft | None:
    """A mount that takes what comes after it (RT503)."""
    mount = mount_of(evidence.cause.head)
    lost = evidence.lost
    if not lost:
        return unexplained(scene, evidence)
    known = id(mount) in scene.pairs.base_mount
    return Draft(
        "RT503",
        f"the mount `{mount.path or '/'}` {'stands before' if known else 'was added before'} "
        f"{paths(lost)}, and takes {'their' if len(lost) > 1 else 'its'} requests",
        path_of(lost[0]),
        shown_methods(lost[0].route) if lost[0].role == "route" else (),
        ("mount", template_text(mount.segments), *sorted(map(item_key, lost))),
        span=mount.span,
        span_base=span_of(lost[0]),
        help=[f"mount it below {paths(lost)}"],
        routes=len(lost),
    )


def _list(draft: Draft, items: Sequence[Item]) -> None:
    named = [show(item.route) for item in items if item.role == "route"]
    if len(named) > 1:
        more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
        draft.detail.append("takes along " + ", ".join(named[:_LISTED]) + more)


def _with(items: Sequence[Item]) -> str:
    number = sum(item.role == "route" for item in items)
    return f", with {number} route{'s' if number > 1 else ''}" if number else ""
