"""The sets of routes whose lookup is measured, and requests for them.

`github` is the 203 routes of a real interface. `rest-N` has N routes of one shape: five routes a
resource, ten resources a section, ten sections an area, as large interfaces are divided. `wide-N`
has the same resources with nothing above them: a first segment for each. `fan-N` has N siblings
below one parameter, the widest table there is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from suite.github import GITHUB
from suite.lookup import Request, Route

__all__ = ["RouteSet", "request_for", "requests", "route_set"]


@dataclass(frozen=True, slots=True)
class RouteSet:
    """Routes with a name, in the order of their registration."""

    name: str
    routes: tuple[Route, ...]

    @property
    def module(self) -> str:
        """The name of the module that registers the routes in our application."""
        return "lookup_" + self.name.replace("-", "_")


def route_set(name: str) -> RouteSet:
    """`github`, or `rest-N`, `wide-N` and `fan-N` with N routes."""
    if name == "github":
        return RouteSet(name, GITHUB)
    kind, _, count = name.partition("-")
    make: Callable[[int], list[Route]] = {"rest": rest, "wide": wide, "fan": fan}[kind]
    return RouteSet(name, tuple(make(int(count))))


def rest(count: int) -> list[Route]:
    """Resources of five routes each, by section and area."""
    bases = (
        f"/area{number // 100}/section{number // 10 % 10}/resource{number % 10}"
        for number in range((count + 4) // 5)
    )
    return [route for base in bases for route in resource(base)][:count]


def wide(count: int) -> list[Route]:
    """Resources of five routes each, all at the top."""
    bases = (f"/resource{number}" for number in range((count + 4) // 5))
    return [route for base in bases for route in resource(base)][:count]


def resource(base: str) -> list[Route]:
    """The routes of a REST resource."""
    return [
        ("GET", base),
        ("POST", base),
        ("GET", base + "/{id}"),
        ("DELETE", base + "/{id}"),
        ("GET", base + "/{id}/parts/{part}"),
    ]


def fan(count: int) -> list[Route]:
    """Siblings with one parameter before them, so that no table of whole paths helps."""
    return [("GET", f"/{{tenant}}/leaf{number}") for number in range(count)]


SOME = 200
"""Routes that are asked for, where tables of different size are compared under the same traffic."""


def requests(chosen: RouteSet, part: str, count: int, seed: int) -> list[Request]:
    """`count` requests in random order: all routes, `some` 200 of them from all over the table,
    `static`, `dynamic`, the `last` or a `miss`.

    Values of parameters are never used twice and every string is new, so that neither a cache of
    answers nor a remembered hash helps.
    """
    source = random.Random(f"{chosen.name}/{part}/{seed}")
    routes = list(chosen.routes)
    if part == "static":
        routes = [route for route in routes if "{" not in route[1]]
    elif part == "dynamic":
        routes = [route for route in routes if "{" in route[1]]
    elif part == "last":
        routes = routes[-1:]
    elif part == "some":
        routes = random.Random(chosen.name).sample(routes, min(SOME, len(routes)))
    picked: list[Route] = []
    while len(picked) < count:
        source.shuffle(routes)
        picked += routes
    if part == "miss":
        return [(method, request_for(path, source) + "/x/y") for method, path in picked[:count]]
    return [(method, request_for(path, source)) for method, path in picked[:count]]


def request_for(template: str, source: random.Random) -> str:
    """A path that the template matches."""
    segments = [
        f"{source.getrandbits(40):010x}" if segment.startswith("{") else segment
        for segment in template.split("/")
    ]
    return "/".join(segments).encode().decode()
