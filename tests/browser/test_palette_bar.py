"""The palette bar in Chromium: exact colours, widths that are shares, selection with mouse and keys."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import DRAWN, SETTLE_SECONDS, picture, settle

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


def test_colors_are_exact_widths_are_shares_and_a_click_selects_copies_and_tells_python(
    new_page: Callable[..., Page], url: str
) -> None:
    shown = new_page(permissions=["clipboard-read", "clipboard-write"])
    shown.goto(url)
    expect(shown.get_by_role("option")).to_have_count(16)
    result = picture(shown, 1)
    palette = [tuple(result.getpalette()[3 * i : 3 * i + 3]) for i in range(16)]
    counts = [count for count, _ in sorted(result.getcolors(), key=lambda pair: pair[1])]
    (row,) = shown.get_by_role("listbox").evaluate(ROWS)
    assert [entry["color"] for entry in row] == ["rgb({}, {}, {})".format(*color) for color in palette]
    total = sum(entry["width"] for entry in row)
    rest = total - 16 * 6
    for entry, count in zip(row, counts, strict=True):
        assert entry["width"] == pytest.approx(6 + rest * count / sum(counts), abs=1)

    option = shown.get_by_role("option").nth(5)
    option.click()
    expect(option).to_have_attribute("aria-selected", "true")
    expect(shown.get_by_text("Copied")).to_be_visible()
    assert shown.evaluate("navigator.clipboard.readText()") in option.get_attribute("aria-label")
    expect(shown.locator(".veil")).to_have_count(2)
    expect(shown.get_by_text("Chosen: Chosen(entry=5)")).to_be_visible()
    option.click()
    expect(option).to_have_attribute("aria-selected", "false")
    expect(shown.locator(".veil")).to_have_count(0)
    expect(shown.get_by_text("Chosen: Chosen(entry=None)")).to_be_visible()


def test_every_entry_is_wide_enough_to_be_seen(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{url}/?k=100")
    slider = page.get_by_role("slider", name="Colours")
    for key, k, width in (("", 100, 390), ("End", 256, 390), ("", 256, 1280), ("Home", 2, 1280)):
        page.set_viewport_size({"width": width, "height": 844})
        if key:
            slider.press(key)
        expect(page.get_by_role("option")).to_have_count(k)
        settle(page)
        deadline = time.monotonic() + SETTLE_SECONDS
        while faults := find_faults(page, width):  # it is laid out anew some frames after the window
            assert time.monotonic() < deadline, faults
            page.evaluate(DRAWN)


def find_faults(page: Page, width: int) -> list[str]:
    """What is wrong with the bar in a window of this width."""
    bar = page.get_by_role("listbox")
    whole, rows = bar.bounding_box()["width"], bar.evaluate(ROWS)
    least = min(entry["width"] for row in rows for entry in row)
    found = {
        f"{whole} wide of {width}": not 0.7 * width < whole < width,
        f"an entry {least} wide": least <= 5,
        f"{len(rows)} rows": len(rows) > 6,
    }
    return [fault for fault, is_there in found.items() if is_there]


def test_a_pick_marks_the_entry_keys_walk_and_another_palette_ends_the_selection(shown: Page) -> None:
    shown.locator('[data-pane="1"]').click(position={"x": 200, "y": 150})
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(1)
    shown.locator(".panes").press("Escape")
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(0)

    shown.get_by_role("option").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        shown.keyboard.press(key)
    expect(shown.get_by_role("option").nth(15)).to_be_focused()
    expect(shown.locator(".facts")).to_contain_text("no. 16")
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    expect(shown.get_by_text("Chosen: Chosen(entry=15)")).to_be_visible()

    shown.get_by_role("option").nth(5).click()
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(1)
    shown.get_by_role("slider", name="Colours").press("PageDown")
    expect(shown.get_by_role("option")).not_to_have_count(16)
    expect(shown.locator('.entry[aria-selected="true"]')).to_have_count(0)
