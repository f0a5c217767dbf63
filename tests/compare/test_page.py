"""The HTML report in a real browser that reaches nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flama_compile.report.findings.html import findings_html
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.tables import MountSpec, RouteSpec, Spec

from .test_reports import everything, verdict

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
R = RouteSpec
BASE: list[Spec] = [
    R("/users/me", "me"),
    R("/users/{id}", "user"),
    MountSpec("/items", "items", [R("/", "index"), R("/{id:int}", "item")]),
    R("/health", "health"),
]
HEAD: list[Spec] = [BASE[1], BASE[0], BASE[2], R("/v2", "v2")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    assert found is not None, f"none of {', '.join(BROWSERS)} is installed"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report, opened from the disk; a fault of its script or a request fails the test."""
    path = tmp_path / "report.html"
    path.write_text(findings_html(verdict(BASE, HEAD)), encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on(
        "request",
        lambda request: faults.append(request.url) if request.url != path.as_uri() else None,
    )
    page.goto(path.as_uri())
    yield page
    context.close()
    assert not faults


def test_each_finding_shows_both_answers(opened: Page) -> None:
    expect(opened).to_have_title("Route changes of main:app: 2 breaking, 1 safe")
    assert opened.locator("article").count() == 3
    first = opened.locator("article", has_text="RT202")
    expect(first.locator("tbody td").nth(0)).to_have_text("GET /users/me")
    expect(first.locator("del").first).to_have_text("views:me")
    expect(first.locator("ins").first).to_have_text("views:user (id='me')")
    first.locator("summary").click()
    expect(first.locator("pre")).to_contain_text("curl -i http://localhost:8000/users/me")


def test_changed_routes_are_marked_in_the_tree(opened: Page) -> None:
    tree = opened.locator(".tree")
    expect(tree.locator(".row.added")).to_have_text("GET,HEAD /v2 views:v2 added safe")
    expect(tree.locator(".row.removed")).to_have_text(
        "GET,HEAD /health views:health removed breaking"
    )
    moved = tree.locator(".row", has_text="/users/me")
    moved.locator("a").first.click()
    assert opened.evaluate("document.querySelector(':target').textContent").startswith("RT202")
    assert not tree.locator(".row", has_text="/items/{id:int}").is_visible()


def test_the_filter_hides_what_does_not_fit(opened: Page) -> None:
    box = opened.get_by_role("searchbox")
    box.fill("HEALTH removed")
    shown = opened.locator("article:visible")
    assert shown.count() == 1
    expect(shown).to_contain_text("RT101")
    expect(opened.locator("#shown")).to_have_text("1 of 3 findings")
    assert opened.locator(".row:visible").all_inner_texts() == [
        "GET,HEAD /health views:health removed breaking"
    ]
    box.fill("item")
    assert opened.locator(".row", has_text="/items/{id:int}").is_visible()
    box.fill("")
    assert opened.locator("article:visible").count() == 3
    assert not opened.locator(".row", has_text="/items/{id:int}").is_visible()


def test_the_keyboard_is_enough(opened: Page) -> None:
    def focused() -> str:
        return str(opened.evaluate("document.activeElement.textContent")).strip()[:5]

    opened.keyboard.press("j")
    assert focused() == "RT101"
    opened.keyboard.press("j")
    assert focused() == "RT202"
    opened.keyboard.press("Enter")
    assert opened.locator("article:focus details").get_attribute("open") is not None
    opened.keyboard.press("k")
    assert focused() == "RT101"
    opened.keyboard.press("/")
    opened.keyboard.type("v2")
    assert opened.locator("article:visible").count() == 1
    opened.keyboard.press("Escape")
    assert opened.locator("article:visible").count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """The contrast of every colour with its background is that of WCAG AA."""
    path = tmp_path / "report.html"
    path.write_text(findings_html(everything()), encoding="utf-8")
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path.as_uri())
    ratios = page.evaluate(_CONTRAST)
    context.close()
    assert ratios and min(ratios.values()) >= 4.5, ratios


_CONTRAST = """() => {
  const light = (text) => {
    const [r, g, b] = text.match(/\\d+/g).map(Number).map((c) => {
      const s = c / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = {};
  const kinds = "h3, .meta, .badge, del, ins, code, th, .tree i, b, p";
  for (const e of document.querySelectorAll(kinds)) {
    const [a, b] = [light(getComputedStyle(e).color), light(back(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const name = e.tagName + "." + e.className;
    found[name] = Math.min(found[name] ?? 99, ratio);
  }
  return found;
}"""


def test_five_thousand_routes_still_filter(browser: Browser, tmp_path: Path) -> None:
    base: list[Spec] = [R(f"/r{n // 100}/x{n}", f"f{n}") for n in range(5000)]
    path = tmp_path / "report.html"
    path.write_text(findings_html(verdict(base, base[:-1])), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_role("searchbox").fill("x4321")
    assert page.locator(".row:visible").count() == 1
    page.close()
