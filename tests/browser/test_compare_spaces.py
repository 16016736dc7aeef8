"""The page that compares spaces in Chromium: exact pictures, the difference map, clouds that are drawn."""

import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.panes import become, count_colors, digest, into_view, picture
from tests.browser.test_charts import FITTED

WAIT_MS = 60_000


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return f"{serve('app.py')}/compare_spaces?view=a*–b*"


def wait(page: Page) -> None:
    """Until the page is complete: its verdicts, its map and both charts."""
    expect(page.locator(".sp-table tbody tr").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".js-plotly-plot canvas, .js-plotly-plot .main-svg").first).to_be_visible(
        timeout=WAIT_MS
    )
    expect(page.locator('[data-stale="true"]')).to_have_count(0, timeout=WAIT_MS)


def test_both_results_pixel_for_pixel_and_buttons_to_where_they_differ_most(page: Page, url: str) -> None:
    page.goto(f"{url}&sample=Pastel+chart&k=8")
    wait(page)
    assert count_colors(picture(page, 0)) == 12_615
    assert [count_colors(picture(page, pane)) for pane in (1, 2)] == [8, 8]
    assert digest(page, 1) != digest(page, 2)
    expect(page.locator(".sp-map img")).to_be_visible()
    shown = page.locator(".sp-map i").evaluate_all(
        "frames => frames.map(frame => [frame.offsetWidth, frame.offsetHeight])"
    )
    assert len(shown) == 3
    assert min(min(size) for size in shown) > 20
    places = page.get_by_role("toolbar", name="Places").get_by_role("button")
    expect(places).to_have_count(3)
    before = page.locator('[data-pane="2"]').bounding_box()["width"]
    places.nth(1).click()
    widths = [page.locator(f'[data-pane="{pane}"]').bounding_box()["width"] for pane in range(3)]
    assert len(set(widths)) == 1
    assert widths[0] > 2 * before


def test_a_telling_picture_by_a_click_and_by_its_link(page: Page, url: str) -> None:
    page.goto(url)
    wait(page)
    # The frame's space is not offered beside the page's own.
    expect(page.get_by_role("radiogroup", name="Space", exact=True)).to_have_count(0)
    expect(page.locator(".st-key-space")).to_be_hidden()
    before = page.locator("h2").first.inner_text(), page.locator(".sp-table").inner_text()
    page.get_by_role("radio", name="Skin tones").first.click()
    expect(page.locator(".cq-name")).to_have_text("Skin tones", timeout=WAIT_MS)
    wait(page)
    assert (page.locator("h2").first.inner_text(), page.locator(".sp-table").inner_text()) != before
    page.reload()
    expect(page.locator(".cq-name")).to_have_text("Skin tones", timeout=WAIT_MS)
    page.get_by_role("link", name="Studio").click()
    expect(page.locator('b:text-is("16 colours")')).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".cq-name")).to_have_text("Skin tones")
    page.get_by_role("radio", name="Cat", exact=True).click()
    expect(page.locator(".cq-name")).to_have_text("Cat", timeout=WAIT_MS)


TOP = "(() => document.querySelector('.js-plotly-plot').getBoundingClientRect().top)"
MOVES = f"""before => new Promise(done => {{
  const look = () => ({TOP}() > before + 50 ? done(true) : requestAnimationFrame(look))
  look()
  setTimeout(() => done(false), 5000)
}})"""


def test_clouds_in_color_and_laid_flat_and_more_spaces_which_stay_in_the_address_and_within_the_page(
    page: Page, url: str
) -> None:
    page.goto(f"{url}&sample=Shapes".replace("a*–b*", "3-D"))
    wait(page)
    chart = page.locator(".js-plotly-plot").first
    into_view(chart)
    expect(page.locator(".js-plotly-plot canvas").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".js-plotly-plot canvas").nth(1)).to_be_attached(timeout=WAIT_MS)
    assert colorfulness(chart.screenshot()) > 0.02
    chart.hover()
    before = page.evaluate(f"{TOP}()")
    page.mouse.wheel(0, -200)  # moves the page, and not the camera
    assert page.evaluate(MOVES, before)
    page.get_by_role("radio", name="a*–b*").click()
    expect(page.get_by_text("a*, green to red").first).to_be_visible(timeout=WAIT_MS)
    expect(page).to_have_url(re.compile("view="))
    wait(page)
    page.get_by_role("button", name="Oklab", exact=True).first.click()
    expect(page.locator('b:text-is("Oklab")')).to_be_visible(timeout=WAIT_MS)
    expect(page).to_have_url(re.compile("spaces=BGR-LAB-Oklab"))
    page.get_by_role("button", name="HSV", exact=True).first.click()
    expect(page).to_have_url(re.compile("spaces=BGR-LAB-HSV-Oklab|spaces=BGR-LAB-Oklab-HSV"))
    page.reload()
    expect(page.locator('b:text-is("Oklab")')).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_label("Look closely at")).to_be_visible(timeout=WAIT_MS)
    wait(page)
    for width, scheme in ((1280, "light"), (390, "dark")):
        become(page, width, scheme, 844)
        page.wait_for_function(FITTED)
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
        assert main.evaluate("element => element.getBoundingClientRect().right <= innerWidth")


def colorfulness(png: bytes) -> float:
    """Part of a screenshot's pixels that are far from grey."""
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
    return float((np.ptp(pixels, axis=-1) > 60).mean())
