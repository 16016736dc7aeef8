"""Previews: smaller, aligned, and not one colour that the picture has not."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize.rendering.previews import encode_icon, encode_original, encode_thumbnail, preview
from tests.pictures import noise


@given(height=st.integers(1, 60), width=st.integers(1, 60), max_side=st.integers(1, 70))
def test_a_preview_takes_whole_pixels_from_evenly_spread_places(height, width, max_side):
    places = np.arange(height * width).reshape(height, width)
    thin = preview(places, max_side)
    assert min(thin.shape) >= 1
    assert max(thin.shape) <= max_side
    rows, columns = thin[:, 0] // width, thin[0] % width
    step = -(-max(height, width) // max_side)
    assert (np.diff(rows) == step).all()
    assert (np.diff(columns) == step).all()
    assert np.array_equal(thin, places[np.ix_(rows, columns)])
    for taken, side in ((rows, height), (columns, width)):  # no margin is left out
        assert taken[0] < step
        assert side - taken[-1] <= step


def pixels_of(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)))


def test_middle_pixels_are_taken():
    assert preview(np.arange(9, dtype=np.uint8).reshape(3, 3), 1).tolist() == [[4]]


def test_a_small_picture_is_its_own_preview():
    pixels = noise(20, 30)
    assert preview(pixels, 30) is pixels


def test_pixels_indices_and_alpha_stay_aligned():
    palette, indices = noise(1, 16)[0], noise(70, 50, 1)[..., 0] % 16
    assert np.array_equal(preview(palette[indices], 20), palette[preview(indices, 20)])


@pytest.mark.parametrize("shape", [(70, 90), (1, 1), (1, 16_383), (16_384, 1)])
@pytest.mark.parametrize("with_alpha", [False, True])
def test_the_original_is_shown_exactly(shape, with_alpha):
    pixels, alpha = noise(*shape), noise(*shape, 1)[..., 0] if with_alpha else None
    data, mime = encode_original(pixels, alpha)
    assert mime == ("image/png" if max(shape) > 16_383 else "image/webp")
    shown = np.asarray(Image.open(BytesIO(data), formats=[mime.split("/")[1]]).convert("RGBA"))
    assert np.array_equal(shown[..., :3], pixels)
    assert np.array_equal(shown[..., 3], np.full(shape, 255) if alpha is None else alpha)


@pytest.mark.parametrize(
    ("shape", "size"), [((300, 900), (60, 20)), ((20, 10), (10, 20)), ((900, 1), (1, 60))]
)
def test_thumbnails_are_small_and_keep_transparency(shape, size):
    pixels, alpha = np.full((*shape, 3), 77, np.uint8), np.full(shape, 90, np.uint8)
    for given_alpha, mode, pixel in ((None, "RGB", (77, 77, 77)), (alpha, "RGBA", (77, 77, 77, 90))):
        data, mime = encode_thumbnail(pixels, given_alpha, 60)
        image = Image.open(BytesIO(data), formats=[mime.removeprefix("image/")])
        assert (image.size, image.mode) == (size, mode)
        assert np.abs(np.subtract(image.getpixel((0, 0)), pixel)).max() <= 1  # blended in integers


def test_a_thumbnail_of_a_photo_is_short_and_one_of_a_drawing_exact():
    noisy = np.random.default_rng(3).integers(0, 256, (120, 160, 3), np.uint8)
    drawing = np.zeros((120, 160, 3), np.uint8)
    drawing[40:80, 30:90] = 200, 30, 9
    data, mime = encode_thumbnail(noisy, None, 160)
    assert mime == "image/webp"
    assert len(data) < noisy.nbytes / 2
    data, mime = encode_thumbnail(drawing, None, 160)
    assert mime == "image/png"
    assert np.array_equal(np.asarray(Image.open(BytesIO(data))), drawing)


@pytest.mark.parametrize("value", [0, 255])
def test_an_icon_of_a_sprite_is_exact_and_no_shadow_or_glow_is_lost_on_it(value):
    sprite = noise(16, 24)
    assert np.array_equal(pixels_of(encode_icon(sprite, None, 144)), sprite)
    soft = np.full((16, 24, 3), value, np.uint8)
    alpha = np.zeros((16, 24), np.uint8)
    alpha[4:9] = 80
    shown = pixels_of(encode_icon(soft, alpha, 144)).astype(int)
    assert np.abs(shown[5] - shown[0]).min() > 20
    assert len(encode_icon(noise(300, 400), None, 144)) < 12_000
