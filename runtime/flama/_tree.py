"""The tree that applications form by mounting: walked, bound, and kept without cycles."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flama._foreign import ForeignNames
from flama._matching import param_types
from flama.exceptions import ApplicationError
from flama.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from flama.routing import Router

__all__ = [
    "COMPILED",
    "applications_below",
    "bound",
    "check_cycle",
    "hand_over",
    "in_reach",
    "prepare_entry",
    "router_of",
    "warn_of_empty",
]

logger = logging.getLogger("flama")

COMPILED: WeakKeyDictionary[ASGIApp, Any] = WeakKeyDictionary()
"""The applications that compiled ones were made from."""


def router_of(app: Any) -> Router | None:
    """The router of a Flama or the router itself; None for a foreign application."""
    router = app if getattr(app, "kind", None) == "router" else getattr(app, "router", None)
    return router if getattr(router, "kind", None) == "router" else None


async def hand_over(
    app: Any, scope: Scope, below: dict[str, Any], receive: Receive, send: Send
) -> None:
    """Give a request to a mounted application: `scope` is the mount's, `below` its own."""
    chain = scope["flama.chain"]
    if router_of(app) is not None:
        below["flama.chain"] = (app, *chain)
        await app.enter(below, receive, send)
        return
    below["endpoint"] = app
    if hasattr(app, "url_path_for"):
        inside = below["root_path"][len(below["app_root_path"]) :]
        below["router"] = ForeignNames(app, inside, chain[-1])
    state = chain[-1].router.foreign_states.get(id(app))
    if state:
        below["state"] = {**below.get("state", {}), **state}
    await app(below, receive, send)


def bound(
    route: Any,
    chain: tuple[Any, ...],
    types: Mapping[str, str],
    bind: Callable[..., Any],
) -> Any:
    """What serves a route in one place of the tree, bound by `bind` when it is first asked for."""
    # Components may be added while serving; a list of them only grows.
    reached = in_reach(chain)
    key = (chain, tuple(types.items()), sum(len(app.components) for app in reached))
    if route.bindings is None:
        route.bindings = {}
    binding = route.bindings.get(key)
    if binding is None:
        from flama._planning import Reach

        own = param_types(route.segments)
        reach = Reach(reached, {**types, **own}, route.kind)
        binding = route.bindings[key] = bind(route.endpoint, reach, route)
    return binding


def in_reach(chain: tuple[Any, ...]) -> tuple[Any, ...]:
    """The applications whose components a view can use: around it, then those named as parents."""
    found = list(chain)
    for app in found:
        parent = getattr(app, "parent", None) or (
            app.app if getattr(app, "kind", None) == "router" else None
        )
        if parent is not None and parent not in found:
            found.append(parent)
    return tuple(found)


def prepare_entry(entry: Any, chain: tuple[Any, ...], types: Mapping[str, str]) -> None:
    """Bind one entry, or all that is below it.

    :raises ApplicationError: A parameter that nothing can fill.
    """
    if entry.kind == "mount":
        router = router_of(entry.app)
        if router is not None:
            own = param_types(entry.segments)
            router.prepare((entry.app, *chain), {**types, **own})
    else:
        entry.bind(chain, types)


def applications_below(router: Router, seen: set[int]) -> Iterator[Any]:
    """Every application mounted on a router or below, each once, parents first; not routers."""
    entries: list[Any] = list(router.routes)
    for entry in entries:
        if entry.kind != "mount" or id(entry.app) in seen:
            continue
        seen.add(id(entry.app))
        below = router_of(entry.app)
        if below is not entry.app:
            yield entry.app
        if below is not None:
            yield from applications_below(below, seen)


def warn_of_empty(entry: Any) -> None:
    """Say so where a route below a mount can never answer."""
    if entry.path == "" and entry.kind != "mount":
        logger.warning('the route %r answers nothing: below a mount no path is ""', entry.name)


def check_cycle(router: Router, app: Any) -> None:
    """Whether an application may be mounted on a router.

    :raises ApplicationError: The router is somewhere below it.
    """
    below = router_of(app)
    if below is None:
        return
    inside = {id(below), *(id(router_of(found)) for found in _routers(below, set()))}
    if id(router) in inside:
        raise ApplicationError(
            f"app={app!r} contains the application that it is mounted on: mounts form no cycle"
        )


def _routers(router: Router, seen: set[int]) -> Iterator[Router]:
    entries: list[Any] = router.routes
    for entry in entries:
        if entry.kind == "mount":
            below = router_of(entry.app)
            if below is not None and id(below) not in seen:
                seen.add(id(below))
                yield below
                yield from _routers(below, seen)
