"""What earlier runs found out, kept in `.flama_cache/` at the project's root.

Entries are keyed by content, never by absolute paths, and checked when they are read: a damaged one
is as good as none. They are written whole or not at all, so parallel runs do no harm. The folder
holds a `.gitignore` that ignores it.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import time
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "Cache", "digest", "pack", "unpack"]

FOLDER = ".flama_cache"

_TRUSTED = frozenset(
    {
        "flama.paths",
        "flama_compile.diagnostics",
        "flama_compile.ir.facts",
        "flama_compile.ir.outline",
        "flama_compile.ir.routes",
        "flama_compile.source",
        "flama_compile.workspace",
    }
)
"""Modules whose classes an entry may hold. Nothing else is ever loaded from an entry."""


class _Loader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module not in _TRUSTED or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong in a cache")
        return super().find_class(module, name)


def digest(*parts: bytes | str) -> str:
    """A key of all parts, hexadecimal; no two lists of parts share one."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big"))
        found.update(data)
    return found.hexdigest()


def pack(value: Any) -> bytes:
    """The bytes of an entry."""
    file = io.BytesIO()
    packer = pickle.Pickler(file, protocol=5)
    packer.dispatch_table = _Reducers()
    packer.dump(value)
    data = file.getvalue()
    return hashlib.sha256(data).digest() + data


class _Reducers(dict[type, Callable[[Any], Any]]):
    """How objects of a class are packed; the usual way where nothing is said.

    PERF: frozen dataclasses with slots look their fields up again for each object, which takes
    most of the time that a table takes. Here it is done once for each class.
    """

    def __missing__(self, cls: type) -> Callable[[Any], Any]:
        if not is_dataclass(cls):
            raise KeyError(cls)
        names = [field.name for field in fields(cls) if field.init]
        if len(names) < 2 or len(names) < len(fields(cls)):
            raise KeyError(cls)
        read = attrgetter(*names)
        self[cls] = reduce = lambda value: (cls, read(value))
        return reduce


def unpack(entry: bytes) -> Any:
    """The value of an entry; None when it is damaged."""
    head, data = entry[:32], entry[32:]
    if hashlib.sha256(data).digest() != head:
        return None
    try:
        return _Loader(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError):
        # Written by another version of ours whose shapes differ: computed again.
        return None


class Cache:
    """Entries below one project's root. Every failure to read or write means "not there"."""

    def __init__(self, root: Path | str) -> None:
        self._folder = Path(root) / FOLDER
        self._ready = False

    def get(self, kind: str, key: str) -> Any:
        """The value that was put under this key, else None."""
        entry = self.get_bytes(kind, key)
        return None if entry is None else unpack(entry)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value made of the compiler's own data types."""
        self.put_bytes(kind, key, pack(value))

    def get_bytes(self, kind: str, key: str) -> bytes | None:
        """A packed entry, unchecked."""
        try:
            return self._path(kind, key).read_bytes()
        except OSError:
            # Absent is the usual case; an unreadable cache must not stop a build.
            return None

    def put_bytes(self, kind: str, key: str, entry: bytes) -> None:
        """Keep a packed entry: written beside its place, then renamed."""
        path = self._path(kind, key)
        try:
            self._prepare(path.parent)
            temporary = path.parent / f".new-{os.getpid()}-{time.monotonic_ns()}"
            file = temporary.open("xb")
            try:
                with file:
                    file.write(entry)
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise
        except OSError:
            # A read-only checkout builds without a cache.
            return

    def prune(self, kind: str, wanted: Iterable[str], spare: int) -> None:
        """Delete the oldest entries of a kind that are not wanted, all but `spare` of them."""
        needed = set(wanted)
        try:
            found = [
                (entry.stat().st_mtime_ns, entry.path)
                for entry in os.scandir(self._folder / kind)
                if entry.name not in needed
            ]
            for _, path in sorted(found)[: max(len(found) - spare, 0)]:
                os.unlink(path)
        except OSError:
            # Another run prunes as well, or nothing may be deleted here.
            return

    def _path(self, kind: str, key: str) -> Path:
        return self._folder / kind / key

    def _prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if not self._ready:
            ignore = self._folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            self._ready = True
