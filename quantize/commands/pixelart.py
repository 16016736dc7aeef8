"""The command line's ``pixelart PICTURE``: pixel art that was enlarged or generated, at its true size."""

import json
import math
import re
import time
from pathlib import Path
from typing import Any

import click

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.output import check_output, default_output, printable, write_whole
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError, shown
from quantize.pixelart.restoring import MOST_COLORS, PICKS, Restored, enlarge_art, restore_art
from quantize.rendering.encode import encode_png
from quantize.settings import LIMITS


@click.command(
    "pixelart",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced.  "
              "[default: PICTURE-pixels.png in the current folder]")  # fmt: skip
@click.option("--cell", metavar="WxH",
              help="Pixels of a cell, across and down, like 8x8 or 3.7x3.7; found if left out.")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, default=MOST_COLORS, show_default=True, metavar="K",
              help=f"Colours at most, {LIMITS['n_colors'].low:g} to {LIMITS['n_colors'].high:g}, chosen over "
              "the cells.")  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--pick", default="mode", show_default=True, metavar="PICK",
              help="Colour of a cell: mode, which most of its middle has or is like, or median.")  # fmt: skip
@click.option("--scale", type=int, default=1, show_default=True, metavar="N",
              help="Write each cell as N×N pixels.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def pixelart_command(
    picture: Path, output: Path | None, cell: str | None, n_colors: int, space: str, pick: str, scale: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Make real pixel art of PICTURE, which was enlarged, blurred or generated: a pixel for each cell.

    The grid is found, however large its cells are and wherever they begin. Pixels are opaque or gone.
    """
    started = time.perf_counter()
    PICKS.find(pick)
    LIMITS["n_colors"].check("k", n_colors)
    size = None if cell is None else parse_cell(cell)
    output = output or default_output(picture, "-pixels.png")
    if output.suffix.lower() != ".png":
        raise QuantizeError(f"output must end in .png, got {printable(output)}")
    check_output(output, picture)
    begin_first_use()
    loaded = load_picture(picture)
    end_first_use()
    restored = restore_art(loaded, cell=size, pick=pick, n_colors=n_colors, space=space)
    result = restored.result
    alpha = None if result.alpha is None else enlarge_art(result.alpha, scale)
    png = encode_png(result.palette, enlarge_art(result.indices, scale), alpha, optimize=True)
    write_whole(output, png, picture)
    figures = _figures(loaded, restored, scale, len(png), time.perf_counter() - started)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, output, figures))


def parse_cell(said: str) -> tuple[float, float]:
    """Read how large a cell is: "8x8", "3.7x3.7", or "8" for both.

    Raises
    ------
    QuantizeError
        If it is nothing of that.
    """
    words = re.split(r"[x×]", said.strip().lower())
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(math.isfinite(number) for number in numbers):
        raise QuantizeError(f"cell must be width x height in pixels, like 8x8 or 3.7x3.7, got {shown(said)}")
    return numbers[0], numbers[-1]


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
        f"{printable(picture)} → {printable(output)}",
        f"{figures['cells'][0]}×{figures['cells'][1]} cells of {across:.4g}×{down:.4g} pixels, "
        f"{figures['n_colors_before']:,} → {figures['n_colors']:,} colour{plural}",
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
