"""Which compiler this is: what it once found or built is worth something only to the same one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flama_compile import __version__
from flama_compile.cache import digest

__all__ = ["identity", "reader"]

_HERE = Path(__file__).parent
_READING = ("ir/facts.py", "ir/outline.py")
"""The shapes of what `scan` makes."""


@cache
def identity() -> str:
    """A digest of the version of Python, of the files of both packages, and of libcst.

    Files are known by size and times: reading them all would take as long as a table takes to
    load. Versions alone would not do: who works on the compiler changes it without changing its
    version.
    """
    return digest(sys.version, _libcst(), *(fact for folder in _folders() for fact in _in(folder)))


@cache
def reader() -> str:
    """A digest of all that the facts of a file depend on beside the file.

    These few files are known by content, so that facts outlive a new installation of the same.
    """
    files = [*sorted((_HERE / "scan").glob("*.py")), *(_HERE / name for name in _READING)]
    version = f"{__version__} {sys.version_info.major}.{sys.version_info.minor}"
    return digest(version, _libcst(), *(file.read_bytes() for file in files if file.is_file()))


def _libcst() -> str:
    """The version of libcst, without importing it: a newer one reads newer syntax."""
    found = find_spec("libcst")
    if found is None or found.origin is None:
        return ""
    try:
        return (Path(found.origin).parent / "_version.py").read_text()
    except OSError:
        # Installed in some other way; its place is all that can be told.
        return found.origin


def _folders() -> Iterator[Path]:
    yield _HERE
    runtime = find_spec("flama")
    if runtime is not None and runtime.origin is not None:
        yield Path(runtime.origin).parent


def _in(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                found = os.stat(os.path.join(place, name))
                yield f"{place}/{name} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
