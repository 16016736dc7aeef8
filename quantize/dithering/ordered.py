"""Ordered dithering: every colour has a mix of entries (``mixes.py``), and a mask picks one for each pixel.

Entries of a mix are sorted from dark to light, and a pixel takes the one in whose part its rank falls. So
an even area shows each entry as often as the mix wants it, in the mask's own pattern, whatever the palette
is; to within one of the mask's ranks.
"""

from __future__ import annotations

import numpy as np

from quantize.bands import deal
from quantize.dithering.canvas import Canvas
from quantize.dithering.cube import empty_cube
from quantize.dithering.kernels_mixes import WHOLE, lay_mask
from quantize.dithering.masks import Ranks
from quantize.dithering.mixes import mix_canvas

_BAND_PIXELS = 1 << 18


def dither_by_mask(ranks: Ranks, canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by ordered dithering; ``ranks`` int32 (n, n), n a power of two."""
    height, width = canvas.pixels.shape[:2]
    mask = ((ranks + 0.5) / ranks.size * WHOLE).astype(np.uint16)
    table = mix_canvas(canvas, canvas.strength)
    n_bands = max(1, min(height, height * width // _BAND_PIXELS))

    def work(cube: object, band: int) -> None:
        rows = np.array([height * band // n_bands, height * (band + 1) // n_bands])
        lay_mask(canvas.pixels, canvas.skipped, rows, table, mask, cube, canvas.indices)

    deal(n_bands, lambda: empty_cube(canvas.palette, canvas.light.to_working), work, canvas.checkpoint)
