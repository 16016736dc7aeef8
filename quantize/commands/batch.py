"""The command line's ``batch INPUTS… -o DIR``: many pictures, each as ``quantize PICTURE`` makes it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quantize.commands.batch_run import PALETTE_NAME, Run, Wish
from quantize.commands.choices import choice_options, read_choices
from quantize.commands.given import read_given
from quantize.commands.output import check_output, printable
from quantize.errors import QuantizeError
from quantize.settings import choose
from quantize.threads import thread_count

if TYPE_CHECKING:
    from quantize.batch.remote import Place


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
    such. The tree of folders is kept: of one folder alone what is in it goes into DIR, of several each keeps
    its name. Hidden files and links to folders are left out.
    """
    from quantize.batch.remote import as_place, check_reach
    from quantize.batch.report import check_report
    from quantize.batch.running import check_jobs

    started = time.perf_counter()
    jobs = check_jobs(thread_count() if jobs is None else jobs)
    wish = _read_wish(context, fixed, order, one_palette, extend, weigh, choices)
    if rgba and wish.settings.alpha != "hard":
        raise QuantizeError("rgba must go with alpha hard, got soft: an indexed file has soft edges then")
    palette_path, folder = wish.given.path if wish.given else None, as_place(output)
    check_reach(folder)
    if report:
        check_report(report)
        check_output(report, palette_path, "palette", "--report")
        inside = isinstance(folder, Path) and folder.absolute() in report.absolute().parents
        if not report.parent.is_dir() and not inside:
            raise QuantizeError(f"report must be in a folder that is there, got {printable(report)}")
    if one_palette and palette_path and isinstance(folder, Path):
        check_output(folder / PALETTE_NAME, palette_path, "palette")
    run = Run(folder, wish, order, rgba, jobs, resume, dask)
    others: list[Place] = [folder / PALETTE_NAME] * one_palette + ([report] if report else [])
    if not run.find(inputs, others, keep_endings) and run.n_failed:
        return 2
    run.do()
    if report:
        run.report(report)
    click.echo("\n".join(run.describe(time.perf_counter() - started)))
    return 1 if run.n_failed else 0


def _read_wish(
    context: click.Context, fixed: str | None, order: str, one: bool, extend: bool, weigh: str | None,
    choices: dict[str, Any],
) -> Wish:  # fmt: skip
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
    return Wish(settings, older or given, one, weigh or "pixels")
