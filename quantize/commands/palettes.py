"""The command line's ``palettes INPUTS…``: the palette of every picture of many, and which are alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.many import ended, say_found, tell_failed, tell_missing, watch
from quantize.commands.output import Output, check_output, printable, write_files
from quantize.errors import QuantizeError
from quantize.settings import LIMITS, Settings, choose
from quantize.threads import thread_count

if TYPE_CHECKING:
    from quantize.batch.distance import Pair
    from quantize.batch.inputs import Source
    from quantize.batch.remote import Place
    from quantize.batch.taking import Taken

MOST_COMPARED = 5_000
"""Palettes of which the nearest are sought: 12 million pairs."""


@click.command(
    "palettes",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Ends with exit code 0 if all went well, 1 if a picture could not be read (each is one line, and "
    "the rest goes on), 2 if nothing was begun.",
)
@click.argument("inputs", nargs=-1, required=True, metavar="FOLDER...")
@click.option("-k", "--colors", "n_colors", type=int, default=6, show_default=True, metavar="K",
              help=f"Colours, {LIMITS['n_colors'].low:g} to {LIMITS['n_colors'].high:g}.")  # fmt: skip
@click.option("--space", default="LAB", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.csv|OUT.json",
              help="Where to write the table; without it, it is printed.")  # fmt: skip
@click.option("--sheet", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Draw a contact sheet, too: every picture over its palette.")  # fmt: skip
@click.option("--pairs", type=int, default=10, show_default=True, metavar="N",
              help="How many pairs of palettes that are nearest to each other to name; their distance is the "
              "mean ΔE00 from each colour to the nearest of the other palette.")  # fmt: skip
@click.option("--jobs", type=int, metavar="N",
              help="Pictures under way, and so in memory, at once; results are the same.  "
              "[default: processors]")  # fmt: skip
def palettes_command(
    inputs: tuple[str, ...], n_colors: int, space: str, output: Path | None, sheet: Path | None, pairs: int,
    jobs: int | None,
) -> int:  # fmt: skip
    """Take a palette of K colours from every picture in FOLDER, and find out which look alike.

    FOLDER is a folder with all that is in it; files and patterns such as 'photos/**/*.jpg' will do, too.
    """
    from quantize.batch.running import check_jobs

    settings, jobs = (
        choose(n_colors=n_colors, space=space),
        check_jobs(thread_count() if jobs is None else jobs),
    )
    if pairs < 0:
        raise QuantizeError(f"pairs must be at least 0, got {pairs}")
    sources, problems, notes = _find(inputs)
    _check(output, sheet, sources)
    for path, reason in problems:
        tell_failed(str(path), reason)
    if problems and not sources:
        return 2
    taken = _take(sources, settings, jobs, views=sheet is not None)
    nearest = _compare(taken, pairs, notes)
    files = _make_files(taken, nearest, output, sheet)
    write_files(files, None)
    lines = [] if output else [f"{_name(one)}  {' '.join(_codes(one))}" for one in taken]
    lines += [f"{printable(file.path)}: {len(taken):,} palettes" for file in files]
    lines += [f"ΔE00 {pair.distance:5.2f}  {_name(taken[pair.first])}  {_name(taken[pair.second])}"
              for pair in nearest]  # fmt: skip
    if lines or notes:
        click.echo("\n".join([*lines, *notes]))
    return 1 if problems or len(taken) < len(sources) else 0


def _find(inputs: tuple[str, ...]) -> tuple[list[Source], list[tuple[Place, str]], list[str]]:
    from quantize.batch.inputs import find_sources

    found = find_sources(inputs, None)
    return found.sources, found.problems, say_found(found)


def _check(output: Path | None, sheet: Path | None, sources: Sequence[Source]) -> None:
    """Refuse files that cannot be written, or would replace what is read."""
    from quantize.batch.palette_files import MOST_ON_SHEET, WRITERS

    if output and output.suffix.lower() not in WRITERS:
        raise QuantizeError(f"output must end in {' or '.join(WRITERS)}, got {printable(output)}")
    if sheet and sheet.suffix.lower() != ".png":
        raise QuantizeError(f"sheet must end in .png, got {printable(sheet)}")
    if sheet and len(sources) > MOST_ON_SHEET:
        raise QuantizeError(
            f"sheet must hold at most {MOST_ON_SHEET} pictures, got {len(sources):,}: name fewer, or no sheet"
        )
    read = {source.path.resolve() for source in sources if isinstance(source.path, Path)}
    for option, path in {"-o": output, "--sheet": sheet}.items():
        if path is not None:
            check_output(path, path if path.resolve() in read else None, option=option)


def _take(sources: Sequence[Source], settings: Settings, jobs: int, *, views: bool) -> list[Taken]:
    """Take all palettes that can be taken; a line for each other picture."""
    from quantize.batch.taking import take_palettes
    from quantize.decoding.worker import Workers

    begin_first_use()
    workers, taken = Workers(jobs), []
    end_first_use()
    try:
        made = take_palettes(sources, settings, workers, jobs, views=views)
        with ended(made):
            for one in watch("Taking", len(sources), made):
                if one.palette is None:
                    tell_failed(str(one.source.path), one.error)
                else:
                    taken.append(one)
                    tell_missing(str(one.source.path), one.notes)
    finally:
        workers.stop()
    return taken


def _compare(taken: Sequence[Taken], pairs: int, notes: list[str]) -> list[Pair]:
    from quantize.batch.distance import nearest_pairs

    if len(taken) > MOST_COMPARED and pairs:
        notes.append(f"note: nearest pairs are sought among {MOST_COMPARED:,} pictures at most")
        return []
    return nearest_pairs([one.palette.colors for one in taken if one.palette], pairs) if pairs else []


def _make_files(
    taken: Sequence[Taken], nearest: Sequence[Pair], output: Path | None, sheet: Path | None
) -> list[Output]:
    from quantize.batch.palette_files import WRITERS, draw_sheet

    files = []
    if output:
        files.append(Output(output, WRITERS[output.suffix.lower()](taken, nearest)))
    if sheet and taken:
        colors = f"{len(taken):,} pictures" if len(taken) > 1 else "1 picture"
        files.append(Output(sheet, draw_sheet(taken, f"Palettes of {colors}"), "--sheet"))
    return files


def _name(one: Taken) -> str:
    return printable(one.source.place.as_posix())


def _codes(one: Taken) -> list[str]:
    return one.palette.hexes if one.palette else []
