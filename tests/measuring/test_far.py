"""Colours that no entry comes near, beside all pairs."""

import numpy as np
import pytest

from quantize import find_table
from quantize.colors.colorset import ColorSet
from quantize.colors.difference import delta_e_00
from quantize.measuring.far import FAR, find_far_colors, share_far
from tests.degenerate import pictures
from tests.pictures import noise

PICTURES = [*pictures(1, seed=4), ("noise", noise(50, 50))]
PALETTES = ["1-bit", "gameboy", "pico-8", "nes", "hama"]


@pytest.mark.parametrize(("name", "pixels"), PICTURES, ids=[name for name, _ in PICTURES])
@pytest.mark.parametrize("limit", [0.0, 3.0, FAR, 40.0])
def test_they_are_those_that_all_pairs_say(name, pixels, limit):
    color_set = ColorSet.of(pixels[:40, :40])
    for key in PALETTES:
        palette = find_table(key).palette.colors
        pairs = [delta_e_00(color_set.colors, np.tile(entry, (color_set.n_colors, 1))) for entry in palette]
        far = find_far_colors(color_set, palette, limit)
        np.testing.assert_array_equal(far, np.min(pairs, axis=0) > limit, err_msg=key)


def test_the_share_is_one_of_pixels():
    pixels = np.array([[(255, 255, 255)] * 3 + [(255, 0, 0)]], np.uint8)
    color_set = ColorSet.of(pixels)
    far = find_far_colors(color_set, np.full((1, 3), 250, np.uint8))
    assert share_far(color_set, far) == 0.25
    mask, _ = color_set.look_up(pixels.reshape(-1, 3), far.astype(np.uint8))
    assert mask.tolist() == [0, 0, 0, 1]
    nothing = ColorSet.of(pixels, np.zeros((1, 4), np.uint8))
    assert share_far(nothing, find_far_colors(nothing, np.zeros((1, 3), np.uint8))) == 0
