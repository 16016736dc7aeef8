"""Figures of results whose entries may be partly transparent: means over black and over white.

That is what is composited there, as browsers do it: encoded values, rounded to 8 bits for ΔE00, and not
rounded for squared errors, which are then those of ``colors/soft.py``. Pixels that are fully transparent in
the original do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00
from quantize.colors.soft import SRGB_AXES, Rgba, SoftSet

GROUNDS = (0, 255)
"""Black and white."""


@dataclass(frozen=True, eq=False)
class SoftPairs:
    """Distinct pairs of a value and an entry that some pixel has, but for fully transparent pixels.

    Attributes
    ----------
    values : uint8, shape (n, 4)
    entries : uint8, shape (n,)
    counts : int64, shape (n,)
    """

    values: Rgba
    entries: NDArray[np.uint8]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, found: SoftSet, positions: NDArray[np.uint32], indices: NDArray[np.uint8]) -> SoftPairs:
        """Count the pairs of a picture's values, by the positions of its pixels, and their entries."""
        keys, counts = np.unique(positions.astype(np.uint64) << 8 | indices, return_counts=True)
        values, entries = found.values[keys >> 8], (keys & 255).astype(np.uint8)
        seen = values[:, 3] > 0
        return cls(values[seen], entries[seen], counts[seen].astype(np.int64))

    def uses(self, n_entries: int) -> NDArray[np.int64]:
        """Count the pixels of every entry."""
        return np.bincount(self.entries, self.counts, n_entries).astype(np.int64)

    def sse(self, entries: Rgba) -> float:
        """Add up squared sRGB distances, in the mean over black and white."""
        away = SRGB_AXES.places(self.values) - SRGB_AXES.places(entries)[self.entries]
        return float((self.counts * np.square(away).sum(axis=1)).sum())

    def delta_e_00(self, entries: Rgba) -> NDArray[np.float32]:
        """Work out how different every pair looks, float32 (2, n): over black, and over white."""
        after = entries[self.entries]
        return np.stack([delta_e_00(over(self.values, grey), over(after, grey)) for grey in GROUNDS])


def over(rgba: NDArray[np.uint8], grey: int) -> NDArray[np.uint8]:
    """Show values, uint8 (..., 4), over a grey: uint8 (..., 3)."""
    alpha = rgba[..., 3:].astype(np.uint32)
    mixed = rgba[..., :3] * alpha + grey * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)
