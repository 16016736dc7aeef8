"""Load, or compile, every kernel before somebody waits for it."""

from __future__ import annotations

import threading

import numpy as np

from quantize.colorset import count_once
from quantize.dither import dither_pixels
from quantize.histogram import count_cells, count_colors
from quantize.kmeans import fit, fit_many
from quantize.metrics import delta_e_map
from quantize.nearest import assign, remap

_lock = threading.Lock()
_done = threading.Event()


def warm() -> None:
    """Run every kernel once on a tiny picture; does nothing the second time. Safe from any thread."""
    with _lock:
        if _done.is_set():
            return
        pixels = np.random.default_rng(0).integers(0, 256, (80, 64, 3), np.uint8)
        count_colors(pixels)
        count_once(pixels.reshape(-1, 3))
        cells = count_cells(pixels)
        centers = fit(cells.colors, cells.counts, 4).centers
        fit_many(cells.colors, cells.counts, [2, 3])
        assign(cells.colors, centers)
        palette = centers.astype(np.uint8)
        remap(pixels, palette)
        remap(pixels, palette, lambda colors: colors.astype(np.float32))
        for key in ("floyd-steinberg", "bayer-2", "riemersma"):  # one of each kind
            dither_pixels(pixels, palette, key)
        delta_e_map(pixels, pixels)
        _done.set()
