"""A pattern: which entry of a palette every cell has, and how many cells each entry."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from quantize.cells import as_cell
from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.patterns.cells import MOST_CELLS
from quantize.patterns.entries import Entry, color_rows, read_entries
from quantize.patterns.strays import EMPTY, remove_strays
from quantize.pipeline import quantize_image
from quantize.settings import Settings

MOST_ENTRIES = 256
NEAREST = Settings(space="Oklab")


@dataclass(frozen=True, eq=False)
class Pattern:
    """Cells and what they are made of.

    Attributes
    ----------
    indices : int16, shape (h, w)
        Place in ``entries`` of each cell's entry, EMPTY for none.
    entries : tuple of Entry
        Those that are used, in the order of the palette, 1 to 256.
    """

    indices: NDArray[np.int16]
    entries: tuple[Entry, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Cells across and down."""
        height, width = self.indices.shape
        return width, height

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Cells of every entry, shape (k,)."""
        return self.count(self.indices)

    def count(self, indices: NDArray[np.int16]) -> NDArray[np.int64]:
        """Count the cells of every entry in a part."""
        return np.bincount(indices[indices != EMPTY], minlength=len(self.entries))


def make_pattern(
    cells: Picture,
    palette: Palette,
    rows: Sequence[int] | None = None,
    settings: Settings | None = None,
    *,
    without_strays: bool = False,
) -> Pattern:
    """Give every cell an entry of a palette.

    Parameters
    ----------
    cells : Picture
        One pixel a cell, at most 500 × 500: ``make_cells``. Cells that are not visible stay empty.
    palette : Palette
        Gives entries their numbers, codes and names. Of entries that stand twice the first is used.
    rows : sequence of int, or None
        Which of its entries may be used, 1 to 256 different colours; None for all.
    settings : Settings, optional
        Its space and dithering; the default is the nearest in Oklab. With a dithering, one of 256 entries
        makes room where cells are empty.
    without_strays : bool
        Whether single cells that differ from all around take a neighbour's colour.

    Raises
    ------
    QuantizeError
        If there are more cells or entries than that, no cell is visible, or a choice is none.
    """
    if max(cells.size) > MOST_CELLS:
        raise QuantizeError(
            f"cells must be at most {MOST_CELLS} × {MOST_CELLS}, got {cells.size[0]} × {cells.size[1]}: "
            "make the picture smaller"
        )
    entries = read_entries(palette)
    taken = entries if rows is None else [entries[row] for row in sorted(rows)]
    first = {entry.hex: entry for entry in reversed(taken)}
    chosen = tuple(entry for entry in taken if entry is first[entry.hex])
    if not 1 <= len(chosen) <= MOST_ENTRIES:
        raise QuantizeError(
            f"palette must have 1 to {MOST_ENTRIES} different colours for a chart, got {len(chosen):,}: "
            "choose the best of them"
        )
    indices = _find_indices(cells, chosen, settings or NEAREST)
    if without_strays:
        indices = remove_strays(indices, color_rows(chosen))
    return _drop_unused(Pattern(indices, chosen))


def _find_indices(cells: Picture, chosen: Sequence[Entry], settings: Settings) -> NDArray[np.int16]:
    visible = np.ones(cells.pixels.shape[:2], bool) if cells.alpha is None else cells.alpha >= 128
    codes = [entry.hex for entry in chosen]
    # Beside transparent pixels one of 256 entries would have to make room, as in a file.
    apart = not settings.dithered and bool(visible.any())
    given = cells.pixels[visible][None] if apart else cells
    result = quantize_image(given, settings, palette=codes)
    places = {code: place for place, code in enumerate(codes)}
    found = np.array([places.get(code, EMPTY) for code in hex_colors(result.palette)], np.int16)[
        result.indices
    ]
    indices = np.full(visible.shape, EMPTY, np.int16)
    indices[visible] = found[0] if apart else found[visible]
    return indices


def _drop_unused(pattern: Pattern) -> Pattern:
    used = np.flatnonzero(pattern.counts)
    places = np.full(len(pattern.entries) + 1, EMPTY, np.int16)  # its last one is for what is empty
    places[used] = np.arange(len(used))
    return Pattern(places[pattern.indices], tuple(pattern.entries[place] for place in used))


def write_counts(pattern: Pattern) -> bytes:
    """Write how many cells each entry has, as CSV in UTF-8: code, name, hex, count; names whole."""
    file = StringIO()
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(["code", "name", "hex", "count"])
    for entry, count in zip(pattern.entries, pattern.counts.tolist(), strict=True):
        table.writerow([as_cell(entry.code), as_cell(entry.name), entry.hex, count])
    return file.getvalue().encode("utf-8-sig")
