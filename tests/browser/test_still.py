"""Nothing jumps: layout shifts in Chromium, at the first load of every page, when K changes and at a pin."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import settle
from tests.browser.test_app import WAIT_MS

MOST = 0.02

# As browsers count it, but also what moves right after a key: that is what the page does then.
WATCH = """
  window.shifts = []
  const name = ({ node, previousRect: a, currentRect: b }) =>
    `${node?.nodeName} ${node?.closest?.('[class*="st-key"]')?.className.match(/st-key-\\S+/)?.[0]}` +
    ` ${a.x},${a.y} ${a.width}x${a.height} -> ${b.x},${b.y} ${b.width}x${b.height}`
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push([entry.value, entry.sources.map(name)])
  }).observe({ type: "layout-shift", buffered: true })
"""
ENDS = {  # what comes last on a page
    "": ".cq-figures",
    "compare_k": ".js-plotly-plot",
    "palette": ".st-key-swatches",
    "your_palette": ".st-key-table_rows",
    "compare_spaces": ".js-plotly-plot >> nth=1",
    "segments": ".cq-areas",
}


# How high pictures and what belongs to them are with all of it, before the news are there, and the palette.
WITHOUT = """() => {
  const pictures = document.querySelector(".st-key-pictures")
  const heights = [pictures.getBoundingClientRect().height]
  for (const key of [".st-key-news", ":is(.st-key-bar, .st-key-segments_bar)"]) {
    const gone = pictures.querySelector(key)
    gone.style.display = "none"
    gone.className = ""
    heights.push(pictures.getBoundingClientRect().height)
  }
  return heights
}"""


def shifts(page: Page) -> tuple[float, list]:
    """How much has moved since this was asked last, and what."""
    found = page.evaluate("window.shifts.splice(0)")
    return sum(value for value, _ in found), found


def rest(page: Page, end: str) -> None:
    settle(page)
    expect(page.locator(end).first).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("working …")).to_have_count(0, timeout=WAIT_MS)
    settle(page)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait_for_engine(page: Page, url: str) -> None:
    """Until a server that has just started can make results; before, it shows the original and a bar."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while page.request.get(f"{url}/start").text() != "1.00":
        assert time.monotonic() < deadline, "the engine is not ready"
        page.wait_for_timeout(100)


@pytest.mark.parametrize(
    ("screen", "width"),
    [
        *[("", 390), ("", 1440), ("compare_k", 1440), ("palette", 390)],
        *[("your_palette", 1440), ("compare_spaces", 390), ("segments", 390)],
    ],
)
def test_nothing_jumps(
    new_page: Callable[..., Page], serve: Callable[..., str], screen: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    wait_for_engine(page, serve("app.py"))
    page.add_init_script(WATCH)
    page.goto(f"{serve('app.py')}/{screen}?sample=coffee&n=7&best=7")  # 8 cards take no more rows than 7
    rest(page, ENDS[screen])
    much, what = shifts(page)
    assert much < MOST, what
    slider = page.get_by_role("slider", name=re.compile("^(Colours|Use the best)"))
    slider.scroll_into_view_if_needed()
    shifts(page)
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"\b(k=17|n=8|best=8)\b"))
    rest(page, ENDS[screen])
    much, what = shifts(page)
    assert much < MOST, what
    if screen == "" and width > 640:
        page.locator(".frame").first.click(position={"x": 100, "y": 100})
        page.get_by_role("button", name=re.compile("^Pin #")).click()
        expect(page).to_have_url(re.compile("keep="))
        rest(page, ENDS[screen])
        much, what = shifts(page)
        assert much == 0, what
    if screen in ("", "segments"):
        assert len(set(page.evaluate(WITHOUT))) == 1
