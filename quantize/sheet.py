"""A contact sheet: several versions of one picture under their labels, as one PNG.

Tiles are thinned, never blended, so each keeps its colours; the sheet around them is neutral grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from quantize.errors import QuantizeError
from quantize.previews import preview

_PAPER, _INK, _FAINT = (244, 244, 244), (28, 28, 28), (96, 96, 96)
_GAP = 16
_LABEL_SIZE, _CAPTION_SIZE = 18, 14
_LABEL_HEIGHT = 52


@dataclass(frozen=True, eq=False)
class Tile:
    """One version: ``pixels`` uint8 (h, w, 3) sRGB, what it is, and its figures."""

    pixels: NDArray[np.uint8]
    label: str
    caption: str


def contact_sheet(tiles: Sequence[Tile], *, columns: int = 3, tile_side: int = 480) -> bytes:
    """Arrange tiles row by row, the first at top left, and write them as PNG.

    Parameters
    ----------
    tiles : sequence of Tile
        At least one, all of the same size.
    columns : int
        Tiles in a row; fewer if there are fewer tiles.
    tile_side : int
        Longest side of a tile in pixels.

    Raises
    ------
    QuantizeError
        If there are no tiles, or their sizes differ.
    """
    if not tiles or len({tile.pixels.shape for tile in tiles}) != 1:
        raise QuantizeError(
            f"tiles must be at least one and of one size, got {len(tiles)}: give versions of one picture"
        )
    pictures = [preview(tile.pixels, tile_side) for tile in tiles]
    height, width = pictures[0].shape[:2]
    columns = min(columns, len(tiles))
    cell = max(width, 200) + _GAP, height + _LABEL_HEIGHT + _GAP
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * cell[0] + _GAP, rows * cell[1] + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    label_font, caption_font = (ImageFont.load_default(size) for size in (_LABEL_SIZE, _CAPTION_SIZE))
    for number, (tile, pixels) in enumerate(zip(tiles, pictures, strict=True)):
        left = _GAP + number % columns * cell[0]
        top = _GAP + number // columns * cell[1]
        draw.text((left, top), tile.label, _INK, label_font)
        draw.text((left, top + _LABEL_SIZE + 6), tile.caption, _FAINT, caption_font)
        sheet.paste(Image.fromarray(pixels), (left, top + _LABEL_HEIGHT))
    file = BytesIO()
    sheet.save(file, "PNG", compress_level=6)
    return file.getvalue()
