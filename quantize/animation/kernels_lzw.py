"""numba loops of GIF's packing (LZW), with pixels that may be written in two ways.

Where a frame does not change what is there, its own entry and "transparent" show the same. The longest string
of the table is looked for that fits in either way, with all strings that fit so far tried side by side. Of
strings of one length the first is taken, and so it matters which way is tried first: transparent where a run
of such pixels is long. Besides, a string may end earlier if it and the next are longer together.

Source: T. A. Welch, Computer 17 (6), 1984; Graphics Interchange Format, Version 89a, appendix F; Y. Matias,
S. C. Sahinalp, SODA 1999 (the look ahead).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop

_MOST_CODES = 4096
_MOST_TRIED = 64
_RING = 7


@loop
def mark_runs(free: Any, least: Any, prefer: Any) -> None:
    """Fill ``prefer`` bool (n,): true where at least so many ``free`` pixels stand in a row."""
    start = 0
    for at in range(free.shape[0] + 1):
        if at == free.shape[0] or not free[at]:
            for i in range(start, at):
                prefer[i] = at - start >= least
            if at < free.shape[0]:
                prefer[at] = False
            start = at + 1


@loop
def _find_longest(
    indices: Any, free: Any, prefer: Any, other: Any, children: Any, at: Any, tried: Any, longer: Any,
    ends: Any,
) -> Any:  # fmt: skip
    """Find how many pixels the longest string has that fits, and put the codes of its ends into ``ends``."""
    length, n_tried = 0, 1
    for x in range(at, indices.shape[0]):
        one, two = indices[x], indices[x]
        if free[x]:
            if prefer[x]:
                one = other
            else:
                two = other
        n_longer = 0
        for i in range(n_tried):
            child = children[tried[i], one] if length else one
            if (child or not length) and n_longer < _MOST_TRIED:
                longer[n_longer] = child
                n_longer += 1
            if one != two:
                child = children[tried[i], two] if length else two
                if (child or not length) and n_longer < _MOST_TRIED:
                    longer[n_longer] = child
                    n_longer += 1
        if n_longer == 0:
            break
        for i in range(n_longer):
            tried[i] = longer[i]
        n_tried = n_longer
        length += 1
        ends[length & _RING] = tried[0]
    return length


@loop
def pack_lzw(
    indices: Any, free: Any, prefer: Any, other: Any, bits: Any, patience: Any, look: Any, packed: Any
) -> Any:
    """Fill ``packed`` uint8 with codes, and return how many bytes they are.

    Parameters
    ----------
    indices : uint8, shape (n,)
    free : bool, shape (n,)
        Pixels that ``other`` shows as well.
    prefer : bool, shape (n,)
        Pixels of these that are rather written as ``other``.
    other : uint8
        The transparent entry.
    bits : int
        2–8: entries are below 2**bits.
    patience : int
        Codes that a full table is used for before it is cleared; 0 to clear it at once.
    look : int
        0–6: how many pixels earlier a string may end, to make the next longer.
    packed : uint8, shape (m,)
        Of 12 bits a pixel, twice as many for certain, and some bytes.
    """
    clear = 1 << bits
    children = np.zeros((_MOST_CODES, clear), np.int16)
    first = np.zeros(_MOST_CODES, np.uint8)
    for symbol in range(clear):
        first[symbol] = symbol
    tried, longer = np.empty(_MOST_TRIED, np.int16), np.empty(_MOST_TRIED, np.int16)
    ends, unused = np.empty(_RING + 1, np.int16), np.empty(_RING + 1, np.int16)
    length, held, n_held = 0, np.uint64(clear), bits + 1
    width, next_code, before, waited = bits + 1, clear + 2, -1, 0
    at = 0
    while at < indices.shape[0]:
        most = _find_longest(indices, free, prefer, other, children, at, tried, longer, ends)
        step = most
        if look and at + most < indices.shape[0]:
            best = most + _find_longest(
                indices, free, prefer, other, children, at + most, tried, longer, unused
            )
            for shorter in range(most - 1, max(0, most - 1 - look), -1):
                reached = shorter + _find_longest(
                    indices, free, prefer, other, children, at + shorter, tried, longer, unused
                )
                if reached > best:
                    best, step = reached, shorter
        code = ends[step & _RING]
        at += step
        held |= np.uint64(code) << np.uint64(n_held)
        n_held += width
        while n_held >= 8:
            packed[length] = held & np.uint64(255)
            length += 1
            held >>= np.uint64(8)
            n_held -= 8
        if before >= 0 and next_code < _MOST_CODES:
            # What ended early may be there already; readers add it once more.
            if children[before, first[code]] == 0:
                children[before, first[code]] = next_code
            first[next_code] = first[before]
            next_code += 1
            if next_code == 1 << width and width < 12:
                width += 1
        before = code
        if next_code == _MOST_CODES:
            waited += 1
            if waited > patience:
                held |= np.uint64(clear) << np.uint64(n_held)
                n_held += width
                children[:] = 0
                width, next_code, before, waited = bits + 1, clear + 2, -1, 0
    held |= np.uint64(clear + 1) << np.uint64(n_held)
    n_held += width
    while n_held > 0:
        packed[length] = held & np.uint64(255)
        length += 1
        held >>= np.uint64(8)
        n_held -= 8
    return length
