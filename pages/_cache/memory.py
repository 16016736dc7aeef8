"""Memory that is freed goes back to the system at once, and looking for more of it takes no time.

glibc learns from every large array that is freed to take arrays up to 32 MB from its own heap, which then
shrinks only from its end; and it gives each of many threads a heap. A server of many visitors and arrays ends
up with twice the memory that its pictures take. Source: mallopt(3).
"""

import ctypes
import gc
import os
import threading
from collections.abc import Callable
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
MAPPED_FROM = 2**17
_tidying, _asked = threading.Lock(), threading.Event()


def give_back_early() -> bool:
    """Take arrays of 128 kB and more from the system directly; False where that cannot be chosen."""
    mallopt = _find("mallopt")
    if mallopt is None:
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


def tidy_up(first: Callable[[], None]) -> None:
    """Collect what nobody uses and give its memory back; in a thread of its own, as it takes a while.

    ``first`` is done there before. Who asks while it is under way makes it begin once more.
    """
    _asked.set()
    if _tidying.acquire(blocking=False):
        threading.Thread(target=_tidy_up, args=(first,), name="tidy-up", daemon=True).start()


def _tidy_up(first: Callable[[], None]) -> None:
    try:
        while _asked.is_set():
            _asked.clear()
            first()
            gc.collect()
            trim = _find("malloc_trim")
            if trim is not None:
                trim(0)
    finally:
        _tidying.release()
    if _asked.is_set():  # since it was looked at last
        tidy_up(first)


def _find(name: str) -> Any:
    """A function of the C library, or None if it has none of that name."""
    try:
        return getattr(ctypes.CDLL(None), name) if os.name == "posix" else None
    except (OSError, AttributeError):
        return None
