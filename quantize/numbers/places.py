"""Where numbers stand: at the pole of every part, or beside a part with a line that leads to it.

The pole of inaccessibility is the place of a part that is farthest from its border. Of places with nearly as
much room the one nearest to the part's middle is taken, so that numbers stand where one looks for them. There
the largest numeral is set whose box lies in the part, with a little air around it; if none does, the smallest
is tried anywhere in the part. A part that has no room for any number gets it in the nearest free place beside
it, and a line from there to its pole; if none is near, it is lost, and should be merged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.numbers import kernels_places as kernels
from quantize.numbers.digits import measure_numeral
from quantize.numbers.room import measure_distances
from quantize.regions.parts import CLEAR, Parts

_AIR = 0.2
"""Between a numeral and the border around it, mm."""
_SIZES = 10
_TRIED = 40
_NEAR = 4.0
"""mm around a pole in which a place beside the part is sought first; then it is twice as many."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places of numbers, in pixels; the middle of the first pixel is at 0.5, 0.5.

    Attributes
    ----------
    parts : int32, shape (n,)
        The part that each belongs to, in the order of parts.
    middles : float32, shape (n, 2)
        Middle of the numeral's box, x and y.
    heights : float32, shape (n,)
        Of the numeral.
    poles : float32, shape (n, 2)
        Where the part has most room: there a line ends if the number is beside the part.
    beside : bool, shape (n,)
        Whether it is.
    lost : int32, shape (m,)
        Parts for which there is no place.
    """

    parts: NDArray[np.int32]
    middles: NDArray[np.float32]
    heights: NDArray[np.float32]
    poles: NDArray[np.float32]
    beside: NDArray[np.bool_]
    lost: NDArray[np.int32]


def place_numbers(
    parts: Parts,
    numbers: NDArray[np.int64],
    heights: tuple[float, float],
    step: float,
    far: NDArray[np.bool_],
    checkpoint: Callable[[], None] | None = None,
    room: NDArray[np.float32] | None = None,
) -> Places:
    """Place a number in every part.

    Parameters
    ----------
    parts : Parts
        Those labelled ``CLEAR`` get none.
    numbers : int64, shape (n,)
        The number of each part.
    heights : (float, float)
        Least and most height of a numeral, mm.
    step : float
        Length of a pixel, mm.
    far : bool, shape (n,)
        Parts whose number may be beside them however far away.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.
    room : float32, shape (h, w), optional
        Around each pixel, if it is known (``measure_distances``).

    Returns
    -------
    Places
        The box of a number that is not beside its part lies in pixels of the part whole.
    """
    checkpoint = checkpoint or (lambda: None)
    checkpoint()
    steps = np.linspace(heights[1], heights[0], _SIZES)
    across, down = _measure_boxes(numbers, steps, step)
    room = measure_distances(parts.map) if room is None else room
    seats, sizes, poles = _place_inside(parts, room, across, down, checkpoint)
    found = np.flatnonzero(sizes >= 0)
    middles = np.zeros((len(parts), 2), np.float32)
    middles[found] = seats[found] + 0.5
    chosen = np.full(len(parts), steps[-1])
    chosen[found] = steps[sizes[found]]
    outside = np.flatnonzero(sizes == -1)
    there = _place_beside(parts, room, outside, middles, poles, across, down, sizes, step, far, checkpoint)
    all_of_them = np.sort(np.concatenate([found, there]))
    return Places(
        all_of_them.astype(np.int32),
        middles[all_of_them],
        (chosen[all_of_them] / step).astype(np.float32),
        poles[all_of_them].astype(np.float32) + np.float32(0.5),
        (sizes[all_of_them] == -1),
        np.setdiff1d(outside, there).astype(np.int32),
    )


def fits_inside(
    parts: Parts, room: NDArray[np.float32], numbers: NDArray[np.int64], least: float, step: float,
    checkpoint: Callable[[], None],
) -> NDArray[np.bool_]:  # fmt: skip
    """Tell into which parts their number fits at its least height, bool (n,)."""
    across, down = _measure_boxes(numbers, np.array([least]), step)
    return _place_inside(parts, room, across, down, checkpoint)[1] >= 0


def _place_inside(
    parts: Parts, room: NDArray[np.float32], across: NDArray[np.int32], down: NDArray[np.int32],
    checkpoint: Callable[[], None],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Find seats in parts, which size fits there (-1 none does, -2 none is wanted), and poles."""
    poles = _find_poles(parts, room)
    sizes = np.where(parts.labels == CLEAR, -2, -1).astype(np.int32)
    kernels.fit_boxes(parts.numbers, poles, across, down, sizes)
    checkpoint()
    seats = poles.copy()
    if (sizes == -1).any():
        kernels.seek_boxes(parts.numbers, room, across, down, np.zeros(len(parts), np.float32), seats, sizes)
        kernels.fit_boxes(parts.numbers, seats, across, down, sizes)
    return seats, sizes, poles


