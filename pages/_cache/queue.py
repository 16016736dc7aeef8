"""Places for heavy jobs: few at once in the whole server, visitors by turns, each for a limited time.

In a line who came first is served first, with all that they ask for in one go (``turns.py``). Whoever has had
places for long goes to the end.

Every kind of work waits in a line of its own, and free places go to the lines by turns. Two rules keep long
work from holding up short work. Long work that has steps lets waiting shorter work go first between two
steps. Long work without steps never takes the last place, unless there is only one; nor does work of many
seconds.

Quick work has places of its own, one for each processor. They only bound the memory that a crowd takes at
once. So whoever moves a slider does not wait for somebody's curve.

A job may start another one inside its own place, and that one does not wait. There is one exception: heavy
work that is started by quick work takes a heavy place. So no two jobs can wait for each other.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from pages._cache.turns import Turn, Turns
from quantize import QuantizeError
from quantize.threads import thread_count

Checkpoint = Callable[[], None]

WAIT_SECONDS = 0.1
"""How often a waiting job looks whether its visitor has moved on."""

REPORT_SECONDS = 0.7
"""Who waits less long is told nothing: a line that comes and goes is more of a bother than the wait."""


class Work(Enum):
    """Kinds of work: of some hundredths of a second; of less than one; of more, with checkpoints on the way;
    of many, with checkpoints; of more than one, without them.
    """

    QUICK = "quick"
    SHORT = "short"
    STEPS = "steps"
    SLOW = "slow"
    LONG = "long"


TURN_SECONDS = dict.fromkeys(Work, 3.0) | {Work.SLOW: 30.0}
"""So long a visitor may hold places for one kind of work before those who came later have their turn, but
for the job that they are at.
"""

GOES_FIRST = {Work.STEPS: (Work.SHORT,), Work.SLOW: (Work.SHORT, Work.STEPS)}
"""What work with checkpoints lets go first between two of its steps."""


@dataclass(eq=False)
class _Job:
    """Work that has a place or waits for one; times in seconds of the monotonic clock."""

    work: Work
    called: threading.Event
    turn: Turn
    began: float = 0.0
    deadline: float = 0.0


class Queue:
    """Places for heavy jobs, shared by all threads of the server.

    Parameters
    ----------
    places : int
        Jobs at once, but for quick ones.
    max_seconds : float
        Longest time in a place; waiting does not count.
    """

    def __init__(self, places: int, max_seconds: float) -> None:
        self._all_places = places
        self._places = {
            Work.QUICK: max(2, thread_count()),
            Work.SHORT: places,
            Work.STEPS: places,
            Work.SLOW: max(1, places - 1),
            Work.LONG: max(1, places - 1),
        }
        self._busy = dict.fromkeys(Work, 0)
        # The line that was served last stands last.
        self._lines: dict[Work, deque[_Job]] = {work: deque() for work in reversed(Work)}
        self._turns = Turns()
        self._max_seconds = max_seconds
        self._lock = threading.Lock()
        self._held = threading.local()

    @property
    def is_held(self) -> bool:
        """Whether this thread holds a place."""
        return self.job is not None

    @property
    def job(self) -> object | None:
        """What this thread holds a place for: another object for each turn."""
        return self._job

    @property
    def _job(self) -> _Job | None:
        return getattr(self._held, "job", None)

    @contextmanager
    def alongside(self, job: object | None) -> Iterator[None]:
        """Let this thread do a part of what another one holds a place for."""
        before, self._held.job = self._job, job
        try:
            yield
        finally:
            self._held.job = before

    def step(self) -> None:
        """Between two steps of work: end it if it has taken too long, and let short work go first.

        Raises
        ------
        QuantizeError
            If it has taken too long.
        """
        job = self._job
        if job is None:
            return
        if time.monotonic() > job.deadline:
            raise QuantizeError(
                f"this took longer than {self._max_seconds:g} s, which is the most on this server: "
                "choose fewer attempts or colours, a quicker method, or a smaller picture"
            )
        if job.work in GOES_FIRST:
            self._step_aside(job)

    def _step_aside(self, job: _Job) -> None:
        began = time.monotonic()
        with self._lock:
            if not any(self._lines[work] for work in GOES_FIRST[job.work]):
                return
            job.called.clear()
            self._busy[job.work] -= 1
            self._spend(job)
            self._lines[job.work].appendleft(job)
            self._last(job.work)
            self._call_next()
        job.called.wait()
        job.deadline += time.monotonic() - began

    def forget(self, visitor: str) -> None:
        """Forget a visitor who has left."""
        with self._lock:
            self._turns.forget(visitor)

    @contextmanager
    def turn(
        self,
        checkpoint: Checkpoint,
        report: Callable[[int], None],
        work: Work = Work.SHORT,
        visitor: str | None = None,
    ) -> Iterator[None]:
        """Wait for a place, and hold it.

        Parameters
        ----------
        checkpoint : callable
            Called while waiting; what it raises ends the wait.
        report : callable
            Told while waiting how many of the same kind are before.
        work : Work
            What kind it is.
        visitor : str, optional
            For whom: of one line, who came first is served first, and all that they ask for in one go.
        """
        outer = self._job
        if outer is not None and (outer.work is not Work.QUICK or work is Work.QUICK):
            yield
            return
        with self._lock:
            job = _Job(work, threading.Event(), self._turns.join(visitor, work))
        came = time.monotonic()
        self._enter(job, checkpoint, report)
        began = time.monotonic()
        job.deadline = began + self._max_seconds
        if outer is not None:
            outer.deadline += began - came
        self._held.job = job
        try:
            yield
        finally:
            self._held.job = outer
            self._leave(job)

    def _enter(self, job: _Job, checkpoint: Checkpoint, report: Callable[[int], None]) -> None:
        with self._lock:
            self._lines[job.work].append(job)
            self._call_next()
        began = time.monotonic()
        try:
            while not job.called.wait(WAIT_SECONDS):
                checkpoint()
                if time.monotonic() - began >= REPORT_SECONDS:
                    report(self._before(job))
        except BaseException:
            self._give_up(job)
            raise

    def _before(self, job: _Job) -> int:
        with self._lock:
            in_order = sorted(self._lines[job.work], key=_came)
            return in_order.index(job) if job in in_order else 0

    def _spend(self, job: _Job) -> None:
        """Count the time that a job had a place."""
        job.turn.spent += time.monotonic() - job.began

    def _give_up(self, job: _Job) -> None:
        with self._lock:
            if job in self._lines[job.work]:
                self._lines[job.work].remove(job)
                self._turns.leave(job.turn, TURN_SECONDS[job.work])
                return
        self._leave(job)  # the place came just when the visitor went

    def _leave(self, job: _Job) -> None:
        with self._lock:
            self._busy[job.work] -= 1
            self._spend(job)
            self._turns.leave(job.turn, TURN_SECONDS[job.work])
            self._call_next()

    def _call_next(self) -> None:
        """Hand free places to who came first, to all lines in turn."""
        while served := [work for work, line in self._lines.items() if line and self._has_place(work)]:
            self._busy[served[0]] += 1
            self._last(served[0])
            job = min(self._lines[served[0]], key=_came)
            self._lines[served[0]].remove(job)
            job.began = time.monotonic()
            job.called.set()

    def _has_place(self, work: Work) -> bool:
        if self._busy[work] >= self._places[work]:
            return False
        heavy = sum(self._busy.values()) - self._busy[Work.QUICK]
        return work is Work.QUICK or heavy < self._all_places

    def _last(self, work: Work) -> None:
        self._lines[work] = self._lines.pop(work)


def _came(job: _Job) -> int:
    return job.turn.came
