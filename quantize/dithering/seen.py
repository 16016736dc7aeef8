"""Dithering as the eye weighs it: error diffusion in Oklab with chroma × 0.7, where entries are chosen too.

Floyd–Steinberg in serpentine rows that passes on eight tenths of an error at strength 1: whole errors make
coarser grain than they are worth. Averages of lightness are nearly kept. With ``light`` "linear" errors are
of light, along axes of it, and passed on whole: its averages are kept. Nearest is exact (``kernels_seen``),
and rows are cut into the same bands as in ``diffusion``.

``runs`` makes smaller files: the entry of the pixel before or above is kept where that costs little more, in
units of what the picture costs undithered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.eye import GRAIN_AXES, LIGHT_AXES, Axes
from quantize.colors.nearest import assign
from quantize.colors.spaces import LINEAR
from quantize.dithering.canvas import Canvas
from quantize.dithering.diffusion import BAND_ROWS, EARLY_ROWS
from quantize.dithering.kernels_goals import NO_GOALS, Goals
from quantize.dithering.kernels_seen import CELLS, Places, diffuse_seen, fill_guesses
from quantize.threads import run_all, slices

SHARE = np.float32(0.8)
# Pixels at most by which the error without dithering is judged.
_JUDGED = 1 << 16

AXES: Mapping[str, Axes] = MappingProxyType({"encoded": GRAIN_AXES, "linear": LIGHT_AXES})


def diffuse_looks(canvas: Canvas) -> None:
    """Fill ``canvas.indices`` by diffusion along the axes of grain, or of light."""
    diffuse_along(AXES[canvas.light.key], canvas)


def diffuse_along(axes: Axes, canvas: Canvas, goals: Goals = NO_GOALS) -> None:
    """Fill ``canvas.indices`` by diffusion along any axes, to the goals of colours that have one."""
    places = find_places(canvas.palette, axes)
    height = len(canvas.pixels)
    # Light adds up whatever an eye makes of it: all of its error is passed on, or tones near an entry vanish.
    share = np.float32(canvas.strength) * (SHARE if axes.root else np.float32(1))
    runs = np.float32(canvas.runs and canvas.runs * undithered_error(canvas, axes))
    n_bands = max(1, height // (2 * BAND_ROWS) * 2)

    def work(_: None, band: int) -> None:
        start, stop = height * band // n_bands, height * (band + 1) // n_bands
        rows = np.array([max(0, start - EARLY_ROWS), start, stop])
        diffuse_seen(
            canvas.pixels, canvas.skipped, canvas.hidden, rows, LINEAR, axes.mix, axes.root, axes.turn,
            places, goals, share, runs, canvas.indices,
        )  # fmt: skip

    deal(n_bands, lambda: None, work, canvas.checkpoint)


def find_places(palette: NDArray[np.uint8], axes: Axes) -> Places:
    """Place a palette, uint8 (k, 3), on axes, with all that finds its nearest entry."""
    at = axes.place(palette)
    away = np.sqrt(np.square(at[:, None].astype(np.float64) - at[None]).sum(axis=2)).astype(np.float32)
    # Two colours may share a place, but not so that an entry is not the first of its own list.
    np.fill_diagonal(away, -1)
    order = np.argsort(away, axis=1, kind="stable")
    np.fill_diagonal(away, 0)
    low, high = axes.box
    fine = (CELLS / (high - low)).astype(np.float32)
    guesses = np.empty(CELLS**3, np.uint8)
    run_all(
        partial(fill_guesses, at, low, fine, cut.start, cut.stop, guesses)
        for cut in slices(len(guesses), CELLS**2)
    )
    gaps = np.take_along_axis(away, order, axis=1)
    return Places(at, order.astype(np.uint8), gaps, guesses, low, fine)


def some_visible(canvas: Canvas, most: int) -> NDArray[np.uint8]:
    """Take about so many of the visible pixels, evenly spread: uint8 (n, 3)."""
    rows = canvas.pixels.reshape(-1, 3)
    step = max(1, len(rows) // most) | 1  # odd: it does not keep to one column
    some = rows[::step]
    return some[~canvas.hidden.reshape(-1)[::step]] if canvas.hidden.size else some


def undithered_error(canvas: Canvas, axes: Axes) -> float:
    """Work out the mean squared distance along the axes from visible pixels, or some of them, to the nearest
    entry.
    """
    some = some_visible(canvas, _JUDGED)
    if not len(some):
        return 0.0
    _, errors = assign(axes.place(some), axes.place(canvas.palette))
    return float(errors.mean(dtype=np.float64))
