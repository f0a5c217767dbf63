"""Installed packages: where their names are defined, and what their classes derive from."""

from __future__ import annotations

import builtins as python
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from flama_compile.ir.outline import Outline
from flama_compile.link import (
    framework,
)
from flama_compile.link.values import (
    External,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = [
    "outline_of",
    "defines",
    "has",
    "has_method",
    "ancestors",
    "canonical",
    "is_callable",
    "is_class",
    "is_decorated",
    "public_names",
]


def defines(outline: Outline, name: str) -> bool:
    """Whether a module names something at its top level."""
    return name in outline.classes or name in outline.functions or name in outline.names


def outline_of(machine: Machine, module: str) -> Outline | None:
    """The outline of an installed module; None where there is nothing to read."""
    found = machine.library.workspace.find(module)
    if found is None or found.kind != "installed":
        return None
    return machine.library.outline(found)


def public_names(machine: Machine, module: External) -> list[str] | None:
    """What a star import of an installed module takes; None when that cannot be told."""
    outline = outline_of(machine, module.module)
    if outline is None:
        return None
    if outline.public:
        return sorted(outline.public)
    if outline.stars:
        return None
    names = {*outline.names, *outline.classes, *outline.functions, *outline.assigned}
    return sorted(name for name in names if not name.startswith("_"))


def canonical(machine: Machine, external: External) -> External:
    """A name where it is defined: followed through re-exports of installed packages."""
    key = ("canonical", external)
    if key not in machine.caches:
        machine.caches[key] = _follow(machine, framework.home(external), 12)
    result: External = machine.caches[key]
    return result


_LAZY: Mapping[External, External] = {
    External("pydantic", "BaseModel"): External("pydantic.main", "BaseModel"),
    External("pydantic", "RootModel"): External("pydantic.root_model", "RootModel"),
    External("typing_extensions", "TypedDict"): External("typing", "TypedDict"),
    External("typing_extensions", "NamedTuple"): External("typing", "NamedTuple"),
    External("uuid", "UUID"): External("uuid", "UUID"),
}
"""Names that packages load when touched, which no import statement shows."""


def _follow(machine: Machine, external: External, steps: int) -> External:
    if external in _LAZY:
        return _LAZY[external]
    if framework.HOMES.get(external.name) == external.module:
        return external
    outline = outline_of(machine, external.module)
    if outline is None or not steps or not external.name or "." in external.name:
        return external
    if external.name in outline.classes or external.name in outline.functions:
        return external
    found = outline.names.get(external.name)
    if found is not None:
        module, level, name = found
        if level < 0:
            return _follow(machine, External(external.module, name), steps - 1)
        base = _resolved(machine, external.module, module, level)
        return _follow(machine, framework.home(External(base, name)), steps - 1)
    for module, level in outline.stars:
        base = _resolved(machine, external.module, module, level)
        above = _follow(machine, External(base, external.name), steps - 1)
        inner = outline_of(machine, above.module)
        if inner is not None and defines(inner, above.name):
            return above
    return external


def _resolved(machine: Machine, current: str, module: str, level: int) -> str:
    if not level:
        return module
    found = machine.library.workspace.find(current)
    parts = current.split(".")
    if found is None or not found.package:
        parts = parts[:-1]
    parts = parts[: len(parts) - level + 1]
    return ".".join([*parts, module] if module else parts)


def is_class(machine: Machine, external: External) -> bool | None:
    """Whether a name outside the project is a class; None when that cannot be told."""
    found = canonical(machine, external)
    if found.module == "builtins":
        return isinstance(getattr(python, found.name, None), type)
    outline = outline_of(machine, found.module)
    if outline is not None:
        if found.name in outline.classes:
            return True
        return False if found.name in outline.functions else None
    if found.module.partition(".")[0] in sys.stdlib_module_names:
        live = getattr(sys.modules.get(found.module), found.name, None)
        last = found.name.rpartition(".")[2]
        return isinstance(live, type) if live is not None else last[:1].isupper()
    return None


def ancestors(machine: Machine, external: External) -> Iterator[Value]:
    """A class outside the project and what it derives from, as far as its source tells.

    Where it stops telling, an Unknown stands.
    """
    seen: set[External] = set()
    waiting = [external]
    while waiting:
        found = canonical(machine, waiting.pop(0))
        if found in seen:
            continue
        seen.add(found)
        yield found
        if found.module == "builtins":
            cls = getattr(python, found.name, None)
            for base in getattr(cls, "__mro__", ())[1:]:
                yield External("builtins", base.__name__)
            continue
        outline = outline_of(machine, found.module)
        if outline is None or found.name not in outline.classes:
            if found.module.partition(".")[0] not in sys.stdlib_module_names:
                yield Unknown(None, "unknown-base", f"what `{found}` derives from is not known")
            continue
        for text in outline.classes[found.name]:
            base = _base(machine, found.module, outline, text)
            if base is not None:
                waiting.append(base)


def _base(machine: Machine, module: str, outline: Outline, text: str) -> External | None:
    text = re.sub(r"\[.*", "", text, flags=re.DOTALL)
    if not re.fullmatch(r"[\w.]+", text):
        return None
    head, *rest = text.split(".")
    if head not in outline.names and head not in outline.classes and hasattr(python, head):
        return External("builtins", head)
    found = External(module, head)
    for part in rest:
        outer = canonical(machine, found)
        holder = f"{outer.module}.{outer.name}" if outer.name else outer.module
        found = External(holder, part)
    return found


def is_callable(machine: Machine, external: External) -> bool | None:
    """Whether a name outside the project is a class or a function; None when it is not known."""
    if is_class(machine, external) is True:
        return True
    found = canonical(machine, external)
    if found.module == "builtins":
        return callable(getattr(python, found.name, None))
    live = getattr(sys.modules.get(found.module), found.name, None)
    if found.module in sys.stdlib_module_names and isinstance(live, ModuleType):
        return False
    if found.module in sys.stdlib_module_names and inspect.isroutine(live):
        return True
    outline = outline_of(machine, found.module)
    return True if outline is not None and found.name in outline.functions else None


def has(machine: Machine, owner: External, name: str) -> bool | None:
    """Whether a module or class outside the project has an attribute; None when it is not known.

    Modules of the standard library are asked themselves: the one that runs us stands for the one
    that runs the application.
    """
    found = canonical(machine, owner)
    live = sys.modules.get(found.module) if found.module in sys.stdlib_module_names else None
    if found.module == "builtins":
        live = python
    if live is not None:
        value = getattr(live, found.name, None) if found.name else live
        return True if hasattr(value, name) else False if value is not None else None
    outline = None if found.name else outline_of(machine, found.module)
    known = outline is not None and (
        defines(outline, name) or name in outline.assigned or name in outline.public
    )
    return True if known else None


def has_method(machine: Machine, cls: External, name: str) -> bool | None:
    """Whether objects of a class outside the project have a method; None when it is not known."""
    found = canonical(machine, cls)
    head = found.module.partition(".")[0]
    if head == "flama":
        return False if found in framework.WITHOUT_METHODS else None
    live = getattr(sys.modules.get(found.module), found.name, None)
    # The standard library that runs us stands for the one that runs the application.
    if head in sys.stdlib_module_names and isinstance(live, type):
        return any(name in vars(base) for base in live.__mro__)
    return None


def is_decorated(machine: Machine, external: External, word: str) -> bool:
    """Whether the definition of an installed class has a decorator of this name."""
    outline = outline_of(machine, external.module)
    return outline is not None and word in outline.decorators.get(external.name, ())
