"""Annotations: what a type is called, and what may fill a parameter of it.

A `Reading` is the canonical text of an annotation with the one fact that matters: its form.

    int | None                                  ->  "int?"             query
    Annotated[Schema, SchemaMetadata(Wine)]     ->  "flama.types:Schema[shop:Wine]"   body
    http.Request                                ->  "flama.http:Request"              connection
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from flama_compile.link import (
    attributes,
    classes,
    expressions,
    framework,
    packages,
    plain,
)
from flama_compile.link.failures import Failure
from flama_compile.link.values import (
    MISSING,
    Alias,
    ClassValue,
    EnumMember,
    External,
    ExternalObject,
    Lazy,
    Scope,
    TypeName,
    Unknown,
    Value,
)
from flama_compile.source import Span

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["UNDEFINED", "Reading", "is_annotated", "read", "resolve", "subscript"]

UNDEFINED = "undefined-annotation"
"""The reason of what is known of an annotation whose name nothing defines."""

Form = Literal["none", "query", "list", "body", "connection", "injected", "class", "any", "unknown"]


class Reading(NamedTuple):
    """An annotation, read."""

    text: str
    form: Form
    """`query`: a primitive or a choice of them; `list`: many of those; `none`: only None;
    `class`: any other class; `any`: `Any`; `unknown`: it cannot be told."""
    value: Value
    """The class or alias itself, to be compared with what components return."""
    protocols: frozenset[str] = frozenset()
    problem: str = ""
    """Why the framework refuses it."""


_UNKNOWN = Reading("*", "unknown", None)

_PRIMITIVES = {
    External("builtins", "int"): "int",
    External("builtins", "float"): "float",
    External("builtins", "str"): "str",
    External("builtins", "bool"): "bool",
    External("uuid", "UUID"): "uuid",
    External("decimal", "Decimal"): "decimal",
    External("datetime", "date"): "date",
    External("datetime", "time"): "time",
    External("datetime", "datetime"): "datetime",
}
_LISTS = {External("builtins", "list"), External("typing", "List")}
_SCHEMAS = {External("flama.types", "Schema"), External("flama.types", "SchemaList")}
_DICTS = {External("builtins", "dict"), External("typing", "Dict")}
_METADATA = External("flama.types", "SchemaMetadata")
_MODELS = {
    External("pydantic.main", "BaseModel"),
    External("msgspec", "Struct"),
    External("msgspec._core", "Struct"),
    External("typing", "TypedDict"),
}
_GENERICS = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "Type": "type"}


def subscript(machine: Machine, owner: Value, index: Value, span: Span) -> Value:
    """`owner[index]` of a type."""
    arguments = index if isinstance(index, tuple) else (index,)
    if isinstance(owner, TypeName) and owner.kind != "alias":
        return Unknown(span, "unknown", "a type with arguments")
    return Alias(owner, arguments)


def resolve(machine: Machine, value: Value, scope: Scope | None = None) -> Value:
    """An annotation's value: strings and postponed ones evaluated where they were written."""
    if isinstance(value, Lazy):
        scope = value.scope
        try:
            value = expressions.evaluate(machine, value.fact, value.scope)
        except Failure as failure:
            if failure.kind == "NameError" and failure.diagnostic is not None:
                return Unknown(None, UNDEFINED, failure.diagnostic.message)
            return Unknown(None, "annotation", "an annotation that cannot be evaluated")
        return resolve(machine, value, scope)
    if isinstance(value, str):
        return _forward(machine, value, scope)
    return value


def _forward(machine: Machine, text: str, scope: Scope | None) -> Value:
    """A dotted name in a string."""
    if scope is None or not all(part.isidentifier() for part in text.split(".")):
        return Unknown(None, "annotation", f"the annotation `{text}`")
    head, *rest = text.split(".")
    value = expressions.lookup(scope, head)
    if value is MISSING:
        value = External("builtins", head)
        if packages.is_class(machine, value) is not True:
            if scope.globals.opaque is None:
                return Unknown(None, UNDEFINED, f"name `{head}` is not defined")
            return Unknown(None, "annotation", f"the annotation `{text}`")
    for part in rest:
        try:
            value = attributes.get_attribute(machine, value, part, Span("", 1, 1, 1, 1))
        except Failure:
            return Unknown(None, "annotation", f"the annotation `{text}`")
    return value


