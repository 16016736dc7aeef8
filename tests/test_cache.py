"""The store behind all pages: bounded, shared, and never wrong about what it holds."""

import io

import numpy as np
import pytest
from PIL import Image

from pages import _cache
from quantize import Picture, Settings, quantize_image
from quantize.previews import preview
from tests.pictures import noise


def opened(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def test_one_changed_pixel_is_another_picture():
    pixels = noise(1000, 1000)
    first = Picture.from_pixels(pixels)
    pixels[500, 501] ^= 1
    second = Picture.from_pixels(pixels)
    shown = [_cache.original_preview(picture) for picture in (first, second)]
    assert shown[0] != shown[1]


def test_settings_that_mean_the_same_share_a_result():
    picture = Picture.from_pixels(noise(20, 20))
    first = _cache.quantized(picture, Settings(n_colors=4), lambda: None)
    assert _cache.quantized(picture, Settings(n_colors=4, init="split"), lambda: None) is first


@pytest.mark.parametrize("transparent", [False, True])
def test_a_part_is_the_full_resolution(transparent):
    pixels, alpha = noise(60, 70), np.full((60, 70), 255, np.uint8)
    if transparent:
        alpha[:20] = 0
    picture = Picture.from_pixels(pixels, alpha if transparent else None)
    result = quantize_image(picture, n_colors=7)
    for pane, whole in enumerate((pixels, result.pixels)):
        shown = opened(_cache.part(picture, [result], 5, 10, 45, 50, pane))
        visible = alpha[10:50, 5:45] >= 128
        np.testing.assert_array_equal(shown[visible][:, :3], whole[10:50, 5:45][visible])
        assert (shown.shape[2] == 4) == transparent


def test_previews_of_original_and_result_are_the_same_pixels():
    picture = Picture.from_pixels(noise(30, 5000))
    result = quantize_image(picture, n_colors=9)
    np.testing.assert_array_equal(
        opened(_cache.original_preview(picture)), preview(picture.pixels, _cache.PREVIEW_SIDE)
    )
    np.testing.assert_array_equal(
        opened(_cache.result_preview(picture, result)), preview(result.pixels, _cache.PREVIEW_SIDE)
    )
