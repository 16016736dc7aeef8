"""Symbols and codes: told apart in print, in the font, within their cells."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from quantize import QuantizeError, find_table
from quantize.patterns.entries import read_entries
from quantize.patterns.marks import LEAST_CODE, POINT, make_codes, make_symbols, shorten_codes
from quantize.patterns.symbols import SYMBOLS
from quantize.rendering.lettering import find_font

SIDE = 24


def draw(mark, side=SIDE, times=8):
    """A mark in its cell, ink 0–1."""
    picture = Image.new("L", (side * times, side * times))
    middle = side * times / 2
    place = middle + mark.x * times, middle + mark.y * times
    ImageDraw.Draw(picture).text(place, mark.text, 255, find_font(round(mark.size * times)), anchor="ls")
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX), float) / 255


def test_no_two_of_256_symbols_look_alike():
    drawn = np.array([gaussian_filter(draw(mark), 0.7).ravel() for mark in make_symbols(256, SIDE)])
    squares = (drawn**2).sum(axis=1)
    away = np.sqrt(np.maximum(squares[:, None] + squares - 2 * drawn @ drawn.T, 0))
    np.fill_diagonal(away, np.inf)
    assert len(set(SYMBOLS)) == len(SYMBOLS) == 256
    first, second = np.unravel_index(away.argmin(), away.shape)
    assert away.min() > 2.6, (SYMBOLS[first], SYMBOLS[second])


def test_symbols_stay_in_their_cells_and_are_seen():
    for mark in make_symbols(256, SIDE):
        ink = draw(mark)
        assert ink[2:-2, 2:-2].sum() == pytest.approx(ink.sum()), mark.text
        assert ink.sum() > 12, mark.text
        rows, columns = np.nonzero(ink > 0.05)
        assert abs(rows.min() + rows.max() - SIDE + 1) <= 1, mark.text
        assert abs(columns.min() + columns.max() - SIDE + 1) <= 1, mark.text


@pytest.mark.parametrize("key", ["hama", "perler", "artkal-s"])
def test_makers_codes_fit_into_beads(key):
    marks = make_codes(read_entries(find_table(key).palette), 5.0)
    assert len({mark.size for mark in marks}) == 1
    assert marks[0].size >= LEAST_CODE * POINT
    for mark in marks:
        width = find_font(1000).getlength(mark.text) / 1000 * mark.size
        assert width <= 4.6, mark.text


def test_what_all_codes_begin_with_is_left_out():
    assert shorten_codes(["80-19001", "80-15961"]) == ["19001", "15961"]
    assert shorten_codes(["a-b-1", "a-b-2"]) == ["1", "2"]
    assert shorten_codes(["H01", "H02"]) == ["H01", "H02"]
    assert shorten_codes(["80-", "80-80-"]) == ["80-", "80-80-"]
    assert shorten_codes(["80-19001"]) == ["80-19001"]


def test_codes_that_cannot_be_read_are_a_sentence():
    with pytest.raises(QuantizeError, match=r"at least 3 points high, got .* in cells of 2 mm: take symbols"):
        make_codes(read_entries(find_table("hama").palette), 2.0)
