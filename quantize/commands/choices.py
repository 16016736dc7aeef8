"""The choices of a result as options of the command line, for every command that takes them all."""

from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.commands.given import Given, read_given
from quantize.dithering.dither import DITHERS
from quantize.dithering.groups import list_in_words
from quantize.dithering.light import LIGHTS
from quantize.errors import QuantizeError
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.methods.task import STARTS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.presets import PRESETS
from quantize.settings import LIMITS, Settings, choose


def _limits(name: str) -> str:
    return f"{LIMITS[name].low:g} to {LIMITS[name].high:g}"


_OPTIONS = (
    click.option(
        "-k",
        "--colors",
        "n_colors",
        type=int,
        default=16,
        show_default=True,
        metavar="K",
        help=f"Colours to keep, {_limits('n_colors')}.",
    ),
    click.option(
        "--preset",
        metavar="PRESET",
        help="Choices that belong together; others that are given go before them.  "
        + "  ".join(f"{preset.key}: {preset.does}" for preset in PRESETS.values()),
    ),
    click.option(
        "--space",
        default="BGR",
        show_default=True,
        metavar="SPACE",
        help=f"Colour space in which distance is measured: {', '.join(SPACES)}.",
    ),
    click.option(
        "--method",
        default="kmeans",
        show_default=True,
        metavar="METHOD",
        help=f"How the colours are found: {', '.join(METHODS)}.",
    ),
    click.option(
        "--attempts",
        type=int,
        metavar="N",
        help=f"Runs from different starts, the best is kept; {_limits('attempts')}.",
    ),
    click.option("--max-iter", type=int, metavar="N", help=f"Most rounds of one run; {_limits('max_iter')}."),
    click.option(
        "--epsilon",
        type=float,
        metavar="E",
        help=f"Stop when no centre moves further, in 8-bit steps; {_limits('epsilon')}.",
    ),
    click.option("--init", metavar="START", help=f"Where the centres start: {', '.join(STARTS)}."),
    click.option(
        "--effort", metavar="EFFORT", help=f"How long our k-means tries to do better: {', '.join(EFFORTS)}."
    ),
    click.option("--seed", type=int, metavar="N", help="Of the random numbers in random starts."),
    click.option(
        "--keep",
        multiple=True,
        metavar="COLOUR",
        help="A colour that must be in the palette as it is, like '#c00000'; can be given again.",
    ),
    click.option(
        "--palette",
        "fixed",
        metavar="PALETTE",
        help="A palette file, a built-in palette's name, codes or another picture, as quantize map "
        "takes it: exactly its colours. K is then their number, and nothing is searched.",
    ),
    click.option(
        "--order",
        default="dark",
        show_default=True,
        metavar="ORDER",
        help=f"Order of the entries in the PNG: {', '.join(ENTRY_ORDERS)}. With file, those of the "
        "palette file or --keep as they are there, unused and doubled ones too.",
    ),
    click.option(
        "--rare",
        type=float,
        default=0.0,
        show_default=True,
        metavar="R",
        help="How much rare colours count, so that small regions keep theirs; 0 to 1.",
    ),
    click.option(
        "--dither",
        default="none",
        show_default=True,
        metavar="DITHER",
        help=f"How colours are mixed where none fits: {list_in_words()}.",
    ),
    click.option(
        "--strength",
        type=float,
        metavar="S",
        help=f"How much is dithered, {_limits('strength')}.  [default: 1]",
    ),
    click.option(
        "--light",
        metavar="LIGHT",
        help=f"Which light dithering averages: {', '.join(LIGHTS)}.  [default: encoded]",
    ),
    click.option(
        "--runs",
        type=float,
        metavar="R",
        help=f"How much runs of one colour are favoured, for smaller files; {_limits('runs')}, with "
        f"dither {', '.join(way.key for way in DITHERS.values() if way.runs)}.",
    ),
    click.option(
        "--alpha",
        default="hard",
        show_default=True,
        metavar="ALPHA",
        help=f"What becomes of partly transparent pixels: {', '.join(ALPHAS)}. With soft, entries may "
        "be partly transparent; one for what is fully transparent comes on top of K.",
    ),
)


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each choice, and ``read_choices`` what it needs: ``fixed``, ``order``.

    The others come under their names in ``Settings``.
    """
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_choices(
    context: click.Context, fixed: str | None, order: str, choices: dict[str, Any]
) -> tuple[Settings, Given | None]:
    """Make settings of options, and read the palette whose colours are all there shall be, if there is one.

    Raises
    ------
    QuantizeError
        If a choice is unknown, out of its limits or without effect, or the palette cannot be read.
    """
    ENTRY_ORDERS.find(order)
    given = _read_fixed(fixed, context)
    if choices["preset"] is not None:  # it goes before what nobody gave
        choices = {name: value for name, value in choices.items() if _is_given(context, name)}
    return choose(**choices, palette=given.palette.hexes if given else ()), given


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def _read_fixed(said: str | None, context: click.Context) -> Given | None:
    if said is None:
        return None
    if _is_given(context, "n_colors"):
        raise QuantizeError("-k has no effect with --palette: leave it out")
    return read_given(said)
