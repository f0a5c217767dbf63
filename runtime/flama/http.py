"""Requests and responses: Starlette's, where needed with the rules of this framework.

Each name is loaded, with the part of Starlette that it needs, when it is first touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.datastructures import Headers, QueryParams, UploadFile
    from starlette.responses import (
        FileResponse,
        HTMLResponse,
        PlainTextResponse,
        RedirectResponse,
        Response,
        StreamingResponse,
    )

    from flama._requests import Request
    from flama._responses import APIErrorResponse, APIResponse, JSONResponse

__all__ = [
    "APIErrorResponse",
    "APIResponse",
    "FileResponse",
    "HTMLResponse",
    "Headers",
    "JSONResponse",
    "PlainTextResponse",
    "QueryParams",
    "RedirectResponse",
    "Request",
    "Response",
    "StreamingResponse",
    "UploadFile",
]

_HOMES = {
    "Request": "flama._requests",
    "APIErrorResponse": "flama._responses",
    "APIResponse": "flama._responses",
    "JSONResponse": "flama._responses",
    "FileResponse": "flama._responses",
    "HTMLResponse": "flama._responses",
    "PlainTextResponse": "flama._responses",
    "RedirectResponse": "flama._responses",
    "Response": "flama._responses",
    "StreamingResponse": "flama._responses",
    "Headers": "starlette.datastructures",
    "QueryParams": "starlette.datastructures",
    "UploadFile": "starlette.datastructures",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
