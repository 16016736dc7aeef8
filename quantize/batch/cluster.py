"""Many pictures on a Dask cluster, in the same way as on one machine.

There is no scheduler of ours. A few pictures are a task, few tasks are under way for each thread, and their
results come in the order of the pictures, so that neither the scheduler nor the client holds more with more
pictures. Dask does the tasks of a dead worker again elsewhere. For one palette, sums of colours stay on
workers and are added up as a tree (``tree``); the palette goes to each worker once.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from quantize.batch import tasks
from quantize.batch.converting import How, Row, refuse_step
from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import Entry, Record, describe_program
from quantize.batch.sharing import Looked
from quantize.batch.summing import ColorSum
from quantize.batch.tree import Tree
from quantize.errors import QuantizeError

PATIENCE = 30
"""Seconds without any worker until the run is given up; one that a nanny looks after is back in two."""

_AHEAD, _MOST = 8, 16
_LOOK_SECONDS = 2
_DIED = "every worker that had it died, of too little memory or otherwise: give workers more, or do it alone"


@dataclass(frozen=True)
class _Task:
    """What a worker does with some pictures: what comes back of it, and what stays there."""

    steps: Sequence[Step]
    future: Any
    stays: Any = None


class Cluster:
    """A cluster at work; for one thread.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._program = describe_program()
        self._threads, self._begins = 1, True
        self._seen = self._looked = monotonic()
        self._look()

    def convert(self, steps: Sequence[Step], how: How, record: Record, resume: bool) -> Iterator[Row]:
        """Make all results."""
        shared = self._submit(tasks.give, how)

        def begin(some: Sequence[Step]) -> _Task:
            known = [record.get(step.name) if resume else None for step in some]
            done = self._submit(tasks.convert_some, _far(some), known, shared, self._program)
            return _Task(some, done)

        notes = _Notes(record)
        for task, done in self._work_through(steps, begin):
            if done is None:
                yield refuse_step(task.steps[0], _DIED)
                continue
            if isinstance(done, tasks.Stopped):
                notes.stop(done.reason)
                done = done.done
            for step, one in zip(task.steps, done, strict=False):  # fewer of a task that was stopped
                yield notes.add(step, one)
            self._begins = notes.reason is None
        notes.end()

    def count(self, steps: Sequence[Step], total: ColorSum) -> Iterator[Looked]:
        """Add all colours to a sum."""
        tree = Tree(lambda parts: self._submit(tasks.merge_parts, parts), self._finish, total)

        def begin(some: Sequence[Step]) -> _Task:
            both = self._submit(tasks.count_some, _far(some), total.weigh, self._program)
            return _Task(some, self._submit(tasks.take_looked, both), self._submit(tasks.take_part, both))

        for task, looked in self._work_through(steps, begin):
            if looked is not None:
                tree.add(task.stays)
            yield from _looked(task, looked)
        tree.finish()

    def digest(self, steps: Sequence[Step]) -> Iterator[Looked]:
        """Read all files and decode none."""

        def begin(some: Sequence[Step]) -> _Task:
            return _Task(some, self._submit(tasks.digest_some, _far(some), self._program))

        for task, looked in self._work_through(steps, begin):
            yield from _looked(task, looked)

    def _submit(self, do: Callable[..., Any], *words: Any) -> Any:
        return self._client.submit(do, *words, pure=False)

    def _work_through(
        self, steps: Sequence[Step], begin: Callable[[Sequence[Step]], _Task]
    ) -> Iterator[tuple[_Task, Any]]:
        """Begin tasks, few at a time, and yield what came of each, in order; None of what kills workers."""
        at, size, under_way = 0, self._choose_size(len(steps)), deque[_Task]()
        try:
            while under_way or (at < len(steps) and self._begins):
                while at < len(steps) and self._begins and len(under_way) < _AHEAD * self._threads:
                    under_way.append(begin(steps[at : at + size]))
                    at += size
                task = under_way[0]
                with suppress(_KilledError):
                    result = self._wait(task.future)
                    under_way.popleft()
                    yield task, result
                    continue
                under_way.popleft()
                yield from self._one_by_one(task, begin)
        finally:
            with suppress(Exception):
                self._client.cancel([task.future for task in under_way], force=True)

    def _one_by_one(
        self, task: _Task, begin: Callable[[Sequence[Step]], _Task]
    ) -> Iterator[tuple[_Task, Any]]:
        """Find out which of some pictures it was that killed the workers."""
        for step in task.steps:
            alone = begin([step])
            try:
                yield alone, self._wait(alone.future)
            except _KilledError:
                yield alone, None

    def _choose_size(self, n_steps: int) -> int:
        """Choose how many pictures are a task: some for every thread, and no thread waits long at the end."""
        return max(1, min(_MOST, n_steps // (_AHEAD * self._threads)))

    def _finish(self, future: Any) -> Any:
        try:
            return self._wait(future)
        except _KilledError:
            raise QuantizeError(
                "workers must have more memory for sums of colours, several died of one"
            ) from None

    def _wait(self, future: Any) -> Any:
        """Wait for a task, and look meanwhile whether there is anybody to do it."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        while True:
            try:
                result = future.result(timeout=_LOOK_SECONDS)
            except KilledWorker as error:
                raise _KilledError from error
            except (FutureCancelledError, ConnectionError):
                raise _gone("scheduler") from None
            except TimeoutError:
                self._look()
                continue
            if monotonic() - self._looked > _LOOK_SECONDS:
                self._look()
            return result

    def _look(self) -> None:
        """Look how many threads there are; end the run if there have been none for long."""
        self._looked = monotonic()
        threads = 0
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError):
            if self._client.status == "closed":
                raise _gone("scheduler") from None
        if threads:
            self._threads, self._seen = threads, monotonic()
        elif monotonic() - self._seen > PATIENCE:
            raise _gone("last worker")


class _KilledError(Exception):
    """A task that several workers died of."""


def _gone(what: str) -> StoppedError:
    return StoppedError(f"stopped, the cluster's {what} is gone: start it again and go on with --resume")


def _far(steps: Sequence[Step]) -> list[Step]:
    """Name files as another process of this file system finds them."""
    return [replace(step, source=_absolute(step.source), output=_absolute(step.output)) for step in steps]


def _absolute(place: Any) -> Any:
    return Path(os.path.abspath(place)) if isinstance(place, Path) else place


class _Notes:
    """What is noted of results. When a disk is full, what is under way is still finished and noted."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._missed: list[Entry] = []
        self.reason: str | None = None

    def stop(self, reason: str) -> None:
        """Note why nothing more shall be begun."""
        self.reason = self.reason or reason

    def add(self, step: Step, done: tasks.Done) -> Row:
        """Note a new result, and return its row, under the name that the person gave."""
        try:
            if done.entry:
                self._record.add(done.entry)
        except StoppedError as error:
            assert done.entry
            self._missed.append(done.entry)
            self.stop(str(error))
        except QuantizeError as error:
            return refuse_step(step, str(error))
        return replace(done.row, input=str(step.source))

    def end(self) -> None:
        """Note what there was no room for while others were writing; end the run if it was stopped.

        Raises
        ------
        StoppedError
        """
        with suppress(StoppedError):
            for entry in self._missed:
                self._record.add(entry)
        if self.reason is not None:
            raise StoppedError(self.reason)


def _looked(task: _Task, looked: Sequence[Looked] | None) -> Iterator[Looked]:
    if looked is None:
        yield Looked(task.steps[0], error=_DIED)
    else:
        yield from (replace(one, step=step) for step, one in zip(task.steps, looked, strict=True))
