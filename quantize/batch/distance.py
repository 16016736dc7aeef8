"""How far apart two palettes look, and which of many are nearest to each other.

For every colour of either palette the nearest colour of the other is found; the distance is the mean of these
ΔE00, first over each palette and then over both. Of three models that were set against the judgement of
people this one agreed best. Numbers of colours may differ; orders and shares count for nothing.

Source: Q. Pan, S. Westland, "Comparative Evaluation of Color Differences between Color Palettes", 26th Color
and Imaging Conference, 2018, pages 110 to 115, doi 10.2352/ISSN.2169-2629.2018.26.110, model 3 (minimum
colour difference).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00


@dataclass(frozen=True, order=True)
class Pair:
    """Two palettes by their numbers, the lower one first, and their distance in ΔE00."""

    distance: float
    first: int
    second: int


def palette_distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Measure how far apart two palettes look.

    Parameters
    ----------
    one, other : uint8, shapes (k, 3) and (m, 3), k and m at least 1
        sRGB.

    Returns
    -------
    float
        In ΔE00; the same both ways round, 0 if both have the same colours.
    """
    return float(_distances(one, other, np.array([0]))[0])


def nearest_pairs(
    palettes: Sequence[NDArray[np.uint8]], most: int, checkpoint: Callable[[], None] | None = None
) -> list[Pair]:
    """Find the pairs of palettes that are nearest to each other.

    Parameters
    ----------
    palettes : sequence of uint8, shape (k, 3)
        Each with at least one colour. Time grows with the square of their number, memory does not.
    most : int
        Pairs wanted.
    checkpoint : callable, optional
        Called for every palette; what it raises ends the work.

    Returns
    -------
    list of Pair
        The nearest first; of equally near ones those with lower numbers.
    """
    best: list[Pair] = []
    for first, palette in enumerate(palettes[:-1]):
        if checkpoint is not None:
            checkpoint()
        rest = palettes[first + 1 :]
        starts = np.cumsum([0, *(len(other) for other in rest[:-1])])
        found = _distances(palette, np.concatenate(rest), starts)
        order = np.argsort(found, kind="stable")[:most]
        best += [Pair(float(found[at]), first, first + 1 + int(at)) for at in order]
        best = sorted(best)[:most]
    return best


def _distances(
    one: NDArray[np.uint8], others: NDArray[np.uint8], starts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Measure how far a palette is from several, whose colours lie one after the other from ``starts`` on."""
    table = delta_e_00(np.repeat(one, len(others), axis=0), np.tile(others, (len(one), 1)))
    table = table.reshape(len(one), len(others))
    there = np.minimum.reduceat(table, starts, axis=1).mean(axis=0, dtype=np.float64)
    lengths = np.diff(np.append(starts, len(others)))
    back = np.add.reduceat(table.min(axis=0).astype(np.float64), starts) / lengths
    return (there + back) / 2
