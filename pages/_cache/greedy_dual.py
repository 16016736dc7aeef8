"""A map that stays within a number of bytes, and in which no visitor can push out what others use.

An entry belongs to all visitors who asked for it, and goes when the last of them has left; what belongs to
nobody (samples) stays. When room is needed, those who fill more than their share lose entries of their own;
only then it takes anybody's. What goes is what costs least to make again for the room it takes and was asked
for least often, and of equals what was used longest ago: the pixels of a picture before the figures that took
a second to work out, and the K of a minute ago before the original beside it.

Source: L. Cherkasova, "Improving WWW proxies performance with Greedy-Dual-Size-Frequency caching policy",
HP Laboratories, HPL-98-69 (1998).
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass, is_dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import numpy as np

MOST_USES = 8
"""More uses count no more: else what was asked for in a burst would stay when nobody wants it any longer."""


@dataclass(eq=False)
class Entry:
    """A value, its bytes, and its visitors, the one who pays for it first.

    ``seconds`` is what it takes to make it again. ``rank`` is its place among what may go, the least goes
    first, and ``used`` grows with every use of any entry.
    """

    value: Any
    n_bytes: int
    visitors: list[str]
    seconds: float
    uses: int = 0
    rank: float = 0.0
    used: int = 0


class Store:
    """A bounded map from keys to results, shared by all threads of the server.

    Parameters
    ----------
    max_bytes : int
        Of all entries together. An entry's bytes are counted when it is put in.
    share : int, optional
        Bytes that a visitor keeps for sure; without it, what goes first goes whoever's it is. What alone is
        more than half of that would push out all else that its visitor uses, so it is not kept.
    """

    def __init__(self, max_bytes: int, share: int | None = None) -> None:
        self.max_bytes = max_bytes
        self._share = max_bytes if share is None else share
        self._largest = max_bytes if share is None else min(max_bytes, share // 2)
        self._floor = 0.0
        self._total = 0
        self._paid: dict[str, int] = {}
        self._entries: dict[Hashable, Entry] = {}
        # A heap; a record is out of date if its entry has gone or was used since.
        self._order: list[tuple[float, int, Hashable]] = []
        self._clock = count(1)
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
            self._use(key, entry)
            if entry.visitors and visitor is not None and visitor not in entry.visitors:
                entry.visitors.append(visitor)
            return entry.value

    def put(self, key: Hashable, value: Any, visitor: str | None = None, seconds: float = 0.0) -> None:
        """Keep an entry that takes so long to make; one that is too large is not kept."""
        entry = Entry(value, size_of(value), [] if visitor is None else [visitor], seconds)
        with self._lock:
            self._take_out(key)
            if entry.n_bytes <= (self.max_bytes if visitor is None else self._largest):
                self._entries[key] = entry
                self._total += entry.n_bytes
                self._charge(entry, entry.n_bytes)
                self._make_room(entry)
                self._use(key, entry)

    def release(self, visitor: str) -> None:
        """Drop what only this visitor used."""
        with self._lock:
            used = [(key, entry) for key, entry in self._entries.items() if visitor in entry.visitors]
            for key, entry in used:
                self._charge(entry, -entry.n_bytes)
                entry.visitors.remove(visitor)
                self._charge(entry, entry.n_bytes)
                if not entry.visitors:
                    self._take_out(key)

    def _take_out(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry:
            self._total -= entry.n_bytes
            self._charge(entry, -entry.n_bytes)

    def _charge(self, entry: Entry, n_bytes: int) -> None:
        for payer in entry.visitors[:1]:
            self._paid[payer] = self._paid.get(payer, 0) + n_bytes
            if not self._paid[payer]:
                del self._paid[payer]

    def _use(self, key: Hashable, entry: Entry) -> None:
        entry.uses = min(entry.uses + 1, MOST_USES)
        entry.rank = self._floor + entry.uses * entry.seconds / max(1, entry.n_bytes)
        entry.used = next(self._clock)
        heappush(self._order, (entry.rank, entry.used, key))
        if len(self._order) > 4 * len(self._entries) + 1000:
            self._order = [(one.rank, one.used, key) for key, one in self._entries.items()]
            heapify(self._order)

    def _make_room(self, newest: Entry) -> None:
        """Until all is within the bound; what was just made stays for use at once."""
        while self._total > self.max_bytes:
            key = self._least_missed(newest)
            # What is used from now on ranks above all that has gone: so nothing stays for ever.
            self._floor = max(self._floor, self._entries[key].rank)
            self._take_out(key)

    def _least_missed(self, newest: Entry) -> Hashable:
        """Of whoever is over the share, else of all."""
        over = {visitor for visitor, n_bytes in self._paid.items() if n_bytes > self._share}
        if over:
            theirs = (
                (entry.rank, entry.used, key)
                for key, entry in self._entries.items()
                if entry is not newest and entry.visitors and entry.visitors[0] in over
            )
            found = min(theirs, default=None)
            if found:
                return found[2]
        while True:
            _, used, key = heappop(self._order)
            entry = self._entries.get(key)
            if entry is not None and entry.used == used:  # the newest is not in the heap yet
                return key


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
