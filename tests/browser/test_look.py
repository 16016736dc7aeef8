"""What is looked at, in the address: told once a move has ended, shown again to whoever comes with it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import settle
from tests.browser.test_app import wait_for

VISIBLE = """() => {
  const [stage] = globalThis[Symbol.for("quantize.viewer")].stages.values()
  const { spot, frame, size } = stage
  const begin = [-spot.left, -spot.top].map(length => Math.max(length / spot.scale, 0))
  const rest = [frame[0] - spot.left, frame[1] - spot.top]
  const end = rest.map((length, axis) => Math.min(length / spot.scale, size[axis]))
  return [...begin, ...end]
}"""
QUIET_MS = 700  # longer than a viewer waits before it tells what is looked at


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return f"{serve('app.py')}/?k=5&sample=shapes"


def come(page: Page, url: str) -> list[object]:
    """Open an address and wait until the page is at rest; everything that it sends, in a list that grows."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(url)
    wait_for(page, 5)
    settle(page)
    page.wait_for_timeout(QUIET_MS)
    assert len(sent) == 1
    return sent


def drag(page: Page) -> None:
    """Some way to the left and up, in many small steps."""
    box = page.locator(".frame").last.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 150, steps=40)
    page.mouse.up()


def test_a_drag_is_told_once_and_its_address_shows_the_same(new_page: Callable[..., Page], url: str) -> None:
    page = new_page()
    sent = come(page, url)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    drag(page)
    expect(page).to_have_url(re.compile(r"&at=\d+-\d+-\d+-\d+"))
    settle(page)
    page.wait_for_timeout(QUIET_MS)
    told = len(sent)
    drag(page)
    page.wait_for_timeout(QUIET_MS)
    assert len(sent) == told + 1
    settle(page)
    other = new_page()
    come(other, page.url)
    assert other.url == page.url
    assert other.locator(".zoom").inner_text() == page.locator(".zoom").inner_text()
    assert other.evaluate(VISIBLE) == pytest.approx(page.evaluate(VISIBLE), abs=1.01)


def test_a_small_screen_shows_at_least_that_part(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    come(page, f"{url}&at=210-90-120-61&arrange=side&wipe=20")
    left, top, right, bottom = page.evaluate(VISIBLE)
    assert left <= 210
    assert top <= 90
    assert right >= 210 + 120
    assert bottom >= 90 + 61
    assert (right - left) * (bottom - top) < 400 * 300 / 2
    expect(page.get_by_role("button", name="Side by side")).to_have_attribute("aria-pressed", "true")


def test_the_way_back_leads_to_what_was_there(page: Page, url: str) -> None:
    come(page, url)
    page.get_by_role("radio", name="8", exact=True).click()
    wait_for(page, 8)
    settle(page)
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("at="))
    settle(page)
    page.get_by_role("radio", name="Cat", exact=True).click()
    expect(page.locator(".cq-name")).to_have_text("Cat")
    expect(page).not_to_have_url(re.compile("at="))
    settle(page)
    page.go_back()
    expect(page.locator(".cq-name")).to_have_text("Shapes")
    expect(page).to_have_url(re.compile("k=8.*at="))
    settle(page)
    page.go_back()
    page.go_back()
    wait_for(page, 5)
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
