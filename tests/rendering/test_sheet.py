"""The contact sheet: every tile's colours are on it, where they belong."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize import QuantizeError
from quantize.rendering.lettering import find_font, measure_line, write_on
from quantize.rendering.sheet import Tile, contact_sheet
from tests.pictures import noise


def opened(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def test_tiles_are_on_the_sheet_pixel_for_pixel_in_order():
    tiles = [Tile(noise(40, 300, seed=number), f"K = {number}", "ΔE00 1.00 → äöü") for number in range(5)]
    sheet = opened(contact_sheet(tiles, columns=2))
    places = []
    for tile in tiles:
        windows = np.lib.stride_tricks.sliding_window_view(sheet, (1, 8, 3))[:, :, 0]
        rows, columns = np.nonzero((windows[:, :, 0] == tile.pixels[0, :8]).all((2, 3)))
        places.append((int(rows[0]), int(columns[0])))
        row, column = places[-1]
        np.testing.assert_array_equal(sheet[row : row + 40, column : column + 300], tile.pixels)
    assert places == sorted(places)
    assert len({column for _, column in places}) == 2


def test_large_tiles_are_thinned_without_new_colors():
    pixels = noise(700, 1000) % 2 * 255
    sheet = opened(contact_sheet([Tile(pixels, "", "")], tile_side=100))
    assert max(sheet.shape) < 300
    assert len(np.unique(sheet.reshape(-1, 3), axis=0)) <= 8 + 1


@pytest.mark.parametrize("tiles", [[], [Tile(noise(2, 2), "", ""), Tile(noise(2, 3), "", "")]])
def test_nothing_and_different_sizes_are_refused(tiles):
    with pytest.raises(QuantizeError, match="tiles must be at least one and of one size"):
        contact_sheet(tiles)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (2, 40), (33, 5), (481, 480)])
def test_tiles_of_any_shape_can_be_seen_and_nothing_stands_on_another(shape):
    pixels = np.full((*shape, 3), (255, 0, 0), np.uint8)
    tiles = [
        Tile(pixels, f"K = {number}", "ΔE00 12.34 · 123 kB · PSNR 33.3 dB · 256 colours")
        for number in range(5)
    ]
    sheet = opened(contact_sheet(tiles, title="name " * 99, subtitle="settings"))
    red = (sheet == (255, 0, 0)).all(axis=2)
    rows, columns = (
        np.flatnonzero(np.diff(red.any(axis=axis), prepend=False, append=False)) for axis in (1, 0)
    )
    assert (len(rows), len(columns)) == (2 * 2, 2 * 3)
    sides = [set(np.diff(edges.reshape(-1, 2)).ravel()) for edges in (rows, columns)]
    (height,), (width,) = sides
    assert min(height, width) >= 12
    assert 240 < max(height, width) <= 480
    # Whole tiles, of one size, with room for text over each.
    assert red.sum() == 5 * height * width
    assert rows[0] > 100
    ink = (sheet < 120).all(axis=2)
    assert not ink[:, :20].any()
    assert not ink[:, -20:].any()
    gaps = ink[rows[1] :, : columns[2]].any(axis=0)[-20:]
    assert not gaps.any(), "a caption runs into the next tile"


def test_title_and_settings_stand_on_the_sheet_and_take_room_only_if_there_are_any():
    tiles = [Tile(noise(40, 300), "K = 2", "ΔE00")]
    bare, headed = (
        opened(contact_sheet(tiles, **words)) for words in ({}, {"title": "ΔΩ", "subtitle": "BGR"})
    )
    room = len(headed) - len(bare)
    assert room > 50
    np.testing.assert_array_equal(headed[room + 20 :], bare[20:])
    assert (headed[20:46] < 100).all(axis=2).sum() > 50


@pytest.mark.parametrize("character", "ΔΩ→·×²éßŁжהع…'")
def test_the_font_has_what_sheets_and_names_need(character):
    assert write_on(character, 20, 100) == character
    font = find_font(20)
    assert bytes(font.getmask(character)) != bytes(font.getmask("\U0010ffff"))


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("日本 a.png", "a.png"),
        ("a\nb\tc\x00d", "a b c d"),
        ("a\u202egnp.b", "a gnp.b"),
        ("\ud800x", "x"),
        ("日本", ""),
        ("", ""),
        ("  a  b  ", "a b"),
    ],
)
def test_what_cannot_be_drawn_is_left_out(text, drawn):
    assert write_on(text, 20, 1000) == drawn


@given(text=st.text(max_size=600), width=st.integers(20, 600))
def test_a_line_of_any_text_fits(text, width):
    line = write_on(text, 18, width)
    assert measure_line(line, 18) <= width
    assert "\n" not in line
    if "…" not in line:
        assert all(word in text for word in line.split())


def test_a_line_that_is_too_long_keeps_both_ends():
    line = write_on(f"start {'middle ' * 50}end.png", 18, 300)
    assert line.startswith("start")
    assert line.endswith("end.png")
    assert 250 < measure_line(line, 18) <= 300
