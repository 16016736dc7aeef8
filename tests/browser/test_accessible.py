"""Every page by the rules of axe-core, which finds what keeps people from seeing, hearing or reaching it."""

import time
from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from pages import SCREENS
from tests.browser.panes import settle

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
LEFT_OUT = [
    # A table that shows which pairs of colours have too little contrast.
    [".cq-pairs i"],
]
PATIENCE_SECONDS = 20
FIND = """async leftOut => {
  const found = await axe.run({exclude: leftOut}, {resultTypes: ["violations"]})
  return found.violations.filter(one => one.impact !== "minor").flatMap(one =>
    one.nodes.map(node => `${one.impact} ${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
}"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("dark", 1280)])
@pytest.mark.parametrize("screen", SCREENS, ids=[screen.file for screen in SCREENS])
def test_axe_finds_nothing_serious(
    new_page: Callable[..., Page], serve: Callable[..., str], screen, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{serve('app.py')}/{'' if screen.default else screen.file}?sample=coffee")
    page.get_by_role("heading", level=1).wait_for()
    settle(page)
    page.evaluate(AXE)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found := page.evaluate(FIND, LEFT_OUT):  # what is fading in has no contrast yet
        assert time.monotonic() < deadline, found


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_looks_different(
    new_page: Callable[..., Page], serve: Callable[..., str], scheme: str
) -> None:
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto(f"{serve('app.py')}?sample=coffee&space=LAB")
    page.get_by_role("heading", level=1).wait_for()
    settle(page)
    page.add_style_tag(content="* { transition: none !important; }")
    seen = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(LOOKS))
    reached = {one["name"] for one in seen}
    assert {"Studio", "Compare K", "16", "LAB", "Wipe", "Coffee"} <= reached
    assert not {"4", "8", "BGR", "Shapes"} & reached  # a group is entered at what is chosen
    assert [one for one in seen if not one["differs"] and one["tag"] not in ("MAIN", "BODY")] == []


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content('<main><h1>A</h1><img src="data:,"><p style="color: #aaa">pale</p></main>')
    page.evaluate(AXE)
    found = page.evaluate(FIND, LEFT_OUT)
    assert any("image-alt" in one for one in found)
    assert any("color-contrast" in one for one in found)
