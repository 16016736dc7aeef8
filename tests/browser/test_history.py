"""The browser's way back in Chromium: one step for each thing that somebody did, on every page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from pages._visit import HEARD_SECONDS
from tests.browser.panes import choose, digest, settle


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def test_each_press_of_back_undoes_one_thing(page: Page, serve: Callable[..., str]) -> None:
    page.goto(f"{serve('app.py')}/?k=5&sample=shapes")  # in the order in which it is written again
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


def test_a_preset_is_one_step_and_its_link_shows_it(
    new_page: Callable[..., Page], serve: Callable[..., str]
) -> None:
    page = new_page(viewport={"width": 1024, "height": 800})
    page.goto(f"{serve('app.py')}/?sample=shapes&k=5")
    settle(page)
    begun, preset = entries(page), page.get_by_role("combobox", name="Preset")
    choose(page, "Preset", "Small", exact=True)
    expect(page).to_have_url(re.compile("method=looks&dither=looks&runs=8"))
    settle(page)
    assert entries(page) == begun + 1
    small, link = digest(page, 1), page.url

    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    runs = page.get_by_role("slider", name="Runs")
    expect(runs).to_have_value("8")
    result = page.locator('[data-pane="1"]').bounding_box()
    options = page.get_by_test_id("stPopoverBody").bounding_box()
    assert options["x"] + options["width"] <= result["x"]  # it is seen while it changes
    runs.press("ArrowLeft")
    expect(preset).to_have_value("Own")
    page.keyboard.press("Escape")
    settle(page)
    other = new_page()
    other.goto(link)
    settle(other)
    expect(other.get_by_role("combobox", name="Preset")).to_have_value("Small")
    assert digest(other, 1) == small
    for title in ("Small", "Least error"):
        page.go_back()
        expect(preset).to_have_value(title)
        settle(page)

    page.get_by_role("button", name="Better looks?").click()
    told = page.get_by_test_id("stPopoverBody")
    expect(told).to_contain_text(re.compile("Better with the preset Looks: .* instead of "))
    page.get_by_role("button", name="Use it").click()
    expect(preset).to_have_value("Looks")


def test_what_was_seen_under_more_takes_no_preset_back(page: Page, serve: Callable[..., str]) -> None:
    """Its controls are gone when it closes, and a browser goes on to say how they stood then."""
    page.goto(f"{serve('app.py')}/?sample=shapes&k=5")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    expect(page.get_by_role("combobox", name="Method")).to_be_visible()
    settle(page)  # it takes keys once it stands
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Method")).to_have_count(0)
    for title, address in (
        ("Looks", "method=looks"),
        ("Small", "method=looks.*runs=8"),
        ("Pixel art", "rare=0.8"),
    ):
        choose(page, "Preset", title, exact=True)
        expect(page).to_have_url(re.compile(address))
        settle(page)
        page.wait_for_timeout(1000 * HEARD_SECONDS + 500)  # from then on what a control says is believed
        for k in (8, 4):
            page.get_by_role("radio", name=str(k), exact=True).click()
            expect(page).to_have_url(re.compile(f"k={k}&"))
            settle(page)
        expect(page).to_have_url(re.compile(address))


AT_ONCE = """() => {
  const named = (all, name) => [...document.querySelectorAll(all)].find(one => one.innerText.trim() === name)
  const [link, pick] = [named("a", "Palette"), named("[role=radio]", "32")]
  link.click()
  pick.click()
}"""


def test_a_page_that_was_chosen_comes_whatever_else_is_said(page: Page, serve: Callable[..., str]) -> None:
    """The browser names the page before, until it has heard of the new one: Streamlit went back to it."""
    page.goto(f"{serve('app.py')}/?sample=shapes&k=5")
    expect(page.get_by_role("radio", name="32", exact=True)).to_be_visible()
    settle(page)
    page.evaluate(AT_ONCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("A palette from the picture")
    settle(page)
    expect(page).to_have_url(re.compile("/palette"))
    expect(page.get_by_role("heading", level=1)).to_have_text("A palette from the picture")
    expect(page.locator(".card").first).to_be_visible()
