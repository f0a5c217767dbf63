"""Writes into the scope what dispatch tells the code of an application, when somebody looks.

Most compiled views never see the scope. For those that do (`opened`, then `entered`), and for
responses and handlers of exceptions, it is as interpreted dispatch would have left it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flama._layers import Watch
from flama._matching import mounted_scope
from flama.paths import CONVERTERS, Param
from flama.types import Receive, Scope, Send

if TYPE_CHECKING:
    from flama._views import View

__all__ = ["descended", "entered", "opened", "prefix_texts"]


def opened(root: Any, scope: Scope, receive: Receive, send: Send) -> Send:
    """Write what the outermost application and its layers write into the scope of a request, where
    no layer has done it; gives the `send` to use, which notes that a response has begun."""
    if scope.get("flama.root") is not root:
        root.begin(scope)
        scope["flama.handlers"] = (root.exception_handlers,)
    else:
        watch = scope.get("flama.watch")
        if watch is not None and watch.watches(send):
            return watch.send  # type: ignore[no-any-return]
        # Whoever stands around the application sends the same scope through again.
        scope.pop("flama.inner", None)
        scope.pop("flama.entered", None)
    watch = scope["flama.watch"] = Watch(receive, send)
    return watch.send


def _descend(view: View, scope: Scope, segments: Sequence[str]) -> Scope:
    """The scope below the mounts between the unit and an entry; noted in the scope above, because
    an exception is answered with it."""
    start = 1
    for mount, app in view.level.mounts:
        texts, taken = prefix_texts(mount, start, segments)
        below = mounted_scope(scope, mount.segments, texts, taken)
        below["flama.chain"] = (app, *scope["flama.chain"])
        life = getattr(app, "lifecycle", None)
        if life is not None:
            below["app"] = app
            below.setdefault("state", {}).update(life.state)
        scope["flama.inner"] = below
        scope = below
        start += len(mount.segments)
    return scope


def entered(view: View, scope: Scope, segments: Sequence[str]) -> tuple[Scope, Mapping[str, str]]:
    """The scope that the code of a view sees, and the texts of all path parameters; written when
    the first asks, because most views ask for neither."""
    known = _known(view, scope, segments)
    if known is not None:
        return known
    inner = _descend(view, scope, segments)
    texts = _enter(view, inner, segments)
    scope["flama.entered"] = view, segments, None if inner is scope else inner, texts
    return inner, texts


def descended(view: View, scope: Scope, segments: Sequence[str]) -> Scope:
    """The scope in which a mount stands: as `entered`, for what takes the whole request."""
    known = _known(view, scope, segments)
    if known is not None:
        return known[0]
    inner = _descend(view, scope, segments)
    scope["flama.entered"] = view, segments, None if inner is scope else inner, {}
    return inner


def _known(
    view: View, scope: Scope, segments: Sequence[str]
) -> tuple[Scope, Mapping[str, str]] | None:
    """What was found for this view. By identity: the same scope may come again, on another path."""
    known = scope.get("flama.entered")
    if known is None or known[0] is not view or known[1] is not segments:
        return None
    return (scope if known[2] is None else known[2]), known[3]


def _enter(view: View, scope: Scope, segments: Sequence[str]) -> dict[str, str]:
    """Write what the matched route adds to the scope; gives the texts of all path parameters."""
    route = view.entry
    places = view.places
    if places is None:
        # PERF: the template is read once, from its end: the prefix before it has any length.
        length = len(route.segments)
        places = view.places = tuple(
            (segment.name, position - length, CONVERTERS[segment.type].convert)
            for position, segment in enumerate(route.segments)
            if isinstance(segment, Param)
        )
    prefix = scope["flama.prefix"]
    values, texts = dict(prefix.values), dict(prefix.texts)
    for name, position, convert in places:
        text = texts[name] = segments[position]
        values[name] = convert(text)
    scope["path_params"] = values
    scope["route"] = route
    scope["endpoint"] = route.endpoint
    return texts


def prefix_texts(mount: Any, start: int, segments: Sequence[str]) -> tuple[dict[str, str], str]:
    """The texts of a prefix's parameters, and the text that the prefix matched.

    :param start: Index of its first segment. Without segments the prefix has literals only.
    """
    template = mount.segments
    if not segments:
        return {}, "".join(f"/{segment}" for segment in template)
    own = segments[start : start + len(template)]
    texts = {
        segment.name: text
        for segment, text in zip(template, own, strict=True)
        if isinstance(segment, Param)
    }
    return texts, "".join(f"/{text}" for text in own)
