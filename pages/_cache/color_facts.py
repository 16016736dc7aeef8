"""What can be said of a palette's colours apart from any picture, gathered for the palette page."""

from dataclasses import dataclass

import numpy as np

from quantize.colors.hexadecimal import hex_colors
from quantize.palettes.facts import contrast_ratios, nearest_css_names, oklch_css
from quantize.palettes.vision import VISIONS, LookAlike, find_look_alikes, simulate_vision


@dataclass(frozen=True, eq=False)
class ColorFacts:
    """Facts about k colours.

    Attributes
    ----------
    oklch, css_names : list of str
        For each colour.
    ratios : float64, shape (k, k)
        Contrast of every pair.
    seen : tuple of (str, list of str)
        Every vision's key and the colours, "#rrggbb", as it sees them.
    look_alikes : list of LookAlike
        Pairs that a vision takes for one.
    """

    oklch: list[str]
    css_names: list[str]
    ratios: np.ndarray
    seen: tuple[tuple[str, list[str]], ...]
    look_alikes: list[LookAlike]


def find_facts(colors: np.ndarray) -> ColorFacts:
    """Gather them for uint8 (k, 3), k <= 256."""
    return ColorFacts(
        oklch_css(colors),
        nearest_css_names(colors),
        contrast_ratios(colors),
        tuple((key, hex_colors(simulate_vision(colors, key))) for key in VISIONS),
        find_look_alikes(colors),
    )
