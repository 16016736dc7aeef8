"""Colours that are not in a palette: how many pixels, how many colours, where first."""

import numpy as np
import pytest

from quantize import QuantizeError
from quantize.colors.colorset import ColorSet
from quantize.colors.opacity import is_visible
from quantize.colors.strangers import MOST_TOLD, find_strangers, require_fit
from tests.degenerate import alphas, pictures

PICTURES = pictures(1, seed=11)
RNG = np.random.default_rng(4)


def slowly(pixels, palette, alpha) -> tuple[int, list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Pixels, colours in the order of their first places, and these, by a look at each pixel."""
    known, count, first = {tuple(row) for row in palette.tolist()}, 0, {}
    for y, row in enumerate(pixels.tolist()):
        for x, color in enumerate(map(tuple, row)):
            if color not in known and (alpha is None or is_visible(alpha)[y, x]):
                count += 1
                first.setdefault(color, (x, y))
    return count, list(first), list(first.values())


@pytest.mark.parametrize(("name", "pixels"), PICTURES, ids=[name for name, _ in PICTURES])
def test_they_are_those_that_a_look_at_each_pixel_finds(name, pixels):
    pixels = pixels[:30, :30]
    own = np.unique(pixels.reshape(-1, 3), axis=0)
    some = RNG.permutation(np.concatenate([own[: len(own) // 2], own[:2], own[-1:] ^ 1]))
    for kind, alpha in [("opaque", None), *alphas(pixels.shape[:2])]:
        for palette in (some, own, some[:1]):
            count, colors, places = slowly(pixels, palette, alpha)
            found = find_strangers(pixels, palette, alpha)
            assert (found.n_pixels, found.n_colors) == (count, len(colors)), kind
            assert [tuple(color) for color in found.colors.tolist()] == colors[:MOST_TOLD]
            assert [tuple(place) for place in found.places.tolist()] == places[:MOST_TOLD]
            again = find_strangers(pixels, palette, alpha, ColorSet.of(pixels, alpha))
            np.testing.assert_array_equal(again.places, found.places)


def test_a_refusal_says_how_many_and_where():
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[1, 2], pixels[0, 1] = (255, 0, 1), 9
    require_fit(find_strangers(pixels, np.unique(pixels.reshape(-1, 3), axis=0)))
    with pytest.raises(QuantizeError, match=r"got 2 pixels of 2 colours that are not in it, "
                       "#090909 at x 1, y 0, #ff0001 at x 2, y 1: add them"):  # fmt: skip
        require_fit(find_strangers(pixels, np.zeros((1, 3), np.uint8)))
    with pytest.raises(QuantizeError, match=r"got 1 pixel of 1 colour that"):
        require_fit(find_strangers(pixels, np.array([[0, 0, 0], [9, 9, 9]], np.uint8)))
    many = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    with pytest.raises(QuantizeError, match=r"20 colours .*, #0c0d0e at x 4, y 0 …: add"):
        require_fit(find_strangers(many, np.full((1, 3), 255, np.uint8)))
