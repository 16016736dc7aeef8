"""What can be chosen about pixel art, apart from what finds it: the size of cells, how a colour is taken."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from quantize.errors import QuantizeError, shown
from quantize.records import Records

MOST_COLORS = 256
"""Of an indexed PNG: what restored pixel art may have if nobody asks for fewer."""


@dataclass(frozen=True)
class Pick:
    """How the colour of a cell is taken."""

    key: str
    title: str


PICKS = Records("pick", (Pick("mode", "Most frequent"), Pick("median", "Median")))


def parse_cell(said: str) -> tuple[float, float]:
    """Read how large a cell is: "8x8", "3.7x3.7", or "8" for both.

    Raises
    ------
    QuantizeError
        If it is nothing of that.
    """
    words = re.split(r"[x×]", said.strip().lower())
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(math.isfinite(number) for number in numbers):
        raise QuantizeError(f"cell must be width x height in pixels, like 8x8 or 3.7x3.7, got {shown(said)}")
    return numbers[0], numbers[-1]
