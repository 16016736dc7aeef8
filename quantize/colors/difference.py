"""How different two colours look: ΔE00, quickly where float32 can tell, and as published where it cannot.

CIEDE2000 is a loop of our own: scikit-image's takes twenty times as long, and was the largest part of what a
server does when a visitor moves K. Tests hold ours to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.ciede2000 import Exact, exact_difference, exact_lab
from quantize.colors.kernels_lab import difference_rows
from quantize.colors.spaces import SPACES
from quantize.threads import run_all, slices

CHUNK = 32_768
"""Fewer rows than these are done before another thread has begun."""


def delta_e_00(first: NDArray, second: NDArray) -> NDArray[np.float32]:
    """Work out CIEDE2000 difference of each pair of colours.

    Parameters
    ----------
    first, second : uint8 or float32, shape (n, 3)
        sRGB 0–255. ``n`` may be 0.

    Returns
    -------
    float32, shape (n,)
        ΔE00; exactly 0 where both are equal. Of 8-bit colours within 0.001 of the formula in float64; where
        hues are opposite within 1e-9°, ``ciede2000.py`` says which side is taken.
    """
    to_lab = SPACES["LAB"].to_working
    out = _quick_difference(to_lab(first), to_lab(second))
    return settled(out, lambda rows: (exact_lab(first[rows]), exact_lab(second[rows])))


def lab_difference(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Work out CIEDE2000 difference of each pair of colours in CIE L*a*b*, float32 (n, 3) → float32 (n,)."""
    first, second = (np.ascontiguousarray(lab, np.float32) for lab in (first, second))
    out = _quick_difference(first, second)
    return settled(out, lambda rows: (first[rows].astype(np.float64), second[rows].astype(np.float64)))


def _quick_difference(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Work out CIEDE2000 difference of each pair in CIE L*a*b*; negative where hues are opposite or nearly
    so.
    """
    out = np.empty(len(first), np.float32)
    run_all(
        partial(difference_rows, first[rows], second[rows], out[rows]) for rows in slices(len(first), CHUNK)
    )
    return out


def settled(
    out: NDArray[np.float32], labs_of: Callable[[NDArray[np.intp]], tuple[Exact, Exact]]
) -> NDArray[np.float32]:
    """Return differences without the negative ones that stand for doubt; ``labs_of`` rows gives their
    colours.
    """
    doubtful = np.flatnonzero(out < 0)
    if len(doubtful):
        out[doubtful] = exact_difference(*labs_of(doubtful))
    return out
