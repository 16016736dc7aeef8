"""Pixel art made real: one colour a cell, a palette of the cells' colours, the picture at its true size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.picture import Picture
from quantize.pipeline import Quantized, quantize_image
from quantize.pixelart.choices import MOST_COLORS, PICKS
from quantize.pixelart.grid import Grid, find_grid
from quantize.pixelart.kernels_cells import take_cells
from quantize.pixelart.unmixing import unmix
from quantize.selection import require_visible

_REACH = 0.2
# True pixel art that Lanczos enlarged leaves 0.53, all else less; a drawn screen with small text left 0.62.
_DOUBTFUL = 0.57


@dataclass(frozen=True, eq=False)
class Restored:
    """Pixel art at its true size.

    Attributes
    ----------
    grid : Grid
        Where its cells are in the picture that it was taken from.
    picture : Picture
        A pixel a cell, each opaque or gone.
    result : Quantized
        The same with at most as many colours as asked for.
    notes : tuple of str
    """

    grid: Grid
    picture: Picture
    result: Quantized
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of pixel art, before colours are chosen for them.

    Attributes
    ----------
    grid : Grid
    picture : Picture
        A pixel a cell, each opaque or gone.
    looked : bool
        Whether the grid was found, not given.
    """

    grid: Grid
    picture: Picture
    looked: bool


def restore_art(
    picture: Picture | NDArray[np.uint8],
    *,
    cell: tuple[float, float] | None = None,
    pick: str = "mode",
    n_colors: int = MOST_COLORS,
    **choices: Any,
) -> Restored:
    """Make real pixel art of a picture that shows some: enlarged, blurred, packed as JPEG, or generated.

    Parameters
    ----------
    picture : Picture, or uint8 of shape (h, w, 3)
        sRGB.
    cell : (float, float), optional
        Pixels of a cell across and down; found if left out, see ``find_grid``.
    pick : str
        A key of ``PICKS``: "mode", the colour that most pixels in the middle of a cell have or are like, or
        "median", of each channel.
    n_colors : int
        Colours at most, 1–256, chosen over the cells.
    **choices
        Of ``Settings``: ``space="LAB"``, ``palette=…``.

    Returns
    -------
    Restored
        The same each time.

    Raises
    ------
    QuantizeError
        If no grid is found, no cell is visible, or a choice is out of its limits.
    """
    return color_cells(find_cells(picture, cell=cell, pick=pick), n_colors=n_colors, **choices)


def find_cells(
    picture: Picture | NDArray[np.uint8], *, cell: tuple[float, float] | None = None, pick: str = "mode"
) -> Cells:
    """Find the cells of pixel art and a colour for each: the first half of ``restore_art``."""
    picture = picture if isinstance(picture, Picture) else Picture.from_pixels(picture)
    by_mode = PICKS.find(pick).key == "mode"
    require_visible(picture, hard=True)
    grid = find_grid(picture, cell)
    return Cells(grid, _take(picture, grid, by_mode), cell is None)


def color_cells(cells: Cells, *, n_colors: int = MOST_COLORS, **choices: Any) -> Restored:
    """Choose colours for cells: the second half of ``restore_art``."""
    grid, made = cells.grid, cells.picture
    if "palette" not in choices:
        # What is gone takes one of 256 entries, of which there is nothing to say if all colours have theirs.
        has_room = made.alpha is not None and made.n_colors < n_colors == MOST_COLORS
        choices["n_colors"] = n_colors - has_room
    result = quantize_image(made, **choices)
    return Restored(grid, made, result, (*_notes(grid, made, result, cells.looked), *result.notes))


def _take(picture: Picture, grid: Grid, by_mode: bool) -> Picture:
    width, height = grid.size
    cells, visible = np.empty((height, width, 3), np.uint8), np.empty((height, width), bool)
    alpha = np.empty((0, 0), np.uint8) if picture.alpha is None else picture.alpha
    sides = [_spread(*one) for one in zip(grid.middles, grid.period, picture.size, strict=True)]
    take_cells(picture.pixels, alpha, *sides, by_mode, cells, visible)
    if picture.alpha is None and grid.share > 0:
        cells = unmix(cells)
    return Picture.from_pixels(cells, None if visible.all() else np.where(visible, 255, 0).astype(np.uint8))


def _spread(middles: NDArray[np.float64], period: float, length: int) -> NDArray[np.int64]:
    """List the pixels about the middles of cells along an axis: first and last, int64 (n, 2).

    Two fifths of a cell, which blurred edges reach last; of small ones the pixel or two in the middle.
    """
    reach = max(0.5, _REACH * period)
    first = np.ceil(middles - reach - 0.5).clip(0, length - 1)
    last = np.floor(middles + reach - 0.5).clip(first, length - 1)
    return np.stack([first, last], axis=1).astype(np.int64)


def _notes(grid: Grid, cells: Picture, result: Quantized, looked: bool) -> tuple[str, ...]:
    notes = []
    if grid.is_true_size and looked:
        notes.append("no larger cells were found: the picture is taken to be at its true size")
    elif grid.share > _DOUBTFUL and looked:
        notes.append(
            "these cells are a guess, as the picture tells little of them: give their size if they look wrong"
        )
    if not result.settings.palette and result.settings.n_colors == MOST_COLORS < cells.n_colors:
        notes.append(
            f"the cells have {cells.n_colors:,} colours, {MOST_COLORS} were kept, the most that a "
            "palette holds"
        )
    return tuple(notes)
