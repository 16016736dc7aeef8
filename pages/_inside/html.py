"""HTML of the page that shows k-means at work: palettes in pairs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.measuring.comparison import Pair

STYLE = """
<style>
.in-pairs { display: grid; gap: 0.5rem 0.4rem; max-width: 60rem;
  grid-template-columns: repeat(auto-fill, minmax(3.2rem, 1fr)); }
.in-pairs figure { margin: 0; }
.in-pairs i { display: block; height: 1.9rem; box-shadow: inset 0 0 0 1px #8883; }
.in-pairs figcaption { font-size: 0.8rem; text-align: center; opacity: 0.8; }
</style>
"""


def tick_pills(key: str, numbers: Sequence[int]) -> str:
    """Ticks before the pills of these numbers, from 1 on: a label that changed would be another choice."""
    group = f".st-key-{key} [role=radiogroup]"
    pills = ", ".join(f"{group} button:nth-of-type({number}) p::before" for number in numbers)
    return f'<style>{pills or f"{group} none"} {{ content: "✓ "; }}</style>'


def draw_pairs(pairs: Sequence[Pair], first: NDArray[np.uint8], second: NDArray[np.uint8]) -> str:
    """Entries of two palettes, uint8 (k, 3), that belong together, one over the other."""
    above, below = hex_colors(first), hex_colors(second)
    tiles = "".join(
        f'<figure title="{above[pair.first]}, {below[pair.second]}">'
        f'<i style="background:{above[pair.first]}"></i><i style="background:{below[pair.second]}"></i>'
        f"<figcaption>{pair.delta_e_00:.1f}</figcaption></figure>"
        for pair in pairs
    )
    return f'<div class="in-pairs">{tiles}</div>'
