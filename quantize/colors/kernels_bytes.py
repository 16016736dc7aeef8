"""numba loops with a byte for each possible colour: for pictures of so many pixels that 16 MB are well spent.

A pixel's three bytes are one number, red in the lowest, here called its *code*: the place of its byte in a
table of entries. To count, colours have *addresses* instead: the 64 colours of a cube of 4×4×4, a *tile*, lie
side by side in Morton order, as they do in a word of ``kernels_count``; tiles lie in the order of their r, g
and b. Both are worked out for four pixels at a time and without tables, so that the compiler makes vector
instructions of it. Machines are taken to be little-endian.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint8, uint32, uint64
from numba.extending import intrinsic

from quantize.colors.kernels_count import SPREAD, lowest_bit, rank_of
from quantize.compiling import loop, part

# Pixels whose codes or addresses are worked out before they are used: they stay in the nearest cache.
BATCH = 1024

# Tile of a word: of its upper nine bits, three of r, g and b each, as of its lower nine.
TILES = np.array(
    [sum((nine >> bit & 1) << bit // 3 + 6 * (bit % 3) for bit in range(9)) for nine in range(512)], np.uint32
)


def _four_bytes(typing_context: Any, pixels: Any, start: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        place = builder.bitcast(builder.gep(array.data, [args[1]]), ir.IntType(32).as_pointer())
        return builder.load(place, align=1)

    return types.uint32(types.Array(types.uint8, 2, "C", readonly=not pixels.mutable), types.uint64), emit


# Four bytes of a C-contiguous uint8 (n, 3) from any place on, as uint32: NumPy has no view for odd places.
four_bytes: Any = intrinsic(_four_bytes)


@part
def address_of(code: Any) -> Any:
    """Find the address of a code, uint32."""
    # Of each byte's two lowest bits the upper one moves to bit 3, then the three bytes' meet.
    low = code & uint32(0x010101) | (code & uint32(0x020202)) << uint32(2)
    low = (low << uint32(2) | low >> uint32(7) | low >> uint32(16)) & uint32(63)
    red, green = (code & uint32(0xFC)) << uint32(16), (code & uint32(0xFC00)) << uint32(2)
    return red | green | (code & uint32(0xFC0000)) >> uint32(12) | low


@part
def itself(code: Any) -> Any:
    """Return the code."""
    return code


def _finder(turn: Any) -> Any:
    """Make a loop that writes what ``turn`` makes of the codes of ``n`` pixels to ``out`` uint32 (BATCH,)."""

    @part
    def find(pixels: Any, start: Any, n: Any, out: Any) -> None:
        fours, mask = n & ~uint64(3), uint32(0xFFFFFF)
        for i in range(uint64(0), fours, uint64(4)):
            byte = uint64(3) * (start + i)
            first, second = four_bytes(pixels, byte), four_bytes(pixels, byte + uint64(4))
            third = four_bytes(pixels, byte + uint64(8))
            out[i] = turn(first & mask)
            out[i + uint64(1)] = turn((first >> uint32(24) | second << uint32(8)) & mask)
            out[i + uint64(2)] = turn((second >> uint32(16) | third << uint32(16)) & mask)
            out[i + uint64(3)] = turn(third >> uint32(8))
        for i in range(fours, n):
            r, g, b = pixels[start + i, 0], pixels[start + i, 1], pixels[start + i, 2]
            out[i] = turn(uint32(r) | uint32(g) << uint32(8) | uint32(b) << uint32(16))

    return find


find_codes, find_addresses = _finder(itself), _finder(address_of)


@loop
def count_bytes(pixels: Any, addresses: Any, tally: Any, full: Any) -> Any:
    """Count pixels uint8 (n, 3) in ``tally`` uint8 (COLORS,), one byte a colour, nearly always enough.

    A byte that is full goes on at 1, and its address is noted in ``full`` uint32 (n // 255,), worth 255
    pixels each time. Returns how many notes there are. ``addresses`` uint32 (BATCH,) is room to work in.
    """
    n, notes = uint64(pixels.shape[0]), uint64(0)
    for start in range(uint64(0), n, uint64(BATCH)):
        some = min(n - start, uint64(BATCH))
        find_addresses(pixels, start, some, addresses)
        for i in range(some):
            address = uint64(addresses[i])
            count = uint8(tally[address] + uint8(1))
            if count == uint8(0):
                full[notes] = address
                notes += uint64(1)
                count = uint8(1)
            tally[address] = count
    return notes


@loop
def mark_counted(tallies: Any, first: Any, n: Any, words: Any) -> None:
    """Fill the words of ``n`` tiles from ``first`` on with the colours that some tally counted.

    ``tallies`` uint64 (parts, COLORS / 8), ``words`` uint64 (WORDS,), zeros.
    """
    low, n_parts = uint64(0x7F7F7F7F7F7F7F7F), uint64(tallies.shape[0])
    for tile in range(uint64(first), uint64(first) + uint64(n)):
        some = uint64(0)
        for p in range(n_parts):
            for eighth in range(uint64(8)):
                some |= tallies[p, (tile << uint64(3)) + eighth]
        if some == uint64(0):
            continue
        bits = uint64(0)
        for p in range(n_parts):
            for eighth in range(uint64(8)):
                counted = tallies[p, (tile << uint64(3)) + eighth]
                # The top bit of each byte that is not 0, then all eight side by side.
                tops = (((counted & low) + low) | counted) & ~low
                tops = (tops >> uint64(7)) * uint64(0x0102040810204080) >> uint64(56)
                bits |= tops << uint64(8) * eighth
        words[word_of(tile)] = bits


@loop
def add_tallies(tallies: Any, first: Any, words: Any, counts: Any) -> None:
    """Add tallies up to ``counts`` uint32, by rank, of the colours in ``words``, those from ``first`` on."""
    n_parts, rank = uint64(tallies.shape[0]), uint64(0)
    for word in range(uint64(words.shape[0])):
        left = words[word]
        if left == uint64(0):
            continue
        at = tile_of(uint64(first) + word) << uint64(3)
        while left != uint64(0):
            place = lowest_bit(left)
            left &= left - uint64(1)
            count = uint64(0)
            for p in range(n_parts):
                eight = tallies[p, at + (place >> uint64(3))]
                count += eight >> uint64(8) * (place & uint64(7)) & uint64(0xFF)
            counts[rank] = count
            rank += uint64(1)


@part
def tile_of(word: Any) -> Any:
    """Find the tile of a word, uint64."""
    return uint64(TILES[word >> uint64(9)] << uint32(3) | TILES[word & uint64(511)])


@part
def word_of(tile: Any) -> Any:
    """Find the word of a tile, uint64."""
    low = uint64(63)
    r, g, b = SPREAD[tile >> uint64(12)], SPREAD[tile >> uint64(6) & low], SPREAD[tile & low]
    return uint64(r << uint32(2) | g << uint32(1) | b)


@loop
def add_full(full: Any, words: Any, ranks: Any, counts: Any) -> None:
    """Add the 255 pixels that each note of ``count_bytes`` is worth."""
    for i in range(full.shape[0]):
        word, place = word_of(uint64(full[i]) >> uint64(6)), uint64(full[i]) & uint64(63)
        counts[rank_of(words, ranks, word << uint64(6) | place)] += uint32(255)


@loop
def fill_bytes(colors: Any, table: Any, entries: Any) -> None:
    """Write ``table`` uint8 (n,) to the places of colours uint8 (n, 3) in ``entries`` uint8 (COLORS,)."""
    for i in range(colors.shape[0]):
        r, g, b = uint64(colors[i, 0]), uint64(colors[i, 1]), uint64(colors[i, 2])
        entries[r | g << uint64(8) | b << uint64(16)] = table[i]


@loop
def look_up_bytes(pixels: Any, codes: Any, entries: Any, out: Any) -> None:
    """Write the byte of ``entries`` uint8 (COLORS,) for each of pixels uint8 (n, 3) to ``out`` uint8 (n,).

    ``codes`` uint32 (BATCH,) is room to work in.
    """
    n = uint64(pixels.shape[0])
    for start in range(uint64(0), n, uint64(BATCH)):
        some = min(n - start, uint64(BATCH))
        find_codes(pixels, start, some, codes)
        for i in range(some):
            out[start + i] = entries[uint64(codes[i])]
