"""What a peer offers so that its router can be measured without the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Lookup", "Request", "Route"]

Route = tuple[str, str]
"""Method and template; the name of a route is its place in the sequence of routes."""

Request = tuple[str, str]
"""Method and path."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A router filled with routes.

    `run` looks all requests up and throws the answers away; each peer writes the loop itself, so
    that no call of ours is measured with its router. `find` answers one request, for the check
    before: the number of the route and the values of its parameters, or None.
    """

    run: Callable[[Sequence[Request]], None]
    find: Callable[[str, str], tuple[int, dict[str, str]] | None]
