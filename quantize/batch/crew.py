"""Who does the work on many pictures: this machine's threads, or a cluster (``cluster``), in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from quantize.batch.converting import How, Row, convert_all
from quantize.batch.places import Step
from quantize.batch.record import Record
from quantize.batch.sharing import Looked, add_all, digest_all
from quantize.batch.summing import ColorSum
from quantize.decoding.worker import Workers


class Crew(Protocol):
    """What can be done with many pictures; each yields what became of them, in order."""

    def convert(self, steps: Sequence[Step], how: How, record: Record, resume: bool) -> Iterator[Row]:
        """Make all results."""

    def count(self, steps: Sequence[Step], total: ColorSum) -> Iterator[Looked]:
        """Add all colours to a sum."""

    def digest(self, steps: Sequence[Step]) -> Iterator[Looked]:
        """Read all files and decode none."""


class Here:
    """Threads of this process, and a process that reads files for each.

    Parameters
    ----------
    jobs : int
        Pictures under way at once.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._workers = Workers(jobs)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: Any) -> None:
        self._workers.stop()

    def convert(self, steps: Sequence[Step], how: How, record: Record, resume: bool) -> Iterator[Row]:
        """Make all results."""
        return convert_all(steps, how, record, self._workers, self._jobs, resume=resume)

    def count(self, steps: Sequence[Step], total: ColorSum) -> Iterator[Looked]:
        """Add all colours to a sum."""
        return add_all(steps, total, self._workers, self._jobs)

    def digest(self, steps: Sequence[Step]) -> Iterator[Looked]:
        """Read all files and decode none."""
        return digest_all(steps, self._jobs)
