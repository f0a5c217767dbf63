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
_PAGES: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


async def schema_view(scope: Scope) -> Response:
    """The OpenAPI document of an application."""
    from starlette.responses import Response

    return Response(_document(scope["app"]), media_type="application/vnd.oai.openapi+json")


async def docs_view(scope: Scope) -> Response:
    """A page for people, which shows the OpenAPI document and works without the internet."""
    from html import escape
    from urllib.parse import quote

    from starlette.responses import HTMLResponse

    from flama._pages import MARK

    prefix = quote(scope.get("root_path") or "")
    return HTMLResponse(_page(scope["app"]).replace(MARK, escape(prefix)))


def _document(app: Any) -> bytes:
    if app not in _DOCUMENTS:
        from flama.openapi import document
        from flama.results import encode

        _DOCUMENTS[app] = encode(document(app))
    return _DOCUMENTS[app]


def _page(app: Any) -> str:
    if app not in _PAGES:
        import json

        from flama._pages import page

        _PAGES[app] = page(json.loads(_document(app)), app.schema_path)
    return _PAGES[app]
