"""The picture as a file, and what is written beside it: which tile has which small palette, as JSON."""

from __future__ import annotations

import json
from typing import Any

from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.resolution import Dpi
from quantize.palettes.palette import Palette
from quantize.rendering.encode import encode_png
from quantize.swatches.formats import write_palette
from quantize.tiles.tiled import Tiled


def describe_tiles(tiled: Tiled) -> dict[str, Any]:
    """Describe small palettes and tiles as what JSON knows.

    Returns
    -------
    dict
        ``tile``: width and height in pixels; ``palettes``: a list of "#rrggbb" for each, null for what is
        transparent; ``entries``: their numbers in the picture file; ``map``: a list for each row of tiles,
        the number of every tile's palette, from 0.
    """
    codes: list[str | None] = [*hex_colors(tiled.palette)]
    palettes = [[codes[entry] for entry in row] for row in tiled.sets.tolist()]
    if tiled.clear:
        palettes = [[None, *row[1:]] for row in palettes]
    return {
        "tile": list(tiled.tile),
        "palettes": palettes,
        "entries": tiled.sets.tolist(),
        "map": tiled.chosen.tolist(),
    }


def write_map(tiled: Tiled) -> bytes:
    """Write the same as a JSON file: the same bytes each time."""
    return (json.dumps(describe_tiles(tiled), separators=(",", ":")) + "\n").encode()


def write_picture(tiled: Tiled, dpi: Dpi | None = None) -> bytes:
    """Write an indexed PNG, its entries palette after palette, with a resolution if there is one."""
    return encode_png(tiled.entries, tiled.indices, optimize=True, dpi=dpi, as_listed=True)


def write_entries(tiled: Tiled) -> bytes:
    """Write all entries as a JASC palette, in the order of the PNG."""
    return write_palette(Palette(tiled.palette), "jasc")
