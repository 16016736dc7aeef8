"""Which grid both axes of a picture have, of all periods that their spectra show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from quantize.pixelart.axis import Axes, Axis, Place
from quantize.pixelart.rhythm import FEWEST_CELLS, SHORTEST

Pair = tuple[Place, Place]
"""Across and down."""

_SAME = 0.05
_SQUARE = 0.1
_LITTLE_MORE = 0.15
_NEAR = 0.3
_ENOUGH_CELLS = 16
_PARTS = (2, 3, 5, 7)
_PASSES = 4


def find_places(axes: Axes) -> Pair | None:
    """Find the grid that leaves about the least: square cells if they leave little more, and large ones.

    None if there is nothing to try.
    """
    tried = _different([period for axis in axes for period in axis.periods], max(a.length for a in axes))
    found = [{one: axis.place(one) for one in tried if _fits(axis, one)} for axis in axes]
    squares = [(found[0][one], found[1][one]) for one in tried if one in found[0] and one in found[1]]
    best = _coarsest(squares) if squares else None
    if all(found) and not any(axis.is_silent for axis in axes):
        across, down = (_coarsest([(place,) for place in places.values()])[0] for places in found)
        if best is None or _worst((across, down)) + _SQUARE < _worst(best):
            best = across, down
    return _as_square(axes, _refine(axes, best)) if best else None


def _as_square(axes: Axes, pair: Pair) -> Pair:
    """Make cells square where nothing changes along one axis: nothing there tells how long they are."""
    across, down = pair
    if axes[0].is_silent:
        return axes[0].place(down.period), down
    return across, axes[1].place(across.period) if axes[1].is_silent else down


def _different(periods: Iterable[float], length: int) -> list[float]:
    """Drop periods that are another, as far as the length can tell."""
    kept: list[float] = []
    for period in periods:
        if all(abs(1 / period - 1 / other) * length > _NEAR for other in kept):
            kept.append(period)
    return kept


def _fits(axis: Axis, period: float) -> bool:
    return axis.is_silent or SHORTEST <= period <= axis.length / FEWEST_CELLS


def _worst(places: tuple[Place, ...]) -> float:
    return max(place.share for place in places)


def _coarsest(found: list) -> tuple:
    """Take the largest cells of those that leave about the least."""
    least = min(_worst(places) for places in found)
    good = [places for places in found if _worst(places) <= least + _SAME]
    return max(good, key=lambda places: places[0].period)


def _refine(axes: Axes, pair: Pair) -> Pair:
    """Make cells larger where lines do nothing, and smaller where there are more lines, until neither is."""
    is_square = abs(pair[0].period / pair[1].period - 1) < _SAME
    pair = axes[0].polish(pair[0]), axes[1].polish(pair[1])
    for _ in range(_PASSES):
        larger = _enlarge(axes, pair)
        if larger is None:
            break
        pair = larger
    for _ in range(_PASSES):
        smaller = _split(axes, pair, is_square)
        if smaller is None:
            break
        pair = smaller
    return pair


def _enlarge(axes: Axes, pair: Pair) -> Pair | None:
    """Drop lines that do nothing: along both axes, or along one if that has lines enough to tell."""
    for times in _PARTS:
        across, down = (_without(axis, place, times) for axis, place in zip(axes, pair, strict=True))
        if across and down:
            return across, down
        if across and axes[0].length / across.period >= _ENOUGH_CELLS and not axes[1].is_silent:
            return across, pair[1]
        if down and axes[1].length / down.period >= _ENOUGH_CELLS and not axes[0].is_silent:
            return pair[0], down
    return None


def _without(axis: Axis, place: Place, times: int) -> Place | None:
    """Take only every second line, or third …; None if the others are needed."""
    period = times * place.period
    if not _fits(axis, period):
        return None
    best = min(axis.judge(period, place.phase + shift * place.period) for shift in range(times))
    if best.share > place.share + _SAME or axis.is_split(best, times):
        return None
    return best


def _split(axes: Axes, pair: Pair, is_square: bool) -> Pair | None:
    """Put lines between where there are some: along one axis, or along both if cells are square."""
    for parts, (i, axis) in product(_PARTS, enumerate(axes)):
        if pair[i].period / parts < SHORTEST or not axis.is_split(pair[i], parts):
            continue
        finer = [one.judge(it.period / parts, it.phase) for one, it in zip(axes, pair, strict=True)]
        if finer[i].share > pair[i].share + _LITTLE_MORE:
            continue
        across, down = (finer[j] if is_square or i == j else pair[j] for j in (0, 1))
        return axes[0].polish(across), axes[1].polish(down)
    return None
