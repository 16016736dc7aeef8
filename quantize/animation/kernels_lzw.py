"""numba loop of GIF's packing (LZW), with pixels that may be written in two ways.

Where a frame does not change what is there, its own entry and "transparent" show the same. Here the longest
string of the table is looked for that fits in either way, with all prefixes that fit tried side by side.

Source: T. A. Welch, Computer 17 (6), 1984; Graphics Interchange Format, Version 89a, appendix F.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop

_MOST_CODES = 4096
_MOST_TRIED = 64


@loop
def pack_lzw(indices: Any, free: Any, other: Any, bits: Any, patience: Any, packed: Any) -> Any:
    """Fill ``packed`` uint8 with codes, and return how many bytes they are.

    Parameters
    ----------
    indices : uint8, shape (n,)
    free : bool, shape (n,)
        Pixels that ``other`` shows as well.
    other : int
        The transparent entry.
    bits : int
        2–8: entries are below 2**bits.
    patience : int
        Codes that a full table is used for before it is cleared; 0 to clear it at once.
    packed : uint8, shape (m,)
        Of 12 bits a pixel and some bytes.
    """
    clear = 1 << bits
    children = np.zeros((_MOST_CODES, clear), np.int16)
    first = np.zeros(_MOST_CODES, np.uint8)
    for symbol in range(clear):
        first[symbol] = symbol
    tried, longer = np.empty(2 * _MOST_TRIED, np.int16), np.empty(2 * _MOST_TRIED, np.int16)
    length, held, n_held = 0, np.uint64(0), 0
    width, next_code, before, waited = bits + 1, clear + 2, -1, 0
    held, n_held = np.uint64(clear), width
    at = 0
    while at < indices.shape[0]:
        n_tried = 1
        tried[0] = indices[at]
        if free[at] and other != indices[at]:
            tried[1] = other
            n_tried = 2
        at += 1
        while at < indices.shape[0]:
            n_longer = 0
            for i in range(n_tried):
                child = children[tried[i], indices[at]]
                if child and n_longer < _MOST_TRIED:
                    longer[n_longer] = child
                    n_longer += 1
                if free[at] and other != indices[at]:
                    child = children[tried[i], other]
                    if child and n_longer < _MOST_TRIED:
                        longer[n_longer] = child
                        n_longer += 1
            if n_longer == 0:
                break
            tried, longer = longer, tried
            n_tried = n_longer
            at += 1
        code = tried[0]
        held |= np.uint64(code) << np.uint64(n_held)
        n_held += width
        while n_held >= 8:
            packed[length] = held & np.uint64(255)
            length += 1
            held >>= np.uint64(8)
            n_held -= 8
        if before >= 0 and next_code < _MOST_CODES:
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
