"""Load, or compile, every kernel before somebody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from quantize.colors.colorset import ColorSet, count_once
from quantize.colors.difference import delta_e_00
from quantize.colors.histogram import list_colors, merge_colors
from quantize.colors.nearest import assign, remap
from quantize.colors.spaces import SPACES
from quantize.compiling import tell_compiling
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels
from quantize.measuring.metrics import delta_e_map, measure, measure_palette
from quantize.methods.kmeans import fit
from quantize.pipeline import quantize_image

# Two colours of opposite hues, about which one kernel asks another.
_OPPOSITE = np.array([[0x75, 0xC6, 0x48], [0x96, 0x66, 0xCA]], np.uint8)

# About how many loops of ours are compiled before there is a first result.
FIRST_LOOPS = 22

_lock = threading.Lock()
_done = threading.Event()
_compiling = threading.Event()


def is_compiling() -> bool:
    """Tell whether ``warm`` is at work and had to compile: what is timed meanwhile took too long."""
    return _compiling.is_set()


def warm(report: Callable[[float], object] | None = None) -> None:
    """Run every kernel once on a tiny picture; does nothing the second time. Safe from any thread.

    Parameters
    ----------
    report : callable, optional
        Told how far all is that a first result needs, from 0 to 1: exactly 1 when it is there, and never
        before. The rest goes on after that.
    """
    report = report or (lambda done: None)
    with _lock:
        if not _done.is_set():
            # More than 65,536 colours, so that a fit merges them.
            pixels = np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)
            begun = 0

            def count() -> None:
                nonlocal begun
                _compiling.set()
                report(min(begun / FIRST_LOOPS, 0.99))
                begun += 1

            try:
                with tell_compiling(count):
                    _warm_first(pixels)
                report(1.0)
                with tell_compiling(_compiling.set):
                    _warm_figures(pixels)
                    _warm_rest(pixels)
            finally:
                _compiling.clear()
            _done.set()
    report(1.0)


def _warm_first(pixels: Any) -> None:
    quantize_image(pixels, n_colors=16)


def _warm_figures(pixels: Any) -> None:
    """Run what is said of a result, whose loops are its own: it may come after the result."""
    picture = Picture.from_pixels(pixels)
    measure(picture, quantize_image(picture, n_colors=16))


def _warm_rest(pixels: Any) -> None:
    cells = merge_colors(ColorSet.of(pixels))
    # Many exchanges of centers, of every kind.
    fit(cells.colors, cells.counts, 24, effort="best")
    centers = fit(cells.colors, cells.counts, 4).centers
    # Few colours have kernels of their own.
    quantize_image(pixels[:9, :9].copy(), n_colors=8)
    assign(cells.colors, centers)
    palette = centers.astype(np.uint8)
    pixels = pixels[:80, :64].copy()
    # To numba an array that may not be written to is another type; a Picture's pixels are such.
    for writeable in (True, False):
        pixels.flags.writeable = writeable
        list_colors(ColorSet.of(pixels))
        count_once(pixels.reshape(-1, 3))
        remap(pixels, palette)
    remap(pixels, palette, lambda colors: colors.astype(np.float32))
    for key in ("floyd-steinberg", "bayer-2", "riemersma"):  # one of each kind
        dither_pixels(pixels, palette, key)
    delta_e_map(pixels, pixels)
    delta_e_00(_OPPOSITE[:1], _OPPOSITE[1:])
    measure_palette(Picture.from_pixels(pixels), palette, SPACES["BGR"])
    # Last, as nobody waits for what is off at first.
    quantize_image(pixels, n_colors=8, preset="best-looks")
    soft = Picture.from_pixels(pixels, np.arange(pixels.size // 3).astype(np.uint8).reshape(pixels.shape[:2]))
    measure(soft, quantize_image(soft, n_colors=8, alpha="soft", dither="floyd-steinberg"))
