"""A glance shows what quantizing gives, without doing it."""

import numpy as np
import pytest

from quantize import Picture, QuantizeError, Settings, measure, quantize_image
from quantize.encode import FileSize, encode_png
from quantize.glance import glance_at
from quantize.previews import preview
from quantize.samples import load_sample
from quantize.spaces import SPACES
from tests.pictures import noise


@pytest.mark.parametrize("space", SPACES)
def test_a_glance_shows_what_quantizing_gives(space):
    picture = load_sample("coffee")
    settings = Settings(n_colors=12, space=space, keep=["#fff"])
    result, glance = quantize_image(picture, settings), glance_at(picture, settings, 200)
    np.testing.assert_array_equal(glance.palette, result.palette)
    np.testing.assert_array_equal(glance.indices, preview(result.indices, 200))
    assert glance.metrics == measure(picture, result)
    size = len(encode_png(result.palette, result.indices, optimize=True))
    assert glance.size == FileSize(size, estimated=False)


def test_the_size_of_a_large_picture_is_an_estimate():
    picture = load_sample("galaxies")
    result, glance = quantize_image(picture, n_colors=20), glance_at(picture, Settings(n_colors=20), 200)
    size = len(encode_png(result.palette, result.indices, optimize=True))
    assert glance.size.estimated
    assert glance.size.n_bytes == pytest.approx(size, rel=0.1)


@pytest.mark.parametrize("side", [300, 1000])
@pytest.mark.parametrize("n_colors", [8, 256])
def test_transparent_pixels_count_in_the_size(n_colors, side):
    alpha = np.full((side, side), 255, np.uint8)
    alpha[: side // 2] = 0
    pictures = [Picture.from_pixels(noise(side, side), given) for given in (alpha, None)]
    sizes = [glance_at(picture, Settings(n_colors=n_colors), 100).size.n_bytes for picture in pictures]
    assert sizes[0] < 0.7 * sizes[1]


def test_dithering_is_refused():
    with pytest.raises(QuantizeError, match="a glance shows no dithering, got bayer-2"):
        glance_at(Picture.from_pixels(noise(20, 20)), Settings(n_colors=2, dither="bayer-2"), 10)


def test_work_can_be_abandoned():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        glance_at(Picture.from_pixels(noise(60, 60)), Settings(), 60, checkpoint=stop)
