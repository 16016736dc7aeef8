"""Every way to find colours on hostile pictures: as many as asked, and no error but ours."""

import itertools

import numpy as np
import pytest

from quantize import Picture, quantize_image
from quantize.colors.spaces import SPACES
from quantize.methods.table import METHODS
from tests.degenerate import counts_near, n_colors_of, pictures

# k-means has tests of its own.
WAYS = [key for key in METHODS if key != "kmeans"]


@pytest.mark.parametrize("method", WAYS)
def test_as_many_colors_as_asked_on_hostile_pictures(method):
    spaces = itertools.cycle(SPACES)
    search = {"attempts": 1} if method == "opencv" else {}
    for name, pixels in pictures(1):
        n, picture = n_colors_of(pixels), Picture.from_pixels(pixels)
        for k in counts_near(n):
            space = next(spaces)
            result = quantize_image(picture, n_colors=k, method=method, space=space, **search)
            assert len(result.palette) == len(np.unique(result.palette, axis=0)) == min(k, n), (
                name,
                k,
                space,
            )
            assert np.isfinite(result.sse)


@pytest.mark.parametrize("method", WAYS)
def test_kept_and_rare_colors_on_hostile_pictures(method):
    spaces = itertools.cycle(SPACES)
    for name, pixels in pictures(1, seed=1):
        colors = np.unique(pixels.reshape(-1, 3), axis=0)
        inside = f"#{bytes(colors[len(colors) // 2]).hex()}"
        for k in (2, min(256, 1 + len(colors) // 2)):
            choices = {
                "n_colors": k,
                "method": method,
                "space": next(spaces),
                "keep": ["#010203", inside][:k],
            }
            if METHODS[method].weighted:
                choices["rare"] = 1.0
            if method == "opencv":
                choices["attempts"] = 1
            palette = quantize_image(pixels, **choices).palette
            kept = [list(bytes.fromhex(code[1:])) for code in choices["keep"]]
            assert all(color in palette.tolist() for color in kept), (name, choices)
            assert len(palette) <= k
