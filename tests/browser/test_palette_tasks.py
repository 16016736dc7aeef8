"""Two tasks about palettes from start to end, by clicks only: a designer's and a game artist's."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect

from quantize import Palette, read_palette, write_palette
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.opacity import is_visible
from tests.browser.panes import choose, count_colors, picture, settle

NAMES = ("Crema", "Cup “white”", "Night-shift, 2 am", "Ζεστό", "قهوة", "☕ Saucer")


@pytest.fixture
def home(page: Page, serve: Callable[..., str]) -> Page:
    page.goto(f"{serve('app.py')}/")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    return page


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    heading = {"Palette": "A palette from the picture", "Studio": "Reduce a picture to K colours"}[name]
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    file: Download = waiting.value
    kept = folder / file.suggested_filename
    file.save_as(kept)
    return kept


def shown(page: Page) -> list[str]:
    return page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.color)")


def test_a_designer_takes_a_named_palette_along(
    home: Page, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = home
    page.get_by_role("radio", name="Rocket").click()
    settle(page)
    expect(page.locator('b:text-is("16 colours")')).to_be_visible()
    go(page, "Palette")
    expect(page.locator(".card")).to_have_count(6)
    for _ in range(2):  # fix two
        count = page.get_by_role("button", name=re.compile("^Unpin ")).count()
        page.get_by_role("button", name=re.compile("^Pin #")).first.click()
        expect(page.get_by_role("button", name=re.compile("^Unpin "))).to_have_count(count + 1)
        settle(page)
    pinned = page.get_by_role("button", name=re.compile("^Unpin ")).evaluate_all(
        "buttons => buttons.map(button => button.getAttribute('aria-label').slice(-7))"
    )
    colors = shown(page)
    for color, name in zip(colors, NAMES, strict=True):
        field = page.get_by_label(f"Name of {color}")
        field.click()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(field).to_have_value(name)
        settle(page)
    formats = {
        "Adobe Swatch Exchange (.ase)": "ase",
        "CSS variables (.css)": "css",
        "Tailwind 4 theme (.tailwind.css)": "tailwind",
    }
    rows = np.array([list(bytes.fromhex(color[1:])) for color in colors], np.uint8)
    for title, key in formats.items():
        choose(page, "Format", title, exact=True)
        settle(page)
        if key != "ase":  # which is there at first
            expect(page).to_have_url(re.compile(f"format={key}"))
            settle(page)
        file = download(page, "Download palette", tmp_path)
        found, plain = (
            read_palette(data, file.name)
            for data in (file.read_bytes(), write_palette(Palette(rows, names=NAMES), key))
        )
        assert found.hexes == colors
        assert found.names == plain.names
        assert key == "tailwind" or len(set(found.names)) == 6  # whose classes are of ASCII letters only
        assert key != "ase" or found.names == NAMES

    # What was pinned and named survives a reload, and a link leads somebody else to it.
    expect(page).to_have_url(re.compile("names="))
    other = new_page()
    for viewer, act in ((page, page.reload), (other, lambda: other.goto(page.url))):
        act()
        expect(viewer.locator(".card")).to_have_count(6)
        settle(viewer)
        assert shown(viewer) == colors
        names = viewer.locator(".card .name").evaluate_all("fields => fields.map(field => field.value)")
        assert tuple(names) == NAMES
        for color in pinned:
            expect(viewer.get_by_role("button", name=f"Unpin {color}")).to_be_visible()


def sprite_sheet() -> Image.Image:
    """Eight soft balls on nothing, with shadows: far more colours than the palette has."""
    y, x = np.mgrid[:64, :256]
    u, v = (x % 64 - 31.5) / 32, (y - 31.5) / 32
    height = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    hue = (x // 64)[..., None] * 1.7 + np.array([0, 2.1, 4.2])
    pixels = 255 * height[..., None] * (0.5 + 0.5 * np.sin(hue + u[..., None]))
    alpha = np.clip((1 - u**2 - v**2) * 900, 0, 255)
    return Image.fromarray(np.dstack([pixels, alpha]).astype(np.uint8))


def read_entries(data: bytes) -> list[str]:
    """Entries of the palette in a PNG's own bytes."""
    at = data.index(b"PLTE")
    length = int.from_bytes(data[at - 4 : at], "big")
    return hex_colors(np.frombuffer(data[at + 4 : at + 4 + length], np.uint8).reshape(-1, 3))


