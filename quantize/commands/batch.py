"""The command line's ``batch INPUTS… -o DIR``: many pictures, each as ``quantize PICTURE`` makes it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quantize.commands.choices import choice_options, read_choices
from quantize.commands.first_use import PROGRAM, begin_first_use, end_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.many import ended, say_found, tell_failed, tell_missing, watch
from quantize.commands.output import Output, check_output, printable, write_files
from quantize.decoding.frames import lost_frames
from quantize.errors import QuantizeError
from quantize.settings import Settings, choose
from quantize.threads import thread_count

if TYPE_CHECKING:
    from quantize.batch.converting import Row
    from quantize.batch.crew import Crew
    from quantize.batch.places import Step
    from quantize.batch.record import Record
    from quantize.batch.remote import Place

PALETTE_NAME = "palette.gpl"
"""Of the file of one palette, beside the results, as in ``batch.sharing``."""

Done = TypeVar("Done")


@click.command(
    "batch",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Ends with exit code 0 if all went well, 1 if a picture could not be read or written (each is one "
    "line, and the rest goes on), 2 if nothing was begun.",
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUTS...")
@click.option("-o", "--output", "output", required=True, metavar="DIR",
              help="Folder for the indexed PNGs, or its URL (s3://bucket/folder); older files of their names "
              "there are replaced.")  # fmt: skip
@choice_options
@click.option(
    "--rgba", is_flag=True, help="Keep all partial transparency: write RGBA PNGs, which are longer."
)
@click.option("--one-palette", is_flag=True,
              help="Find one palette for all pictures together, undithered, and give each its colours; it is "
              f"written to DIR/{PALETTE_NAME}.")  # fmt: skip
@click.option("--extend", is_flag=True,
              help="With --one-palette and --palette: its colours come first, as they are, and new ones fill "
              "what is left of K.")  # fmt: skip
@click.option("--weigh", metavar="WEIGH",
              help="What counts alike in one palette: pixels, or pictures, however large.  "
              "[default: pixels]")  # fmt: skip
@click.option("--keep-endings", is_flag=True,
              help="Write a.jpg.png instead of a.png, so that a.jpg and a.png both stay.")  # fmt: skip
@click.option("--resume", is_flag=True,
              help="Keep results of an earlier run that are there, unchanged, and would come out the "
              "same.")  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE",
              help="Write what became of every picture, as .csv or .json.")  # fmt: skip
@click.option("--jobs", type=int, metavar="N",
              help="Pictures under way, and so in memory, at once; results are the same.  "
              "[default: processors]")  # fmt: skip
@click.option("--dask", metavar="ADDRESS|local",
              help="Do it on a Dask cluster: the address of its scheduler (tcp://host:8786), or local for "
              "one of --jobs processes. Results are the same. Needs the extra batch.")  # fmt: skip
@click.pass_context
def batch_command(
    context: click.Context, /, inputs: tuple[str, ...], output: str, fixed: str | None, order: str,
    rgba: bool, one_palette: bool, extend: bool, weigh: str | None, keep_endings: bool, resume: bool,
    report: Path | None, jobs: int | None, dask: str | None, **choices: Any,
) -> int:  # fmt: skip
    """Reduce many pictures to K colours each, or to one palette, and write indexed PNGs.

    INPUTS are files, folders with all that is in them, and patterns such as 'photos/**/*.jpg', or URLs of
    such. The tree of
    folders is kept: of one folder alone what is in it goes into DIR, of several each keeps its name. Hidden
    files and links to folders are left out.
    """
    from quantize.batch.remote import as_place
    from quantize.batch.report import check_report
    from quantize.batch.running import check_jobs

    started = time.perf_counter()
    jobs = check_jobs(thread_count() if jobs is None else jobs)
    wish = _read_wish(context, fixed, order, one_palette, extend, weigh, choices)
    if rgba and wish.settings.alpha != "hard":
        raise QuantizeError("rgba must go with alpha hard, got soft: an indexed file has soft edges then")
    palette_path, folder = wish.given.path if wish.given else None, as_place(output)
    if report:
        check_report(report)
        check_output(report, palette_path, "palette", "--report")
        inside = isinstance(folder, Path) and folder.absolute() in report.absolute().parents
        if not report.parent.is_dir() and not inside:
            raise QuantizeError(f"report must be in a folder that is there, got {printable(report)}")
    if one_palette and palette_path and isinstance(folder, Path):
        check_output(folder / PALETTE_NAME, palette_path, "palette")
    run = _Run(folder, wish, order, rgba, jobs, resume, dask)
    others: list[Place] = [folder / PALETTE_NAME] * one_palette + ([report] if report else [])
    if not run.find(inputs, others, keep_endings) and run.n_failed:
        return 2
    run.do()
    if report:
        run.report(report)
    click.echo("\n".join(run.describe(time.perf_counter() - started)))
    return 1 if run.n_failed else 0


@dataclass(frozen=True, eq=False)
class _Wish:
    """Choices, and what there is to be said of one palette: whether, what it extends, how pictures weigh."""

    settings: Settings
    given: Given | None
    one: bool
    weigh: str


def _read_wish(
    context: click.Context, fixed: str | None, order: str, one: bool, extend: bool, weigh: str | None,
    choices: dict[str, Any],
) -> _Wish:  # fmt: skip
    from quantize.batch.sharing import check_shared
    from quantize.batch.summing import WEIGHS

    if not one and (extend or weigh is not None):
        raise QuantizeError(
            f"{'extend' if extend else 'weigh'} has no effect without --one-palette: leave it out"
        )
    if extend and fixed is None:
        raise QuantizeError("extend must go with an older palette: name it with --palette")
    WEIGHS.find(weigh or "pixels")
    older = read_given(fixed) if extend and fixed is not None else None
    settings, given = read_choices(context, None if extend else fixed, order, choices)
    if older and len(older.palette) > settings.n_colors:
        raise QuantizeError(
            f"colors must be at least those of the palette that is extended, {len(older.palette)}, got "
            f"{settings.n_colors}: ask for more with -k"
        )
    if older:
        settings = choose(settings, keep=(*older.palette.hexes, *settings.keep))
    if one:
        check_shared(settings)
    return _Wish(settings, older or given, one, weigh or "pixels")


class _Run:
    """One run: what is read, what became of it."""

    def __init__(
        self, folder: Place, wish: _Wish, order: str, rgba: bool, jobs: int, resume: bool, dask: str | None
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
