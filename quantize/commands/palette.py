"""The command line's ``palette PICTURE``: a palette to look at, or as a file for another program."""

import json
from pathlib import Path
from typing import Any

import click

from quantize.colors.spaces import SPACES
from quantize.commands.output import check_output, default_output, printable, write_whole
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.palettes.facts import nearest_css_names, oklch_css
from quantize.palettes.order import ORDERS, sort_palette
from quantize.palettes.pairs import merge_similar
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.settings import LIMITS
from quantize.swatches.formats import FORMATS, Format, find_format, format_of_name, write_palette


@click.command(
    "palette",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("-k", "--colors", "n_colors", type=int, default=6, show_default=True, metavar="K",
              help=f"Colours wanted, {LIMITS['n_colors'].low:g} to {LIMITS['n_colors'].high:g}.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.ase",
              help="Palette file to write; its ending says the format.")  # fmt: skip
@click.option("--format", "format_key", metavar="FORMAT",
              help=f"Format of the file: {', '.join(FORMATS)}. Without -o the file is PICTURE-K and the "
              "format's ending (-palette.png for png), in the current folder.")  # fmt: skip
@click.option("--space", default="LAB", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option(
    "--keep", multiple=True, metavar="COLOUR",
    help="A colour that must be in the palette as it is, like '#c00000'; can be given again.",
)  # fmt: skip
@click.option("--rare", type=float, default=0.0, show_default=True, metavar="R",
              help="How much rare colours count, so that small regions keep theirs; 0 to 1.")  # fmt: skip
@click.option("--merge", type=float, metavar="DELTA_E",
              help="Merge colours that differ by up to so much ΔE00; 2 merges what looks alike.")  # fmt: skip
@click.option("--sort", default="share", show_default=True, metavar="ORDER",
              help=f"Order of the colours: {', '.join(ORDERS)}.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the palette as JSON.")
def palette_command(
    picture: Path, output: Path | None, format_key: str | None, merge: float | None, sort: str, as_json: bool,
    **choices: Any,
) -> None:  # fmt: skip
    """Take a palette of K colours from PICTURE.

    Prints each colour, its share of the picture and the nearest CSS name, or writes a palette file.
    """
    format_ = _format(output, format_key)
    loaded = load_picture(picture)
    if format_ and output is None:
        # Not the name of the picture that ``quantize PICTURE`` writes.
        kind = "-palette" if format_.extension == ".png" else ""
        output = default_output(picture, f"-{choices['n_colors']}{kind}{format_.extension}")
    if output:
        check_output(output, picture)
    result = quantize_image(loaded, **choices)
    palette = Palette.from_counts(result.palette, result.counts)
    if merge is not None:
        palette = merge_similar(palette, merge)
    palette = sort_palette(palette, sort)
    if output and format_:
        write_whole(output, write_palette(palette, format_.key), picture)
    notes = [*loaded.notes, *result.notes]
    if as_json:
        click.echo(
            json.dumps({"space": choices["space"], **_figures(palette), "notes": notes}, ensure_ascii=False)
        )
    else:
        click.echo("\n".join(_lines(palette, picture, output) + [f"note: {note}" for note in notes]))


def _format(output: Path | None, key: str | None) -> Format | None:
    """Find the format that was asked for, by key or else by the file's ending; None if no file is wanted."""
    if key:
        return find_format(key)
    if output is None:
        return None
    if found := format_of_name(output.name):
        return found
    raise QuantizeError(
        f"output must end like a palette file, got {output.name}; "
        f"say with --format which it is, one of {', '.join(FORMATS)}"
    )


def _lines(palette: Palette, picture: Path, output: Path | None) -> list[str]:
    if output:
        return [f"{printable(picture)} → {printable(output)}", f"{len(palette)} colours"]
    rows = zip(palette.hexes, _shares(palette), nearest_css_names(palette.colors), strict=True)
    return [f"{code}  {100 * share:5.1f} %  {name}" for code, share, name in rows]


def _shares(palette: Palette) -> list[float]:
    return [] if palette.shares is None else palette.shares.tolist()


def _figures(palette: Palette) -> dict[str, Any]:
    columns = {
        "hex": palette.hexes,
        "rgb": palette.colors.tolist(),
        "oklch": oklch_css(palette.colors),
        "share": _shares(palette),
        "css_name": nearest_css_names(palette.colors),
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {"n_colors": len(palette), "palette": rows}
