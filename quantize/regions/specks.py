"""Small parts are merged into the neighbour that they border most, the smallest first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown
from quantize.regions import kernels_specks as kernels
from quantize.regions.parts import CLEAR, Parts

_AT_ONCE = 1 << 20
"""Pixels that are looked at between two looks at whether to go on."""


def merge_specks(
    parts: Parts,
    smallest: int,
    palette: NDArray[np.uint8] | None = None,
    *,
    clear: int | None = CLEAR,
    checkpoint: Callable[[], None] | None = None,
) -> Parts:
    """Merge parts of less than ``smallest`` pixels into their neighbours, until there is none left.

    The smallest part comes first. It gets the label with which it shares most of its border, and is one with
    all parts of that label that it touches. Of equal lengths that label is taken whose colour is nearest,
    and of these the first. What has only ``clear`` around it stays, and so does the last part of all.

    Parameters
    ----------
    parts : Parts
    smallest : int
        Pixels; 1 changes nothing.
    palette : uint8, shape (k, 3), optional
        sRGB colours of the labels.
    clear : int or None
        The label of what is in no region: nothing is merged into it, nor it into anything.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Raises
    ------
    QuantizeError
        If ``smallest`` is no whole number of at least 1.
    """
    if isinstance(smallest, bool) or not isinstance(smallest, int | np.integer) or smallest < 1:
        raise QuantizeError(f"smallest must be a whole number of pixels of at least 1, got {shown(smallest)}")
    checkpoint = checkpoint or (lambda: None)
    smallest = int(min(smallest, parts.numbers.size + 1))
    nothing = -1 if clear is None else clear
    small = parts.areas[(parts.areas < smallest) & (parts.labels != nothing)]
    if not len(small):
        return parts
    numbers, labels, areas = parts.numbers.reshape(-1).copy(), parts.labels.copy(), parts.areas.copy()
    parents, behind = np.arange(len(labels), dtype=np.int32), np.empty(len(labels), np.int32)
    last, following = np.full(len(labels), kernels.NONE, np.int32), np.empty(len(numbers), np.int32)
    queues = np.full((smallest, 2), kernels.NONE, np.int32)
    checkpoint()
    kernels.tie_pixels(numbers, areas, smallest, following, last)
    kernels.queue_parts(areas, labels, nothing, queues, behind)
    beside = np.empty(4 * min(smallest, len(numbers)), np.int32)
    state, away = np.ones(1, np.int64), _distances(palette)
    words = parents, labels, areas, nothing, away, following, last, queues, behind, beside, state, _AT_ONCE
    while not kernels.merge_some(numbers, parts.numbers.shape[1], *words):
        checkpoint()
    places = np.full(len(labels), kernels.NONE, np.int32)
    n_left = kernels.renumber(numbers, parents, places)
    left = np.empty(n_left, np.intp)
    standing = np.flatnonzero(places >= 0)
    left[places[standing]] = standing
    return Parts(numbers.reshape(parts.numbers.shape), labels[left], areas[left])


def _distances(palette: NDArray[np.uint8] | None) -> NDArray[np.int64]:
    """Measure how unlike labels are: squared sRGB distances, int64 (256, 256)."""
    away = np.zeros((256, 256), np.int64)
    if palette is not None:
        colors, n = palette.astype(np.int64), len(palette)
        away[:n, :n] = np.square(colors[:, None] - colors[None]).sum(axis=2)
    return away
