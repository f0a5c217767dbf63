"""Schemas of bodies and results, and the two views that every application has of its own.

`Schema`, `SchemaList` and `SchemaMetadata` annotate parameters and results; `/schema/` and `/docs/`
are served by the views below. The document and the page are made on first use, and kept as long as
their application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flama.types import Schema, SchemaList, SchemaMetadata, Scope

if TYPE_CHECKING:
    from starlette.responses import Response

__all__ = ["Schema", "SchemaList", "SchemaMetadata", "docs_view", "schema_view"]

_DOCUMENTS: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()
_PAGES: WeakKeyDictionary[Any, tuple[str, str]] = WeakKeyDictionary()


async def schema_view(scope: Scope) -> Response:
    """The OpenAPI document of an application."""
    from starlette.responses import Response

    return Response(_document(scope["app"]), media_type="application/vnd.oai.openapi+json")


async def docs_view(scope: Scope) -> Response:
    """A page for people, which shows the OpenAPI document and works without the internet."""
    from starlette.responses import HTMLResponse

    app = scope["app"]
    if app not in _PAGES:
        from flama._pages import page

        _PAGES[app] = page(_document(app))
    before, after = _PAGES[app]
    # The page differs by what is above the application only: a server's prefix, or mounts.
    from flama._pages import settings

    return HTMLResponse(before + settings(scope) + after)


def _document(app: Any) -> bytes:
    if app not in _DOCUMENTS:
        from flama.openapi import document
        from flama.results import encode

        _DOCUMENTS[app] = encode(document(app))
    return _DOCUMENTS[app]
