"""What a viewer shows, from the very bytes that the browser drew."""

import base64
import io
import time

from PIL import Image
from playwright.sync_api import Locator, Page, expect

FETCH = """async image => {
  const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer())
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))
}"""

# Every pane shows what the server last sent for it, decoded.
ALL_SHOWN = """() => {
  const { scenes, stages } = globalThis[Symbol.for("quantize.viewer")] ?? { stages: new Map() }
  return [...stages].every(([key, { scene, panes }]) => scene === scenes.get(key) &&
    scene?.panes.every(({ digest, part }, index) =>
      panes[index].digest === digest && (panes[index].part?.digest ?? null) === (part ?? null)))
}"""
SETTLE_SECONDS = 60


def settle(page: Page) -> None:
    """Until the server has sent all and the panes show it: until then pictures are replaced at any moment."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        app = page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        if page.evaluate(ALL_SHOWN):
            return
        assert time.monotonic() < deadline, "the panes do not show what the server sent"
        page.wait_for_timeout(20)


def image_bytes(image: Locator) -> bytes:
    """The file that an image of the page shows, once the page has settled."""
    settle(image.page)
    return base64.b64decode(image.evaluate(FETCH))


def picture_bytes(page: Page, pane: int) -> bytes:
    """The file that a pane shows, once the page has settled."""
    return image_bytes(page.locator(f'[data-pane="{pane}"]'))


def picture(page: Page, pane: int) -> Image.Image:
    """The picture that a pane shows, once the page has settled."""
    return Image.open(io.BytesIO(picture_bytes(page, pane)))


def count_colors(image: Image.Image) -> int:
    """Distinct colours of a picture."""
    return len(image.convert("RGB").getcolors(1 << 24))


def digest(page: Page, pane: int) -> str:
    """Name of the bytes that a pane shows, once the page has settled."""
    settle(page)
    return page.locator(f'[data-pane="{pane}"]').get_attribute("data-digest")


def opened(page: Page, url: str) -> Page:
    """Go to a page and wait until two panes show their pictures."""
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    return page
