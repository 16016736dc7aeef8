"""The palette bar in Chromium: exact colours, widths that are shares, selection with mouse and keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import picture

ROWS = """bar => [...bar.querySelectorAll(".row")].map(row => [...row.children].map(entry => ({
  width: entry.getBoundingClientRect().width,
  color: getComputedStyle(entry).backgroundColor,
})))"""


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(Path(__file__).with_name("viewer_app.py"))


@pytest.fixture
def shown(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.get_by_role("option")).to_have_count(16)
    return page


def test_colors_are_exact_and_widths_are_shares(shown: Page) -> None:
    result = picture(shown, 1)
    palette = [tuple(result.getpalette()[3 * i : 3 * i + 3]) for i in range(16)]
    counts = [count for count, _ in sorted(result.getcolors(), key=lambda pair: pair[1])]
    (row,) = shown.get_by_role("listbox").evaluate(ROWS)
    assert [entry["color"] for entry in row] == ["rgb({}, {}, {})".format(*color) for color in palette]
    total = sum(entry["width"] for entry in row)
    rest = total - 16 * 6
    for entry, count in zip(row, counts, strict=True):
        assert entry["width"] == pytest.approx(6 + rest * count / sum(counts), abs=1)


@pytest.mark.parametrize(("k", "width"), [(2, 1280), (256, 1280), (256, 390), (100, 390)])
def test_every_entry_is_wide_enough_to_be_seen(
    new_page: Callable[..., Page], url: str, k: int, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    page.goto(f"{url}/?k={k}")
    expect(page.get_by_role("option")).to_have_count(k)
    rows = page.get_by_role("listbox").evaluate(ROWS)
    assert min(entry["width"] for row in rows for entry in row) > 5
    assert len(rows) <= 6


def test_a_click_selects_here_and_in_the_picture_and_tells_python(shown: Page) -> None:
    option = shown.get_by_role("option").nth(5)
    option.click()
    expect(option).to_have_attribute("aria-selected", "true")
    expect(shown.locator(".veil")).to_have_count(2)
    expect(shown.get_by_text("Chosen: Chosen(entry=5)")).to_be_visible()
    option.click()
    expect(option).to_have_attribute("aria-selected", "false")
    expect(shown.locator(".veil")).to_have_count(0)
    expect(shown.get_by_text("Chosen: Chosen(entry=None)")).to_be_visible()


def test_a_click_copies_the_hex_code(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(url)
    option = page.get_by_role("option").nth(3)
    option.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") in option.get_attribute("aria-label")


def test_a_pick_in_the_picture_marks_the_entry(shown: Page) -> None:
    shown.locator('[data-pane="1"]').click(position={"x": 200, "y": 150})
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(1)
    shown.locator(".panes").press("Escape")
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(0)


def test_keys_walk_along_the_entries(shown: Page) -> None:
    shown.get_by_role("option").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        shown.keyboard.press(key)
    expect(shown.get_by_role("option").nth(15)).to_be_focused()
    expect(shown.locator(".facts")).to_contain_text("no. 16")
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    expect(shown.get_by_text("Chosen: Chosen(entry=15)")).to_be_visible()


def test_another_palette_ends_the_selection(shown: Page) -> None:
    shown.get_by_role("option").nth(5).click()
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(1)
    shown.get_by_role("slider", name="Colours").press("PageDown")
    expect(shown.get_by_role("option")).not_to_have_count(16)
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(0)
