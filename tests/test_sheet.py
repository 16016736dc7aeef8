"""The contact sheet: every tile's colours are on it, where they belong."""

import io

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError
from quantize.sheet import Tile, contact_sheet
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
