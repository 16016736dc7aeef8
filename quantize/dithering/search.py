"""Search: entries that are best together, and jointly the palette that is best for them.

Begins with ``seen.diffuse_along`` and changes single pixels as long as that brings the whole nearer to the
picture as an eye sees it: errors are blurred by a Gaussian of one pixel before they are squared (σ = 1.5
along the axes of linear light), and single pixels count besides, by about two thirds, or it gets grainy.
Which entry is best for a pixel is found exactly, without trying them, see ``kernels_search``.

``refit_palette`` moves the entries themselves: for given indices the best palette solves a system of linear
equations, one unknown an entry. Searching and fitting take turns. Large pictures are fitted on strips, in
which entries that are hardly seen there have no say.

Sources: J. Puzicha, M. Held, J. Ketterer, J. M. Buhmann, D. W. Fellner, "On spatial quantization of color
images", IEEE Trans. Image Processing 9 (2000); M. Analoui, J. P. Allebach, "Model-based halftoning using
direct binary search", SPIE 1666 (1992). The arrangement is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.eye import LIGHT_AXES, SEARCH_AXES, Axes
from quantize.colors.nearest import assign
from quantize.colors.spaces import LINEAR
from quantize.dithering.canvas import Canvas, find_skipped
from quantize.dithering.goals import aim_canvas
from quantize.dithering.kernels_goals import NO_GOALS, Goals
from quantize.dithering.kernels_search import UNIT, add_pairs, search_strip, solve
from quantize.dithering.kernels_seen import Places
from quantize.dithering.seen import diffuse_along, find_places, some_visible, undithered_error

AXES: Mapping[str, Axes] = MappingProxyType({"encoded": SEARCH_AXES, "linear": LIGHT_AXES})

_STRIP_ROWS = 64
_PASSES = 3
# On six inks of a panel, without blocks and goals, ΔE00 after a blur of two pixels: 1.22 after three passes,
# 1.13 after six, 1.10 after twelve.
_PATIENT_PASSES = 6
# How much two pixels of one block count beside one with itself, by light: in linear light it keeps tones from
# a 250th of an ink on. Along the eye's axes, whose bell is small, more than this draws the blocks' edges.
_WIDE: Mapping[str, float] = MappingProxyType({"encoded": 0.01, "linear": 0.1})
_ROUNDS = 5
# Weight of where an entry has been, beside that of its pixels.
_INERTIA = 1e-3
# Of an entry's pixels so many are of its very colour: then it is one that was meant, and stays.
_MEANT = 1 / 8
# Pixels that a palette is fitted to, and that pairs are counted of, at most.
_FITTED, _PAIRED = 1 << 21, 1 << 19
# And that entries are counted of, in a part and in the whole.
_COUNTED = 1 << 18


def search_looks(canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by diffusion and search."""
    _search_from_diffusion(canvas, NO_GOALS, _PASSES, 0.0)


def search_pixels(canvas: Canvas) -> None:
    """Fill ``canvas.indices`` in the same way for palettes that cannot give way.

    With more patience, and so that means of blocks are kept: of few entries most tones are far from all, and
    shadows and lights would become solid. Colours that no mix of entries gives are aimed at where those end.
    """
    aimed, goals = aim_canvas(canvas, AXES[canvas.light.key])
    _search_from_diffusion(aimed, goals, _PATIENT_PASSES, _WIDE[canvas.light.key])


def _search_from_diffusion(canvas: Canvas, goals: Goals, passes: int, wide: float) -> None:
    axes = AXES[canvas.light.key]
    diffuse_along(axes, replace(canvas, runs=0.0), goals)
    runs = canvas.runs and canvas.runs * undithered_error(canvas, axes)
    _search(canvas, axes, find_places(canvas.palette, axes), goals, passes, runs, wide * canvas.strength)


