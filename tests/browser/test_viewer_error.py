"""The viewer's error map: the right colour for every pixel's ΔE00, on an even scale, up to date."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from skimage.color import deltaE_ciede2000, rgb2lab

from tests.browser.panes import digest, image_bytes, picture

VIEWER = Path(__file__).parents[2] / "pages" / "_viewer"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(Path(__file__).with_name("viewer_app.py"))


@pytest.fixture
def shown(page: Page, url: str) -> Page:
    page.goto(f"{url}/?panes=3")
    expect(page.locator('[data-pane="2"]')).to_be_visible()
    return page


@pytest.fixture
def scale(new_page: Callable[..., Page]) -> np.ndarray:
    """The 256 colours of the scale, as the viewer computes them."""
    page = new_page()
    page.goto("about:blank")
    page.add_script_tag(
        content="\n".join((VIEWER / f"{n}.js").read_text() for n in ("view", "color", "heat"))
    )
    return np.array(page.evaluate("HEAT"), np.uint8)


def pixels(image: Locator) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(image_bytes(image))).convert("RGB"))


def expected(page: Page, pane: int, scale: np.ndarray) -> np.ndarray:
    labs = [rgb2lab(np.array(picture(page, index).convert("RGB"))) for index in (0, pane)]
    levels = np.round(deltaE_ciede2000(*labs) / 20 * 255)
    return scale[np.minimum(levels, 255).astype(int)]


def test_every_pixel_has_the_color_of_its_difference(shown: Page, scale: np.ndarray) -> None:
    shown.get_by_role("button", name="Error").click()
    expect(shown.locator(".error")).to_have_count(2)
    for pane in (1, 2):
        error = shown.locator(f'.pane:has([data-pane="{pane}"]) .error')
        wrong = (pixels(error) != expected(shown, pane, scale)).any(axis=2)
        assert wrong.mean() < 0.001  # a level more or less where the difference lies between two of them
    assert shown.locator('.pane:has([data-pane="0"]) .error').count() == 0


def test_the_map_follows_the_picture(shown: Page, scale: np.ndarray) -> None:
    shown.get_by_role("button", name="Error").click()
    error = shown.locator('.pane:has([data-pane="1"]) .error')
    expect(error).to_be_visible()
    old_map, old_picture = error.get_attribute("src"), digest(shown, 1)
    shown.get_by_role("slider", name="Colours").press("ArrowRight")
    expect(shown.locator('[data-pane="1"]')).not_to_have_attribute("data-digest", old_picture)
    expect(error).not_to_have_attribute("src", old_map)
    assert (pixels(error) != expected(shown, 1, scale)).any(axis=2).mean() < 0.001


def test_the_button_shows_and_takes_away_map_and_legend(shown: Page) -> None:
    button = shown.get_by_role("button", name="Error")
    legend = shown.get_by_text("ΔE00 to the first picture")
    expect(legend).to_be_hidden()
    button.click()
    expect(legend).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(shown.locator(".error")).to_have_count(0)
    expect(legend).to_be_hidden()


def test_the_scale_is_even_in_lightness(scale: np.ndarray) -> None:
    linear = np.where(scale / 255 <= 0.04045, scale / 255 / 12.92, ((scale / 255 + 0.055) / 1.055) ** 2.4)
    cones = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    lightness = np.cbrt(linear @ cones.T) @ [0.2105, 0.7936, -0.0041]
    np.testing.assert_allclose(lightness, np.linspace(0.2, 0.97, 256), atol=0.006)
