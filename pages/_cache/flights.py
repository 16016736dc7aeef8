"""What several visitors ask for at once is made once: the others wait for it."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

WAIT_SECONDS = 0.1


class Flights:
    """Keys that somebody is making something for, shared by all threads of the server."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def alone(self, key: Hashable, checkpoint: Callable[[], None]) -> Iterator[None]:
        """Wait until nobody else makes this, and let others wait meanwhile.

        Whoever comes in should look first whether it is there by now: the one before may have made it, or
        may have been stopped. ``checkpoint`` is called while waiting; what it raises ends the wait.
        """
        done = threading.Event()
        while (other := self._claim(key, done)) is not done:
            while not other.wait(WAIT_SECONDS):
                checkpoint()
        try:
            yield
        finally:
            with self._lock:
                del self._under_way[key]
            done.set()

    def _claim(self, key: Hashable, mine: threading.Event) -> threading.Event:
        with self._lock:
            return self._under_way.setdefault(key, mine)
