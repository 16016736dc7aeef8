"""The process that reads mutated files: says which it begins, and at the end what became of them.

``python -m benchmarks.fuzz.target KEY SEED FIRST END`` writes lines to its output: ``begin NUMBER`` before
each file, and a last one of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import PICTURES
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.swatches import formats

_MOST_MEMORY = 4 * 2**30  # for the sake of others on the machine


@dataclass
class Tally:
    """What became of the files so far."""

    accepted: int = 0
    refused: int = 0
    others: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    largest: tuple[float, int] = (0.0, 0)


def reader(key: str) -> Callable[[bytes], object]:
    """What reads files of a format."""
    if key in PICTURES:
        return load_picture
    format_ = next(one for one in formats.READERS if one.key == key)

    def read(data: bytes) -> object:
        try:
            formats.read_palette(data, f"x{format_.extension}")
        except QuantizeError:
            return format_.read(data)
        return format_.read(data)

    return read


def run(key: str, seed: int, first: int, end: int, say: Callable[[str], None]) -> Tally:
    """Read files ``first`` to ``end`` of a format."""
    read, tally = reader(key), Tally()
    for number in range(first, end):
        data = mutated(key, number, seed)
        say(f"begin {number}")
        started = time.process_time()  # what others do on the machine is no fault of a file
        try:
            read(data)
            tally.accepted += 1
        except QuantizeError:
            tally.refused += 1
        except Exception as error:
            tally.others.append((number, f"{type(error).__name__}: {error}"))
        tally.slowest = max(tally.slowest, (time.process_time() - started, number))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        tally.largest = max(tally.largest, (memory, -number))
    return tally


def main() -> None:
    """Run with the four arguments of the command line."""
    key, seed, first, end = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.dup(1)
    os.dup2(2, 1)
    tally = run(key, int(seed), int(first), int(end), lambda line: _say(out, line))
    _say(out, json.dumps(asdict(tally)))


def _say(out: int, line: str) -> None:
    os.write(out, f"{line}\n".encode())


if __name__ == "__main__":
    main()
