"""numba loops that count colours.

A set of colours is one bit for each of the 16.7 million, 64 to a word: 2 MB. Colours are numbered in Morton
order (the bits of r, g and b interleaved): the 64 colours of a word are a cube of 4×4×4, eight words in a row
a cube of 8×8×8 and so on. Neighbours in the order are neighbours in the cube, which is what caches and
``kernels_nearest`` live on. A colour's *rank* is its position among the colours of the set.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types, uint32, uint64
from numba.extending import intrinsic

from quantize.compiling import loop

COLORS = 1 << 24
WORDS = 1 << 18
# Bit i of the index goes to bit 3·i.
SPREAD = np.array([sum((value >> bit & 1) << 3 * bit for bit in range(8)) for value in range(256)], np.uint32)

# Low two bits of r, g, b of the colour at each place of a word.
PLACES = np.array(
    [[(place >> axis & 1) | (place >> (3 + axis) & 1) << 1 for axis in (2, 1, 0)] for place in range(64)],
    np.uint8,
)


def _popcount(typing_context: Any, word: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


# Bits set in a uint64, as uint64: one machine instruction, which numba does not offer by itself.
popcount: Any = intrinsic(_popcount)


@njit(inline="always")
def lowest_bit(word: Any) -> Any:
    """Find the position of the lowest bit set in a uint64 that is not 0."""
    return popcount((word & (~word + uint64(1))) - uint64(1))


@njit(inline="always")
def number_of(pixels: Any, i: Any) -> Any:
    """Find the Morton number of pixel ``i``, uint64."""
    r, g, b = uint64(pixels[i, 0]), uint64(pixels[i, 1]), uint64(pixels[i, 2])
    return uint64(SPREAD[r] << uint32(2) | SPREAD[g] << uint32(1) | SPREAD[b])


@loop
def mark_colors(pixels: Any, words: Any) -> None:
    """Add the colours of pixels uint8 (n, 3) to the set ``words`` uint64 (WORDS,)."""
    for i in range(uint64(pixels.shape[0])):
        number = number_of(pixels, i)
        words[number >> uint64(6)] |= uint64(1) << (number & uint64(63))


@loop
def rank_words(words: Any, ranks: Any) -> Any:
    """Fill ``ranks`` uint32 (WORDS,) with the colours in the words before each; return how many there are."""
    total = uint64(0)
    for word in range(words.shape[0]):
        ranks[word] = total
        total += popcount(words[word])
    return total


@loop
def add_counts(pixels: Any, words: Any, ranks: Any, counts: Any) -> None:
    """Add pixels uint8 (n, 3), whose colours are all in the set, to ``counts`` uint32 (colours,)."""
    for i in range(uint64(pixels.shape[0])):
        counts[rank_of(words, ranks, number_of(pixels, i))] += uint32(1)


@njit(inline="always")
def rank_of(words: Any, ranks: Any, number: Any) -> Any:
    """Find the rank of a colour of the set, uint64; of any other colour, that of the next one in the set."""
    word = number >> uint64(6)
    below = (uint64(1) << (number & uint64(63))) - uint64(1)
    return uint64(ranks[word]) + popcount(words[word] & below)


@loop
def look_up(pixels: Any, words: Any, ranks: Any, table: Any, out: Any) -> Any:
    """Write ``table[rank]`` (uint8) of each pixel's colour to ``out`` uint8 (n,); count those not in the set.

    ``table`` has one entry more than the set has colours, for those that come after the last.
    """
    strangers = uint64(0)
    for i in range(uint64(pixels.shape[0])):
        number = number_of(pixels, i)
        strangers += ~(words[number >> uint64(6)] >> (number & uint64(63))) & uint64(1)
        out[i] = table[rank_of(words, ranks, number)]
    return strangers


@njit(inline="always")
def gather(bits: Any) -> Any:
    """Take every third bit of a Morton number: undoes SPREAD."""
    bits &= uint64(0x249249)
    bits = (bits | bits >> uint64(2)) & uint64(0x0C30C3)
    bits = (bits | bits >> uint64(4)) & uint64(0x00F00F)
    return (bits | bits >> uint64(8)) & uint64(0xFF)


@loop
def list_colors(words: Any, out: Any) -> None:
    """Write the set's colours, by rank, to ``out`` uint8 (n, 3)."""
    row = uint64(0)
    for word in range(uint64(words.shape[0])):
        left = words[word]
        if left == uint64(0):
            continue
        r, g, b = gather(word >> uint64(2)), gather(word >> uint64(1)), gather(word)
        while left != uint64(0):
            place = lowest_bit(left)
            left &= left - uint64(1)
            out[row, 0] = r << uint64(2) | uint64(PLACES[place, 0])
            out[row, 1] = g << uint64(2) | uint64(PLACES[place, 1])
            out[row, 2] = b << uint64(2) | uint64(PLACES[place, 2])
            row += uint64(1)


@loop
def merge_cells(colors: Any, counts: Any, bits: Any, means: Any, totals: Any) -> Any:
    """Merge colours uint8 (n, 3) in Morton order by cells, cubes of 2^``bits`` a side; return how many.

    Writes their mean colours to ``means`` float32 (n, 3) and their counts to ``totals`` int64 (n,).
    """
    n, cell, start = colors.shape[0], 0, 0
    while start < n:
        r, g, b, pixels = uint64(0), uint64(0), uint64(0), uint64(0)
        stop = start
        while (
            stop < n
            and (
                (colors[stop, 0] ^ colors[start, 0])
                | (colors[stop, 1] ^ colors[start, 1])
                | (colors[stop, 2] ^ colors[start, 2])
            )
            >> bits
            == 0
        ):
            count = uint64(counts[stop])
            r += count * uint64(colors[stop, 0])
            g += count * uint64(colors[stop, 1])
            b += count * uint64(colors[stop, 2])
            pixels += count
            stop += 1
        means[cell, 0], means[cell, 1], means[cell, 2] = r / pixels, g / pixels, b / pixels
        totals[cell] = pixels
        cell += 1
        start = stop
    return cell
