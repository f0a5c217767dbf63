"""Routes as lines of text: what a compiled module was made from, compared with what is registered.

One line an entry, in registration order; those below a mount are indented. A field with a space or
a quote is a JSON string, and `?` stands for what the source does not tell::

    GET,HEAD /items/{item_id:int}/ shop.items:show show (item_id:int,q:str=)
    MOUNT /shop - shop -
      WS /feed/{topic} shop.feed:Feed Feed on_connect(websocket:*);on_receive(data:*) json
    DYNAMIC shop/plugins.py

The compiler writes these lines from the route table and the loader from the live objects, with the
functions below: methods, path, handler, name, parameters (kinds, which have defaults, a word for
each annotation), encoding. Nothing else makes a compiled module stale.
"""

from __future__ import annotations

import builtins
import datetime
import inspect
from collections.abc import Iterable, Sequence
from decimal import Decimal
from types import FunctionType
from typing import Annotated, Any, Union
from uuid import UUID

from flama.coercion import plain

__all__ = [
    "UNKNOWN",
    "Words",
    "fits",
    "live_row",
    "mount_row",
    "parameters_text",
    "quoted",
    "route_row",
]

UNKNOWN = "?"

WORDS: dict[Any, str] = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    UUID: "uuid",
    Decimal: "decimal",
    datetime.date: "date",
    datetime.time: "time",
    datetime.datetime: "datetime",
}
"""Annotations that have a word; every other one is `*`."""

_VARIED = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_DEEPEST = 8
"""Names and `Annotated` inside one another, beyond which an annotation counts as any other."""
_methods: dict[frozenset[str], str] = {}

Words = dict[int, dict[Any, tuple[str, Any]]]
"""Words of annotations, by the identity of the globals around the function; a string by itself,
anything else by its identity, which the object beside the word keeps from being given away."""


def route_row(
    methods: str, path: str, handler: str, name: str, parameters: str, encoding: str | None
) -> str:
    """The line of a route; `methods` is `WS` for a websocket.

    :param parameters: From `parameters_text`, in brackets; for a class each after its method.
    """
    row = f"{methods} {quoted(path)} {quoted(handler)} {quoted(name)} {parameters}"
    return f"{row} {encoding}" if encoding else row


def mount_row(path: str, name: str | None, kind: str) -> str:
    """The line of a mount: `-` for no name; kind is `app`, `group`, `foreign`, or `?` for an
    application of which only the load tells whether it is a group."""
    return f"MOUNT {quoted(path)} {'-' if name is None else quoted(name)} {kind}"


def parameters_text(parameters: Iterable[tuple[str, str, str, bool]]) -> str:
    """`a:int,/,b:str=,*,c:*` from name, kind, word ("" without annotation) and default or not."""
    parts: list[str] = []
    before = ""
    starred = False
    for name, kind, word, default in parameters:
        if before == "positional-only" != kind:
            parts.append("/")
        before = kind
        if kind == "var-positional":
            name, starred = f"*{name}", True
        elif kind == "var-keyword":
            name = f"**{name}"
        elif kind == "keyword-only" and not starred:
            parts.append("*")
            starred = True
        parts.append((f"{name}:{word}" if word else name) + ("=" if default else ""))
    if before == "positional-only":
        parts.append("/")
    return ",".join(parts)


def quoted(text: str) -> str:
    """A field: the text itself, or a JSON string where that could be misread."""
    if text.isidentifier():
        return text
    if not text or text in "-?" or " " in text or text[0] == '"' or not text.isprintable():
        # PERF: compiles six regular expressions when it is imported.
        import json

        return json.dumps(text)
    return text


def live_row(route: Any, like: str, words: Words) -> str:
    """The line of a registered route.

    :param like: The line to compare with, which says which methods of a class were looked at.
    :param words: What was found out for other routes of the same comparison; empty at first.
    """
    endpoint = route.endpoint
    encoding = None
    if type(endpoint) is FunctionType and not (
        hasattr(endpoint, "__wrapped__") or hasattr(endpoint, "__signature__")
    ):
        # PERF: nearly all views are plain functions, registered as they were compiled; this is
        # where loading spends its time. Asking for `__dict__` would make one for each of them.
        parameters = f"({_function(endpoint, words)})"
        handler = f"{endpoint.__module__}:{endpoint.__qualname__}"
        row = f"{_methods_text(route)} {route.path} {handler} {route.name} {parameters}"
        if row == like:
            return row
    else:
        from flama._signatures import describe

        handler = describe(endpoint)
        if isinstance(endpoint, type):
            parameters = _methods_of(endpoint, like)
            encoding = getattr(endpoint, "encoding", None) if route.kind == "websocket" else None
        else:
            parameters = f"({_other(endpoint)})"
    methods = _methods_text(route)
    return route_row(methods, route.path, handler, route.name, parameters, encoding)


def _methods_text(route: Any) -> str:
    if route.kind == "websocket":
        return "WS"
    found = _methods.get(route.methods)
    if found is None:
        found = _methods[route.methods] = ",".join(sorted(route.methods)) or "-"
    return found


def fits(row: str, live: str) -> bool:
    """Whether a registered entry is what was compiled; `?` stands for anything."""
    if row == live:
        return True
    if UNKNOWN not in row:
        return False
    theirs, ours = fields(row), fields(live)
    if len(theirs) > len(ours) and theirs[-1] == UNKNOWN:
        # An encoding that only the load tells may be none.
        theirs.pop()
    if len(theirs) < len(ours) and theirs[-1] == UNKNOWN:
        theirs += [UNKNOWN] * (len(ours) - len(theirs))
    return len(theirs) == len(ours) and all(map(_fits, theirs, ours))


