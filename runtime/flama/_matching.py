"""What matching reads from the scope of a request, and what it writes there.

`flama.prefix` holds what mounts have matched, `flama.rest` the path that is left where the server's
`root_path` is no part of `path`. `path_params`, `root_path`, `app_root_path`, `route` and
`endpoint` are as in Starlette.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flama.paths import CONVERTERS, Param
from flama.types import Scope

__all__ = [
    "NO_PREFIX",
    "Prefix",
    "enter_route",
    "mounted_scope",
    "param_types",
    "route_path",
    "taken_text",
]


class Prefix(NamedTuple):
    """What the mounts above have matched."""

    values: Mapping[str, Any]
    texts: Mapping[str, str]
    types: Mapping[str, str]
    allowed: frozenset[str] = frozenset()
    """Methods of earlier siblings of the mounts that matched the whole path."""


NO_PREFIX = Prefix({}, {}, {})
"""Outside of all mounts. Nothing is ever written into it."""


def route_path(scope: Scope) -> str:
    """The part of the path that an application matches: without a `root_path` that it starts with
    at a segment boundary. Below a mount an empty remainder is `/`."""
    path: str = scope["path"]
    rest = scope.get("flama.rest")
    if rest is not None and rest[0] == path and rest[1] == scope.get("root_path"):
        text: str = rest[2]
        return text
    root: str = scope.get("root_path") or ""
    if root and path.startswith(root):
        end = len(root)
        if len(path) == end:
            return "/"
        if path[end] == "/":
            return path[end:]
        if root[-1] == "/":
            return path[end - 1 :]
    if not path and "app_root_path" in scope:
        return "/"
    return path


def mounted_scope(
    scope: Scope,
    template: Sequence[str | Param],
    texts: Mapping[str, str],
    taken: str,
    allowed: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The scope of an application below a mount: a copy, whose `path` stays whole.

    :param template: Segments of the mount's prefix.
    :param texts: The text of each of its parameters.
    :param taken: The decoded text that the prefix matched, such as `/orgs/5`.
    :param allowed: Methods of earlier siblings that matched the whole path.
    """
    prefix: Prefix = scope["flama.prefix"]
    types = param_types(template)
    values = {name: CONVERTERS[kind].convert(texts[name]) for name, kind in types.items()}
    root = scope.get("root_path") or ""
    inner = root + taken
    below = dict(scope)
    below["app_root_path"] = scope.get("app_root_path", root)
    below["root_path"] = inner
    below["path_params"] = {**prefix.values, **values}
    below["flama.prefix"] = Prefix(
        below["path_params"],
        {**prefix.texts, **texts},
        {**prefix.types, **types},
        prefix.allowed | allowed,
    )
    below.pop("flama.rest", None)
    path: str = scope["path"]
    if not path.startswith(inner):
        # The server's `root_path` is no part of the path: say what is left, as nobody can tell.
        rest = route_path(scope)[len(taken) :]
        below["flama.rest"] = (path, inner, rest or "/")
    return below


def enter_route(scope: Scope, route: Any, texts: Mapping[str, str]) -> None:
    """Write what a matched route adds to the scope."""
    values = dict(scope["flama.prefix"].values)
    for segment in route.segments:
        if isinstance(segment, Param):
            values[segment.name] = CONVERTERS[segment.type].convert(texts[segment.name])
    scope["path_params"] = values
    scope["route"] = route
    scope["endpoint"] = route.endpoint


def param_types(template: Sequence[str | Param]) -> dict[str, str]:
    """The parameters of a template by name, with their types."""
    return {part.name: part.type for part in template if isinstance(part, Param)}


def taken_text(segments: list[str], count: int) -> str:
    """The path text of the first so many segments."""
    return "".join("/" + segment for segment in segments[:count])
