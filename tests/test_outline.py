"""A result without its pixels is the very result that has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Picture, QuantizeError, Settings, quantize_image
from quantize.colors.colorset import ColorSet
from quantize.colors.histogram import merge_colors
from quantize.colors.spaces import SPACES
from quantize.outline import outline_result
from tests.pictures import noise


def some_picture(seed: int, transparent: bool) -> Picture:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (23, 31, 3), np.uint8) // 8 * 8
    alpha = rng.choice(np.array([0, 90, 255], np.uint8), (23, 31)) if transparent else None
    return Picture.from_pixels(pixels, alpha)


@given(
    seed=st.integers(0, 99),
    n_colors=st.sampled_from([2, 7, 16, 256]),
    space=st.sampled_from(list(SPACES)),
    transparent=st.booleans(),
    method=st.sampled_from(["kmeans", "wu", "octree"]),
)
def test_all_but_the_pixels_is_equal(seed, n_colors, space, transparent, method):
    picture = some_picture(seed, transparent)
    settings = Settings(n_colors=n_colors, space=space, method=method)
    whole, outline = quantize_image(picture, settings), outline_result(picture, settings)
    np.testing.assert_array_equal(outline.palette, whole.palette)
    np.testing.assert_array_equal(outline.counts, whole.counts)
    assert (outline.sse, outline.iterations, outline.notes) == (whole.sse, whole.iterations, whole.notes)
    assert outline.settings == whole.settings


def test_its_table_gives_any_part_of_the_pixels():
    picture = Picture.from_pixels(noise(40, 60))
    whole, outline = quantize_image(picture, n_colors=9), outline_result(picture, Settings(n_colors=9))
    part = np.ascontiguousarray(picture.pixels[5:20, 7:50])
    entries, strangers = picture.color_set.look_up(part.reshape(-1, 3), outline.table)
    assert strangers == 0
    np.testing.assert_array_equal(entries.reshape(15, 43), whole.indices[5:20, 7:50])


def test_dithering_is_refused():
    with pytest.raises(QuantizeError, match="an outline knows no dithering, got floyd-steinberg"):
        outline_result(Picture.from_pixels(noise(4, 4)), Settings(dither="floyd-steinberg"))


def test_the_checkpoint_can_end_it():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outline_result(Picture.from_pixels(noise(30, 30)), Settings(n_colors=8), checkpoint=stop)


def test_a_set_of_colors_can_be_made_again_of_its_list():
    picture = some_picture(5, transparent=True)
    found = picture.color_set
    again = ColorSet.listed(found.colors, found.counts)
    np.testing.assert_array_equal(again.words, found.words)
    np.testing.assert_array_equal(again.ranks, found.ranks)
    np.testing.assert_array_equal(again.colors, found.colors)
    cells = merge_colors(again)
    np.testing.assert_array_equal(cells.colors, picture.cells.colors)
    np.testing.assert_array_equal(cells.counts, picture.cells.counts)
