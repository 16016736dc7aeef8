"""Load, or compile, every kernel before somebody waits for it."""

from __future__ import annotations

import threading

import numpy as np

from quantize.colors.colorset import count_once
from quantize.colors.difference import delta_e_00
from quantize.colors.histogram import count_cells, count_colors
from quantize.colors.nearest import assign, remap
from quantize.colors.spaces import SPACES
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels
from quantize.measuring.metrics import delta_e_map, measure_palette
from quantize.methods.kmeans import fit
from quantize.pipeline import quantize_image

# Two colours of opposite hues, about which one kernel asks another.
_OPPOSITE = np.array([[0x75, 0xC6, 0x48], [0x96, 0x66, 0xCA]], np.uint8)

_lock = threading.Lock()
_done = threading.Event()


def warm() -> None:
    """Run every kernel once on a tiny picture; does nothing the second time. Safe from any thread."""
    with _lock:
        if _done.is_set():
            return
        # More than 65,536 colours, so that a fit merges them.
        pixels = np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)
        cells = count_cells(pixels)
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
            count_colors(pixels)
            count_once(pixels.reshape(-1, 3))
            remap(pixels, palette)
        remap(pixels, palette, lambda colors: colors.astype(np.float32))
        for key in ("floyd-steinberg", "bayer-2", "riemersma"):  # one of each kind
            dither_pixels(pixels, palette, key)
        delta_e_map(pixels, pixels)
        delta_e_00(_OPPOSITE[:1], _OPPOSITE[1:])
        measure_palette(Picture.from_pixels(pixels), palette, SPACES["BGR"])
        _done.set()
