"""Paint by numbers in Chromium: the page with a photo, and the sheet as a browser paints it."""

import base64
import io
import re
from collections.abc import Callable

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from quantize import load_picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.numbers import files
from quantize.numbers.flat import PER_MM, draw_sheet_flat, draw_solution_flat
from quantize.numbers.layout import Choices
from quantize.numbers.numbered import number_picture
from quantize.numbers.outlines import draw_lines
from quantize.palettes.palette import Palette
from tests.browser.panes import opened, picture, settle
from tests.pictures import png

PHOTO = Image.fromarray(load_sample("coffee").pixels).resize((1224, 816), Image.Resampling.LANCZOS)


def made_of(data: bytes, n_colors: int, choices: Choices):
    loaded = load_picture(data)
    return number_picture(
        loaded, Palette(quantize_image(loaded, n_colors=n_colors).palette), choices, own=False
    )


def paint(page: Page, svg: bytes, numbered) -> np.ndarray:
    """The picture on a sheet as Chromium paints it, as large as what is drawn for the screen."""
    layout = numbered.layout
    width, height = (round(side * PER_MM) for side in (layout.paper.width, layout.paper.height))
    page.set_viewport_size({"width": width, "height": height})
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    page.set_content(f'<body style="margin:0;background:#fff"><img src="{source}" style="width:{width}px">')
    page.locator("img").evaluate("image => image.decode()")
    left, top = round(layout.left * PER_MM), round(layout.top * PER_MM)
    box = {
        "x": left,
        "y": top,
        "width": round(layout.width * PER_MM),
        "height": round(layout.height * PER_MM),
    }
    shot = page.screenshot(clip=box)
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def blurred(dark: np.ndarray) -> np.ndarray:
    image = Image.fromarray((dark * 255).astype(np.uint8))
    size = image.width // 4, image.height // 4
    return np.asarray(image.resize(size, Image.Resampling.BOX)).astype(int)


def test_sheets_and_solutions_are_painted_as_they_are_shown(page: Page) -> None:
    for choices in (Choices(brush=4.0), Choices(brush=4.0, outline="color", numerals="stroke")):
        numbered = number_picture(
            load_sample("coffee"),
            Palette(quantize_image(load_sample("coffee"), n_colors=12).palette),
            choices,
        )
        shown = draw_sheet_flat(numbered, draw_lines(numbered)).astype(int)
        seen = paint(page, files.write_sheet_svg(numbered), numbered)
        near = np.abs(blurred(255 - seen.min(axis=2) > 55) - blurred(255 - shown.min(axis=2) > 55)) < 140
        assert near.mean() > 0.995
        solution = numbered.colors[draw_solution_flat(numbered)].astype(int)
        painted = paint(page, files.write_solution_svg(numbered), numbered)
        assert (np.abs(painted - solution).max(axis=2) < 12).mean() > 0.97


def test_a_photo_on_the_page(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/numbers?k=6&brush=5&sample=shapes")
    data = png(np.asarray(PHOTO))
    page.locator('.st-key-file input[type="file"]').set_input_files(
        [{"name": "photo.png", "mimeType": "image/png", "buffer": data}]
    )
    expect(page.locator(".cq-name")).to_have_text("photo.png")
    engine = made_of(data, 6, Choices(brush=5.0))
    expect(page.locator(".cq-figures")).to_contain_text(f"Regions {engine.n_regions}")
    settle(page)
    shown = np.asarray(picture(page, 1).convert("RGB"))
    colors = {tuple(color) for color in shown.reshape(-1, 3).tolist()}
    assert colors == {tuple(color) for color in engine.colors.tolist()}
    sheet = np.asarray(picture(page, 0).convert("RGB"))
    assert sheet.shape == shown.shape
    assert (sheet > 240).all(axis=2).mean() > 0.8
    expect(page.get_by_role("button", name="Error", exact=True)).to_be_hidden()
    expect(page.locator(".cq-areas tbody tr")).to_have_count(len(engine.paints))

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download PDF").click()
    assert waiting.value.suggested_filename == "photo-numbers.pdf"
    assert waiting.value.path().read_bytes() == files.write_pdf(engine, "photo")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Sheet (SVG)").click()
    assert waiting.value.path().read_bytes() == files.write_sheet_svg(engine, "photo")

    swatch = page.get_by_role("toolbar", name="Protect colours").get_by_role("button").last
    swatch.click()
    expect(page).to_have_url(re.compile(r"protect=\w{6}"))
    page.get_by_role("radio", name="A3", exact=True).click()
    expect(page).to_have_url(re.compile("paper=a3"))
    expect(page.locator(".cq-figures")).to_contain_text("400 × 267 mm")
    page.reload()
    expect(page.locator(".cq-figures")).to_contain_text("× ")
    expect(page.get_by_role("spinbutton", name="Brush (mm)")).to_have_value("5")

    pills = page.get_by_role("toolbar", name="Protect colours")
    assert pills.evaluate("box => box.scrollHeight <= box.clientHeight")
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        more = page.get_by_test_id("stTopNavSection")
        if width == 1024:
            expect(more).to_have_css("font-weight", "600")
        row = page.locator(".st-key-sheet_options")
        page.wait_for_function(
            "row => new Set([...row.children].map(a => Math.round(a.getBoundingClientRect().bottom))).size"
            " === 1",
            arg=row.element_handle(),
        )
