"""The scale of differences: even in lightness, and pictures on it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize.colors.spaces import SPACES
from quantize.rendering.heat import TOPS, choose_top, heat_colors, heat_png


def test_equal_steps_of_difference_are_equal_steps_of_lightness():
    colors = heat_colors()
    assert colors.shape == (255, 3)
    lightness = SPACES["Oklab"].to_working(colors)[:, 0]
    np.testing.assert_allclose(lightness, np.linspace(0.2, 0.97, 255), atol=0.008)
    assert len(np.unique(colors, axis=0)) == 255


def test_a_scale_ends_where_nearly_all_differences_do():
    values = np.zeros((100, 100), np.float32)
    assert choose_top(values) == TOPS[0]
    values[:3] = 7
    assert choose_top(values) == 10
    values[:3] = 99
    assert choose_top(values) == 100
    assert choose_top(values + 500) == TOPS[-1]


@pytest.mark.parametrize(("value", "level"), [(0, 0), (5, 127), (10, 254), (11, 254)])
def test_a_difference_gets_its_place_on_the_scale(value, level):
    image = Image.open(BytesIO(heat_png(np.full((3, 4), value, np.float32), 10)))
    assert image.size == (4, 3)
    assert np.asarray(image.convert("RGB")).reshape(-1, 3).tolist() == [heat_colors()[level].tolist()] * 12


def test_transparent_pixels_stay_transparent():
    alpha = np.full((3, 4), 255, np.uint8)
    alpha[0] = 0
    image = Image.open(BytesIO(heat_png(np.full((3, 4), 5, np.float32), 10, alpha))).convert("RGBA")
    assert np.asarray(image)[..., 3].tolist() == alpha.tolist()
