"""Built-in functions that look into modules and objects, or run text as code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.link import (
    attributes,
    escapes,
    modules,
    operations,
    outside,
    packages,
    plain,
    registration,
)
from flama_compile.link.applications import Application
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    Arguments,
    ClassValue,
    DictValue,
    External,
    Instance,
    Keywords,
    ListValue,
    ModuleValue,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine


__all__ = [
    "attributes_of",
    "execute",
    "get_by_name",
    "import_call",
    "import_unknown",
    "names_of",
    "reload",
    "set_by_name",
]


def get_by_name(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`getattr`."""
    owner, name = positional[0], plain.bare(positional[1])
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else Unknown(span, "unknown", "an attribute")
        if isinstance(owner, Application):
            return outside.unknown_method(machine, owner, why, span)
        return Unknown(span, why.reason, why.detail)
    if isinstance(owner, External) and len(positional) > 2:
        known = packages.has(machine, owner, name)
        if known is None:
            return Unknown(span, "unknown", f"whether `{owner}` has `{name}`")
        if known is False:
            return positional[2]
    try:
        return attributes.get_attribute(machine, owner, name, span)
    except Failure as failure:
        if failure.kind == "AttributeError" and len(positional) > 2:
            return positional[2]
        raise


def set_by_name(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`setattr`."""
    owner, name, value = positional
    name = plain.bare(name)
    if isinstance(name, str):
        attributes.set_attribute(machine, owner, name, value, span)
    else:
        why = Unknown(span, "monkeypatch", "an attribute of unknown name is set")
        if isinstance(owner, Application):
            registration.dynamic(machine, owner, why, "FC114", span)
        elif isinstance(owner, ModuleValue):
            modules.obscure(machine, owner, why)
        else:
            machine.taint(owner, why)
            _set_some_attribute(machine, owner, value, why)
    return None


def _set_some_attribute(machine: Machine, owner: Value, value: Value, why: Unknown) -> None:
    """Every attribute may be what it was, or this."""
    if isinstance(owner, Instance):
        machine.touch(owner, "attributes")
        held = owner.attributes
    elif isinstance(owner, ClassValue):
        machine.touch(owner, "names")
        held = owner.names
    else:
        return
    for name, old in held.items():
        held[name] = escapes.any_of([old, value], why)


def execute(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`exec` and `eval`."""
    why = Unknown(span, "exec", "code that is computed may register anything")
    machine.add_site_everywhere(machine.site(why, "FC113", span))
    for module in machine.modules.values():
        if module.state == "running" and module.found.path == span.file:
            modules.obscure(machine, module, why)
    return Unknown(span, "exec", "the result of code that is computed")


def reload(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`importlib.reload`: a module is executed again."""
    why = Unknown(span, "exec", "a module that is executed again may register again")
    machine.add_site_everywhere(machine.site(why, "FC113", span))
    for module in positional:
        if isinstance(module, ModuleValue):
            modules.obscure(machine, module, why)
    return positional[0] if positional else why


def attributes_of(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`vars`."""
    if positional and isinstance(positional[0], ModuleValue | ClassValue):
        return DictValue(positional[0].names)
    if positional and isinstance(positional[0], Instance):
        return DictValue(positional[0].attributes)
    return Unknown(span, "unknown", "the attributes of an object")


def names_of(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`dir`."""
    if positional and isinstance(positional[0], ModuleValue):
        module = positional[0]
        if module.opaque is None:
            return ListValue(sorted(name for name in module.names if not name.startswith(" ")))
    value = positional[0] if positional else None
    cls = value.cls if isinstance(value, Instance) else value
    if isinstance(cls, ClassValue) and all(
        base == External("builtins", "object") or isinstance(base, ClassValue) for base in cls.order
    ):
        found = {name for base in cls.order if isinstance(base, ClassValue) for name in base.names}
        if isinstance(value, Instance):
            found |= set(value.attributes)
        return ListValue(sorted(found | set(dir(object)) | {"__dict__", "__module__"}))
    return Unknown(span, "unknown", "the names of an object")


def import_call(machine: Machine, positional: Arguments, keywords: Keywords, span: Span) -> Value:
    """`__import__`."""
    name = plain.bare(positional[0]) if positional else None
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else Unknown(span, "unknown", "a module")
        return import_unknown(machine, why, span)
    module = modules.import_module(machine, name, span)
    wanted = positional[3] if len(positional) > 3 else keywords.get("fromlist")
    if wanted is None or operations.truth(machine, wanted) is False:
        return modules.import_module(machine, name.partition(".")[0], span)
    return module


def import_unknown(machine: Machine, why: Unknown, span: Span) -> Unknown:
    """A module of unknown name is imported: it may register on any application."""
    detail = f"a module whose name is not known is imported: {why.detail}"
    site = machine.site(Unknown(span, "unknown-import", detail), "FC112", span)
    machine.add_site_everywhere(site)
    return Unknown(span, "unknown-import", detail)
