"""How much of something may come, and how soon."""

import time
from collections.abc import Callable


class Bucket:
    """So much at once, and so much a second after that."""

    def __init__(self, size: float, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._a_second, self._clock = size, a_second, clock
        self._left, self._seen = size, clock()

    def take(self, amount: float) -> float:
        """Take so much out; return how many seconds it is too early for that."""
        now = self._clock()
        self._left = min(self._size, self._left + (now - self._seen) * self._a_second) - amount
        self._seen = now
        return max(0.0, -self._left / self._a_second)
