"""A web developer's task in Chromium: ten screenshots made smaller; and files dropped anywhere."""

import base64
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, Route, expect

from tests.browser.panes import count_colors, settle
from tests.browser.test_accessible import AXE, assert_accessible
from tests.pictures import noise, png, saved

K = 32

# What a browser does when somebody drags files over the page and lets go.
DROP = """([over, files]) => {
  const given = new DataTransfer()
  for (const [name, data] of files) {
    const isText = typeof data === "string"
    const bytes = isText ? Uint8Array.from(atob(data), c => c.charCodeAt(0)) : new Uint8Array(data)
    given.items.add(new File([bytes], name))
  }
  const send = name => document.querySelector(over).dispatchEvent(
    new DragEvent(name, { bubbles: true, cancelable: true, composed: true, dataTransfer: given }))
  send("dragenter")
  const isOurs = !send("dragover")
  const roots = [...document.querySelectorAll("*")].map(element => element.shadowRoot)
  const hint = roots.map(root => root?.querySelector(".drop")).find(Boolean)
  const isSeen = getComputedStyle(hint).display !== "none"
  send("drop")
  return [isOurs, isSeen, getComputedStyle(hint).display]
}"""


def screenshot(number: int) -> Image.Image:
    """A drawn window: bars, buttons with round corners, antialiased text, a chart; some with soft shadows."""
    width, height = 640 + 16 * number, 400
    image = Image.new("RGBA", (width, height), (250, 250, 252, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 44), fill=(40 + 15 * number, 70, 160 - 10 * number))
    for row in range(6):
        text = f"Row {row + 1} of page {number}: {'lorem ipsum dolor sit amet ' * 2}"
        draw.text((24, 64 + 26 * row), text, font=ImageFont.load_default(15), fill=(30, 30, 40 + 20 * row))
    for column in range(8):
        top = 380 - 15 * ((column * 7 + number) % 9)
        draw.rounded_rectangle((30 + 60 * column, top, 70 + 60 * column, 385), 6, fill=(30 * column, 120, 90))
    if number % 3 == 0:
        veil = np.asarray(image).copy()
        veil[:, -40:, 3] = np.linspace(255, 0, 40).astype(np.uint8)
        return Image.fromarray(veil)
    return image.convert("RGB")


def drop(page: Page, *files: tuple[str, bytes | int], over: str = "body") -> None:
    """Drop files; a number stands for so many zeros."""
    said = [
        [name, data if isinstance(data, int) else base64.b64encode(data).decode()] for name, data in files
    ]
    assert page.evaluate(DROP, [over, said]) == [True, True, "none"]


def shown(page: Page) -> str:
    settle(page)
    return page.locator(".cq-name").text_content()  # also while the sidebar is folded away


def test_ten_screenshots_become_one_zip(page: Page, serve: Callable[..., str], tmp_path: Path) -> None:
    given = {f"screen {number}.png": saved(screenshot(number), "PNG") for number in range(10)}
    page.goto(f"{serve('app.py')}/?k={K}")
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible()
    expect(page.get_by_role("list", name="Your pictures")).to_have_count(0)
    page.locator('.st-key-file input[type="file"]').set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in given.items()]
    )
    row = page.get_by_role("list", name="Your pictures")
    expect(row.get_by_role("listitem")).to_have_count(10)
    expect(row.locator("[aria-pressed=true]")).to_have_text("screen 0.png")
    expect(row).to_have_class("pictures after")  # an edge fades beyond which there are more
    row.evaluate("row => row.scrollTo(row.scrollWidth, 0)")
    expect(row).to_have_class("pictures before")
    expect(page.get_by_test_id("stFileChip").filter(visible=True)).to_have_count(0)
    page.get_by_role("button", name="Make all 10 pictures").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download ZIP").click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files) == [f"screen {number}-{K}.png" for number in range(10)]
    for number, data in enumerate(files.values()):
        with Image.open(io.BytesIO(data)) as file:
            assert (file.mode, file.size) == ("P", screenshot(number).size)
            assert count_colors(file) <= K
    before, after = sum(map(len, given.values())), sum(map(len, files.values()))
    assert after < before
    figures = page.locator(".cq-figures", has_text="10 pictures")
    expect(figures).to_contain_text(f"{before / 1000:.0f} kB → {after / 1000:.0f} kB")
    expect(figures).to_contain_text(f"{100 * (before - after) / before:.0f} % saved")
    for (name, data), first in zip(files.items(), given.values(), strict=True):
        line = page.locator(".cq-made tr", has_text=name)
        expect(line).to_contain_text(f"{100 * (len(first) - len(data)) / len(first):.0f} % saved")
    page.evaluate(AXE)
    assert_accessible(page)


def test_files_are_dropped_anywhere(page: Page, serve: Callable[..., str]) -> None:
    page.set_viewport_size({"width": 600, "height": 800})  # the sidebar is folded away
    page.goto(f"{serve('app.py')}/compare_k?ks=2-3")
    assert shown(page) == "Coffee"
    drop(page, ("one.png", png(noise(40, 60))), ("broken.png", b"\x89PNG\r\n\x1a\nx"), over="h1")
    expect(page.locator(".cq-name")).to_have_text("one.png")
    expect(page.get_by_test_id("stToast")).to_contain_text("broken.png: PNG picture cannot be decoded")
    row = page.get_by_role("list", name="Your pictures")
    expect(row).to_have_count(0)
    drop(page, ("two.png", png(noise(41, 60))), ("too long.png", 51 * 2**20))
    expect(row.get_by_role("listitem")).to_have_text([re.compile("one.png"), re.compile("two.png")])
    assert shown(page) == "two.png"
    expect(page.get_by_test_id("stFileChip")).to_contain_text([re.compile("must be 50")])
    row.get_by_role("button", name="one.png", exact=True).click()
    expect(page.locator(".cq-name")).to_have_text("one.png")
    page.locator(".st-key-tabs").get_by_role("link", name="Palette", exact=True).click()
    expect(page.get_by_role("heading", name="A palette from the picture")).to_be_visible()
    assert shown(page) == "one.png"
    drop(page, ("brand.gpl", b"GIMP Palette\n#\n255 0 0 red\n0 255 0 green\n0 0 255 blue\n"))
    said = page.get_by_test_id("stToast").filter(has_text="brand.gpl is a palette of 3 colours, no picture")
    expect(said).to_be_visible()
    expect(page).to_have_url(re.compile("pin=ff0000-00ff00-0000ff"))
    assert shown(page) == "one.png"
    row.get_by_role("button", name="one.png", exact=True).press("Delete")
    expect(row).to_have_count(0)
    assert shown(page) == "two.png"


def test_a_file_is_taken_that_is_dropped_before_its_control_is_there(
    page: Page, serve: Callable[..., str]
) -> None:
    """A slow network: the control's own script comes last."""
    held: list[Route] = []
    page.route("**/FileUploader*", lambda route: held.append(route))
    page.goto(serve("app.py"))
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    expect(page.locator(".drop")).to_have_count(1)
    settle(page)
    assert page.locator('.st-key-file input[type="file"]').count() == 0
    drop(page, ("one.png", saved(screenshot(1), "PNG")), over="h1")
    page.wait_for_timeout(300)
    assert held
    for route in held:
        route.continue_()
    page.unroute("**/FileUploader*")
    expect(page.locator(".cq-name")).to_have_text("one.png")
