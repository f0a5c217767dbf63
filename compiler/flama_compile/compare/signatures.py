"""Findings about what a view takes and gives: RT311 to RT321, RT602, RT603, RT701, RT702.

Views of paired routes are compared by what a client sees of their signatures. A type that the
source does not tell claims nothing. A class is known by its name: one that moved to another
module is the same, and changes inside a model are not seen here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date

from flama_compile.compare.drafts import Draft, reply_of, shown_methods, template_text
from flama_compile.compare.scene import Scene
from flama_compile.ir.routes import Parameter, Route, View
from flama_compile.source import Span

__all__ = ["signature_drafts"]

_WIDER: dict[str, frozenset[str]] = {
    # Every text of the types on the right is a text of the type on the left (behaviour.md 6).
    "str": frozenset({"int", "float", "bool", "uuid", "decimal", "date", "time", "datetime"}),
    "float": frozenset({"int"}),
}
_DOTTED = re.compile(r"\w+(\.\w+)+")
_CLASS = re.compile(r"[\w.]+:(?=\w)")


def signature_drafts(scene: Scene) -> Iterator[Draft]:
    """The findings about views of routes that both tables have."""
    for item in scene.base:
        if item.role != "route":
            continue
        partner = scene.pairs.head_of.get(item)
        if partner is None:
            continue
        old, new = item.route, partner.route
        yield from _life(old, new)
        if old.kind == new.kind:
            for before, after in _views(old, new):
                yield from _query(old, new, before, after)
                yield from _body(old, new, before, after)
                yield from _returns(old, new, before, after)
            yield from _visibility(old, new)


def _views(old: Route, new: Route) -> Iterator[tuple[View, View]]:
    """Views that answer the same requests; a late one claims nothing."""
    if not old.is_class and not new.is_class:
        pairs = [*zip(old.views, new.views, strict=False)]
    else:
        verbs = {view.verb for view in (*old.views, *new.views)} - {""}
        found = [(_view(old, verb), _view(new, verb)) for verb in sorted(verbs)]
        pairs = [(before, after) for before, after in found if before and after]
    seen = set()
    for before, after in pairs:
        if not before.late and not after.late and (id(before), id(after)) not in seen:
            seen.add((id(before), id(after)))
            yield before, after


def _view(route: Route, verb: str) -> View | None:
    """What answers a method, or a websocket's hook."""
    if not route.is_class:
        fits = route.kind == "websocket" or verb.upper() in route.methods
        return route.views[0] if fits and route.views else None
    return next((view for view in route.views if view.verb == verb), None)


def _query(old: Route, new: Route, before: View, after: View) -> Iterator[Draft]:
    was, now = _by_name(before, "query"), _by_name(after, "query")
    for name, parameter in now.items():
        if name not in was:
            required = parameter.default is None
            rule = "RT311" if required else "RT314"
            word = "requires a new" if required else "reads a new"
            yield _draft(old, new, rule, f"{word} query parameter `{name}`", name, after)
    for name, parameter in was.items():
        other = now.get(name)
        if other is None:
            if name not in {each.name for each in after.parameters if each.origin != "query"}:
                yield _draft(
                    old, new, "RT313", f"no longer reads the query parameter `{name}`", name, after
                )
            continue
        yield from _changed(old, new, parameter, other, after)


def _changed(old: Route, new: Route, was: Parameter, now: Parameter, view: View) -> Iterator[Draft]:
    name = was.name
    narrowed = _narrowed(was.type, now.type)
    if was.default is not None and now.default is None:
        yield _draft(old, new, "RT312", f"requires the query parameter `{name}`", name, view)
    elif narrowed is False and _value(was.default) != _value(now.default) and was.default:
        text = f"has `{name}={now.default}` where it had `{name}={was.default}`"
        yield _draft(old, new, "RT315", text, f"{name}={was.default}={now.default}", view)
    if narrowed is not False:
        text = f"takes `{name}: {now.type}` where it took `{name}: {was.type}`"
        key = f"{name}:{_plain(was.type)}:{_plain(now.type)}"
        draft = _draft(old, new, "RT312", text, key, view)
        if narrowed is None:
            draft.proof = "unproven"
        yield draft


def _narrowed(was: str, now: str) -> bool | None:
    """Whether some accepted value is accepted no more; None when the source does not tell."""
    old, new = _members(was), _members(now)
    if old == new or not old or not new:
        return False
    lost = {each for each in old if not any(_takes(other, each) for other in new)}
    if not lost:
        return False
    if any(":" in each or "[" in each for each in (*lost, *new)):
        literal = all(each.startswith("Literal[") for each in lost)
        return True if literal and all(each.startswith("Literal[") for each in new) else None
    return True


def _members(type: str) -> set[str]:
    """The members of a union without `None`, which no query can say."""
    if not type or type == "*":
        return set()
    text = _plain(type).removesuffix("?")
    members: set[str] = set()
    depth, start = 0, 0
    quoted = ""
    for at, char in enumerate(text):
        if quoted:
            quoted = "" if char == quoted and text[at - 1] != "\\" else quoted
        elif char in "'\"":
            quoted = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif char == "|" and not depth:
            members.add(text[start:at])
            start = at + 1
    members.add(text[start:])
    found: set[str] = set()
    for member in members - {"None"}:
        if member.startswith("Literal["):
            found |= _literals(member)
        else:
            found.add(member.removesuffix("?"))
    return found


