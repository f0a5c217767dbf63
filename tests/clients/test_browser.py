"""The page `/docs/` in a real browser that reaches nothing but this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from .conftest import Served

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    assert found is not None, f"none of {', '.join(BROWSERS)} is installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser.new_page()
        browser.close()


def test_the_page_shows_the_operations_and_calls_one(served: Served, page: Page) -> None:
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(served.http + "/docs/")

    expect(page).to_have_title("Served")
    operations = page.locator(".opblock")
    expect(operations.first).to_be_visible()
    paths = [text.strip() for text in page.locator(".opblock-summary-path").all_inner_texts()]
    shown = {path.replace("\u200b", "") for path in paths}
    assert {"/items/{item_id}/", "/items/", "/class/", "/shop/{number}/"} <= shown

    show = page.locator("#operations-default-get_items__item_id__")
    expect(show).to_contain_text("Show an item.")
    show.locator(".opblock-summary-control").click()
    expect(show).to_contain_text("It comes with the query.")
    show.get_by_role("button", name="Try it out").click()
    show.locator("tr[data-param-name=item_id] input").fill("7")
    show.locator("tr[data-param-name=q] input").fill("from the browser")
    show.get_by_role("button", name="Execute").click()
    answer = show.locator(".live-responses-table .response").first
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text("from the browser")

    assert f"{served.http}/items/7/?q=from%20the%20browser" in asked
    outside = [url for url in asked if not url.startswith((served.http, "data:", "blob:"))]
    assert not outside
    assert not failed
