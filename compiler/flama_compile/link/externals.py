"""Names outside the project: the framework, the standard library, installed packages.

Installed packages are read for two questions only: where a class is defined, and what it derives
from. A few functions of the standard library are performed; everything else is not known.
"""

from __future__ import annotations

import builtins as python
import difflib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

from flama_compile.ir.outline import Outline
from flama_compile.link import (
    builtins,
    calls,
    escapes,
    framework,
    library_facts,
    library_models,
    methods,
    plain,
    registration,
)
from flama_compile.link.applications import Application
from flama_compile.link.values import (
    MISSING,
    Builtin,
    ClassValue,
    EnumMember,
    External,
    ExternalObject,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "ancestors",
    "call",
    "canonical",
    "class_member",
    "framework_module",
    "get_item",
    "is_class",
    "is_decorated",
    "member",
    "object_member",
    "public_names",
    "super_member",
]


def framework_module(machine: Machine, name: str, span: Span | None) -> External:
    """A module of the framework; Failure when it has none of that name."""
    if machine.library.workspace.find(name) is None and machine.library.workspace.find("flama"):
        raise machine.failure(
            "ModuleNotFoundError", "FC202", f"module `{name}` does not exist", span, "imported here"
        )
    return External(name)


def member(
    machine: Machine, owner: External, name: str, span: Span, *, importing: bool = False
) -> Value:
    """An attribute of a module or a class outside the project."""
    assigned = machine.external_attributes.get(
        (owner.module, f"{owner.name}.{name}" if owner.name else name), MISSING
    )
    if assigned is not MISSING:
        return assigned
    if owner.name:
        if name in ("__name__", "__qualname__"):
            return owner.name.rpartition(".")[2] if name == "__name__" else owner.name
        if name == "__module__":
            return canonical(machine, owner).module
        constant = library_facts.constant(f"{owner}.{name}")
        if constant is not MISSING:
            return constant
        return External(owner.module, f"{owner.name}.{name}")
    if owner.module.partition(".")[0] == "flama":
        return _framework_member(machine, owner, name, span)
    constant = library_facts.constant(f"{owner.module}.{name}")
    if constant is not MISSING:
        return constant
    if importing or _is_module(machine, owner.module, name):
        found = machine.library.workspace.find(f"{owner.module}.{name}")
        if found is not None and found.kind == "installed":
            return External(found.name)
    _check_member(machine, owner.module, name, span, importing)
    return External(owner.module, name)


def _check_member(machine: Machine, module: str, name: str, span: Span, importing: bool) -> None:
    """Failure where a module surely lacks a name; a risk where that cannot be told."""
    kind = "ImportError" if importing else "AttributeError"
    live = sys.modules.get(module) if module in sys.stdlib_module_names else None
    if live is not None:
        # The standard library that runs us stands for the one that runs the application.
        if not hasattr(live, name) and not _has_submodule(live, name):
            raise machine.failure(
                kind, "FC204", f"`{module}` has no name `{name}`", span, "looked up here", []
            )
        return
    outline = _outline(machine, module)
    if outline is None or not (
        _defines(outline, name) or name in outline.assigned or name in outline.public
    ):
        machine.may_raise(span, f"`{module}` may lack `{name}`", kind)


def _has_submodule(package: ModuleType, name: str) -> bool:
    folders = getattr(package, "__path__", None)
    return (
        folders is not None
        and PathFinder.find_spec(f"{package.__name__}.{name}", folders) is not None
    )


def stands_for_itself(machine: Machine, external: External) -> bool:
    """Whether a name is surely a module, a class or a function, not a constant of unknown value."""
    if not external.name:
        return True
    found = canonical(machine, external)
    if found.module == "builtins":
        return callable(getattr(python, found.name, None))
    if found.module in sys.stdlib_module_names:
        live = getattr(sys.modules.get(found.module), found.name, None)
        return isinstance(live, type | ModuleType) or inspect.isroutine(live)
    outline = _outline(machine, found.module)
    return outline is not None and (
        found.name in outline.classes or found.name in outline.functions
    )


def _is_module(machine: Machine, module: str, name: str) -> bool:
    outline = _outline(machine, module)
    return outline is not None and not _defines(outline, name)


def _defines(outline: Outline, name: str) -> bool:
    return name in outline.classes or name in outline.functions or name in outline.names


def _framework_member(machine: Machine, owner: External, name: str, span: Span) -> External:
    if name in framework.HOMES:
        known = framework.home(External(owner.module, name))
        if owner.module == known.module or _offers(machine, owner.module, name):
            return known
    elif name.startswith("_") or _offers(machine, owner.module, name):
        if machine.library.workspace.find(f"{owner.module}.{name}") is not None:
            return External(f"{owner.module}.{name}")
        return External(owner.module, name)
    elif machine.library.workspace.find(f"{owner.module}.{name}") is not None:
        return External(f"{owner.module}.{name}")
    outline = _outline(machine, owner.module)
    near = difflib.get_close_matches(name, list(outline.public) if outline else [], n=1)
    raise machine.failure(
        "ImportError",
        "FC204",
        f"`{owner.module}` has no name `{name}`",
        span,
        "looked up here",
        [f"did you mean `{near[0]}`?"] if near else [],
    )


