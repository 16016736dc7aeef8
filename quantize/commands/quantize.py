"""``quantize PICTURE``: the main job, a picture in and an indexed PNG out."""

import time
from pathlib import Path
from typing import Any

import click

from quantize.commands.choices import choice_options, read_choices
from quantize.commands.first_use import PROGRAM, begin_first_use
from quantize.commands.making import Job, make_file
from quantize.commands.streams import FILE_OR_PIPE, check_is_png, check_place, place_output, read_input
from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.version import __version__


@click.command(
    PROGRAM,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Other jobs: quantize batch FOLDER reduces many pictures, "
    "quantize palette PICTURE takes a palette from it, quantize map PICTURE gives it the "
    "colours of another, quantize lut makes a look-up table of one, quantize compress PICTURE makes it "
    "smaller; see quantize palette --help and so on "
    "(a picture of such a name is written ./palette). "
    "Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@choice_options
@click.option("-o", "--output", type=FILE_OR_PIPE, metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced; - is standard output.  "
              "[default: PICTURE-K.png in the current folder]")  # fmt: skip
@click.option("--looks", is_flag=True, help="Measure how alike both look, too: SSIMULACRA2, and ΔE00 after a "
              "blur as an eye's.")  # fmt: skip
@click.option(
    "--rgba", is_flag=True, help="Keep all partial transparency: write an RGBA PNG, which is longer."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.version_option(package_name=None, version=__version__, prog_name=PROGRAM)
@click.pass_context
def quantize_command(
    context: click.Context, /, picture: Path, output: Path | None, fixed: str | None, order: str,
    looks: bool, rgba: bool, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Reduce PICTURE to K colours and write an indexed PNG; - reads standard input.

    Choices that are left out are the method's own. The same picture and choices give the same file.
    """
    started = time.perf_counter()
    settings, given = read_choices(context, fixed, order, choices)
    if rgba and settings.alpha != "hard":
        raise QuantizeError("rgba must go with alpha hard, got soft: an indexed file has soft edges then")
    output = place_output(output, picture, f"-{settings.n_colors}.png")
    check_is_png(output)
    begin_first_use()
    loaded = load_picture(read_input(picture))
    if given and given.path:
        check_place(output, given.path, "palette")
    notes = given.palette.notes if given else ()
    make_file(Job(picture, output, settings, started, order, looks, rgba, as_json, notes), loaded)
