"""What is written beside the picture: which tile has which small palette, as JSON."""

from __future__ import annotations

import json
from typing import Any

from quantize.colors.hexadecimal import hex_colors
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
