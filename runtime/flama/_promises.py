"""What only the annotations of a live view tell: models of body and result, types of the query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from flama._signatures import read, resolve
from flama.bodies import body_of
from flama.coercion import coercion
from flama.results import checker, is_response

__all__ = ["body_reader", "check_results", "query_readers"]


def body_reader(view: Callable[..., Any], name: str) -> Callable[[bytes], Any] | None:
    """Gives the value of a parameter from the bytes of a JSON body; None if it names no model."""
    for parameter in resolve(read(view)).parameters:
        if parameter.name == name:
            body = body_of(parameter)
            return None if body is None else body.load_json
    return None


def query_readers(
    view: Callable[..., Any], names: Sequence[str]
) -> dict[str, Callable[[str], Any]] | None:
    """How the texts of some query parameters are read; None if one takes more than one text."""
    readers = {}
    for parameter in resolve(read(view)).parameters:
        if parameter.name in names:
            reading = coercion(parameter.annotation)
            if reading is None or reading.many:
                return None
            readers[parameter.name] = reading.convert
    return readers


def check_results(
    view: Callable[..., Any], call: Callable[..., Awaitable[Any]]
) -> Callable[..., Awaitable[Any]]:
    """The view with its results validated and filtered, where its return annotation says how."""
    check = checker(resolve(read(view)).returns)
    if check is None:
        return call

    async def checked(*args: Any, **kwargs: Any) -> Any:
        result = await call(*args, **kwargs)
        return result if is_response(result) else check(result)

    return checked
