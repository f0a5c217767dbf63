"""The outline of an installed module: enough to know what a class is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Outline"]


@dataclass(slots=True)
class Outline:
    """What one installed file defines at its top level, branches of `if` and `try` included."""

    names: dict[str, tuple[str, int, str]]
    """Imported names: module, level, name in it ("" for the module itself). Level -1: an alias of
    another name of the same module."""
    classes: dict[str, tuple[str, ...]]
    """Classes and the text of their bases."""
    stars: list[tuple[str, int]]
    """Modules whose public names are taken over."""
    functions: set[str]
    assigned: set[str]
    public: tuple[str, ...]
    """What `__all__` lists; empty when it does not stand there as a list of strings."""
    decorators: dict[str, tuple[str, ...]]
    """Last names of the decorators of classes."""
