"""Frames as files hold them: what is seen of each, which of them are alike, and how long each stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.animation.mapping import Animated

HIDDEN = -1
Shown = NDArray[np.int32]


@dataclass(frozen=True)
class Span:
    """Frame ``number`` is seen for ``ticks`` of a kind of file."""

    number: int
    ticks: int


def shown(animated: Animated, number: int) -> Shown:
    """Return what is seen of a frame: colours as numbers, int32 (h, w), ``HIDDEN`` where nothing is."""
    colors = animated.palette_of(number).astype(np.int32)
    packed = colors[:, 0] << 16 | colors[:, 1] << 8 | colors[:, 2]
    made = packed[animated.indices[number]]
    made[~animated.visible(number)] = HIDDEN
    return made


def spans(animated: Animated, tick: int, most: int) -> list[Span]:
    """Merge neighbours that look alike, and count milliseconds in ticks.

    Parameters
    ----------
    animated : Animated
    tick : int
        Milliseconds that a file's unit has. What is lost by rounding is carried on, so that every frame
        begins within half a unit of its time.
    most : int
        Units that one frame may have at most; what is longer is said several times.
    """
    return cut_long(_merged(animated, _ticks(animated.durations, tick)), most)


def cut_long(times: Iterable[tuple[int, int]], most: int) -> list[Span]:
    """Say frames several times that stay longer than ``most`` ticks; number and ticks of each are given."""
    made = list[Span]()
    for number, ticks in times:
        while ticks > most:
            made.append(Span(number, most))
            ticks -= most
        made.append(Span(number, ticks))
    return made


def _ticks(durations: tuple[int, ...], tick: int) -> list[int]:
    """Count milliseconds in units, with the rest carried on."""
    ends = np.cumsum(durations, dtype=np.int64)
    return np.diff((ends + tick // 2) // tick, prepend=0).tolist()


def _merged(animated: Animated, ticks: list[int]) -> Iterator[tuple[int, int]]:
    first, total, before = 0, 0, None
    for number, own in enumerate(ticks):
        now = shown(animated, number)
        if before is not None and not np.array_equal(before, now):
            yield first, total
            first, total = number, 0
        total, before = total + own, now
    yield first, total


def box(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Find the smallest rectangle around what is true; one pixel where nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 1), slice(0, 1)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
