"""The page about smaller files in Chromium: a photo of one's own, its chart, its downloads."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from quantize.decoding.samples import SAMPLES
from tests.browser.panes import become, count_colors, picture, settle
from tests.browser.test_accessible import AXE, assert_accessible
from tests.browser.test_many import drop

CHART = ".st-key-files .js-plotly-plot"
SHOW_POINT = """([selector, kind]) => {
  const chart = document.querySelector(selector)
  const trace = chart?._fullData?.findIndex(({ name }) => name === kind)
  return trace > 0 && chart.querySelectorAll(".scatterlayer .trace").length > trace ? trace : -1
}"""


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def exact_bytes(page: Page) -> int:
    """The length that the page tells of the file."""
    line = page.locator(".cq-figures", has_text="Exactly").first
    return int(re.search(r"Exactly ([\d,]+) bytes", line.inner_text())[1].replace(",", ""))


def shown(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as file:
        return np.asarray(file.convert("RGB"))


def click_mark(page: Page, kind: str) -> None:
    """Click the last mark of a kind of file in the chart, as a person does."""
    chart = page.locator(CHART)
    expect(chart.locator(".scatterlayer .point").first).to_be_visible()
    settle(page)
    chart.scroll_into_view_if_needed()
    trace = page.evaluate(SHOW_POINT, [CHART, kind])
    assert trace > 0
    box = chart.locator(".scatterlayer .trace").nth(trace).locator(".point").last.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 30, y - 30)
    page.mouse.move(x, y, steps=5)
    # Plotly takes a click for the mark that it has named, which on a busy machine is one on the way there.
    expect(chart.locator(".hoverlayer .hovertext")).to_contain_text(kind)
    page.wait_for_function("where => document.querySelector(where)?._hoverdata?.length", arg=CHART)
    page.mouse.click(x, y)


def test_a_photo_is_made_smaller(page: Page, serve: Callable[..., str], tmp_path: Path) -> None:
    page.goto(f"{serve('app.py')}/compress?kb=60")
    expect(page.locator(CHART)).to_be_visible()
    photo = SAMPLES["cat"].read()
    drop(page, ("cat.png", photo), over="h1")
    expect(page.get_by_text("Your picture")).not_to_have_count(0)
    expect(page.locator(".cq-figures", has_text="→ ").first).to_be_visible()
    settle(page)

    name, data = downloaded(page, "Download PNG")
    assert name == "cat-small.png"
    assert len(data) == exact_bytes(page) <= 60_000
    assert count_colors(picture(page, 1)) <= 256
    np.testing.assert_array_equal(np.asarray(picture(page, 1).convert("RGB")), shown(data))
    if shutil.which("pngcheck"):
        (tmp_path / name).write_bytes(data)
        subprocess.run(["pngcheck", "-q", str(tmp_path / name)], check=True)
    expect(page.get_by_text("It gave up")).to_be_visible()

    click_mark(page, "JPEG")
    expect(page).to_have_url(re.compile("point=jpeg-"))
    settle(page)
    name, data = downloaded(page, "Download JPG")
    assert (name, data[:2]) == ("cat-small.jpg", b"\xff\xd8")
    assert len(data) == exact_bytes(page)
    np.testing.assert_array_equal(np.asarray(picture(page, 1).convert("RGB")), shown(data))
    page.get_by_role("button", name="Back to what was found").click()
    expect(page).not_to_have_url(re.compile("point="))
    settle(page)

    page.get_by_role("spinbutton", name="kB").fill("25")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("kb=25"))
    settle(page)
    assert exact_bytes(page) <= 25_000
    page.evaluate(AXE)
    assert_accessible(page)
    become(page, 390, "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(CHART)).to_be_visible()
    assert_accessible(page)
