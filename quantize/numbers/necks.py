"""Regions that outlines would pinch into two: they become two, each with a number of its own.

What hangs together by a narrow neck is drawn as two closed areas, as the outlines on both sides of it meet. A
painter who finds no number in one of them does not know that it belongs to the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.regions.parts import CLEAR, Parts

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lobes:
    """What is left of parts without their narrow necks, as far as it hangs together.

    Attributes
    ----------
    numbers : int32, shape (h, w)
        The lobe of each pixel; 0 for none.
    owners : int64, shape (n,)
        The part of each lobe; -1 for those that are too small to be a region.
    """

    numbers: NDArray[np.int32]
    owners: NDArray[np.int64]

    def without(self, some: Mask) -> Lobes:
        """Return the same, but those that have one of these pixels, bool (h, w), are no regions."""
        owners = self.owners.copy()
        owners[np.unique(self.numbers[some])] = -1
        return Lobes(self.numbers, owners)


def find_lobes(
    parts: Parts, room: NDArray[np.float32], narrow: float, radius: float, kept: Mask, least: float
) -> Lobes:
    """Find the lobes of parts.

    Parameters
    ----------
    parts : Parts
    room : float32, shape (h, w)
        Around each pixel (``measure_distances``).
    narrow : float
        Pixels, at least 1: radius of a disc that fits through no narrow neck.
    radius : float
        Pixels: of a disc that lies in each lobe that may be a region.
    kept : bool, shape (n,)
        Parts for whose lobes it takes ``least`` pixels instead, however narrow.
    """
    inner = (room >= narrow) & (parts.labels != CLEAR)[parts.numbers]
    n, found, stats, _ = cv2.connectedComponentsWithStats(inner.view(np.uint8), connectivity=4)
    lobes = np.asarray(found, np.int32)
    most, owners = np.zeros(n, np.float32), np.zeros(n, np.int64)
    np.maximum.at(most, lobes[inner], room[inner])
    owners[lobes[inner]] = parts.numbers[inner]
    sound = np.where(kept[owners], stats[:, cv2.CC_STAT_AREA] >= least, most >= radius)
    sound[0] = False
    return Lobes(lobes, np.where(sound, owners, -1))


def split_lobes(parts: Parts, lobes: Lobes, checkpoint: Callable[[], None]) -> Parts:
    """Split parts with several lobes: each pixel goes to the lobe to which fewest steps lead.

    Returns
    -------
    Parts
        Some of one label may lie beside each other; the same object if nothing was split.
    """
    from scipy.ndimage import find_objects

    owners = lobes.owners
    several = np.flatnonzero(np.bincount(owners[owners >= 0], minlength=len(parts)) > 1).tolist()
    if not several:
        return parts
    numbers, n, boxes = parts.numbers.copy(), len(parts), find_objects(parts.numbers + 1)
    for one in several:
        checkpoint()
        box = boxes[one]
        found = lobes.numbers[box]
        pieces = _grow(parts.numbers[box] == one, np.where(owners[found] == one, found, 0))
        for piece in np.unique(pieces[pieces > 0])[1:].tolist():
            numbers[box][pieces == piece] = n
            n += 1
    return _renumber(numbers, n, parts)


def _grow(mask: Mask, seeds: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give every pixel of a mask that hangs together the seed to which fewest steps lead."""
    found, inside = np.pad(np.where(mask, seeds, 0), 1), np.pad(mask, 1).reshape(-1)
    width, flat = found.shape[1], found.reshape(-1)
    front = np.flatnonzero(flat)
    while len(front):
        reached = []
        for step in (1, -1, width, -width):
            near = front + step
            near = near[inside[near] & (flat[near] == 0)]
            flat[near] = flat[near - step]
            reached.append(near)
        front = np.concatenate(reached)
    return found[1:-1, 1:-1]


def _renumber(numbers: NDArray[np.int32], n: int, parts: Parts) -> Parts:
    """Number parts by their first pixels, row by row."""
    flat = numbers.reshape(-1)
    first = np.empty(n, np.int64)
    first[flat[::-1]] = np.arange(flat.size - 1, -1, -1)  # of several the last one stays
    order = np.argsort(first)
    places = np.empty(n, np.int32)
    places[order] = np.arange(n, dtype=np.int32)
    labels = parts.labels[parts.numbers.reshape(-1)[first[order]]]
    return Parts(places[numbers], labels, np.bincount(flat, minlength=n)[order].astype(np.int32))