def read(machine: Machine, value: Value, scope: Scope | None = None, depth: int = 0) -> Reading:
    """What an annotation says."""
    value = resolve(machine, value, scope)
    if depth > 20:
        return _UNKNOWN
    match value:
        case None:
            return Reading("None", "none", None)
        case TypeName():
            if value.kind == "variable":
                return _UNKNOWN
            inner = read(machine, value.value, _scope_of(value.value, scope), depth + 1)
            # A NewType is a type of its own for components.
            return inner._replace(value=value if value.kind == "new" else inner.value)
        case Alias():
            return _read_alias(machine, value, scope, depth)
        case External() | ClassValue():
            key = ("reading", value if isinstance(value, External) else id(value))
            known: Reading | None = machine.caches.get(key)
            if known is None:
                known = machine.caches[key] = _read_class(machine, value)
            return known
    return _UNKNOWN


def is_annotated(value: Value) -> bool:
    """Whether an annotation is an `Annotated[…]`."""
    if not isinstance(value, Alias) or not isinstance(value.origin, External):
        return False
    return value.origin.module in _TYPING and value.origin.name == "Annotated"


def _scope_of(value: Value, scope: Scope | None) -> Scope | None:
    return value.scope if isinstance(value, Lazy) else scope


def _read_alias(machine: Machine, value: Alias, scope: Scope | None, depth: int) -> Reading:
    origin = value.origin
    name = origin.name if isinstance(origin, External) and origin.module in _TYPING else ""
    if origin == "|" or name == "Union":
        return _union(machine, value, value.arguments, scope, depth)
    if name == "Optional":
        return _union(machine, value, (*value.arguments[:1], None), scope, depth)
    if name == "Annotated":
        return _annotated(machine, value, scope, depth)
    if name == "Literal":
        return _literal(value)
    if name in ("Final", "ClassVar", "Required", "NotRequired"):
        return read(machine, value.arguments[0], scope, depth + 1)
    canonical = packages.canonical(machine, origin) if isinstance(origin, External) else origin
    if canonical in _SCHEMAS:
        return _schema(machine, canonical, value.arguments[0], False, value, scope)
    if canonical in _LISTS or name == "List":
        item = read(machine, value.arguments[0], scope, depth + 1)
        form: Form = "unknown"
        if item.form == "query" and not item.text.endswith("?") or item.form == "query":
            form = "list"
        elif item.form == "body":
            form = "body"
        elif item.form in ("class", "any", "connection", "injected", "list"):
            form = "class"
        return Reading(f"list[{item.text}]", form, value)
    if isinstance(origin, TypeName):
        return read(machine, origin, scope, depth + 1)
    if isinstance(canonical, External) and canonical.module in ("builtins", *_TYPING):
        return Reading("*", "class", value)
    inner = read(machine, canonical, scope, depth + 1)
    return inner._replace(text="*", value=value) if inner.form in ("body", "class") else inner


_TYPING = ("typing", "typing_extensions", "collections.abc")


def _union(
    machine: Machine,
    value: Value,
    members: tuple[Value, ...],
    scope: Scope | None,
    depth: int,
) -> Reading:
    readings: list[Reading] = []
    optional = False
    for member in members:
        inner = read(machine, member, scope, depth + 1)
        if inner.form == "none":
            optional = True
        elif inner.text.endswith("?"):
            # Unions in unions are one union.
            optional = True
            readings.append(
                inner._replace(text=inner.text[:-1].removeprefix("(").removesuffix(")"))
            )
        else:
            readings.append(inner)
    if not readings:
        return Reading("None", "none", value)
    texts = list(dict.fromkeys(text for one in readings for text in one.text.split("|")))
    text = (
        "|".join(texts)
        if all("[" not in one.text for one in readings)
        else "|".join(dict.fromkeys(one.text for one in readings))
    )
    forms = {one.form for one in readings}
    form: Form = "class"
    if "unknown" in forms:
        form, text = "unknown", "*" if len(readings) == 1 else text
    elif forms == {"query"}:
        form = "query"
    elif len(readings) == 1 and forms <= {"list", "body"}:
        form = readings[0].form
    if optional:
        text = f"({text})?" if "|" in text and "[" not in text else f"{text}?"
    if "*" in text:
        text = "*"
    return Reading(text, form, value)


