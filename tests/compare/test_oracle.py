"""The independent reading of a table: against the running router, and against its own index."""

from __future__ import annotations

from random import Random

import pytest
from flama_compile.verify.oracle import Oracle, answer
from hypothesis import given
from hypothesis import strategies as st
from support.running import application, observe, requests, seen
from support.tables import (
    MountSpec,
    RouteSpec,
    SiteSpec,
    Spec,
    build,
    random_specs,
)


@given(rng=st.randoms(use_true_random=False))
def test_it_says_what_the_running_application_does(rng: Random) -> None:
    specs = random_specs(rng)
    app, table = application(specs), build(specs)
    for protocol, method, path in requests(rng, specs):
        assert seen(answer(table, protocol, method, path)) == observe(app, protocol, method, path)


@given(rng=st.randoms(use_true_random=False))
def test_the_index_changes_nothing(rng: Random) -> None:
    specs = random_specs(rng, size=8)
    table = build(specs)
    oracle = Oracle(table)
    for protocol, method, path in requests(rng, specs):
        linear = answer(table, protocol, method, path)
        indexed = oracle.answer(protocol, method, path)
        assert (indexed.status, indexed.route, indexed.mount) == (
            linear.status,
            linear.route,
            linear.mount,
        )
        assert (indexed.params, indexed.allow) == (linear.params, linear.allow)
        assert (indexed.root_path, indexed.rest) == (linear.root_path, linear.rest)


SHOP: list[Spec] = [
    RouteSpec("/{page}", "page"),
    MountSpec("/shop", "shop", [RouteSpec("/", "front"), RouteSpec("", "never")]),
    MountSpec("/orgs/{org:int}", "orgs", [RouteSpec("/users/{id}", "user", methods=["POST"])]),
    MountSpec("/static", "static", None),
    RouteSpec("/shop/late", "late"),
]


@pytest.mark.parametrize(
    ("method", "path", "status", "more"),
    [
        ("GET", "/shop", "route", {"page": "shop"}),
        ("POST", "/shop", "405", ("GET", "HEAD")),
        ("GET", "/shop/", "route", {}),
        ("GET", "/shop/late", "404", None),
        ("POST", "/orgs/5/users/me", "route", {"org": 5, "id": "me"}),
        ("GET", "/orgs/5/users/me", "405", ("POST",)),
        ("GET", "/orgs/x/users/me", "404", None),
        ("GET", "/static/a/b", "mount", None),
        ("GET", "/shopping/x", "404", None),
        ("OPTIONS", "*", "404", None),
        ("GET", "", "404", None),
    ],
)
def test_mounts(method: str, path: str, status: str, more: object) -> None:
    found = answer(build(SHOP), "http", method, path)
    assert found.status == status
    if status == "405":
        assert found.allow == more
    elif more is not None:
        assert found.params == more


def test_it_tells_the_rest_of_the_path_and_who_lost() -> None:
    found = answer(build(SHOP), "http", "GET", "/orgs/5/users/me")
    assert (found.root_path, found.rest) == ("/orgs/5", "/users/me")
    assert [mount.own for mount in found.within] == ["/orgs/{org:int}"]
    assert [route.handler.qualname for route in found.others] == ["user"]
    late = answer(build(SHOP), "http", "GET", "/shop/late")
    assert [route.handler.qualname for route in late.others] == ["late"]


def test_a_dynamic_site_stands_before_what_is_registered_after_it() -> None:
    table = build([RouteSpec("/a", "a"), SiteSpec(), RouteSpec("/b", "b")])
    assert answer(table, "http", "GET", "/a").status == "route"
    found = answer(table, "http", "GET", "/b")
    assert found.status == "dynamic" and found.site is not None
    assert found.site.reason == "loop-over-unknown"
