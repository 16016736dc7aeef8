"""Whose turn it is among visitors who wait for the same: theirs who came first, until they had enough.

A turn is more than a job: what a visitor asks for in one go is done before those who came later are served.
Would each get one job after the other, all would wait until the last job of all is done.
"""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count

PAUSE_SECONDS = 1.0
"""A job that comes later than this after the last one of its visitor begins another turn."""


@dataclass(eq=False)
class Turn:
    """What a visitor asks for in one go, of one kind of work.

    Attributes
    ----------
    came : int
        When it began, among all turns.
    n_jobs : int
        Jobs that are done or wait.
    ended : float
        When the last one was done, in seconds of the monotonic clock.
    spent : float
        Seconds that jobs took.
    """

    came: int
    n_jobs: int = 0
    ended: float = 0.0
    spent: float = 0.0


class Turns:
    """Turns of all visitors; whoever uses it sees that one thread does at a time."""

    def __init__(self) -> None:
        self._turns: dict[str, dict[Hashable, Turn]] = {}
        self._clock = count(1)

    def join(self, visitor: str | None, kind: Hashable) -> Turn:
        """Add a job to its visitor's turn; one of nobody's has a turn of its own."""
        turn = Turn(next(self._clock))
        if visitor is not None:
            turn = self._turns.setdefault(visitor, {}).setdefault(kind, turn)
        if not turn.n_jobs and time.monotonic() - turn.ended > PAUSE_SECONDS:
            self._begin(turn)
        turn.n_jobs += 1
        return turn

    def leave(self, turn: Turn, most_seconds: float) -> None:
        """Let a job go; who took longer than that goes behind all who wait."""
        turn.n_jobs -= 1
        turn.ended = time.monotonic()
        if turn.spent > most_seconds:
            self._begin(turn)

    def forget(self, visitor: str) -> None:
        """Forget a visitor who has left."""
        self._turns.pop(visitor, None)

    def knows(self, visitor: str) -> bool:
        """Whether a visitor had a turn, and has not left."""
        return visitor in self._turns

    def _begin(self, turn: Turn) -> None:
        turn.came, turn.spent = next(self._clock), 0.0
