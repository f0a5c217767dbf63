"""Responses: Starlette's, with JSON written by the framework's own encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.responses import JSONResponse as _JSONResponse

from flama._signatures import EMPTY
from flama.exceptions import ApplicationError, phrase
from flama.results import checker, encode

__all__ = [
    "APIErrorResponse",
    "APIResponse",
    "FileResponse",
    "HTMLResponse",
    "JSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "Response",
    "StreamingResponse",
]


class JSONResponse(_JSONResponse):
    """JSON of anything that a view may return."""

    __module__ = "flama.http"

    def render(self, content: Any) -> bytes:
        """The body.

        :raises TypeError: The content holds something that JSON has no form for.
        """
        return encode(content)


class APIResponse(JSONResponse):
    """JSON that is validated against a schema and reduced to it.

    :param schema: A model, or `Annotated[Schema, SchemaMetadata(Model)]`.
    :raises SerializationError: The content does not fit the schema.
    """

    __module__ = "flama.http"

    def __init__(
        self,
        content: Any = None,
        schema: Any = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        self.schema = schema
        if schema is not None:
            check = checker(schema if schema is not EMPTY else None)
            if check is None:
                raise ApplicationError(f"schema={schema!r} names no model")
            content = check(content)
        super().__init__(content, status_code, headers, media_type, background)


class APIErrorResponse(JSONResponse):
    """The JSON body of an HTTP error: `status_code`, `detail` and `error`.

    :param detail: Anything JSON can hold; the status's phrase by default.
    :param exception: Its class is named in `error`.
    """

    __module__ = "flama.http"

    def __init__(
        self,
        detail: Any = None,
        status_code: int = 400,
        exception: BaseException | None = None,
        headers: Mapping[str, str] | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        self.detail = phrase(status_code) if detail is None else detail
        self.exception = exception
        content = {
            "status_code": status_code,
            "detail": self.detail,
            "error": None if exception is None else type(exception).__name__,
        }
        super().__init__(content, status_code, headers, None, background)
