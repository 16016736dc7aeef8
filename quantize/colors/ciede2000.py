"""CIEDE2000 as published, in float64: for pairs of which float32 cannot tell where their mean hue lies.

The mean of two hues is that on the shorter way round, so it jumps to the other side where they are opposite.
Hues are taken for opposite if they are so within 1e-9°, which is far more than float64 is off and far less
than anybody can measure. Then, as when they are exactly opposite, the mean is half their sum, counted from 0°
to 360°: the half circle from 90° to 270°. Both ways round are equal.

The formula itself is in ``kernels_ciede.py``.
"""

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_ciede import published_rows
from quantize.colors.kernels_lab import EDGE, OFFSET, SLOPE, XYZ
from quantize.colors.spaces import decode_srgb

Exact = NDArray[np.float64]


def exact_lab(colors: NDArray) -> Exact:
    """Work out CIE L*a*b* of sRGB 0–255, (n, 3) of any dtype → float64 (n, 3)."""
    linear = decode_srgb(colors)
    over_white = linear[:, 1:2] + XYZ[:, 0] * (linear[:, :1] - linear[:, 1:2])
    over_white = over_white + XYZ[:, 2] * (linear[:, 2:] - linear[:, 1:2])  # equal for greys
    x, y, z = np.where(over_white > EDGE, np.cbrt(over_white), SLOPE * over_white + OFFSET).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def exact_difference(first: Exact, second: Exact) -> Exact:
    """Work out CIEDE2000 of each pair of rows of CIE L*a*b*, float64 (n, 3) → float64 (n,)."""
    out = np.empty(len(first))
    published_rows(first, second, out)
    return out
