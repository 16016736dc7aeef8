"""Whether palette files are read in time proportional to their length: ``python -m benchmarks.fuzz.lengths``.

A file of each way to begin repeats each word of the formats' grammars; it is read at a length and at twice
that. Listed are the slowest, and those that take more than 2.5 times as long and more than 0.1 s; with one
of the latter the exit code is 1. Seconds are the processor's.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress

import click

from quantize import QuantizeError, read_palette
from tests.palette_files import STARTS, TOKENS, repeated

_MOST = 2.5
_COUNTS_FROM = 0.1  # seconds under which a quotient says nothing


@click.command(help=__doc__)
@click.option("--length", default=200_000, show_default=True, help="Bytes of the shorter file.")
@click.option("--show", default=10, show_default=True, help="Files listed.")
def main(length: int, show: int) -> None:
    rows = [(*_times(start, token, length), start, token) for start in STARTS for token in TOKENS]
    bad = [row for row in rows if row[1] > max(_COUNTS_FROM, _MOST * row[0])]
    print("| begins | repeats | s | twice as long, s |\n|---|---|--:|--:|")
    for once, twice, start, token in [*bad, *sorted(rows, key=lambda row: -row[1])[:show]]:
        print(f"| `{start!r}` | `{token!r}` | {once:.2f} | {twice:.2f} |")
    print(f"\n{len(rows):,} pairs of files, {len(bad)} out of proportion")
    sys.exit(bool(bad))


def _times(start: bytes, token: bytes, length: int) -> tuple[float, float]:
    return _seconds(repeated(start, token, length)), _seconds(repeated(start, token, 2 * length))


def _seconds(data: bytes) -> float:
    started = time.process_time()
    with suppress(QuantizeError):
        read_palette(data)
    return time.process_time() - started


if __name__ == "__main__":
    main()
