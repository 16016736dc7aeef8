"""Colours of many pictures added up: the sum of parts is that of the whole, in any order and cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.batch.sharing import find_shared
from quantize.batch.summing import ColorSum, list_numbered, number_colors, weigh_alike
from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Counted
from quantize.colors.kernels_count import COLORS
from quantize.colors.opacity import Opacity
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.settings import Settings
from tests.pictures import noise, smooth


def added(*pictures: Picture, weigh: str = "pixels") -> ColorSum:
    total = ColorSum(weigh)
    for picture in pictures:
        total.add(picture)
    return total


def cut(pixels: np.ndarray, edges: list[int], alpha: np.ndarray | None = None) -> list[Picture]:
    """Rows of a mosaic, as pictures of their own."""
    bounds = sorted({0, len(pixels), *(edge % len(pixels) for edge in edges)})
    return [
        Picture.from_pixels(pixels[a:b], None if alpha is None else alpha[a:b]) for a, b in pairwise(bounds)
    ]


def uneven(seed: int) -> np.ndarray:
    """A mosaic of what is hard: few colours with uneven counts, ramps, greys, noise."""
    rng = np.random.default_rng(seed)
    few = noise(3, 1, seed=seed)[:, 0][rng.choice(3, 16 * 24, p=(0.9, 0.09, 0.01))].reshape(16, 24, 3)
    grey = np.repeat(rng.integers(0, 256, (16, 24, 1), np.uint8), 3, axis=2)
    parts = [few, smooth(16, 24), grey, noise(16, 24, seed=seed), np.full((16, 24, 3), seed % 256, np.uint8)]
    return np.concatenate([parts[i] for i in rng.permutation(5)[: rng.integers(1, 6)]])


def test_numbers_of_colours_are_those_of_sets():
    every = np.arange(COLORS, dtype=np.intp)[::4099]
    colors = list_numbered(every)
    np.testing.assert_array_equal(number_colors(colors), every)
    np.testing.assert_array_equal(ColorSet.of(colors[None]).colors, colors)
    np.testing.assert_array_equal(list_numbered(np.array([0, COLORS - 1])), [[0, 0, 0], [255, 255, 255]])


@settings(max_examples=12)  # each looks at 128 MB twice
@given(seed=st.integers(0, 10**6), edges=st.lists(st.integers(0, 200), max_size=6), clear=st.booleans())
def test_the_sum_of_parts_is_that_of_the_whole(seed, edges, clear):
    pixels = uneven(seed)
    alpha = noise(len(pixels), 24, 1, seed)[..., 0] if clear else None
    whole, parts = Picture.from_pixels(pixels, alpha), cut(pixels, edges, alpha)
    np.random.default_rng(seed).shuffle(parts)
    counted = added(*parts).counted()
    for name in ("words", "ranks", "counts", "colors"):
        np.testing.assert_array_equal(getattr(counted.color_set, name), getattr(whole.color_set, name))
    np.testing.assert_array_equal(counted.cells.colors, whole.cells.colors)
    np.testing.assert_array_equal(counted.cells.counts, whole.cells.counts)
    assert counted.opacity == whole.opacity


@pytest.mark.parametrize(
    "choices",
    [
        {"n_colors": 5},
        {"n_colors": 16, "space": "Oklab", "rare": 0.5},
        {"n_colors": 7, "method": "wu", "keep": ("#c00000",)},
        {"n_colors": 256},
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 4])
def test_one_palette_is_that_of_the_mosaic(seed, choices):
    pixels = uneven(seed)
    expected = quantize_image(pixels, **choices).palette
    found = find_shared(added(*cut(pixels, [7, 20, 33, 34])), Settings(**choices))
    np.testing.assert_array_equal(found.colors, expected)


def test_of_pictures_of_one_size_it_is_the_same_if_pictures_count_alike():
    pixels = np.concatenate([noise(16, 16, seed=seed) // 3 * seed for seed in range(4)])
    parts = cut(pixels, [16, 32, 48])
    expected = quantize_image(pixels, n_colors=9).palette
    found = find_shared(added(*parts, weigh="pictures"), Settings(n_colors=9))
    np.testing.assert_array_equal(found.colors, expected)


def test_a_small_picture_counts_as_much_as_a_large_one_if_pictures_do():
    large, small = np.full((90, 90, 3), 10, np.uint8), np.full((1, 1, 3), 200, np.uint8)
    pictures = [Picture.from_pixels(pixels) for pixels in (large, small)]
    (one,) = find_shared(added(*pictures, weigh="pictures"), Settings(n_colors=1)).colors
    np.testing.assert_array_equal(one, [105] * 3)
    (one,) = find_shared(added(*pictures), Settings(n_colors=1)).colors
    np.testing.assert_array_equal(one, [10] * 3)


@given(counts=st.lists(st.integers(1, 10**8), max_size=30))
def test_pictures_weigh_the_same_and_none_of_their_colours_nothing(counts):
    weights = weigh_alike(np.array(counts, np.uint64))
    assert (weights >= 1).all()
    assert abs(int(weights.sum()) - (1 << 24) * bool(counts)) <= len(counts)


def test_more_pixels_than_a_count_holds_are_halved_alike():
    colors, counts = (
        np.array([[0, 0, 0], [9, 9, 9], [255, 255, 255]], np.uint8),
        [4_000_000_000, 1, 2_000_000_000],
    )
    part = Counted.of(ColorSet.listed(colors, np.array(counts, np.uint32)), Opacity(1))
    total = ColorSum()
    for _ in range(3):
        total.add(part)
    np.testing.assert_array_equal(total.counted().color_set.counts, [3_000_000_000, 1, 1_500_000_000])


def test_an_older_palette_comes_first_as_it_is():
    older = Palette(np.array([[255, 255, 255], [0, 0, 0], [255, 255, 255]], np.uint8), names=("a", "b", ""))
    settings = Settings(n_colors=6, keep=tuple(older.hexes))
    found = find_shared(added(Picture.from_pixels(noise(16, 16))), settings, older)
    np.testing.assert_array_equal(found.colors[:3], older.colors)
    assert found.names[:3] == ("a", "b", "")
    assert len(found) == 7  # one stands twice
    assert len(set(found.hexes)) == 6


def test_where_nothing_is_visible_there_is_no_palette():
    clear = Picture.from_pixels(noise(4, 4), np.zeros((4, 4), np.uint8))
    with pytest.raises(QuantizeError, match="fully transparent"):
        find_shared(added(clear), Settings())
    seen = Picture.from_pixels(smooth(4, 4))
    both, alone = (
        find_shared(added(*pictures), Settings(n_colors=3)) for pictures in ((clear, seen), (seen,))
    )
    np.testing.assert_array_equal(both.colors, alone.colors)


def test_the_room_does_not_grow_with_the_number_of_pictures():
    total = ColorSum()
    sizes = []
    for seed in range(20):
        total.add(Picture.from_pixels(noise(8, 8, seed=seed)))
        sizes.append(sum(array.nbytes for array in vars(total).values() if isinstance(array, np.ndarray)))
    assert set(sizes) == {8 * COLORS}
