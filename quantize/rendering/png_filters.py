"""PNG's filters: each byte of a row less what its neighbours let expect.

The filter of a row is the one whose bytes, taken as signed, have the least sum of absolute values: the usual
rule of thumb, from the standard's own advice.

Source: PNG, W3C Recommendation, third edition, sections 9 and 12.7.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint8]

# Bytes that are filtered at a time, so that what lies between fits into a processor's cache.
_AT_ONCE = 1 << 16


def unfiltered(rows: Rows) -> Rows:
    """Put the number of the filter "none" before each row: uint8 (h, n) → uint8 (h, 1 + n)."""
    out = np.zeros((rows.shape[0], 1 + rows.shape[1]), np.uint8)
    out[:, 1:] = rows
    return out


def filtered(rows: Rows, mean: bool) -> Rows:
    """Filter rows, each in the way that suits it, with the number of its filter before it.

    Parameters
    ----------
    rows : uint8, shape (h, n)
        Packed pixels of at most 8 bits, so that the neighbour of a byte is the byte before it.
    mean : bool
        Whether the filter that takes the mean of two neighbours may be chosen: good for smooth greys only.

    Returns
    -------
    uint8, shape (h, 1 + n)
    """
    out, tall = unfiltered(rows), max(1, _AT_ONCE // rows.shape[1])
    for top in range(0, len(rows), tall):
        _filter_some(rows, slice(top, top + tall), mean, out[top : top + tall])
    return out


def _filter_some(rows: Rows, cut: slice, mean: bool, out: Rows) -> None:
    here, up = rows[cut], np.zeros_like(rows[cut])
    up[cut.start == 0 :] = rows[max(0, cut.start - 1) : cut.start + len(here) - 1]
    least = _cost(here)
    for number, guess in _guesses(_shifted(here), up, _shifted(up), mean):
        away = here - guess
        cost = _cost(away)
        better = cost < least
        least = np.where(better, cost, least)
        out[better, 0], out[better, 1:] = number, away[better]


def _shifted(rows: Rows) -> Rows:
    left = np.zeros_like(rows)
    left[:, 1:] = rows[:, :-1]
    return left


def _cost(away: Rows) -> NDArray[np.int64]:
    return np.minimum(away, 0 - away).sum(axis=1, dtype=np.int64)


def _guesses(left: Rows, up: Rows, corner: Rows, mean: bool) -> Iterator[tuple[int, Rows]]:
    """Give the numbers of filters, and what each expects."""
    yield 1, left
    yield 2, up
    if mean:
        yield 3, (left & up) + ((left ^ up) >> np.uint8(1))
    yield 4, _paeth(left, up, corner)


def _paeth(left: Rows, up: Rows, corner: Rows) -> Rows:
    a, b, c = (part.astype(np.int16) for part in (left, up, corner))
    to_left, to_up, to_corner = np.abs(b - c), np.abs(a - c), np.abs(a + b - 2 * c)
    nearer = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearer)
