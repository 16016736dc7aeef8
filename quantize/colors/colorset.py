"""The distinct colours of a picture, each with a position and a count.

Positions follow the Morton order of the colours (see ``kernels_count``), so that colours close in position
are close in colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from quantize.ahead import is_compiling
from quantize.colors import kernels_count
from quantize.colors.bytewise import SMALLEST_SLICE, Tables, count_once, look_up_once
from quantize.colors.opacity import visible_rows
from quantize.colors.plain_count import count_plainly, list_plainly, mark_plainly
from quantize.keeping import Kept
from quantize.threads import run_all, slices

# From here on the time for tables of 16 MB is well spent.
MANY_PIXELS = 1 << 21

# So many colours take 25 MB when they are converted.
MOST_REMEMBERED = 1 << 21

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ColorSet:
    """Distinct 8-bit sRGB colours: what is first worked out of a picture, and all else of it.

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
    def of(cls, pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> ColorSet:
        """Collect and count a picture's colours.

        Parameters
        ----------
        pixels : uint8, shape (..., 3)
            sRGB.
        alpha : uint8, shape (...), optional
            Pixels that are not visible (see ``opacity.py``) are left out.

        Returns
        -------
        ColorSet
            The same on any number of threads.

        Raises
        ------
        QuantizeError
            If an array has another dtype or shape.
        """
        rows = visible_rows(pixels, alpha)
        if is_compiling() and len(rows) < MANY_PIXELS:
            return cls(*count_plainly(rows))  # sooner than the loops are there
        return cls(*(count_once(rows) if len(rows) >= MANY_PIXELS else count_twice(rows)))

    @classmethod
    def listed(cls, colors: NDArray[np.uint8], counts: NDArray[np.uint32]) -> ColorSet:
        """Make a set of its ``colors`` and ``counts``, which take less room, in some milliseconds."""
        if is_compiling():
            words, ranks = mark_plainly(colors)
        else:
            words, ranks = np.zeros(kernels_count.WORDS, np.uint64), np.empty(kernels_count.WORDS, np.uint32)
            kernels_count.mark_colors(colors, words)
            kernels_count.rank_words(words, ranks)
        made = cls(words, ranks, counts)
        made.__dict__["colors"] = colors
        return made

    @cached_property
    def colors(self) -> NDArray[np.uint8]:
        """All colours by position, uint8 (n_colors, 3)."""
        if is_compiling():
            return list_plainly(self.words)
        out = np.empty((self.n_colors, 3), np.uint8)
        kernels_count.list_colors(self.words, out)
        return out

    def remembering(self) -> ColorSet:
        """Return the same set as one that converts its colours once, for work on many palettes."""
        made = ColorSet(self.words, self.ranks, self.counts)
        made.__dict__["colors"] = self.colors
        if self.n_colors <= MOST_REMEMBERED:
            made.__dict__["_converted"] = Kept()
        return made

    def convert(self, convert: Callable[[NDArray[np.uint8]], Floats], key: object, cut: slice) -> Floats:
        """Convert some of the colours, float32 (n, 3); ``key`` stands for ``convert``."""
        converted: Kept | None = self.__dict__.get("_converted")
        if converted is None:
            return convert(self.colors[cut])
        whole: Floats = converted.get(key, lambda: convert(self.colors))
        return whole[cut]

    def look_up(self, rows: NDArray[np.uint8], table: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
        """Find the entry of ``table`` uint8 (n_colors,) of each row; count rows that are not in the set."""
        cuts = slices(len(rows), SMALLEST_SLICE)
        out = np.empty(len(rows), np.uint8)
        table = np.append(table, np.uint8(0))
        strangers = run_all(
            partial(kernels_count.look_up, rows[cut], self.words, self.ranks, table, out[cut]) for cut in cuts
        )
        return out, int(sum(strangers))

    def look_up_own(self, rows: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Find the same for rows whose colours are all in the set, which is quicker where they are many."""
        if len(rows) < MANY_PIXELS:
            return self.look_up(rows, table)[0]
        return look_up_once(rows, self.colors, table)


def count_twice(rows: NDArray[np.uint8]) -> Tables:
    """Find the same in two passes, first for the set, then for the counts, with 2 MB a thread."""
    cuts = slices(len(rows), SMALLEST_SLICE)
    words = np.zeros((len(cuts), kernels_count.WORDS), np.uint64)
    run_all(
        partial(kernels_count.mark_colors, rows[cut], part) for cut, part in zip(cuts, words, strict=True)
    )
    words = np.bitwise_or.reduce(words) if len(words) > 1 else words[0]
    ranks = np.empty(kernels_count.WORDS, np.uint32)
    counts = np.zeros((len(cuts), int(kernels_count.rank_words(words, ranks))), np.uint32)
    run_all(
        partial(kernels_count.add_counts, rows[cut], words, ranks, part)
        for cut, part in zip(cuts, counts, strict=True)
    )
    return words, ranks, counts.sum(axis=0, dtype=np.uint32)
