"""Turns for heavy jobs: so many at once in the whole server, first come first served, none for ever.

Jobs of a second and more have a line of their own and leave one place to the others, if there are several: so
that whoever moves a slider does not wait for all who look at a curve.

Who holds a place may start further heavy work within it, which never waits; so no two jobs can wait for each
other.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quantize import QuantizeError

Checkpoint = Callable[[], None]

WAIT_SECONDS = 0.1
"""How often a waiting job looks whether its visitor has moved on."""


class Queue:
    """Places for heavy jobs, shared by all threads of the server.

    Parameters
    ----------
    places : int
        Jobs at once.
    max_seconds : float
        Longest time in a place; waiting does not count.
    """

    def __init__(self, places: int, max_seconds: float) -> None:
        self._places = {False: places, True: max(1, places - 1)}
        self._busy = {False: 0, True: 0}
        self._served_long = False
        self._max_seconds = max_seconds
        self._waiting: dict[bool, deque[threading.Event]] = {False: deque(), True: deque()}
        self._lock = threading.Lock()
        self._held = threading.local()

    @property
    def is_held(self) -> bool:
        """Whether this thread holds a place."""
        return getattr(self._held, "deadline", None) is not None

    def check_time(self) -> None:
        """End the job that this thread does if it has taken too long.

        Raises
        ------
        QuantizeError
            If it has.
        """
        deadline = getattr(self._held, "deadline", None)
        if deadline is not None and time.monotonic() > deadline:
            raise QuantizeError(
                f"this took longer than {self._max_seconds:g} s, which is the most on this server: "
                "choose fewer attempts or colours, a quicker method, or a smaller picture"
            )

    @contextmanager
    def turn(
        self, checkpoint: Checkpoint, report: Callable[[int], None], long: bool = False
    ) -> Iterator[None]:
        """Wait for a place, and hold it.

        Parameters
        ----------
        checkpoint : callable
            Called while waiting; what it raises ends the wait.
        report : callable
            Told while waiting how many are before.
        long : bool
            Whether the job may take a second and more.
        """
        if self.is_held:
            yield
            return
        self._enter(checkpoint, report, long)
        self._held.deadline = time.monotonic() + self._max_seconds
        try:
            yield
        finally:
            self._held.deadline = None
            self._leave(long)

    def _enter(self, checkpoint: Checkpoint, report: Callable[[int], None], long: bool) -> None:
        mine = threading.Event()
        with self._lock:
            self._waiting[long].append(mine)
            self._call_next()
        try:
            while not mine.wait(WAIT_SECONDS):
                checkpoint()
                report(self._before(mine, long))
        except BaseException:
            self._give_up(mine, long)
            raise

    def _before(self, mine: threading.Event, long: bool) -> int:
        with self._lock:
            return self._waiting[long].index(mine) if mine in self._waiting[long] else 0

    def _give_up(self, mine: threading.Event, long: bool) -> None:
        with self._lock:
            if mine in self._waiting[long]:
                self._waiting[long].remove(mine)
                return
        self._leave(long)  # the place came just when the visitor went

    def _leave(self, long: bool) -> None:
        with self._lock:
            self._busy[long] -= 1
            self._call_next()

    def _call_next(self) -> None:
        """Hand free places to those who wait longest, to both kinds in turn."""
        for long in (not self._served_long, self._served_long) * sum(self._places.values()):
            if self._waiting[long] and self._has_place(long):
                self._busy[long] += 1
                self._served_long = long
                self._waiting[long].popleft().set()

    def _has_place(self, long: bool) -> bool:
        return sum(self._busy.values()) < self._places[False] and self._busy[long] < self._places[long]
