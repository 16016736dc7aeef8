"""Colours of a picture that no entry of a palette comes near: what a fixed palette cannot show.

Near is meant by ΔE00, to any entry. Most colours are settled by the entry nearest in CIE L*a*b*; only for the
others all entries are looked at, but for those whose lightness alone is too far off: ΔE00 is at least
|ΔL*| / S_L, and S_L at most 1.747 (CIE 142-2001, where L̄' is 0 or 100).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.difference import delta_e_00
from quantize.colors.nearest import map_colors
from quantize.colors.spaces import find_space

FAR = 10.0
"""ΔE00 above which a colour looks like another one."""

_LARGEST_WEIGHT = 1.75


def find_far_colors(
    color_set: ColorSet,
    palette: NDArray[np.uint8],
    limit: float = FAR,
    *,
    checkpoint: Callable[[], None] | None = None,
) -> NDArray[np.bool_]:
    """Find the colours of a picture whose ΔE00 to every entry is above a limit.

    Parameters
    ----------
    color_set : ColorSet
        Of its visible pixels: ``picture.color_set``.
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB.
    limit : float
    checkpoint : callable, optional
        Called between entries; what it raises ends the work.

    Returns
    -------
    bool, shape (color_set.n_colors,)
        By the colour's position; ``color_set.look_up`` makes a mask of pixels of it.

    Raises
    ------
    QuantizeError
        If the palette is empty or too large.
    """
    colors, to_lab = color_set.colors, find_space("LAB").to_working
    table = map_colors(color_set, palette, to_lab).table
    far: NDArray[np.bool_] = delta_e_00(colors, palette[table]) > limit
    left, entries = np.flatnonzero(far), np.unique(palette, axis=0)
    lightness = to_lab(colors[left])[:, 0]
    for entry, its_own in zip(entries, to_lab(entries)[:, 0], strict=True):
        if checkpoint:
            checkpoint()
        rows = left[far[left] & (np.abs(lightness - its_own) <= _LARGEST_WEIGHT * limit)]
        far[rows] = delta_e_00(colors[rows], np.broadcast_to(entry, (len(rows), 3)).copy()) > limit
    return far


def share_far(color_set: ColorSet, far: NDArray[np.bool_]) -> float:
    """Count the pixels of some colours, as a share of all, 0–1; 0 of a picture without visible pixels."""
    return float(color_set.counts[far].sum(dtype=np.int64)) / max(color_set.n_pixels, 1)
