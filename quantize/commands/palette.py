"""The command line's ``palette FILE``: a palette to look at, or as a file for another program."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.streams import (
    FILE_OR_PIPE,
    check_place,
    place_output,
    read_input,
    shown_input,
    shown_way,
    tell,
    write_place,
)
from quantize.decoding.formats import picture_format
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.limits import MAX_PALETTE_BYTES
from quantize.palettes.facts import nearest_css_names, oklch_css
from quantize.palettes.order import ORDERS, sort_palette
from quantize.palettes.pairs import merge_similar
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.settings import LIMITS
from quantize.swatches.formats import (
    FORMATS,
    Format,
    find_format,
    format_of_name,
    is_palette,
    read_palette,
    write_palette,
)  # fmt: skip


@click.command(
    "palette",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", metavar="FILE", type=FILE_OR_PIPE)
@click.option("-k", "--colors", "n_colors", type=int, default=6, show_default=True, metavar="K",
              help=f"Colours wanted, {LIMITS['n_colors'].low:g} to {LIMITS['n_colors'].high:g}.")  # fmt: skip
@click.option("-o", "--output", type=FILE_OR_PIPE, metavar="OUT.ase",
              help="Palette file to write; its ending says the format.  - is standard output, with "
              "--format.")  # fmt: skip
@click.option("--format", "format_key", metavar="FORMAT",
              help=f"Format of the file: {', '.join(FORMATS)}. Without -o the file is FILE-K and the "
              "format's ending (-palette.png for png), in the current folder; of "
              "standard input it goes to standard output.")  # fmt: skip
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
@click.option("--sort", metavar="ORDER",
              help=f"Order of the colours: {', '.join(ORDERS)}. If not given by share, or as the file has "
              "it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the palette as JSON.")
@click.pass_context
def palette_command(
    context: click.Context, /, picture: Path, output: Path | None, format_key: str | None,
    merge: float | None, sort: str | None, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Take a palette of K colours from a picture, or read a palette file.

    Prints each colour, its share of the picture or its name in the file, and the nearest CSS name, or writes
    a palette file. The options -k, --space, --keep and --rare are for pictures. FILE - reads standard
    input.
    """
    format_ = _format(output, format_key)
    source = read_input(picture)
    data = _palette_data(source, picture.name)
    if format_ and output is None:
        # Not the name of the picture that ``quantize PICTURE`` writes.
        kind = "-palette" if format_.extension == ".png" else ""
        number = f"-{choices['n_colors']}" if data is None else ""
        output = place_output(output, picture, f"{number}{kind}{format_.extension}")
    if data is None:
        palette, notes = _take(source, picture, output, choices)
        said = {"space": choices["space"]}
    else:
        _refuse(context, picture, choices)
        if output:
            check_place(output, picture)
        palette, said = read_palette(data, picture.name), {}
        notes = list(palette.notes)
    if merge is not None:
        palette = merge_similar(palette, merge)
    if sort or data is None:
        palette = sort_palette(palette, sort or "share")
    if output and format_:
        write_place(output, write_palette(palette, format_.key), picture)
    if as_json:
        tell(json.dumps({**said, **_figures(palette), "notes": notes}, ensure_ascii=False), output)
    else:
        tell("\n".join(_lines(palette, picture, output) + [f"note: {note}" for note in notes]), output)


def _take(
    source: Path | bytes, picture: Path, output: Path | None, choices: dict[str, Any]
) -> tuple[Palette, list[str]]:
    """Take the palette of a picture, and notes; a bad output is told before the work."""
    begin_first_use()
    loaded = load_picture(source)
    if output:
        check_place(output, picture)
    end_first_use()
    result = quantize_image(loaded, **choices)
    return Palette.from_counts(result.palette, result.counts), [*loaded.notes, *result.notes]


def _palette_data(source: Path | bytes, name: str) -> bytes | None:
    """Read a palette file; None for a picture, and for what cannot be read."""
    data = source if isinstance(source, bytes) else _read_short(source)
    if data is None or len(data) > MAX_PALETTE_BYTES:
        return None
    return data if not picture_format(data) and is_palette(data, name) else None


def _read_short(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_PALETTE_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _refuse(context: click.Context, path: Path, choices: Iterable[str]) -> None:
    """Say that a choice for pictures was given for a palette file."""
    given = [name for name in choices if context.get_parameter_source(name) is not ParameterSource.DEFAULT]
    if given:
        option = "-k" if given[0] == "n_colors" else f"--{given[0]}"
        raise QuantizeError(
            f"{option} must be given for a picture, got the palette {shown_input(path.name)}: leave it out"
        )


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
        return [
            shown_way(picture, output),
            f"{len(palette)} colours",
        ]
    css = nearest_css_names(palette.colors)
    if palette.shares is None:
        names = palette.names or css
        return [f"{code}  {name}".rstrip() for code, name in zip(palette.hexes, names, strict=True)]
    rows = zip(palette.hexes, palette.shares.tolist(), css, strict=True)
    return [f"{code}  {100 * share:5.1f} %  {name}" for code, share, name in rows]


def _figures(palette: Palette) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {
        "hex": palette.hexes,
        "rgb": palette.colors.tolist(),
        "oklch": oklch_css(palette.colors),
        "css_name": nearest_css_names(palette.colors),
    }
    if palette.shares is not None:
        columns["share"] = palette.shares.tolist()
    if palette.names is not None:
        columns["name"] = list(palette.names)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {"n_colors": len(palette), "palette": rows}
