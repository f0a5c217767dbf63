"""What views and applications raise, and the JSON body that each HTTP error becomes.

Every HTTP error has one form, written `E(status, detail, error)` in the documentation::

    HTTPException(404)            ->  {"status_code":404,"detail":"Not Found","error":...}
    ValidationError({"q": {...}}) ->  {"status_code":400,"detail":{...},"error":"ValidationError"}

Starlette's `HTTPException` and `WebSocketException` are treated like the ones here, without this
module having to load Starlette.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.websockets import WebSocketDisconnect

__all__ = [
    "ApplicationError",
    "ClientLeft",
    "ContractError",
    "HTTPException",
    "MethodNotAllowedException",
    "NotFoundException",
    "SerializationError",
    "StaleDispatchError",
    "ValidationError",
    "WebSocketDisconnect",
    "WebSocketException",
    "phrase",
]


class ApplicationError(Exception):
    """The application is put together or used in a way that cannot work."""


class StaleDispatchError(ApplicationError):
    """A compiled module was made from other routes than those that the application registered.

    :param module: The compiled module.
    :param difference: What differs, naming the route.
    :param command: What to run.
    """

    def __init__(self, module: str, difference: str, command: str) -> None:
        self.module = module
        self.difference = difference
        self.command = command
        super().__init__(f"{module} is out of date: {difference}. Run `{command}`.")


class ContractError(ApplicationError):
    """A compiled module was made for another version of `flama.dispatch`.

    :param module: The compiled module.
    :param wanted: The contract that it was made for.
    :param found: The contract of the installed runtime.
    :param command: What to run.
    """

    def __init__(self, module: str, wanted: object, found: int, command: str) -> None:
        self.module = module
        self.wanted = wanted
        self.found = found
        self.command = command
        super().__init__(
            f"{module} needs contract {wanted} of flama.dispatch, but the installed flama-runtime "
            f"has contract {found}. Install the flama-runtime that it was built with, or run "
            f"`{command}`."
        )


class HTTPException(Exception):
    """An answer other than success.

    :param status_code: The status of the response.
    :param detail: Anything JSON can hold; the status's phrase by default.
    :param headers: Headers of the response: a mapping, or pairs where a name comes twice.
    """

    def __init__(
        self,
        status_code: int,
        detail: Any = None,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    ) -> None:
        self.status_code = int(status_code)
        self.detail: Any = phrase(self.status_code) if detail is None else detail
        self.headers = headers
        super().__init__(self.status_code, self.detail)

    @property
    def error(self) -> str:
        """The name in the body's `error` key."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.status_code}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status_code={self.status_code!r}, detail={self.detail!r})"


class ValidationError(HTTPException):
    """The request does not hold what the view declares.

    :param detail: Keyed by parameter or field: `{"type", "loc", "msg", "input"}` each.
    """

    def __init__(self, detail: Any = None, status_code: int = 400) -> None:
        super().__init__(status_code, detail)


class SerializationError(HTTPException):
    """The result of a view is not what its return annotation promises."""

    def __init__(self, detail: Any = None, status_code: int = 500) -> None:
        super().__init__(status_code, detail)


class NotFoundException(HTTPException):
    """No route answers: an unknown path, or a name that no route has."""

    def __init__(
        self,
        path: str | None = None,
        params: Mapping[str, Any] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(404)
        self.path = path
        self.params = params
        self.name = name

    @property
    def error(self) -> str:
        return "HTTPException"

    def __str__(self) -> str:
        facts = {"path": self.path, "params": self.params, "name": self.name}
        shown = ", ".join(f"{key}={value!r}" for key, value in facts.items() if value)
        return f"not found ({shown})" if shown else "not found"


class MethodNotAllowedException(HTTPException):
    """A route has this path, but not this method.

    :param allowed: The methods of every route that has the path; sent as the `Allow` header.
    """

    def __init__(
        self,
        path: str | None = None,
        method: str | None = None,
        allowed: Collection[str] = (),
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(405, headers={"Allow": ", ".join(sorted(allowed))})
        self.path = path
        self.method = method
        self.allowed = frozenset(allowed)
        self.params = params

    @property
    def error(self) -> str:
        return "HTTPException"

    def __str__(self) -> str:
        return f"method {self.method!r} is not allowed on {self.path!r}"


class WebSocketException(Exception):
    """Closes the websocket connection with a code and a reason."""

    def __init__(self, code: int, reason: str | None = None) -> None:
        self.code = int(code)
        self.reason = reason or ""
        super().__init__(self.code, self.reason)

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(code={self.code!r}, reason={self.reason!r})"


class ClientLeft(Exception):
    """The client disconnected while its request body was read; there is nobody to answer."""


def phrase(status: int) -> str:
    """The phrase of a status, "" for a number that has none."""
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def __getattr__(name: str) -> Any:
    if name == "WebSocketDisconnect":
        from starlette.websockets import WebSocketDisconnect

        return WebSocketDisconnect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
