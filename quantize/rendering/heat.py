"""A colour scale for differences, and pictures of differences on it.

Even steps of Oklab lightness from dark to light, so that equal steps of difference look equal, also to
people who see colours differently; the hue runs from violet over red to yellow, as in the viewer's error map.

Source: B. Ottosson, "A perceptual color space for image processing", 2020 (Oklab).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES
from quantize.rendering.encode import encode_png

TOPS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Where a scale may end, in ΔE00."""

# One fewer than an indexed PNG can hold: transparent pixels need an entry.
_LEVELS = 255
_CHROMA_STEP = 0.002


@cache
def heat_colors() -> NDArray[np.uint8]:
    """Return the scale from no difference to the largest, uint8 (255, 3) sRGB, read-only."""
    colors = np.array([_heat_color(part) for part in np.linspace(0, 1, _LEVELS)])
    colors.setflags(write=False)
    return colors


def _heat_color(part: float) -> NDArray[np.uint8]:
    """Give a colour as much chroma as sRGB has room for, so that no channel is cut off and the lightness
    stays true.
    """
    lightness, hue = 0.2 + 0.77 * part, np.deg2rad(300 + 165 * part)
    most = 0.02 + 0.18 * np.sin(np.pi * part)
    chroma = np.arange(most, 0, -_CHROMA_STEP)
    rows = np.stack([np.full_like(chroma, lightness), chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    oklab = SPACES["Oklab"]
    srgb = oklab.to_srgb(rows.astype(np.float32))
    # What sRGB cannot show is clipped on the way there, so it does not come back.
    kept = np.abs(oklab.to_working(srgb) - rows).max(axis=1) < 1e-3
    return np.rint(srgb[np.argmax(kept)]).astype(np.uint8)


def choose_top(difference: NDArray[np.float32], share: float = 0.99) -> float:
    """Choose the smallest of TOPS that ``share`` of the values do not exceed; the last one if none is."""
    least = float(np.quantile(difference, share))
    return next((top for top in TOPS if top >= least), TOPS[-1])


def heat_png(difference: NDArray[np.float32], top: float, alpha: NDArray[np.uint8] | None = None) -> bytes:
    """Draw differences as an indexed PNG.

    Parameters
    ----------
    difference : float32, shape (h, w)
        ΔE00, at least 0; what exceeds ``top`` looks like ``top``.
    top : float
        Where the scale ends, above 0.
    alpha : uint8, shape (h, w), optional
        The picture's transparency, kept.
    """
    levels = np.minimum(np.rint(difference * ((_LEVELS - 1) / top)), _LEVELS - 1).astype(np.uint8)
    return encode_png(heat_colors(), levels, alpha, optimize=False)
