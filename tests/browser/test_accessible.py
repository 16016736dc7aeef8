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
    # Controls that are off need no contrast by WCAG 1.4.3; axe does not see that a label belongs to one.
    ['[data-testid="stSlider"]:has([disabled]) label'],
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


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content('<main><h1>A</h1><img src="data:,"><p style="color: #aaa">pale</p></main>')
    page.evaluate(AXE)
    found = page.evaluate(FIND, LEFT_OUT)
    assert any("image-alt" in one for one in found)
    assert any("color-contrast" in one for one in found)
