"""Pillow without its warnings, in a process with other threads.

Pillow warns about much that a picture's owner can do nothing about: odd metadata, large sizes.
``warnings.catch_warnings`` would silence it by replacing the filters of the whole process, and
threads that leave it in another order than they came put the wrong ones back. Here one entry that
speaks of Pillow alone is added, and taken out when the last thread leaves: whatever the order, no
filter of anybody else is ever lost.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_PILLOW = r"PIL\.(?#quantize)"  # the comment inside tells our entry from anybody else's

_lock = threading.Lock()
_users = 0


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Ignore warnings raised in Pillow's modules while any thread is in here."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _users
    with _lock:
        _users += 1
        warnings.filterwarnings("ignore", module=_PILLOW)


def _leave() -> None:
    global _users
    with _lock:
        _users -= 1
        if not _users:
            warnings.filters[:] = [entry for entry in warnings.filters if not _is_ours(entry)]  # type: ignore[index]


def _is_ours(entry: tuple) -> bool:
    return getattr(entry[3], "pattern", None) == _PILLOW
