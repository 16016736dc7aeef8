"""k-means for looks: a palette for what people see from where they stand, and so for dithering.

Two things differ from plain k-means. Distance is measured in Oklab with chroma × 1.3, whatever the space
chosen for the nearest entry. And a colour's influence is not its pixels, but the sum over them of
1 / (1 + 30 s) with s the standard deviation of lightness (0–1) around each: in even areas a wrong colour
shows, in grass and hair it hides. With dithering this is worth more than the squared error that it costs.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.eye import PALETTE_AXES
from quantize.colors.histogram import merge_colors
from quantize.colors.kernels_eye import add_calm
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import SPACES
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.methods import kmeans
from quantize.methods.few_colors import FewColors, best_rounded
from quantize.methods.rarity import rare_weights
from quantize.methods.task import Found, Task
from quantize.threads import run_all, slices

_SMALLEST_SLICE = 64  # rows
_MOST = 2**32 - 1


def find_looks(task: Task) -> Found:
    """Cluster the histogram by calmness, in ``PALETTE_AXES``."""
    if not isinstance(task.picture, Picture):
        raise QuantizeError("k-means for looks needs a picture's pixels, got no more than its colours")
    calm = calm_colors(task.picture)
    task.hooks.checkpoint()
    histogram = merge_colors(calm)
    task.hooks.checkpoint()
    weights = rare_weights(histogram, task.rare)
    fit = kmeans.fit(
        PALETTE_AXES.to_working(histogram.colors),
        weights,
        task.n_colors,
        keep=PALETTE_AXES.to_working(task.kept) if len(task.kept) else None,
        checkpoint=task.hooks.checkpoint,
    )
    few = FewColors(histogram.colors, weights, task.kept, PALETTE_AXES)
    centers = best_rounded(fit, few, task.hooks.checkpoint)
    return Found(task.space.to_working(PALETTE_AXES.to_srgb(centers)), fit.iterations)


def calm_colors(picture: Picture) -> ColorSet:
    """Weigh a picture's colours by the calmness of their pixels' surroundings.

    Returns
    -------
    ColorSet
        The picture's own, with weights in place of counts: whole numbers, the same on any number of threads.
    """
    found = picture.color_set
    hidden = np.zeros((0, 0), np.bool_) if picture.alpha is None else ~is_visible(picture.alpha)
    cuts = slices(len(picture.pixels), _SMALLEST_SLICE)
    sums = np.zeros((len(cuts), found.n_colors), np.int64)
    run_all(
        partial(
            add_calm,
            picture.pixels,
            hidden,
            (cut.start, cut.stop),
            _lightness(),
            found.words,
            found.ranks,
            part,
        )
        for cut, part in zip(cuts, sums, strict=True)
    )
    total = sums.sum(axis=0)
    unit = max(1, -(-int(total.max()) // _MOST))
    weighed = ColorSet(found.words, found.ranks, np.maximum(total // unit, 1).astype(np.uint32))
    weighed.__dict__["colors"] = found.colors
    return weighed


def _lightness() -> NDArray[np.uint8]:
    """Find Oklab's lightness of each grey, 0–255: uint8 (256,)."""
    greys = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    return np.rint(255 * SPACES["Oklab"].to_working(greys)[:, 0]).astype(np.uint8)
