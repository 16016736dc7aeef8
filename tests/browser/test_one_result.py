"""A caption and the picture under it are of one result, whatever is changed, at every moment."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import settle
from tests.browser.test_app import wait_for

CHANGES = 14

# At every change of the page and in every frame: the caption, and the picture over which it stands.
WATCH = """() => {
  const find = (root) => {
    const seen = [...root.querySelectorAll("*")]
    const inside = seen.map((element) => element.shadowRoot ? find(element.shadowRoot) : [])
    return [...root.querySelectorAll(".pane")].concat(...inside)
  }
  const [seen, urls] = [new Map(), new Map()]
  window.captions = { seen, urls }
  const note = () => {
    const pane = find(document)[1]
    const [caption, image] = [pane?.querySelector("b").textContent, pane?.querySelector("[data-pane]")]
    if (!image) return
    const { digest } = image.dataset
    seen.set(`${caption}|${image.alt}|${digest}`, [caption, image.alt, digest])
    if (!urls.has(digest)) urls.set(digest, fetch(image.src).then((got) => got.blob()))
  }
  const all = { subtree: true, childList: true, characterData: true, attributes: true }
  const watch = new MutationObserver(note)
  const watchIn = (root) => {
    watch.observe(root, all)
    root.querySelectorAll("*").forEach((element) => element.shadowRoot && watchIn(element.shadowRoot))
  }
  watchIn(document)
  const frame = () => { note(); requestAnimationFrame(frame) }
  frame()
}"""
COUNT = """async () => {
  const counts = {}
  for (const [digest, coming] of window.captions.urls) {
    const bitmap = await createImageBitmap(await coming)
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    counts[digest] = new Set(new Uint32Array(data.buffer)).size
  }
  return [...window.captions.seen.values()].map(([caption, alt, digest]) => [caption, alt, counts[digest]])
}"""


@pytest.fixture
def busy() -> Iterator[None]:
    """Every core has something else to do: processes, as threads would take turns with the test's own."""
    command = [sys.executable, "-c", "while True: sum(range(20_000))"]
    burning = [subprocess.Popen(command) for _ in range(2)]
    yield
    for process in burning:
        process.kill()
        process.wait()


def test_no_caption_stands_over_a_picture_of_another_result(
    page: Page, serve: Callable[..., str], busy: None
) -> None:
    page.goto(f"{serve('app.py')}/?sample=cat&k=9")
    wait_for(page, 9)
    settle(page)
    page.evaluate(WATCH)
    slider = page.get_by_role("slider", name="Colours (K)")
    for step in range(1, CHANGES + 1):
        slider.press("ArrowRight")
        if step % 3 == 0:
            expect(page.locator('b:text-matches("colours")')).not_to_have_text(f"{6 + step} colours")
    wait_for(page, 9 + CHANGES)
    settle(page)
    seen = page.evaluate(COUNT)
    assert len({caption for caption, _, _ in seen}) >= 3, seen  # else nothing was watched
    for caption, alt, count in seen:
        assert caption == alt == f"{count} colours"
