"""What a worker of a cluster is asked for: the same functions as on one machine, for a few pictures at once.

Files are read where the worker is, each in a bounded process beside it as everywhere (``decoding.worker``).
What comes back is short: rows for the report, or a sum of colours. Nothing is raised for a single picture,
so that a task is tried again only when its worker has died.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from quantize.batch.converting import How, Row, convert_one, read_apart
from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import Entry, describe_program
from quantize.batch.sharing import Looked, look_at_one
from quantize.batch.summing import ColorSum, Part
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError


@dataclass(frozen=True)
class Done:
    """What became of a picture, and what is to be noted of a new result."""

    row: Row
    entry: Entry | None = None


@dataclass(frozen=True)
class Stopped:
    """Why nothing more can be written, and what had been done before."""

    reason: str
    done: Sequence[Done] = ()


class OtherProgramError(QuantizeError):
    """A worker that would make other bytes."""


def convert_some(
    steps: Sequence[Step], known: Sequence[Entry | None], how: How, program: str
) -> list[Done] | Stopped:
    """Make some results."""
    workers, done = _prepare(program), list[Done]()
    for step, entry in zip(steps, known, strict=True):
        notes: list[Entry] = []
        try:
            row = convert_one(step, how, entry, workers, notes.append)
        except StoppedError as error:
            return Stopped(str(error), done)
        done.append(Done(row, notes[0] if notes else None))
    return done


def count_some(steps: Sequence[Step], weigh: str, program: str) -> tuple[list[Looked], Part]:
    """Add up the colours of some pictures."""
    workers, total = _prepare(program), ColorSum(weigh)
    looked = [look_at_one(step, lambda data: total.add(read_apart(data, workers))) for step in steps]
    return looked, total.part()


def digest_some(steps: Sequence[Step], program: str) -> list[Looked]:
    """Read some files without decoding them."""
    _prepare(program)
    return [look_at_one(step, lambda data: None) for step in steps]


def merge_parts(parts: Sequence[Part]) -> Part:
    """Add sums up."""
    total = ColorSum()
    for part in parts:
        total.add_part(part)
    return total.part()


def take_looked(counted: tuple[list[Looked], Part]) -> list[Looked]:
    """Take what is said of pictures, which goes to the client."""
    return counted[0]


def take_part(counted: tuple[list[Looked], Part]) -> Part:
    """Take the sum, which stays with the workers."""
    return counted[1]


def give(how: How) -> How:
    """Give back what every task needs: as a task's result it goes to each worker once, and is never lost."""
    return how


def _prepare(program: str) -> Workers:
    """Make ready what all tasks of this process use; refuse another program than the client's."""
    # Dask says how many threads a worker has. A picture takes the one that it was given.
    os.environ.setdefault("QUANTIZE_THREADS", "1")
    if describe_program() != program:
        raise OtherProgramError(
            "workers must have the client's version of quantize and of its libraries, one has another: "
            "install the same everywhere"
        )
    return _workers()


@cache
def _workers() -> Workers:
    return Workers()  # each is started when a thread needs it
