"""Functions that find centres: ours on the histogram, OpenCV's on pixels.

``cv2.kmeans`` is called as OpenCV's own tutorial "K-Means Clustering in OpenCV" calls it.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored
from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.methods import kmeans
from quantize.methods.cuts import Cut
from quantize.methods.few_colors import FewColors, best_rounded
from quantize.methods.few_points import FEW_POINTS
from quantize.methods.rarity import rare_weights
from quantize.methods.task import Found, Task

# cv2.kmeans looks at every sample in every round of every attempt: 10 attempts at K = 16 take about
# a second for as many pixels as this, and half a minute for a 5-megapixel photo.
OPENCV_PIXELS = 160_000
# Seeds that cv2.setRNGSeed takes.
_SEEDS = 2**31


def find_kmeans(task: Task) -> Found:
    """Cluster the histogram by our own k-means."""
    histogram, search, space = task.picture.cells, task.search, task.space

    def prepare() -> kmeans.Prepared:
        return kmeans.prepare(space.to_working(histogram.colors), rare_weights(histogram, task.rare))

    fit = kmeans.fit_prepared(
        histogram.keep((space.key, task.rare), prepare),
        task.n_colors,
        init=search.init,
        effort=search.effort,
        attempts=search.attempts,
        max_iter=search.max_iter,
        epsilon=search.epsilon * space.step,
        seed=search.seed,
        keep=space.to_working(task.kept) if len(task.kept) else None,
        checkpoint=task.hooks.checkpoint,
    )
    if len(histogram.colors) > FEW_POINTS:
        return Found(fit.centers, fit.iterations)
    few = FewColors(histogram.colors, rare_weights(histogram, task.rare), task.kept, space)
    return Found(best_rounded(fit, few, task.hooks.checkpoint), fit.iterations)


def find_by_cuts(centers: Cut) -> Callable[[Task], Found]:
    """Let a way to cut choose, on the histogram."""

    def find(task: Task) -> Found:
        points = task.space.to_working(task.picture.cells.colors)
        weights = rare_weights(task.picture.cells, task.rare)
        n_free = task.n_colors - len(task.kept)
        return _beside_kept(task, centers(points, weights, n_free, task.hooks.checkpoint), ())

    return find


def find_opencv(task: Task) -> Found:
    """Cluster single pixels with ``cv2.kmeans``, attempt by attempt so that it can be abandoned between two.

    Where the tutorial writes ``np.uint8(center)``, which cuts the fraction off, the pipeline rounds.
    """
    search = task.search
    pixels, notes = _visible_pixels(task.picture)
    samples = task.space.to_working(pixels)  # the tutorial's float32 (N, 3)
    if len(samples) == 1:  # one row OpenCV takes for three samples of one number
        return _beside_kept(task, samples, notes)
    epsilon = search.epsilon * task.space.step
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, search.max_iter, epsilon)
    flags = cv2.KMEANS_PP_CENTERS if search.init == "k-means++" else cv2.KMEANS_RANDOM_CENTERS
    n_free = min(task.n_colors - len(task.kept), len(samples))
    best, best_centers = np.inf, np.empty((0, 3), np.float32)
    for attempt in range(search.attempts):
        task.hooks.checkpoint()
        task.hooks.progress(attempt / search.attempts)
        cv2.setRNGSeed((search.seed + attempt) % _SEEDS)  # OpenCV keeps one generator for each thread
        compactness, _, centers = cv2.kmeans(samples, n_free, None, criteria, 1, flags)  # type: ignore[call-overload]
        if compactness < best:
            best, best_centers = compactness, centers
    return _beside_kept(task, best_centers, notes)


def _beside_kept(task: Task, centers: NDArray, notes: tuple[str, ...]) -> Found:
    """Put the kept colours before those of a method that knows nothing of them."""
    return Found(np.concatenate([task.space.to_working(task.kept), centers.astype(np.float32)]), None, notes)


def sample_size(size: tuple[int, int]) -> tuple[int, int]:
    """Find the width and height of the copy that ``cv2.kmeans`` looks at; of a small picture its own."""
    width, height = size
    scale = (OPENCV_PIXELS / (width * height)) ** 0.5
    return size if scale >= 1 else (max(1, int(width * scale)), max(1, int(height * scale)))


def _visible_pixels(picture: Colored) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Find the visible pixels, uint8 (n, 3), of the picture or of a smaller copy of it, and a note if
    smaller.
    """
    if not isinstance(picture, Picture):
        raise QuantizeError("cv2.kmeans needs a picture's pixels, got no more than its colours")
    pixels, alpha = picture.pixels, picture.alpha
    height, width = pixels.shape[:2]
    notes: tuple[str, ...] = ()
    size = sample_size((width, height))
    if size != (width, height):
        small = None if alpha is None else _resized(alpha, size)
        if alpha is not None and small is not None and not is_visible(small).any():
            return pixels[is_visible(alpha)], ()  # all that is visible fell between the samples
        pixels, alpha = _resized(pixels, size), small
        notes = (f"clustered on a copy of {size[0]}×{size[1]} pixels",)
    return pixels.reshape(-1, 3) if alpha is None else pixels[is_visible(alpha)], notes


def _resized(array: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Nearest, not area: a blended copy has colours that the picture has not.
    return cv2.resize(array, size, interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)
