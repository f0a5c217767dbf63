"""Findings about names: what `resolve_url` gave, and gives now (RT305, RT401 to RT404, RT504).

A name resolves to the first entry that carries it and takes exactly the parameters that are given,
so what counts is the first entry for each name and set of parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flama_compile.compare.drafts import Draft, reply_of, show, shown_methods, template_text
from flama_compile.compare.items import Item, language
from flama_compile.compare.pairing import default_name
from flama_compile.compare.scene import Scene
from flama_compile.ir.routes import App, Mount, Param, Route, Template

__all__ = ["name_drafts"]

_Key = tuple[str, frozenset[str]]
"""A qualified name, and the names of the parameters."""


@dataclass(frozen=True, slots=True)
class _Named:
    """An entry that a name resolves to."""

    entry: Route | Mount
    chain: tuple[Mount, ...]
    name: str
    """Qualified: `api:user`."""


def name_drafts(scene: Scene) -> Iterator[Draft]:
    """The findings about names."""
    old, new = _names(scene.base_table.root), _names(scene.head_table.root)
    heads = {id(item.entry): item for item in scene.head}
    bases = {id(item.entry): item for item in scene.base}
    done: set[tuple[str, int]] = set()
    for key, named in old.items():
        now = new.get(key)
        partner = _partner(scene, named.entry, bases)
        if partner is None:
            # A route that went takes its name along, and a finding speaks of the route.
            continue
        if now is not None:
            if now.entry is partner or language(now.entry.segments) == language(
                named.entry.segments
            ):
                continue
            draft: Draft | None = _elsewhere(named, now)
        else:
            draft = _lost(scene, key, named, partner, heads, new)
        if draft is None or (draft.rule, _identity(draft, named)) in done:
            continue
        done.add((draft.rule, _identity(draft, named)))
        yield draft


def _identity(draft: Draft, named: _Named) -> int:
    """One finding for a mount whose name changed, however many routes are below it."""
    return hash(draft.key) if draft.rule == "RT504" else id(named.entry)


def _names(root: App) -> Mapping[_Key, _Named]:
    found: dict[_Key, _Named] = {}

    def visit(app: App, prefix: str, chain: tuple[Mount, ...]) -> None:
        for entry in app.entries:
            if isinstance(entry, Route) and entry.name is not None:
                add(_Named(entry, chain, prefix + entry.name))
            elif isinstance(entry, Mount) and entry.name is not None:
                add(_Named(entry, chain, prefix + entry.name))
                if entry.app is not None:
                    visit(entry.app, f"{prefix}{entry.name}:", (*chain, entry))

    def add(named: _Named) -> None:
        found.setdefault((named.name, _parameters(named.entry.segments)), named)

    visit(root, "", ())
    return found


def _parameters(template: Template) -> frozenset[str]:
    return frozenset(part.name for part in template if isinstance(part, Param))


def _partner(scene: Scene, entry: Route | Mount, items: Mapping[int, Item]) -> Route | Mount | None:
    if isinstance(entry, Mount):
        return scene.pairs.head_mount.get(id(entry))
    item = scene.pairs.head_of.get(items[id(entry)])
    return None if item is None else item.route


def _elsewhere(named: _Named, now: _Named) -> Draft:
    entry, other = named.entry, now.entry
    return Draft(
        "RT403",
        f"the name `{named.name}` resolves to `{other.path}`, and did to `{entry.path}`",
        entry.path,
        shown_methods(entry) if isinstance(entry, Route) else (),
        (named.name, template_text(entry.segments), template_text(other.segments)),
        was=reply_of(entry),
        now=reply_of(other),
        span=other.span,
        span_base=entry.span,
        help=[f"give `{other.path}` a name of its own, or register it later"],
    )


def _lost(
    scene: Scene,
    key: _Key,
    named: _Named,
    partner: Route | Mount,
    heads: Mapping[int, Item],
    new: Mapping[_Key, _Named],
) -> Draft | None:
    """Why a name does not resolve with these parameters any more."""
    for mount in named.chain:
        after = scene.pairs.head_mount.get(id(mount))
        if after is not None and after.name != mount.name:
            return _mount_renamed(mount, after)
    entry = named.entry
    if isinstance(entry, Mount):
        assert isinstance(partner, Mount)
        if partner.name != entry.name:
            return None if partner.late_name else _mount_renamed(entry, partner)
        return _other_parameters(named, partner)
    assert isinstance(partner, Route)
    if partner.name is None:
        return None
    if partner.name != entry.name:
        return _renamed(named, partner)
    above = heads[id(partner)].chain
    if _parameters(partner.segments) != key[1]:
        return _other_parameters(named, partner)
    if len(above) != len(named.chain) or any(mount.name is None for mount in above):
        return Draft(
            "RT401",
            f"the name `{named.name}` is gone: `{partner.path}` is below other mounts",
            entry.path,
            shown_methods(entry),
            (named.name, template_text(entry.segments)),
            was=reply_of(entry),
            now=reply_of(partner),
            span=partner.span,
            span_base=entry.span,
        )
    return None


def _renamed(named: _Named, partner: Route) -> Draft:
    entry = named.entry
    assert isinstance(entry, Route) and partner.name is not None
    name = named.name[: len(named.name) - len(entry.name or "")] + partner.name
    by_function = entry.name == default_name(entry) and partner.name == default_name(partner)
    draft = Draft(
        "RT402" if by_function else "RT401",
        f"the name `{named.name}` is gone: `{show(partner)}` is called `{name}` now",
        entry.path,
        shown_methods(entry),
        (named.name, name, template_text(entry.segments)),
        was=reply_of(entry),
        now=reply_of(partner),
        span=partner.span,
        span_base=entry.span,
        help=[f'name the route, with name="{entry.name}"'],
        covers={id(entry)},
    )
    if by_function:
        draft.detail.append("the route has no name of its own, so it has that of its function")
    return draft


def _other_parameters(named: _Named, partner: Route | Mount) -> Draft | None:
    entry = named.entry
    if language(entry.segments) == language(partner.segments):
        # The same paths with other names of parameters: that is RT305.
        return None
    before, after = _parameters(entry.segments), _parameters(partner.segments)
    changes = [f"`{name}` is needed" for name in sorted(after - before)]
    changes += [f"`{name}` is not taken" for name in sorted(before - after)]
    if not changes:
        return None
    return Draft(
        "RT404",
        f"the name `{named.name}` has other parameters: {', '.join(changes)}",
        entry.path,
        shown_methods(entry) if isinstance(entry, Route) else (),
        (named.name, *sorted(before), "to", *sorted(after)),
        was=reply_of(entry),
        now=reply_of(partner),
        span=partner.span,
        span_base=entry.span,
    )


def _mount_renamed(old: Mount, new: Mount) -> Draft | None:
    if old.name is None or new.late_name:
        return None
    now = f"`{new.name}`" if new.name is not None else "nameless"
    return Draft(
        "RT504",
        f"the mount `{old.name}` at `{old.path or '/'}` is {now} now",
        old.path,
        (),
        (template_text(old.segments), old.name, new.name or ""),
        was=reply_of(old),
        now=reply_of(new),
        span=new.span,
        span_base=old.span,
        detail=["the names of all routes below it changed"],
        help=[f'mount it with name="{old.name}"'],
    )
