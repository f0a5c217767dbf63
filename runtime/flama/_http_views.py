"""HTTP views bound to their place: parameters filled, the view called, its result sent.

`bind_http(endpoint, reach, route)` gives an ASGI-like callable with a fourth argument, the texts
of the path parameters::

    respond = bind_http(show, Reach((app,), {"item_id": "int"}, "http"), route)
    await respond(scope, receive, send, {"item_id": "7"})

Nothing here looks at the route again. Compiled dispatch binds views with it at load when their
parameters are known only from the live objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flama._planning import Call, Reach, plan
from flama._signatures import Signature, describe, read, read_method, resolve
from flama._threads import run
from flama.exceptions import ApplicationError
from flama.results import checker, encode_result, is_response, json_messages
from flama.types import Receive, Scope, Send

__all__ = ["ClassBinding", "FunctionBinding", "HTTPView", "bind_http", "class_methods"]


class HTTPView:
    """One callable that answers requests.

    :param view: The callable; of a class, its method as it stands in the class.
    :param signature: Its resolved signature, without `self`.
    """

    __slots__ = ("awaits", "check", "plan", "view")

    def __init__(self, view: Callable[..., Any], signature: Signature, reach: Reach) -> None:
        self.view = view
        self.plan = plan(signature, reach, describe(view))
        self.awaits = signature.awaits
        """It is `async def`."""
        self.check = checker(signature.returns)
        """What its return annotation asks of results, None for nothing."""

    async def result(self, call: Call, bound: Callable[..., Any] | None = None) -> Any:
        """What the view returns, checked against its return annotation.

        :param bound: The view bound to an instance, for a class.
        :raises ValidationError: The request does not hold what the view declares.
        """
        if self.plan.awaits:
            args, kwargs = await self.plan.arguments(call)
        else:
            args, kwargs = self.plan.arguments_now(call)
        return await self.call(self.view if bound is None else bound, args, kwargs)

    async def call(
        self, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """What the view returns for these arguments, checked.

        :param view: The view, bound to an instance for a class.
        """
        if self.awaits:
            result = await view(*args, **kwargs)
        else:
            result = await run(view, args, kwargs)
            if hasattr(result, "__await__"):
                # A plain function around an asynchronous one.
                result = await result
        if self.check is not None and not is_response(result):
            result = self.check(result)
        return result

    async def respond(self, call: Call, bound: Callable[..., Any] | None = None) -> None:
        """Call the view and send its result."""
        try:
            result = await self.result(call, bound)
            if is_response(result):
                await result(call.scope, call.receive, call.send)
                return
            start, body = json_messages(encode_result(result, self.view))
            await call.send(start)
            await call.send(body)
        finally:
            if call._parsed is not None:
                await call.close()


class FunctionBinding:
    """A callable in one place of the tree of applications."""

    def __init__(self, endpoint: Callable[..., Any], reach: Reach) -> None:
        self.view = HTTPView(endpoint, resolve(read(endpoint)), reach)

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]
    ) -> None:
        """Answer a request."""
        await self.view.respond(Call(scope, receive, send, texts))


class ClassBinding:
    """An `HTTPEndpoint` class in one place of the tree of applications."""

    def __init__(self, endpoint: Any, reach: Reach) -> None:
        self.endpoint = endpoint
        self.verbs: Mapping[str, str] = endpoint.verbs()
        """The name of the method that answers, by HTTP method."""
        views = {
            verb: HTTPView(getattr(endpoint, verb), resolve(read_method(endpoint, verb)), reach)
            for verb in dict.fromkeys(self.verbs.values())
        }
        self.views = {method: views[verb] for method, verb in self.verbs.items()}

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, texts: Mapping[str, str]
    ) -> None:
        """Answer a request with a new instance."""
        from flama.endpoints import make

        method = scope["method"]
        call = Call(scope, receive, send, texts)
        await self.views[method].respond(
            call, getattr(make(self.endpoint, call), self.verbs[method])
        )


def bind_http(endpoint: Any, reach: Reach, route: Any = None) -> FunctionBinding | ClassBinding:
    """What answers requests to a route: see the module's docstring.

    :param endpoint: A callable, or an `HTTPEndpoint` class.
    :raises ApplicationError: A parameter that nothing can fill.
    """
    if isinstance(endpoint, type):
        return ClassBinding(endpoint, reach)
    return FunctionBinding(endpoint, reach)


def class_methods(endpoint: type, methods: Iterable[str] | None) -> frozenset[str]:
    """The methods of a route to a class: its verbs, or those of them that `methods` names.

    :raises ApplicationError: It is no endpoint class, or lacks a verb that `methods` names.
    """
    from flama.endpoints import HTTPEndpoint

    if not issubclass(endpoint, HTTPEndpoint):
        raise ApplicationError(
            f"endpoint={endpoint!r} is neither callable nor an HTTPEndpoint class"
        )
    verbs = endpoint.verbs()
    if methods is None:
        return frozenset(verbs)
    wanted = set(methods)
    lacking = sorted(wanted - verbs.keys())
    if lacking:
        raise ApplicationError(
            f"methods: {describe(endpoint)} has no verb for {', '.join(lacking)} "
            f"(it has {', '.join(sorted(verbs)) or 'none'})"
        )
    return frozenset({*wanted, "HEAD"} if "GET" in wanted else wanted)
