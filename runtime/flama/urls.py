"""From the name of a route to its URL.

    app.resolve_url("show", item_id=7).path            ->  "/items/7/"
    app.resolve_url("admin:user", user_id=7).path      ->  "/admin/users/7/"
    app.resolve_url("admin").path                      ->  "/admin"

Names are looked up in registration order, and the first route that takes exactly these parameters
answers. Routes below a mount are found through its name; a mount without one hides them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flama.exceptions import NotFoundException
from flama.paths import CONVERTERS, Param, Segments

if TYPE_CHECKING:
    from starlette.datastructures import URL

    from flama.routing import Router

__all__ = ["resolve_path", "resolve_url"]

_LITERAL = "!$&'()*+,;=:@"
"""Characters that a literal segment of a path may hold as they are (RFC 3986, `pchar`)."""


def resolve_url(router: Router, name: str, params: Mapping[str, Any]) -> URL:
    """The URL of a route or mount, without host.

    :raises NotFoundException: No route has this name with these parameters, or one of their values
        is not of its type.
    """
    from starlette.datastructures import URL

    return URL(scheme="http", path=resolve_path(router, name, params))


def resolve_path(router: Router, name: str, params: Mapping[str, Any]) -> str:
    """The percent-encoded path of a route or mount.

    :raises NotFoundException: As `resolve_url`.
    """
    for template in _templates(router, name, ()):
        if set(params) == {segment.name for segment in template if isinstance(segment, Param)}:
            try:
                return "".join("/" + _text(segment, params) for segment in template)
            except ValueError:
                continue
    raise NotFoundException(name=name, params=dict(params))


def _templates(router: Router, name: str, prefix: Segments) -> Iterator[Segments]:
    """The whole templates of all routes that have a name, in registration order."""
    from flama.routing import Mount, router_of

    for entry in router.routes:
        whole = (*prefix, *entry.segments)
        if entry.name == name:
            yield whole
        if isinstance(entry, Mount) and entry.name is not None:
            below = router_of(entry.app)
            if below is not None and name.startswith(entry.name + ":"):
                yield from _templates(below, name[len(entry.name) + 1 :], whole)


def _text(segment: str | Param, params: Mapping[str, Any]) -> str:
    """One segment of the URL.

    :raises ValueError: The value is not of the parameter's type.
    """
    if isinstance(segment, Param):
        return quote(CONVERTERS[segment.type].text(params[segment.name]), safe="")
    return quote(segment, safe=_LITERAL)
