"""numba loops that place the points to which curves are fitted: middles of the sides of pixels, smoothed.

A border of pixels is a staircase. The line that it stands for passes between the middles of the pixels on its
two sides. So each point may be moved towards either of these; junctions and corners stay where they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from quantize.compiling import part

LONG = 3
"""Sides of pixels in a row, before and behind, that make a turn a corner."""

REACH, THIN_REACH = 0.44, 0.35
"""Pixels from the middle of a side towards the middles of its pixels that are free for curves, of 0.5; and
beside parts of one pixel or two, which would lose too much."""

FREE = 0.42
"""Pixels that a point may be moved away from the middle of a side, across and along it added up: else pixels
that are corners would be lost."""

TURNS, STILL = 40, 0.002
"""How often all points are moved at most, and how little the last moves were, in pixels."""

SHARE = 1.6
"""How far on the way to where it should be a point is moved: who goes beyond is sooner there."""


@part
def _corner(ways: Any, n: Any, i: Any, ring: Any) -> Any:
    """Tell whether step ``i`` of ``n`` begins at a corner: a turn with long straight sides."""
    if not ring and (i < LONG or i + LONG > n):
        return False
    before, after = ways[(i - 1) % n], ways[i % n]
    if before == after or n < 2 * LONG:
        return False
    straight = 1
    for k in range(1, LONG):
        straight += ways[(i - 1 - k) % n] == before and ways[(i + k) % n] == after
    return straight == LONG


@part
def _place(
    points: Any, count: Any, x: Any, y: Any, fixed: Any, is_fixed: Any, room: Any, is_thin: Any
) -> Any:
    points[count, 0], points[count, 1], fixed[count] = x, y, is_fixed
    room[count, 0], room[count, 1], room[count, 2] = x, y, THIN_REACH if is_thin else REACH
    return count + 1


@part
def list_points(
    x: Any, y: Any, ways: Any, thin: Any, n: Any, ring: Any, points: Any, fixed: Any, room: Any
) -> Any:
    """List the middles of all steps, and corners; return how many points there are.

    ``room`` keeps where each was, and how far from there curves are free. A ring begins at its first corner;
    without one it begins and ends in the middle of its first step.
    """
    first = -1
    if ring:
        for i in range(n):
            if _corner(ways, n, i, True):
                first = i
                break
        for i in range(max(first, 0)):
            x += (ways[i] == 0) - (ways[i] == 2)
            y += (ways[i] == 1) - (ways[i] == 3)
    count = 0
    if not ring or first >= 0:
        count = _place(points, count, x, y, fixed, True, room, True)
    for k in range(n):
        i = (k + max(first, 0)) % n
        if k > 0 and _corner(ways, n, i, ring):
            count = _place(points, count, x, y, fixed, True, room, True)
        across, down = (ways[i] == 0) - (ways[i] == 2), (ways[i] == 1) - (ways[i] == 3)
        middle_x, middle_y = x + across * 0.5, y + down * 0.5
        count = _place(points, count, middle_x, middle_y, fixed, False, room, thin[i])
        x, y = x + across, y + down
    if not ring or first >= 0:
        return _place(points, count, x, y, fixed, True, room, True)
    return _place(points, count, points[0, 0], points[0, 1], fixed, False, room, room[0, 2] == THIN_REACH)


@part
def _within(away: Any, most: Any) -> Any:
    return min(max(away, -most), most)


@part
def smooth(points: Any, fixed: Any, n: Any, closed: Any, room: Any) -> None:
    """Move all points, each near its place, so that their way bends as little as can be.

    Every point goes to where its four neighbours are bent least (the fourth difference is 0), to and fro
    along the way. Staircases become lines and arcs. Rings keep their size, as they would not if each point
    went to the middle of two. Beside what is thin, points are moved once, by little: the sides of a stroke
    would meet before its end.
    """
    count = n - 1 if closed else n
    for turn in range(TURNS):
        most = 0.0
        for step in range(count):
            i = step if turn % 2 == 0 else count - 1 - step
            if fixed[i] or room[i, 2] == THIN_REACH or (not closed and (i == 0 or i == count - 1)):
                continue
            far, before, behind, farther = i - 2, i - 1, i + 1, i + 2
            if closed:
                far, before = (far + count if far < 0 else far), (before + count if before < 0 else before)
                behind = behind - count if behind >= count else behind
                farther = farther - count if farther >= count else farther
            bends = far >= 0 and farther < count and not fixed[before] and not fixed[behind]
            goal_x = (points[before, 0] + points[behind, 0]) / 2
            goal_y = (points[before, 1] + points[behind, 1]) / 2
            if bends:
                goal_x = (4 * goal_x - (points[far, 0] + points[farther, 0]) / 2) / 3
                goal_y = (4 * goal_y - (points[far, 1] + points[farther, 1]) / 2) / 3
            x = points[i, 0] + SHARE * (goal_x - points[i, 0]) - room[i, 0]
            y = points[i, 1] + SHARE * (goal_y - points[i, 1]) - room[i, 1]
            if room[i, 0] != np.floor(room[i, 0]):  # the middle of a level side
                y = _within(y, FREE)
                x = _within(x, FREE - abs(y))
            else:
                x = _within(x, FREE)
                y = _within(y, FREE - abs(x))
            x, y = x + room[i, 0], y + room[i, 1]
            most = max(most, abs(x - points[i, 0]) + abs(y - points[i, 1]))
            points[i, 0], points[i, 1] = x, y
        if most < STILL:
            break
    for i in range(count):
        before, behind = i - 1, i + 1
        if closed:
            before, behind = (count - 1 if i == 0 else before), (0 if i == count - 1 else behind)
        if fixed[i] or room[i, 2] != THIN_REACH or before < 0 or behind >= count:
            continue
        across, down = room[behind, 0] - room[before, 0], room[behind, 1] - room[before, 1]
        if abs(across) + abs(down) == 1 and across * down == 0:
            # The tip of what is one pixel wide: it would shrink.
            continue
        for axis in range(2):
            points[i, axis] = (room[before, axis] + 2 * room[i, axis] + room[behind, axis]) / 4
    if closed:
        points[n - 1, 0], points[n - 1, 1] = points[0, 0], points[0, 1]
