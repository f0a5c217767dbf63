"""Names outside the project: the framework, the standard library, installed packages.

Installed packages are read for two questions only: where a class is defined, and what it derives
from. A few functions of the standard library are performed; everything else is not known.
"""

from __future__ import annotations

import builtins as python
import difflib
import inspect
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder
from types import ClassMethodDescriptorType, ModuleType
from typing import TYPE_CHECKING

from flama_compile.link import (
    builtins,
    calls,
    escapes,
    framework,
    library_facts,
    library_models,
    metaclasses,
    methods,
    packages,
    plain,
    refusals,
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
    "call",
    "class_member",
    "framework_module",
    "get_item",
    "member",
    "object_member",
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
            return packages.canonical(machine, owner).module
        if name == "__new__" and owner in _MAKERS:
            return Builtin(name, metaclasses.make)
        constant = library_facts.constant(f"{owner}.{name}")
        if constant is not MISSING:
            return constant
        return External(owner.module, f"{owner.name}.{name}")
    if name == "__name__":
        return owner.module
    if owner.module.partition(".")[0] == "flama":
        return _framework_member(machine, owner, name, span, importing)
    constant = library_facts.constant(f"{owner.module}.{name}")
    if constant is not MISSING:
        return constant
    if importing or _is_module(machine, owner.module, name):
        found = machine.library.workspace.find(f"{owner.module}.{name}")
        if found is not None and found.kind == "installed":
            return External(found.name)
    _check_member(machine, owner.module, name, span, importing)
    return External(owner.module, name)


_MAKERS = (External("builtins", "object"), External("builtins", "type"))


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
    outline = packages.outline_of(machine, module)
    if outline is None or not (
        packages.defines(outline, name) or name in outline.assigned or name in outline.public
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
    found = packages.canonical(machine, external)
    if found.module == "builtins":
        return callable(getattr(python, found.name, None))
    if found.module in sys.stdlib_module_names:
        live = getattr(sys.modules.get(found.module), found.name, None)
        return isinstance(live, type | ModuleType) or inspect.isroutine(live)
    outline = packages.outline_of(machine, found.module)
    return outline is not None and (
        found.name in outline.classes or found.name in outline.functions
    )


def _is_module(machine: Machine, module: str, name: str) -> bool:
    outline = packages.outline_of(machine, module)
    return outline is not None and not packages.defines(outline, name)


def _framework_member(
    machine: Machine, owner: External, name: str, span: Span, importing: bool
) -> External:
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
    outline = packages.outline_of(machine, owner.module)
    near = difflib.get_close_matches(name, list(outline.public) if outline else [], n=1)
    raise machine.failure(
        "ImportError" if importing else "AttributeError",
        "FC204",
        f"`{owner.module}` has no name `{name}`",
        span,
        "looked up here",
        [f"did you mean `{near[0]}`?"] if near else [],
    )


def _offers(machine: Machine, module: str, name: str) -> bool:
    """Whether a module of the framework has a name; true where it cannot be read."""
    outline = packages.outline_of(machine, module)
    return (
        outline is None
        or name in outline.public
        or name in outline.assigned
        or packages.defines(outline, name)
    )


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
            found = _class_call(machine, function.name, positional, keywords, span)
            if found is not MISSING:
                return found
    key = str(function)
    unbound = registration.unbound(machine, function, positional, keywords, span, places)
    if unbound is not MISSING:
        return unbound
    model = library_models.model(key)
    if model is not None:
        return model(machine, positional, keywords, span)
    known = packages.canonical(machine, function)
    made = registration.instantiate(machine, known, positional, keywords, span, places)
    if made is not MISSING:
        return made
    if known == framework.MIDDLEWARE and positional:
        refusals.check_layer(machine, positional[0], places.get(0, span))
    if not library_facts.is_calm(known):
        machine.may_raise(span, f"calling `{key}`")
    safe = library_facts.is_harmless(known)
    reason = library_facts.reason(known)
    why = Unknown(span, reason, f"the result of `{key}`{_of(positional)}")
    if not safe:
        escapes.escape(machine, [*positional, *keywords.values()], why, span)
    if packages.is_class(machine, known):
        return ExternalObject(known, tuple(positional), keywords, span)
    held = None if safe else escapes.remembered(known, [*positional, *keywords.values()])
    return why if held is None else Unknown(why.span, why.reason, why.detail, held)


def _class_call(
    machine: Machine, name: str, positional: list[Value], keywords: dict[str, Value], span: Span
) -> Value:
    """`str.upper(text)` and `bytes.fromhex(text)`; MISSING for what is not performed."""
    head, _, last = name.rpartition(".")
    static = inspect.getattr_static(getattr(python, head, None), last, None)
    if not isinstance(static, ClassMethodDescriptorType | staticmethod):
        # The method of the first argument.
        method = methods.method(machine, plain.bare(positional[0]), last, span)
        return calls.call(machine, method, positional[1:], keywords, span)
    given = [plain.real(value) for value in (*positional, *keywords.values())]
    if name not in _ALTERNATIVES or not all(plain.is_constant(value) for value in given):
        return MISSING
    split = len(positional)
    try:
        made: Value = getattr(getattr(python, head), last)(
            *given[:split], **dict(zip(keywords, given[split:], strict=True))
        )
    except (TypeError, ValueError, OverflowError) as error:
        kind = type(error).__name__
        raise machine.failure(kind, "FC206", str(error), span, f"raises {kind}") from None
    return made


_ALTERNATIVES = ("bytes.fromhex", "float.fromhex", "int.from_bytes")
"""Class methods that make one constant of others."""


def _of(positional: list[Value]) -> str:
    """The first argument, where it says more: the name of an environment variable."""
    if positional and isinstance(plain.bare(positional[0]), str):
        return f" for `{plain.bare(positional[0])}`"
    return ""
