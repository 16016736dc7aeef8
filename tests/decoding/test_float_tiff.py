"""TIFFs of floats in three channels: read as their values say, or damaged."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from tests.pictures import noise
from tests.profiles import lab_to_srgb

PIXELS = noise(20, 30)


def float_tiff(values, kind=2, order="<", rows=7, deflated=False, predictor=1) -> bytes:
    """A TIFF of strips of floats."""
    height, width, _ = values.shape
    item = values.dtype.itemsize
    strips = [
        _packed(values[top : top + rows], order, item, deflated, predictor) for top in range(0, height, rows)
    ]
    data, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(data))
        data += strip + bytes(len(strip) % 2)
    at = 8 + len(data)
    lists = struct.pack(f"{order}3H", *[8 * item] * 3) + struct.pack(f"{order}3H", 3, 3, 3)
    lists += struct.pack(f"{order}{len(strips)}I", *offsets)
    lists += struct.pack(f"{order}{len(strips)}I", *map(len, strips))
    n = 4 * len(strips)
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, at), (259, 4, 1, 8 if deflated else 1),
        (262, 4, 1, kind), (273, 4, len(strips), at + 12 if n > 4 else offsets[0]), (277, 4, 1, 3),
        (278, 4, 1, rows), (279, 4, len(strips), at + 12 + n if n > 4 else len(strips[0])),
        (317, 4, 1, predictor), (339, 3, 3, at + 6),
    ]  # fmt: skip
    directory = struct.pack(f"{order}H", len(entries)) + b"".join(
        struct.pack(f"{order}HHII", *e) for e in entries
    )
    start = struct.pack(f"{order}I", at + len(lists))
    return (b"II*\0" if order == "<" else b"MM\0*") + start + data + lists + directory + bytes(4)


def _packed(rows, order, item, deflated, predictor) -> bytes:
    raw = rows.astype(f"{order}f{item}").tobytes()
    if predictor == 3:
        planes = rows.astype(f">f{item}").view(np.uint8).reshape(len(rows), -1, item).swapaxes(1, 2)
        flat = planes.reshape(len(rows), -1, 3).astype(np.int16)
        raw = (np.diff(flat, axis=1, prepend=0) % 256).astype(np.uint8).tobytes()
    return zlib.compress(raw) if deflated else raw


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("deflated", "predictor"), [(False, 1), (True, 1), (True, 3)])
@pytest.mark.parametrize("rows", [7, 20, 100])
def test_floats_from_0_to_1_fill_the_whole_range(dtype, order, deflated, predictor, rows):
    values = (PIXELS / 255).astype(dtype)
    picture = load_picture(float_tiff(values, order=order, rows=rows, deflated=deflated, predictor=predictor))
    assert np.array_equal(picture.pixels, PIXELS)
    assert picture.notes == (f"{8 * np.dtype(dtype).itemsize} bits per channel reduced to 8",)


def test_other_floats_are_stretched_as_the_note_says():
    values = np.float32([[[-1, 0, 3], [3, 1, -1]]])
    picture = load_picture(float_tiff(values))
    assert picture.pixels.tolist() == [[[0, 64, 255], [255, 128, 0]]]
    assert picture.notes == ("values -1 to 3 stretched to 0–255",)


def test_one_value_alone():
    assert not load_picture(float_tiff(np.full((2, 2, 3), 7, np.float32))).pixels.any()


def test_lab():
    lab = np.float32([[[100, 0, 0], [50, 40, -40], [30, -20, 10], [0, 0, 0]]])
    picture = load_picture(float_tiff(lab, kind=8))
    for x in range(4):
        assert np.abs(picture.pixels[0, x] - lab_to_srgb(lab[0, x])).max() <= 1
    assert picture.notes == ("Lab colours converted to sRGB",)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_floats_that_are_not_finite_are_refused(bad):
    with pytest.raises(QuantizeError, match="must be finite numbers"):
        load_picture(float_tiff(np.float32([[[0, bad, 1]]])))


def test_values_beyond_32_bits_are_refused():
    with pytest.raises(QuantizeError, match="must be finite numbers"):
        load_picture(float_tiff(np.float64([[[0, 1e300, 1]]])))


def test_size_is_checked_first():
    data = bytearray(float_tiff((PIXELS / 255).astype(np.float32)))
    at = data.index(struct.pack("<HHII", 256, 4, 1, 30)) + 8
    data[at : at + 4] = struct.pack("<I", 10_000_000)
    with pytest.raises(QuantizeError, match="at most 100 megapixels"):
        load_picture(bytes(data))


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 2000), byte=st.integers(0, 255), cut=st.integers(0, 8000), deflated=st.booleans())
def test_mutated_files_are_read_or_refused(at, byte, cut, deflated):
    data = bytearray(float_tiff((PIXELS / 255).astype(np.float32), deflated=deflated))
    data[-1 - at % len(data)] = byte
    outcome = "read"
    try:
        load_picture(bytes(data[: cut + 3000]))
    except QuantizeError as error:
        outcome = str(error)
    assert "\n" not in outcome
