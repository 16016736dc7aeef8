"""The command line's ``map PICTURE --palette …``: a picture in the colours of a palette, and no others."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from quantize.colors.spaces import SPACES
from quantize.colors.strangers import find_strangers, require_fit
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import MOST, read_given
from quantize.commands.making import Job, make_file
from quantize.commands.streams import FILE_OR_PIPE, check_is_png, check_place, place_output, read_input
from quantize.decoding.picture import Picture, load_picture
from quantize.dithering.groups import list_in_words
from quantize.dithering.light import LIGHTS
from quantize.errors import QuantizeError
from quantize.measuring.far import FAR, find_far_colors, share_far
from quantize.palettes.best import choose_entries
from quantize.palettes.palette import MAX_ENTRIES, Palette
from quantize.palettes.tables import read_tables
from quantize.settings import LIMITS, choose


def _show_tables(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    tables = read_tables().values()
    wide = max(len(table.key) for table in tables)
    for table in tables:
        click.echo(f"{table.key:<{wide}}  {table.title}, {len(table)} entries. {table.source}")
    context.exit()


@click.command(
    "map",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("--palette", "said", required=True, metavar="PALETTE",
              help="A built-in palette's name such as pico-8, a palette file, codes such as '#c00000,#fff', "
              "or another picture, whose colours are meant. A file of a built-in palette's name is written "
              "./pico-8.")  # fmt: skip
@click.option("--tables", is_flag=True, is_eager=True, expose_value=False, callback=_show_tables,
              help="List the built-in palettes with their sources, and end.")  # fmt: skip
@click.option("-o", "--output", type=FILE_OR_PIPE, metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced; - is standard output.  "
              "[default: PICTURE-PALETTE.png in the current folder]")  # fmt: skip
@click.option("--best", type=int, metavar="N",
              help="Use the N of its colours that serve this picture best, 1 to 256, and list them with "
              "their names; the palette may then have up to 4,096.")  # fmt: skip
@click.option("--strict", is_flag=True,
              help="Fail if a visible pixel's colour is not in the palette, and say where.")  # fmt: skip
@click.option("--keep-order", is_flag=True,
              help="Entries of the PNG keep their numbers, unused and doubled ones too; else they go from "
              "dark to light.")  # fmt: skip
@click.option("--space", metavar="SPACE",
              help=f"Colour space in which the nearest is meant: {', '.join(SPACES)}.  "
              "[default: BGR]")  # fmt: skip
@click.option("--dither", default="none", show_default=True, metavar="DITHER",
              help=f"How colours are mixed where none fits: {list_in_words()}.")  # fmt: skip
@click.option("--strength", type=float, metavar="S",
              help=f"How much is dithered, {LIMITS['strength'].low:g} to {LIMITS['strength'].high:g}.  "
              "[default: 1]")  # fmt: skip
@click.option("--light", metavar="LIGHT",
              help=f"Which light dithering averages: {', '.join(LIGHTS)}.  [default: encoded]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def map_command(
    picture: Path, said: str, output: Path | None, best: int | None, strict: bool, keep_order: bool,
    as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Give PICTURE the colours of a palette, exactly these and no others, and write an indexed PNG.

    PICTURE - reads standard input.

    Every pixel gets the entry nearest to it, or one near it with a dithering.
    """
    started = time.perf_counter()
    _check(choices)
    space = choices["space"] = choices["space"] or "BGR"
    if best is not None:
        LIMITS["n_colors"].check("best", best)
    given = read_given(said, MAX_ENTRIES if best else MOST)
    output = place_output(output, picture, f"-{given.name}.png")
    check_is_png(output)
    begin_first_use()
    loaded, palette = load_picture(read_input(picture)), given.palette
    end_first_use()
    if best:
        palette = palette.take(choose_entries(loaded.cells, palette.colors, best, space=space))
    settings = choose(**choices, palette=palette.hexes)
    check_place(output, given.path, "palette")
    if strict:
        require_fit(find_strangers(loaded.pixels, palette.colors, loaded.alpha, loaded.color_set))
    order = "file" if keep_order else "dark"
    names = _names(palette) if best else None
    notes = (*palette.notes, *_far_notes(loaded, palette))
    more: dict[str, Any] = {"exact": strict, "as_json": as_json, "notes": notes, "names": names}
    make_file(Job(picture, output, settings, started, order, **more), loaded)


def _check(choices: Mapping[str, Any]) -> None:
    """Tell what is wrong with choices before the work."""
    given = {name: value for name, value in choices.items() if value is not None}
    settings = choose(**given, palette="#000")
    if "space" in given and not settings.heeds_space:
        raise QuantizeError(f"space has no effect with dither {settings.dither}: leave it out")


def _far_notes(picture: Picture, palette: Palette) -> tuple[str, ...]:
    """Say how much of a picture has colours that no entry comes near, if any."""
    share = share_far(picture.color_set, find_far_colors(picture.color_set, palette.colors))
    much = f"{100 * share:.1f} %" if share >= 0.001 else "less than 0.1 %"
    said = f"{much} of the pixels have a colour that no entry comes near (ΔE00 above {FAR:g})"
    return (said,) if share else ()


def _names(palette: Palette) -> dict[str, str]:
    """Return the name of every colour; of one that stands twice, the first."""
    pairs = zip(palette.hexes, palette.names or palette.hexes, strict=True)
    return {code: "" if name == code else name for code, name in reversed(list(pairs))}
