"""Places for heavy jobs: so many at once in the whole server, the others wait their turn."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Queue:
    """Places for heavy jobs, shared by all threads of the server."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def turn(self, checkpoint: Callable[[], None]) -> Iterator[None]:
        """Wait for a place, and hold it; ``checkpoint`` is called while waiting and may end the wait."""
        while not self._places.acquire(timeout=0.1):
            checkpoint()
        try:
            yield
        finally:
            self._places.release()
