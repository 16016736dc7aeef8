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

from quantize.colors import kernels_count
from quantize.colors.opacity import visible_rows
from quantize.threads import run_all, slices

# Below this a slice costs more to hand over than to count.
SMALLEST_SLICE = 65_536
# From here on the time for a tally's 16 MB is well spent; each slice has one.
MANY_PIXELS = 1 << 21
MOST_TALLIES = 4

# So many colours take 25 MB when they are converted.
MOST_REMEMBERED = 1 << 21

Floats = NDArray[np.float32]
Tables = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]


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
        return cls(*(count_once(rows) if len(rows) >= MANY_PIXELS else count_twice(rows)))

    @classmethod
    def listed(cls, colors: NDArray[np.uint8], counts: NDArray[np.uint32]) -> ColorSet:
        """Make a set of its ``colors`` and ``counts``, which take less room, in some milliseconds."""
        words, ranks = np.zeros(kernels_count.WORDS, np.uint64), np.empty(kernels_count.WORDS, np.uint32)
        kernels_count.mark_colors(colors, words)
        kernels_count.rank_words(words, ranks)
        made = cls(words, ranks, counts)
        made.__dict__["colors"] = colors
        return made

    @cached_property
    def colors(self) -> NDArray[np.uint8]:
        """All colours by position, uint8 (n_colors, 3)."""
        out = np.empty((self.n_colors, 3), np.uint8)
        kernels_count.list_colors(self.words, out)
        return out

    def remembering(self) -> ColorSet:
        """Return the same set as one that converts its colours once, for work on many palettes."""
        made = ColorSet(self.words, self.ranks, self.counts)
        made.__dict__["colors"] = self.colors
        if self.n_colors <= MOST_REMEMBERED:
            made.__dict__["_converted"] = {}
        return made

    def convert(self, convert: Callable[[NDArray[np.uint8]], Floats], key: object, cut: slice) -> Floats:
        """Convert some of the colours, float32 (n, 3); ``key`` stands for ``convert``."""
        converted: dict[object, Floats] | None = self.__dict__.get("_converted")
        if converted is None:
            return convert(self.colors[cut])
        if key not in converted:
            converted[key] = convert(self.colors)
        return converted[key][cut]

    def look_up(self, rows: NDArray[np.uint8], table: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
        """Find the entry of ``table`` uint8 (n_colors,) of each row; count rows that are not in the set."""
        cuts = slices(len(rows), SMALLEST_SLICE)
        out = np.empty(len(rows), np.uint8)
        table = np.append(table, np.uint8(0))
        strangers = run_all(
            partial(kernels_count.look_up, rows[cut], self.words, self.ranks, table, out[cut]) for cut in cuts
        )
        return out, int(sum(strangers))


def count_once(rows: NDArray[np.uint8]) -> Tables:
    """Find words, ranks and counts in one pass over the pixels, with a tally of all possible colours."""
    cuts = slices(len(rows), SMALLEST_SLICE, MOST_TALLIES)
    tallies = np.zeros((len(cuts), kernels_count.COLORS), np.uint8)
    touched = np.zeros((len(cuts), kernels_count.PAGES), np.uint8)
    full = [np.empty((cut.stop - cut.start) // 255, np.uint32) for cut in cuts]
    notes = run_all(
        partial(kernels_count.count_bytes, rows[cut], *place)
        for cut, *place in zip(cuts, tallies, touched, full, strict=True)
    )
    words, ranks = np.empty(kernels_count.WORDS, np.uint64), np.empty(kernels_count.WORDS, np.uint32)
    counts = np.empty(min(len(rows), kernels_count.COLORS), np.uint32)
    n_colors = kernels_count.collect(tallies.view(np.uint64), touched, words, ranks, counts)
    for part, n in zip(full, notes, strict=True):
        kernels_count.add_full(part[:n], words, ranks, counts)
    return words, ranks, counts[:n_colors].copy()


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
