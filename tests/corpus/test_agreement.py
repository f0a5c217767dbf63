"""The comparison that judges the corpus notices every kind of difference."""

from __future__ import annotations

from typing import Any

import pytest
from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Parameter,
    Route,
    View,
)

from corpus.agreement import compare, listing

SITE = DynamicSite("loop-over-unknown", "a loop", None)


def route(path: str, **changes: Any) -> Route:
    values: dict[str, Any] = {
        "kind": "http",
        "own": path,
        "path": path,
        "segments": tuple(path.split("/")[1:]),
        "methods": ("GET", "HEAD"),
        "handler": Handler("shop", "view"),
        "is_class": False,
        "views": (View("", (), False, ""),),
        "name": "view",
        "include_in_schema": True,
        "span": None,
    }
    return Route(**{**values, **changes})


def row(path: str, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": "http",
        "path": path,
        "methods": ["GET", "HEAD"],
        "handler": "shop:view",
        "name": "view",
        "include_in_schema": True,
        "parameters": {"": []},
    }
    return {**values, **changes}


def app(*entries: Entry) -> App:
    return App(Handler("shop", "app"), "flama", False, (), entries, None)


def mount(path: str, below: App | None, **changes: Any) -> Mount:
    values: dict[str, Any] = {
        "own": path,
        "path": path,
        "segments": (),
        "target": Handler("shop", "sub"),
        "app": below,
        "name": None,
        "late_name": False,
        "span": None,
    }
    return Mount(**{**values, **changes})


def mount_row(path: str, *children: dict[str, Any], foreign: bool = False) -> dict[str, Any]:
    return {
        "kind": "mount",
        "path": path,
        "name": None,
        "include_in_schema": True,
        "aliases": ["shop:sub"],
        "children": None if foreign else list(children),
    }


@pytest.mark.parametrize(
    ("entries", "rows"),
    [
        ([], []),
        ([route("/a"), route("/b")], [row("/a"), row("/b")]),
        ([SITE], []),
        ([SITE, route("/a")], [row("/x"), row("/y"), row("/a")]),
        ([route("/a"), SITE, route("/a")], [row("/a"), row("/a"), row("/a")]),
        ([route("/a", name=None)], [row("/a", name="renamed")]),
        ([route("/a", handler=Handler("shop", "f", late=True))], [row("/a")]),
        ([mount("/m", app(route("/m/a")))], [mount_row("/m", row("/m/a"))]),
        ([mount("/m", app(SITE))], [mount_row("/m", row("/m/a"))]),
        ([mount("/m", None)], [mount_row("/m", foreign=True)]),
    ],
)
def test_equal_tables_agree(entries: list[Entry], rows: list[dict[str, Any]]) -> None:
    found = compare(app(*entries), rows)
    assert found.agrees, found.differences
    assert found.right == found.claimed
    assert found.right + found.abstained == found.live


@pytest.mark.parametrize(
    ("entries", "rows"),
    [
        ([route("/a")], []),
        ([], [row("/a")]),
        ([route("/a"), route("/b")], [row("/b"), row("/a")]),
        ([route("/a")], [row("/a/")]),
        ([route("/a")], [row("/a", name="other")]),
        ([route("/a")], [row("/a", methods=["POST"])]),
        ([route("/a")], [row("/a", handler="shop:other")]),
        ([route("/a")], [row("/a", include_in_schema=False)]),
        ([route("/a")], [row("/a", kind="websocket", methods=[])]),
        ([route("/a")], [row("/a"), row("/a")]),
        ([route("/a"), SITE], [row("/x"), row("/a")]),
        ([SITE, route("/a")], [row("/a"), row("/x")]),
        ([route("/a"), SITE, route("/b")], [row("/b"), row("/a")]),
        ([mount("/m", app(route("/m/a")))], [mount_row("/m")]),
        ([mount("/m", app())], [mount_row("/m", row("/m/a"))]),
        ([mount("/m", app())], [mount_row("/m", foreign=True)]),
        ([mount("/m", None)], [mount_row("/m", row("/m/a"))]),
        ([mount("/m", None, target=Handler("shop", "x"))], [mount_row("/m", foreign=True)]),
        ([mount("/m", app(), name="m")], [mount_row("/m")]),
    ],
)
def test_differences_are_noticed(entries: list[Entry], rows: list[dict[str, Any]]) -> None:
    assert not compare(app(*entries), rows).agrees


def test_parameters_are_compared() -> None:
    limit = Parameter("limit", "positional", "int", "10", "query")
    static = app(route("/a", views=(View("", (limit,), False, ""),)))

    def live(*parameter: str) -> list[dict[str, Any]]:
        return [row("/a", parameters={"": [list(parameter)]})]

    assert compare(static, live("limit", "positional", "int", "10")).agrees
    assert not compare(static, live("limit", "positional", "str", "10")).agrees
    assert not compare(static, live("limit", "positional", "int", "")).agrees
    assert not compare(static, live("limit", "keyword-only", "int", "10")).agrees
    assert not compare(static, live("other", "positional", "int", "10")).agrees
    assert not compare(static, [row("/a")]).agrees


def test_only_some_of_a_wrong_table_is_right() -> None:
    static = app(route("/a"), route("/b", name="wrong"), route("/ghost"))
    found = compare(static, [row("/a"), row("/b"), row("/missed")])
    assert (found.right, found.claimed, found.live, found.abstained) == (1, 3, 3, 0)
    assert len(found.differences) == 3


def test_listings_show_every_row_below_its_mount() -> None:
    text = listing([mount_row("/m", row("/m/a")), row("/b", methods=[], kind="websocket")])
    assert text == (
        "MOUNT /m name=None\n" "  GET,HEAD /m/a shop:view name=view\n" "WS /b shop:view name=view\n"
    )
