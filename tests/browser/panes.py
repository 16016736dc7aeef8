"""What a viewer shows, from the very bytes that the browser drew."""

import base64
import io
import time

from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, expect

from quantize.colors.hexadecimal import to_hex

# The file of a picture that is replaced meanwhile is let go: then there is none.
FETCH = """async image => {
  const { src } = image
  const answer = await fetch(src).catch(() => null)
  if (!answer && (image.src !== src || !image.isConnected)) return null
  if (!answer) throw Error(`a picture is shown whose file is gone: ${src}`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
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
LIST_MS = 10_000
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# One question, as Plotly draws a chart anew after the server has sent all: an element may go between two.
INTO_VIEW = """element => {
  element.scrollIntoView({ block: "center", behavior: "instant" })
  const { x, y, width, height } = element.getBoundingClientRect()
  return element.isConnected ? { x, y, width, height } : null
}"""


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


def choose(page: Page, box: str, option: str, exact: bool = False) -> None:
    """Choose from a list by typing: it shows its beginning only, and arrow keys scroll it under a click."""
    wanted = page.get_by_role("option", name=option, exact=exact).first
    for _ in range(3):
        settle(page)  # a list that is open while its control is drawn anew closes: then it is opened again
        field = page.get_by_role("combobox", name=box).first
        field.click()
        field.fill(option)
        try:
            wanted.click(timeout=LIST_MS)
            return
        except TimeoutError:
            continue
    raise AssertionError(f"{box} offers no {option}")


def become(page: Page, width: int, scheme: str, height: int = 900) -> None:
    """Give a page another window and another theme, as a phone has them: what loading it anew there shows."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRAWN)
    settle(page)


def into_view(locator: Locator) -> dict[str, float]:
    """Bring an element of a chart into view; where it stands then, in CSS pixels of the window."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        if box := locator.evaluate(INTO_VIEW):
            return box
    raise AssertionError("the element is drawn anew without end")


def image_bytes(image: Locator) -> bytes:
    """The file that an image of the page shows, once the page has settled."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        settle(image.page)
        if found := image.evaluate(FETCH):
            return base64.b64decode(found)
    raise AssertionError("the picture is replaced without end")


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


def cards(page: Page, count: int) -> list[str]:
    """Colours of the swatches, once there are so many and picture and page have settled."""
    expect(page.locator(".card")).to_have_count(count)
    settled(page)
    return page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.color)")


def settled(page: Page) -> None:
    """Until the page that shows a palette has all of it."""
    expect(page.locator('[data-testid="stStatusWidget"]')).to_have_count(0)
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    expect(page.locator('[data-pane="1"]')).to_be_visible()


def colors_in(image: Image.Image) -> set[str]:
    """Codes of a picture's colours."""
    return {to_hex(color) for _, color in image.convert("RGB").getcolors(1 << 24)}
