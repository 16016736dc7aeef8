"""Which periods a picture's edges may have along an axis: peaks in the spectrum of its steps.

Edges of cells lie on lines that come back after every period, so the steps between neighbouring pixels, added
up by columns, have a peak in their spectrum at one over the period and at its multiples; its angle is the
phase. Where colours were blended linearly steps are even, and it is the bends that lie on lines, half a
period away, in the middle of cells.

Source: A. Schuster, "On the investigation of hidden periodicities", 1898 (the periodogram).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST = 1.9
"""Pixels of a period, at least: shorter ones cannot be told apart from none."""

FEWEST_CELLS = 3
"""Periods along an axis, at least."""

_PEAKS = 8
_FINER = 8  # than one over the length: so that no peak falls between two frequencies
_BANDS = 12
_ROUNDS = 8


@dataclass(frozen=True, eq=False)
class Beat:
    """What comes back along an axis: a value for each place.

    Attributes
    ----------
    values : float64, shape (n,)
        Their mean is 0.
    places : float64, shape (n,)
        In pixels from the picture's edge.
    offset : float
        Where a line is from the place that it is told by, in periods.
    """

    values: Floats
    places: Floats
    offset: float

    @classmethod
    def of(cls, sums: Floats, first: float, offset: float) -> Beat:
        """Take roots of sums, so that a few long edges do not outweigh the others."""
        values = np.sqrt(sums)
        return cls(
            values - (values.mean() if len(values) else 0),
            np.arange(len(values), dtype=np.float64) + first,
            offset,
        )

    def turn(self, frequency: float) -> complex:
        """Add up the values, each turned by its place: the spectrum at one frequency."""
        return complex(self.values @ np.exp(-2j * np.pi * frequency * self.places))

    def sharpen(self, frequency: float, width: float) -> float:
        """Find the top of a peak within ``width`` of a frequency."""
        low, high = frequency - width, min(0.5, frequency + width)
        for _ in range(_ROUNDS):
            tried = np.linspace(low, high, 5)
            best = int(np.argmax([abs(self.turn(one)) for one in tried]))
            low, high = tried[max(0, best - 1)], tried[min(4, best + 1)]
        return float(low + high) / 2

    def phase(self, period: float) -> float:
        """Tell where the first line is, 0 up to the period."""
        angle = np.angle(self.turn(1 / period)) / (2 * np.pi)
        return float((self.offset - angle) * period % period)


def find_periods(beat: Beat, length: int) -> list[float]:
    """Find the periods at which the spectrum stands out most from what is around it, the most so first.

    Up to eight, each ``SHORTEST`` pixels to ``length / FEWEST_CELLS``.
    """
    size = 1 << int(np.ceil(np.log2(_FINER * max(length, 2))))
    power = np.abs(np.fft.rfft(beat.values, size)) ** 2
    lowest = int(np.ceil(FEWEST_CELLS * size / length))
    highest = min(len(power) - 1, int(size / SHORTEST))
    if not power.any() or lowest + 2 >= highest:
        return []
    ends = np.concatenate([power, [0.0]])
    inner = np.arange(lowest, highest + 1)
    tops = inner[(ends[inner] >= ends[inner - 1]) & (ends[inner] > ends[inner + 1])]
    risen = power[tops] / _surroundings(power, lowest)[tops]
    chosen = tops[np.argsort(-risen, kind="stable")[:_PEAKS]]
    return [1 / beat.sharpen(top / size, 1 / size) for top in chosen.tolist()]


def _surroundings(power: Floats, lowest: int) -> Floats:
    """Estimate the spectrum without its peaks: medians of bands, joined by lines in logarithms."""
    edges = np.unique(np.geomspace(lowest, len(power), _BANDS).astype(int))
    medians = [np.median(power[begin:end]) for begin, end in pairwise(edges.tolist())]
    least = 1e-9 * power.max()
    middles = np.log(np.sqrt(edges[:-1] * edges[1:]))
    logs = np.log(np.maximum(np.arange(len(power)), 1))
    return np.exp(np.interp(logs, middles, np.log(np.array(medians) + least)))
