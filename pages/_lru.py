"""A map that stays within a number of bytes, and in which no visitor can push out what others use.

An entry belongs to all visitors who asked for it, and goes when the last of them has left; what belongs to
nobody (samples) stays. When room is needed, those who fill more than their share lose entries of their own;
only then it takes anybody's. What goes is what costs least to make again for the room it takes, and of equals
what was used longest ago: the pixels of a picture before the figures that took a second to work out.

Source: P. Cao, S. Irani, "Cost-aware WWW proxy caching algorithms", USITS 1997 (GreedyDual-Size).
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np


@dataclass(eq=False)
class Entry:
    """A value, its bytes when they were last counted, and its visitors, the one who pays for it first.

    ``seconds`` is what it takes to make it again, ``rank`` its place among what may go: the least goes first.
    """

    value: Any
    n_bytes: int
    visitors: list[str]
    seconds: float
    rank: float = 0.0


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
        self._floor = 0.0
        self._total = 0
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, key: Hashable) -> bool:
        """Whether the entry is there."""
        with self._lock:
            return key in self._entries

    def drop(self, key: Hashable) -> None:
        """Take an entry out, if it is there."""
        with self._lock:
            self._take_out(key)

    @property
    def n_bytes(self) -> int:
        """Bytes of all entries together."""
        return self._total

    def get(self, key: Hashable, visitor: str | None = None) -> Any:
        """Return the entry, used by this visitor from now on, or None if it is not there."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            n_bytes = size_of(entry.value)  # a picture grows with what is found out about it
            self._total += n_bytes - entry.n_bytes
            entry.n_bytes = n_bytes
            self._rank(entry)
            if entry.visitors and visitor is not None and visitor not in entry.visitors:
                entry.visitors.append(visitor)
            return entry.value

    def put(self, key: Hashable, value: Any, visitor: str | None = None, seconds: float = 0.0) -> None:
        """Keep an entry that takes so long to make; what is larger than the whole store is not kept."""
        entry = Entry(value, size_of(value), [] if visitor is None else [visitor], seconds)
        self._rank(entry)
        with self._lock:
            self._take_out(key)
            if entry.n_bytes <= self._max_bytes:
                self._entries[key] = entry
                self._total += entry.n_bytes
                self._make_room(entry)

    def release(self, visitor: str) -> None:
        """Drop what only this visitor used."""
        with self._lock:
            used = [(key, entry) for key, entry in self._entries.items() if visitor in entry.visitors]
            for key, entry in used:
                entry.visitors.remove(visitor)
                if not entry.visitors:
                    self._take_out(key)

    def _take_out(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        self._total -= entry.n_bytes if entry else 0

    def _rank(self, entry: Entry) -> None:
        entry.rank = self._floor + entry.seconds / entry.n_bytes

    def _make_room(self, newest: Entry) -> None:
        """Until all is within the bound; what was just made stays for use at once."""
        while self._total > self._max_bytes:
            key, entry = self._least_missed(newest)
            # What is used from now on ranks above all that has gone: so nothing stays for ever.
            self._floor = max(self._floor, entry.rank)
            self._take_out(key)

    def _least_missed(self, newest: Entry) -> tuple[Hashable, Entry]:
        """Of whoever is over the share, else of all."""
        filled: dict[str, int] = {}
        for entry in self._entries.values():
            for payer in entry.visitors[:1]:
                filled[payer] = filled.get(payer, 0) + entry.n_bytes
        over = {visitor for visitor, n_bytes in filled.items() if n_bytes > self._share}
        old = [item for item in self._entries.items() if item[1] is not newest]
        theirs = [item for item in old if item[1].visitors and item[1].visitors[0] in over]
        # The first of equals: entries stand in the order of their last use.
        return min(theirs or old, key=lambda item: item[1].rank)


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
