"""The command line's ``lut --palette …``: a palette as a look-up table for programs that grade pictures."""

from pathlib import Path

import click

from quantize.colors.spaces import SPACES
from quantize.commands.given import read_given
from quantize.commands.output import check_output, printable, write_whole
from quantize.errors import QuantizeError
from quantize.palettes.lut import make_lut
from quantize.rendering.luts import LUT_FORMATS, LutFormat, check_size, write_lut

_BLENDS = (
    "programs blend between nodes, so that colours between two entries can appear where they meet; "
    "a larger size makes them fewer"
)


def _each(words: str) -> str:
    return ", ".join(words.format(kind) for kind in LUT_FORMATS.values())


@click.command(
    "lut",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.option("--palette", "said", required=True, metavar="PALETTE",
              help="A built-in palette's name, a palette file, codes, or a picture: as quantize map takes "
              "it.")  # fmt: skip
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT.cube",
              help="File to write; its ending says the kind: "
              f"{_each('{0.extension} is a {0.title}')}.")  # fmt: skip
@click.option("--size", type=int, metavar="N",
              help="Nodes along an axis, like 17, 33 or 65; of a Hald CLUT a square number.  "
              f"[default: {_each('{0.usual} ({0.extension})')}]")  # fmt: skip
@click.option("--smooth", is_flag=True,
              help="Blend entries, so that gradients stay; else the nearest is taken.")  # fmt: skip
@click.option("--keep-lightness", is_flag=True,
              help="With --smooth: take hue and chroma of the palette, not its lightness.")  # fmt: skip
@click.option("--space", metavar="SPACE",
              help=f"Without --smooth: colour space of the nearest: {', '.join(SPACES)}.  "
              "[default: BGR]")  # fmt: skip
def lut_command(
    said: str, output: Path, size: int | None, smooth: bool, keep_lightness: bool, space: str | None
) -> None:
    """Write a look-up table that gives any picture the colours of a palette."""
    kind = _kind(output)
    if smooth and space:
        raise QuantizeError("space has no effect with smooth: leave it out")
    size = kind.usual if size is None else size
    check_size(kind, size)
    given = read_given(said)
    check_output(output, given.path, "palette")
    lut = make_lut(
        given.palette.colors, size, smooth=smooth, keep_lightness=keep_lightness, space=space or "BGR"
    )  # fmt: skip
    data = write_lut(lut, kind.key, given.name)
    write_whole(output, data, given.path)
    notes = [*given.palette.notes, *([] if smooth else [_BLENDS])]
    click.echo(f"{printable(given.name)} → {printable(output)}")
    click.echo(f"{kind.title}, {size} × {size} × {size} nodes, {len(data):,} bytes")
    for note in notes:
        click.echo(f"note: {note}")


def _kind(output: Path) -> LutFormat:
    for kind in LUT_FORMATS.values():
        if output.name.lower().endswith(kind.extension):
            return kind
    endings = " or ".join(kind.extension for kind in LUT_FORMATS.values())
    raise QuantizeError(f"output must end in {endings}, got {printable(output)}")
