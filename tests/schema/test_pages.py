"""The documentation page, with the assets of Swagger UI and without them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flama import _pages
from flama._pages import MARK, page, swagger_assets
from flama.applications import Flama
from flama.openapi import document


class Reader(HTMLParser):
    """The elements of a page, and the text outside of scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.tags or self.tags[-1][0] not in ("script", "style"):
            self.text += data


def _app() -> Flama:
    app = Flama(openapi={"info": {"title": "<b>Pets</b>", "version": "1"}})

    @app.get("/pets/")
    def pets() -> list[int]:
        """List <i>pets</i>."""
        return []

    @app.post("/pets/{pet_id:int}/")
    def pet(pet_id: int, q: str = "</script><script>alert(1)</script>") -> int:
        """Change a pet."""
        return pet_id

    return app


def _read(source: str) -> Reader:
    external = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=.(?!data:)[^>]*>", source)
    assert not external
    return Reader(source)


def test_the_assets_are_installed() -> None:
    assets = swagger_assets()
    assert assets is not None
    assert "swagger-ui" in assets[0]
    assert "SwaggerUIBundle" in assets[1]


def test_the_page_of_swagger_ui_is_one_file() -> None:
    source = page(document(_app()), "/schema/")
    reader = _read(source)
    places = [attributes for tag, attributes in reader.tags if tag == "div"]
    assert places == [{"id": "swagger-ui", "data-root": MARK, "data-schema": "/schema/"}]
    assert [tag for tag, _ in reader.tags].count("script") == 2
    assert "<title>&lt;b&gt;Pets&lt;/b&gt;</title>" in source


def test_without_assets_the_page_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pages, "swagger_assets", lambda: None)
    source = page(document(_app()), "/schema/")
    reader = _read(source)
    assert "script" not in [tag for tag, _ in reader.tags]
    for shown in ("GET", "/pets/", "List <i>pets</i>.", "POST", "/pets/{pet_id}/", "Change a pet."):
        assert shown in reader.text
    assert {"href": f"{MARK}/pets/"} in [
        attributes for tag, attributes in reader.tags if tag == "a"
    ]


def test_the_package_without_assets_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pages, "find_spec", lambda name: None)
    assert swagger_assets() is None
