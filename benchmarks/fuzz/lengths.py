"""Whether palette files are read in time proportional to their length: ``python -m benchmarks.fuzz.lengths``.

A file of each way to begin repeats each word of the formats' grammars, or two to four of them; files of each
format are deep, or hold very many tiny entries or long names. Each is read at a length and at twice that.
Listed are the slowest, and those that take more than 2.5 times as long and more than 0.1 s, by the median of
three readings; with one of the latter the exit code is 1. Seconds are the processor's.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import click

from quantize import QuantizeError, read_palette
from tests.palette_files import STARTS, TOKENS, repeated
from tests.palette_shapes import SHAPES

MOST = 2.5
COUNTS_FROM = 0.1  # seconds under which a quotient says nothing


@click.command(help=__doc__)
@click.option("--length", default=200_000, show_default=True, help="Bytes of the shorter file.")
@click.option("--show", default=10, show_default=True, help="Files listed.")
@click.option("--shapes", is_flag=True, help="No repeated words.")
@click.option("--mixed", default=2000, show_default=True, help="Files that repeat some words.")
@click.option("--seed", default=1, show_default=True)
def main(length: int, show: int, shapes: bool, mixed: int, seed: int) -> None:
    files = _shapes() if shapes else [*_shapes(), *_words(), *_mixed(mixed, seed)]
    rows = [(*times(make, length), name) for name, make in files]
    bad = [row for row in rows if is_bad(*row[:2])]
    print("| file | s | twice as long, s |\n|---|--:|--:|")
    for once, twice, name in [*bad, *sorted(rows, key=lambda row: -row[1])[:show]]:
        print(f"| {name} | {once:.2f} | {twice:.2f} |")
    print(f"\n{len(rows):,} pairs of files, {len(bad)} out of proportion")
    sys.exit(bool(bad))


def _shapes() -> list[tuple[str, Callable[[int], bytes]]]:
    return list(SHAPES.items())


def _words() -> Iterator[tuple[str, Callable[[int], bytes]]]:
    for start in STARTS:
        for token in TOKENS:
            yield f"`{start!r}`, then `{token!r}`", partial(repeated, start, token)


def _mixed(number: int, seed: int) -> Iterator[tuple[str, Callable[[int], bytes]]]:
    rng = random.Random(seed)
    for _ in range(number):
        start, token = rng.choice(STARTS), b"".join(rng.choices(TOKENS, k=rng.randint(2, 4)))
        yield f"`{start!r}`, then `{token!r}`", partial(repeated, start, token)


def times(make: Callable[[int], bytes], length: int) -> tuple[float, float]:
    """Seconds for a file and for one twice as long; measured again where that is needed to be sure."""
    files = make(length), make(2 * length)
    taken = [seconds(files[0])], [seconds(files[1])]
    while is_bad(*map(statistics.median, taken)) and len(taken[0]) < 3:
        for data, seen in zip(files, taken, strict=True):
            seen.append(seconds(data))
    return statistics.median(taken[0]), statistics.median(taken[1])


def is_bad(once: float, twice: float) -> bool:
    """Whether twice the length takes more than is in proportion."""
    return twice > max(COUNTS_FROM, MOST * once)


def seconds(data: bytes) -> float:
    """The processor's, to read a palette file or to refuse it."""
    started = time.process_time()
    with suppress(QuantizeError):
        read_palette(data)
    return time.process_time() - started


if __name__ == "__main__":
    main()
