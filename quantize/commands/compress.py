"""The command line's ``compress PICTURES``: smaller files, by bytes, by looks, or shortest indexed PNGs."""

import time
from pathlib import Path
from typing import Any

import click

from quantize.commands.compress_places import Place, check_ending, find_places, place_as_it_came
from quantize.commands.compress_told import (
    Made,
    compare,
    describe_made,
    describe_table,
    told_figures,
    write_json,
)
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.streams import (
    FILE_OR_PIPE,
    is_pipe,
    read_input,
    read_place,
    tell,
    write_place,
)
from quantize.decoding.picture import load_picture, read_source
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.sizing.kinds import KINDS
from quantize.sizing.shrinking import Aim, shrink

_BYTES_OF_KB = 1000


def _read_output(_: click.Context, __: click.Parameter, given: str | None) -> Path | None:
    """Read where to write; nothing at all would be the current folder."""
    if given == "":
        raise QuantizeError("output must be a file or a folder, got an empty name; name one with -o")
    return None if given is None else read_place(given)


@click.command(
    "compress",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("pictures", type=FILE_OR_PIPE, nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=str), metavar="OUT", callback=_read_output,
              help="Where to write the file; of several pictures, the folder; - is standard output.  "
              "[default: PICTURE-small.png in the current folder]")  # fmt: skip
@click.option("--kb", type=float, metavar="N",
              help="At most N kB (of 1,000 bytes): what looks best in that.")  # fmt: skip
@click.option("--looks", type=float, metavar="S",
              help="At least SSIMULACRA2 S, up to 99: the shortest file that looks so near.  Without --kind "
              "a PNG-24 where 256 colours cannot.")  # fmt: skip
@click.option("--kind", metavar="KIND",
              help=f"Kind of file: {', '.join(f'{kind.key} {kind.title}' for kind in KINDS.values())}.  "
              "[default: png]")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K",
              help="Colours of kinds with a palette, where neither --kb nor --looks chooses them.  "
              "[default: 256]")  # fmt: skip
@click.option("--dither/--no-dither", "dithered", default=None,
              help="Likewise, whether they are mixed.  [default: --dither]")  # fmt: skip
@click.option("--follow", type=float, metavar="STEPS",
              help="Likewise, not dithered: let pixels take their neighbour's colour where it is at most so "
              "many 8-bit steps farther off than the nearest one.")  # fmt: skip
@click.option("--quick", is_flag=True,
              help="Leave out the last packing of indexed PNGs, which takes seconds for some per cent."
              )  # fmt: skip
@click.option("--table", is_flag=True,
              help="Write nothing: print what each kind of file costs, and mark what nothing beats."
              )  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def compress_command(
    pictures: tuple[Path, ...], output: Path | None, table: bool, as_json: bool, **choices: Any
) -> None:
    """Make smaller files of PICTURES: by default the shortest indexed PNGs of 256 colours, never longer.

    A single - as PICTURES reads standard input.
    """
    if table:
        _refuse_output(output)
        _refuse_two_pipes(pictures)
        figures = [compare(path) for path in pictures]
        click.echo(write_json(figures) if as_json else "\n\n".join(map(describe_table, figures)))
        return
    aim = _read_aim(**choices)
    places = find_places(pictures, output, aim)
    begin_first_use()
    made = [_make(place, aim) for place in places]
    end_first_use()
    for one in made:
        write_place(one.path, one.data, one.place.picture)
    figures = [one.figures for one in made]
    tell(write_json(figures) if as_json else describe_made(made), *(one.path for one in made))


def _refuse_output(output: Path | None) -> None:
    if output is not None:
        raise QuantizeError("a table writes no file: leave out -o or --table")


def _refuse_two_pipes(pictures: tuple[Path, ...]) -> None:
    if sum(map(is_pipe, pictures)) > 1:
        raise QuantizeError("standard input must be read once, got - twice: name files")


def _read_aim(
    kb: float | None, looks: float | None, kind: str | None, n_colors: int | None, dithered: bool | None,
    follow: float | None, quick: bool,
) -> Aim:  # fmt: skip
    asked = {"-k": n_colors, "--dither" if dithered else "--no-dither": dithered, "--follow": follow}
    if kb is not None and not 0.1 <= kb <= 1_000_000:
        raise QuantizeError(f"kb must be a number from 0.1 to 1,000,000, got {kb!r}")
    n_bytes = None if kb is None else int(kb * _BYTES_OF_KB)
    n_colors, steps = 256 if n_colors is None else n_colors, follow or 0.0
    mixed = not steps if dithered is None else dithered
    either = kind is None and looks is not None and n_bytes is None
    aim = Aim(kind or "png", n_bytes, looks, n_colors, mixed, steps, not quick, either)
    _refuse_idle(aim, asked)
    return aim


def _refuse_idle(aim: Aim, asked: dict[str, Any]) -> None:
    """Refuse options that would change nothing."""
    option = next((option for option, value in asked.items() if value is not None), None)
    if option is None:
        return
    if not KINDS[aim.kind].indexed:
        raise QuantizeError(
            f"{option} has no effect with kind {aim.kind}, which has no palette: leave it out"
        )
    chosen = "--kb" if aim.n_bytes is not None else "--looks" if aim.looks is not None else None
    if chosen:
        raise QuantizeError(f"{option} has no effect with {chosen}, which chooses it: leave one out")


def _make(place: Place, aim: Aim) -> Made:
    started = time.perf_counter()
    source = read_source(read_input(place.picture), MAX_BYTES)
    picture = load_picture(source)
    path, notes = place.output, list(picture.notes)
    if place.named:
        check_ending(path, aim, picture.format)
    found = shrink(picture, aim, source)
    if found.written is None:
        path, notes = place_as_it_came(place, aim, picture), []
    elif place.named:
        check_ending(path, aim)
    seconds = time.perf_counter() - started
    return Made(place, path, found.data, told_figures(place, path, picture, found, notes, seconds))
