"""A map that stays within a number of bytes, and in which no visitor can push out what others use.

An entry belongs to all visitors who asked for it, and goes when the last of them has left. When room is
needed, those who fill more than their share lose their own oldest entries first; only then goes what was used
longest ago. What belongs to nobody (samples) stays until then.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np


@dataclass(eq=False)
class Entry:
    """A value, its bytes when they were last counted, and its visitors, the one who pays for it first."""

    value: Any
    n_bytes: int
    visitors: list[str]


class Store:
    """A bounded map from keys to results, shared by all threads of the server.

    Parameters
    ----------
    max_bytes : int
        Of all entries together.
    share : int, optional
        Bytes that a visitor keeps for sure; without it, the oldest entry goes first, whoever's it is.
    """

    def __init__(self, max_bytes: int, share: int | None = None) -> None:
        self._max_bytes = max_bytes
        self._share = max_bytes if share is None else share
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, key: Hashable) -> bool:
        """Whether the entry is there."""
        with self._lock:
            return key in self._entries

    def drop(self, key: Hashable) -> None:
        """Take an entry out, if it is there."""
        with self._lock:
            self._entries.pop(key, None)

    @property
    def n_bytes(self) -> int:
        """Bytes of all entries together."""
        with self._lock:
            return self._total()

    def get(self, key: Hashable, visitor: str | None = None) -> Any:
        """Return the entry, used by this visitor from now on, or None if it is not there."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            entry.n_bytes = size_of(entry.value)  # a picture grows with what is found out about it
            if entry.visitors and visitor is not None and visitor not in entry.visitors:
                entry.visitors.append(visitor)
            return entry.value

    def put(self, key: Hashable, value: Any, visitor: str | None = None) -> None:
        """Keep an entry; what is larger than the whole store is not kept."""
        entry = Entry(value, size_of(value), [] if visitor is None else [visitor])
        with self._lock:
            if entry.n_bytes <= self._max_bytes:
                self._entries[key] = entry
                self._entries.move_to_end(key)
                self._make_room()

    def get_or_make(self, key: Hashable, make: Callable[[], Any], visitor: str | None = None) -> Any:
        """Return the entry, made now if need be."""
        found = self.get(key, visitor)
        if found is None:
            found = make()
            self.put(key, found, visitor)
        return found

    def release(self, visitor: str) -> None:
        """Drop what only this visitor used."""
        with self._lock:
            used = [(key, entry) for key, entry in self._entries.items() if visitor in entry.visitors]
            for key, entry in used:
                entry.visitors.remove(visitor)
                if not entry.visitors:
                    del self._entries[key]

    def _total(self) -> int:
        return sum(entry.n_bytes for entry in self._entries.values())

    def _make_room(self) -> None:
        surplus = self._total() - self._max_bytes
        while surplus > 0:
            surplus -= self._entries.pop(self._least_missed()).n_bytes

    def _least_missed(self) -> Hashable:
        """The oldest entry of whoever is over the share, else the oldest of all."""
        filled: dict[str, int] = {}
        for entry in self._entries.values():
            if entry.visitors:
                filled[entry.visitors[0]] = filled.get(entry.visitors[0], 0) + entry.n_bytes
        over = {visitor for visitor, n_bytes in filled.items() if n_bytes > self._share}
        newest = next(reversed(self._entries))
        mine = (key for key, entry in self._entries.items() if entry.visitors and entry.visitors[0] in over)
        # Whoever is over with nothing but the newest entry has just made it, for use at once.
        return next((key for key in mine if key != newest), next(iter(self._entries)))


def size_of(value: Any) -> int:
    """Bytes that an entry holds: of its arrays and byte strings, each once, and a little for itself."""
    return _size_of(value, set())


def _size_of(value: Any, seen: set[int]) -> int:
    if id(value) in seen:
        return 0
    if isinstance(value, np.ndarray):
        seen.add(id(value))
        return value.nbytes
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, tuple | list):
        return 100 + sum(_size_of(item, seen) for item in value)
    if is_dataclass(value):
        seen.add(id(value))
        return 500 + sum(_size_of(item, seen) for item in vars(value).values())
    return 100