def _find_poles(parts: Parts, room: NDArray[np.float32]) -> NDArray[np.int32]:
    """Find the pole of each part."""
    most, sums = np.zeros(len(parts), np.float32), np.zeros((len(parts), 3))
    kernels.measure_room(parts.numbers, room, most, sums)
    poles = np.zeros((len(parts), 2), np.int32)
    kernels.choose_poles(parts.numbers, room, most, sums, np.full(len(parts), np.inf), poles)
    return poles


def _measure_boxes(
    numbers: NDArray[np.int64], heights: NDArray[np.float64], step: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Measure how many pixels a box takes to each side of its middle one, int32 (n, s) both."""
    kinds, which = np.unique(numbers, return_inverse=True)
    wide = np.array([measure_numeral(int(number)) for number in kinds])
    across = np.ceil((wide[:, None] * heights / 2 + _AIR) / step - 0.5)
    down = np.ceil(np.broadcast_to((heights / 2 + _AIR) / step - 0.5, across.shape))
    return across[which].astype(np.int32), down[which].astype(np.int32)


def _place_beside(
    parts: Parts, room: NDArray[np.float32], outside: NDArray[np.intp], middles: NDArray[np.float32],
    poles: NDArray[np.int32], across: NDArray[np.int32], down: NDArray[np.int32], sizes: NDArray[np.int32],
    step: float, far: NDArray[np.bool_], checkpoint: Callable[[], None],
) -> NDArray[np.intp]:  # fmt: skip
    """Find places beside parts, the nearest that is free, and return the parts for which there is one."""
    if not len(outside):
        return outside
    taken = _find_borders(parts, room)
    written = np.zeros(taken.shape, bool)
    for one in np.flatnonzero(sizes >= 0).tolist():
        x, y = (middles[one] - 0.5).astype(int)
        size = sizes[one]
        written[_box(x, y, across[one, size], down[one, size])] = True
    taken |= written
    found = []
    for number, one in enumerate(outside.tolist()):
        if number % 16 == 0:
            checkpoint()
        half = int(across[one, -1]), int(down[one, -1])
        seat = _seek(taken, written, poles[one], half, round(_NEAR / step), bool(far[one]))
        if seat is None:
            continue
        middles[one] = np.array(seat) + 0.5
        box = _box(*seat, *half)
        taken[box] = written[box] = True
        xs, ys = _line(poles[one], np.array(seat))
        taken[ys, xs] = written[ys, xs] = True
        found.append(one)
    return np.array(found, np.intp)


def _find_borders(parts: Parts, room: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Find pixels beside a border, where no number can stand."""
    taken = room < 1
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        differ = parts.numbers[one] != parts.numbers[other]  # also of one label
        taken[one] |= differ
        taken[other] |= differ
    return taken


def _box(x: int, y: int, across: int, down: int) -> tuple[slice, slice]:
    return slice(max(0, y - down), y + down + 1), slice(max(0, x - across), x + across + 1)


def _line(pole: NDArray[np.int32], seat: NDArray[np.int_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List pixels from one place to another."""
    length = int(np.abs(seat - pole).max()) + 1
    along = np.linspace(pole, seat, 2 * length)
    xs, ys = np.rint(along).astype(np.intp).T
    return xs, ys


def _seek(
    taken: NDArray[np.bool_], written: NDArray[np.bool_], pole: NDArray[np.int32], half: tuple[int, int],
    reach: int, far: bool,
) -> tuple[int, int] | None:  # fmt: skip
    """Look for the nearest free box, whose line to the pole crosses no other number."""
    height, width = taken.shape
    x, y = pole.tolist()
    last = max(height, width) if far else 2 * reach
    while True:
        left, top, right, bottom = max(0, x - reach), max(0, y - reach), x + reach + 1, y + reach + 1
        seat = _seek_near(taken[top:bottom, left:right], written, pole, half, (left, top))
        if seat is not None or reach >= last:
            return seat
        reach *= 2


def _seek_near(
    taken: NDArray[np.bool_], written: NDArray[np.bool_], pole: NDArray[np.int32], half: tuple[int, int],
    origin: tuple[int, int],
) -> tuple[int, int] | None:  # fmt: skip
    wide, high = 2 * half[0] + 1, 2 * half[1] + 1
    if taken.shape[0] < high or taken.shape[1] < wide:
        return None
    sums = cv2.integral(taken.view(np.uint8))
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    ys, xs = np.nonzero(inside == 0)
    xs, ys = xs + half[0] + origin[0], ys + half[1] + origin[1]
    # From the border of the box: a wide one at the side is as near as one above.
    across, down = np.abs(xs - pole[0]) - half[0], np.abs(ys - pole[1]) - half[1]
    away = np.maximum(across, 0) ** 2 + np.maximum(down, 0) ** 2
    for place in np.lexsort((xs, ys, away))[:_TRIED].tolist():
        seat = int(xs[place]), int(ys[place])
        columns, rows = _line(pole, np.array(seat))
        if not written[rows, columns].any():
            return seat
    return None
