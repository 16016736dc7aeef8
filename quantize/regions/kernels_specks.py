"""numba loops that merge small parts into their neighbours.

The smallest part comes first, and of equal ones the one that was met first. Its pixels are a ring of links,
so that looking at its border costs as much as it has pixels; whatever it is merged into is at least as large
as it was itself. So a pixel is looked at no more than log2(``smallest``) times. Parts wait in a queue for
every area. One that has grown meanwhile is put into another queue when its turn comes.
"""

from __future__ import annotations

from typing import Any

from numba import uint64

from quantize.compiling import loop, part

NONE = -1


@part
def _root(parents: Any, i: Any) -> Any:
    """Find what a part is merged into, and let the way there be shorter next time."""
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


@part
def _wait(queues: Any, behind: Any, area: Any, one: Any) -> None:
    """Let a part wait at the end of the queue of its area."""
    behind[one] = NONE
    if queues[area, 0] == NONE:
        queues[area, 0] = one
    else:
        behind[queues[area, 1]] = one
    queues[area, 1] = one


@loop
def tie_pixels(numbers: Any, areas: Any, smallest: Any, following: Any, last: Any) -> None:
    """Tie the pixels of every small part to a ring.

    ``numbers`` int32 (h·w,), ``areas`` int32 (n,). Fills ``following`` int32 (h·w,) for their pixels, and
    ``last`` int32 (n,), which holds ``NONE``, with one pixel of each.
    """
    for i in range(numbers.shape[0]):
        one = numbers[i]
        if areas[one] >= smallest:
            continue
        if last[one] == NONE:
            following[i] = i
        else:
            following[i] = following[last[one]]
            following[last[one]] = i
        last[one] = i


@loop
def queue_parts(areas: Any, labels: Any, clear: Any, queues: Any, behind: Any) -> None:
    """Queue all small parts that are not ``clear`` by area; ``queues`` int32 (smallest, 2) holds ``NONE``."""
    for one in range(areas.shape[0]):
        if labels[one] != clear and areas[one] < queues.shape[0]:
            _wait(queues, behind, areas[one], one)


@part
def _merge(one: Any, other: Any, parents: Any, areas: Any, last: Any, following: Any, smallest: Any) -> Any:
    """Merge two parts; return which of them stands for both."""
    if areas[other] > areas[one] or (areas[other] == areas[one] and other < one):
        one, other = other, one
    parents[other] = one
    areas[one] += areas[other]
    if areas[one] < smallest:
        a, b = last[one], last[other]
        following[a], following[b] = following[b], following[a]
    return one


@loop
def merge_some(
    numbers: Any, width: Any, parents: Any, labels: Any, areas: Any, clear: Any, away: Any,
    following: Any, last: Any, queues: Any, behind: Any, beside: Any, state: Any, most: Any,
) -> Any:  # fmt: skip
    """Merge small parts until ``most`` pixels were looked at; return whether all is done.

    ``away`` int64 (256, 256) says how unlike two labels are, for borders of one length; ``beside`` int32 has
    room for four neighbours of each pixel of a part; ``state`` int64 (1,) holds the area that is looked at.
    """
    smallest, looked, n_pixels = queues.shape[0], 0, numbers.shape[0]
    lengths = [0] * 256
    while state[0] < smallest:
        one = queues[state[0], 0]
        if one == NONE:
            state[0] += 1
            continue
        if looked >= most:
            return False
        queues[state[0], 0] = behind[one]
        if parents[one] != one or areas[one] >= smallest:
            continue
        if areas[one] > state[0]:
            _wait(queues, behind, areas[one], one)
            continue
        looked += areas[one]
        n_beside, pixel = 0, last[one]
        for _ in range(areas[one]):
            x = pixel % width
            for side in range(4):
                if side == 0:
                    near, there = pixel - 1, x > 0
                elif side == 1:
                    near, there = pixel + 1, x < width - 1
                elif side == 2:
                    near, there = pixel - width, pixel >= width
                else:
                    near, there = pixel + width, pixel + width < n_pixels
                if not there:
                    continue
                other = _root(parents, numbers[near])
                if other != one and labels[other] != clear:
                    lengths[labels[other]] += 1
                    beside[n_beside] = other
                    n_beside += 1
            pixel = following[pixel]
        if n_beside == 0:
            continue
        own, best = labels[one], int(labels[beside[0]])
        for k in range(1, n_beside):
            label = int(labels[beside[k]])
            longer, further = lengths[label] - lengths[best], away[own, label] - away[own, best]
            if longer > 0 or (longer == 0 and (further < 0 or (further == 0 and label < best))):
                best = label
        for k in range(n_beside):
            lengths[labels[beside[k]]] = 0
        whole = one
        for k in range(n_beside):
            # Of those merged a moment ago the label may be another by now: all of them have the best one.
            other = _root(parents, beside[k])
            if other != whole and labels[other] == best:
                whole = _merge(whole, other, parents, areas, last, following, smallest)
                labels[whole] = best
        if whole == one and areas[one] < smallest:
            _wait(queues, behind, areas[one], one)
    return True


@loop
def renumber(numbers: Any, parents: Any, places: Any) -> Any:
    """Number what is left in the order of first pixels; return how many there are.

    ``places`` int32 (n,) holds ``NONE``, and gets the new number of every part that stands for others.
    """
    count = 0
    for i in range(uint64(numbers.shape[0])):
        one = _root(parents, numbers[i])
        if places[one] == NONE:
            places[one] = count
            count += 1
        numbers[i] = places[one]
    return count