def fields(row: str) -> list[str]:
    """The fields of a line, quotes kept."""
    found: list[str] = []
    open_ = False
    for part in row.split(" "):
        if open_:
            found[-1] += " " + part
        else:
            found.append(part)
        if not open_ and part[:1] == '"':
            open_ = True
        if open_:
            end = found[-1]
            open_ = not (len(end) > 1 and end[-1] == '"' and _closes(end))
    return found


def _closes(text: str) -> bool:
    body = text[1:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _fits(theirs: str, ours: str) -> bool:
    if theirs in (ours, UNKNOWN):
        return True
    if UNKNOWN not in theirs or "(" not in theirs:
        return False
    expected, found = theirs.split(";"), ours.split(";")
    return len(expected) == len(found) and all(map(_fit_parameters, expected, found))


def _fit_parameters(theirs: str, ours: str) -> bool:
    """Parameters in brackets: all of them unknown, or some of their annotations."""
    name, _, inside = theirs.partition("(")
    own_name, _, own_inside = ours.partition("(")
    if name != own_name or inside == f"{UNKNOWN})":
        return name == own_name
    expected, found = inside.split(","), own_inside.split(",")
    return len(expected) == len(found) and all(map(_fit_parameter, expected, found))


def _fit_parameter(theirs: str, ours: str) -> bool:
    if f":{UNKNOWN}" not in theirs:
        return theirs == ours
    return _unannotated(theirs) == _unannotated(ours)


def _unannotated(parameter: str) -> tuple[str, str]:
    head = parameter.rstrip("=)")
    return head.partition(":")[0], parameter[len(head) :]


def _function(function: FunctionType, known: Words) -> str:
    code = function.__code__
    if code.co_flags & _VARIED:
        return _other(function)
    count = code.co_argcount
    positional = code.co_posonlyargcount
    keywords = code.co_kwonlyargcount
    if not count and not keywords:
        return ""
    names = code.co_varnames
    annotations = function.__annotations__
    defaults = function.__defaults__
    first = count - len(defaults) if defaults else count
    named = (function.__kwdefaults__ or ()) if keywords else ()
    scope = function.__globals__
    words = known.get(id(scope))
    if words is None:
        words = known[id(scope)] = {}
    parts = []
    for index in range(count + keywords):
        name = names[index]
        default = name in named if index >= count else index >= first
        if name in annotations:
            annotation = annotations[name]
            # PERF: reading an annotation takes ten times as long as looking it up.
            key = annotation if type(annotation) is str else id(annotation)
            found = words.get(key)
            if found is None:
                found = words[key] = (_word(annotation, function), annotation)
            name = f"{name}:{found[0]}"
        if index == count:
            parts.append("*")
        parts.append(f"{name}=" if default else name)
        if index + 1 == positional:
            parts.append("/")
    return ",".join(parts)


def _other(view: Any) -> str:
    from flama._signatures import read

    return _signature(read(view))


def _signature(signature: Any) -> str:
    return parameters_text(
        (p.name, p.kind, _annotation(p.annotation, signature.scope), p.default is not p.empty)
        for p in signature.parameters
    )


def _annotation(annotation: Any, scope: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return _word(annotation, scope)


def _word(annotation: Any, function: Any) -> str:
    """The word of an annotation, which may be a string, and may stand in `Annotated`, a `NewType`
    or an alias."""
    for _ in range(_DEEPEST):
        annotation = getattr(annotation, "__forward_arg__", annotation)
        if isinstance(annotation, str):
            annotation = _named(annotation.strip(), function)
        if getattr(annotation, "__module__", None) == "flama.types":
            # `Method`, `Body` and the like are injected, whatever they are made of.
            return "*"
        annotation = plain(annotation)
        try:
            if annotation in WORDS:
                return WORDS[annotation]
        except TypeError:
            return "*"
        if not (isinstance(annotation, str) or hasattr(annotation, "__forward_arg__")):
            return "*"
    return "*"


def _named(text: str, function: Any) -> Any:
    """What a string annotation names, without evaluating it; of `Annotated[…]` the first part, of a
    union the member that is its only one."""
    if text[:1] in ("'", '"'):
        return text[1:-1]
    members = _apart(text, "|")
    if len(members) == 1:
        head, bracket, inside = text.partition("[")
        found = _looked_up(head, function)
        if not bracket:
            return found
        members = _apart(inside.strip()[:-1], ",")
        if found is Annotated:
            return members[0]
        if found is not Union:
            return None
    words = {_word(member, function) for member in members}
    return members[0] if len(words) == 1 else None


def _apart(text: str, separator: str) -> list[str]:
    """The parts of a text between the separators that stand in no brackets and no quotes."""
    parts = [""]
    depth = 0
    quote = ""
    for char in text:
        if quote or char in "'\"":
            quote = "" if char == quote else quote or char
        else:
            depth += (char in "[(") - (char in "])")
        if char == separator and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _looked_up(name: str, function: Any) -> Any:
    first, *rest = name.split(".")
    module = getattr(inspect.unwrap(function), "__globals__", {})
    found = module.get(first, getattr(builtins, first, None))
    for part in rest:
        found = getattr(found, part, None)
    return found


def _methods_of(endpoint: type, like: str) -> str:
    from flama._signatures import read_method

    shown: Sequence[str] = fields(like)
    asked = shown[4] if len(shown) > 4 else ""
    parts = []
    for piece in asked.split(")")[:-1]:
        name = piece.partition("(")[0].lstrip(";")
        if callable(getattr(endpoint, name, None)):
            parts.append(f"{name}({_signature(read_method(endpoint, name))})")
    return ";".join(parts) or "()"