def _annotated(machine: Machine, value: Alias, scope: Scope | None, depth: int) -> Reading:
    first, *metadata = value.arguments
    base = resolve(machine, first, scope)
    kind = packages.canonical(machine, base) if isinstance(base, External) else base
    for item in metadata:
        if isinstance(item, ExternalObject) and item.cls == _METADATA:
            model = item.arguments[0] if item.arguments else item.keywords.get("schema")
            partial = item.arguments[1] if len(item.arguments) > 1 else item.keywords.get("partial")
            if kind in _SCHEMAS or kind in _DICTS or _is_list(kind):
                return _schema(machine, kind, model, partial is True, value, scope)
    # For components an `Annotated` is not the type inside it.
    return read(machine, base, scope, depth + 1)._replace(value=value)


def _schema(
    machine: Machine, kind: Value, model: Value, partial: bool, value: Value, scope: Scope | None
) -> Reading:
    inner = read(machine, model, scope)
    outer = read(machine, kind, scope).text
    text = f"{outer}[{inner.text}{', partial' if partial else ''}]"
    problem = ""
    is_one = not inner.text.startswith("list[") and not inner.text.endswith("?")
    if inner.form != "unknown" and not (inner.form == "body" and is_one):
        is_open = isinstance(inner.value, ClassValue) and inner.value.open is not None
        shown = "what it names" if "*" in inner.text else f"`{inner.text}`"
        problem = "" if is_open else f"{shown} is no model"
    return Reading("*" if "*" in text else text, "body", value, problem=problem)


def _is_list(kind: Value) -> bool:
    return kind in _LISTS or (isinstance(kind, Alias) and kind.origin in _LISTS)


def _literal(value: Alias) -> Reading:
    shown: list[str] = []
    for item in value.arguments:
        inner = item.value if isinstance(item, EnumMember) else item
        if not plain.is_constant(inner):
            return _UNKNOWN
        shown.append(repr(inner))
    return Reading(f"Literal[{', '.join(shown)}]", "query", value)


def _read_class(machine: Machine, value: External | ClassValue) -> Reading:
    if isinstance(value, ClassValue):
        return Reading(f"{value.module.name}:{value.qualname}", *_form(machine, value))
    found = packages.canonical(machine, value)
    word = _PRIMITIVES.get(found)
    if word is not None:
        return Reading(word, "query", found)
    if found == External("types", "NoneType"):
        return Reading("None", "none", None)
    if found.module in _TYPING and found.name == "Any":
        return Reading("*", "any", found)
    if found.module in _TYPING and found.name in _GENERICS:
        return Reading("*", "class", External("builtins", _GENERICS[found.name]))
    if found in framework.ASGI:
        return Reading(f"{found.module}:{found.name}", *_form(machine, found))
    if found.module in _TYPING or not found.name:
        return Reading("*", "class", found)
    form, cls, protocols = _form(machine, found)
    if form == "class" and packages.is_class(machine, found) is not True:
        return Reading("*", "unknown", found)
    return Reading(f"{found.module}:{found.name}", form, cls, protocols)


def _form(
    machine: Machine, value: External | ClassValue
) -> tuple[Form, External | ClassValue, frozenset[str]]:
    """The form of a class, by what it is and what it derives from."""
    none: frozenset[str] = frozenset()
    if isinstance(value, External):
        if value in framework.CONNECTION:
            return "connection", value, framework.CONNECTION[value]
        if value in framework.INJECTED:
            return "injected", value, framework.INJECTED[value]
        if value in _SCHEMAS:
            return "class", value, none
    above = list(classes.ancestors(machine, value))
    if any(one in framework.CONNECTION for one in above if isinstance(one, External)):
        # What is delivered is no object of a class that derives from it.
        return "class", value, none
    if framework.FLAMA in above:
        return "connection", value, frozenset({"http", "websocket"})
    if framework.BASE_ROUTE in above:
        return "injected", value, frozenset({"http", "websocket"})
    if isinstance(value, ClassValue) and classes.is_enum(value):
        return "query", value, none
    if any(isinstance(one, External) and one.module == "enum" for one in above):
        return "query", value, none
    if any(one in _MODELS for one in above if isinstance(one, External)):
        return "body", value, none
    if any(isinstance(one, ClassValue) and "dataclass" in one.decorated for one in above):
        return "body", value, none
    if any(isinstance(one, External) and _is_data_class(machine, one) for one in above):
        return "body", value, none
    if any(isinstance(one, Unknown) for one in above):
        return "unknown", value, none
    return "class", value, none


def _is_data_class(machine: Machine, external: External) -> bool:
    """Whether an installed class is decorated as a data class."""
    return packages.is_decorated(machine, external, "dataclass")
