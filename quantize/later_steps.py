"""What is compiled after all that a first result needs (``steps.py``): last what is off at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.animation.animation import Animation
from quantize.animation.mapping import quantize_animation
from quantize.animation.writing import write_animation
from quantize.colors.bytewise import count_once, look_up_once
from quantize.colors.colorset import ColorSet
from quantize.colors.difference import delta_e_00
from quantize.colors.histogram import list_colors, merge_colors
from quantize.colors.nearest import remap
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels
from quantize.measuring.metrics import delta_e_map, measure
from quantize.methods.kmeans import fit
from quantize.numbers.layout import Choices
from quantize.numbers.numbered import number_picture
from quantize.palettes.best import choose_entries
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.pixelart.restoring import restore_art
from quantize.pixelart.unmixing import unmix
from quantize.regions.curves import NEAR
from quantize.regions.files import write_poster
from quantize.regions.segments import find_segments
from quantize.sizing.following import follow_neighbors
from quantize.steps import SOON
from quantize.teaching.trace import trace_run
from quantize.tiles.tiled import tile_picture

# Two colours of opposite hues, about which one kernel asks another.
_OPPOSITE = np.array([[0x75, 0xC6, 0x48], [0x96, 0x66, 0xCA]], np.uint8)


def _noise() -> NDArray[np.uint8]:
    """Make a picture of more than 65,536 colours, so that a fit merges them."""
    return np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)


def _compare_pairs() -> None:
    small = _noise()[:80, :64].copy()
    delta_e_map(small, small)
    delta_e_00(_OPPOSITE[:1], _OPPOSITE[1:])


def _search_long() -> None:
    cells = merge_colors(ColorSet.of(_noise()))
    # Many exchanges of centers, of every kind.
    fit(cells.colors, cells.counts, 24, effort="best")
    fit(cells.colors, cells.counts, 4)


def _fit_few() -> None:
    quantize_image(_noise()[:9, :9].copy(), n_colors=8)


def _remap() -> None:
    small, palette = _noise()[:80, :64].copy(), _noise()[0, :4].copy()
    # To numba an array that may not be written to is another type; a Picture's pixels are such.
    for writeable in (True, False):
        small.flags.writeable = writeable
        list_colors(ColorSet.of(small))
        remap(small, palette)
    count_once(small.reshape(-1, 3))
    look_up_once(small.reshape(-1, 3), palette, np.zeros(len(palette), np.uint8))
    remap(small, palette, lambda colors: colors.astype(np.float32))


def _dither(key: str) -> None:
    small, palette = _noise()[:80, :64].copy(), _noise()[0, :4].copy()
    small.flags.writeable = False
    dither_pixels(small, palette, key)


def _look_best() -> None:
    quantize_image(_noise()[:80, :64].copy(), n_colors=8, preset="best-looks")
    _dither("search")


def _keep_soft() -> None:
    pixels = _noise()[:80, :64].copy()
    alpha = np.arange(pixels.size // 3).astype(np.uint8).reshape(pixels.shape[:2])
    soft = Picture.from_pixels(pixels, alpha)
    measure(soft, quantize_image(soft, n_colors=8, alpha="soft", dither="floyd-steinberg"))


def _choose_best() -> None:
    small = Picture.from_pixels(_noise()[:9, :9].copy())
    choose_entries(small.cells, _noise()[0, :5].copy(), 2)


def _find_grid() -> None:
    small = np.random.default_rng(0).integers(0, 4, (9, 9, 3), np.uint8) * np.uint8(80)
    large = small.repeat(6, axis=0).repeat(6, axis=1)
    alpha = np.full(large.shape[:2], 255, np.uint8)
    for array in (large, alpha):
        array.flags.writeable = False
    for opacity in (None, alpha):
        restore_art(Picture.from_pixels(large, opacity))
    small[:4] = 0  # of cells that are all different nothing is taken out
    unmix(small)


def _fit_tiles() -> None:
    tile_picture(_noise()[:16, :24].copy(), n_palettes=2)


def _find_regions() -> None:
    small = _noise()[:24, :30].copy()
    segments = find_segments(quantize_image(Picture.from_pixels(small), n_colors=4), smallest=3)
    for near in (0, NEAR):
        write_poster(segments, near=near)
    # So large that they are looked for everywhere.
    number_picture(Picture.from_pixels(small), Palette(_noise()[0, :4].copy()), Choices(numeral=(12, 12)))


def _trace() -> None:
    small = Picture.from_pixels(_noise()[:9, :9].copy())
    trace_run(small.cells.colors, small.cells.counts, small.cells.colors[:2], max_iter=1)


def _follow() -> None:
    indices = _noise()[:9, :9, 0] % np.uint8(4)
    follow_neighbors(_noise()[:9, :9].copy(), _noise()[0, :4].copy(), indices, 4.0)


def _animate() -> None:
    frames = Animation.from_frames(_noise()[:18, :9].reshape(2, 9, 9, 3), 10)
    write_animation(quantize_animation(frames, n_colors=4), "gif")


STEPS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        **SOON,
        "search": _search_long,
        "remap": _remap,
        "few": _fit_few,
        "diffusion": partial(_dither, "floyd-steinberg"),
        "ordered": partial(_dither, "bayer-2"),
        "curve": partial(_dither, "riemersma"),
        "pairs": _compare_pairs,
        "looks": _look_best,
        "soft": _keep_soft,
        "best": _choose_best,
        "grid": _find_grid,
        "tiles": _fit_tiles,
        "regions": _find_regions,
        "trace": _trace,
        "follow": _follow,
        "animate": _animate,
    }
)
"""Everything."""
