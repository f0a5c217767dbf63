"""What only the annotations of a live view tell: models of body and result, types of the query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from flama._signatures import resolve
from flama.bodies import body_of
from flama.coercion import coercion
from flama.results import is_response

if TYPE_CHECKING:
    from flama._views import View

__all__ = ["checked", "promise"]


def promise(view: View, body: str, reads: Sequence[str], components: Sequence[Any]) -> bool:
    """Get a view ready for a binder that reads its body or values of other types than primitives.

    :param body: The parameter that is filled from the body, "" for none.
    :param reads: Parameters that are filled from the query.
    :param components: Those in reach of the view.
    :returns: Whether the live annotations fit such a binder.
    """
    readers = {}
    for parameter in resolve(view.signature).parameters:
        if parameter.name != body and parameter.name not in reads:
            continue
        if any(component.can_handle_parameter(parameter) for component in components):
            return False
        if parameter.name == body:
            loading = body_of(parameter)
            if loading is None:
                return False
            view.body = loading.load_json
        else:
            reading = coercion(parameter.annotation)
            if reading is None or reading.many:
                return False
            readers[parameter.name] = reading.convert
    view.reads = readers
    return True


def checked(
    call: Callable[..., Awaitable[Any]], check: Callable[[Any], Any]
) -> Callable[..., Awaitable[Any]]:
    """The view with its results validated and filtered."""

    async def call_and_check(*args: Any, **kwargs: Any) -> Any:
        result = await call(*args, **kwargs)
        return result if is_response(result) else check(result)

    return call_and_check
