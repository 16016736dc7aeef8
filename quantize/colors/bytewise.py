"""The colours of large pictures, counted and looked up with a byte for each of the 16.7 million there can be.

Such a table takes 16 MB, and a pixel one look into it, where a set of colours takes three (``colorset.py``).
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors import kernels_bytes, kernels_count
from quantize.threads import run_all, slices

# Below this a slice costs more to hand over than to work on.
SMALLEST_SLICE = 65_536
# Each slice that is counted has a table of its own.
MOST_TALLIES = 4

Tables = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]
"""Words, ranks and counts of a ``ColorSet``."""


def count_once(rows: NDArray[np.uint8]) -> Tables:
    """Find words, ranks and counts in one pass over the pixels, with a tally of all possible colours."""
    cuts = slices(len(rows), SMALLEST_SLICE, MOST_TALLIES)
    tallies = np.zeros((len(cuts), kernels_count.COLORS), np.uint8)
    full = [np.empty((cut.stop - cut.start) // 255, np.uint32) for cut in cuts]
    notes = run_all(
        partial(kernels_bytes.count_bytes, _locked(rows[cut]), _room(), *place)
        for cut, *place in zip(cuts, tallies, full, strict=True)
    )
    words, ranks, counts = _collect(tallies.view(np.uint64))
    for part, n in zip(full, notes, strict=True):
        kernels_bytes.add_full(part[:n], words, ranks, counts)
    return words, ranks, counts


def _collect(tallies: NDArray[np.uint64]) -> Tables:
    """Add up tallies to words, ranks and counts."""
    words, ranks = np.zeros(kernels_count.WORDS, np.uint64), np.empty(kernels_count.WORDS, np.uint32)
    cuts = slices(len(words), SMALLEST_SLICE)
    run_all(
        partial(kernels_bytes.mark_counted, tallies, cut.start, cut.stop - cut.start, words) for cut in cuts
    )
    counts = np.empty(int(kernels_count.rank_words(words, ranks)), np.uint32)
    run_all(
        partial(kernels_bytes.add_tallies, tallies, cut.start, words[cut], counts[ranks[cut.start] :])
        for cut in cuts
    )
    return words, ranks, counts


def look_up_once(
    rows: NDArray[np.uint8], colors: NDArray[np.uint8], table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Find the entry of ``table`` uint8 (n,) of each of ``rows`` uint8 (m, 3), each one of ``colors`` (n, 3).

    Rows that are none of them get 0.
    """
    out, entries = np.empty(len(rows), np.uint8), np.zeros(kernels_count.COLORS, np.uint8)
    run_all(
        partial(kernels_bytes.fill_bytes, _locked(colors[cut]), _locked(table[cut]), entries)
        for cut in slices(len(colors), SMALLEST_SLICE)
    )
    run_all(
        partial(kernels_bytes.look_up_bytes, _locked(rows[cut]), _room(), entries, out[cut])
        for cut in slices(len(rows), SMALLEST_SLICE)
    )
    return out


def _room() -> NDArray[np.uint32]:
    return np.empty(kernels_bytes.BATCH, np.uint32)


def _locked(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a view that may not be written to: to numba others are another type, and take compiling, too."""
    array = array.view()
    array.flags.writeable = False
    return array
