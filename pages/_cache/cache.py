"""Whatever visitors ask for is made once for all of them, and kept.

Heavy work takes its turn (``queue.py``). Whoever asks for what is just being made waits for it
(``flights.py``). What was made is kept in one of two stores (``store.py``). The colours of pictures are kept
apart, as everybody who works needs them again and again: beside everything else they would be missed least,
as they take much room and are quickly made.

Two jobs never wait for each other. A job that holds a turn does not wait for what another one is making: it
makes it, too. A job that holds none waits only for what it is made of: a result for its picture, never a
picture for a result.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from pages._cache.flights import Flights
from pages._cache.queue import Checkpoint, Queue, Work
from pages._cache.store import Store

STRAY = ""
"""Owner of what is made for no visitor, as in threads that make downloads and cards."""


def nothing(*_: object) -> None:
    """Stands where nothing is to be done."""


@dataclass(frozen=True)
class Visits:
    """How the cache learns whom it works for, and tells them how it goes.

    Attributes
    ----------
    current : callable
        Tells which visitor this thread works for, or None.
    checkpoint : callable
        Gives what to call during long work: it raises if the visitor has moved on.
    opened : callable
        Told of every visitor who has got anything: whoever opens their visit tells ``Cache.closed`` later.
    show_waiting : callable
        Told how many are before this visitor while they wait.
    clear_waiting : callable
        Called when it is their turn, if they were told.
    """

    current: Callable[[], str | None] = nothing
    checkpoint: Callable[[], Checkpoint] = lambda: nothing
    opened: Callable[[str], object] = nothing
    show_waiting: Callable[[int], object] = nothing
    clear_waiting: Callable[[], object] = nothing


class Cache:
    """What the whole server keeps.

    Parameters
    ----------
    main, apart : Store
        Where it is kept.
    queue : Queue
        Who may work.
    visits : Visits
        For whom.
    """

    def __init__(self, main: Store, apart: Store, queue: Queue, visits: Visits) -> None:
        self.main, self.apart = main, apart
        self._queue = queue
        self._visits = visits
        self._flights = Flights()
        self._acting = threading.local()

    def get_or_make(
        self,
        key: Hashable,
        make: Callable[[], Any],
        *,
        work: Work | None = Work.SHORT,
        opens: Callable[[], object] = nothing,
        apart: bool = False,
        everybodys: bool = False,
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
        opens : callable
            Opens what it is made of: called before its turn, as opening may take a heavier turn than its own.
        apart : bool
            Whether it is kept apart from everything else.
        everybodys : bool
            Whether it stays when all visitors have left, as long as there is room.
        checkpoint : callable, optional
            Ends the wait when the visitor has moved on; without it, that is found out here.
        again : float
            Seconds that it would take more to make it again, when what it is made of is not kept any more.
        """
        store, visitor = self.apart if apart else self.main, self._visitor
        owner = None if everybodys else visitor or STRAY

        def made(checkpoint: Checkpoint) -> Any:
            with self._place(work, checkpoint):
                started = time.perf_counter()
                value = make()
                store.put(key, value, owner, time.perf_counter() - started + again)
                return value

        if self.is_in_turn:
            found = store.get(key, owner)
            return made(nothing) if found is None else found
        checkpoint = checkpoint or self._checkpoint()
        with self._visit():
            found = store.get(key, owner)
            if found is None:
                with self._flights.alone(key, checkpoint):
                    found = store.get(key, owner)
                    if found is None:
                        opens()
                        found = made(checkpoint)
            return found

    def has(self, key: Hashable) -> bool:
        """Whether ``get_or_make`` would answer at once."""
        return self.main.has(key) or self.apart.has(key)

    @property
    def is_in_turn(self) -> bool:
        """Whether this thread holds a place for work that takes turns."""
        return self._queue.is_held

    @contextmanager
    def turn(
        self,
        opens: Callable[[], object] = nothing,
        alone: Hashable = None,
        checkpoint: Checkpoint | None = None,
    ) -> Iterator[None]:
        """Hold a place for short work that keeps nothing itself.

        Parameters
        ----------
        opens, checkpoint : callable, optional
            As for ``get_or_make``.
        alone : hashable, optional
            Stands for the work: who wants to do the same waits until it is done, and should look then
            whether there is anything left of it.
        """
        checkpoint = checkpoint or self._checkpoint()
        flight = nullcontext() if alone is None else self._flights.alone(alone, checkpoint)
        with self._visit(), flight:
            opens()
            with self._place(Work.SHORT, checkpoint):
                yield

    def alongside(self, work: Callable[[], object]) -> Callable[[], None]:
        """Let any thread do a part of what this one holds a turn for, for the same visitor."""
        job, visitor = self._queue.job, self._visitor

        def part() -> None:
            with self._queue.alongside(job):
                before, self._acting.visitor = getattr(self._acting, "visitor", None), visitor
                try:
                    work()
                finally:
                    self._acting.visitor = before

        return part

    def timed(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint of a heavy job: also ends it when it takes too long, lets short work go first."""

        def check() -> None:
            checkpoint()
            self._queue.step()

        return check

    def closed(self, visitor: str) -> None:
        """Drop what is only kept for a visitor who has left, and what was made for no visitor."""
        for store in (self.main, self.apart):
            store.release(visitor)
            store.release(STRAY)
        self._queue.forget(visitor)

    def forget(self, key: Hashable) -> None:
        """Drop what is kept under a key."""
        for store in (self.main, self.apart):
            store.drop(key)

    @property
    def _visitor(self) -> str | None:
        """Whom this thread works for."""
        return getattr(self._acting, "visitor", None) or self._visits.current()

    def _checkpoint(self) -> Checkpoint:
        return self._visits.checkpoint() if self._visitor else nothing

    @contextmanager
    def _visit(self) -> Iterator[None]:
        """Afterwards say that there is this visitor: one whose visit ended before would own it for ever."""
        try:
            yield
        finally:
            visitor = self._visitor
            if visitor:
                self._visits.opened(visitor)

    @contextmanager
    def _place(self, work: Work | None, checkpoint: Checkpoint) -> Iterator[None]:
        if work is None:
            yield
            return
        told = False

        def report(before: int) -> None:
            nonlocal told
            told = True
            self._visits.show_waiting(before)

        with self._queue.turn(checkpoint, report, work, self._visitor):
            if told:
                self._visits.clear_waiting()
            yield
