"""What deflates bytes: ISA-L for what is soon thrown away, libdeflate for what is kept, or zlib without them.

ISA-L (``isal``) takes a fifth of zlib's time at its quickest. libdeflate (``deflate``) is as short as zlib's
usual level 6 in a third of its time, and at level 10 about 5 % shorter than zlib's last. All write the same
kind of stream and let other threads work meanwhile. Without one of them pixels are the same, files longer.

Source: RFC 1950, RFC 1951.
"""

import zlib
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST, USUAL, BEST = 1, 6, 10
"""Levels of ``deflate_well``. The best takes six to ten times as long as the usual; libdeflate's last, 12,
would take twice as long again for 0.5 %.
"""
ZLIB_BEST = 9

_QUICK = 2  # of ISA-L's 0 to 3; as fast as 1, and shorter
_ZLIB_QUICK = 1


def _find(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


_isal, _libdeflate = _find("isal.isal_zlib"), _find("deflate")


def deflate_quickly(rows: NDArray[np.uint8]) -> bytes:
    """Deflate to a zlib stream, as quickly as can be."""
    if _isal is None:
        return zlib.compress(rows.data, _ZLIB_QUICK)
    stream: bytes = _isal.compress(rows, _QUICK)
    return stream


def deflate_well(rows: NDArray[np.uint8], level: int) -> bytes:
    """Deflate to a short zlib stream.

    Parameters
    ----------
    rows : uint8, contiguous, any shape
    level : int
        1 to 12.
    """
    if _libdeflate is None:
        return _by_zlib(rows, min(level, ZLIB_BEST))
    return bytes(_libdeflate.zlib_compress(rows, level))


def _by_zlib(rows: NDArray[np.uint8], level: int) -> bytes:
    # Where little repeats, matches of one byte's runs only are quick, and often shorter.
    return min((_by_strategy(rows, level, kind) for kind in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_RLE)), key=len)


def _by_strategy(rows: NDArray[np.uint8], level: int, strategy: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)
    return packer.compress(rows.data) + packer.flush()
