"""One switch for all scratch memory: what is allocated and not written holds garbage, not zeros.

A kernel that reads a cell of ``np.empty`` before writing it usually finds the zeros of a fresh page, and
works, until it finds something else. glibc can fill the blocks that it hands out, to numba's arrays as to
NumPy's: here those above a kilobyte; in a process that was started with ``GARBAGE_FROM_THE_START``, all.
"""

import ctypes
import sys

_M_PERTURB = -6

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
