"""The grid of pixel art that was enlarged or generated: where each of its cells begins and ends.

Periods come from the spectra of both axes (``rhythm``), and are judged by what their lines leave (``axis``):
of those under which about the least is left, cells are square if they can be, and as large as they can be.
Then lines between them are looked for, and at last each line may move, as those of generated pictures do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown
from quantize.pixelart.axis import Axes, Axis, Lines, Place, look_along
from quantize.pixelart.kernels_grid import count_spikes
from quantize.pixelart.places import Pair, find_places

MOST_SHARE = 0.64
"""What true lines leave of what lines half a period away do, at most; photos begin at 0.65."""

FEW_COLORS = 256
"""A picture with so many colours, and no grid, is taken to be pixel art at its true size."""

_ENOUGH_CELLS = 16
# Half and a third of a JPEG's blocks, whose edges and waves a photo shows.
_BLOCK_PERIODS = (2.0, 8 / 3)
_BLOCK_SHARE = 0.35
_BLOCK_NEAR = 0.03
_FEW_SPIKES = 0.02
_STANDS_OUT = 64
_SHARP_SHARE = 1e-4
_SHORT = 3.5
_HARD_COLORS = 32
_FINE_SHARE = 0.1
_DRAWN_SHARE = 0.35


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the cells are.

    Attributes
    ----------
    columns, rows : int64, shapes (w + 1,) and (h + 1,)
        Pixels at which cells begin, and the last one ends; they rise.
    middles : float64, shapes (w,) and (h,)
        Where the middles of cells are, across and down, in pixels.
    period : (float, float)
        Pixels of a cell, across and down.
    share : float
        What the lines leave, as a share of what lines half a period away do: 0 for cells of one colour each.
    """

    columns: Lines
    rows: Lines
    middles: tuple[NDArray[np.float64], NDArray[np.float64]]
    period: tuple[float, float]
    share: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Cells across and down: the picture's true size."""
        return len(self.columns) - 1, len(self.rows) - 1

    @property
    def is_true_size(self) -> bool:
        """Whether each pixel is a cell."""
        return self.period == (1.0, 1.0)


def find_grid(picture: Picture, cell: tuple[float, float] | None = None) -> Grid:
    """Find the cells of pixel art.

    Parameters
    ----------
    picture : Picture
        Enlarged by any factor from 1.9, across and down apart, blended, blurred, packed as a JPEG, cropped,
        or generated with lines that miss their places.
    cell : (float, float), optional
        Pixels of a cell, across and down, at least 1, if known; then only places of lines are found.

    Returns
    -------
    Grid
        Cells of which more than half is cut off at the picture's edges are left out. Each pixel a cell if
        there are no larger ones and at most 256 colours. The same each time.

    Raises
    ------
    QuantizeError
        If there are no cells, or ``cell`` is out of its limits.
    """
    axes = look_along(picture.pixels, picture.alpha)
    if cell is not None:
        across, down = _checked(cell, axes)
        return _grid(axes, (axes[0].settle(across), axes[1].settle(down)))
    places = find_places(axes)
    if places is None or not _is_true(picture, axes, places):
        if picture.n_colors <= FEW_COLORS:
            return _grid(axes, (axes[0].settle(1.0), axes[1].settle(1.0)))
        raise QuantizeError(
            "picture must be made of cells of one colour each, got none that come back evenly: say how large "
            "they are with cell, such as 8x8"
        )
    return _grid(axes, places)


def _is_true(picture: Picture, axes: Axes, places: Pair) -> bool:
    """Tell whether lines leave so little that they are neither chance nor a JPEG's blocks."""
    if picture.n_colors <= FEW_COLORS and max(place.share for place in places) > _SHARP_SHARE:
        fine = min(place.period for place in places) < _SHORT
        least = _FINE_SHARE if fine else _DRAWN_SHARE
        if picture.n_colors <= _HARD_COLORS and any(place.share > least for place in places):
            return False  # no blur made so few: what the lines leave was drawn
        if _spikes(picture) > (0 if fine else _FEW_SPIKES):
            return False
    return all(
        axis.is_silent or _is_low(place, axis.length) for axis, place in zip(axes, places, strict=True)
    )


def _is_low(place: Place, length: int) -> bool:
    most = MOST_SHARE * min(1.0, length / place.period / _ENOUGH_CELLS)
    if any(abs(place.period - one) < _BLOCK_NEAR for one in _BLOCK_PERIODS):
        most = min(most, _BLOCK_SHARE)
    return place.share <= most


def _spikes(picture: Picture) -> float:
    """Tell how many pixels stand out from both neighbours, for each edge: many if pixels are cells."""
    counts = [
        count_spikes(one, _STANDS_OUT**2) for one in (picture.pixels, picture.pixels.transpose(1, 0, 2))
    ]
    return sum(spikes for _, spikes in counts) / max(1, sum(edges for edges, _ in counts))


def _checked(cell: tuple[float, float], axes: Axes) -> tuple[float, float]:
    for one, axis in zip(cell, axes, strict=True):
        if not 1 <= one <= axis.length:
            raise QuantizeError(
                f"cell must be from 1 pixel to the picture's {axis.length}, got {shown(one)}: "
                "measure one in the picture"
            )
    return float(cell[0]), float(cell[1])


def _grid(axes: Axes, places: Pair) -> Grid:
    columns, rows = (_whole_cells(axis, place) for axis, place in zip(axes, places, strict=True))
    across, down = (
        axis.middles(*one) for axis, one in zip(axes, zip(places, (columns, rows), strict=True), strict=True)
    )
    return Grid(
        columns,
        rows,
        (across, down),
        (places[0].period, places[1].period),
        max(place.share for place in places),
    )


def _whole_cells(axis: Axis, place: Place) -> Lines:
    """Place the lines, without cells of which more than half is cut off at the picture's edges."""
    lines = axis.loosen(place.period, place.phase)
    least = place.period / 2
    if len(lines) > 2 and lines[1] - lines[0] < least:
        lines = lines[1:]
    if len(lines) > 2 and lines[-1] - lines[-2] < least:
        lines = lines[:-1]
    return lines
