"""The distinct colours of a picture, each with a position and a count.

Positions follow the Morton order of the colours (see ``kernels_count``), so that colours close in position
are close in colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from quantize import kernels_count
from quantize.threads import run_all, slices

# Below this a slice costs more to hand over than to count.
SMALLEST_SLICE = 65_536


@dataclass(frozen=True, eq=False)
class ColorSet:
    """Distinct 8-bit sRGB colours.

    Parameters
    ----------
    words : uint64, shape (262144,)
        One bit for each possible colour.
    ranks : uint32, shape (262144,)
        Position of the first colour of each word.
    counts : uint32, shape (n_colors,)
        Pixels of each colour, by position.
    """

    words: NDArray[np.uint64]
    ranks: NDArray[np.uint32]
    counts: NDArray[np.uint32]

    @property
    def n_colors(self) -> int:
        """How many distinct colours there are."""
        return len(self.counts)

    @property
    def n_pixels(self) -> int:
        """How many pixels were counted."""
        return int(self.counts.sum(dtype=np.int64))

    @classmethod
    def of(cls, rows: NDArray[np.uint8]) -> ColorSet:
        """Collect and count the colours of ``rows`` uint8 (n, 3), C-contiguous, in two passes."""
        cuts = slices(len(rows), SMALLEST_SLICE)
        parts = [np.zeros(kernels_count.WORDS, np.uint64) for _ in cuts]
        run_all(
            partial(kernels_count.mark_colors, rows[cut], part) for cut, part in zip(cuts, parts, strict=True)
        )
        words = parts[0]
        for part in parts[1:]:
            words |= part
        ranks = np.empty(kernels_count.WORDS, np.uint32)
        n_colors = int(kernels_count.rank_words(words, ranks))
        counts = [np.zeros(n_colors, np.uint32) for _ in cuts]
        run_all(
            partial(kernels_count.add_counts, rows[cut], words, ranks, part)
            for cut, part in zip(cuts, counts, strict=True)
        )
        return cls(words, ranks, sum(counts[1:], counts[0]))

    @cached_property
    def colors(self) -> NDArray[np.uint8]:
        """All colours by position, uint8 (n_colors, 3)."""
        out = np.empty((self.n_colors, 3), np.uint8)
        kernels_count.list_colors(self.words, out)
        return out

    def look_up(self, rows: NDArray[np.uint8], table: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
        """Entry of ``table`` uint8 (n_colors,) for each row, and how many rows are not in the set."""
        cuts = slices(len(rows), SMALLEST_SLICE)
        out = np.empty(len(rows), np.uint8)
        table = np.append(table, np.uint8(0))
        strangers = run_all(
            partial(kernels_count.look_up, rows[cut], self.words, self.ranks, table, out[cut]) for cut in cuts
        )
        return out, int(sum(strangers))
