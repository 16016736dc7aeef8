"""Samples of more than 8 bits: cut or stretched, and said so."""

import numpy as np
import pytest
from PIL import Image

from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from tests.pictures import noise, png, saved, tiff

PIXELS = noise(70, 90)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_png_gives_back_the_8_bits_it_came_from(channels):
    eight = noise(70, 90, channels)
    picture = load_picture(png(eight.astype(np.uint16) * 257))
    colors = eight[..., :3] if channels > 2 else np.repeat(eight[..., :1], 3, axis=-1)
    assert np.array_equal(picture.pixels, colors)
    if channels in (2, 4):
        assert np.array_equal(picture.alpha, eight[..., -1])
    assert picture.notes == ("16 bits per channel reduced to 8",)


@pytest.mark.parametrize("channels", [1, 3])
def test_16_bit_samples_are_cut_alike_in_grey_and_colour(channels):
    samples = np.repeat(np.arange(65536, dtype=np.uint16).reshape(256, 256, 1), channels, axis=-1)
    assert np.array_equal(load_picture(png(samples)).pixels[..., 0], samples[..., 0] >> 8)


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}])
def test_16_bit_tiff(options):
    samples = (noise(70, 90, 1)[..., 0].astype(np.uint16) << 8) + 99
    picture = load_picture(saved(Image.fromarray(samples), "TIFF", **options))
    assert np.array_equal(picture.pixels[..., 1], samples >> 8)
    assert picture.notes == ("16 bits per channel reduced to 8",)


def test_16_bit_colour_tiff():
    picture = load_picture(tiff(90, 70, (PIXELS.astype("<u2") * 257).tobytes(), (16, 16, 16), kind=2))
    assert np.array_equal(picture.pixels, PIXELS)
    assert picture.notes == ("16 bits per channel reduced to 8",)


def test_12_bit_tiff_fills_the_whole_range():
    # 0xFFF and 0x800, packed into three bytes
    picture = load_picture(tiff(2, 1, b"\xff\xf8\x00", (12,)))
    assert picture.pixels[0, :, 0].tolist() == [255, 128]
    assert picture.notes == ("12 bits per channel reduced to 8",)


def test_16_bit_bmp_has_8_bits_per_channel_or_less():
    header = b"BM" + (54 + 4).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    fields = b"".join(n.to_bytes(size, "little") for n, size in ((40, 4), (2, 4), (1, 4), (1, 2), (16, 2)))
    picture = load_picture(header + fields + bytes(24) + b"\xff\x7f\x00\x00")
    assert picture.pixels[0, :, 0].tolist() == [255, 0]
    assert not picture.notes


@pytest.mark.parametrize(
    ("values", "expected", "note"),
    [
        (np.float32([0, 0.5, 1]), [0, 128, 255], "32 bits per channel reduced to 8"),
        (np.float32([-1, 0, 3]), [0, 64, 255], "values -1 to 3 stretched to 0–255"),
        (np.float32([7, 7, 7]), [0, 0, 0], "the one value 7 shown as black"),
        (np.int32([0, 100, 255]), [0, 100, 255], "32 bits per channel reduced to 8"),
        (np.int32([0, 50000, 100000]), [0, 128, 255], "values 0 to 100000 stretched to 0–255"),
    ],
)
def test_wide_samples_are_scaled_as_the_note_says(values, expected, note):
    kind = 3 if values.dtype == np.float32 else 2
    picture = load_picture(tiff(3, 1, values.tobytes(), (32,), sample_format=kind))
    assert picture.pixels[0, :, 0].tolist() == expected
    assert picture.notes == (note,)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_floats_that_are_not_finite_are_refused(bad):
    data = tiff(3, 1, np.float32([0, bad, 1]).tobytes(), (32,), sample_format=3)
    with pytest.raises(QuantizeError, match="must be finite numbers"):
        load_picture(data)


GRAYS = np.arange(65536, dtype="<u2").reshape(256, 256)


def test_16_bit_grey_whose_0_is_white():
    dark = tiff(256, 256, GRAYS.tobytes(), (16,))
    negative = tiff(256, 256, (65535 - GRAYS).tobytes(), (16,), kind=0)
    assert np.array_equal(load_picture(negative).pixels, load_picture(dark).pixels)
    assert load_picture(negative).notes == ("16 bits per channel reduced to 8",)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate"])
def test_compressed_16_bit_grey_whose_0_is_white(compression):
    data = saved(Image.fromarray(65535 - GRAYS), "TIFF", compression=compression, tiffinfo={262: 0})
    assert np.array_equal(load_picture(data).pixels[..., 0], GRAYS >> 8)


@pytest.mark.parametrize(
    ("values", "expected", "note"),
    [
        ([0, 0.25, 1], [255, 191, 0], "32 bits per channel reduced to 8"),
        ([-1, 0, 3], [255, 191, 0], "values -1 to 3 stretched to 255–0"),
        ([7, 7, 7], [255, 255, 255], "the one value 7 shown as white"),
    ],
)
def test_floats_whose_least_is_white(values, expected, note):
    data = tiff(3, 1, np.float32(values).tobytes(), (32,), kind=0, sample_format=3)
    picture = load_picture(data)
    assert picture.pixels[0, :, 0].tolist() == expected
    assert picture.notes == (note,)


@pytest.mark.parametrize(
    ("values", "expected", "notes"),
    [
        (np.uint32([0, 2**31, 2**32 - 1]), [0, 128, 255], ("values 0 to 4294967295 stretched to 0–255",)),
        (np.uint32([0, 100, 255]), [0, 100, 255], ("32 bits per channel reduced to 8",)),
        (np.uint32([2**32 - 1] * 3), [0, 0, 0], ("the one value 4294967295 shown as black",)),
        (np.int8([-128, 0, 127]), [0, 128, 255], ("values -128 to 127 stretched to 0–255",)),
        (np.int8([0, 50, 127]), [0, 50, 127], ()),
        (np.int16([-300, 0, 300]), [0, 128, 255], ("values -300 to 300 stretched to 0–255",)),
    ],
)
def test_integers_are_read_with_their_own_sign(values, expected, notes):
    kind = 1 if values.dtype.kind == "u" else 2
    picture = load_picture(tiff(3, 1, values.tobytes(), (8 * values.itemsize,), sample_format=kind))
    assert picture.pixels[0, :, 0].tolist() == expected
    assert picture.notes == notes
