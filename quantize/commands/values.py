"""What options of the command line take, where that is a table: for shells that finish words."""

from collections.abc import Iterable, Mapping
from copy import copy

import click
from click.shell_completion import CompletionItem

from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.methods.task import STARTS
from quantize.numbers.layout import NUMERALS, ORIENTATIONS, OUTLINES, PAPERS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.palettes.order import ORDERS
from quantize.palettes.tables import read_tables
from quantize.panels.fitting import FITS
from quantize.panels.table import PANELS
from quantize.patterns.kinds import KINDS as MATERIALS
from quantize.pixelart.choices import PICKS
from quantize.presets import PRESETS
from quantize.sizing.kinds import KINDS
from quantize.swatches.formats import FORMATS
from quantize.teaching.ways import WAYS
from quantize.tiles.machines import MACHINES

VALUES: Mapping[str, Iterable[str]] = {
    "--alpha": ALPHAS,
    "--as": WAYS,
    "--dither": DITHERS,
    "--effort": EFFORTS,
    "--fit": FITS,
    "--format": FORMATS,
    "--init": STARTS,
    "--light": LIGHTS,
    "--machine": MACHINES,
    "--method": METHODS,
    "--numerals": NUMERALS,
    "--order": ENTRY_ORDERS,
    "--orientation": ORIENTATIONS,
    "--outline": OUTLINES,
    "--panel": PANELS,
    "--paper": PAPERS,
    "--pick": PICKS,
    "--preset": PRESETS,
    "--sort": ORDERS,
    "--space": SPACES,
    "chart --kind": MATERIALS,
    "compress --kind": KINDS,
}
"""By option, or by command and option where commands differ."""

PALETTE = "--palette"
"""The option that takes a file, too."""


class _Values(click.ParamType[str]):
    """Offers values, and takes what is there."""

    name = "text"

    def __init__(self, values: Iterable[str], files: bool) -> None:
        self._values, self._files = list(values), files

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the values that a word may become, upper or lower case, and files if they may stand here."""
        begun = incomplete.casefold()
        found = [CompletionItem(value) for value in self._values if value.casefold().startswith(begun)]
        return [*found, CompletionItem(incomplete, type="file")] if self._files else found


def with_values(command: click.Command) -> click.Command:
    """Return a command that offers what its options take; to finish words, not to be run."""
    made = copy(command)
    made.params = [_offering(command.name or "", param) for param in command.params]
    return made


def _offering(command: str, param: click.Parameter) -> click.Parameter:
    names = [name for option in param.opts for name in (option, f"{command} {option}")]
    values = (
        read_tables() if PALETTE in names else next((VALUES[name] for name in names if name in VALUES), None)
    )
    if values is None or (isinstance(param, click.Option) and param.is_flag):
        return param
    made = copy(param)
    made.type = _Values(values, files=PALETTE in names)
    return made