def refit_palette(canvas: Canvas, kept: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Find a palette that is better for a search than the canvas's.

    Parameters
    ----------
    canvas : Canvas
        Its ``skipped`` and ``indices`` are not looked at.
    kept : uint8, shape (m, 3)
        Entries that stay as they are. So do those that many pixels have for their own colour.

    Returns
    -------
    uint8, shape (k, 3)
        All different, in the order of those that they replace. The same on any number of threads.
    """
    axes, whole = AXES[canvas.light.key], canvas
    canvas = _sample(whole)
    diffuse_along(axes, canvas)
    stays = _stay(canvas, kept)
    if canvas.pixels is not whole.pixels:
        stays |= _hardly_seen(canvas, whole, axes)
    fixed = find_skipped(canvas.pixels, canvas.hidden, canvas.palette[stays])
    for _ in range(0 if stays.all() else _ROUNDS):
        canvas = replace(canvas, skipped=fixed)
        sums = np.zeros((_count_strips(canvas), len(canvas.palette), 4))
        _search(canvas, axes, find_places(canvas.palette, axes), NO_GOALS, 1, 0.0, 0.0, sums)
        palette = axes.colors(_moved(canvas, axes, sums.sum(axis=0), stays))
        canvas = replace(canvas, palette=_distinct(canvas.palette, palette, stays))
    return canvas.palette


def _count_strips(canvas: Canvas) -> int:
    return max(1, len(canvas.pixels) // _STRIP_ROWS)


def _search(
    canvas: Canvas, axes: Axes, places: Places, goals: Goals, passes: int, runs: float, wide: float,
    sums: NDArray[np.float64] | None = None,
) -> None:  # fmt: skip
    """Search all strips, first the even ones; ``sums`` float64 (strips, k, 4) as it takes them, or None."""
    height, n_strips = len(canvas.pixels), _count_strips(canvas)
    bell, share = _bell(axes, canvas.strength)
    nowhere = np.zeros((0, 4))
    for first in range(min(2, n_strips)):

        def work(_: None, number: int, first: int = first) -> None:
            strip = first + 2 * number
            rows = np.array([height * strip // n_strips, height * (strip + 1) // n_strips])
            search_strip(
                canvas.pixels, canvas.skipped, canvas.hidden, rows, LINEAR, axes.mix, axes.root, axes.turn,
                places, goals, bell, share, np.float32(wide), passes, np.float32(runs), canvas.indices,
                nowhere if sums is None else sums[strip],
            )  # fmt: skip

        deal((n_strips - first + 1) // 2, lambda: None, work, canvas.checkpoint)


def _bell(axes: Axes, strength: float) -> tuple[NDArray[np.float32], np.float32]:
    """Find ``bell`` and ``share`` of ``search_strip``: the autocorrelation of the eye's blur.

    Strength is how much surroundings count: with little, every pixel gets its nearest entry.
    """
    reach = round(3 * axes.sigma) if axes.sigma == 1 else 4
    steps = np.arange(-reach, reach + 1)
    bell = np.exp(-np.square(steps) / (4 * axes.sigma**2)).astype(np.float32)
    return bell, np.float32(strength / (1 + axes.pointwise))


def _sample(canvas: Canvas) -> Canvas:
    """Take evenly spread strips of a large picture's rows, with indices of their own."""
    height, width = canvas.pixels.shape[:2]
    n_strips = max(1, _FITTED // (_STRIP_ROWS * width))
    if height * width > _FITTED and n_strips * _STRIP_ROWS < height:
        starts = np.linspace(0, height - _STRIP_ROWS, n_strips).astype(int)
        rows = (starts[:, None] + np.arange(_STRIP_ROWS)).ravel()
        pixels = canvas.pixels[rows]
        pixels.flags.writeable = False  # to numba an array that may be written to is another type
        hidden = canvas.hidden[rows] if canvas.hidden.size else canvas.hidden
        canvas = replace(canvas, pixels=pixels, hidden=hidden)
    skipped = find_skipped(canvas.pixels, canvas.hidden, canvas.palette)
    return replace(canvas, skipped=skipped, indices=np.empty(canvas.pixels.shape[:2], np.uint8), runs=0.0)


def _stay(canvas: Canvas, kept: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which entries stay: those that somebody kept, and those that have many pixels of their colour."""
    palette, k = canvas.palette, len(canvas.palette)
    seen = slice(None) if not canvas.hidden.size else ~canvas.hidden
    indices = canvas.indices[seen].ravel()
    own = (canvas.pixels[seen].reshape(-1, 3) == palette[indices]).all(axis=1)
    counts, exact = np.bincount(indices, minlength=k), np.bincount(indices[own], minlength=k)
    return (palette[:, None] == kept[None]).all(axis=2).any(axis=1) | (exact > _MEANT * counts)


def _hardly_seen(part: Canvas, whole: Canvas, axes: Axes) -> NDArray[np.bool_]:
    """Tell which entries are not to be judged by a part: those of far fewer of its pixels than elsewhere.

    A thing that lies between the strips has no pixel in them but stray ones, and would lose its colour.
    """
    here, everywhere = (_shares(canvas, axes) for canvas in (part, whole))
    return (here == 0) | (here < everywhere / 2)


def _shares(canvas: Canvas, axes: Axes) -> NDArray[np.float64]:
    """Find the share of a canvas's pixels that is nearest to each entry: float64 (k,)."""
    entries, _ = assign(axes.place(some_visible(canvas, _COUNTED)), axes.place(canvas.palette))
    return np.bincount(entries, minlength=len(canvas.palette)) / max(1, len(entries))


def _moved(
    canvas: Canvas, axes: Axes, sums: NDArray[np.float64], stays: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Work out where the entries are best for their pixels, float64 (k, 3) on the axes."""
    at = axes.place(canvas.palette).astype(np.float64)
    free = np.flatnonzero(~stays & (sums[:, 0] > 0))
    matrix = _count_pairs(canvas, axes)[np.ix_(free, free)] + np.diag(sums[free, 0] * (1 + _INERTIA))
    steps = -sums[free, 1:]
    solve(matrix, steps, sums[free, 0] * 0.1)
    at[free] += steps
    return at


def _count_pairs(canvas: Canvas, axes: Axes) -> NDArray[np.float64]:
    """Add up h over all pairs of pixels, each way, but for those of a pixel with itself: float64 (k, k)."""
    bell, share = _bell(axes, canvas.strength)
    reach = len(bell) // 2
    weights = np.rint(UNIT * share * np.outer(bell[reach:], bell)).astype(np.int64)
    k, (height, width) = len(canvas.palette), canvas.indices.shape
    indices = canvas.indices.astype(np.uint16)
    if canvas.hidden.size:
        indices[canvas.hidden] = k
    every = max(1, height * width // _PAIRED)
    found: list[NDArray[np.int64]] = []

    def begin() -> NDArray[np.int64]:
        found.append(np.zeros((k + 1, k + 1), np.int64))
        return found[-1]

    def work(pairs: NDArray[np.int64], strip: int) -> None:
        start = every * _STRIP_ROWS * strip
        add_pairs(indices, start, min(height, start + every * _STRIP_ROWS), every, weights, pairs)

    deal(-(-height // (every * _STRIP_ROWS)), begin, work, canvas.checkpoint)
    pairs = np.sum(found, axis=0)[:k, :k].astype(np.float64) * (height / len(range(0, height, every)) / UNIT)
    return pairs + pairs.T


def _distinct(
    palette: NDArray[np.uint8], wanted: NDArray[np.float64], stays: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Round colours to 8 bits; one that is there already leaves its entry where it was."""
    moved = np.clip(np.rint(wanted), 0, 255).astype(np.uint8)
    out, taken = palette.copy(), set(map(tuple, palette.tolist()))
    for entry in np.flatnonzero(~stays):
        color = tuple(moved[entry].tolist())
        if color not in taken:
            taken.remove(tuple(palette[entry].tolist()))
            taken.add(color)
            out[entry] = color
    return out
