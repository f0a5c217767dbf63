"""Binders made at load, for views whose parameters only the live objects explain.

    me(user: User)           # a component
    search(tags: list[str])  # a list
    show(request: Request)   # the request itself

`live(binding, method)` gives a binder like those that compiled modules have. It does what
interpreted dispatch does, in the same order, but writes into the scope only for views that can see
the scope, and leaves encoding and sending to the caller.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from flama._call import Call
from flama._filling import REQUEST, SCOPE, Plan
from flama._http_views import ClassBinding, FunctionBinding, HTTPView
from flama._views import Bind, View, as_declared
from flama.bodies import is_form
from flama.endpoints import is_plain, make
from flama.types import Receive, Scope, Send

__all__ = ["live"]

_NO_TEXTS: Mapping[str, str] = {}


def live(binding: FunctionBinding | ClassBinding, method: str) -> Bind | None:
    """The binder of a route, or of one method of a class; None for a class without a method."""
    if isinstance(binding, FunctionBinding):
        plan = binding.view.plan
        bind = _binder(binding.view, _beginner(plan, plan.needs == SCOPE))
    elif method:
        view = binding.views[method]
        plan = view.plan
        bind = _verb(binding.endpoint, binding.verbs[method], view)
    else:
        return None
    return _unless_form(bind) if plan.forms else bind


def _verb(endpoint: Any, verb: str, http: HTTPView) -> Bind:
    # A request object that was made without the scope's extras is not the one of `self.request`.
    late = is_plain(endpoint) and http.plan.needs < REQUEST

    def bound(
        call: Call, view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Any:
        if not late:
            return getattr(make(endpoint, call), verb)
        made: Any = view.instance(scope, receive, send, segments)
        made._call = call
        return getattr(made, verb)

    return _binder(http, _beginner(http.plan, not late), bound)


def _binder(
    http: HTTPView, begin: Callable[..., Call], bound: Callable[..., Any] | None = None
) -> Bind:
    """Fills the parameters of a view and calls it.

    :param bound: Gives the view bound to an instance, for a class.
    """
    function, plan, keyword, checks = http.view, http.plan, http.plan.keyword, http.plan.checks

    async def fill_and_call(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Any:
        call = begin(view, scope, receive, send, segments)
        target = bound(call, view, scope, receive, send, segments) if bound else function
        if checks:
            plan.check(call)
        kwargs = {}
        for name, fill, awaits in keyword:
            value = fill(call)
            if awaits and hasattr(value, "__await__"):
                value = await value
            kwargs[name] = value
        return await target(**kwargs)

    def call_filled(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Awaitable[Any]:
        call = begin(view, scope, receive, send, segments)
        target = bound(call, view, scope, receive, send, segments) if bound else function
        if checks:
            plan.check(call)
        result: Awaitable[Any] = target(**{name: fill(call) for name, fill, _ in keyword})
        return result

    async def in_general(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Any:
        call = begin(view, scope, receive, send, segments)
        target = bound(call, view, scope, receive, send, segments) if bound else function
        filled = await plan.arguments(call) if plan.awaits else plan.arguments_now(call)
        return await http.call(target, *filled)

    if not http.awaits or http.check is not None or plan.positional or plan.wants_bytes:
        return in_general
    return fill_and_call if plan.awaits else call_filled


def _beginner(plan: Plan, opens: bool) -> Callable[..., Call]:
    """Makes the call of a request; `opens`: the scope is written as a view sees it."""
    has_texts = bool(plan.path)

    def begin(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Call:
        if opens:
            scope, send, texts = view.open(scope, receive, send, segments)
            return Call(scope, receive, send, texts)
        return Call(scope, receive, send, view.texts(scope, segments) if has_texts else _NO_TEXTS)

    return begin


def _unless_form(bind: Bind) -> Bind:
    """Forms have files, which are closed when the response has been sent: that is not said here."""

    def bind_or_declare(
        view: View, scope: Scope, receive: Receive, send: Send, segments: Sequence[str]
    ) -> Awaitable[Any]:
        way = as_declared if is_form(scope["headers"]) else bind
        return way(view, scope, receive, send, segments)

    return bind_or_declare
