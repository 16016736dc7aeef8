"""numba loops that trace the borders of a label map.

Borders run along the sides of pixels, from corner to corner: corner (x, y) is the upper left one of pixel
(x, y), and there is one more of them across and down than there are pixels. Bits of a corner say what goes
from it to the right and downwards; what lies outside the picture counts as another label. Directions are
0 to the right, 1 down, 2 to the left, 3 up.
"""

from __future__ import annotations

from typing import Any

from quantize.compiling import loop, part

RIGHT, DOWN, JUNCTION = 1, 2, 4


@loop
def mark_borders(labels: Any, marks: Any) -> Any:
    """Mark the borders of ``labels`` uint8 (h, w) in ``marks`` uint8 (h + 1, w + 1), which holds zeros.

    Returns how many sides of pixels are borders.
    """
    height, width = labels.shape
    count = 0
    for y in range(height + 1):
        for x in range(width + 1):
            mark = 0
            if x < width and (y == 0 or y == height or labels[y - 1, x] != labels[y, x]):
                mark |= RIGHT
                count += 1
            if y < height and (x == 0 or x == width or labels[y, x - 1] != labels[y, x]):
                mark |= DOWN
                count += 1
            marks[y, x] = mark
    return count


@part
def _goes(marks: Any, x: Any, y: Any, way: Any) -> Any:
    """Tell whether a border that nobody went along leaves a corner this way."""
    if way == 0:
        return marks[y, x] & RIGHT != 0
    if way == 1:
        return marks[y, x] & DOWN != 0
    if way == 2:
        return x > 0 and marks[y, x - 1] & RIGHT != 0
    return y > 0 and marks[y - 1, x] & DOWN != 0


@loop
def mark_junctions(marks: Any) -> Any:
    """Mark corners where more than two borders meet, and those of the picture; return the borders there."""
    rows, columns = marks.shape
    count = 0
    for y in range(rows):
        for x in range(columns):
            if not marks[y, x] and x < columns - 1 and y < rows - 1:
                # Two that come from above and from the left are no junction.
                continue
            borders = 0
            for way in range(4):
                borders += _goes(marks, x, y, way)
            if borders > 2 or ((x == 0 or x == columns - 1) and (y == 0 or y == rows - 1)):
                marks[y, x] |= JUNCTION
                count += borders
    return count


@part
def _walk(marks: Any, x: Any, y: Any, way: Any, steps: Any, count: Any) -> Any:
    """Walk along a border to a junction or until it ends, and take it away; return the steps so far."""
    while True:
        steps[count] = way
        count += 1
        if way == 0:
            marks[y, x] &= ~RIGHT
            x += 1
        elif way == 1:
            marks[y, x] &= ~DOWN
            y += 1
        elif way == 2:
            x -= 1
            marks[y, x] &= ~RIGHT
        else:
            y -= 1
            marks[y, x] &= ~DOWN
        if marks[y, x] & JUNCTION:
            return count
        onwards = -1
        for turn in (0, 1, 3):
            if _goes(marks, x, y, (way + turn) & 3):
                onwards = (way + turn) & 3
        if onwards < 0:
            return count
        way = onwards


@loop
def walk_edges(marks: Any, rings: Any, origins: Any, starts: Any, steps: Any, count: Any) -> Any:
    """Walk along all edges between junctions, or else along all rings that are left; return how many.

    Fills ``origins`` int32 (n, 2), x and y, ``starts`` int64 (n + 1,) and ``steps`` uint8 from ``count`` on.
    """
    rows, columns = marks.shape
    edge = 0
    for y in range(rows):
        for x in range(columns):
            mark = marks[y, x]
            if rings:
                if mark & RIGHT:
                    origins[edge, 0], origins[edge, 1], starts[edge] = x, y, count
                    count = _walk(marks, x, y, 0, steps, count)
                    edge += 1
            elif mark & JUNCTION:
                for way in range(4):
                    if _goes(marks, x, y, way):
                        origins[edge, 0], origins[edge, 1], starts[edge] = x, y, count
                        count = _walk(marks, x, y, way, steps, count)
                        edge += 1
    starts[edge] = count
    return edge


@loop
def find_sides(numbers: Any, origins: Any, starts: Any, steps: Any, sides: Any) -> None:
    """Find the parts left and right of each edge, -1 outside; ``sides`` int32 (n, 2)."""
    height, width = numbers.shape
    for edge in range(origins.shape[0]):
        x, y, way = origins[edge, 0], origins[edge, 1], steps[starts[edge]]
        if way == 2:
            x -= 1
        elif way == 3:
            y -= 1
        # The pixel behind the side that is not above, and not to the left of it.
        first = numbers[y, x] if x < width and y < height else -1
        beside, above = x - (way & 1), y - 1 + (way & 1)
        other = numbers[above, beside] if beside >= 0 and above >= 0 else -1
        # Going right, what is above lies to the left.
        ahead = way == 1 or way == 2
        sides[edge, 0] = first if ahead else other
        sides[edge, 1] = other if ahead else first


@loop
def find_ends(origins: Any, starts: Any, steps: Any, ends: Any) -> None:
    """Find the corner at which each edge ends; ``ends`` int32 (n, 2)."""
    for edge in range(origins.shape[0]):
        x, y = origins[edge, 0], origins[edge, 1]
        for i in range(starts[edge], starts[edge + 1]):
            way = steps[i]
            x += (way == 0) - (way == 2)
            y += (way == 1) - (way == 3)
        ends[edge, 0], ends[edge, 1] = x, y


@loop
def mark_thin(numbers: Any, origins: Any, starts: Any, steps: Any, thin: Any) -> None:
    """Mark in ``thin``, bool (s,), the steps beside which a part is one pixel or two wide."""
    height, width = numbers.shape
    for edge in range(origins.shape[0]):
        x, y = origins[edge, 0], origins[edge, 1]
        for i in range(starts[edge], starts[edge + 1]):
            way = steps[i]
            across, down = (way == 0) - (way == 2), (way == 1) - (way == 3)
            # The pixels on both sides: above and below a level step, left and right of an upright one.
            here_x, here_y = x - (way == 2), y - (way == 3)
            back_x, back_y = (0, 1) if across != 0 else (1, 0)
            thin[i] = False
            for side in range(2):
                first_x, first_y = here_x - back_x * (1 - side), here_y - back_y * (1 - side)
                if not (0 <= first_x < width and 0 <= first_y < height):
                    continue
                sign = 2 * side - 1
                for depth in range(1, 3):
                    far_x, far_y = first_x + sign * back_x * depth, first_y + sign * back_y * depth
                    if not (0 <= far_x < width and 0 <= far_y < height):
                        break
                    if numbers[far_y, far_x] != numbers[first_y, first_x]:
                        thin[i] = True
            x, y = x + across, y + down


@loop
def follow_ways(firsts: Any, onwards: Any, seen: Any, ordered: Any, starts: Any) -> Any:
    """Follow ``onwards`` from each of ``firsts`` until it comes back; return how many ways there are.

    Fills ``ordered`` int64 (m,) way after way and ``starts`` int64 (m + 1,); ``seen`` holds False.
    """
    count, ways = 0, 0
    for first in firsts:
        if seen[first]:
            continue
        starts[ways] = count
        ways += 1
        half = first
        while not seen[half]:
            seen[half] = True
            ordered[count] = half
            count += 1
            half = onwards[half]
    starts[ways] = count
    return ways
