"""The viewer in Chromium: what is on the page is what Python made, and no byte travels twice."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

APP = Path(__file__).with_name("viewer_app.py")

FETCH = """async image => {
  const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer())
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))
}"""


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def picture(page: Page, pane: int) -> Image.Image:
    """The picture that a pane shows, from the very bytes that the browser drew."""
    encoded = page.locator(f'[data-pane="{pane}"]').evaluate(FETCH)
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


def count_colors(image: Image.Image) -> int:
    return len(image.convert("RGB").getcolors(1 << 24))


def digest(page: Page, pane: int) -> str:
    return page.locator(f'[data-pane="{pane}"]').get_attribute("data-digest")


def fewer_colors(page: Page) -> None:
    """One step down on the slider, until the new picture is on the page."""
    before = digest(page, 1)
    page.get_by_role("slider", name="Colours").press("ArrowLeft")
    expect(page.locator('[data-pane="1"]')).not_to_have_attribute("data-digest", before)


def test_the_picture_on_the_page_has_exactly_its_colors(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    shown = picture(page, 1)
    assert shown.mode == "P"
    assert count_colors(shown) == 16
    assert count_colors(picture(page, 0)) > 100_000


def test_a_new_picture_replaces_the_old_one_without_a_gap_or_a_jump(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    page.evaluate("""() => {
      const find = root => root.querySelector('[data-pane="1"]')
        ?? [...root.querySelectorAll("*")].map(e => e.shadowRoot && find(e.shadowRoot)).find(Boolean)
      window.seen = new Set()
      const look = () => {
        const image = find(document)
        const box = image?.closest("section").getBoundingClientRect()
        window.seen.add(image?.complete && image.naturalWidth ? `${box.top} ${box.height}` : "blank")
        requestAnimationFrame(look)
      }
      look()
    }""")
    for _ in range(3):
        fewer_colors(page)
    assert count_colors(picture(page, 1)) == 13
    assert len(page.evaluate("[...window.seen]")) == 1
    assert "blank" not in page.evaluate("[...window.seen]")


def test_only_the_picture_that_changed_is_sent(page: Page, url: str) -> None:
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    sent = [page.locator(f'[data-pane="{i}"]').evaluate(FETCH) for i in range(2)]
    original, result = (len(base64.b64decode(encoded)) for encoded in sent)
    assert original > 500_000
    fewer_colors(page)
    received.clear()
    fewer_colors(page)
    assert result / 2 < sum(received) < result + 20_000


def test_panes_carry_labels_and_captions(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("median cut, pane 1")).to_be_visible()
    expect(page.get_by_role("img", name="16 colours")).to_be_visible()


@pytest.mark.parametrize("panes", [1, 2, 6, 9])
def test_every_pane_is_inside_the_window_at_first(page: Page, url: str, panes: int) -> None:
    page.goto(f"{url}/?panes={panes}")
    for index in range(panes):
        image = page.locator(f'[data-pane="{index}"]')
        expect(image).to_be_visible()
        box = image.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= 800
        assert box["width"] / box["height"] == pytest.approx(640 / 480, rel=0.02)
