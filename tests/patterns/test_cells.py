"""A picture made as small as a pattern, against means that are worked out pixel by pixel."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Picture, QuantizeError
from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.patterns.cells import make_cells
from tests.degenerate import KINDS


def mean_slowly(pixels, visible, across, down):
    """One cell after the other, with exact shares of pixels; None where it is empty."""
    height, width = visible.shape
    made = {}
    for row in range(down):
        for column in range(across):
            shares, total = [], 0
            for y in range(height):
                for x in range(width):
                    part = Fraction(1)
                    for at, n, cell, cells in ((x, width, column, across), (y, height, row, down)):
                        low, high = Fraction(cell * n, cells), Fraction((cell + 1) * n, cells)
                        part *= max(Fraction(0), min(high, at + 1) - max(low, at)) / (high - low)
                    if part and visible[y, x]:
                        shares.append((float(part), decode_srgb(pixels[y, x])))
                        total += part
            light = sum(part * color for part, color in shares)
            made[row, column] = encode_srgb(light / float(total)) if total >= Fraction(1, 2) else None
    return made


@given(
    seed=st.integers(0, 999),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    most=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_cells_are_means_of_what_they_cover_in_linear_light(seed, size, most):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    alpha = rng.choice(np.array([0, 127, 128, 255], np.uint8), (size[1], size[0]), p=[0.2, 0.1, 0.2, 0.5])
    made = make_cells(Picture.from_pixels(pixels, alpha), most)
    width, height = made.size
    assert width <= most[0]
    assert height <= most[1]
    assert (width, height) == size or width == most[0] or height == most[1]
    if width > size[0] or height > size[1] or made.size == size:
        return
    means = mean_slowly(pixels, alpha >= 128, width, height)
    if not any(mean is not None for mean in means.values()):
        return
    for (row, column), expected in means.items():
        seen = made.alpha is None or made.alpha[row, column] == 255
        if expected is not None and seen:
            assert np.abs(made.pixels[row, column] - expected).max() <= 0.51
        # half of a cell, in whole numbers there and in floats here
        assert seen == (expected is not None) or np.isclose(_share(alpha, made.size, row, column), 0.5)


def test_thin_lines_leave_the_cells_that_have_most_of_them():
    alpha = np.zeros((60, 60), np.uint8)
    alpha[30], alpha[:, 7] = 255, 255
    made = make_cells(Picture.from_pixels(np.full((60, 60, 3), 40, np.uint8), alpha), (6, 6))
    seen = np.zeros((6, 6), bool)
    seen[3], seen[:, 0] = True, True
    np.testing.assert_array_equal(made.alpha == 255, seen)
    assert (made.pixels[seen] == 40).all()


def _share(alpha, size, row, column):
    height, width = alpha.shape
    ys, xs = np.arange(height), np.arange(width)

    def part(at, n, cell, cells):
        return np.clip(np.minimum((cell + 1) * n / cells, at + 1) - np.maximum(cell * n / cells, at), 0, None)

    weights = part(ys, height, row, size[1])[:, None] * part(xs, width, column, size[0])
    return (weights * (alpha >= 128)).sum() / weights.sum()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_enlarged_comes_back(kind):
    pixels = kind.make(np.random.default_rng(3))[:20, :20]
    large = Picture.from_pixels(np.repeat(np.repeat(pixels, 7, axis=0), 7, axis=1))
    made = make_cells(large, (pixels.shape[1], 500))
    np.testing.assert_array_equal(made.pixels, pixels)
    assert made.alpha is None


def test_pixels_are_repeated_where_there_are_too_few():
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    made = make_cells(Picture.from_pixels(pixels), (6, 6))
    np.testing.assert_array_equal(made.pixels, np.repeat(np.repeat(pixels, 3, axis=0), 3, axis=1))


def test_a_large_picture_is_worked_on_in_bands_without_a_seam():
    """Rows 255 and 256 are in two bands; every cell covers both halves of some."""
    ramp = np.repeat(np.linspace(0, 255, 700).round().astype(np.uint8)[:, None, None], 3, axis=2)
    made = make_cells(Picture.from_pixels(np.repeat(ramp, 5, axis=1)), (5, 90)).pixels[:, 0, 0].astype(int)
    assert (np.diff(made) > 0).all()


@pytest.mark.parametrize("size", [(0, 5), (5, 501), (2.5, 5), (-1, 1)])
def test_sizes_that_cannot_be_are_a_sentence(size):
    with pytest.raises(QuantizeError, match="size must be 1 to 500 cells across and down, got"):
        make_cells(Picture.from_pixels(np.zeros((9, 9, 3), np.uint8)), size)


def test_a_pixel_a_cell_is_only_for_small_pictures():
    small = Picture.from_pixels(np.zeros((500, 1, 3), np.uint8))
    assert make_cells(small) is small
    with pytest.raises(QuantizeError, match="at most 500 × 500 pixels if each is to be a cell, got 1 × 501"):
        make_cells(Picture.from_pixels(np.zeros((501, 1, 3), np.uint8)))
