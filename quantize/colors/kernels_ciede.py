"""numba loop for the CIEDE2000 difference as it is published, in float64.

Source: G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 color-difference formula: implementation notes,
supplementary test data, and mathematical observations", Color Research and Application 30 (2005), doi
10.1002/col.20070. Numbers beside the lines are those of its equations. 8 and 9, ΔL' and ΔC', stand where they
are used.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from quantize.compiling import loop

# Degrees between hues up to which the way from one to the other is not the long way round.
_OPPOSITE = 180 + 1e-9


@loop
def published_rows(first: Any, second: Any, out: Any) -> None:
    """Write CIEDE2000 of each pair of rows of CIE L*a*b*, float64 (n, 3), to ``out`` float64 (n,)."""
    for i in range(len(out)):
        l1, a1, b1 = first[i, 0], first[i, 1], first[i, 2]
        l2, a2, b2 = second[i, 0], second[i, 1], second[i, 2]
        stretch = 1.5 - 0.5 * _share((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2)  # 2–4
        c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)  # 5, 6
        h1, h2 = _hue(a1 * stretch, b1), _hue(a2 * stretch, b2)  # 7
        apart, mean_h = h2 - h1, (h1 + h2) / 2
        if abs(apart) > _OPPOSITE:
            apart -= math.copysign(360.0, apart)  # 10
            mean_h += 180 if mean_h < 180 else -180  # 14
        d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(apart / 2))  # 11
        mean_c = (c1 + c2) / 2  # 13
        t = (
            1
            - 0.17 * math.cos(math.radians(mean_h - 30))
            + 0.24 * math.cos(math.radians(2 * mean_h))
            + 0.32 * math.cos(math.radians(3 * mean_h + 6))
            - 0.20 * math.cos(math.radians(4 * mean_h - 63))
        )  # 15
        middle = ((l1 + l2) / 2 - 50) ** 2  # 12
        lightness = (l2 - l1) / (1 + 0.015 * middle / math.sqrt(20 + middle))  # 8, 18
        chroma = (c2 - c1) / (1 + 0.045 * mean_c)  # 9, 19
        hue = d_hue / (1 + 0.015 * mean_c * t)  # 20
        turn = 60 * math.exp(-(((mean_h - 275) / 25) ** 2))  # 16, doubled
        turned = -2 * _share(mean_c) * math.sin(math.radians(turn))  # 17, 21
        square = lightness**2 + chroma**2 + hue**2 + turned * chroma * hue  # 22
        out[i] = math.sqrt(max(square, 0.0))


@njit(inline="always")
def _hue(a: Any, b: Any) -> Any:
    degrees = math.degrees(math.atan2(b, a))
    return degrees + 360 if degrees < 0 else degrees


@njit(inline="always")
def _share(chroma: Any) -> Any:
    """Take the root of c⁷ / (c⁷ + 25⁷)."""
    return math.sqrt(chroma**7 / (chroma**7 + 25.0**7))
