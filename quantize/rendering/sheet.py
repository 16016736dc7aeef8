"""A contact sheet: several versions of one picture under their labels, as one PNG.

Tiles are thinned or enlarged, never blended, so each keeps its colours; the sheet around is neutral grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quantize.errors import QuantizeError
from quantize.rendering.lettering import find_font, measure_line, write_on
from quantize.rendering.previews import preview

PAPER = (244, 244, 244)
"""What the sheet is where there is nothing, sRGB."""

_INK, _FAINT = (28, 28, 28), (88, 88, 88)
_GAP = 20
_TITLE_SIZE, _LABEL_SIZE, _CAPTION_SIZE = 26, 18, 14
_HEAD_HEIGHT, _LABEL_HEIGHT = 76, 54
_LEAST_CELL, _LEAST_SIDE = 200, 12


@dataclass(frozen=True, eq=False)
class Tile:
    """One version: ``pixels`` uint8 (h, w, 3) sRGB, what it is, and its figures."""

    pixels: NDArray[np.uint8]
    label: str
    caption: str


def contact_sheet(
    tiles: Sequence[Tile], *, title: str = "", subtitle: str = "", columns: int = 3, tile_side: int = 480
) -> bytes:
    """Arrange tiles row by row, the first at top left, and write them as PNG.

    Parameters
    ----------
    tiles : sequence of Tile
        At least one, all of the same size.
    title, subtitle : str
        What stands above them; without both there is no room for them. Text that is too long, here or over a
        tile, loses its middle.
    columns : int
        Tiles in a row; fewer if there are fewer tiles.
    tile_side : int
        Longest side of a tile in pixels, about: smaller pictures are enlarged by a whole number.

    Raises
    ------
    QuantizeError
        If there are no tiles, or their sizes differ.
    """
    if not tiles or len({tile.pixels.shape for tile in tiles}) != 1:
        raise QuantizeError(
            f"tiles must be at least one and of one size, got {len(tiles)}: give versions of one picture"
        )
    pictures = [_fit(tile.pixels, tile_side) for tile in tiles]
    height, width = pictures[0].shape[:2]
    columns, rows = min(columns, len(tiles)), -(-len(tiles) // min(columns, len(tiles)))
    cell = max(width, min(tile_side, _widest(tiles)), _LEAST_CELL)
    head = _HEAD_HEIGHT if title or subtitle else 0
    size = columns * (cell + _GAP) + _GAP, head + rows * (height + _LABEL_HEIGHT + _GAP) + _GAP
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (_GAP, _GAP), title, _TITLE_SIZE, _INK, size[0] - 2 * _GAP)
    _write(draw, (_GAP, _GAP + _TITLE_SIZE + 12), subtitle, _CAPTION_SIZE, _FAINT, size[0] - 2 * _GAP)
    for number, (tile, pixels) in enumerate(zip(tiles, pictures, strict=True)):
        left = _GAP + number % columns * (cell + _GAP)
        top = _GAP + head + number // columns * (height + _LABEL_HEIGHT + _GAP)
        _write(draw, (left, top), tile.label, _LABEL_SIZE, _INK, cell)
        _write(draw, (left, top + _LABEL_SIZE + 8), tile.caption, _CAPTION_SIZE, _FAINT, cell)
        sheet.paste(Image.fromarray(pixels), (left, top + _LABEL_HEIGHT))
    file = BytesIO()
    sheet.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _fit(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Make a picture about as large as a tile; one that is a mere line is made thick enough to be seen."""
    thinned = preview(pixels, side)
    times = max(1, side // max(thinned.shape[:2]))
    for axis in (0, 1):
        least = -(-min(_LEAST_SIDE, side) // thinned.shape[axis])
        thinned = np.repeat(thinned, max(times, least), axis)
    return thinned


def _widest(tiles: Sequence[Tile]) -> int:
    """Measure the pixels that the longest text over a tile takes."""
    texts = [(tile.caption, _CAPTION_SIZE) for tile in tiles] + [(tile.label, _LABEL_SIZE) for tile in tiles]
    return max(int(np.ceil(measure_line(write_on(text, size, np.inf), size))) for text, size in texts)


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    color: tuple[int, int, int],
    width: int,
) -> None:
    draw.text(place, write_on(text, size, width), color, find_font(size))
