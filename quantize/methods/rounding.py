"""From centers to a palette: 8-bit colours that stay distinct.

Rounding may merge two centers; then the palette would have fewer colours than were asked for. The extra one
moves to the picture's colour that the palette serves worst; of several, the first by R, G, B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.nearest import assign


def distinct_palette(
    centers: NDArray[np.floating], colors: NDArray, counts: NDArray, n_kept: int = 0
) -> NDArray[np.uint8]:
    """Round centers to as many distinct 8-bit colours as there are centers, if the picture has that many.

    Parameters
    ----------
    centers : float, shape (k, 3)
        sRGB 0–255; values outside are clipped.
    colors : float32 or uint8, shape (n, 3)
        The picture's colours, sRGB 0–255.
    counts : number, shape (n,)
        How often each occurs, or how much it weighs.
    n_kept : int
        Leading centers that a person chose: they are rounded but never moved, not even if two are equal.

    Returns
    -------
    uint8, shape (k, 3) or fewer rows
        Distinct colours in the order of the centers; fewer only if ``colors`` has too few
        that stay distinct when rounded to 8 bits.
    """
    rounded = np.clip(np.rint(centers), 0, 255).astype(np.uint8)
    _, first = np.unique(rounded, axis=0, return_index=True)
    lasting = np.zeros(len(rounded), bool)
    lasting[first] = True
    lasting[:n_kept] = True
    palette = rounded.copy()
    if lasting.all():
        return palette
    order = np.lexsort(colors.T[::-1])  # so that of colours that cost the same the first by R, G, B is it
    candidates, counts = np.rint(colors[order]).astype(np.float32), counts[order]
    _, errors = assign(candidates, palette[lasting].astype(np.float32))
    for row in np.flatnonzero(~lasting):
        cost = errors.astype(np.float64) * counts
        worst = int(cost.argmax()) if len(cost) else 0
        if not len(cost) or cost[worst] == 0:
            break
        palette[row] = candidates[worst]
        lasting[row] = True
        errors = np.minimum(errors, np.square(candidates - candidates[worst]).sum(axis=1))
    return palette[lasting]
