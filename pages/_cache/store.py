"""A map that stays within a number of bytes: when it is full, what is missed least goes first.

An entry has visitors, all who asked for it. It goes when the last of them has left; an entry without any (a
sample) stays. The first of them is its owner: its bytes count against the owner's share.

When room is needed, whoever owns more than their share loses entries of their own, who owns most first. Only
if there is nobody like that, anybody's go. So no visitor can push out what others use.

Missed least is what costs least to make again for the room it takes and was asked for least often, and of
equals what was used longest ago: the pixels of a picture before the figures that took a second to work out,
and the K of a minute ago before the original beside it. Nothing is searched for: what goes next stands first
in a heap, of all entries or of an owner's.

Source: L. Cherkasova, "Improving WWW proxies performance with Greedy-Dual-Size-Frequency caching policy",
HP Laboratories, HPL-98-69 (1998).
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field, is_dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import numpy as np

MOST_USES = 8
"""More uses count no more: else what was asked for in a burst would stay when nobody wants it any longer."""


@dataclass(eq=False)
class Entry:
    """A value, its bytes, and its visitors, the owner first.

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


class Order:
    """Some entries of a store, what is missed least first: each changes its place at every use.

    A heap whose records are not moved: one is out of date if its entry has gone or was used since.
    """

    def __init__(self) -> None:
        self.entries: dict[Hashable, Entry] = {}
        self._heap: list[tuple[float, int, Hashable]] = []

    def place(self, key: Hashable, entry: Entry) -> None:
        """Put an entry where it belongs by now."""
        self.entries[key] = entry
        heappush(self._heap, (entry.rank, entry.used, key))
        if len(self._heap) > 4 * len(self.entries) + 100:
            self._heap = [(one.rank, one.used, key) for key, one in self.entries.items()]
            heapify(self._heap)

    def first(self) -> Hashable:
        """Key of what is missed least; there must be an entry."""
        while True:
            _, used, key = self._heap[0]
            entry = self.entries.get(key)
            if entry is not None and entry.used == used:
                return key
            heappop(self._heap)


@dataclass(eq=False)
class _Account:
    """What a visitor owns, how many bytes that is, and keys of all that they use."""

    owned: Order = field(default_factory=Order)
    n_bytes: int = 0
    used: dict[Hashable, None] = field(default_factory=dict)


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
        self._all = Order()
        self._accounts: dict[str, _Account] = {}
        # Those over their share: not many, as shares are large.
        self._over: set[str] = set()
        self._clock = count(1)
        self._lock = threading.Lock()

    def has(self, key: Hashable) -> bool:
        """Whether the entry is there."""
        with self._lock:
            return key in self._all.entries

    @property
    def n_bytes(self) -> int:
        """Bytes of all entries together."""
        return self._total

    def list_entries(self) -> dict[Hashable, Entry]:
        """All entries, as they are now."""
        with self._lock:
            return dict(self._all.entries)

    def get(self, key: Hashable, visitor: str | None = None) -> Any:
        """Return the entry, used by this visitor from now on, or None if it is not there."""
        with self._lock:
            entry = self._all.entries.get(key)
            if entry is None:
                return None
            self._use(key, entry)
            if entry.visitors and visitor is not None:
                self._join(key, entry, visitor)
            return entry.value

    def put(self, key: Hashable, value: Any, visitor: str | None = None, seconds: float = 0.0) -> None:
        """Keep an entry that takes so long to make; one that is too large is not kept."""
        entry = Entry(value, size_of(value), [], seconds)
        with self._lock:
            self._take_out(key)
            if entry.n_bytes > (self.max_bytes if visitor is None else self._largest):
                return
            self._make_room(entry.n_bytes, visitor)
            self._total += entry.n_bytes
            self._use(key, entry)
            if visitor is not None:
                self._join(key, entry, visitor)

    def drop(self, key: Hashable) -> None:
        """Take an entry out, if it is there."""
        with self._lock:
            self._take_out(key)

    def release(self, visitor: str) -> None:
        """Drop what only this visitor used."""
        with self._lock:
            account = self._accounts.get(visitor)
            for key in list(account.used) if account else ():
                entry = self._all.entries[key]
                self._leave(key, entry, visitor)
                if not entry.visitors:
                    self._take_out(key)

    def _use(self, key: Hashable, entry: Entry) -> None:
        entry.uses = min(entry.uses + 1, MOST_USES)
        entry.rank = self._floor + entry.uses * entry.seconds / max(1, entry.n_bytes)
        entry.used = next(self._clock)
        self._all.place(key, entry)
        if entry.visitors:
            self._accounts[entry.visitors[0]].owned.place(key, entry)

    def _join(self, key: Hashable, entry: Entry, visitor: str) -> None:
        account = self._accounts.setdefault(visitor, _Account())
        if key not in account.used:
            account.used[key] = None
            entry.visitors.append(visitor)
            if len(entry.visitors) == 1:
                self._own(key, entry, visitor)

    def _own(self, key: Hashable, entry: Entry, visitor: str) -> None:
        account = self._accounts[visitor]
        account.owned.place(key, entry)
        self._count(visitor, entry.n_bytes)

    def _leave(self, key: Hashable, entry: Entry, visitor: str) -> None:
        account = self._accounts[visitor]
        del account.used[key]
        entry.visitors.remove(visitor)
        if account.owned.entries.pop(key, None):
            self._count(visitor, -entry.n_bytes)
            if entry.visitors:
                self._own(key, entry, entry.visitors[0])
        if not account.used:
            del self._accounts[visitor]

    def _count(self, visitor: str, n_bytes: int) -> None:
        account = self._accounts[visitor]
        account.n_bytes += n_bytes
        if account.n_bytes > self._share:
            self._over.add(visitor)
        else:
            self._over.discard(visitor)

    def _take_out(self, key: Hashable) -> None:
        entry = self._all.entries.get(key)
        if entry:
            # Backwards, so that nobody else becomes its owner meanwhile.
            for visitor in reversed(list(entry.visitors)):
                self._leave(key, entry, visitor)
            del self._all.entries[key]
            self._total -= entry.n_bytes

    def _make_room(self, n_bytes: int, visitor: str | None) -> None:
        """Take out entries until so many bytes more are within the bound."""
        while self._total + n_bytes > self.max_bytes:
            key = self._next_to_go(n_bytes, visitor)
            # What is used from now on ranks above all that has gone: so nothing stays for ever.
            self._floor = max(self._floor, self._all.entries[key].rank)
            self._take_out(key)

    def _next_to_go(self, n_bytes: int, visitor: str | None) -> Hashable:
        """What is missed least: of who owns most of those over their share, else of all."""
        over = {name: self._accounts[name].n_bytes for name in self._over}
        account = self._accounts.get(visitor) if visitor is not None else None
        if visitor is not None and account and account.n_bytes + n_bytes > self._share:
            over[visitor] = account.n_bytes + n_bytes
        if over:
            most = self._accounts[max(over, key=over.__getitem__)]
            if most.n_bytes:
                return most.owned.first()
        return self._all.first()


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
