"""Which compiler this is: what it once built is worth something only to the same one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flama_compile.cache import digest

__all__ = ["identity"]


@cache
def identity() -> str:
    """A digest of the version of Python and of the files of both packages, by size and time.

    Versions alone would not do: who works on the compiler changes it without changing its version.
    """
    return digest(sys.version, *(fact for folder in _folders() for fact in _facts(folder)))


def _folders() -> Iterator[Path]:
    yield Path(__file__).parent
    runtime = find_spec("flama")
    if runtime is not None and runtime.origin is not None:
        yield Path(runtime.origin).parent


def _facts(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                found = os.stat(os.path.join(place, name))
                yield f"{place}/{name} {found.st_size} {found.st_mtime_ns}"
