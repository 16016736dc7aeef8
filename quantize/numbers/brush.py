"""A label map in which a brush fits everywhere: narrow strips are widened, or go to what is next to them.

The opening of a region by the brush's disc is what the brush can paint without leaving it: all discs that
lie in the region. One distance transform tells for all regions where the middles of such discs are; a second
one tells what they cover. The rest is strips. Those at least half as wide as the brush are widened to it
first, so that a drawing keeps its lines. Other pixels get the label of the nearest region in which the brush
fits; far from any, that of the picture seen from afar, so that fine texture becomes its mean and no copy of
something distant. Parts that are too small after that are merged into the neighbour that they border most.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantize.numbers.kernels_places import measure_room, walk_away
from quantize.numbers.room import find_nearest, measure_away, measure_distances
from quantize.regions.parts import CLEAR, Parts, find_parts

Labels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_ROUNDS = 3
_CORNER = 0.5
"""Radii of the brush beyond what its disc covers that still belong to it: right angles stay."""
_FAR = 2.0
"""Radii of the brush from where it fits, beyond which a strip is texture."""


def fit_brush(
    sharp: Labels,
    soft: Labels,
    radius: float,
    fixed: Mask,
    checkpoint: Callable[[], None] | None = None,
) -> Parts:
    """Change labels until a brush fits into every part.

    Parameters
    ----------
    sharp, soft : uint8, shape (h, w)
        Labels of the picture, and of the picture seen from afar; ``CLEAR`` at the same places in both.
    radius : float
        Of the brush, pixels.
    fixed : bool, shape (h, w)
        Pixels that keep their labels.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Parts
        A disc of the radius lies in each of them, unless there are fixed pixels in it, or only clear ones
        around it.
    """
    checkpoint = checkpoint or (lambda: None)
    free = ~(fixed | (sharp == CLEAR))
    labels = _widen(sharp, radius, free)
    checkpoint()
    labels = _spread(labels, soft, radius, free, checkpoint)
    return _merge_small(labels, radius, fixed, checkpoint)


def _open(labels: Labels, radius: float) -> Mask:
    """Find what discs cover that lie in one label whole, and corners beside it that belong to it."""
    middles = measure_distances(labels) >= radius
    if not middles.any():
        return middles
    away = np.where(measure_away(middles) <= radius, np.float32(0), np.float32(np.inf))
    walk_away(labels, away)
    return away <= _CORNER * radius


def _widen(labels: Labels, radius: float, free: Mask) -> Labels:
    """Widen strips of at least half the brush's width to all of it, over what is beside them."""
    distances = measure_distances(labels)
    covered = measure_away(distances >= radius) <= radius + 1 if (distances >= radius).any() else ~free
    lines = (distances >= radius / 2) & ~covered & free
    if not lines.any():
        return labels
    wide = (measure_away(lines) <= radius) & free
    return np.where(wide, find_nearest(lines, labels), labels)


def _spread(
    labels: Labels, soft: Labels, radius: float, free: Mask, checkpoint: Callable[[], None]
) -> Labels:
    """Give strips the label of what is near."""
    for turn in range(_ROUNDS):
        checkpoint()
        sound = _open(labels, radius) & free
        strips = free & ~sound
        if not strips.any():
            return labels
        if turn == 0:
            far = strips & (measure_away(sound) > _FAR * radius if sound.any() else True)
            labels = np.where(far, soft, labels)
            sound |= _open(np.where(far, soft, CLEAR), radius) & far
        if not sound.any():
            return labels
        checkpoint()
        labels = np.where(free & ~sound, find_nearest(sound, labels), labels)
    return labels


def _merge_small(labels: Labels, radius: float, fixed: Mask, checkpoint: Callable[[], None]) -> Parts:
    """Merge parts that hold no disc into a neighbour, small ones into larger ones, until none is left."""
    parts = find_parts(labels, checkpoint)
    while True:
        checkpoint()
        merged = merge_parts(parts, find_small(parts, radius, fixed), checkpoint)
        if merged is parts:
            return parts
        parts = merged


def merge_parts(
    parts: Parts, small: NDArray[np.bool_], checkpoint: Callable[[], None] | None = None
) -> Parts:
    """Merge each of these parts into the neighbour that it borders most, of them a larger one or another.

    Parameters
    ----------
    parts : Parts
    small : bool, shape (n,)
        Which are to be merged. What has only ``CLEAR`` or smaller ones of them around it stays.

    Returns
    -------
    Parts
        The same object if nothing changed.
    """
    if not small.any():
        return parts
    onto = _choose(parts, small, *_find_pairs(parts))
    if np.array_equal(onto, np.arange(len(parts))):
        return parts
    return find_parts(parts.labels[onto][parts.numbers], checkpoint)


def find_small(parts: Parts, radius: float, fixed: Mask) -> NDArray[np.bool_]:
    """Find parts in which no disc lies: bool (n,). Clear ones, and those with fixed pixels, are none."""
    most, sums = np.zeros(len(parts), np.float32), np.zeros((len(parts), 3))
    measure_room(parts.numbers, measure_distances(parts.map), most, sums)
    small = (most < radius) & (parts.labels != CLEAR)
    small[np.unique(parts.numbers[fixed])] = False
    return small


def _find_pairs(parts: Parts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find which parts border each other, both ways round (m, 2), and along how many sides of pixels (m,)."""
    numbers, n = parts.numbers, len(parts)
    codes = []
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        differ = one != other
        ones, others = one[differ].astype(np.int64), other[differ].astype(np.int64)
        codes += [ones * n + others, others * n + ones]
    pairs, lengths = np.unique(np.concatenate(codes), return_counts=True)
    return np.stack([pairs // n, pairs % n], axis=1), lengths


def _choose(
    parts: Parts, small: NDArray[np.bool_], pairs: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Choose for each small part whose label it takes: a sound one's or else a larger one's."""
    onto = np.arange(len(parts))
    mine, others = pairs[:, 0], pairs[:, 1]
    larger = (parts.areas[others] > parts.areas[mine]) | (
        (parts.areas[others] == parts.areas[mine]) & (others < mine)
    )
    can = small[mine] & (parts.labels[others] != CLEAR) & (~small[others] | larger)
    mine, others, lengths = mine[can], others[can], lengths[can]
    order = np.lexsort((-others, lengths, ~small[others]))  # the last one of a part is what counts
    onto[mine[order]] = others[order]
    while not np.array_equal(onto, further := onto[onto]):  # it goes uphill, so it ends
        onto = further
    return onto
