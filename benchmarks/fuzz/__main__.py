"""Feed mutated files to every reader: ``python -m benchmarks.fuzz``.

Files are mutated from whole ones that our own code makes: flipped bits, runs of bytes, cuts, parts repeated,
dropped, moved and taken from other files, numbers in headers set to extremes, with checksums made right
again. Every format is read in a process of its own, without the limits of a worker process, so that what the
decoders really take is seen. Prints Markdown; seconds are the processor's, memory is the whole process's.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import PALETTES, PICTURES
from benchmarks.machine import describe_machine

HANG_SECONDS = 5
_PATIENCE_SECONDS = 60  # on the clock: for what waits without working
_START_SECONDS = 120
_TARGET = ("-m", "benchmarks.fuzz.target")


@dataclass
class Row:
    """One format's line of the table, and the numbers of its notable files."""

    key: str
    accepted: int = 0
    refused: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    largest: tuple[float, int] = (0.0, 0)
    crashes: list[int] = field(default_factory=list)
    hangs: list[int] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)

    def add(self, tally: dict) -> None:
        """Add what a process has counted."""
        self.accepted += tally["accepted"]
        self.refused += tally["refused"]
        self.others += tally["others"]
        self.slowest = max(self.slowest, tuple(tally["slowest"]))
        self.largest = max(self.largest, tuple(tally["largest"]))

    def __str__(self) -> str:
        files = self.accepted + self.refused + len(self.others) + len(self.crashes) + len(self.hangs)
        hangs = len(self.hangs) + (self.slowest[0] > HANG_SECONDS and self.slowest[1] not in self.hangs)
        return (
            f"| {self.key} | {files:,} | {self.accepted:,} | {self.refused:,} | {self.slowest[0]:.2f} "
            f"| {self.largest[0]:.0f} | {len(self.crashes)} | {hangs} | {len(self.others)} |"
        )

    @property
    def notable(self) -> set[int]:
        """Files worth keeping."""
        return {*self.crashes, *self.hangs, *(n for n, _ in self.others), self.slowest[1], -self.largest[1]}


def fuzz(key: str, seed: int, count: int, first: int = 0) -> Row:
    """Read ``count`` mutated files of a format, in as many processes as it takes."""
    row, at = Row(key), first
    while at < first + count:
        at = _run_process(row, seed, at, first + count)
    return row


def _run_process(row: Row, seed: int, first: int, end: int) -> int:
    """Read files until the end or until the process dies; returns the number of the next file."""
    command = [sys.executable, *_TARGET, row.key, str(seed), str(first), str(end)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        reader = threading.Thread(target=_forward, args=(process, lines), daemon=True)
        reader.start()
        at, done = first - 1, False
        while not done:
            try:
                line = lines.get(timeout=_PATIENCE_SECONDS if at >= first else _START_SECONDS)
            except queue.Empty:
                process.kill()
                row.hangs.append(at)
                break
            if not line:
                row.crashes.append(at)
                break
            if done := line.startswith("{"):
                row.add(json.loads(line))
            else:
                at = int(line.split()[1])
        reader.join()  # it reads to the end, which is to come before the pipe is closed
    if done:
        return end
    if at < first:
        raise click.ClickException(f"{' '.join(command)} does not start")
    if at > first:  # what the process had counted went with it
        rest = Row(row.key)
        _run_process(rest, seed, first, at)
        for name in ("accepted", "refused"):
            setattr(row, name, getattr(row, name) + getattr(rest, name))
        row.others += rest.others
        row.slowest, row.largest = max(row.slowest, rest.slowest), max(row.largest, rest.largest)
    return at + 1


def _forward(process: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    assert process.stdout
    for line in process.stdout:
        lines.put(line)
    lines.put("")


@click.command(help=__doc__)
@click.option(
    "--format", "keys", multiple=True, type=click.Choice([*PICTURES, *PALETTES]), help="Default: all."
)
@click.option("--count", default=10_000, show_default=True, help="Files of each format.")
@click.option("--first", default=0, show_default=True, help="Number of the first file.")
@click.option("--seed", default=0, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder for the files that stand out.")
def main(keys: tuple[str, ...], count: int, first: int, seed: int, keep: Path | None) -> None:
    print(f"{describe_machine()}; seed {seed}\n")
    print(
        "| format | files | accepted | refused | slowest, s | memory, MB | crashes | hangs | other errors |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    rows = []
    for key in keys or (*PICTURES, *PALETTES):
        rows.append(fuzz(key, seed, count, first))
        print(rows[-1], flush=True)
        if keep:
            _keep(rows[-1], seed, keep)
    for row in rows:
        for number, error in row.others[:5]:
            print(f"\n{row.key} {number}: {error}")
    if any(row.crashes or row.hangs or row.others for row in rows):
        sys.exit(1)


def _keep(row: Row, seed: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in row.notable:
        (folder / f"{row.key}-{seed}-{number}").write_bytes(mutated(row.key, number, seed))


if __name__ == "__main__":
    main()
