"""rgb2ind and ind2rgb: one is the other's way back, and a palette given stays as it is."""

import numpy as np
import pytest

from quantize import Palette, Picture, QuantizeError, find_table, ind2rgb, quantize_image, rgb2ind
from tests.degenerate import counts_near, n_colors_of, pictures
from tests.test_fixed_palette import FILES

SMALL = [(name, pixels[:30, :30]) for name, pixels in pictures(1, seed=5)]
NAMED = pytest.mark.parametrize(("name", "pixels"), SMALL, ids=[name for name, _ in SMALL])


@NAMED
def test_a_picture_that_fits_comes_back(name, pixels):
    n = n_colors_of(pixels)
    if n <= 256:
        indices, palette = rgb2ind(pixels, n)
        assert (indices.dtype, indices.shape, palette.shape) == (np.uint8, pixels.shape[:2], (n, 3))
        np.testing.assert_array_equal(ind2rgb(indices, palette), pixels)
    for k in counts_near(min(n, 256)):
        indices, palette = rgb2ind(pixels, k)
        assert len(palette) == min(k, n)
        np.testing.assert_array_equal(ind2rgb(indices, palette), quantize_image(pixels, n_colors=k).pixels)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
@pytest.mark.parametrize("pixels", [pixels for _, pixels in SMALL[::4]])
def test_a_palette_given_stays_as_it_is(pixels, file, dither):
    given = FILES[file]
    indices, palette = rgb2ind(pixels, given, dither=dither)
    np.testing.assert_array_equal(palette, given)
    shown = ind2rgb(indices, given)
    if dither == "none":
        away = np.square(pixels[:, :, None].astype(int) - given.astype(int)).sum(axis=-1)
        np.testing.assert_array_equal(np.take_along_axis(away, indices[..., None], 2)[..., 0], away.min(2))
    again, _ = rgb2ind(shown, given, dither=dither)
    np.testing.assert_array_equal(again, indices)
    first = (given == given[indices.max()]).all(axis=1).argmax()
    assert first == indices.max(), "of equal entries the first is used"


def test_palettes_and_pictures_may_be_ours():
    table, pixels = find_table("pico-8").palette, SMALL[3][1]
    indices, palette = rgb2ind(Picture.from_pixels(pixels), table, space="LAB")
    np.testing.assert_array_equal(palette, table.colors)
    np.testing.assert_array_equal(ind2rgb(indices, table), table.colors[indices])


def test_indices_have_any_shape_and_type():
    palette = FILES["16"]
    for dtype in (np.uint8, np.int64, np.int8):
        numbers = np.arange(12, dtype=dtype).reshape(2, 3, 2)
        np.testing.assert_array_equal(ind2rgb(numbers, Palette(palette)), palette[:12].reshape(2, 3, 2, 3))
    assert ind2rgb(np.zeros((0, 4), np.uint8), palette).shape == (0, 4, 3)


@pytest.mark.parametrize(
    ("palette_or_k", "said"),
    [
        (0, "n_colors must be a whole number from 1 to 256, got 0"),
        (257, "n_colors must be"),
        (2.5, "n_colors must be"),
        (True, "n_colors must be"),
        ("16", "n_colors must be"),
        (np.zeros((257, 3), np.uint8), "palette must hold at most 256 entries, got 257"),
        (np.zeros((2, 3)), "palette must be uint8 of shape .k, 3., got float64 of shape .2, 3.: pass sRGB"),
        (np.zeros((0, 3), np.uint8), "palette must be uint8 of shape"),
        (np.zeros((3, 2), np.uint8), "palette must be uint8 of shape"),
        (None, "palette must be uint8 of shape"),
    ],
)
def test_what_is_neither_palette_nor_number_is_refused(palette_or_k, said):
    with pytest.raises(QuantizeError, match=said):
        rgb2ind(SMALL[0][1], palette_or_k)


@pytest.mark.parametrize("numbers", [[[0, 2]], [[-1, 0]]])
def test_numbers_without_an_entry_are_refused(numbers):
    with pytest.raises(QuantizeError, match="indices must be from 0 to 1, as the palette has 2 entries, got"):
        ind2rgb(np.array(numbers), np.zeros((2, 3), np.uint8))
    with pytest.raises(QuantizeError, match="indices must be integers, got float64"):
        ind2rgb(np.zeros((2, 2)), np.zeros((2, 3), np.uint8))


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(QuantizeError, match="indices must be an array, got rows of unequal length"):
        ind2rgb([[0, 1], [1]], np.zeros((2, 3), np.uint8))
