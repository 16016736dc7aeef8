"""The pages for makers in Chromium: an e-paper panel, pixel art and tiles, their main jobs by clicking."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from quantize.panels.packing import unpack_numbers
from quantize.panels.table import PANELS
from quantize.tiles.machines import MACHINES
from tests.browser.panes import become, choose, colors_in, picture, settle
from tests.browser.test_still import MOST, WATCH, shifts

ACROSS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def take(page: Page, button: str, folder: Path) -> Path:
    """Click a download and return the file under the name that the browser would give it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    if path.suffix == ".png" and shutil.which("pngcheck"):
        done = subprocess.run(["pngcheck", "-q", path], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "")
    return path


def assert_still(page: Page) -> None:
    """Nothing has jumped while the page was loaded."""
    settle(page)
    much, what = shifts(page)
    assert much < MOST, what


def assert_fits(page: Page, narrow: str) -> None:
    """Nothing goes over the edge, wide or narrow, light or dark."""
    for width, scheme in ((1024, "dark"), (390, "dark"), (390, "light"), (1440, "light")):
        become(page, width, scheme)
        assert page.evaluate(ACROSS) == 0
        expect(page.locator(narrow)).to_be_attached()


def test_a_file_for_a_panel(new_page: Callable[..., Page], serve: Callable[..., str], tmp_path: Path) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"{serve('app.py')}/panel?sample=coffee")
    expect(page.locator(".cq-ink")).to_have_count(6)
    assert_still(page)
    assert picture(page, 0).size == picture(page, 1).size == (800, 480)
    shown = {f"#{code}" for code in PANELS["spectra6"].shown}
    assert colors_in(picture(page, 1)) <= shown
    expect(page.get_by_text("brought to the 10 to 72 that the panel shows")).to_be_visible()

    choose(page, "Panel", "four colours, 4.2 inch")
    expect(page.locator(".cq-ink")).to_have_count(4)
    choose(page, "Size", "400 × 300")
    page.get_by_role("radio", name="90°").click()
    page.get_by_role("radio", name="All of it").click()
    expect(page).to_have_url(re.compile("panel=bwry-4.2&panel_size=400-300&panel_fit=fit&panel_turn=90"))
    settle(page)
    assert picture(page, 1).size == (300, 400)
    packed = take(page, "Download .bin", tmp_path)
    assert packed.name == "Coffee-bwry-4.2.bin"
    inks = PANELS["bwry-4.2"].inks
    assert packed.stat().st_size == 400 * 300 // 4
    numbers = unpack_numbers(packed.read_bytes(), inks, (400, 300))
    with Image.open(take(page, "Download PNG", tmp_path)) as file:
        np.testing.assert_array_equal(np.asarray(file), numbers)
        assert file.getpalette()[:12] == inks.device_palette.ravel().tolist()
    with Image.open(take(page, "Download preview", tmp_path)) as seen:
        turned = np.rot90(np.asarray(seen), -1)
        np.testing.assert_array_equal(np.array(inks.numbers, np.uint8)[turned], numbers)
    with Image.open(take(page, "Download BMP", tmp_path)) as file:
        np.testing.assert_array_equal(np.asarray(file), numbers)
    page.reload()
    settle(page)
    assert picture(page, 1).size == (300, 400)
    assert_fits(page, ".cq-ink >> nth=3")


def test_pixel_art_and_tiles(
    new_page: Callable[..., Page], serve: Callable[..., str], tmp_path: Path
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"{serve('app.py')}/pixel_art?sample=coffee")
    expect(page.get_by_text("No grid was found")).to_be_visible()
    assert_still(page)
    page.get_by_role("button", name="Try it on a sample").click()
    expect(page.locator(".cq-figures").first).to_contain_text("72 × 48")
    settle(page)
    assert picture(page, 0).size == picture(page, 1).size == (612, 408)
    k = page.get_by_role("spinbutton", name="At most (K)")
    k.fill("24")
    k.press("Enter")
    expect(page.locator(".cq-figures").first).to_contain_text("→ 24")
    settle(page)
    with Image.open(take(page, "Download PNG", tmp_path)) as file:
        assert (file.mode, file.size) == ("P", (72, 48))
        assert colors_in(file) == colors_in(picture(page, 1))
    choose(page, "Pixels of a cell", "4 × 4")
    expect(page).to_have_url(re.compile("scale=4"))
    settle(page)
    with Image.open(take(page, "Download PNG", tmp_path)) as file:
        assert file.size == (288, 192)
    assert_fits(page, '[data-pane="1"]')

    page.get_by_role("radio", name="Tiles").click()
    expect(page.locator(".cq-set")).to_have_count(8)
    choose(page, "Machine", "Mega Drive")
    expect(page.locator(".cq-set")).to_have_count(4)
    settle(page)
    told = json.loads(take(page, "Download map", tmp_path).read_text())
    machine = MACHINES["mega-drive"]
    assert (told["tile"], len(told["palettes"])) == ([8, 8], machine.n_palettes)
    assert np.shape(told["map"]) == (51, 77)
    with Image.open(take(page, "Download PNG", tmp_path)) as file:
        indices = np.asarray(file)
        assert colors_in(file) == colors_in(picture(page, 1))
    entries = [set(row) for row in told["entries"]]
    for row, chosen in enumerate(told["map"]):
        for column, number in enumerate(chosen):
            tile = indices[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
            assert set(np.unique(tile).tolist()) <= entries[number]
    listed = take(page, "Download palette", tmp_path).read_text().split()
    assert listed[:3] == ["JASC-PAL", "0100", str(machine.n_palettes * machine.n_colors)]
    page.reload()
    expect(page.locator(".cq-set")).to_have_count(4)
    assert_fits(page, ".cq-set >> nth=3")
