"""numba loop that numbers distinct pairs of colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import loop

# 2**64 over the golden ratio: Knuth's multiplicative hashing, The Art of Computer Programming 3, 6.4.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@loop
def number_pairs(first: Any, second: Any, keys: Any, slots: Any, counts: Any, numbers: Any) -> Any:
    """Give numbers to distinct pairs of rows of ``first`` and ``second`` uint8 (n, 3), as they turn up.

    ``numbers`` int32 (n,) gets the number of each row, ``keys`` uint64 (at least n,) the pairs as
    0xRRGGBBrrggbb, ``counts`` int64 (at least n,) how often each occurs. ``slots`` int32 (twice n or more, a
    power of two) is scratch. Returns how many pairs there are.
    """
    slots[:] = -1
    mask = np.uint64(slots.shape[0] - 1)
    shift = np.uint64(40)
    found = 0
    last_key, number = np.uint64(0), np.int32(-1)
    for i in range(first.shape[0]):
        key = np.uint64(0)
        for channel in range(3):
            key = (key << np.uint64(8)) | np.uint64(first[i, channel])
        for channel in range(3):
            key = (key << np.uint64(8)) | np.uint64(second[i, channel])
        if key != last_key or number < 0:
            last_key = key
            slot = ((key * _GOLDEN) >> shift) & mask
            while slots[slot] >= 0 and keys[slots[slot]] != key:
                slot = (slot + np.uint64(1)) & mask
            number = slots[slot]
            if number < 0:
                number = np.int32(found)
                slots[slot] = number
                keys[found] = key
                counts[found] = 0
                found += 1
        counts[number] += 1
        numbers[i] = number
    return found
