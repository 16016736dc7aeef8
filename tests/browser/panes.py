"""What a viewer shows, from the very bytes that the browser drew."""

import base64
import io

from PIL import Image
from playwright.sync_api import Page, expect

FETCH = """async image => {
  const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer())
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))
}"""


def picture_bytes(page: Page, pane: int) -> bytes:
    """The file that a pane shows."""
    return base64.b64decode(page.locator(f'[data-pane="{pane}"]').evaluate(FETCH))


def picture(page: Page, pane: int) -> Image.Image:
    """The picture that a pane shows."""
    return Image.open(io.BytesIO(picture_bytes(page, pane)))


def count_colors(image: Image.Image) -> int:
    """Distinct colours of a picture."""
    return len(image.convert("RGB").getcolors(1 << 24))


def digest(page: Page, pane: int) -> str:
    """Name of the bytes that a pane shows."""
    return page.locator(f'[data-pane="{pane}"]').get_attribute("data-digest")


def opened(page: Page, url: str) -> Page:
    """Go to a page and wait until two panes show their pictures."""
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    return page
