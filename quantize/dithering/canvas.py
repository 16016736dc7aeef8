"""What every way of dithering is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantize.dithering.cube import ToWorking
from quantize.dithering.light import Light


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture to dither, and where to.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3), C-contiguous
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that get the entry nearest to their own colour, and neither take nor give errors: those that
        are not visible, and those whose colour is in the palette. Empty if there are none.
    palette : uint8, shape (k, 3)
    light : Light
    strength : float
        Over 0, up to 1.
    to_working : callable or None
        See ``cube.empty_cube``.
    indices : uint8, shape (h, w)
        To be filled.
    checkpoint : callable or None
    """

    pixels: NDArray[np.uint8]
    skipped: NDArray[np.bool_]
    palette: NDArray[np.uint8]
    light: Light
    strength: float
    to_working: ToWorking | None
    indices: NDArray[np.uint8]
    checkpoint: Callable[[], None] | None

    @cached_property
    def entry_light(self) -> NDArray[np.int32]:
        """Light of each entry and a 0, int32 (4 k,)."""
        return np.pad(self.light.to_light[self.palette], ((0, 0), (0, 1))).ravel()
