"""A map that stays within a number of bytes: what was used longest ago goes first."""

import threading
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any

import numpy as np
from cachetools import LRUCache


class Store:
    """A bounded map from keys to results, shared by all threads of the server."""

    def __init__(self, max_bytes: int) -> None:
        self._entries: LRUCache[Any, Any] = LRUCache(max_bytes, getsizeof=size_of)
        self._lock = threading.Lock()

    def has(self, key: Any) -> bool:
        """Whether the entry is there."""
        with self._lock:
            return key in self._entries

    def drop(self, key: Any) -> None:
        """Take an entry out, if it is there."""
        with self._lock:
            self._entries.pop(key, None)

    def get_or_make(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return the entry, made now if need be; what is larger than the whole store is not kept."""
        with self._lock:
            found = self._entries.get(key)
        if found is None:
            found = make()
            with self._lock:
                if size_of(found) <= self._entries.maxsize:
                    self._entries[key] = found
        return found


def size_of(value: Any) -> int:
    """Bytes that an entry holds: of its arrays and byte strings, and a little for itself."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, tuple | list):
        return 100 + sum(map(size_of, value))
    if is_dataclass(value):
        return 500 + sum(map(size_of, vars(value).values()))
    return 100
