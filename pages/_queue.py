"""Turns for heavy jobs: so many at once in the whole server, first come first served, none for ever.

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
        self._free = places
        self._max_seconds = max_seconds
        self._waiting: deque[threading.Event] = deque()
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
    def turn(self, checkpoint: Checkpoint, report: Callable[[int], None]) -> Iterator[None]:
        """Wait for a place, and hold it.

        Parameters
        ----------
        checkpoint : callable
            Called while waiting; what it raises ends the wait.
        report : callable
            Told while waiting how many are before.
        """
        if self.is_held:
            yield
            return
        self._enter(checkpoint, report)
        self._held.deadline = time.monotonic() + self._max_seconds
        try:
            yield
        finally:
            self._held.deadline = None
            self._leave()

    def _enter(self, checkpoint: Checkpoint, report: Callable[[int], None]) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        try:
            while not mine.wait(WAIT_SECONDS):
                checkpoint()
                report(self._before(mine))
        except BaseException:
            self._give_up(mine)
            raise

    def _before(self, mine: threading.Event) -> int:
        with self._lock:
            return self._waiting.index(mine) if mine in self._waiting else 0

    def _give_up(self, mine: threading.Event) -> None:
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        self._leave()  # the place came just when the visitor went

    def _leave(self) -> None:
        """Hand the place to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
