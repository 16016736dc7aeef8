"""Entries that follow their neighbours: a pixel takes the one on its left, or above, if that is near enough.

Longer runs make shorter files. The error is bounded: no pixel gets an entry that is farther from its colour
than the nearest one by more than ``bound`` steps, and by half of that where the picture is even, as there the
eye would see it. A pixel whose very colour is in the palette keeps it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.sizing.kernels_follow import follow_rows

# So that the result does not depend on how many threads share the work.
_STRIP_ROWS = 128


def follow_neighbors(
    pixels: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    bound: float,
    checkpoint: Callable[[], None] | None = None,
) -> NDArray[np.uint8]:
    """Let entries follow their neighbours.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        The original, sRGB.
    palette : uint8, shape (k, 3)
    indices : uint8, shape (h, w)
        The nearest entry of every pixel.
    bound : float
        8-bit steps, Euclidean in sRGB; 0 changes nothing but between entries that are equally near.
    checkpoint : callable, optional
        Called between strips of rows; what it raises ends the work.

    Returns
    -------
    uint8, shape (h, w)
        Of every pixel an entry at most ``bound`` farther off than the one that it had.
    """
    made, height = indices.copy(), len(pixels)
    skipped = np.ascontiguousarray((palette[indices] == pixels).all(axis=2))
    entries = np.ascontiguousarray(palette)

    def work(_: None, strip: int) -> None:
        top = strip * _STRIP_ROWS
        follow_rows(
            pixels, entries, skipped, top, min(height, top + _STRIP_ROWS), np.float32(bound), made
        )  # fmt: skip

    deal(-(-height // _STRIP_ROWS), lambda: None, work, checkpoint)
    return made
