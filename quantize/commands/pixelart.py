"""The command line's ``pixelart PICTURE``: pixel art that was enlarged or generated, at its true size."""

import json
import time
from pathlib import Path
from typing import Any

import click

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.output import check_outputs, default_output, printable, write_whole
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from quantize.pixelart.choices import MOST_COLORS, PICKS, parse_cell
from quantize.pixelart.files import write_art
from quantize.pixelart.restoring import Restored, restore_art
from quantize.settings import LIMITS


@click.command(
    "pixelart",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced.  "
              "[default: PICTURE-pixels.png in the current folder]")  # fmt: skip
@click.option("--cell", metavar="WxH",
              help="Pixels of a cell, across and down, like 8x8 or 3.7x3.7; found if left out.")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K",
              help=f"Colours at most, {LIMITS['n_colors'].low:g} to {LIMITS['n_colors'].high:g}, chosen over "
              f"the cells.  [default: {MOST_COLORS}]")  # fmt: skip
@click.option("--palette", "said", metavar="FILE|NAME|CODES",
              help="Exactly these colours instead: a built-in palette, a file or codes.")  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--pick", default="mode", show_default=True, metavar="PICK",
              help="Colour of a cell: mode, which most of its middle has or is like, or median.")  # fmt: skip
@click.option("--scale", type=int, default=1, show_default=True, metavar="N",
              help="Write each cell as N×N pixels.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def pixelart_command(
    picture: Path, output: Path | None, cell: str | None, n_colors: int | None, said: str | None, space: str,
    pick: str, scale: int, as_json: bool,
) -> None:  # fmt: skip
    """Make real pixel art of PICTURE, which was enlarged, blurred or generated: a pixel for each cell.

    The grid is found, however large its cells are and wherever they begin. Pixels are opaque or gone.
    """
    started = time.perf_counter()
    PICKS.find(pick)
    if scale < 1:  # before the grid is looked for, which may not be there
        raise QuantizeError(f"scale must be a whole number of at least 1, got {scale}")
    size = None if cell is None else parse_cell(cell)
    asked, given = _read_colors(n_colors, said)
    output = output or default_output(picture, "-pixels.png")
    if output.suffix.lower() != ".png":
        raise QuantizeError(f"output must end in .png, got {printable(output)}")
    check_outputs({"-o": output}, picture, given.path if given else None)
    begin_first_use()
    loaded = load_picture(read_input(picture))
    end_first_use()
    restored = restore_art(loaded, cell=size, pick=pick, space=space, **asked)
    png = write_art(restored, scale)
    write_whole(output, png, picture)
    figures = _figures(loaded, restored, scale, len(png), time.perf_counter() - started)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, output, figures))


def _read_colors(n_colors: int | None, said: str | None) -> tuple[dict[str, Any], Given | None]:
    """Read how many colours there should be, or which."""
    if said is None:
        asked = MOST_COLORS if n_colors is None else n_colors
        LIMITS["n_colors"].check("k", asked)
        return {"n_colors": asked}, None
    if n_colors is not None:
        raise QuantizeError("k has no effect with a palette of exactly these colours: leave it out")
    given = read_given(said)
    return {"palette": tuple(given.palette.hexes)}, given


def _figures(picture: Picture, restored: Restored, scale: int, size: int, seconds: float) -> dict[str, Any]:
    grid, result = restored.grid, restored.result
    return {
        "width": grid.size[0] * scale,
        "height": grid.size[1] * scale,
        "cells": grid.size,
        "cell": grid.period,
        "first": (int(grid.columns[0]), int(grid.rows[0])),
        "n_colors": len(result.palette),
        "n_colors_before": picture.n_colors,
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "palette": hex_colors(result.palette),
        "notes": [*picture.notes, *restored.notes],
    }


def _describe(picture: Path, output: Path, figures: dict[str, Any]) -> str:
    across, down = figures["cell"]
    plural = "" if figures["n_colors"] == 1 else "s"
    lines = [
        shown_way(picture, output),
        f"{figures['cells'][0]}×{figures['cells'][1]} cells of {across:.4g}×{down:.4g} pixels, "
        f"{figures['n_colors_before']:,} → {figures['n_colors']:,} colour{plural}",
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
