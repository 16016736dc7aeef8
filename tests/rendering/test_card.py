"""The picture on a preview card."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize import quantize_image
from quantize.rendering.card import CARD_HEIGHT, CARD_WIDTH, draw_card
from tests.pictures import smooth


def colors_of(png: bytes) -> list[tuple[int, ...]]:
    with Image.open(BytesIO(png)) as image:
        assert image.size == (CARD_WIDTH, CARD_HEIGHT)
        return [color for _, color in image.convert("RGB").getcolors(1 << 24)]


@pytest.mark.parametrize("shape", [(40, 60), (900, 70), (7, 1500), (1, 1), (2000, 2000)])
@pytest.mark.parametrize("n_colors", [2, 16, 256])
def test_a_card_has_the_colors_of_the_result_and_no_other(shape, n_colors):
    result = quantize_image(smooth(*shape), n_colors=n_colors)
    expected = {tuple(color) for color in result.palette.tolist()}
    assert set(colors_of(draw_card(result))) == expected


def test_the_strip_is_as_wide_as_the_shares():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:25] = 255
    png = draw_card(quantize_image(pixels, n_colors=2))
    with Image.open(BytesIO(png)) as image:
        last = np.asarray(image.convert("L"))[-1]
    assert (last == 255).mean() == pytest.approx(0.25, abs=0.01)


def test_the_picture_fills_the_card_and_keeps_its_middle():
    pixels = np.zeros((300, 300, 3), np.uint8)
    pixels[140:160, 140:160] = (255, 0, 0)
    png = draw_card(quantize_image(pixels, n_colors=2))
    with Image.open(BytesIO(png)) as image:
        seen = np.asarray(image.convert("RGB"))
    rows, columns = np.nonzero(seen[:560, :, 0])
    assert rows.mean() == pytest.approx(279.5, abs=2)
    assert columns.mean() == pytest.approx(599.5, abs=2)
    assert np.ptp(columns) == pytest.approx(80, abs=4)  # 20 pixels, scaled until 300 fill 1200
