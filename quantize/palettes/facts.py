"""Facts about colours: CSS strings, the nearest CSS name, contrast.

Sources: CSS Color Module Level 4 (named colours, ``oklch()``); Web Content Accessibility Guidelines
2.2, "relative luminance", "contrast ratio" and success criteria 1.4.3, 1.4.6 and 1.4.11.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES, decode_srgb
from quantize.palettes.palette import check_paired

CONTRAST_LEVELS: Mapping[str, float] = MappingProxyType({"AA large": 3.0, "AA": 4.5, "AAA": 7.0})
"""Least contrast ratio of each level: "AA" and "AAA" for text; "AA large" for text from 24 px (bold
from 18.66 px) and for icons and controls. Large text passes AAA at 4.5."""

# Relative luminance of the sRGB primaries, as WCAG rounds them
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])

# Decimals of lightness, chroma and hue: a few suffice for most colours, and the last ones for every one.
_DECIMALS = ((1, 3, 1), (1, 4, 1), (2, 4, 2), (3, 5, 2), (4, 6, 3))

# So near to an 8-bit value, in its steps, everybody rounds to it, however they reckon.
_SURE = 0.45

# Rows compared with all names at once: keeps the table of differences small for large palettes.
_ROWS = 256


def oklch_css(colors: NDArray[np.uint8]) -> list[str]:
    """Write colours as CSS ``oklch(L% C H)``.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB.

    Returns
    -------
    list of str
        Each with as few decimals as give the same 8-bit colour again, clipped to sRGB as browsers do. Greys
        have chroma and hue 0.
    """
    lightness, a, b = SPACES["Oklab"].to_working(colors).astype(np.float64).T
    chroma, hue = np.hypot(a, b), np.rad2deg(np.arctan2(b, a)) % 360
    chroma[np.ptp(colors, axis=1) == 0] = 0
    hue[chroma == 0] = 0
    exact, written = np.stack([100 * lightness, chroma, hue], 1), np.empty((len(colors), 3))
    left = np.full(len(colors), True)
    for decimals in _DECIMALS:
        rounded = [column.round(many) for column, many in zip(exact[left].T, decimals, strict=True)]
        written[left] = np.stack(rounded, 1)
        left = (np.abs(_read_oklch(written) - colors) > _SURE).any(1)
    return [f"oklch({one:.6g}% {two:.6g} {three:.6g})" for one, two, three in written.tolist()]


def _read_oklch(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turn rows of lightness in per cent, chroma and hue in degrees into sRGB, 0–255."""
    lightness, chroma, hue = rows.T
    angle = np.deg2rad(hue)
    oklab = np.stack([lightness / 100, chroma * np.cos(angle), chroma * np.sin(angle)], 1)
    return SPACES["Oklab"].to_srgb(oklab.astype(np.float32))


@cache
def css_names() -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Return the 148 named colours of CSS in alphabetical order, and their colours, uint8 (148, 3)."""
    # Loaded at first use, so that `import quantize` stays quick.
    from coloraide.css.color_names import name2val_map

    named = sorted((name, value[:3]) for name, value in name2val_map.items() if name != "transparent")
    colors = np.array([value for _, value in named]).astype(np.uint8)
    colors.setflags(write=False)
    return tuple(name for name, _ in named), colors


def nearest_css_names(colors: NDArray[np.uint8]) -> list[str]:
    """Find the CSS named colour nearest to each colour by ΔE00.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB.

    Returns
    -------
    list of str
        Of names for one colour (``aqua`` and ``cyan``, ``gray`` and ``grey``) the alphabetically first.
    """
    names, named = css_names()
    found: list[str] = []
    for start in range(0, len(colors), _ROWS):
        part = colors[start : start + _ROWS]
        pairs = delta_e_00(np.repeat(part, len(named), 0), np.tile(named, (len(part), 1)))
        found += [names[row] for row in pairs.reshape(len(part), len(named)).argmin(1)]
    return found


def contrast_ratios(colors: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Work out the WCAG 2 contrast ratio of every two colours.

    Parameters
    ----------
    colors : uint8, shape (k, 3), k <= 256
        sRGB.

    Returns
    -------
    float64, shape (k, k)
        1–21, symmetric, 1 on the diagonal. Compare it unrounded: 4.499 does not pass AA.

    Raises
    ------
    QuantizeError
        If there are more than 256 colours.
    """
    check_paired(colors)
    light = decode_srgb(colors) @ _LUMINANCE + 0.05
    return np.maximum(light[:, None], light[None]) / np.minimum(light[:, None], light[None])
