"""The colours of many pictures, added up in a room that does not grow with their number.

There is one whole number for each of the 16.7 million colours (128 MB, of which an operating system gives out
what is used). Whole numbers add up to the same in any order, so the sum of parts is that of the whole, and a
palette fitted to it is that of a mosaic of all pictures.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Colored, Counted
from quantize.colors.kernels_count import COLORS, SPREAD
from quantize.colors.opacity import Opacity
from quantize.records import Records

PICTURE_WEIGHT = 1 << 24
"""What all pixels of a picture weigh together where pictures count alike."""


@dataclass(frozen=True)
class Weigh:
    """What counts alike: every pixel, or every picture, however large."""

    key: str
    by_picture: bool


WEIGHS = Records("weigh", (Weigh("pixels", False), Weigh("pictures", True)))


@dataclass(frozen=True, eq=False)
class Part:
    """A sum of colours, as it travels: only those that occur.

    Attributes
    ----------
    numbers : uint32, shape (n,)
        Morton numbers, rising.
    totals : uint64, shape (n,)
    opacity : Opacity
    """

    numbers: NDArray[np.uint32]
    totals: NDArray[np.uint64]
    opacity: Opacity


class ColorSum:
    """Colours of pictures, added up; safe for any number of threads.

    Parameters
    ----------
    weigh : str
        A key of ``WEIGHS``.
    """

    def __init__(self, weigh: str = "pixels") -> None:
        self.weigh = weigh
        self._by_picture = WEIGHS.find(weigh).by_picture
        self._totals = np.zeros(COLORS, np.uint64)
        self._opacity = Opacity(0)
        self._lock = threading.Lock()

    def add(self, picture: Colored) -> None:
        """Add a picture's visible colours. One without any changes nothing but the number of pixels."""
        found, opacity = picture.color_set, picture.opacity
        places, weights = number_colors(found.colors), found.counts.astype(np.uint64)
        if self._by_picture:
            weights = weigh_alike(weights)
        with self._lock:
            self._totals[places] += weights  # all different
            self._opacity = _add(self._opacity, opacity)

    def add_part(self, part: Part) -> None:
        """Add what was added up elsewhere."""
        with self._lock:
            self._totals[part.numbers] += part.totals
            self._opacity = _add(self._opacity, part.opacity)

    def part(self) -> Part:
        """Return what was added up, for another sum."""
        with self._lock:
            numbers = np.flatnonzero(self._totals)
            return Part(numbers.astype(np.uint32), self._totals[numbers], self._opacity)

    def counted(self) -> Counted:
        """Return what was added up as the colours of one picture.

        Counts that would be too large are all halved until they fit, and none becomes 0.
        """
        with self._lock:
            places = np.flatnonzero(self._totals)
            totals, opacity = self._totals[places], self._opacity
        most = int(totals.max(initial=0))
        shift = max(0, most.bit_length() - 32)
        counts = np.maximum(totals >> np.uint64(shift), 1).astype(np.uint32)
        return Counted.of(ColorSet.listed(list_numbered(places), counts), opacity)


def number_colors(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Find the Morton numbers of colours: uint8 (n, 3) → uint32 (n,), as ``kernels_count`` counts."""
    red, green, blue = SPREAD[colors].T
    return red << np.uint32(2) | green << np.uint32(1) | blue


def list_numbered(numbers: NDArray[np.intp]) -> NDArray[np.uint8]:
    """List the colours of Morton numbers, uint8 (n, 3): undoes ``number_colors``."""
    colors = np.zeros((len(numbers), 3), np.uint8)
    for bit in range(8):
        for axis in range(3):
            colors[:, axis] |= ((numbers >> (3 * bit + 2 - axis) & 1) << bit).astype(np.uint8)
    return colors


def weigh_alike(counts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Weigh a picture's colours so that all sum to about PICTURE_WEIGHT, each to 1 at least."""
    total = int(counts.sum())
    if not total:
        return counts
    half = np.uint64(total // 2)
    return np.maximum((counts * np.uint64(PICTURE_WEIGHT) + half) // np.uint64(total), np.uint64(1))


def _add(one: Opacity, other: Opacity) -> Opacity:
    return Opacity(
        one.n_pixels + other.n_pixels,
        one.n_hidden + other.n_hidden,
        one.n_faint + other.n_faint,
        one.n_soft + other.n_soft,
    )
