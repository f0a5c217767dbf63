"""What was verified before, by digest: a group whose routes and decisions are the same needs no
second look.

The digest of a group covers the entries that can take its paths, in order, how their views are
called, and the part of the plan that decides between them. Positions in the table are left out,
because they move with every route that is added somewhere else. It covers the compiler too, whose
witnesses, matchers and oracle may be others tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from flama_compile.cache import Cache, digest
from flama_compile.identity import identity
from flama_compile.ir.plan import (
    Answer,
    Block,
    Call,
    DispatchPlan,
    Each,
    Is,
    Matcher,
    Resource,
    Rows,
    Step,
    Switch,
    Table,
    Unit,
    When,
)
from flama_compile.ir.routes import DynamicSite, Mount, Route

__all__ = ["Memory"]

KIND = "verified"


class Memory:
    """The groups of one application that were verified, in this project's cache."""

    def __init__(self, cache: Cache | None, plan: DispatchPlan, module: str) -> None:
        self._cache = cache
        self._key = digest(plan.app)
        self._plan = plan
        self.module = digest(identity(), module)
        """The digest of everything."""
        kept = b"" if cache is None else cache.get_bytes(KIND, self._key) or b""
        self.known = frozenset(kept.decode("ascii", "replace").split())

    def keep(self, digests: Iterable[str]) -> None:
        """Remember these, and nothing older."""
        if self._cache is not None:
            self._cache.put_bytes(KIND, self._key, "\n".join(digests).encode())

    def group(self, first: str | None, entries: Iterable[Route | Mount]) -> str:
        """The digest of the group of one first segment, or of the paths that have no literal.

        :param entries: Those that can take such a path, in order.
        """
        facts = [identity(), repr(first)]
        facts += [self._by_entry[id(entry)] for entry in entries]
        outermost, *groups = self._plan.units
        for matcher, parts in zip(_matchers(outermost), self._parts, strict=True):
            facts += ["matcher", self._resource(matcher.outside)]
            facts += parts.get(None, ())
            if first is not None:
                facts += parts.get(first, ())
        for unit in groups:
            start = self._first(unit)
            if start is None or start == first:
                for matcher in _matchers(unit):
                    facts += ["matcher", self._resource(matcher.outside)]
                    facts += [f"{path!r} {self._resource(to)}" for path, to in matcher.static]
                    facts += self._block(matcher.block)
        return digest(*facts)

    def _first(self, unit: Unit) -> str | None:
        """The literal that a group's prefix starts with."""
        mount = None if unit.place is None else self._plan.entries[unit.place]
        first = mount.segments[0] if isinstance(mount, Mount) and mount.segments else None
        return first if isinstance(first, str) else None

    @cached_property
    def _parts(self) -> list[dict[str | None, list[str]]]:
        """For both matchers of the outermost unit: what decides about paths of a first segment;
        under None what decides about all others."""
        found = []
        for matcher in _matchers(self._plan.units[0]):
            parts: dict[str | None, list[str]] = {}
            for path, resource in matcher.static:
                first = path.split("/", 2)[1] if path else None
                parts.setdefault(first, []).append(f"{path!r} {self._resource(resource)}")
            for step in matcher.block:
                for first, facts in self._split(step):
                    parts.setdefault(first, []).extend((str(type(step)), *facts))
            found.append(parts)
        return found

    def _split(self, step: Step) -> Iterator[tuple[str | None, Iterable[str]]]:
        """A step at the top, by the first segment that it is for."""
        match step:
            case When(tests=tests):
                own = [t.text for t in tests if isinstance(t, Is) and t.position == 1]
                yield (own[0] if own else None), self._step(step)
            case Table(positions=(1, *more), rows=rows, tests=tests):
                for text, target in rows:
                    yield text, (f"{more} {tests!r}", *self._target(target))
            case Switch(position=1, rows=branches, final=final):
                for text, function in branches:
                    yield text, (f"{final} {function.final}", *self._block(function.block))
            case _:
                yield None, self._step(step)

    def _step(self, step: Step) -> Iterator[str]:
        match step:
            case Answer(resource=resource):
                yield f"answer {self._resource(resource)}"
            case When(tests=tests, then=then):
                yield f"when {tests!r}"
                yield from self._block(then)
                yield "end"
            case Table(positions=positions, rows=rows, tests=tests):
                yield f"table {positions} {tests!r}"
                yield from self._target(rows)
            case Switch(position=position, rows=branches, final=final):
                yield f"switch {position} {final}"
                for text, function in branches:
                    yield f"{text!r} {function.final}"
                    yield from self._block(function.block)
                    yield "end"
            case Call(function=function, final=final):
                yield f"call {final} {function.final}"
                yield from self._block(function.block)
                yield "end"
            case Each(rows=each):
                for row in each:
                    yield f"row {row.tests!r} {row.ends} {self._resource(row.resource)}"

    def _target(self, target: Resource | Rows) -> Iterator[str]:
        if isinstance(target, Resource):
            yield self._resource(target)
        else:
            for text, inner in target:
                yield repr(text)
                yield from self._target(inner)
            yield "end"

    def _block(self, block: Block) -> Iterator[str]:
        for step in block:
            yield from self._step(step)

    def _resource(self, resource: Resource) -> str:
        methods = [(method, self._facts[place]) for method, place in resource.methods]
        rest = resource.rest if isinstance(resource.rest, str) else self._facts[resource.rest]
        return f"{methods!r} {rest}"

    @cached_property
    def _by_entry(self) -> dict[int, str]:
        return dict(zip(map(id, self._plan.entries), self._facts, strict=True))

    @cached_property
    def _facts(self) -> list[str]:
        """Each entry in words that do not depend on its position."""
        facts = []
        for entry, binding in zip(self._plan.entries, self._plan.bindings, strict=True):
            match entry:
                case DynamicSite():
                    facts.append("dynamic")
                case Mount():
                    facts.append(f"mount {entry.segments!r} {entry.app is not None}")
                case _:
                    views = [
                        [(p.name, p.kind, p.type, p.origin) for p in view.parameters]
                        for view in entry.views
                    ]
                    facts.append(
                        f"{entry.kind} {entry.own!r} {entry.segments!r} {entry.methods} {views!r} "
                        f"{binding!r}"
                    )
        return facts


def _matchers(unit: Unit) -> tuple[Matcher, Matcher]:
    return unit.http, unit.websocket
