"""The facts of a project's modules: scanned once per content, ahead and in parallel where it pays.

`link` asks for facts as it meets imports. `explore` follows the imports from the entry module
first, so that files that no earlier run has seen are scanned by several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from flama_compile.cache import Cache, digest, pack, unpack
from flama_compile.collector import paused
from flama_compile.identity import reader
from flama_compile.ir.facts import ModuleFacts, Problem
from flama_compile.ir.outline import Outline
from flama_compile.workspace import Found, Unreadable, Workspace

if TYPE_CHECKING:
    from flama_compile.pool import Pool

__all__ = ["WAITING", "Library", "Scan", "packed"]

WAITING = "flama-compile-waits"
"""The name of threads that hold nothing which a forked process could miss."""

_PARALLEL_BYTES = 120_000
"""PERF: starting two processes costs as much as scanning about 100 kB of source."""
_SPARE_FACTS = 4_000
"""Facts of earlier contents that are kept: other branches are compared and returned to."""


class Scan(Protocol):
    """`scan.scan`: the facts of a file's bytes."""

    def __call__(self, data: bytes, *, deep: bool = False) -> ModuleFacts: ...


class Library:
    """Facts and outlines of modules, on demand."""

    def __init__(
        self,
        workspace: Workspace,
        scan: Scan,
        outline: Callable[[bytes], Outline | None],
        *,
        cache: Cache | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """`progress` is told how many files are known and of how many the facts are at hand."""
        self.workspace = workspace
        self._scan = scan
        self._outline = outline
        self._cache = cache
        self._progress = progress
        self._facts: dict[str, ModuleFacts] = {}
        self._outlines: dict[str, Outline | None] = {}
        self._pool: Pool | None = None
        self._processes = ExitStack()
        self.scanned = 0
        """Files that were really scanned, not found in the cache."""

    def facts(self, found: Found, *, deep: bool = False) -> ModuleFacts:
        """The facts of a project module; problems stand in them, nothing is raised."""
        known = self._facts.get(found.path)
        if known is not None and (known.deep or not deep):
            return known
        data = self._data(found.path)
        if isinstance(data, Problem):
            facts = ModuleFacts((), False, (), (), True, data)
        else:
            facts = self._cached(found.path, deep) or self._scanned(found.path, data, deep)
        self._facts[found.path] = facts
        return facts

    def outline(self, found: Found) -> Outline | None:
        """The outline of an installed module; None when there is nothing to read."""
        if found.path not in self._outlines:
            data = self.workspace.read_installed(found.path) if found.path else None
            self._outlines[found.path] = None if data is None else self._outlined(data)
        return self._outlines[found.path]

    def markers(self, path: str) -> tuple[tuple[int, str], ...]:
        """The `# flama-compile: …` comments of a project file that the table depends on."""
        if not path.endswith(".py"):
            return ()
        facts = self._facts.get(path)
        if facts is None and self.workspace.trace.files.get(path):
            # The table was remembered, so nobody has asked for the facts yet.
            data = self._data(path)
            if not isinstance(data, Problem):
                facts = self._cached(path, False) or self._scanned(path, data, False)
        return () if facts is None else facts.markers

    def known(self) -> list[tuple[str, ModuleFacts]]:
        """Every project file whose facts were asked for, by path."""
        return sorted(self._facts.items())

    def explore(self, module: str) -> int:
        """Scan every module that `module` imports, directly or not; returns how many there are."""
        seen: set[str] = set()
        level = [module]
        with paused(), ExitStack() as self._processes:
            while level:
                found = self._project_modules(level, seen)
                self._scan_level([one.path for one in found])
                level = [name for one in found for name in self._imports(one)]
        self._pool = None
        if self._cache is not None and self.scanned:
            used = [self._key(path, deep) for path in self._facts for deep in (False, True)]
            self._cache.prune("facts", used, _SPARE_FACTS)
        return len(self._facts)

    def _project_modules(self, names: Iterable[str], seen: set[str]) -> list[Found]:
        found: list[Found] = []
        for name in names:
            parts = name.split(".")
            for end in range(1, len(parts) + 1):
                prefix = ".".join(parts[:end])
                if prefix in seen:
                    continue
                seen.add(prefix)
                one = self.workspace.find(prefix)
                if one is not None and one.kind == "project":
                    found.append(one)
        return found

    def _imports(self, found: Found) -> Iterable[str]:
        package = found.name if found.package else found.name.rpartition(".")[0]
        for module, level, names in self.facts(found).imports:
            base = module
            if level:
                parents = package.split(".")
                if level > len(parents):
                    continue
                kept = parents[: len(parents) - level + 1]
                base = ".".join([*kept, module] if module else kept)
            yield base
            for name in names:
                if name != "*":
                    yield f"{base}.{name}"

    def _scan_level(self, paths: list[str]) -> None:
        missing: list[tuple[str, bytes]] = []
        for path in paths:
            if path in self._facts:
                continue
            data = self._data(path)
            if isinstance(data, Problem):
                self._facts[path] = ModuleFacts((), False, (), (), True, data)
                continue
            cached = self._cached(path, False)
            if cached is not None:
                self._facts[path] = cached
            else:
                missing.append((path, data))
        known = len(self._facts) + len(missing)
        self._tell(known)
        entries = self._entries([data for _, data in missing])
        for (path, data), entry in zip(missing, entries, strict=True):
            if entry is None:
                self._facts[path] = self._scanned(path, data, False)
            else:
                self._facts[path] = unpack(entry)
                self._keep(path, False, entry)
            self._tell(known)

    def _entries(self, sources: list[bytes]) -> Iterable[bytes | None]:
        """Packed facts of sources, by several processes; None for what is to be scanned here."""
        if self._pool is None:
            if len(sources) < 4 or sum(map(len, sources)) < _PARALLEL_BYTES:
                return [None] * len(sources)
            # PERF: a run that finds most facts in the cache does without the means of processes.
            from flama_compile.pool import Pool

            self._pool = self._processes.enter_context(Pool(self._scan))
        return self._pool.run(sources)

    def _tell(self, known: int) -> None:
        if self._progress is not None:
            self._progress(known, len(self._facts))

    def _data(self, path: str) -> bytes | Problem:
        try:
            data = self.workspace.read(path)
        except Unreadable as error:
            return Problem("FC105", f"file cannot be read: {error.reason}", "", None)
        if data is None:
            return Problem("FC105", "file cannot be read: it is gone", "", None)
        return data

    def _key(self, path: str, deep: bool) -> str:
        return digest(self.workspace.digest(path), reader(), "deep" if deep else "")

    def _cached(self, path: str, deep: bool) -> ModuleFacts | None:
        if self._cache is None:
            return None
        for attempt in (deep, True):
            value = self._cache.get("facts", self._key(path, attempt))
            if isinstance(value, ModuleFacts) and (value.deep or not deep):
                return value
        return None

    def _scanned(self, path: str, data: bytes, deep: bool) -> ModuleFacts:
        facts = self._scan(data, deep=deep)
        self._keep(path, deep, packed(facts))
        return facts

    def _keep(self, path: str, deep: bool, entry: bytes | None) -> None:
        self.scanned += 1
        if self._cache is not None and entry is not None:
            self._cache.put_bytes("facts", self._key(path, deep), entry)

    def _outlined(self, data: bytes) -> Outline | None:
        if self._cache is None:
            return self._outline(data)
        key = digest(data, reader(), "outline")
        kept = self._cache.get("outlines", key)
        if isinstance(kept, Outline):
            return kept
        made = self._outline(data)
        self._cache.put("outlines", key, made)
        return made


def packed(facts: ModuleFacts) -> bytes | None:
    """The bytes of facts; None for those that are nested more deeply than pickle can follow."""
    try:
        return pack(facts)
    except RecursionError:
        return None
