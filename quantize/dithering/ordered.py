"""Ordered dithering: a mask is added to the picture, then every pixel takes its nearest entry.

The mask is added to all three channels alike, as light. How much decides how far apart entries can be mixed:
for black and white it must be the whole range, for 256 colours far less. So it is scaled to the palette: from
its lowest to its highest rank, in each channel, it rises by the mean distance of an entry to its nearest
neighbour (divided by √3, since the mask runs along the grey diagonal).

Nearest is meant in the light to which the mask is added, whatever the working space: where the border between
two entries lies decides about their shares.
"""

from __future__ import annotations

import numpy as np

from quantize.bands import deal
from quantize.dithering.canvas import Canvas
from quantize.dithering.cube import empty_cube
from quantize.dithering.kernels_dither import add_mask
from quantize.dithering.masks import Ranks

_BAND_PIXELS = 1 << 18


def dither_by_mask(ranks: Ranks, canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by ordered dithering; ``ranks`` int32 (n, n), n a power of two."""
    height, width = canvas.pixels.shape[:2]
    mask = np.rint(((ranks + 0.5) / ranks.size - 0.5) * spread(canvas) * canvas.strength).astype(np.int32)
    n_bands = max(1, min(height, height * width // _BAND_PIXELS))

    def work(cube: object, band: int) -> None:
        start, stop = height * band // n_bands, height * (band + 1) // n_bands
        add_mask(
            canvas.pixels, canvas.skipped, start, stop, canvas.light.to_light, canvas.light.to_code,
            mask, cube, canvas.indices,
        )  # fmt: skip

    deal(n_bands, lambda: empty_cube(canvas.palette, canvas.light.to_working), work, canvas.checkpoint)


def spread(canvas: Canvas) -> float:
    """Work out mean distance in light from an entry to the nearest other one, over √3; 0 for one entry."""
    lights = canvas.light.to_light[canvas.palette].astype(np.float64)
    if len(lights) == 1:
        return 0.0
    squares = ((lights[:, None] - lights[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(squares, np.inf)
    return float(np.sqrt(squares.min(axis=1)).mean() / np.sqrt(3))
