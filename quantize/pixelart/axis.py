"""One axis of a picture, and how well lines across it cut it into cells of one colour.

What is *left* by lines is the squared distance of all pixels to the mean of their cell, along this axis
alone. True lines leave little, lines half a period away leave much, and in a photo it makes no difference:
the share of both, 0 to about 1, tells a grid from none, whatever blur, noise and contrast there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quantize.pixelart.kernels_grid import add_left, add_steps, move_lines, run_sums, weigh_splits
from quantize.pixelart.rhythm import Beat, find_periods

Lines = NDArray[np.int64]

MOST_STRIPS = 128
"""Lines of pixels that are looked at, evenly spread; fewer, to 48, of long ones."""

_FAINT = 24  # sRGB distance of two colours whose edge is told from noise
_MOST_LOOKED_AT = 1 << 17
_MORE = 1.5
_LEAST = 1e-3
_SHORTEST_LOOSE = 3.5
_REACH = 0.6
_MORE_OR_LESS = 2
_STIFF = 0.5
_FREER = 0.8
_POLISH = 3
_NEAR = 0.4
_NEAR_EVEN = 1.5
_AS_GOOD = 1.03
_NO_WORSE = 0.02
_TIE = 0.02
_SMALLEST_SHIFT = 0.25
_MOST_SHIFTS = 64


class Place(NamedTuple):
    """A grid along an axis: what it leaves as a share, its period and where its first line is, in pixels."""

    share: float
    period: float
    phase: float


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis of ``length`` pixels.

    Attributes
    ----------
    length : int
    beats : Beat, Beat
        Of steps and of bends.
    sums, squares : int64, shapes (m, length + 1, c) and (m, length + 1)
        See ``kernels_grid``.
    """

    length: int
    beats: tuple[Beat, Beat]
    sums: NDArray[np.int64]
    squares: NDArray[np.int64]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], steps: NDArray[np.float64], bends: NDArray[np.float64]) -> Axis:
        """Look along the second axis of uint8 (h, w, c)."""
        height, width, n_channels = pixels.shape
        most = min(height, max(48, min(MOST_STRIPS, _MOST_LOOKED_AT // width)))
        rows = np.unique(np.linspace(0, height - 1, most).round().astype(int))
        sums = np.zeros((len(rows), width + 1, n_channels), np.int64)
        squares = np.zeros((len(rows), width + 1), np.int64)
        run_sums(np.ascontiguousarray(pixels[rows]), sums, squares)
        beats = Beat.of(steps, 1, 0), Beat.of(bends, 1.5, 0.5)
        return cls(width, beats, sums, squares)

    @cached_property
    def is_silent(self) -> bool:
        """Whether nothing changes along it."""
        return self.left(np.array([0, self.length])) == 0

    @cached_property
    def periods(self) -> list[float]:
        """What the periods may be."""
        return [period for beat in self.beats for period in find_periods(beat, self.length)]

    def lines(self, period: float, phase: float) -> Lines:
        """Place lines of a grid, to whole pixels; the picture's edges are the first and the last."""
        first = np.floor(-phase / period)
        places = phase + period * np.arange(first, first + self.length / period + 3)
        inner = np.floor(places + 0.5).astype(np.int64)
        inner = inner[(inner > 0) & (inner < self.length)]
        return np.unique(np.concatenate([[0], inner, [self.length]])).astype(np.int64)

    def left(self, lines: Lines) -> float:
        """Tell what lines leave."""
        return float(add_left(self.sums, self.squares, lines))

    def judge(self, period: float, phase: float) -> Place:
        """Tell what a grid leaves as a share of what it leaves half a period away; 0 if nothing changes."""
        if self.is_silent:
            return Place(0.0, period, 0.0)
        away = self.left(self.lines(period, phase + period / 2))
        share = self.left(self.lines(period, phase)) / away if away else 1.0
        return Place(share, period, phase % period)

    def place(self, period: float) -> Place:
        """Find the best grid near a period that a spectrum shows."""
        if self.is_silent:
            return Place(0.0, period, 0.0)
        found = [self.judge(period, 0.0)]
        for beat in self.beats:
            near = 1 / beat.sharpen(1 / period, _NEAR / self.length)
            found += [self.judge(one, beat.phase(one)) for one in (period, near)]
        return min(found)

    def settle(self, period: float) -> Place:
        """Find the phase of a period that is known."""
        if self.is_silent or period == 1:
            return Place(0.0, period, 0.0)
        shifts = np.arange(0, period, max(_SMALLEST_SHIFT, period / _MOST_SHIFTS)).tolist()
        left = [self.left(self.lines(period, shift)) for shift in shifts]
        return self.judge(period, shifts[int(np.argmin(left))])

    def polish(self, place: Place) -> Place:
        """Move a grid a little as long as it leaves less; even sizes are taken where they are as good."""
        if self.is_silent:
            return place
        _, period, phase = place
        best = self.left(self.lines(period, phase))
        n_cells = self.length / period
        for halving in range(_POLISH):
            slide, stretch = period / 4 / 2**halving, 1 / n_cells / 2**halving
            tried = [
                (period + across * stretch, phase + along * slide - across * stretch * n_cells / 2)
                for across in (0, -1, -0.5, 0.5, 1)
                for along in (0, -1, -0.5, 0.5, 1)
            ]
            left = [self.left(self.lines(*one)) for one in tried]
            if min(left) < best:
                best = min(left)
                period, phase = tried[int(np.argmin(left))]
        return self.judge(*self._even(period, phase, best))

    def _even(self, period: float, phase: float, best: float) -> tuple[float, float]:
        """Take a grid that begins at the picture's edge and ends at the other, or a whole period."""
        cells, whole = round(self.length / period), round(period)
        # A line that falls between two pixels goes to one or the other: programs differ.
        even = [(self.length / cells, shift) for shift in (0.0, -_TIE, _TIE)]
        even += [(float(whole), float(shift)) for shift in range(whole)]
        near = [one for one in even if abs(one[0] - period) * cells < _NEAR_EVEN]
        if not near:
            return period, phase
        left = [self.left(self.lines(*one)) for one in near]
        away = self.left(self.lines(period, phase + period / 2))
        k = int(np.argmin(left))
        return near[k] if left[k] <= _AS_GOOD * best + _NO_WORSE * away else (period, phase)

    def is_split(self, place: Place, parts: int) -> bool:
        """Tell whether there are lines between those of a grid as well, ``parts`` to a period.

        They are if there are cells off which such lines take much more than others between them do: noise
        and blurred edges make no such difference.
        """
        if self.is_silent:
            return False
        _, period, phase = place
        coarse, fine = self.lines(period, phase), self.lines(period / parts, phase)
        beside = self.lines(period / parts, phase + period / parts / 2)
        fine, beside = np.union1d(coarse, fine), np.union1d(coarse, beside)
        left = self.left(coarse)
        if left > 0 == self.left(fine):
            return True
        faint = _FAINT**2 * period / 4  # what a line in the middle takes off a cell of two colours
        more, less = weigh_splits(self.sums, self.squares, coarse, fine, beside, _MORE, faint)
        return bool(more > less + _LEAST * self.left(self.lines(period, phase + period / 2)))

    def loosen(self, period: float, phase: float) -> Lines:
        """Place the lines of a grid, each at its own best place if that leaves much less.

        Generated pictures miss the places of a regular grid, and may have a line more or less than that.
        """
        regular = self.lines(period, phase)
        if period < _SHORTEST_LOOSE or self.is_silent:
            return regular
        left, typical = self.left(regular), self.left(self.lines(period, phase + period / 2))
        stiff = _STIFF * typical / len(regular)
        found = [self._move(regular, period, stiff)]
        if found[0][0] < _FREER * left:
            count = round(self.length / period)
            for cells in range(max(2, count - _MORE_OR_LESS), count + _MORE_OR_LESS + 1):
                even = self.length / cells
                found.append(self._move(self.lines(even, 0.0), even, stiff))
        best = min(found, key=lambda one: one[0])
        return best[1] if best[0] < _FREER * left else regular

    def middles(self, place: Place, lines: Lines) -> NDArray[np.float64]:
        """Tell where the middle of each cell is: by the grid, or between lines that have been moved."""
        middles = (lines[:-1] + lines[1:]) / 2
        if not np.isin(lines, self.lines(place.period, place.phase)).all():
            return middles
        cells = np.round((middles - place.phase) / place.period - 0.5)
        even = place.phase + (cells + 0.5) * place.period
        return np.clip(even, lines[:-1] + 0.5, lines[1:] - 0.5)

    def _move(self, lines: Lines, period: float, stiff: float) -> tuple[float, Lines]:
        """Move lines; their cost, pulls included, and where they are then."""
        moved, cost = move_lines(self.sums, self.squares, lines, period, int(period * _REACH), stiff)
        return float(cost), moved


Axes = tuple[Axis, Axis]
"""Across and down."""


def look_along(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> Axes:
    """Look along both axes of a picture: uint8 (h, w, 3), and (h, w) or None.

    Colours count as far as they are opaque, and opacity counts as a colour does.
    """
    if alpha is not None:
        weighed = (pixels * alpha[..., None].astype(np.uint16) // 255).astype(np.uint8)
        pixels = np.concatenate([weighed, alpha[..., None]], axis=2)
    height, width = pixels.shape[:2]
    steps = np.zeros(width - 1), np.zeros(height - 1)
    bends = np.zeros(max(0, width - 2)), np.zeros(max(0, height - 2))
    add_steps(pixels, *steps, *bends)
    return (
        Axis.of(pixels, steps[0], bends[0]),
        Axis.of(pixels.transpose(1, 0, 2), steps[1], bends[1]),
    )
