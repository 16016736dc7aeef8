"""Palettes of many pictures as files: a table for a spreadsheet or a program, and a sheet to look at."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.batch.distance import Pair
from quantize.batch.taking import VIEW_SIDE, Taken
from quantize.cells import as_cell
from quantize.palettes.palette import Palette
from quantize.rendering.sheet import PAPER, Tile, contact_sheet

MOST_ON_SHEET = 400
"""Pictures on a sheet: about 80 MB while it is drawn."""

_COLUMNS, _STRIP, _TOLD = 4, 40, 3


def write_csv(taken: Sequence[Taken], pairs: Sequence[Pair]) -> bytes:
    """Write a row for every colour: picture, its number, code, share; UTF-8. Pairs are for JSON."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("picture", "number", "hex", "red", "green", "blue", "share"))
    for one in taken:
        for number, (code, color, share) in enumerate(_entries(one.palette), 1):
            writer.writerow((as_cell(one.source.place.as_posix()), number, code, *color, f"{share:.6f}"))
    return text.getvalue().encode("utf-8", "backslashreplace")


def write_json(taken: Sequence[Taken], pairs: Sequence[Pair]) -> bytes:
    """Write all palettes, and the nearest pairs with their distance in ΔE00."""
    names = [one.source.place.as_posix() for one in taken]
    said = {
        "palettes": [
            {
                "picture": name,
                "colors": [{"hex": code, "share": share} for code, _, share in _entries(one.palette)],
                "notes": one.notes,
            }
            for name, one in zip(names, taken, strict=True)
        ],
        "nearest": [
            {"pictures": [names[pair.first], names[pair.second]], "distance": pair.distance} for pair in pairs
        ],
    }
    return (json.dumps(said, indent=1) + "\n").encode("ascii")


WRITERS: Mapping[str, Callable[[Sequence[Taken], Sequence[Pair]], bytes]] = MappingProxyType(
    {".csv": write_csv, ".json": write_json}
)
"""Tables by the endings of their files."""


def draw_sheet(taken: Sequence[Taken], title: str) -> bytes:
    """Draw a contact sheet as PNG: every picture over its palette, each colour as wide as its share.

    Parameters
    ----------
    taken : sequence of Taken
        At most MOST_ON_SHEET, at least one, with views.
    title : str
        What stands above.
    """
    tiles = [Tile(_draw(one), one.source.place.as_posix(), " ".join(_codes(one.palette))) for one in taken]
    return contact_sheet(tiles, title=title, columns=_COLUMNS, tile_side=VIEW_SIDE)


def _entries(palette: Palette | None) -> list[tuple[str, list[int], float]]:
    if palette is None or palette.shares is None:
        return []
    rows = zip(palette.hexes, palette.colors.tolist(), palette.shares.tolist(), strict=True)
    return [(code, color, share) for code, color, share in rows]


def _codes(palette: Palette | None) -> list[str]:
    codes = palette.hexes if palette else []
    return [*codes[:_TOLD], "…"] if len(codes) > _TOLD else codes


def _draw(one: Taken) -> NDArray[np.uint8]:
    """Draw a picture in the middle of its place, and its palette below."""
    side = VIEW_SIDE - _STRIP - 4
    tile = np.full((VIEW_SIDE, VIEW_SIDE, 3), PAPER, np.uint8)
    if one.view is not None:
        step = max(1, -(-max(one.view.shape[0] / side, one.view.shape[1] / VIEW_SIDE) // 1))
        view = one.view[:: int(step), :: int(step)]
        height, width = view.shape[:2]
        top, left = (side - height) // 2, (VIEW_SIDE - width) // 2
        tile[top : top + height, left : left + width] = view
    if one.palette is not None and one.palette.shares is not None:
        edges = np.rint(np.append(0, np.cumsum(one.palette.shares)) * VIEW_SIDE).astype(int)
        for color, start, stop in zip(one.palette.colors, edges, edges[1:], strict=False):
            tile[-_STRIP:, start:stop] = color
    return tile
