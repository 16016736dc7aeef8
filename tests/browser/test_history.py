"""The browser's way back in Chromium: one step for each thing that somebody did, on every page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.panes import settle


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def test_each_press_of_back_undoes_one_thing(page: Page, serve: Callable[..., str]) -> None:
    page.goto(f"{serve('app.py')}/?sample=shapes&k=5")
    settle(page)
    seen, heading = [page.url], page.get_by_role("heading", level=1)
    slider = page.get_by_role("slider", name="Colours (K)")
    begun = entries(page)

    def note(pattern: str) -> None:
        expect(page).to_have_url(re.compile(pattern))
        settle(page)
        seen.append(page.url)

    slider.press("ArrowRight")
    note("k=6")
    page.get_by_role("link", name="Compare K").click()
    note("compare_k.*k=6")
    slider.press("ArrowRight")
    note("compare_k.*k=7")
    page.get_by_role("link", name="Palette", exact=True).click()
    note("palette.*k=7")
    page.get_by_role("link", name="Studio").click()
    note(r"/\?.*k=7")
    page.locator('[data-pane="0"]').click(position={"x": 20, "y": 20})  # tells a colour and a selection
    note("selected=.*picked=")
    assert entries(page) == begun + len(seen) - 1
    for before in reversed(seen[:-1]):
        page.go_back()
        expect(page).to_have_url(before)
        settle(page)
        assert entries(page) == begun + len(seen) - 1
    expect(heading).to_have_text("Reduce a picture to K colours")
    expect(slider).to_have_value("5")
