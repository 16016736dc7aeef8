"""numba loops that put what a palette can mix in place of colours that it cannot (``goals.py``)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_count import number_of, rank_of
from quantize.compiling import loop


class Goals(NamedTuple):
    """Where the colours of a picture are to be on average, by their position in a set of colours.

    ``words`` uint64 and ``ranks`` uint32 are the set (``kernels_count``), of colours, or of cubes of eight if
    ``shift``, by which their numbers are shifted, is 3. ``at`` float32 (n, 3) are places along an eye's axes;
    NaN first where a colour keeps its own, and with no rows all do.
    """

    words: NDArray[np.uint64]
    ranks: NDArray[np.uint32]
    shift: np.int64
    at: NDArray[np.float32]


NO_GOALS = Goals(np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.int64(0), np.zeros((0, 3), np.float32))


@loop
def aim(pixels: Any, goals: Any, seen: Any) -> None:
    """Put the goals of ``pixels`` uint8 (n, 3) in place of where they are ``seen``, float32 (n, 3)."""
    if goals.at.shape[0] == 0:
        return
    bits, last = np.uint64(goals.shift), np.uint64(goals.at.shape[0] - 1)
    for x in range(pixels.shape[0]):
        # What is not visible is not in the set, and may come after its last colour.
        rank = min(rank_of(goals.words, goals.ranks, number_of(pixels, x) >> bits), last)
        if not np.isnan(goals.at[rank, 0]):
            for axis in range(3):
                seen[x, axis] = goals.at[rank, axis]


@loop
def mark_ends(pixels: Any, goals: Any, ends: Any, skipped: Any) -> None:
    """Set ``skipped`` bool (h, w) where ``ends`` bool (n,) has a pixel's colour."""
    bits, last = np.uint64(goals.shift), np.uint64(goals.at.shape[0] - 1)
    for y in range(pixels.shape[0]):
        for x in range(pixels.shape[1]):
            rank = min(rank_of(goals.words, goals.ranks, number_of(pixels[y], x) >> bits), last)
            skipped[y, x] |= ends[rank]
