"""Riemersma dithering: errors are passed on along a Hilbert curve, which winds through the whole picture.

The last 16 errors count, the oldest a sixteenth of the newest, between them by a constant ratio. Riemersma
adds up more than whole errors, and counts them from the original; here weights add up to 1 and an error is
that of the colour looked for, as in ImageMagick, which keeps the average of light and dark areas too. No
direction is preferred, so no worms appear, at the price of coarser grain.

The curve leaves areas and comes back, and what it brings from a red one would set red dots in grey. So an
entry much farther from a pixel's colour than those of its mix (``mixes.py``) gives way to one of them.

The curve fills the smallest square of 16 · 2ⁿ pixels around the picture; what lies outside is skipped. It is
cut into pieces of 512×512 pixels. Each begins one block of 256 pixels early, which is thrown away: errors so
old do not count any more.

Source: T. Riemersma, "A balanced dithering technique", C/C++ Users Journal 16 (12), 1998.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.dithering.canvas import Canvas
from quantize.dithering.cube import empty_cube
from quantize.dithering.kernels_riemersma import follow_curve
from quantize.dithering.mixes import mix_canvas

QUEUE = 16
_BLOCK = 16
_PIECE = 1024  # blocks

# The curve enters a square at one corner and leaves it at a neighbouring one. Way 0 enters at the top left
# and leaves at the top right, way 1 enters there too and leaves at the bottom left, 2 and 3 are these turned
# by half. A row is a quarter: 2 · row + column, and the way in it.
_TURNS = np.array(
    [
        [[0, 1], [2, 0], [3, 0], [1, 3]],
        [[0, 0], [1, 1], [3, 1], [2, 2]],
        [[3, 3], [1, 2], [0, 2], [2, 1]],
        [[3, 2], [2, 3], [0, 3], [1, 0]],
    ],
    np.uint8,
)


def dither_along_curve(canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by Riemersma dithering."""
    height, width = canvas.pixels.shape[:2]
    levels = max(0, (-(-max(height, width) // _BLOCK) - 1).bit_length())
    n_blocks = 4**levels
    ratio = QUEUE ** (-1 / (QUEUE - 1))
    newest = canvas.strength / sum(ratio**age for age in range(QUEUE))
    decay = np.array([newest, ratio, ratio**QUEUE])
    table = mix_canvas(canvas, 1.0)

    def work(cube: object, piece: int) -> None:
        start = piece * _PIECE
        blocks = np.array([max(0, start - 1), start, min(start + _PIECE, n_blocks)])
        follow_curve(
            canvas.pixels, canvas.skipped, blocks, curve_points(), _TURNS, levels, canvas.light.to_light,
            canvas.light.to_code, canvas.entry_light, decay, cube, table, canvas.indices,
        )  # fmt: skip

    deal(
        -(-n_blocks // _PIECE), lambda: empty_cube(canvas.palette, canvas.to_working), work, canvas.checkpoint
    )


@lru_cache(maxsize=1)
def curve_points() -> NDArray[np.uint8]:
    """Order the points of a block: uint8 (4, 256), 16 · row + column, for each way to lie in it."""
    points = np.zeros((4, 1, 2), np.int64)
    while points.shape[1] < _BLOCK**2:
        side = int(points.shape[1] ** 0.5)
        corners = np.stack([_TURNS[:, :, 0] >> 1, _TURNS[:, :, 0] & 1], axis=-1).astype(np.int64) * side
        points = (corners[:, :, None] + points[_TURNS[:, :, 1]]).reshape(4, -1, 2)
    return (points[..., 0] * _BLOCK + points[..., 1]).astype(np.uint8)
