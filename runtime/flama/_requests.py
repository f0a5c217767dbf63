"""The request that views and handlers receive."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

import starlette.requests
from starlette.datastructures import URL, URLPath

__all__ = ["Request"]


class Request(starlette.requests.Request):
    """Starlette's request, whose `url_for` resolves names as `resolve_url` does."""

    __module__ = "flama.http"

    def url_for(self, name: str, /, **path_params: Any) -> URL:
        """The absolute URL of a route, by its name as the outermost application resolves it; a
        name that only the owning application knows is resolved there.

        :raises NotFoundException: No route has this name with these parameters.
        """
        return absolute_url(self, name, path_params)


def absolute_url(connection: Any, name: str, params: dict[str, Any]) -> URL:
    """The absolute URL of a named route, for a request or a websocket."""
    from flama.exceptions import NotFoundException

    scope = connection.scope
    root = scope.get("flama.root", scope["app"])
    protocol: Literal["http", "websocket"] = "http" if scope["type"] == "http" else "websocket"
    try:
        path = quote(scope.get("flama.outer", "")) + root.resolve_url(name, **params).path
    except NotFoundException:
        owner = scope["app"]
        if owner is root:
            raise
        inside = scope.get("root_path", "")[len(scope.get("app_root_path", "")) :]
        path = quote(inside) + owner.resolve_url(name, **params).path
    return URLPath(path=path, protocol=protocol).make_absolute_url(base_url=connection.base_url)
