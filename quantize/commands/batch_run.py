"""One run of the command line's ``batch``: what is read, who does it, what became of it and is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from quantize.commands.first_use import PROGRAM, begin_first_use, end_first_use
from quantize.commands.given import Given
from quantize.commands.many import ended, say_found, tell_failed, tell_missing, watch
from quantize.commands.output import Output, printable, write_files
from quantize.decoding.frames import lost_frames
from quantize.settings import Settings

if TYPE_CHECKING:
    from quantize.batch.converting import Row
    from quantize.batch.crew import Crew
    from quantize.batch.places import Step
    from quantize.batch.record import Record
    from quantize.batch.remote import Place

PALETTE_NAME = "palette.gpl"
"""Of the file of one palette, beside the results, as in ``batch.sharing``."""

Done = TypeVar("Done")


@dataclass(frozen=True, eq=False)
class Wish:
    """Choices, and what there is to be said of one palette: whether, what it extends, how pictures weigh."""

    settings: Settings
    given: Given | None
    one: bool
    weigh: str


class Run:
    """One run: what is read, what became of it.

    Parameters
    ----------
    folder : Place
        Where results go.
    wish : Wish
        How they are made.
    order : str
        A key of ``ENTRY_ORDERS``.
    rgba : bool
        Whether all partial transparency is kept.
    jobs : int
        Pictures under way at once; of a cluster for this run, its processes.
    resume : bool
        Whether results of an earlier run are kept.
    dask : str or None
        Address of a scheduler, or "local"; None for threads of this process.
    """

    def __init__(
        self, folder: Place, wish: Wish, order: str, rgba: bool, jobs: int, resume: bool, dask: str | None
    ) -> None:
        self._folder, self._wish, self._jobs, self._resume, self._dask = folder, wish, jobs, resume, dask
        self._order, self._rgba = order, rgba
        self._steps: list[Step] = []
        self._rows: list[Row] = []
        self._notes: list[str] = []
        self.n_failed = 0

    def find(self, inputs: Sequence[str], others: Sequence[Place], keep_endings: bool) -> int:
        """Find what is read and where results go, and return how many pictures that are."""
        from quantize.batch.inputs import find_sources
        from quantize.batch.places import place_results
        from quantize.batch.record import Record

        found = find_sources(inputs, self._folder, Record(self._folder).names)
        self._steps = place_results(found.sources, self._folder, keep_endings=keep_endings, others=others)
        for path, reason in found.problems:
            self._fail(str(path), reason)
        self._notes += say_found(found)
        return len(self._steps)

    def do(self) -> None:
        """Do it all."""
        from quantize.batch.files import StoppedError
        from quantize.batch.record import Record

        with self._gather() as crew, self._hold():
            record = Record(self._folder)
            try:
                self._convert(record, crew)
            except StoppedError as error:
                self.n_failed += 1
                click.echo(f"{PROGRAM}: {printable(str(error))}", err=True)
            finally:
                record.tidy()

    @contextmanager
    def _gather(self) -> Iterator[Crew]:
        """Make those ready who do the work."""
        if self._dask is None:
            from quantize.batch.crew import Here

            begin_first_use()
            with Here(self._jobs) as here:
                end_first_use()
                yield here
            return
        from quantize.batch.cluster import Cluster
        from quantize.batch.connecting import connect

        with connect(self._dask, self._jobs) as client:
            yield Cluster(client)

    @contextmanager
    def _hold(self) -> Iterator[None]:
        """Keep others out of the folder, where that can be, and what is half written."""
        from quantize.batch.files import hold_folder, sweep_parts

        if not isinstance(self._folder, Path):
            yield
            return
        with hold_folder(self._folder):
            folders = {step.output.parent for step in self._steps if isinstance(step.output, Path)}
            sweep_parts(folders | {self._folder})
            try:
                yield
            finally:
                if self._dask is not None:  # of workers that died
                    sweep_parts(folders | {self._folder})

    def _convert(self, record: Record, crew: Crew) -> None:
        from quantize.batch.converting import How

        if not self._steps:
            return
        settings = self._share(record, crew) if self._wish.one else self._wish.settings
        if settings is None:
            return
        how = How(settings, self._order, self._rgba)
        made = crew.convert(self._steps, how, record, self._resume)
        with ended(made):
            for row in watch("Writing", len(self._steps), made):
                self._add(row)

    def _share(self, record: Record, crew: Crew) -> Settings | None:
        """Find one palette and write it; return choices with it, or nothing if no picture can be read."""
        from quantize.batch import sharing
        from quantize.batch.summing import ColorSum

        wish, palette = self._wish, None
        settings, older = wish.settings, wish.given.palette if wish.given else None
        if self._resume:
            digests = crew.digest(self._steps)
            key = sharing.palette_key(self._watch("Looking", digests), settings, wish.weigh, older)
            palette = sharing.find_kept(key, record)
        if palette is None:
            total = ColorSum(wish.weigh)
            looked = self._watch("Counting", crew.count(self._steps, total))
            if all(one.error for one in looked):
                for one in looked:
                    self._add(sharing.refused_row(one))
                return None
            palette = sharing.find_shared(total, settings, older)
            key = sharing.palette_key(looked, settings, wish.weigh, older)
            sharing.keep_palette(palette, key, self._folder, record)
        self._notes += [f"note: {note}" for note in palette.notes]
        colors = "one colour" if len(palette) == 1 else f"{len(palette)} colours"
        self._notes.append(f"note: all have the {colors} of {PALETTE_NAME}")
        return sharing.settings_with(settings, palette)

    def _watch(self, label: str, made: Iterator[Done]) -> list[Done]:
        with ended(made):
            return list(watch(label, len(self._steps), made))

    def _add(self, row: Row) -> None:
        self._rows.append(row)
        if row.status == "failed":
            self._fail(row.input, row.error)
        tell_missing(row.input, row.notes)

    def _fail(self, path: str, reason: str) -> None:
        self.n_failed += 1
        tell_failed(path, reason)

    def report(self, path: Path) -> None:
        """Write the report."""
        from quantize.batch.report import write_report

        content = write_report(self._rows, path.suffix.lower())
        write_files([Output(path, content, "--report")], None)

    def describe(self, seconds: float) -> list[str]:
        """Say what became of all."""
        done = [row for row in self._rows if row.status != "failed"]
        kept = sum(row.status == "kept" for row in done)
        before, after = (sum(getattr(row, name) for row in done) for name in ("bytes_in", "bytes_out"))
        pictures = f"{len(done):,} picture{'s' * (len(done) != 1)}"
        also = [f"{kept:,} of them kept from before"] * (kept > 0) + [f"{self.n_failed:,} failed"] * (
            self.n_failed > 0
        )
        lines = [
            f"{pictures} → {printable(str(self._folder))}" + "".join(f", {one}" for one in also),
        ]
        if done:
            rate = f"{len(done) / max(1e-9, seconds):,.1f} a second"
            lines.append(f"{before:,} → {after:,} bytes, {seconds:.1f} s, {rate}")
        moving = sum(lost_frames(row.notes) is not None for row in done)
        if moving:
            self._notes.append(f"note: of {moving:,} with several frames or pages only the first was read")
        return lines + self._notes
