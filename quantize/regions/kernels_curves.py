"""numba loops that fit curves to borders of pixels.

A border of pixels is a staircase. The line that it stands for passes between the middles of the pixels on its
two sides, so a curve may lie anywhere between these, or *trespass* a little. Curves are fitted to the middles
of the staircase's sides, smoothed as far as that allows; its junctions stay where they are, and so do corners
with long straight sides. Cubic curves by least squares, cut where they trespass too far, as Philip J.
Schneider describes ("An Algorithm for Automatically Fitting Digitized Curves", Graphics Gems, 1990), who
measures distances instead.
"""

from __future__ import annotations

from math import hypot
from typing import Any

import numpy as np

from quantize.compiling import loop, part
from quantize.regions.kernels_points import list_points, smooth

FAR = 0.7
"""Pixels that a curve may be away from the middle of a side, besides how far it may trespass."""

STRAIGHTER = 0.5
"""How much less a line may trespass than a curve: lines meet at an angle."""

_ROUNDS = 4
_NEAR = 3
"""Points on either side that say which way a curve goes."""


@part
def _trespass(room: Any, i: Any, x: Any, y: Any, across: Any, down: Any) -> Any:
    """Measure how far a line lies on the wrong side of one of the two pixels that meet at a point.

    The line goes through (x, y) in the direction (across, down), of any length. Their middles are half a
    pixel away from the point, which lies in the middle of the side that they share.
    """
    x, y = room[i, 0] - x, room[i, 1] - y
    length = hypot(across, down)
    if length == 0:
        return hypot(x, y)
    is_level = room[i, 0] != np.floor(room[i, 0])
    reach = abs(across) if is_level else abs(down)
    return max((abs(x * down - y * across) - reach * room[i, 2]) / length, hypot(x, y) - FAR)


@part
def _is_straight(points: Any, room: Any, first: Any, last: Any, most: Any) -> Any:
    """Tell whether the line between two points trespasses nowhere by more than ``most``."""
    across, down = points[last, 0] - points[first, 0], points[last, 1] - points[first, 1]
    squared = across * across + down * down
    if squared == 0:
        return False
    for i in range(first + 1, last):
        x, y = points[i, 0] - points[first, 0], points[i, 1] - points[first, 1]
        share = (x * across + y * down) / squared
        if not 0 <= share <= 1:
            return False
        x, y = points[first, 0] + share * across, points[first, 1] + share * down
        if _trespass(room, i, x, y, across, down) > most:
            return False
    return True


@part
def _toward(points: Any, start: Any, stop: Any) -> Any:
    """Find the way from one point to another, of length 1."""
    x, y = points[stop, 0] - points[start, 0], points[stop, 1] - points[start, 1]
    length = hypot(x, y)
    if length == 0:
        return 0.0, 0.0
    return x / length, y / length


@part
def _fit_once(
    points: Any, first: Any, last: Any, t: Any, x1: Any, y1: Any, x2: Any, y2: Any, curve: Any
) -> None:
    """Fit a cubic curve that leaves along (x1, y1) and comes from (x2, y2) by least squares."""
    px, py, qx, qy = points[first, 0], points[first, 1], points[last, 0], points[last, 1]
    c00, c01, c11, r0, r1 = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(first, last + 1):
        u = t[i]
        v = 1 - u
        b0, b1, b2, b3 = v * v * v, 3 * u * v * v, 3 * u * u * v, u * u * u
        c00 += b1 * b1
        c01 += b1 * b2 * (x1 * x2 + y1 * y2)
        c11 += b2 * b2
        dx = points[i, 0] - px * (b0 + b1) - qx * (b2 + b3)
        dy = points[i, 1] - py * (b0 + b1) - qy * (b2 + b3)
        r0 += b1 * (dx * x1 + dy * y1)
        r1 += b2 * (dx * x2 + dy * y2)
    determinant = c00 * c11 - c01 * c01
    chord = hypot(qx - px, qy - py)
    first_arm = second_arm = chord / 3
    if abs(determinant) > 1e-12 * c00 * c11:
        found1, found2 = (r0 * c11 - r1 * c01) / determinant, (c00 * r1 - c01 * r0) / determinant
        # Arms that point backwards or are very long make loops.
        if found1 > 1e-3 * chord and found2 > 1e-3 * chord and max(found1, found2) < 3 * (chord + 1):
            first_arm, second_arm = found1, found2
    curve[0], curve[1] = px + x1 * first_arm, py + y1 * first_arm
    curve[2], curve[3] = qx + x2 * second_arm, qy + y2 * second_arm
    curve[4], curve[5] = qx, qy