def check_sprite(file: Path, codes: list[str], sheet: Image.Image) -> None:
    """The file has these entries in this order, no other colour, and the sheet's transparency."""
    data = file.read_bytes()
    image = Image.open(io.BytesIO(data))
    assert image.mode == "P"
    assert read_entries(data)[:16] == codes
    rgba, alpha = np.asarray(image.convert("RGBA")), np.asarray(sheet)[..., 3]
    np.testing.assert_array_equal(rgba[..., 3] > 0, is_visible(alpha))
    seen = np.unique(rgba[rgba[..., 3] > 0][:, :3], axis=0)
    assert set(hex_colors(seen)) <= set(codes)
    assert len(seen) > 4
    assert np.unique(np.asarray(image)[rgba[..., 3] > 0]).max() < 16  # the numbers of the artist's file


def test_an_artist_puts_a_palette_file_on_a_sprite_sheet(home: Page, tmp_path: Path) -> None:
    page, sheet = home, sprite_sheet()
    sprites = tmp_path / "sprites.png"
    sheet.save(sprites)
    page.locator('input[type="file"]').first.set_input_files(sprites)
    expect(page.get_by_text("sprites.png").first).to_be_visible()
    settle(page)
    go(page, "Palette")
    rng = np.random.default_rng(4)
    for key, ending in (("hex", ".hex"), ("jasc", ".pal"), ("gpl", ".gpl")):
        rows = rng.permutation(rng.choice(256, (16, 3), replace=False)).astype(np.uint8)
        rows[9] = rows[2]  # one stands twice, so that numbers behind it would move if it were left out
        codes = hex_colors(rows)
        file = tmp_path / f"mine{ending}"
        file.write_bytes(write_palette(Palette(rows), key))
        page.locator('input[type="file"]').last.set_input_files(file)
        said = page.get_by_text(f"The 15 colours of mine{ending} and 1 entry that repeats one")
        expect(said.first).to_be_visible()
        expect(page.locator(".card")).to_have_count(15)
        settle(page)
        check_sprite(download(page, "Download picture", tmp_path), codes, sheet)
    choose(page, "Dithering", "Bayer 4×4 · pattern", exact=True)
    settle(page)
    expect(page).to_have_url(re.compile("dither=bayer-4"))  # which a run says at its beginning
    settle(page)
    check_sprite(download(page, "Download picture", tmp_path), codes, sheet)

    # The same on every page, and back.
    page.get_by_role("button", name="Use exactly these colours on every page").click()
    expect(page.get_by_text("Every page uses exactly the 15 colours of one palette")).to_be_visible()
    go(page, "Studio")
    expect(page.get_by_text("Every page uses exactly the 15 colours of one palette")).to_be_visible()
    expect(page.get_by_text("Space is LAB, as on the Palette page; it was BGR.")).to_be_visible()
    slider = page.get_by_role("slider", name="Colours (K)")
    expect(slider).to_have_value("15")
    expect(slider).to_be_disabled()
    expect(page.locator('b:text-is("15 colours")')).to_be_visible()
    assert count_colors(picture(page, 1)) <= 15
    check_sprite(download(page, "Download PNG", tmp_path), codes, sheet)
    page.get_by_role("button", name="Stop using only these").click()
    expect(page.locator('b:text-is("16 colours")')).to_be_visible()
    settle(page)  # while a line above them goes, controls are there twice
    expect(slider).to_be_enabled()
    expect(page.get_by_role("radio", name="BGR", exact=True)).to_be_checked()
