"""Palettes that nobody uses, given to the tiles that are served worst."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.tiles.fitting import Floats, Points, assign_tiles

Colors = NDArray[np.uint8]

_TRIES = 4
"""Tiles, for each palette that may be had, for which one of their own is tried."""


def fill_idle(
    points: Points,
    colors: Colors,
    n_palettes: int,
    alone: Callable[[int], Colors],
    working: Callable[[Colors], Floats],
    checkpoint: Callable[[], None],
) -> tuple[Colors, float]:
    """Drop idle palettes, and add those of single tiles, the worst first, while that lessens the error.

    Parameters
    ----------
    points : Points
    colors : uint8, shape (p, c, 3)
        Of which each is allowed as it is; ``working`` brings them to the space of ``points``.
    n_palettes : int
        At most so many there are then. With more of them the error is never larger.
    alone : callable
        What serves one tile, uint8 (c, 3).

    Returns
    -------
    colors : uint8, shape (at most n_palettes, c, 3)
    sse : float
    """
    chosen, errors = assign_tiles(points, working(colors))
    own = errors.min(axis=1)
    made, left = list(colors[np.unique(chosen)]), own.copy()
    for _ in range(_TRIES * n_palettes):
        worst = int(left.argmax())
        if len(made) >= n_palettes or left[worst] <= 0:
            break
        checkpoint()
        more = alone(worst)
        errors = assign_tiles(points, working(more[None]))[1][:, 0]
        left[worst] = 0
        if errors[worst] < own[worst]:
            made.append(more)
            own, left = np.minimum(own, errors), np.minimum(left, errors)
    return np.stack(made), float(own.sum())


def count_tiles(points: Points) -> int:
    """Count the tiles in which something is visible, of alike ones one."""
    pairs = zip(points.starts, points.starts[1:], strict=False)
    rows = np.column_stack([points.points, points.weights])
    return len({rows[start:stop].tobytes() for start, stop in pairs if stop > start})
