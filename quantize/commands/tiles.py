"""The command line's ``tiles PICTURE``: several small palettes, one for each tile, as consoles have."""

import json
import time
from pathlib import Path
from typing import Any

import click

from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.output import Output, check_outputs, default_output, printable, write_files
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from quantize.tiles.cutting import parse_tile
from quantize.tiles.files import describe_tiles, write_entries, write_map, write_picture
from quantize.tiles.machines import MACHINES
from quantize.tiles.tiled import Tiled, tile_picture


@click.command(
    "tiles",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Where to write the indexed PNG, its entries palette after palette; an older file there "
              "is replaced.  [default: PICTURE-tiles.png in the current folder]")  # fmt: skip
@click.option("--machine", metavar="NAME",
              help=f"What a machine allows, which other options change: {', '.join(MACHINES)}.")  # fmt: skip
@click.option("--tile", metavar="WxH", help="Pixels of a tile.  [default: 8x8]")
@click.option("--palettes", metavar="P",
              help='How many small palettes; "own": one for every tile, of the colours of --palette.  '
              "[default: 4]")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K",
              help="Colours of one, what is transparent or shared among them.  [default: 4]")  # fmt: skip
@click.option("--shared/--no-shared", default=None,
              help="Whether the first colour is the same in all.")  # fmt: skip
@click.option("--levels", type=int, metavar="N",
              help="Values that red, green and blue may have.  [default: 256]")  # fmt: skip
@click.option("--palette", "said", metavar="FILE|NAME|CODES",
              help="All colours that there are: a built-in palette, a file or codes.")  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--map", "map_file", type=click.Path(path_type=Path), metavar="OUT.json",
              help="Write the small palettes, and which tile has which.")  # fmt: skip
@click.option("--pal", "pal_file", type=click.Path(path_type=Path), metavar="OUT.pal",
              help="Write all entries as a JASC palette, in the order of the PNG.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def tiles_command(
    picture: Path, output: Path | None, map_file: Path | None, pal_file: Path | None, as_json: bool,
    **choices: Any,
) -> None:  # fmt: skip
    """Give every tile of PICTURE one of a few small palettes, with as little error as can be found."""
    started = time.perf_counter()
    space = choices.pop("space")
    asked, given = _read_choices(**choices)
    output = output or default_output(picture, "-tiles.png")
    if output.suffix.lower() != ".png":
        raise QuantizeError(f"output must end in .png, got {printable(output)}")
    check_outputs(
        {"-o": output, "--map": map_file, "--pal": pal_file}, picture, given.path if given else None
    )
    begin_first_use()
    loaded = load_picture(read_input(picture))
    end_first_use()
    tiled = tile_picture(loaded, space=space, **asked)
    png = write_picture(tiled, loaded.dpi)
    made = [Output(output, png)]
    if map_file:
        made.append(Output(map_file, write_map(tiled), "--map"))
    if pal_file:
        made.append(Output(pal_file, write_entries(tiled), "--pal"))
    write_files(made, picture)
    figures = _figures(loaded, tiled, len(png), time.perf_counter() - started)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, output, figures))


def _read_choices(
    machine: str | None, tile: str | None, palettes: str | None, n_colors: int | None, shared: bool | None,
    levels: int | None, said: str | None,
) -> tuple[dict[str, Any], Given | None]:  # fmt: skip
    """Read what a machine allows, and what was said besides; and the palette, if there is one."""
    asked: dict[str, Any] = {}
    if machine is not None:
        found = MACHINES.find(machine.lower())
        asked = {"tile": found.tile, "n_palettes": found.n_palettes, "n_colors": found.n_colors,
                 "shared": found.shared, "levels": found.levels}  # fmt: skip
        said = found.table if said is None else said
    if palettes is not None:
        asked["n_palettes"] = _parse_number(palettes)
    others = {"n_colors": n_colors, "shared": shared, "levels": levels}
    asked |= {key: value for key, value in others.items() if value is not None}
    if tile is not None:
        asked["tile"] = parse_tile(tile)
    given = None if said is None else read_given(said)
    if given is not None and levels is not None:
        raise QuantizeError("levels has no effect with a palette of all colours that there are: leave it out")
    if given is not None:
        asked["table"] = given.palette
    return asked, given


def _parse_number(said: str) -> int | None:
    if said.strip().lower() == "own":
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        raise QuantizeError(f'palettes must be a whole number or "own", got {said[:60]!r}')
    return int(said)


def _figures(picture: Picture, tiled: Tiled, size: int, seconds: float) -> dict[str, Any]:
    height, width = tiled.indices.shape
    visible = picture.opacity.n_visible
    made = describe_tiles(tiled)
    return {
        "width": width,
        "height": height,
        "tile": made["tile"],
        "tiles": tiled.chosen.shape[::-1],
        "n_palettes": len(tiled.sets),
        "n_colors": int(tiled.sets.shape[1]),
        "n_colors_before": picture.n_colors,
        "mse": tiled.sse / visible,
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "palettes": made["palettes"],
        "notes": [*picture.notes, *tiled.notes],
    }


def _describe(picture: Path, output: Path, figures: dict[str, Any]) -> str:
    across, down = figures["tiles"]
    plural = "" if figures["n_palettes"] == 1 else "s"
    colors = "one colour" if figures["n_colors_before"] == 1 else f"{figures['n_colors_before']:,} colours"
    lines = [
        shown_way(picture, output),
        f"{across}×{down} tiles of {figures['tile'][0]}×{figures['tile'][1]} pixels, "
        f"{figures['n_palettes']} palette{plural} of {figures['n_colors']}",
        f"{colors} before, MSE {figures['mse']:.2f}",
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
