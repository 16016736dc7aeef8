"""Ways to choose a palette's colours, as records: a new one is one more record.

A method looks at a picture in a working space and gives centres in that space. Everything after it
(rounding to 8 bits, assigning every pixel, counting) is the same for all, in ``pipeline.py``.

Sources: ``kmeans`` is our own, see ``kmeans.py``. ``opencv`` is ``cv2.kmeans``, called as OpenCV's
own tutorial "K-Means Clustering in OpenCV" calls it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize import kmeans
from quantize.errors import QuantizeError
from quantize.picture import Picture
from quantize.spaces import Floats, Space

# cv2.kmeans looks at every sample in every round of every attempt: 10 attempts at K = 16 take about
# a second for as many pixels as this, and half a minute for a 5-megapixel photo.
OPENCV_PIXELS = 160_000

STARTS = ("split", "k-means++", "random")


@dataclass(frozen=True)
class Search:
    """How a method looks for centres; the words are those of ``cv2.kmeans``.

    Attributes
    ----------
    attempts : int
        Runs from different starts, of which the best is kept.
    max_iter : int
        Most rounds of one run, 2–100: ``cv2.kmeans`` silently does no fewer and no more.
    epsilon : float
        A run ends when no centre moved by more than this many 8-bit steps.
    init : str
        Where the centres start, one of ``STARTS``.
    seed : int
        Of the random numbers that ``init`` uses.
    """

    attempts: int
    max_iter: int
    epsilon: float
    init: str
    seed: int


@dataclass(frozen=True)
class Hooks:
    """What a long job calls on the caller's thread: ``checkpoint`` may raise to abandon the work."""

    checkpoint: Callable[[], None] = lambda: None
    progress: Callable[[float], None] = lambda done: None


@dataclass(frozen=True, eq=False)
class Found:
    """What a method found: ``centers`` float32 (k, 3) in working units; ``iterations`` None if not told."""

    centers: Floats
    iterations: int | None
    notes: tuple[str, ...] = ()


Find = Callable[[Picture, Space, int, Search, Hooks], Found]


@dataclass(frozen=True)
class Method:
    """One way to choose centres.

    Attributes
    ----------
    key : str
        Its name in settings.
    title : str
        Its name for people.
    find : callable
        (picture, space, n_colors, search, hooks) → Found.
    defaults : Search
        What it uses where a person chose nothing.
    inits : tuple of str
        The starts it knows.
    """

    key: str
    title: str
    find: Find
    defaults: Search
    inits: tuple[str, ...] = field(default=STARTS)

    def uses(self, choice: str, init: str) -> bool:
        """Whether a ``Search`` choice changes anything, given the start: "split" leaves nothing to chance."""
        return choice not in ("attempts", "seed") or init != "split"


def _find_kmeans(picture: Picture, space: Space, n_colors: int, search: Search, hooks: Hooks) -> Found:
    histogram = picture.cells
    fit = kmeans.fit(
        space.to_working(histogram.colors),
        histogram.counts,
        n_colors,
        init=search.init,
        attempts=search.attempts,
        max_iter=search.max_iter,
        epsilon=search.epsilon * space.step,
        seed=search.seed,
        checkpoint=hooks.checkpoint,
    )
    return Found(fit.centers, fit.iterations)


def _find_opencv(picture: Picture, space: Space, n_colors: int, search: Search, hooks: Hooks) -> Found:
    """Cluster single pixels with ``cv2.kmeans``, attempt by attempt so that it can be abandoned between two.

    Where the tutorial writes ``np.uint8(center)``, which cuts the fraction off, the pipeline rounds.
    """
    pixels, notes = _opencv_pixels(picture)
    samples = space.to_working(pixels)  # the tutorial's float32 (N, 3)
    criteria = (
        cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER,
        search.max_iter,
        search.epsilon * space.step,
    )
    flags = cv2.KMEANS_PP_CENTERS if search.init == "k-means++" else cv2.KMEANS_RANDOM_CENTERS
    best, best_centers = np.inf, None
    for attempt in range(search.attempts):
        hooks.checkpoint()
        hooks.progress(attempt / search.attempts)
        cv2.setRNGSeed(search.seed + attempt)  # OpenCV keeps one generator for each thread
        compactness, _, centers = cv2.kmeans(samples, n_colors, None, criteria, 1, flags)  # type: ignore[call-overload]
        if compactness < best or best_centers is None:
            best, best_centers = compactness, centers
    assert best_centers is not None  # for mypy: attempts is at least 1
    return Found(best_centers, None, notes)


def _opencv_pixels(picture: Picture) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Visible pixels, uint8 (n, 3), of the picture or of a smaller copy of it, and a note if smaller."""
    pixels, alpha = picture.pixels, picture.alpha
    height, width = pixels.shape[:2]
    notes: tuple[str, ...] = ()
    scale = (OPENCV_PIXELS / (width * height)) ** 0.5
    if scale < 1:
        size = max(1, int(width * scale)), max(1, int(height * scale))
        pixels, alpha = _resized(pixels, size), None if alpha is None else _resized(alpha, size)
        notes = (f"clustered on a copy of {size[0]}×{size[1]} pixels",)
    visible = pixels.reshape(-1, 3) if alpha is None else pixels[alpha > 0]
    return visible, notes


def _resized(array: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Nearest, not area: a blended copy has colours that the picture has not.
    return cv2.resize(array, size, interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)


_TABLE = (
    Method("kmeans", "k-means", _find_kmeans, Search(1, 100, 0.05, "split", 0)),
    Method(
        "opencv", "cv2.kmeans", _find_opencv, Search(10, 20, 1.0, "random", 0), inits=("random", "k-means++")
    ),
)
METHODS: Mapping[str, Method] = MappingProxyType({method.key: method for method in _TABLE})


def find_method(key: str) -> Method:
    """Look a method up by its name.

    Raises
    ------
    QuantizeError
        If there is none of that name; the message lists those there are.
    """
    try:
        return METHODS[key]
    except (KeyError, TypeError):
        raise QuantizeError(f"method must be one of {', '.join(METHODS)}, got {key!r}") from None
