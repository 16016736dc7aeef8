"""Regions of protected colours: kept however small, but wide enough that their outlines leave paper free."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.numbers.kernels_places import measure_room
from quantize.numbers.room import find_nearest, measure_away, measure_distances
from quantize.regions.parts import CLEAR, Parts, find_parts

DOT = 0.25
"""mm² of a protected region in the picture at least: what is smaller is noise."""
TIP = 0.6
"""mm of radius to which a thinner one is widened: a dot of about 1 mm²."""

Labels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def keep_protected(
    labels: Labels, guarded: list[int], step: float, checkpoint: Callable[[], None]
) -> tuple[Labels, Mask, int]:
    """Find pixels of protected colours, and widen regions that are too thin to be drawn.

    Parameters
    ----------
    labels : uint8, shape (h, w)
    guarded : list of int
        Labels that are protected.
    step : float
        Length of a pixel, mm.
    checkpoint : callable
        Called often on the caller's thread.

    Returns
    -------
    labels : uint8, shape (h, w)
    fixed : bool, shape (h, w)
        Pixels that keep their labels.
    n_left_out : int
        Regions of these labels that are smaller than ``DOT``.
    """
    if not guarded:
        return labels, np.zeros(labels.shape, bool), 0
    parts = find_parts(labels, checkpoint)
    of_guarded = np.isin(parts.labels, guarded)
    kept = of_guarded & (parts.areas * step**2 >= DOT)
    fixed = kept[parts.numbers]
    checkpoint()
    middles = _find_middles(parts, kept, TIP / step)
    if middles.any():
        wider = (measure_away(middles) <= TIP / step) & ~fixed & (labels != CLEAR)
        labels = np.where(wider, find_nearest(middles, labels), labels)
        fixed = fixed | wider
    return labels, fixed, int((of_guarded & ~kept).sum())


def _find_middles(parts: Parts, kept: Mask, radius: float) -> Mask:
    """Find the middle pixels of parts into which no disc of the radius fits: those with most room."""
    room = measure_distances(parts.map)
    most, sums = np.zeros(len(parts), np.float32), np.zeros((len(parts), 3))
    measure_room(parts.numbers, room, most, sums)
    thin = kept & (most < radius - 0.5)
    return thin[parts.numbers] & (room > most[parts.numbers] - 1)
