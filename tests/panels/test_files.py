"""Files for drivers: packed as they count, and the same inks come back out of every kind."""

import io

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError
from quantize.panels.files import PANEL_FORMATS
from quantize.panels.inks import INKS
from quantize.panels.packing import pack_numbers, unpack_numbers

SIZES = [(1, 1), (7, 3), (8, 2), (122, 5), (33, 4), (800, 2)]


def some_numbers(inks, size) -> np.ndarray:
    rng = np.random.default_rng(size[0])
    return np.array(inks.numbers, np.uint8)[rng.integers(0, len(inks), size[::-1])]


@pytest.mark.parametrize("key", INKS)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_packed_comes_back(key, size):
    inks = INKS[key]
    numbers = some_numbers(inks, size)
    packed = pack_numbers(numbers, inks)
    np.testing.assert_array_equal(unpack_numbers(packed, inks, size), numbers)
    for wrong in (packed[:-1], packed + b"\0"):
        with pytest.raises(QuantizeError, match=r"must be [\d,]+ bytes, got [\d,]+: give the size"):
            unpack_numbers(wrong, inks, size)


def test_six_colors_are_two_to_a_byte_as_epd7in3e_sends_them():
    inks, numbers = INKS["spectra6"], some_numbers(INKS["spectra6"], (800, 4))
    flat = numbers.ravel().tolist()
    by_driver = bytes((flat[i] << 4) + flat[i + 1] for i in range(0, len(flat), 2))
    assert pack_numbers(numbers, inks) == by_driver


def test_four_colors_are_four_to_a_byte_as_epd7in3g_sends_them():
    inks, numbers = INKS["bwry"], some_numbers(INKS["bwry"], (800, 3))
    flat = numbers.ravel().tolist()
    by_driver = bytes(
        (flat[i] << 6) + (flat[i + 1] << 4) + (flat[i + 2] << 2) + flat[i + 3] for i in range(0, len(flat), 4)
    )
    assert pack_numbers(numbers, inks) == by_driver


@pytest.mark.parametrize("key", ["bwr", "bwy"])
def test_three_colors_are_two_planes_as_epd7in5b_takes_them(key):
    """``getbuffer`` of a picture that is black where the ink is, and white elsewhere, for each ink."""
    inks = INKS[key]
    numbers = some_numbers(inks, (122, 6))
    planes = []
    for ink in (0, 2):
        without = Image.fromarray(np.where(numbers == inks.numbers[ink], 0, 255).astype(np.uint8))
        planes.append(without.convert("1", dither=Image.Dither.NONE).tobytes("raw"))
    assert pack_numbers(numbers, inks) == b"".join(planes)


def test_black_and_white_are_bits_as_epd2in13_v4_takes_them():
    numbers = some_numbers(INKS["bw"], (122, 250))
    image = Image.fromarray(numbers * np.uint8(255)).convert("1", dither=Image.Dither.NONE)
    assert pack_numbers(numbers, INKS["bw"]) == image.tobytes("raw")


@pytest.mark.parametrize("ending", [".png", ".bmp"])
@pytest.mark.parametrize("key", INKS)
@pytest.mark.parametrize("size", SIZES)
def test_pictures_have_numbers_and_device_colors(ending, key, size):
    inks = INKS[key]
    numbers = some_numbers(inks, size)
    data = PANEL_FORMATS[ending].write(numbers, inks)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == size
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), inks.device_palette[numbers])
        if ending == ".png" or inks.bits > 1:
            assert image.mode == "P"
            np.testing.assert_array_equal(np.asarray(image), numbers)


def test_every_number_has_its_ink_in_the_tables_of_files():
    inks = INKS["spectra6"]
    data = PANEL_FORMATS[".bmp"].write(np.zeros((1, 1), np.uint8), inks)
    table = np.frombuffer(data[54 : 54 + 64], np.uint8).reshape(16, 4)
    np.testing.assert_array_equal(table[list(inks.numbers), 2::-1], inks.device_colors)
    assert int.from_bytes(data[2:6], "little") == len(data)


def test_an_unknown_ending_is_told_with_those_there_are():
    with pytest.raises(QuantizeError, match=r"ending must be one of \.png, \.bmp, \.bin, got '\.gif'"):
        PANEL_FORMATS.find(".gif")