@part
def _farthest(points: Any, room: Any, first: Any, last: Any, t: Any, curve: Any) -> Any:
    """Find the point at which the curve trespasses most, and how far."""
    px, py = points[first, 0], points[first, 1]
    worst, most = (first + last) // 2, 0.0
    for i in range(first + 1, last):
        u = t[i]
        v = 1 - u
        x = v * v * v * px + 3 * u * v * v * curve[0] + 3 * u * u * v * curve[2] + u * u * u * curve[4]
        y = v * v * v * py + 3 * u * v * v * curve[1] + 3 * u * u * v * curve[3] + u * u * u * curve[5]
        dx = v * v * (curve[0] - px) + 2 * u * v * (curve[2] - curve[0]) + u * u * (curve[4] - curve[2])
        dy = v * v * (curve[1] - py) + 2 * u * v * (curve[3] - curve[1]) + u * u * (curve[5] - curve[3])
        away = _trespass(room, i, x, y, dx, dy)
        if away > most:
            worst, most = i, away
    return worst, most


@part
def _move_places(points: Any, first: Any, last: Any, t: Any, curve: Any) -> None:
    """Move each point's place on the curve to where that is nearer, by Newton's method."""
    px, py = points[first, 0], points[first, 1]
    for i in range(first + 1, last):
        u = t[i]
        v = 1 - u
        x = v * v * v * px + 3 * u * v * v * curve[0] + 3 * u * u * v * curve[2] + u * u * u * curve[4]
        y = v * v * v * py + 3 * u * v * v * curve[1] + 3 * u * u * v * curve[3] + u * u * u * curve[5]
        dx = 3 * (v * v * (curve[0] - px) + 2 * u * v * (curve[2] - curve[0]) + u * u * (curve[4] - curve[2]))
        dy = 3 * (v * v * (curve[1] - py) + 2 * u * v * (curve[3] - curve[1]) + u * u * (curve[5] - curve[3]))
        ax = 6 * (v * (curve[2] - 2 * curve[0] + px) + u * (curve[4] - 2 * curve[2] + curve[0]))
        ay = 6 * (v * (curve[3] - 2 * curve[1] + py) + u * (curve[5] - 2 * curve[3] + curve[1]))
        ex, ey = x - points[i, 0], y - points[i, 1]
        slope = dx * dx + dy * dy + ex * ax + ey * ay
        if slope > 1e-9:
            t[i] = min(max(u - (ex * dx + ey * dy) / slope, 0.0), 1.0)


