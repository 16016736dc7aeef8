"""numba loops that count colours and cells.

A colour's *cell* is its top six bits a channel (a cube of 4×4×4 colours), its *place* the other two bits a
channel (0–63). A set of colours is one 64-bit word for each cell, one bit for each place: 2 MB in all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

CELLS = 1 << 18


def _popcount(typing_context: Any, word: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


# Bits set in a uint64, as uint64: one machine instruction, which numba does not offer by itself.
popcount: Any = intrinsic(_popcount)


@njit(inline="always")
def cell_of(r: Any, g: Any, b: Any) -> Any:
    """Index of the cell of a colour given as integers."""
    return ((r >> 2) << 12) | ((g >> 2) << 6) | (b >> 2)


@njit(inline="always")
def place_of(r: Any, g: Any, b: Any) -> Any:
    """Place of a colour within its cell."""
    return ((r & 3) << 4) | ((g & 3) << 2) | (b & 3)


@njit(nogil=True, cache=True)
def add_cells(pixels: Any, table: Any) -> None:
    """Add pixels uint8 (n, 3) to ``table`` int64 (CELLS, 4): count, then the sums of r, g, b."""
    for i in range(pixels.shape[0]):
        r, g, b = np.uint32(pixels[i, 0]), np.uint32(pixels[i, 1]), np.uint32(pixels[i, 2])
        row = cell_of(r, g, b)
        table[row, 0] += 1
        table[row, 1] += r
        table[row, 2] += g
        table[row, 3] += b


@njit(nogil=True, cache=True)
def mark_colors(pixels: Any, words: Any) -> None:
    """Add the colours of pixels uint8 (n, 3) to the set ``words`` uint64 (CELLS,)."""
    for i in range(pixels.shape[0]):
        r, g, b = np.uint32(pixels[i, 0]), np.uint32(pixels[i, 1]), np.uint32(pixels[i, 2])
        words[cell_of(r, g, b)] |= np.uint64(1) << np.uint64(place_of(r, g, b))


@njit(nogil=True, cache=True)
def rank_words(words: Any, ranks: Any) -> Any:
    """Fill ``ranks`` int32 (CELLS,) with the colours in the cells before each; return how many there are."""
    total = np.int64(0)
    for cell in range(words.shape[0]):
        ranks[cell] = total
        total += np.int64(popcount(words[cell]))
    return total


@njit(nogil=True, cache=True)
def list_colors(words: Any, out: Any) -> None:
    """Write the set's colours, in the order of their ranks, to ``out`` uint8 (n, 3)."""
    row = 0
    for cell in range(words.shape[0]):
        word = words[cell]
        if word != 0:
            for place in range(64):
                if (word >> np.uint64(place)) & np.uint64(1):
                    out[row, 0] = ((cell >> 12) << 2) | (place >> 4)
                    out[row, 1] = (((cell >> 6) & 63) << 2) | ((place >> 2) & 3)
                    out[row, 2] = ((cell & 63) << 2) | (place & 3)
                    row += 1


@njit(inline="always")
def rank_of(words: Any, ranks: Any, r: Any, g: Any, b: Any) -> Any:
    """Position of a colour that is in the set."""
    cell = cell_of(r, g, b)
    below = (np.uint64(1) << np.uint64(place_of(r, g, b))) - np.uint64(1)
    return np.int64(ranks[cell]) + np.int64(popcount(words[cell] & below))


@njit(nogil=True, cache=True)
def add_counts(pixels: Any, words: Any, ranks: Any, counts: Any) -> None:
    """Add pixels uint8 (n, 3), whose colours are all in the set, to ``counts`` int64 (colours,)."""
    for i in range(pixels.shape[0]):
        r, g, b = np.uint32(pixels[i, 0]), np.uint32(pixels[i, 1]), np.uint32(pixels[i, 2])
        counts[rank_of(words, ranks, r, g, b)] += 1


@njit(nogil=True, cache=True)
def look_up(pixels: Any, words: Any, ranks: Any, table: Any, out: Any) -> None:
    """Write ``table[rank]`` (uint8) of every pixel's colour to ``out`` uint8 (n,)."""
    for i in range(pixels.shape[0]):
        r, g, b = np.uint32(pixels[i, 0]), np.uint32(pixels[i, 1]), np.uint32(pixels[i, 2])
        out[i] = table[rank_of(words, ranks, r, g, b)]
