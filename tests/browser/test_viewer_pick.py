"""Pointing and picking in the viewer: colours, entries, differences, and what fades."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from skimage.color import deltaE_ciede2000, rgb2lab

from tests.browser.panes import image_bytes, picture
from tests.measuring.test_metrics import SHARMA

VIEWER = Path(__file__).parents[2] / "pages" / "_viewer"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(Path(__file__).with_name("viewer_app.py"))


@pytest.fixture
def shown(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    return page


@pytest.fixture
def formulas(page: Page) -> Page:
    """An empty page that knows color.js."""
    page.goto("about:blank")
    page.add_script_tag(content=(VIEWER / "color.js").read_text())
    return page


def test_difference_of_the_published_pairs(formulas: Page) -> None:
    rows = [[float(word) for word in line.split()] for line in SHARMA.split("\n") if line]
    run = """rows => rows.map(row => [row.slice(0, 3), row.slice(3, 6)])
        .map(([a, b]) => [deltaE00(a, b), deltaE00(b, a)])"""
    found = np.array(formulas.evaluate(run, rows))
    np.testing.assert_allclose(found, np.array(rows)[:, [6, 6]], atol=1e-4)


def test_difference_of_colors_is_the_one_of_the_engine(formulas: Page) -> None:
    first, second = np.random.default_rng(0).integers(0, 256, (2, 300, 3), dtype=np.uint8)
    first[:3], second[:3] = [[0, 0, 0], [255, 255, 255], [9, 9, 9]], [[1, 0, 0], [255, 255, 255], [0, 0, 0]]
    pairs = np.stack([first, second], axis=1).astype(int) @ [1 << 16, 1 << 8, 1]
    run = "pairs => pairs.map(([a, b]) => deltaE00(toLab(a), toLab(b)))"
    expected = deltaE_ciede2000(rgb2lab(first), rgb2lab(second))
    np.testing.assert_allclose(formulas.evaluate(run, pairs.tolist()), expected, atol=1e-3)


def at(page: Page, x: int, y: int, pane: int = 1) -> dict[str, float]:
    """Where a pixel of the 640 × 480 picture lies in a pane, for ``position=``."""
    box = page.locator(f'[data-pane="{pane}"]').bounding_box()
    return {"x": (x + 0.5) / 640 * box["width"], "y": (y + 0.5) / 480 * box["height"]}


def hexes(page: Page, x: int, y: int) -> list[str]:
    pixels = [picture(page, pane).convert("RGB").getpixel((x, y)) for pane in range(2)]
    return ["#" + bytes(pixel).hex() for pixel in pixels]


def test_pointing_names_both_colors_the_entry_and_the_difference(shown: Page) -> None:
    original, color = hexes(shown, 100, 50)
    shown.locator('[data-pane="1"]').hover(position=at(shown, 100, 50))
    line = shown.locator(".readout")
    expect(line).to_contain_text("100, 50")
    assert line.locator("code").all_text_contents() == [original, color]
    rgb = [np.frombuffer(bytes.fromhex(word[1:]), np.uint8) for word in (original, color)]
    difference = deltaE_ciede2000(*map(rgb2lab, rgb))
    expect(line).to_contain_text(f"ΔE00 {difference:.1f}")
    shown.mouse.move(2, 2)
    expect(line).to_be_empty()


def test_a_click_selects_fades_the_rest_and_tells_python(shown: Page) -> None:
    original, color = hexes(shown, 300, 200)
    shown.locator('[data-pane="1"]').click(position=at(shown, 300, 200))
    told = f"Pick(x=300, y=200, pane=1, original='{original}', color='{color}', entry="
    expect(shown.get_by_text("Picked: ")).to_contain_text(told)
    for pane in ("left", "right"):
        veil = shown.locator(f'[data-side="{pane}"] .veil')
        expect(veil).to_be_visible()
        faded = alpha(veil)
        assert (faded[color_mask(shown, color)] == 0).all()
        assert (faded[~color_mask(shown, color)] > 200).all()
    shown.locator('[data-pane="0"]').click(position=at(shown, 300, 200, pane=0))
    expect(shown.locator(".veil")).to_have_count(0)
    expect(shown.get_by_text("Picked: ")).to_contain_text("entry=None")


def alpha(veil) -> np.ndarray:
    """How opaque each of a veil's pixels is."""
    return np.array(Image.open(io.BytesIO(image_bytes(veil))).convert("RGBA"))[..., 3]


def color_mask(page: Page, color: str) -> np.ndarray:
    pixels = np.array(picture(page, 1).convert("RGB"))
    return (pixels == list(bytes.fromhex(color[1:]))).all(axis=2)


def test_python_selects_and_takes_back(shown: Page) -> None:
    field = shown.get_by_role("spinbutton", name="Selected")
    field.fill("3")
    field.press("Enter")
    expect(shown.locator(".veil")).to_have_count(2)
    field.fill("")
    field.press("Enter")
    expect(shown.locator(".veil")).to_have_count(0)


def test_another_palette_ends_the_selection(shown: Page) -> None:
    shown.locator('[data-pane="1"]').click(position=at(shown, 300, 200))
    expect(shown.locator(".veil")).to_have_count(2)
    shown.get_by_role("slider", name="Colours").press("PageDown")
    expect(shown.locator(".veil")).to_have_count(0)


def test_enter_picks_the_middle_for_those_without_a_mouse(shown: Page) -> None:
    shown.locator(".panes").focus()
    shown.keyboard.press("Enter")
    expect(shown.get_by_text("Picked: ")).to_contain_text("Pick(x=320, y=240, pane=1")
    expect(shown.locator(".veil")).to_have_count(2)
    expect(shown.locator(".readout")).to_have_attribute("aria-live", "polite")
    shown.keyboard.press("Escape")
    expect(shown.locator(".veil")).to_have_count(0)
