"""numba loops that find the connected parts of a label map.

A part is a set of pixels of one label that hang together by their sides; a corner is no contact. Pixels point
at an earlier pixel of their part until its first one, the root, is found: union-find in the array that later
holds the parts' numbers, so that bands of rows can be done side by side and the result is always the same.
"""

from __future__ import annotations

from typing import Any

from numba import uint64

from quantize.compiling import loop, part


@part
def _root(numbers: Any, i: Any) -> Any:
    """Find the first pixel of a part, and let the way there be shorter next time."""
    while numbers[i] != i:
        numbers[i] = numbers[numbers[i]]
        i = numbers[i]
    return i


@part
def _join(numbers: Any, i: Any, j: Any) -> Any:
    """Make two pixels one part; return its root."""
    i, j = _root(numbers, i), _root(numbers, j)
    if i < j:
        numbers[j] = i
        return i
    numbers[i] = j
    return j


@loop
def link_rows(labels: Any, numbers: Any, start: Any, stop: Any) -> None:
    """Link the pixels of rows ``start`` to ``stop``, as if there were no others.

    ``labels`` uint8 (h, w), ``numbers`` int32 (h·w,) to be filled.
    """
    width = labels.shape[1]
    for y in range(start, stop):
        row = y * width
        for x in range(width):
            i, label = row + x, labels[y, x]
            left = x > 0 and labels[y, x - 1] == label
            above = y > start and labels[y - 1, x] == label
            if left and above:
                # Where the pixel above the left one is of this part too, both are one already.
                if labels[y - 1, x - 1] == label:
                    numbers[i] = numbers[i - 1]
                else:
                    numbers[i] = _join(numbers, i - 1, i - width)
            elif left:
                numbers[i] = numbers[i - 1]
            elif above:
                numbers[i] = _root(numbers, i - width)
            else:
                numbers[i] = i


@loop
def link_bands(labels: Any, numbers: Any, row: Any) -> None:
    """Link the pixels of ``row`` to those above it."""
    width = labels.shape[1]
    for x in range(width):
        if labels[row, x] == labels[row - 1, x]:
            _join(numbers, row * width + x, (row - 1) * width + x)


@loop
def count_roots(numbers: Any) -> Any:
    """Count the parts of linked pixels."""
    count = 0
    for i in range(uint64(numbers.shape[0])):
        count += numbers[i] == i
    return count


@loop
def number_parts(labels: Any, numbers: Any, of_parts: Any, areas: Any) -> None:
    """Turn links into numbers of parts, in the order of their first pixels.

    ``labels`` uint8 (h·w,), ``numbers`` int32 (h·w,); fills ``of_parts`` uint8 (n,) and ``areas`` int32 (n,),
    which holds zeros. A link goes backwards, to a pixel that has its number by then.
    """
    count = 0
    for i in range(uint64(numbers.shape[0])):
        if numbers[i] == i:
            of_parts[count] = labels[i]
            numbers[i] = count
            count += 1
        else:
            numbers[i] = numbers[numbers[i]]
        areas[numbers[i]] += 1
