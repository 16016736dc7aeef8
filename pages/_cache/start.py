"""How far the engine is, when a server has just started and its loops are still compiled."""

import threading
from collections.abc import Callable


class Start:
    """Work in the background that everybody waits for once.

    Parameters
    ----------
    work : callable
        Given a function to tell how far it is, from 0 to 1; 1 when nobody has to wait any more. Goes on
        after that.
    """

    def __init__(self, work: Callable[[Callable[[float], object]], None]) -> None:
        self.done = 0.0
        self._ready = threading.Event()
        self._work = work
        self.thread = threading.Thread(target=self._run, name="warm-up", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._work(self._tell)
        finally:
            self._ready.set()  # whatever went wrong: whoever needs it now hears of it

    def _tell(self, done: float) -> None:
        self.done = done
        if done >= 1:
            self._ready.set()

    def wait(self, seconds: float = 0.0) -> bool:
        """Wait for at most so long; return whether nobody has to wait any more."""
        return self._ready.wait(seconds)
