"""Handlers of exceptions: which one takes an exception, and how it is called.

An exception class of Starlette's that has a twin in `flama.exceptions` is taken for the twin, and
the other way round.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from flama._signatures import read
from flama.exceptions import ApplicationError, HTTPException, WebSocketException
from flama.types import Receive, Scope, Send

__all__ = ["Handlers", "call_handler", "check_handler", "find_handler", "is_starlette"]

Handlers = dict[Any, Callable[..., Any]]
"""Exception classes and statuses, with what answers them."""


def find_handler(error: Exception, tables: Sequence[Handlers]) -> Callable[..., Any] | None:
    """The handler for an exception: of the nearest application that has one, by its status or by
    its class. The default answer to an HTTP error is nearer than a handler for `Exception`."""
    kinds, status = _kinds(error)
    for table in tables:
        if status is not None and status in table:
            return table[status]
        for kind in kinds:
            if kind in table:
                return table[kind]
    return None


def check_handler(key: Any, handler: Any) -> None:
    """Whether a handler can be registered.

    :raises ApplicationError: The key is neither an exception class nor a status, or the handler
        takes neither `(request, exc)` nor `(scope, receive, send, exc)`.
    """
    is_class = isinstance(key, type) and issubclass(key, Exception)
    is_status = isinstance(key, int) and not isinstance(key, bool) and 100 <= key <= 599
    if not is_class and not is_status:
        raise ApplicationError(
            f"exc_class_or_status_code={key!r} is neither an exception class nor an HTTP status"
        )
    if not callable(handler):
        raise ApplicationError(f"handler={handler!r} cannot be called")
    if _arity(handler) not in (2, 4):
        raise ApplicationError(
            f"handler={handler!r} takes neither (request, exc) nor (scope, receive, send, exc)"
        )


def _kinds(error: Exception) -> tuple[list[type], int | None]:
    """The classes that a handler may be registered for, and the status of an HTTP error."""
    mro = list(type(error).__mro__)
    for ours, module, name in (
        (HTTPException, "starlette.exceptions", "HTTPException"),
        (WebSocketException, "starlette.exceptions", "WebSocketException"),
    ):
        theirs = getattr(sys.modules.get(module), name, None)
        same = [kind for kind in (ours, theirs) if kind is not None]
        base = next((kind for kind in same if isinstance(error, kind)), None)
        if base is not None:
            kinds = mro[: mro.index(base) + 1]
            kinds += [kind for kind in same if kind is not base]
            return kinds, getattr(error, "status_code", None)
    return mro, None


async def call_handler(
    handler: Callable[..., Any], error: Exception, scope: Scope, receive: Receive, send: Send
) -> Any:
    """What a handler returns, called as it wants to be called."""
    args: tuple[Any, ...]
    if _arity(handler) == 2:
        if scope["type"] == "http":
            from flama._requests import Request

            args = (Request(scope, receive, send), error)
        else:
            from flama.websockets import WebSocket

            args = (WebSocket(scope, receive, send), error)
    else:
        args = (scope, receive, send, error)
    if read(handler).awaits:
        return await handler(*args)
    from flama._threads import run

    result = await run(handler, args, {})
    return await result if hasattr(result, "__await__") else result


def _arity(handler: Callable[..., Any]) -> int:
    """How many arguments a handler is to be called with: 2 or 4, or 0 for neither."""
    parameters = read(handler).parameters
    positional = [p for p in parameters if p.kind in ("positional-only", "positional")]
    required = [p for p in positional if p.default is p.empty]
    if any(p.kind == "keyword-only" and p.default is p.empty for p in parameters):
        return 0
    if any(p.kind == "var-positional" for p in parameters):
        return 4 if len(required) > 2 else 2
    for count in (4, 2) if len(required) > 2 else (2, 4):
        if len(required) <= count <= len(positional):
            return count
    return 0


def is_starlette(error: Exception, module: str, name: str) -> bool:
    """Whether an exception is of a class of Starlette, which may not be loaded at all."""
    kind = getattr(sys.modules.get(f"starlette.{module}"), name, None)
    return kind is not None and isinstance(error, kind)
