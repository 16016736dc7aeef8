"""Alpha that is 0 everywhere because its writer knew none: in icons and TGAs."""

import struct

import numpy as np
import pytest

from quantize.decoding.picture import load_picture
from tests.pictures import noise

SIZES = [(1, 1), (16, 16), (33, 7), (48, 40)]


def icon(pixels, alpha, hidden, bits=32) -> bytes:
    """An icon of one bitmap of 32 bits, from the bottom up, with a mask of ``hidden`` (none if None)."""
    height, width, _ = pixels.shape
    bgra = np.dstack([pixels[..., ::-1], alpha])[::-1].tobytes()
    packed = b""
    if hidden is not None:
        rows = np.packbits(hidden[::-1], axis=1)
        packed = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()
    bitmap = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, bits, 0, 0, 0, 0, 0, 0) + bgra + packed
    entry = struct.pack("<BBBBHHII", width, height, 0, 0, 1, bits, len(bitmap), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + bitmap


def tga(pixels, alpha, alpha_bits) -> bytes:
    """An uncompressed TGA of 32 bits, from the top down."""
    height, width, _ = pixels.shape
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, width, height, 32, 0x20 | alpha_bits)
    return head + np.dstack([pixels[..., ::-1], alpha]).tobytes()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_icon_without_alpha_is_seen_as_its_mask_says(width, height):
    pixels, hidden = noise(height, width), noise(height, width, 1, seed=1)[..., 0] > 200
    hidden[0, 0] = False
    picture = load_picture(icon(pixels, np.zeros((height, width), np.uint8), hidden))
    assert np.array_equal(picture.pixels, pixels)
    alpha = np.full((height, width), 255) if picture.alpha is None else picture.alpha
    assert np.array_equal(alpha, np.where(hidden, 0, 255))


def test_an_icon_with_alpha_is_seen_as_its_alpha_says():
    alpha = noise(16, 16, 1, seed=2)[..., 0]
    picture = load_picture(icon(noise(16, 16), alpha, np.ones((16, 16), bool)))
    assert np.array_equal(picture.alpha, alpha)


@pytest.mark.parametrize("cut", [None, 3])
def test_an_icon_without_alpha_and_mask_is_opaque(cut):
    hidden = None if cut is None else np.ones((16, 16), bool)
    data = icon(noise(16, 16), np.zeros((16, 16), np.uint8), hidden)
    picture = load_picture(data[:-cut] if cut else data)
    assert picture.alpha is None or picture.alpha.min() == 255


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_tga_that_counts_no_bits_of_alpha_is_opaque(width, height):
    pixels = noise(height, width)
    picture = load_picture(tga(pixels, np.zeros((height, width), np.uint8), alpha_bits=0))
    assert np.array_equal(picture.pixels, pixels)
    assert picture.alpha is None or picture.alpha.min() == 255


@pytest.mark.parametrize("alpha_bits", [0, 8])
def test_alpha_of_a_tga_counts_where_there_is_any(alpha_bits):
    alpha = noise(9, 12, 1)[..., 0]
    assert np.array_equal(load_picture(tga(noise(9, 12), alpha, alpha_bits)).alpha, alpha)


def test_a_tga_that_says_that_it_is_transparent_is():
    picture = load_picture(tga(noise(9, 12), np.zeros((9, 12), np.uint8), alpha_bits=8))
    assert not picture.alpha.any()
