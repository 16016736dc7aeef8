"""The rules of axe-core, which finds what keeps people from seeing, hearing or reaching something.

Every page is looked at by them where all are visited anyway: in test_share.py, and on a phone in test_app.py.
"""

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import give_back
from tests.browser.panes import become, settle

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
LEFT_OUT = [
    # A table that shows which pairs of colours have too little contrast.
    [".cq-pairs i"],
]
# What fades has less contrast than it will have; what turns for ever never ends.
AT_REST = """() => document.getAnimations().every(({ playState, effect }) =>
  playState !== "running" || effect.getComputedTiming().iterations === Infinity)"""
TRIES = 5
FIND = """async leftOut => {
  const found = await axe.run({exclude: leftOut}, {resultTypes: ["violations"]})
  return found.violations.filter(one => one.impact !== "minor").flatMap(one =>
    one.nodes.map(node => `${one.impact} ${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
}"""


def assert_accessible(page: Page) -> None:
    """Axe, which the page knows by now, finds nothing; a look takes seconds, in which something may fade.

    The pointer calls for no tip meanwhile: Streamlit puts those outside of all landmarks.
    """
    page.mouse.move(0, 0)
    expect(page.get_by_test_id("stTooltipContent")).to_have_count(0)
    for _ in range(TRIES):
        settle(page)
        page.wait_for_function(AT_REST)
        if not (found := page.evaluate(FIND, LEFT_OUT)):
            return
    raise AssertionError(found)


# How what has the focus looks, and what is around it; its place, to find it again without.
LOOKS = """async () => {
  let focused = document.activeElement
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  const chain = []
  for (let here = focused; here && chain.length < 5; here = here.parentElement) chain.push(here)
  const look = () => chain.map(here => {
    const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(here)
    return [outline, boxShadow, borderColor, backgroundColor].join()
  }).join("|")
  const is = look()
  focused.blur()
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  const was = look()
  focused.focus({ focusVisible: true, preventScroll: true })
  const name = (focused.ariaLabel ?? focused.textContent).trim().slice(0, 40)
  return { name, tag: focused.tagName, differs: is !== was }
}"""
STOPS = 32
# Tab goes on from here as on a page that has just been opened.
FROM_THE_TOP = """() => {
  document.activeElement.blur()
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute("tabindex")
}"""


def test_what_has_the_focus_looks_different(page: Page, serve: Callable[..., str]) -> None:
    page.goto(f"{serve('app.py')}?sample=coffee&space=LAB")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    page.add_style_tag(content="* { transition: none !important; }")
    for scheme in ("light", "dark"):
        become(page, 1280, scheme)
        page.evaluate(FROM_THE_TOP)
        seen = []
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(LOOKS))
        reached = {one["name"] for one in seen}
        assert {"Studio", "Compare K", "16", "LAB", "Wipe", "Coffee"} <= reached
        assert not {"4", "8", "BGR", "Shapes"} & reached  # a group is entered at what is chosen
        assert [one for one in seen if not one["differs"] and one["tag"] not in ("MAIN", "BODY")] == []


def test_the_focus_goes_to_nothing_in_a_side_bar_that_is_closed(
    new_page: Callable[..., Page], serve: Callable[..., str]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(serve("app.py"))
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    bar = page.get_by_test_id("stSidebar")
    expect(bar).to_have_attribute("data-collapsed", "true")
    is_in = "bar => bar.contains(document.activeElement)"
    for _ in range(25):
        page.keyboard.press("Tab")
        assert not bar.evaluate(is_in)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator('.st-key-file input[type="file"]').focus()
    assert bar.evaluate(is_in)


@pytest.mark.parametrize("width", [1440, 1280, 1024, 800])
def test_the_page_stays_where_it_is_when_the_side_bar_is_closed(
    new_page: Callable[..., Page], serve: Callable[..., str], width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(serve("app.py"))
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    bar = page.get_by_test_id("stSidebar")
    if bar.get_attribute("data-collapsed") == "false":
        bar.hover()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(bar).to_have_attribute("data-collapsed", "true")
    menu = page.get_by_test_id("stMainMenuButton")
    expect(menu).to_be_in_viewport(ratio=1)
    for _ in range(18):
        page.keyboard.press("Tab")
    page.get_by_test_id("stApp").evaluate(
        "app => app.querySelectorAll('*').forEach(one => one.scrollLeft = 999)"
    )
    assert page.get_by_test_id("stMain").bounding_box()["x"] == 0
    expect(menu).to_be_in_viewport(ratio=1)


def test_the_next_test_does_not_find_the_side_bar_closed(
    new_page: Callable[..., Page], serve: Callable[..., str]
) -> None:
    page = new_page()
    page.goto(f"{serve('app.py')}/_stcore/health")
    profile = page.context
    page.evaluate("localStorage.setItem('stSidebarCollapsed-', 'true')")
    assert give_back(profile)
    page = profile.new_page()
    page.goto(f"{serve('app.py')}/_stcore/health")
    assert page.evaluate("localStorage.length") == 0


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content('<main><h1>A</h1><img src="data:,"><p style="color: #aaa">pale</p></main>')
    page.evaluate(AXE)
    found = page.evaluate(FIND, LEFT_OUT)
    assert any("image-alt" in one for one in found)
    assert any("color-contrast" in one for one in found)
