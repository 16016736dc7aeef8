"""Families of colour that people have words for: "dark greens", "light greys".

By Oklab hue, lightness and chroma, whose hues stay put where CIE LAB's blues turn to violet. The borders are
conventions for a sentence, not measurements.
"""

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES

# Oklab hue in degrees where each family ends; the first begins where the last ends.
_HUES = (
    *((12, "pinks"), (40, "reds"), (80, "oranges"), (118, "yellows"), (162, "greens")),
    *((222, "blue-greens"), (282, "blues"), (315, "violets"), (345, "magentas")),
)
_GREY_CHROMA = 0.025
_DARK, _LIGHT = 0.45, 0.8

# People call a dark orange brown.
_RENAMED = {"dark oranges": "dark browns", "oranges": "browns", "light oranges": "light oranges"}


def _names() -> tuple[str, ...]:
    plain = [name for _, name in _HUES] + ["greys"]
    named = [f"{shade}{name}" for shade in ("dark ", "", "light ") for name in plain]
    return tuple(_RENAMED.get(name, name) for name in named)


FAMILIES = _names()
"""The families' names, in the plural."""


def find_families(colors: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Say of which of FAMILIES each colour is.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB. ``n`` may be 0.

    Returns
    -------
    intp, shape (n,)
        Rows of FAMILIES.
    """
    lightness, a, b = SPACES["Oklab"].to_working(colors).T
    hue = np.rad2deg(np.arctan2(b, a)) % 360
    sector = np.searchsorted([end for end, _ in _HUES], hue, side="right") % len(_HUES)
    sector = np.where(np.hypot(a, b) < _GREY_CHROMA, len(_HUES), sector)
    shade = np.searchsorted([_DARK, _LIGHT], lightness, side="right")
    return shade * (len(_HUES) + 1) + sector