def _offers(machine: Machine, module: str, name: str) -> bool:
    """Whether a module of the framework has a name; true where it cannot be read."""
    outline = _outline(machine, module)
    return outline is None or name in outline.public or _defines(outline, name)


def _outline(machine: Machine, module: str) -> Outline | None:
    found = machine.library.workspace.find(module)
    if found is None or found.kind != "installed":
        return None
    return machine.library.outline(found)


def public_names(machine: Machine, module: External) -> list[str] | None:
    """What a star import of an installed module takes; None when that cannot be told."""
    outline = _outline(machine, module.module)
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
    outline = _outline(machine, external.module)
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
        inner = _outline(machine, above.module)
        if inner is not None and _defines(inner, above.name):
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
    outline = _outline(machine, found.module)
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
        outline = _outline(machine, found.module)
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


def is_decorated(machine: Machine, external: External, word: str) -> bool:
    """Whether the definition of an installed class has a decorator of this name."""
    outline = _outline(machine, external.module)
    return outline is not None and word in outline.decorators.get(external.name, ())


def class_member(machine: Machine, base: External, name: str, span: Span) -> Value:
    """What a class of the project inherits from one outside; MISSING when nothing is known."""
    return MISSING


def super_member(machine: Machine, base: External, receiver: Value, name: str, span: Span) -> Value:
    """`super().name` where the next class is outside the project; MISSING when it goes on."""
    if isinstance(receiver, Application):
        return registration.super_member(machine, receiver, name, span)
    head = base.module.partition(".")[0]
    if name == "__init__" and head != "flama" and head not in sys.stdlib_module_names:
        why = Unknown(span, "unknown-call", f"`{base}.__init__` is called")
        return Builtin(
            name,
            lambda machine, positional, keywords, span: escapes.unknown_call(
                machine, why, positional, keywords, span
            ),
        )
    return MISSING


def object_member(machine: Machine, owner: ExternalObject, name: str, span: Span) -> Value:
    """An attribute of an object of a class outside the project."""
    known = library_models.attribute(machine, owner, name, span)
    if known is not MISSING:
        return known
    reason = library_facts.reason(owner.cls)
    return Unknown(span, reason, f"`{name}` of a `{owner.cls}` object", owner.cls)


def get_item(machine: Machine, owner: Value, index: Value, span: Span) -> Value:
    """Items that are values, not types: of the environment, of enums; else MISSING."""
    if owner == External("os", "environ"):
        machine.may_raise(span, "the variable may be missing", "KeyError")
        return Unknown(span, "environment", f"the environment variable {_shown(index)}")
    if owner == External("sys", "modules") and isinstance(index, str):
        return machine.modules.get(index, MISSING)
    if isinstance(owner, ClassValue) and isinstance(index, str):
        found = owner.names.get(index)
        if isinstance(found, EnumMember):
            return found
    return MISSING


def _shown(value: Value) -> str:
    return f"`{value}`" if isinstance(value, str) else "of unknown name"


def call(
    machine: Machine,
    function: External,
    positional: list[Value],
    keywords: dict[str, Value],
    span: Span,
    places: Mapping[int | str, Span],
) -> Value:
    """Call something outside the project: performed where it is modelled, else unknown."""
    if function.module == "builtins":
        found = builtins.call(machine, function.name, positional, keywords, span)
        if found is not MISSING:
            return found
        if "." in function.name and library_models.model(str(function)) is None and positional:
            # `str.upper(text)`: the method of the first argument.
            last = function.name.rpartition(".")[2]
            method = methods.method(machine, plain.bare(positional[0]), last, span)
            return calls.call(machine, method, positional[1:], keywords, span)
    key = str(function)
    unbound = registration.unbound(machine, function, positional, keywords, span, places)
    if unbound is not MISSING:
        return unbound
    model = library_models.model(key)
    if model is not None:
        return model(machine, positional, keywords, span)
    known = canonical(machine, function)
    made = registration.instantiate(machine, known, positional, keywords, span, places)
    if made is not MISSING:
        return made
    if not library_facts.is_calm(known):
        machine.may_raise(span, f"calling `{key}`")
    safe = library_facts.is_harmless(known)
    reason = library_facts.reason(known)
    why = Unknown(span, reason, f"the result of `{key}`{_of(positional)}")
    if not safe:
        escapes.escape(machine, [*positional, *keywords.values()], why, span)
    if is_class(machine, known):
        return ExternalObject(known, tuple(positional), keywords, span)
    return why


def _of(positional: list[Value]) -> str:
    """The first argument, where it says more: the name of an environment variable."""
    if positional and isinstance(plain.bare(positional[0]), str):
        return f" for `{plain.bare(positional[0])}`"
    return ""
