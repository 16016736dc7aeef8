"""Memory that is freed goes back to the system at once, and looking for more of it takes no time.

glibc learns from every large array that is freed to take arrays up to 32 MB from its own heap, which then
shrinks only from its end; and it gives each of many threads a heap. A server of many visitors and arrays ends
up with twice the memory that its pictures take. Source: mallopt(3).
"""

import ctypes
import gc
import os

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
MAPPED_FROM = 2**20


def give_back_early() -> bool:
    """Take arrays of a megabyte and more from the system directly; False where that cannot be chosen."""
    if os.name != "posix":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    # A threshold that is set is no longer learned.
    return all(
        mallopt(name, value)
        for name, value in ((_MMAP_THRESHOLD, MAPPED_FROM), (_TRIM_THRESHOLD, MAPPED_FROM), (_ARENA_MAX, 2))
    )


def set_modules_aside() -> None:
    """Spare the collector what was loaded: call it when everything is.

    Streamlit collects garbage after every run, while all other visitors wait: with the two hundred thousand
    objects of its libraries a tenth of a second or more, without them next to nothing.
    """
    gc.collect()
    gc.freeze()
