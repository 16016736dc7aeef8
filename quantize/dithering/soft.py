"""Error diffusion among partly transparent entries, in the four dimensions of ``colors/soft.py``.

As in ``diffusion.py``: serpentine, the same kernels, the same bands and rows that begin early, so that
threads change nothing. A pixel whose very value is an entry keeps it, and neither takes nor gives errors; so
does what is fully transparent. Nearest is meant where errors are added up, in encoded or linear light,
whatever space the entries were found in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.soft import SRGB_AXES, Rgba, SoftAxes, SoftSet
from quantize.colors.spaces import LINEAR
from quantize.dithering.diffusion import BAND_ROWS, EARLY_ROWS, KERNELS, Kernel
from quantize.dithering.kernels_soft import diffuse_places
from quantize.methods.soft import nearest_centers, neighbours

_LIGHTS = {"encoded": SRGB_AXES, "linear": SoftAxes(lambda colors: LINEAR[colors])}


def diffuse_soft(
    found: SoftSet,
    positions: NDArray[np.uint32],
    entries: Rgba,
    key: str,
    *,
    strength: float,
    light: str,
    checkpoint: Callable[[], None] | None,
) -> NDArray[np.uint8]:
    """Give every pixel an entry, so that areas have the picture's values on average.

    Parameters
    ----------
    found : SoftSet
        The picture's values.
    positions : uint32, shape (h, w)
        Which of them every pixel has.
    entries : uint8, shape (k, 4)
        All different.
    key : str
        Of an error diffusion: one of ``KERNELS``.
    strength, light, checkpoint
        As for ``dither_pixels``.

    Returns
    -------
    uint8, shape (h, w)
    """
    axes = _LIGHTS[light]
    places, centers = axes.places(found.values), axes.places(entries)
    guesses, _ = nearest_centers(places, centers)
    solid = (found.values == entries[guesses]).all(axis=1)
    apart, order = neighbours(centers)
    taps, weights = _taps(KERNELS[key], strength)
    reach = np.append(np.ptp(axes.places(_CORNERS)[:, :3], axis=0) / 2, axes.reach)
    limits = np.stack([np.append(-reach[:3], 0), reach])
    height, out = len(positions), np.empty(positions.shape, np.uint8)
    n_bands = max(1, height // (2 * BAND_ROWS) * 2)
    fill = partial(diffuse_places, positions, places, guesses, solid, centers, order, apart, taps, weights)

    def work(_: None, band: int) -> None:
        start, stop = height * band // n_bands, height * (band + 1) // n_bands
        fill(limits, np.array([max(0, start - EARLY_ROWS), start, stop]), out)

    deal(n_bands, lambda: None, work, checkpoint)
    return out


_CORNERS = np.array([[0, 0, 0, 255], [255, 255, 255, 255]], np.uint8)


def _taps(kernel: Kernel, strength: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """List rows down and steps ahead, int64 (n, 2), and their shares of an error, float64 (n,)."""
    shares = [
        ((down, column - 2), strength * share / kernel.divisor)
        for down, row in enumerate(kernel.rows)
        for column, share in enumerate(row)
        if share
    ]
    return np.array([place for place, _ in shares]), np.array([share for _, share in shares])