def _literals(text: str) -> set[str]:
    try:
        value = ast.literal_eval(f"[{text[len('Literal[') : -1]}]")
    except (ValueError, SyntaxError):
        return {text}
    return {f"Literal[{each!r}]" for each in value}


def _takes(wide: str, narrow: str) -> bool:
    if wide == narrow or narrow in _WIDER.get(wide, ()):
        return True
    if wide == "str" and narrow.startswith("Literal["):
        return True
    inner = wide[len("list[") : -1] if wide.startswith("list[") else None
    return inner is not None and not narrow.startswith("list[") and _takes(inner, narrow)


def _body(old: Route, new: Route, before: View, after: View) -> Iterator[Draft]:
    was = next(iter(_by_name(before, "body").values()), None)
    now = next(iter(_by_name(after, "body").values()), None)
    if was is None and now is None:
        return
    if was is None:
        assert now is not None
        draft = _draft(old, new, "RT321", f"reads a body, `{now.type}`", "body:new", after)
        if now.default is not None or now.type.endswith("?"):
            draft.severity = "safe"
    elif now is None:
        draft = _draft(old, new, "RT321", "no longer reads a body", "body:gone", after)
        draft.severity = "risky"
    elif "*" in (was.type, now.type) or _plain(was.type) == _plain(now.type):
        return
    else:
        text = f"takes the body `{now.type}` where it took `{was.type}`"
        key = f"body:{_plain(was.type)}:{_plain(now.type)}"
        draft = _draft(old, new, "RT321", text, key, after)
        if _plain(now.type) == f"{_plain(was.type)}?":
            draft.severity = "safe"
    yield draft


def _returns(old: Route, new: Route, before: View, after: View) -> Iterator[Draft]:
    was, now = _plain(before.returns), _plain(after.returns)
    if was == now or "*" in (was, now) or not (_model(before.returns) or _model(after.returns)):
        return
    shown = f"`{after.returns}`" if now else "nothing that is declared"
    text = f"returns {shown} where it returned `{before.returns}`"
    if not was:
        text = f"returns {shown}, which was not declared"
    draft = _draft(old, new, "RT602", text, f"returns:{was}:{now}", after)
    if not was or was == f"{now}?":
        draft.severity = "safe"
    elif not now:
        draft.severity = "risky"
    yield draft


def _model(type: str) -> bool:
    """Whether a type names a class of the application, not of the language or the framework."""
    return any(
        found[0].split(".")[0].rstrip(":")
        not in ("builtins", "typing", "collections", "flama", "starlette", "types")
        for found in _CLASS.finditer(type)
    )


def _visibility(old: Route, new: Route) -> Iterator[Draft]:
    if old.kind != "http" or old.include_in_schema == new.include_in_schema:
        return
    if None in (old.include_in_schema, new.include_in_schema):
        return  # Known only at load: nothing shows a difference.
    if new.include_in_schema:
        draft = _draft(old, new, "RT603", "is shown in the schema", "shown", None)
        draft.severity = "safe"
    else:
        draft = _draft(old, new, "RT603", "is hidden from the schema", "hidden", None)
    yield draft


def _life(old: Route, new: Route) -> Iterator[Draft]:
    if new.deprecated and old.deprecated is False:
        until = f", and may go after {new.sunset}" if new.sunset else ""
        yield _draft(old, new, "RT701", f"is deprecated{until}", "deprecated", None)
    elif old.deprecated and _earlier(new.sunset, old.sunset):
        text = f"has its sunset at {new.sunset}, and had it at {old.sunset}"
        yield _draft(old, new, "RT702", text, f"sunset:{old.sunset}:{new.sunset}", None)


def _earlier(new: str | None, old: str | None) -> bool:
    """Whether a date moved forward; what is no date promises nothing."""
    try:
        return date.fromisoformat(new or "") < date.fromisoformat(old or "")
    except ValueError:
        return False


def _draft(old: Route, new: Route, rule: str, text: str, key: str, view: View | None) -> Draft:
    verb = f"{view.verb}" if view is not None else ""
    methods = (verb.upper(),) if verb and new.kind == "http" else shown_methods(new)
    name = f"{','.join(methods) or 'WS'} {new.path}"
    return Draft(
        rule,
        f"`{name}` {text}",
        old.path,
        methods,
        (old.kind, template_text(old.segments), verb, key),
        was=reply_of(old),
        now=reply_of(new),
        span=_place(new, view, key),
        span_base=old.span,
    )


def _place(route: Route, view: View | None, name: str) -> Span | None:
    """The parameter's own place where the source gives one, else the route's."""
    for parameter in view.parameters if view is not None else ():
        if parameter.span is not None and parameter.name == re.split("[=:]", name)[0]:
            return parameter.span
    return route.span


def _by_name(view: View, origin: str) -> dict[str, Parameter]:
    return {each.name: each for each in view.parameters if each.origin == origin}


def _value(text: str | None) -> object:
    """A default as a value, so that `'a'` and `"a"` are one; else its text, without its module."""
    if text is None:
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        # `Colour.RED` and `models.Colour.RED` are one, as after a change of imports.
        return text.rpartition(".")[2] if _DOTTED.fullmatch(text) else text
    return type(value).__name__, repr(value)


def _plain(type: str) -> str:
    """A type without the modules of its classes: a class that moved is the same."""
    return _CLASS.sub("", type)
