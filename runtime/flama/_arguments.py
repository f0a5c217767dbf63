"""Checks of what routes are registered with. Bad arguments are named, with their value."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flama.exceptions import ApplicationError

__all__ = [
    "check_path",
    "check_websocket",
    "checked_name",
    "endpoint_name",
    "items_of",
    "mapping_of",
    "methods_of",
]

logger = logging.getLogger("flama")

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def items_of(argument: str, given: Any) -> Iterable[Any]:
    """What a list holds that may be left out.

    :raises ApplicationError: It is no list, nor anything else that can be gone through.
    """
    if given is None:
        return ()
    try:
        held: Iterable[Any] = iter(given)
    except TypeError:
        raise ApplicationError(f"{argument}={given!r} is not a list") from None
    return held


def mapping_of(argument: str, given: Any) -> Mapping[Any, Any]:
    """A mapping that may be left out.

    :raises ApplicationError: It is none.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ApplicationError(f"{argument}={given!r} is not a mapping")
    return given


def checked_name(name: Any) -> str | None:
    """The name of a route or of a mount, as a plain string: a member of an enum is its text.

    :raises ApplicationError: It is neither text nor None.
    """
    if name is None:
        return None
    if not isinstance(name, str):
        raise ApplicationError(f"name={name!r} is not a string")
    return str.__str__(name)


def check_path(path: Any) -> None:
    """Whether a decorator was given its path, and not at once what it decorates.

    :raises ApplicationError: It was not.
    """
    if callable(path):
        raise ApplicationError(
            f"path={path!r} is no path: write the decorator with one, in brackets"
        )


def endpoint_name(endpoint: Any) -> str:
    """The default name of a route: of its function or class."""
    name = getattr(endpoint, "__name__", None)
    while name is None and hasattr(endpoint, "func"):
        endpoint = endpoint.func
        name = getattr(endpoint, "__name__", None)
    return name if isinstance(name, str) else type(endpoint).__name__


def methods_of(methods: Iterable[str] | None, endpoint: Any) -> frozenset[str]:
    """The methods of a route: as given, or GET for a function and its verbs for a class.

    :raises ApplicationError: They are no list of methods, or the class lacks one of them.
    """
    if isinstance(endpoint, type):
        from flama._http_views import class_methods

        return class_methods(endpoint, None if methods is None else _checked(methods))
    if not callable(endpoint):
        raise ApplicationError(
            f"endpoint={endpoint!r} is neither callable nor an HTTPEndpoint class"
        )
    if methods is None:
        return _GET
    # PERF: a set takes 216 bytes, and an application has few different ones.
    checked = _checked(methods)
    found = _known.get(checked)
    if found is None:
        found = _known[checked] = checked | _GET if "GET" in checked else checked
    return found


_GET = frozenset(("GET", "HEAD"))
_known: dict[frozenset[str], frozenset[str]] = {}


def _checked(methods: Iterable[str]) -> frozenset[str]:
    if isinstance(methods, str | bytes):
        raise ApplicationError(f"methods={methods!r} is one string: write a list, [{methods!r}]")
    try:
        checked = frozenset(methods)
    except TypeError:
        raise ApplicationError(f"methods={methods!r} is not a list of methods") from None
    for method in checked:
        if not isinstance(method, str) or not method or not _TOKEN.issuperset(method):
            raise ApplicationError(f"methods: {method!r} is not the name of a method")
        if not method.isupper() and any(c.islower() for c in method):
            logger.warning("no request has the method %r: methods are upper-case", method)
    return checked


def check_websocket(endpoint: Any) -> None:
    """Whether something can serve websockets.

    :raises ApplicationError: It is neither an asynchronous callable nor an endpoint class.
    """
    if isinstance(endpoint, type):
        from flama.endpoints import WebSocketEndpoint, hooks_of

        if not issubclass(endpoint, WebSocketEndpoint):
            raise ApplicationError(
                f"endpoint={endpoint!r} is neither callable nor a WebSocketEndpoint class"
            )
        hooks_of(endpoint)
        return
    if not callable(endpoint):
        raise ApplicationError(
            f"endpoint={endpoint!r} is neither callable nor a WebSocketEndpoint class"
        )
    from flama._signatures import read

    if not read(endpoint).awaits:
        raise ApplicationError(f"endpoint={endpoint!r} is synchronous: a websocket view is async")
