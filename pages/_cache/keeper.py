"""How anything is made for visitors: once for all of them, in turn where it is heavy, and kept for them.

Two jobs cannot wait for each other: who holds a place for heavy work waits for nothing any more, and what is
made of something else always stands above it (results above pictures).
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from pages import _state, _waiting
from pages._cache.flights import Flights
from pages._cache.greedy_dual import Store
from pages._cache.queue import Checkpoint, Queue, Work

STRAY = ""
"""Visitor of what is made in threads that Streamlit knows no visitor of, such as downloads and cards."""


class Keeper:
    """Results of the whole server.

    Parameters
    ----------
    store, queue
        Where they are kept, and who may work.
    hand : Store
        Where that is kept which is made again in some milliseconds and takes much room.
    greet : callable
        Called with every visitor who has got anything, made for them or kept already: what they hold is
        dropped when they leave.
    """

    def __init__(self, store: Store, queue: Queue, hand: Store, greet: Callable[[str], object]) -> None:
        self.store = store
        self._hand = hand
        self._queue = queue
        self._flights = Flights()
        self._desks = threading.local()
        self._greet = greet

    def get_or_make(
        self,
        key: Hashable,
        make: Callable[[], Any],
        *,
        work: Work | None = Work.SHORT,
        nobodys: bool = False,
        checkpoint: Checkpoint | None = None,
        again: float = 0.0,
    ) -> Any:
        """Return what is kept under a key, made now if need be.

        Parameters
        ----------
        key : hashable
            Names, digests and settings, never pixels.
        make : callable
            Makes it, perhaps of other things that are kept.
        work : Work, optional
            What kind of work making it is; None for what takes neither long nor much memory, and no turn.
        nobodys : bool
            Whether it stays when all visitors have left, as long as there is room.
        checkpoint : callable, optional
            Ends the wait when the visitor has moved on; without it, that is found out here.
        again : float
            Seconds that it would take more to make it again, when what it is made of is not kept any more.
        """
        visitor = _state.visitor()
        payer = None if nobodys else visitor or STRAY
        if self._queue.is_held:
            return self._on_desk(key, lambda: self._get(key, make, work, payer, again))
        checkpoint = checkpoint or (_state.checkpoint() if visitor else _go_on)
        with self._welcome():
            found = self.store.get(key, payer)
            if found is None:
                with self._flights.alone(key, checkpoint):
                    found = self.store.get(key, payer)
                    if found is None:
                        with self._place(work, checkpoint):
                            found = self._make(key, make, payer, again)
            return found

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a place for short work of which nothing is to be kept."""
        with self._welcome(), self._place(Work.SHORT, _state.checkpoint() if _state.visitor() else _go_on):
            yield

    @contextmanager
    def _welcome(self) -> Iterator[None]:
        """Greet whom this is done for, when it is: a visitor who left before would hold it for ever."""
        try:
            yield
        finally:
            visitor = _state.visitor()
            if visitor:
                self._greet(visitor)

    def _on_desk(self, key: Hashable, get: Callable[[], Any]) -> Any:
        """What a job has got once it has until its end, whatever is pushed out meanwhile."""
        desk = self._desks.things
        if key not in desk:
            desk[key] = get()
        return desk[key]

    def _get(
        self, key: Hashable, make: Callable[[], Any], work: Work | None, payer: str | None, again: float
    ) -> Any:
        found = self.store.get(key, payer)
        if found is None:
            with self._place(work, _go_on):
                found = self._make(key, make, payer, again)
        return found

    def at_hand(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what whoever works with it needs again and again, made now without a turn if need be.

        It has a small room of its own, in which what was used longest ago goes first: in the store it would
        be what is missed least, and be made anew at every step of a work.
        """
        if self._queue.is_held:
            return self._on_desk(key, lambda: self._get_at_hand(key, make))
        with self._welcome():
            return self._get_at_hand(key, make)

    def _get_at_hand(self, key: Hashable, make: Callable[[], Any]) -> Any:
        payer = _state.visitor() or STRAY
        found = self._hand.get(key, payer)
        if found is None:
            found = make()
            self._hand.put(key, found, payer)
        return found

    def timed(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint of a heavy job: also ends it when it takes too long, lets short work go first."""

        def check() -> None:
            checkpoint()
            self._queue.step()

        return check

    @contextmanager
    def _place(self, work: Work | None, checkpoint: Checkpoint) -> Iterator[None]:
        if work is None:
            yield
            return
        told = False

        def report(before: int) -> None:
            nonlocal told
            told = True
            _waiting.show(before)

        outer, desk = self._queue.job, getattr(self._desks, "things", None)
        with self._queue.turn(checkpoint, report, work):
            if told:
                _waiting.clear()
            if self._queue.job is not outer:
                self._desks.things = {}
            try:
                yield
            finally:
                self._desks.things = desk

    def _make(self, key: Hashable, make: Callable[[], Any], payer: str | None, again: float) -> Any:
        started = time.perf_counter()
        value = make()
        self.store.put(key, value, payer, time.perf_counter() - started + again)
        return value

    def see_off(self, visitor: str) -> None:
        """Drop what is only kept for a visitor who has left, and what was made outside of all visits."""
        for room in (self.store, self._hand):
            room.release(visitor)
            room.release(STRAY)

    def forget(self, key: Hashable) -> None:
        """Drop what is kept under a key."""
        for room in (self.store, self._hand):
            room.drop(key)


def _go_on() -> None:
    """Checkpoint of work that nobody ends."""