@part
def _fit_between(
    points: Any, room: Any, first: Any, last: Any, closed: Any, most: Any, t: Any, waiting: Any, ways: Any,
    curves: Any, straight: Any, count: Any,
) -> Any:  # fmt: skip
    """Fit lines and curves from one fixed point to the next; return how many curves there are then."""
    curve = np.empty(6, np.float64)
    waiting[0, 0], waiting[0, 1] = first, last
    n_waiting = 1
    if closed:
        near = min(2, (last - first) // 4)
        halfway = (first + last) // 2
        x, y = _toward(points, last - near, first + near)
        across, down = _toward(points, halfway - near, halfway + near)
        waiting[0, 0], waiting[0, 1], waiting[1, 0], waiting[1, 1] = halfway, last, first, halfway
        ways[0, 0], ways[0, 1], ways[0, 2], ways[0, 3] = across, down, -x, -y
        ways[1, 0], ways[1, 1], ways[1, 2], ways[1, 3] = x, y, -across, -down
        n_waiting = 2
    else:
        ways[0, 0], ways[0, 1] = _toward(points, first, min(first + 2, last))
        ways[0, 2], ways[0, 3] = _toward(points, last, max(last - 2, first))
    while n_waiting > 0:
        n_waiting -= 1
        start, stop = waiting[n_waiting, 0], waiting[n_waiting, 1]
        x1, y1, x2, y2 = ways[n_waiting, 0], ways[n_waiting, 1], ways[n_waiting, 2], ways[n_waiting, 3]
        if stop - start == 1 or _is_straight(points, room, start, stop, most * STRAIGHTER):
            for axis in range(2):
                curves[count, 0, axis] = points[start, axis]
                curves[count, 1, axis] = curves[count, 2, axis] = points[stop, axis]
            straight[count] = True
            count += 1
            continue
        t[start] = 0.0
        for i in range(start + 1, stop + 1):
            t[i] = t[i - 1] + hypot(points[i, 0] - points[i - 1, 0], points[i, 1] - points[i - 1, 1])
        length = t[stop]
        for i in range(start + 1, stop + 1):
            t[i] /= length
        worst, away = start, 0.0
        for turn in range(_ROUNDS):
            _fit_once(points, start, stop, t, x1, y1, x2, y2, curve)
            worst, away = _farthest(points, room, start, stop, t, curve)
            if away <= most or away > 1:
                break
            if turn < _ROUNDS - 1:
                _move_places(points, start, stop, t, curve)
        if away <= most:
            for k in range(3):
                curves[count, k, 0], curves[count, k, 1] = curve[2 * k], curve[2 * k + 1]
            straight[count] = False
            count += 1
            continue
        near = min(_NEAR, worst - start, stop - worst)
        x, y = _toward(points, worst - near, worst + near)
        # The later half waits below the earlier one.
        waiting[n_waiting, 0], waiting[n_waiting, 1] = worst, stop
        ways[n_waiting, 0], ways[n_waiting, 1], ways[n_waiting, 2], ways[n_waiting, 3] = x, y, x2, y2
        waiting[n_waiting + 1, 0], waiting[n_waiting + 1, 1] = start, worst
        ways[n_waiting + 1, 0], ways[n_waiting + 1, 1] = x1, y1
        ways[n_waiting + 1, 2], ways[n_waiting + 1, 3] = -x, -y
        n_waiting += 2
    return count


@part
def _keep(x: Any, y: Any, ways: Any, curves: Any, straight: Any, count: Any) -> Any:
    """Keep an edge as it is, a line for each straight run; return how many curves there are then."""
    for i in range(ways.shape[0]):
        way = ways[i]
        if i == 0 or way != ways[i - 1]:
            curves[count, 0, 0], curves[count, 0, 1] = x, y
            straight[count] = True
            count += 1
        x += (way == 0) - (way == 2)
        y += (way == 1) - (way == 3)
        for k in range(1, 3):
            curves[count - 1, k, 0], curves[count - 1, k, 1] = x, y
    return count


@loop
def fit_edges(
    origins: Any, starts: Any, steps: Any, first: Any, last: Any, n_open: Any, most: Any,
    square: Any, thin: Any, begins: Any, ends: Any, curves: Any, straight: Any,
) -> Any:  # fmt: skip
    """Fit curves to edges ``first`` to ``last``, no farther off than ``most``; return how many there are.

    Edges that are ``square``, bool (n,), stay as they are.

    Fills ``begins`` float32 (n, 2) with where each edge begins, ``ends`` int64 (n,) with the number of curves
    up to its last one, both for these edges only, ``curves`` float32 (m, 3, 2) with two control points and
    the end of each, and ``straight`` bool (m,).
    """
    longest = 0
    for edge in range(first, last):
        longest = max(longest, starts[edge + 1] - starts[edge])
    size = 2 * longest + 4
    points, room = np.empty((size, 2), np.float64), np.empty((size, 3), np.float64)
    fixed, t = np.empty(size, np.bool_), np.empty(size, np.float64)
    waiting, ways = np.empty((size, 2), np.int64), np.empty((size, 4), np.float64)
    count = 0
    for edge in range(first, last):
        if square[edge]:
            x, y = origins[edge, 0], origins[edge, 1]
            begins[edge - first, 0], begins[edge - first, 1] = x, y
            count = _keep(x, y, steps[starts[edge] : starts[edge + 1]], curves, straight, count)
            ends[edge - first] = count
            continue
        n, ring = starts[edge + 1] - starts[edge], edge >= n_open
        own = slice(starts[edge], starts[edge + 1])
        n_points = list_points(
            origins[edge, 0], origins[edge, 1], steps[own], thin[own], n, ring, points, fixed, room
        )
        closed = ring and not fixed[0]
        smooth(points, fixed, n_points, closed, room)
        begins[edge - first, 0], begins[edge - first, 1] = points[0, 0], points[0, 1]
        start = 0
        for i in range(1, n_points):
            if fixed[i] or i == n_points - 1:
                count = _fit_between(
                    points, room, start, i, closed, most, t, waiting, ways, curves, straight, count
                )
                start = i
        ends[edge - first] = count
    return count


@loop
def keep_steps(
    origins: Any, starts: Any, steps: Any, first: Any, last: Any, begins: Any, ends: Any, curves: Any,
    straight: Any,
) -> Any:  # fmt: skip
    """Fill the same with the borders as they are: a line for each straight run."""
    count = 0
    for edge in range(first, last):
        x, y = origins[edge, 0], origins[edge, 1]
        begins[edge - first, 0], begins[edge - first, 1] = x, y
        count = _keep(x, y, steps[starts[edge] : starts[edge + 1]], curves, straight, count)
        ends[edge - first] = count
    return count
