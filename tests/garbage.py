"""One switch for all scratch memory: what is allocated and not written holds garbage, not zeros.

A kernel that reads ``np.empty`` before it was written usually finds the zeros of a fresh page, and works,
until it finds something else. glibc can fill the blocks that it hands out, to numba's arrays as to NumPy's:
here those above a kilobyte; all of them in a process that was started with ``GARBAGE_FROM_THE_START``.
"""

import ctypes
import sys

_M_PERTURB = -6
_BYTE = 0x80

GARBAGE_FROM_THE_START = {
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
    "MALLOC_PERTURB_": str(_BYTE),
}
"""Variables for a process in which small blocks are filled, too; another MALLOC_PERTURB_, other garbage."""

# glibc writes the complement of the byte that it is given: 0x7f7f7f7f is 3·10³⁸ as float32, 10³⁰⁶ as float64,
# and far beyond any index.
FILLED_WITH = 0xFF ^ _BYTE
"""What a byte of scratch memory holds."""


def fill_scratch_memory() -> bool:
    """Have all memory filled with garbage from now on; False where the system's allocator cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_PERTURB, _BYTE))
    except (OSError, AttributeError):
        return False
