"""What is compiled after all that a first result needs (``steps.py``): figures, then what is off at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from quantize.colors import kernels_lab
from quantize.colors.colorset import ColorSet, count_once
from quantize.colors.difference import delta_e_00
from quantize.colors.histogram import list_colors, merge_colors
from quantize.colors.nearest import remap
from quantize.colors.spaces import LINEAR, SPACES
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels
from quantize.measuring.metrics import delta_e_map, measure
from quantize.methods.kmeans import fit
from quantize.pipeline import quantize_image
from quantize.steps import FIRST_STEPS, noise

# Two colours of opposite hues, about which one kernel asks another.
_OPPOSITE = np.array([[0x75, 0xC6, 0x48], [0x96, 0x66, 0xCA]], np.uint8)


def _convert() -> None:
    SPACES["LAB"].to_working(np.zeros((1, 3), np.uint8))


def _compare() -> None:
    color, entry, entries = np.zeros((1, 3), np.uint8), np.zeros(1, np.uint8), np.zeros((1, 3), np.float32)
    kernels_lab.difference_mapped(color, LINEAR, entries, entry, np.zeros(1, np.float32))


def _compare_pairs() -> None:
    small = noise()[:80, :64].copy()
    delta_e_map(small, small)
    delta_e_00(_OPPOSITE[:1], _OPPOSITE[1:])


def _search_long() -> None:
    cells = merge_colors(ColorSet.of(noise()))
    # Many exchanges of centers, of every kind.
    fit(cells.colors, cells.counts, 24, effort="best")
    fit(cells.colors, cells.counts, 4)


def _fit_few() -> None:
    quantize_image(noise()[:9, :9].copy(), n_colors=8)


def _remap() -> None:
    small, palette = noise()[:80, :64].copy(), noise()[0, :4].copy()
    # To numba an array that may not be written to is another type; a Picture's pixels are such.
    for writeable in (True, False):
        small.flags.writeable = writeable
        list_colors(ColorSet.of(small))
        count_once(small.reshape(-1, 3))
        remap(small, palette)
    remap(small, palette, lambda colors: colors.astype(np.float32))


def _dither(key: str) -> None:
    small, palette = noise()[:80, :64].copy(), noise()[0, :4].copy()
    small.flags.writeable = False
    dither_pixels(small, palette, key)


def _look_best() -> None:
    quantize_image(noise()[:80, :64].copy(), n_colors=8, preset="best-looks")


def _keep_soft() -> None:
    pixels = noise()[:80, :64].copy()
    alpha = np.arange(pixels.size // 3).astype(np.uint8).reshape(pixels.shape[:2])
    soft = Picture.from_pixels(pixels, alpha)
    measure(soft, quantize_image(soft, n_colors=8, alpha="soft", dither="floyd-steinberg"))


FIGURE_STEPS: Mapping[str, Callable[[], None]] = MappingProxyType({"convert": _convert, "compare": _compare})
"""What is said of a result: it may come after it."""

STEPS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        **FIRST_STEPS,
        **FIGURE_STEPS,
        "search": _search_long,
        "remap": _remap,
        "few": _fit_few,
        "diffusion": partial(_dither, "floyd-steinberg"),
        "ordered": partial(_dither, "bayer-2"),
        "curve": partial(_dither, "riemersma"),
        "pairs": _compare_pairs,
        "looks": _look_best,
        "soft": _keep_soft,
    }
)
"""Everything; last what is off at first, so that nobody waits for it."""
