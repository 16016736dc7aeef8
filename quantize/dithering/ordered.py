"""Ordered dithering: every colour has a mix of entries (``mixes.py``), and a mask picks one for each pixel.

Entries of a mix are sorted from dark to light, and a pixel takes the one in whose part its rank falls. So
an even area shows each entry as often as the mix wants it, in the mask's own pattern, whatever the palette
is; to within one of the mask's ranks.

Mixes are found for the colours that occur. Where more than ``MOST_COLORS`` do, cubes of eight colours share
the mix of their middle, half a level off.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.kernels_count import WORDS, list_colors, mark_colors, rank_words
from quantize.dithering.canvas import Canvas
from quantize.dithering.cube import empty_cube
from quantize.dithering.kernels_mixes import WHOLE, lay_mask
from quantize.dithering.masks import Ranks
from quantize.dithering.mixes import mix_colors
from quantize.threads import run_all, slices

MOST_COLORS = 1 << 19
_BAND_PIXELS = 1 << 18


def dither_by_mask(ranks: Ranks, canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by ordered dithering; ``ranks`` int32 (n, n), n a power of two."""
    height, width = canvas.pixels.shape[:2]
    mask = ((ranks + 0.5) / ranks.size * WHOLE).astype(np.uint16)
    words, colors, cells = occurring(canvas.pixels, canvas.hidden)
    mixes = mix_colors(
        colors, canvas.palette, canvas.light.key, canvas.strength, cells=cells, checkpoint=canvas.checkpoint
    )
    starts = np.empty(len(words), np.uint32)
    rank_words(words, starts)
    n_bands = max(1, min(height, height * width // _BAND_PIXELS))

    def work(cube: object, band: int) -> None:
        rows = np.array([height * band // n_bands, height * (band + 1) // n_bands])
        lay_mask(
            canvas.pixels, canvas.skipped, rows, words, starts, 3 * cells,
            mixes.entries, mixes.limits, mask, cube, canvas.indices,
        )  # fmt: skip

    deal(n_bands, lambda: empty_cube(canvas.palette, canvas.light.to_working), work, canvas.checkpoint)


def occurring(
    pixels: NDArray[np.uint8], hidden: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.uint8], bool]:
    """List the colours of a picture that are not ``hidden``, or the cubes of eight that they lie in.

    Returns
    -------
    words : uint64
        The set of them, see ``kernels_count``: a bit for each colour, or each cube.
    colors : uint8, shape (n, 3)
        In the set's order; of cubes the darkest.
    cells : bool
        Whether they are cubes.
    """
    rows = pixels[~hidden] if hidden.size else pixels.reshape(-1, 3)
    cuts = slices(len(rows), 1 << 16)
    parts = np.zeros((len(cuts), WORDS), np.uint64)
    run_all(partial(mark_colors, rows[cut], part) for cut, part in zip(cuts, parts, strict=True))
    words = np.bitwise_or.reduce(parts)
    cells = bool(np.bitwise_count(words).sum() > MOST_COLORS)
    if cells:  # the colours of a cube are a byte
        bytes_of = words.astype("<u8").view(np.uint8)
        words = np.packbits(bytes_of != 0, bitorder="little").view("<u8").astype(np.uint64)
    colors = np.empty((int(np.bitwise_count(words).sum()), 3), np.uint8)
    list_colors(words, colors)
    return words, colors << int(cells), cells
