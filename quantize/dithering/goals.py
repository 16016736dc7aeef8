"""Goals: for colours that no mix of entries gives, the mix that comes nearest, before anything is averaged.

Whoever makes averages right makes them right with what is there. If the paper is white and the lightest
entry is a light grey, each pixel of the paper is a little too dark, and the letters between them are left out
to make up for it. So what is out of reach is aimed at where the palette ends, and letters stay. Where that is
a single entry, pixels are as solid as those of its very colour.

Entries are mixed along the axes in which averages are taken: the goal of any pixel lies exactly within their
hull, with no rounding to levels, which would add up over an area. Which mix is nearest is found as in
``mixes.py``: as an eye sees small changes. But white becomes the lightest grey, even if a yellow is lighter.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from quantize.colors.eye import Axes
from quantize.colors.kernels_count import rank_words
from quantize.colors.spaces import SPACES, Floats
from quantize.dithering.canvas import Canvas
from quantize.dithering.kernels_goals import NO_GOALS, Goals, mark_ends
from quantize.dithering.kernels_mixes import WHOLE
from quantize.dithering.mixes import Mixes, find_nearest_mixes, occurring
from quantize.threads import run_all, slices

# On any axis: so near to a mix a colour is one itself.
_WITHIN = 2e-4
# So many entries have few planes through three of them; and more than rounding.
_FEW, _SURE = 16, 1e-5
# Chroma, in LAB, up to which a colour is a grey, and an entry is one: papers and blacks have a tint.
_GREY, _GREY_ENTRY = 6.0, 16.0
# A white is at least so light, and a black as dark; and so much further out a grey mix, or one that has a
# colour, must be to be worth it.
_LIGHT, _BETTER, _MUCH_BETTER = 60.0, 4.0, 25.0


def aim_canvas(canvas: Canvas, axes: Axes) -> tuple[Canvas, Goals]:
    """Find the goals of a picture's colours along some axes, and skip pixels whose goal is an entry."""
    words, colors, cells = occurring(canvas.pixels, canvas.hidden)
    if not len(colors):
        return canvas, NO_GOALS
    levels = (colors, colors + np.uint8(1)) if cells else (colors,)
    own = np.mean([axes.place(level) for level in levels], axis=0)
    out = np.flatnonzero(~_is_within(own, axes.place(canvas.palette)))
    light = "eye" if axes.root else "linear"
    mixes = find_nearest_mixes(colors[out], canvas.palette, light, cells=cells, checkpoint=canvas.checkpoint)
    at, ends = np.full((len(colors), 3), np.nan, np.float32), np.zeros(len(colors), np.bool_)
    made = _place_mixes(mixes, canvas.palette, axes)
    solid = _snap_greys(colors[out], axes.colors(made), canvas.palette)
    made[solid >= 0] = axes.place(canvas.palette)[solid[solid >= 0]]
    away = np.abs(made - own[out]).max(axis=1) >= _WITHIN
    if not away.any():
        return canvas, NO_GOALS
    at[out[away]] = made[away]
    ends[out] = away & ((mixes.limits[:, 0] == WHOLE) | (solid >= 0))
    ranks = np.empty(len(words), np.uint32)
    rank_words(words, ranks)
    goals = Goals(words, ranks, np.int64(3 * cells), at)
    return _with_ends(canvas, goals, ends), goals


def _is_within(places: Floats, at: Floats) -> NDArray[np.bool_]:
    """Tell which places (n, 3) surely lie within the hull of few entries, (k, 3): a quick look."""
    nowhere = np.zeros(len(places), np.bool_)
    if not 4 <= len(at) <= _FEW:
        return nowhere
    first, second, third = at.astype(np.float64)[np.array([*combinations(range(len(at)), 3)]).T]
    normals = np.cross(second - first, third - first)
    sizes = np.linalg.norm(normals, axis=1)
    real = sizes > _SURE
    if not real.any():
        return nowhere
    first, normals = first[real], normals[real] / sizes[real][:, None]
    levels = (first * normals).sum(axis=1)
    sides = at @ normals.T - levels
    if (np.abs(sides) <= _SURE).all(axis=0).any():  # all in one plane
        return nowhere
    beyond = nowhere.copy()
    for sign in (1, -1):
        faces = (sign * sides <= _SURE).all(axis=0)
        planes = sign * np.column_stack([normals, levels])[faces]
        _, some = np.unique(np.round(planes, 4), axis=0, return_index=True)
        beyond |= (places @ planes[some, :3].T.astype(np.float32) > planes[some, 3] - _SURE).any(axis=1)
    return ~beyond


def _place_mixes(mixes: Mixes, palette: NDArray[np.uint8], axes: Axes) -> NDArray[np.float32]:
    entries, at = axes.place(palette).astype(np.float64), np.zeros((len(mixes.entries), 3))
    for place, share in zip(mixes.entries.T, mixes.shares.T, strict=True):
        at += entries[place] * share[:, None]
    return at.astype(np.float32)


def _snap_greys(
    colors: NDArray[np.uint8], made: NDArray[np.float64], palette: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Find the entries of greys beyond all grey ones, int64 (n,): the lightest or the darkest; others get -1.

    ``made`` float64 (n, 3) are their mixes; where those are greys further out they are better.
    """
    of, of_made, at = (SPACES["LAB"].to_working(rows) for rows in (colors, made, palette))
    found = np.full(len(colors), -1)
    greys = np.flatnonzero(_chroma(at) < _GREY_ENTRY)
    for sign in (1, -1) if len(greys) else ():
        end = greys[np.argmax(sign * at[greys, 0])]
        beyond = sign * (of[:, 0] - at[end, 0]) >= 0
        gain = sign * (of_made[:, 0] - at[end, 0])
        better = (gain > _MUCH_BETTER) | (gain > _BETTER) & (_chroma(of_made) < _GREY_ENTRY)
        if sign * (at[end, 0] - 50) > _LIGHT - 50:
            found[(_chroma(of) < _GREY) & beyond & ~better] = end
    return found


def _chroma(lab: Floats) -> Floats:
    return np.hypot(lab[:, 1], lab[:, 2])


def _with_ends(canvas: Canvas, goals: Goals, ends: NDArray[np.bool_]) -> Canvas:
    pixels = canvas.pixels
    skipped = canvas.skipped.copy() if canvas.skipped.size else np.zeros(pixels.shape[:2], np.bool_)
    run_all(partial(mark_ends, pixels[cut], goals, ends, skipped[cut]) for cut in slices(len(pixels), 64))
    return replace(canvas, skipped=skipped)
