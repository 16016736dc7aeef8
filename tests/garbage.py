"""One switch for all scratch memory: what is allocated and not written holds garbage, not zeros.

A kernel that reads a cell of ``np.empty`` before writing it usually finds the zeros of a fresh page, and
works, until it finds something else. glibc can fill the blocks that it hands out, to numba's arrays as to
NumPy's: here those above a kilobyte; in a process that was started with ``GARBAGE_FROM_THE_START``, all.
"""

import ctypes
import sys

_M_PERTURB = -6
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8

NAN_BYTE = 0xFF
"""Floats of this byte are NaN, whole numbers -1."""
HUGE_BYTE = 0x7F
"""Floats of this byte are 3·10³⁸ and 10³⁰⁶, whole numbers far beyond any index."""

GARBAGE_FROM_THE_START = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0"}
"""Variables for a process in which ``fill_scratch_memory`` fills small blocks, too."""


def fill_scratch_memory(byte: int = NAN_BYTE) -> bool:
    """Have all memory filled with a byte from now on; False where the system's allocator cannot."""
    if not sys.platform.startswith("linux"):
        return False
    # glibc writes the complement of the number that it is given, of which it looks at more than eight bits: 0
    # would turn it off, 256 does not.
    complement = byte ^ 0xFF or 0x100
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_PERTURB, complement))
    except (OSError, AttributeError):
        return False


def keep_freed_memory() -> bool:
    """Have this process use freed memory again, not give it back; False where that cannot be chosen.

    As all memory is filled, each page of a fresh block would be asked of the system and cleared there, too: a
    fifth of what tests of pages took. The app chooses the contrary (``give_back_early``), in servers.
    """
    if not sys.platform.startswith("linux"):
        return False
    chosen = ((_M_MMAP_THRESHOLD, 2**25), (_M_TRIM_THRESHOLD, 2**30), (_M_TOP_PAD, 2**26), (_M_ARENA_MAX, 1))
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(name, value) for name, value in chosen)
