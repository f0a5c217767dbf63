"""Middleware: ASGI applications around an application.

    app = Flama(middleware=[Middleware(GZipMiddleware, minimum_size=500)])

The first of the list is the outermost. Starlette's own `Middleware` objects are taken too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flama.exceptions import ApplicationError

__all__ = ["Middleware", "as_middleware"]


class Middleware:
    """A middleware and its arguments, built when the application is.

    :param cls: Called with the application inside it, and the arguments.
    """

    __slots__ = ("args", "cls", "kwargs")

    def __init__(self, cls: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        if not callable(cls):
            raise ApplicationError(f"middleware: {cls!r} cannot be called with an application")
        self.cls = cls
        self.args = args
        self.kwargs = kwargs

    def __call__(self, app: Any) -> Any:
        """The ASGI application with this middleware around it."""
        return self.cls(app, *self.args, **self.kwargs)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.cls, self.args, self.kwargs))

    def __repr__(self) -> str:
        shown = [getattr(self.cls, "__name__", repr(self.cls))]
        shown += [repr(value) for value in self.args]
        shown += [f"{key}={value!r}" for key, value in self.kwargs.items()]
        return f"Middleware({', '.join(shown)})"


def as_middleware(given: Any, *args: Any, **kwargs: Any) -> Middleware:
    """A middleware as applications may give it: an object of this or of Starlette's class, or
    what builds one.

    :raises ApplicationError: It is neither.
    """
    if isinstance(given, Middleware):
        return given
    kind = type(given)
    if (kind.__module__, kind.__name__) == ("starlette.middleware", "Middleware"):
        return Middleware(given.cls, *given.args, **given.kwargs)
    return Middleware(given, *args, **kwargs)
