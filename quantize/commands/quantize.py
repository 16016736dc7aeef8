"""``quantize PICTURE``: the main job, a picture in and an indexed PNG out."""

import time
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.commands.first_use import PROGRAM, begin_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.making import Job, make_file
from quantize.commands.output import check_output, default_output
from quantize.decoding.picture import load_picture
from quantize.dithering.dither import DITHERS
from quantize.dithering.groups import list_in_words
from quantize.dithering.light import LIGHTS
from quantize.errors import QuantizeError
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.methods.task import STARTS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.presets import PRESETS
from quantize.settings import LIMITS, choose


def _limits(name: str) -> str:
    return f"{LIMITS[name].low:g} to {LIMITS[name].high:g}"


@click.command(
    PROGRAM,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Other jobs: quantize palette PICTURE takes a palette from it, quantize map PICTURE gives it the "
    "colours of another, quantize lut makes a look-up table of one, quantize compress PICTURE makes it "
    "smaller; see quantize palette --help and so on "
    "(a picture of such a name is written ./palette). "
    "Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("-k", "--colors", "n_colors", type=int, default=16, show_default=True, metavar="K",
              help=f"Colours to keep, {_limits('n_colors')}.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced.  "
              "[default: PICTURE-K.png in the current folder]")  # fmt: skip
@click.option("--preset", metavar="PRESET",
              help="Choices that belong together; others that are given go before them.  "
              + "  ".join(f"{preset.key}: {preset.does}" for preset in PRESETS.values()))  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--method", default="kmeans", show_default=True, metavar="METHOD",
              help=f"How the colours are found: {', '.join(METHODS)}.")  # fmt: skip
@click.option("--attempts", type=int, metavar="N",
              help=f"Runs from different starts, the best is kept; {_limits('attempts')}.")  # fmt: skip
@click.option("--max-iter", type=int, metavar="N", help=f"Most rounds of one run; {_limits('max_iter')}.")
@click.option("--epsilon", type=float, metavar="E",
              help=f"Stop when no centre moves further, in 8-bit steps; {_limits('epsilon')}.")  # fmt: skip
@click.option("--init", metavar="START", help=f"Where the centres start: {', '.join(STARTS)}.")
@click.option("--effort", metavar="EFFORT",
              help=f"How long our k-means tries to do better: {', '.join(EFFORTS)}.")  # fmt: skip
@click.option("--seed", type=int, metavar="N", help="Of the random numbers in random starts.")
@click.option(
    "--keep", multiple=True, metavar="COLOUR",
    help="A colour that must be in the palette as it is, like '#c00000'; can be given again.",
)  # fmt: skip
@click.option("--palette", "fixed", metavar="PALETTE",
              help="A palette file, a built-in palette's name, codes or another picture, as quantize map "
              "takes it: exactly its colours. K is then their number, and nothing is searched.")  # fmt: skip
@click.option("--order", default="dark", show_default=True, metavar="ORDER",
              help=f"Order of the entries in the PNG: {', '.join(ENTRY_ORDERS)}. With file, those of the "
              "palette file or --keep as they are there, unused and doubled ones too.")  # fmt: skip
@click.option("--rare", type=float, default=0.0, show_default=True, metavar="R",
              help="How much rare colours count, so that small regions keep theirs; 0 to 1.")  # fmt: skip
@click.option("--dither", default="none", show_default=True, metavar="DITHER",
              help=f"How colours are mixed where none fits: {list_in_words()}.")  # fmt: skip
@click.option("--strength", type=float, metavar="S",
              help=f"How much is dithered, {_limits('strength')}.  [default: 1]")  # fmt: skip
@click.option("--light", metavar="LIGHT",
              help=f"Which light dithering averages: {', '.join(LIGHTS)}.  [default: encoded]")  # fmt: skip
@click.option("--runs", type=float, metavar="R",
              help=f"How much runs of one colour are favoured, for smaller files; {_limits('runs')}, with "
              f"dither {', '.join(way.key for way in DITHERS.values() if way.runs)}.")  # fmt: skip
@click.option("--alpha", default="hard", show_default=True, metavar="ALPHA",
              help=f"What becomes of partly transparent pixels: {', '.join(ALPHAS)}. With soft, entries may "
              "be partly transparent; one for what is fully transparent comes on top of K.")  # fmt: skip
@click.option("--looks", is_flag=True, help="Measure how alike both look, too: SSIMULACRA2, and ΔE00 after a "
              "blur as an eye's.")  # fmt: skip
@click.option(
    "--rgba", is_flag=True, help="Keep all partial transparency: write an RGBA PNG, which is longer."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.version_option(package_name=None, version="0.1.0", prog_name=PROGRAM)
@click.pass_context
def quantize_command(
    context: click.Context, picture: Path, output: Path | None, fixed: str | None, order: str,
    looks: bool, rgba: bool, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Reduce PICTURE to K colours and write an indexed PNG.

    Choices that are left out are the method's own. The same picture and choices give the same file.
    """
    started = time.perf_counter()
    ENTRY_ORDERS.find(order)  # before the work is done
    given = _fixed(fixed, context)
    if choices["preset"] is not None:  # it goes before what nobody gave
        choices = {name: value for name, value in choices.items() if _is_given(context, name)}
    settings = choose(**choices, palette=given.palette.hexes if given else ())
    if rgba and settings.alpha != "hard":
        raise QuantizeError("rgba must go with alpha hard, got soft: an indexed file has soft edges then")
    begin_first_use()
    loaded = load_picture(picture)
    output = output or default_output(picture, f"-{settings.n_colors}.png")
    if given and given.path:
        check_output(output, given.path, "palette")
    notes = given.palette.notes if given else ()
    make_file(Job(picture, output, settings, started, order, looks, rgba, as_json, notes), loaded)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def _fixed(said: str | None, context: click.Context) -> Given | None:
    """Read the palette whose colours are all there shall be, if there is one."""
    if said is None:
        return None
    if _is_given(context, "n_colors"):
        raise QuantizeError("-k has no effect with --palette: leave it out")
    return read_given(said)
