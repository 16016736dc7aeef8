"""HTML of the page about pixel art: small palettes as rows of swatches."""

from collections.abc import Sequence

import numpy as np

from quantize.tiles.files import describe_tiles
from quantize.tiles.tiled import Tiled

MOST_SETS = 64
"""Small palettes that are shown; where every tile has its own there may be thousands."""


def draw_sets(tiled: Tiled) -> str:
    """Draw the small palettes that most tiles have, each with its number and its share of them."""
    made, times = (
        describe_tiles(tiled)["palettes"],
        np.bincount(tiled.chosen.ravel(), minlength=len(tiled.sets)),
    )
    shown = range(len(made)) if len(made) <= MOST_SETS else np.argsort(-times, kind="stable")[:MOST_SETS]
    rows = (
        f'<div class="cq-set" role="listitem"><span>{number}</span><b>{_swatches(made[number])}</b>'
        f"{times[number]:,}</div>"
        for number in map(int, shown)
    )
    return f'<div class="cq-sets" role="list" aria-label="Small palettes">{"".join(rows)}</div>'


def _swatches(codes: Sequence[str | None]) -> str:
    """Draw the colours of a palette, each once."""
    return "".join(
        f'<i title="{code}" style="background:{code}"></i>'
        if code
        else '<i class="cq-clear" title="clear"></i>'
        for code in dict.fromkeys(codes)
    )
