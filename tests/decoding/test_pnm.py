"""PGM and PPM of more than 8 bits: their greatest value is white, whatever the picture holds."""

import numpy as np
import pytest

from quantize.decoding.picture import load_picture


def pnm(kind: int, values: np.ndarray, maxval: int) -> bytes:
    """A file of kind P2, P3 (numbers in words), P5 or P6 (bytes) of values (h, w) or (h, w, 3)."""
    head = f"P{kind}\n{values.shape[1]} {values.shape[0]}\n{maxval}\n".encode()
    if kind < 4:
        return head + " ".join(map(str, values.ravel().tolist())).encode() + b"\n"
    return head + values.astype(">u2" if maxval > 255 else "u1").tobytes()


@pytest.mark.parametrize(
    ("maxval", "bits"), [(256, 9), (257, 9), (1000, 10), (1023, 10), (4095, 12), (65534, 16), (65535, 16)]
)
@pytest.mark.parametrize("kind", [2, 5])
def test_grey_is_scaled_by_the_greatest_value(kind, maxval, bits):
    values = np.arange(64 * 64).reshape(64, 64) * (maxval + 1) // 4096 // 3  # none is brighter than a third
    picture = load_picture(pnm(kind, values, maxval))
    expected = [round(value * 255 / maxval) for value in values.ravel().tolist()]
    assert picture.pixels[..., 1].ravel().tolist() == expected
    assert picture.notes == (f"{bits} bits per channel reduced to 8",)


@pytest.mark.parametrize(("maxval", "bits"), [(1023, 10), (65535, 16)])
@pytest.mark.parametrize("kind", [3, 6])
def test_colour_is_scaled_by_the_greatest_value(kind, maxval, bits):
    values = np.random.default_rng(0).integers(0, maxval // 3, (20, 30, 3))
    picture = load_picture(pnm(kind, values, maxval))
    assert np.array_equal(picture.pixels, np.rint(values * 255 / maxval))
    assert picture.notes == (f"{bits} bits per channel reduced to 8",)


@pytest.mark.parametrize("kind", [2, 5])
def test_every_16_bit_value(kind):
    values = np.arange(65536).reshape(256, 256)
    assert np.array_equal(load_picture(pnm(kind, values, 65535)).pixels[..., 0], np.rint(values / 257))


@pytest.mark.parametrize("maxval", [1, 15, 100, 255])
@pytest.mark.parametrize("kind", [2, 5])
def test_up_to_8_bits_nothing_is_said(kind, maxval):
    values = np.arange(maxval + 1)[None]
    picture = load_picture(pnm(kind, values, maxval))
    assert np.array_equal(picture.pixels[0, :, 0], np.rint(values[0] * 255 / maxval))
    assert not picture.notes


def test_a_value_above_the_greatest_is_white():
    assert load_picture(pnm(5, np.array([[0, 5000]]), 1023)).pixels[0, :, 0].tolist() == [0, 255]


def test_one_that_is_cut_off_is_shown_as_far_as_it_goes():
    values = np.arange(65536).reshape(256, 256)
    data = pnm(5, values, 65535)
    picture = load_picture(data[: len(data) // 2])
    assert np.array_equal(picture.pixels[:120, :, 0], np.rint(values[:120] / 257))
    assert not picture.alpha[140:].any()
