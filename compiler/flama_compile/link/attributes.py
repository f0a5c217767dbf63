"""Attributes and items: of modules, classes, objects, containers."""

from __future__ import annotations

import difflib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flama_compile.link import (
    calls,
    classes,
    declarations,
    escapes,
    externals,
    function_attributes,
    metaclasses,
    methods,
    modules,
    named_tuples,
    outside,
    plain,
    registration,
)
from flama_compile.link.applications import Application, SpecObject
from flama_compile.link.values import (
    MISSING,
    Alias,
    Bound,
    Builtin,
    ClassMethod,
    ClassValue,
    DictValue,
    EnumMember,
    External,
    ExternalObject,
    FunctionValue,
    Held,
    Instance,
    Method,
    ModuleValue,
    Overlay,
    Partial,
    Property,
    StaticMethod,
    Super,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = [
    "bound",
    "get_attribute",
    "set_attribute",
]


def get_attribute(machine: Machine, owner: Value, name: str, span: Span) -> Value:
    """`owner.name`; Failure where there is no such attribute."""
    match owner:
        case Unknown():
            machine.may_raise(span, f"an attribute of {owner.detail}", "AttributeError")
            about = outside.suspect_of(owner, name) or escapes.kept(owner)
            return Unknown(owner.span, owner.reason, owner.detail, about)
        case ModuleValue():
            value = modules.member(machine, owner, name, span)
            if value is MISSING:
                raise no_attribute(machine, f"module `{owner.name}`", name, owner.names, span)
            return value
        case External():
            return externals.member(machine, owner, name, span)
        case ExternalObject():
            machine.may_raise(span, f"an attribute of `{owner.cls}`", "AttributeError")
            return escapes.member(externals.object_member(machine, owner, name, span), owner)
        case Application():
            return registration.get_attribute(machine, owner, name, span)
        case SpecObject():
            return outside.spec_attribute(owner, name, span)
        case ClassValue():
            return _class_attribute(machine, owner, name, span)
        case Instance():
            found = _instance_attribute(machine, owner, name, span)
            return declarations.field(machine, owner.cls, name, found)
        case EnumMember():
            return _member_attribute(machine, owner, name, span)
        case FunctionValue():
            return function_attributes.get(machine, owner, name, span)
        case Super():
            return _super_attribute(machine, owner, name, span)
        case Overlay():
            if name in owner.known:
                return owner.known[name]
            return declarations.beneath(owner, name, get_attribute(machine, owner.base, name, span))
        case Property():
            return Builtin(
                name,
                lambda machine, positional, keywords, span: (
                    replace(owner, **{name: positional[0]})
                    if name in ("getter", "setter")
                    else owner
                ),
            )
        case Bound():
            found = {"__self__": owner.receiver, "__func__": owner.function}
            return found.get(name) or get_attribute(machine, owner.function, name, span)
        case Partial():
            found = {"func": owner.function, "args": owner.arguments}
            return found.get(name, Unknown(span, "unknown", f"`{name}` of a partial"))
        case Method():
            return owner.name if name == "__name__" else Unknown(span, "unknown", f"`{name}`")
        case Alias() | TypeName() | Builtin():
            return Unknown(span, "unknown", f"`{name}` of a type")
    if isinstance(owner, type(sys.version_info)):
        return getattr(owner, name)
    return methods.method(machine, owner, name, span)


def no_attribute(machine: Machine, what: str, name: str, known: Any, span: Span) -> Exception:
    near = difflib.get_close_matches(name, [key for key in known if isinstance(key, str)], n=1)
    return machine.failure(
        "AttributeError",
        "FC204",
        f"{what} has no attribute `{name}`",
        span,
        "looked up here",
        [f"did you mean `{near[0]}`?"] if near else [f"define `{name}`, or correct the name"],
    )


def bound(machine: Machine, value: Value, receiver: Value, cls: ClassValue, span: Span) -> Value:
    """What looking a class attribute up through an object gives."""
    match value:
        case FunctionValue() | Builtin():
            return Bound(value, receiver)
        case ClassMethod():
            return Bound(value.function, cls)
        case StaticMethod():
            return value.function
        case Property():
            return calls.call(machine, value.getter, [receiver], {}, span)
        case ExternalObject() if value.cls == External("functools", "partialmethod"):
            function, *given = value.arguments
            return Partial(Bound(function, receiver), tuple(given), value.keywords)
        case ExternalObject() if isinstance(receiver, Application):
            # It may be a descriptor: whoever calls it is taken to have the application.
            return Bound(value, receiver)
        case Instance() if _is_descriptor(value):
            return _described(machine, value, receiver, cls, span)
        case Unknown() if isinstance(value.about, FunctionValue):
            return value
    return value


def _class_attribute(machine: Machine, cls: ClassValue, name: str, span: Span) -> Value:
    found = classes.own_attribute(cls, name)
    if found is not None:
        value = found[1]
        if _is_descriptor(value):
            return _described(machine, value, None, cls, span)
        if isinstance(value, ClassMethod):
            return Bound(value.function, cls)
        return value.function if isinstance(value, StaticMethod) else value
    match name:
        case "__name__":
            return cls.name
        case "__qualname__":
            return cls.qualname
        case "__module__":
            return cls.module.name
        case "__members__" if classes.is_enum(cls):
            members = {k: v for k, v in cls.names.items() if isinstance(v, EnumMember)}
            return DictValue(dict(members))
        case "__annotations__":
            return Unknown(span, "unknown", "annotations of a class")
        case "__subclasses__":
            return Builtin("__subclasses__", lambda *_: Unknown(span, "subclasses", "subclasses"))
        case "__dict__":
            return DictValue(cls.names)
    made_by = classes.metaclass(cls)
    above = classes.own_attribute(made_by, name) if isinstance(made_by, ClassValue) else None
    if above is not None:
        return bound(machine, above[1], cls, made_by, span)
    known = named_tuples.class_attribute(cls, name)
    if known is not MISSING:
        return known
    return _inherited(machine, cls, name, span, f"class `{cls.name}`")


def _inherited(machine: Machine, cls: ClassValue, name: str, span: Span, what: str) -> Value:
    """An attribute that no class of the project has: that of a base outside, or a failure."""
    for base in cls.order:
        if isinstance(base, External):
            value = externals.class_member(machine, base, name, span)
            if value is not MISSING:
                return value
    if cls.open is not None:
        return Unknown(span, cls.open.reason, cls.open.detail)
    if any(isinstance(base, External) and not _plain_base(base) for base in cls.order):
        return Unknown(span, "unknown", f"`{name}` of a base class")
    if name.startswith("__") and name.endswith("__"):
        return Unknown(span, "unknown", f"`{name}`")
    known = [key for base in cls.order if isinstance(base, ClassValue) for key in base.names]
    raise no_attribute(machine, what, name, known, span)


def _plain_base(base: External) -> bool:
    return base in (
        External("builtins", "object"),
        External("abc", "ABC"),
        External("typing", "Protocol"),
        External("typing", "Generic"),
    )


def _is_descriptor(value: Value) -> bool:
    return isinstance(value, Instance) and any(
        classes.own_attribute(value.cls, name) is not None for name in ("__get__", "__set__")
    )


def _sets(value: Value) -> bool:
    """Whether a class attribute is a descriptor that is asked before the object's own names."""
    if isinstance(value, Property):
        return not value.cached
    return isinstance(value, Instance) and classes.own_attribute(value.cls, "__set__") is not None


def _described(
    machine: Machine, descriptor: Value, receiver: Value, cls: ClassValue, span: Span
) -> Value:
    """What the `__get__` of a class attribute gives; without one, the attribute itself."""
    method = classes.own_attribute(descriptor.cls, "__get__")
    if method is None:
        return descriptor
    return calls.call(machine, method[1], [descriptor, receiver, cls], {}, span)


def _instance_attribute(machine: Machine, owner: Instance, name: str, span: Span) -> Value:
    if classes.own_attribute(owner.cls, "__getattribute__") is not None:
        return Unknown(span, "unknown", "looking an attribute up runs code")
    found = classes.own_attribute(owner.cls, name)
    is_set = found is not None and _sets(found[1])
    if name in owner.attributes and not is_set:
        return owner.attributes[name]
    if found is not None:
        value = found[1]
        is_data = not isinstance(
            value, FunctionValue | ClassMethod | StaticMethod | Property | Builtin
        )
        if is_data and owner.unknown is not None:
            return Unknown(span, owner.unknown.reason, owner.unknown.detail)
        if isinstance(value, Property) and value.cached:
            result = bound(machine, value, owner, owner.cls, span)
            machine.touch(owner, "attributes")
            owner.attributes[name] = result
            return result
        return bound(machine, value, owner, owner.cls, span)
    if name == "__class__":
        return owner.cls
    if name == "__dict__":
        return DictValue(owner.attributes)
    getter = classes.own_attribute(owner.cls, "__getattr__")
    if getter is not None:
        return calls.call(machine, getter[1], [owner, name], {}, span)
    if owner.unknown is not None:
        return Unknown(span, owner.unknown.reason, owner.unknown.detail, Held(owner, ()))
    known = named_tuples.instance_attribute(owner, name)
    if known is not MISSING:
        return known
    value = _inherited(machine, owner.cls, name, span, f"`{owner.cls.name}` object")
    if isinstance(value, Unknown) and value.about is None:
        # A method of a base outside the project may call those that the project defines.
        return Unknown(value.span, value.reason, value.detail, Held(owner, ()))
    return value


def _member_attribute(machine: Machine, owner: EnumMember, name: str, span: Span) -> Value:
    if name in owner.attributes:
        return owner.attributes[name]
    if name in ("value", "_value_"):
        return owner.value
    if name in ("name", "_name_"):
        return owner.name
    found = classes.own_attribute(owner.cls, name)
    if found is not None:
        return bound(machine, found[1], owner, owner.cls, span)
    if plain.mixed(owner):
        return get_attribute(machine, owner.value, name, span)
    return _inherited(machine, owner.cls, name, span, f"`{owner.cls.name}` member")


def _super_attribute(machine: Machine, owner: Super, name: str, span: Span) -> Value:
    receiver = owner.receiver
    cls = receiver if isinstance(receiver, ClassValue) else getattr(receiver, "cls", None)
    if not isinstance(cls, ClassValue):
        return Unknown(span, "unknown", "`super()`")
    if owner.after not in cls.order:
        return metaclasses.super_attribute(machine, cls, owner, name, span)
    after = cls.order[cls.order.index(owner.after) + 1 :]
    for base in after:
        if isinstance(base, ClassValue) and name in base.names:
            found = base.names[name]
            if name == "__new__":
                # It is static although nobody says so: the class is given again.
                return found.function if isinstance(found, StaticMethod) else found
            return bound(machine, found, receiver, cls, span)
        if isinstance(base, External):
            value = externals.super_member(machine, base, receiver, name, span)
            if value is not MISSING:
                return value
    if name == "__new__":
        return Builtin(name, metaclasses.make)
    if name in ("__init__", "__init_subclass__", "__post_init__", "__setattr__"):
        return Builtin(name, lambda machine, positional, keywords, span: None)
    if any(isinstance(base, External | Unknown) for base in after):
        return Unknown(span, "unknown", f"`super().{name}`", receiver)
    raise no_attribute(machine, "`super()`", name, (), span)


def set_attribute(machine: Machine, owner: Value, name: str, value: Value, span: Span) -> None:
    """`owner.name = value`."""
    match owner:
        case Instance():
            found = classes.own_attribute(owner.cls, name)
            if found is not None and isinstance(found[1], Property) and not found[1].cached:
                if found[1].setter is None:
                    raise machine.failure(
                        "AttributeError", "FC204", f"property `{name}` has no setter", span, "here"
                    )
                calls.call(machine, found[1].setter, [owner, value], {}, span)
                return
            if found is not None and isinstance(found[1], Instance) and _sets(found[1]):
                setter = classes.own_attribute(found[1].cls, "__set__")
                assert setter is not None, "it was found just now"
                calls.call(machine, setter[1], [found[1], owner, value], {}, span)
                return
            if classes.own_attribute(owner.cls, "__setattr__") is not None:
                machine.taint(owner, Unknown(span, "unknown", "setting an attribute runs code"))
                value = Unknown(span, "unknown", "setting it runs code")
            machine.touch(owner, "attributes")
            owner.attributes[name] = value
        case EnumMember():
            machine.touch(owner, "attributes")
            owner.attributes[name] = value
        case ClassValue():
            if name in ("__name__", "__qualname__") and isinstance(value, str):
                attribute = name.strip("_")
                machine.touch(owner, attribute)
                setattr(owner, attribute, value)
                return
            machine.touch(owner, "names")
            owner.names[name] = value
            outside.patched(machine, owner, name, span)
        case ModuleValue():
            machine.touch(owner, "names")
            owner.names[name] = value
        case FunctionValue():
            function_attributes.put(machine, owner, name, value)
        case Application():
            outside.set_attribute(machine, owner, name, value, span)
        case SpecObject():
            outside.set_spec_attribute(machine, owner, name, span)
        case ExternalObject():
            machine.touch(owner, "keywords")
            owner.keywords[name] = value
            escapes.given_to(machine, owner.cls, value, span)
        case External():
            machine.touch(machine, "external_attributes")
            key = (owner.module, f"{owner.name}.{name}" if owner.name else name)
            machine.external_attributes[key] = value
            outside.patched(machine, owner, name, span)
            escapes.given_to(machine, owner, value, span)
        case Unknown():
            escapes.escape(machine, [value], owner, span)
