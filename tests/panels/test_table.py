"""Panels and their inks: whole, with a source, and numbered as the makers' drivers do."""

import numpy as np
import pytest

from quantize import QuantizeError
from quantize.colors.spaces import SPACES
from quantize.panels.inks import INKS
from quantize.panels.table import PANELS, find_panel


@pytest.mark.parametrize("key", INKS)
def test_inks_are_whole(key):
    inks = INKS[key]
    k = len(inks.names)
    assert len(inks.numbers) == len(inks.device) == len(inks) == k
    assert len(set(inks.numbers)) == len(set(inks.device)) == len(set(inks.names)) == k
    assert inks.bits in (1, 2, 4)
    assert max(inks.numbers) < 2**inks.bits
    assert inks.names[:2] == ("black", "white")
    assert inks.device[:2] == ("000000", "ffffff")
    assert all(0 < width <= 2000 and 0 < height <= 2000 for _, width, height in inks.sizes)
    assert len({label for label, _, _ in inks.sizes}) == len(inks.sizes)


@pytest.mark.parametrize("key", PANELS)
def test_panels_are_whole_and_say_where_they_are_from(key):
    panel = find_panel(key)
    assert panel.title
    assert len(panel.source) > 20
    assert panel.licence
    assert panel.colors.shape == (len(panel.inks), 3)
    lightness = SPACES["LAB"].to_working(panel.colors)[:, 0]
    assert lightness.argmin() == 0  # a row out of order would show here
    assert lightness.argmax() == 1 or panel.inks.names[lightness.argmax()] == "yellow"


@pytest.mark.parametrize("key", PANELS)
def test_shown_colors_have_the_hue_of_their_ink(key):
    panel = find_panel(key)
    device, shown = (SPACES["LAB"].to_working(colors) for colors in (panel.inks.device_colors, panel.colors))
    for name, one, other in zip(panel.inks.names[2:], device[2:, 1:], shown[2:, 1:], strict=True):
        cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
        assert cosine > 0.7, name


def test_numbers_are_those_of_the_drivers():
    spectra, acep = INKS["spectra6"], INKS["acep"]
    # epd7in3e.py: "0000 … 0001 … 0010 … 0011 … 0101 … 0110"; epd7in3f.py counts on without a gap.
    assert dict(zip(spectra.names, spectra.numbers, strict=True)) == {
        "black": 0, "white": 1, "yellow": 2, "red": 3, "blue": 5, "green": 6,
    }  # fmt: skip
    assert acep.numbers == tuple(range(7))
    assert acep.names[2:] == ("green", "blue", "red", "yellow", "orange")


def test_a_number_without_an_ink_is_black():
    palette = INKS["spectra6"].device_palette
    assert palette.tolist()[3:7] == [[255, 0, 0], [0, 0, 0], [0, 0, 255], [0, 255, 0]]


def test_colors_of_ones_own():
    panel, own = find_panel("bwr"), np.array([[1, 2, 3], [200, 200, 199], [130, 0, 9]], np.uint8)
    mine = panel.shown_as(own)
    np.testing.assert_array_equal(mine.colors, own)
    assert (mine.inks, mine.source) == (panel.inks, "your own")
    with pytest.raises(QuantizeError, match="must be 3, one for each of black, white, red, got 2"):
        panel.shown_as(own[:2])
    with pytest.raises(QuantizeError, match="must all be different, got one twice"):
        panel.shown_as(own[[0, 0, 1]])


def test_unknown_ones_are_told_with_those_there_are():
    with pytest.raises(QuantizeError, match=r"panel must be one of bw, bwr, .*, got 'e-ink'"):
        find_panel("e-ink")
