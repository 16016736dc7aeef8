"""What every way of dithering is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_count import WORDS, mark_colors
from quantize.dithering.cube import ToWorking
from quantize.dithering.kernels_dither import mark_skipped
from quantize.dithering.light import Light
from quantize.threads import run_all, slices


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture to dither, and where to.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3), C-contiguous
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that get the entry nearest to their own colour, and neither take nor give errors: those that
        are not visible, and those whose colour is in the palette. Empty if there are none.
    hidden : bool, shape (h, w) or (0, 0)
        Those of them that are not visible.
    palette : uint8, shape (k, 3)
    light : Light
    strength : float
        Over 0, up to 1.
    runs : float
        How much longer runs of one entry are worth, see ``seen.py``; 0 where that is no choice.
    to_working : callable or None
        See ``cube.empty_cube``.
    indices : uint8, shape (h, w)
        To be filled.
    checkpoint : callable or None
    """

    pixels: NDArray[np.uint8]
    skipped: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    palette: NDArray[np.uint8]
    light: Light
    strength: float
    runs: float
    to_working: ToWorking | None
    indices: NDArray[np.uint8]
    checkpoint: Callable[[], None] | None

    @cached_property
    def entry_light(self) -> NDArray[np.int32]:
        """Light of each entry and a 0, int32 (4 k,)."""
        return np.pad(self.light.to_light[self.palette], ((0, 0), (0, 1))).ravel()


def find_skipped(
    pixels: NDArray[np.uint8], hidden: NDArray[np.bool_], palette: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Find the pixels that are not dithered, bool (h, w), or (0, 0) if there are none."""
    words = np.zeros(WORDS, np.uint64)
    mark_colors(palette, words)
    skipped = np.empty(pixels.shape[:2], np.bool_)
    counts = run_all(
        partial(mark_skipped, pixels[cut], hidden[cut], words, skipped[cut])
        for cut in slices(len(pixels), 64)
    )
    return skipped if sum(counts) else np.zeros((0, 0), np.bool_)
