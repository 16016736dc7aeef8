"""numba loops that find entry mixes (``mixes.py``), and lay a mask over a picture with them.

For a colour x in the light counted, seen at o along an eye's axes, and weights w of the entries p seen at q:

    w minimises |T (Σ w p - x)|² + price · Σ w |q - o|²,   w ≥ 0, Σ w = 1

T is how the eye sees small changes of this colour. It is a convex problem, solved by an active set: from one
entry on, the best entry outside is taken in, weights are solved for on those taken, what would become
negative is left out, until no entry outside improves it. Four entries are enough in three dimensions: if a
fifth comes, or one that lies on the line or plane of those taken, it takes the place of one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from quantize.colors.kernels_count import number_of, rank_of
from quantize.compiling import loop
from quantize.dithering.kernels_cube import fill_cell, slot_of

# Less light counts as this where slopes are taken: the cube root's is infinite at 0.
_DARKEST = 0.002
# How far from grey a colour is where chroma counts half as much more.
_GREY = 0.01
_MOST_STEPS = 64
_ROUNDING = 1e-10
# Mixes start anew after so many colours: what is found does not depend on threads.
RUN = 64
WHOLE = 65535


class Mixer(NamedTuple):
    """What colours and entries are measured by.

    ``linear``, ``light`` and ``slope`` float64 (511,): linear light, light counted, and how fast the first
    rises with the second, of the codes 0, 0.5, …, 255. ``mix`` and ``turn`` float64 (3, 3): see
    ``colors/eye.py``. ``by_eye``: what is mixed is not light but what is seen. ``entries`` float64 (6, k'):
    where they are seen, then their lights; k' is a multiple of four, the last ones are there to fill it.
    """

    linear: NDArray[np.float64]
    light: NDArray[np.float64]
    slope: NDArray[np.float64]
    mix: NDArray[np.float64]
    turn: NDArray[np.float64]
    by_eye: np.bool_
    entries: NDArray[np.float64]


class MixTable(NamedTuple):
    """Mixes of a picture's colours, by their position in a set of colours (``kernels_count``).

    ``words`` uint64 and ``ranks`` uint32 are the set, of colours, or of cubes of eight if ``shift``, by which
    their numbers are shifted, is 3. ``entries`` uint8 (n, 4), ``limits`` uint16 (n, 3): see ``find_mixes``.
    """

    words: NDArray[np.uint64]
    ranks: NDArray[np.uint32]
    shift: np.int64
    entries: NDArray[np.uint8]
    limits: NDArray[np.uint16]


@njit(inline="always")
def _look(mixer: Any, codes: Any, light: Any, seen: Any, tilt: Any) -> None:
    """Fill ``light`` and ``seen`` (3,) of a colour, in half ``codes`` (3,), and ``tilt`` (3, 3)."""
    for j in range(3):
        light[j] = mixer.light[codes[j]]
        seen[j] = 0.0
    tilt[:] = 0.0
    for cone in range(3):
        amount = 0.0
        for j in range(3):
            amount += mixer.mix[cone, j] * mixer.linear[codes[j]]
        root = np.cbrt(amount)
        steep = 1.0 / (3.0 * max(root * root, _DARKEST ** (2 / 3)))
        for i in range(3):
            seen[i] += mixer.turn[i, cone] * root
            for j in range(3):
                tilt[i, j] += mixer.turn[i, cone] * steep * mixer.mix[cone, j] * mixer.slope[codes[j]]
    if mixer.by_eye:
        for i in range(3):
            light[i] = seen[i]
            for j in range(3):
                tilt[i, j] = 1.0 if i == j else 0.0


@loop
def look_at(mixer: Any, colors: Any, out: Any) -> None:
    """Fill ``out`` float64 (6, n) with where ``colors`` uint8 (n, 3) are seen, and their lights."""
    codes, light, spot, tilt = np.empty(3, np.int64), np.empty(3), np.empty(3), np.empty((3, 3))
    for i in range(colors.shape[0]):
        for j in range(3):
            codes[j] = 2 * np.int64(colors[i, j])
        _look(mixer, codes, light, spot, tilt)
        for j in range(3):
            out[j, i], out[3 + j, i] = spot[j], light[j]


@njit(inline="always")
def _solve(
    spots: Any, costs: Any, price: Any, n: Any, target: Any, gram: Any, right: Any, shares: Any
) -> None:
    """Fill ``shares`` with the best weights, of any sign, of the first ``n`` spots for ``target`` (3,)."""
    m = n - 1
    for i in range(m):
        right[i] = -0.5 * price * (costs[i + 1] - costs[0])
        for axis in range(3):
            right[i] += (spots[i + 1, axis] - spots[0, axis]) * (target[axis] - spots[0, axis])
        for j in range(i, m):
            total = 0.0
            for axis in range(3):
                total += (spots[i + 1, axis] - spots[0, axis]) * (spots[j + 1, axis] - spots[0, axis])
            gram[i, j] = gram[j, i] = total
    for i in range(m):
        for j in range(i + 1, m):
            share = gram[j, i] / gram[i, i]
            for axis in range(i, m):
                gram[j, axis] -= share * gram[i, axis]
            right[j] -= share * right[i]
    left = 1.0
    for i in range(m - 1, -1, -1):
        value = right[i]
        for j in range(i + 1, m):
            value -= gram[i, j] * shares[j + 1]
        shares[i + 1] = value / gram[i, i]
        left -= shares[i + 1]
    shares[0] = left


@njit(inline="always")
def _step_back(weights: Any, shares: Any, n: Any) -> Any:
    """Go from ``weights`` towards ``shares`` until one is 0, and return which; all the way returns -1."""
    reach, gone = 1.0, -1
    for i in range(n):
        if shares[i] < -_ROUNDING:
            part = weights[i] / (weights[i] - shares[i])
            if part < reach or gone < 0:
                reach, gone = part, i
    for i in range(n):
        weights[i] = max(weights[i] + reach * (shares[i] - weights[i]), 0.0)
    return gone


@njit(inline="always")
def _place(entries: Any, entry: Any, light: Any, seen: Any, tilt: Any, chroma: Any, spot: Any) -> Any:
    """Fill ``spot`` (3,) with an entry's place, the colour in the middle; return what it costs."""
    for axis in range(3):
        spot[axis] = 0.0
        for j in range(3):
            spot[axis] += tilt[axis, j] * (entries[3 + j, entry] - light[j])
    x, y, z = entries[0, entry] - seen[0], entries[1, entry] - seen[1], entries[2, entry] - seen[2]
    return x * x + chroma * (y * y + z * z)


@loop
def _rate(entries: Any, light: Any, seen: Any, pull: Any, price: Any, chroma: Any, rates: Any) -> None:
    """Fill ``rates`` (k,) with how much a little of each entry costs; ``entries`` as ``Mixer.entries``."""
    dark, green, blue = seen[0], seen[1], seen[2]
    by_0, by_1, by_2, colored = pull[0], pull[1], pull[2], price * chroma
    gained = by_0 * light[0] + by_1 * light[1] + by_2 * light[2]
    for j in range(rates.shape[0]):
        x, y, z = entries[0, j] - dark, entries[1, j] - green, entries[2, j] - blue
        gain = by_0 * entries[3, j] + by_1 * entries[4, j] + by_2 * entries[5, j] - gained
        rates[j] = price * (x * x) + colored * (y * y + z * z) - gain


@loop
def _least(rates: Any) -> Any:
    """Find the least of a multiple of four numbers, four at once: each comparison waits for the last."""
    one, two, three, four = rates[0], rates[1], rates[2], rates[3]
    for j in range(0, rates.shape[0], 4):
        one = rates[j] if rates[j] < one else one
        two = rates[j + 1] if rates[j + 1] < two else two
        three = rates[j + 2] if rates[j + 2] < three else three
        four = rates[j + 3] if rates[j + 3] < four else four
    return min(min(one, two), min(three, four))


@loop
def _first(rates: Any, value: Any) -> Any:
    """Find where a number stands first."""
    for j in range(rates.shape[0]):
        if rates[j] == value:
            return j
    return 0


@njit(inline="always")
def _write(mixer: Any, picks: Any, weights: Any, n: Any, entries: Any, limits: Any) -> None:
    """Write a mix, dark to light: ``entries`` uint8 (4,), ``limits`` uint16 (3,), shares added up."""
    for i in range(1, n):
        for j in range(i, 0, -1):
            one, other = mixer.entries[0, picks[j - 1]], mixer.entries[0, picks[j]]
            if one < other or (one == other and picks[j - 1] < picks[j]):
                break
            picks[j - 1], picks[j] = picks[j], picks[j - 1]
            weights[j - 1], weights[j] = weights[j], weights[j - 1]
    total = 0.0
    for i in range(4):
        entries[i] = picks[min(i, n - 1)]
        if i < 3:
            total += weights[i] if i < n - 1 else 2.0
            limits[i] = min(np.int64(total * WHOLE + 0.5), WHOLE)


@loop
def find_mixes(
    colors: Any, half: Any, mixer: Any, price: Any, grey: Any, entries: Any, limits: Any
) -> None:  # fmt: skip
    """Find the mixes of some colours; neighbours that are alike make it quick.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB.
    half : int
        Half codes to be added to each channel.
    mixer : Mixer
    price : float
        Of grain, in units of bias; above 0.
    grey : float
        How often more chroma counts for a grey than for vivid colours.
    entries : uint8, shape (n, 4)
        Filled with the mix, dark to light.
    limits : uint16, shape (n, 3)
        Filled with where the first three end, of ``WHOLE``.
    """
    k = mixer.entries.shape[1]
    codes, light, seen, tilt = np.empty(3, np.int64), np.empty(3), np.empty(3), np.empty((3, 3))
    picks, weights, shares = np.zeros(5, np.int64), np.zeros(5), np.zeros(5)
    costs, spots, pull = np.zeros(5), np.zeros((5, 3)), np.zeros(3)
    gram, right, rates, middle = np.zeros((4, 4)), np.zeros(4), np.empty(k), np.zeros(3)
    n = 1
    for row in range(colors.shape[0]):
        for j in range(3):
            codes[j] = 2 * np.int64(colors[row, j]) + half
        _look(mixer, codes, light, seen, tilt)
        chroma = 1.0 + (grey * grey - 1.0) / (1.0 + (seen[1] ** 2 + seen[2] ** 2) / (_GREY * _GREY / 4))
        if row % RUN == 0:
            pull[:] = 0.0
            _rate(mixer.entries, light, seen, pull, price, chroma, rates)
            n, picks[0], weights[0] = 1, _first(rates, _least(rates)), 1.0
        for i in range(n):
            costs[i] = _place(mixer.entries, picks[i], light, seen, tilt, chroma, spots[i])
        for _ in range(_MOST_STEPS):
            _solve(spots, costs, price, n, middle, gram, right, shares)
            gone = _step_back(weights, shares, n)
            if gone >= 0:
                n -= 1
                for i in range(gone, n):
                    picks[i], weights[i], costs[i], spots[i] = (
                        picks[i + 1], weights[i + 1], costs[i + 1], spots[i + 1],
                    )  # fmt: skip
                continue
            if not _improve(
                mixer, light, seen, tilt, chroma, price, n, picks, weights, costs, spots, pull, rates
            ):
                break
            n = _take(picks, weights, costs, spots, n, gram, right, shares)
        _write(mixer, picks, weights, n, entries[row], limits[row])


@njit(inline="always")
def _improve(
    mixer: Any, light: Any, seen: Any, tilt: Any, chroma: Any, price: Any, n: Any,
    picks: Any, weights: Any, costs: Any, spots: Any, pull: Any, rates: Any,
) -> Any:  # fmt: skip
    """Put the entry that improves the mix most behind those taken; tell whether there is one."""
    pull[:] = 0.0
    rate = np.inf
    for axis in range(3):
        off = 0.0
        for i in range(n):
            off -= weights[i] * spots[i, axis]
        for j in range(3):
            pull[j] += 2.0 * off * tilt[axis, j]
    _rate(mixer.entries, light, seen, pull, price, chroma, rates)
    for i in range(n):
        rate = min(rate, rates[picks[i]])
    least = _least(rates)
    if least >= rate - price * 1e-6 - 1e-14:
        return False
    best = _first(rates, least)
    picks[n], weights[n] = best, 0.0
    costs[n] = _place(mixer.entries, best, light, seen, tilt, chroma, spots[n])
    return True


@njit(inline="always")
def _take(
    picks: Any, weights: Any, costs: Any, spots: Any, n: Any, gram: Any, right: Any, shares: Any
) -> Any:  # fmt: skip
    """Take the entry behind the ``n`` in, or in place of one if it lies among them; return how many are."""
    _solve(spots, costs, 0.0, n, spots[n], gram, right, shares)
    off = size = 0.0
    for axis in range(3):
        here = spots[n, axis]
        size += (here - spots[0, axis]) ** 2
        for i in range(n):
            here -= shares[i] * spots[i, axis]
        off += here * here
    if n < 4 and off > 1e-9 * size:
        return n + 1
    reach, gone = np.inf, 0
    for i in range(n):
        if shares[i] > _ROUNDING and weights[i] < reach * shares[i]:
            reach, gone = weights[i] / shares[i], i
    for i in range(n):
        weights[i] = max(weights[i] - reach * shares[i], 0.0)
    picks[gone], weights[gone], costs[gone] = picks[n], reach, costs[n]
    spots[gone] = spots[n]
    return n


@loop
def lay_mask(
    pixels: Any, skipped: Any, rows: Any, found: Any, mask: Any, cube: Any, indices: Any
) -> None:  # fmt: skip
    """Pick one entry of each pixel's mix by a mask.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
    skipped : bool, shape (h, w) or (0, 0)
        Pixels that get their nearest entry instead, of ``cube``.
    rows : (int, int)
        The first, and the one after the last.
    found : MixTable
    mask : uint16, shape (n, n), n a power of two
    indices : uint8, shape (h, w)
    """
    six, bits = np.uint64(6), np.uint64(found.shift)
    words, ranks, entries, limits = found.words, found.ranks, found.entries, found.limits
    known, table = cube.known, cube.table
    wrap, some = mask.shape[0] - 1, skipped.shape[0] > 0
    for y in range(rows[0], rows[1]):
        row = pixels[y]
        for x in range(pixels.shape[1]):
            if some and skipped[y, x]:
                slot = slot_of(np.uint64(row[x, 0]), np.uint64(row[x, 1]), np.uint64(row[x, 2]))
                if known[slot >> six] == 0:
                    fill_cell(cube, slot)
                indices[y, x] = table[slot]
                continue
            rank = rank_of(words, ranks, number_of(row, x) >> bits)
            height = mask[y & wrap, x & wrap]
            i = (
                np.uint64(height >= limits[rank, 0])
                + np.uint64(height >= limits[rank, 1])
                + np.uint64(height >= limits[rank, 2])
            )
            indices[y, x] = entries[rank, i]
