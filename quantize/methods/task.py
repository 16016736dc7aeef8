"""What a method of finding colours is asked, and what it answers: the records between both sides."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored
from quantize.colors.spaces import Floats, Space

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
    effort : str
        How long our own k-means tries to do better, a key of ``kmeans.EFFORTS``.
    """

    attempts: int
    max_iter: int
    epsilon: float
    init: str
    seed: int
    effort: str = "normal"


SEARCH_CHOICES = tuple(field.name for field in fields(Search))


@dataclass(frozen=True)
class Hooks:
    """What a long job calls on the caller's thread: ``checkpoint`` may raise to abandon the work."""

    checkpoint: Callable[[], None] = lambda: None
    progress: Callable[[float], None] = lambda done: None

    @classmethod
    def of(cls, checkpoint: Callable[[], None] | None, progress: Callable[[float], None] | None) -> "Hooks":
        """Take those that are given, and for the others ones that do nothing."""
        return cls(checkpoint or cls.checkpoint, progress or cls.progress)


@dataclass(frozen=True, eq=False)
class Task:
    """What a method is asked for.

    Attributes
    ----------
    picture : Picture or Counted
        With more distinct colours than are wanted.
    space : Space
        Where to measure.
    n_colors : int
        Colours wanted, kept ones among them.
    kept : uint8, shape (m, 3), m < n_colors
        sRGB colours that will be in the palette as they are; the rest is chosen around them.
    rare : float
        0–1: how much rare colours count, see ``rarity.py``; 0 for methods that are not ``weighted``.
    search : Search
        How to look.
    hooks : Hooks
        What to call meanwhile.
    """

    picture: Colored
    space: Space
    n_colors: int
    kept: NDArray[np.uint8]
    rare: float
    search: Search
    hooks: Hooks


@dataclass(frozen=True, eq=False)
class Found:
    """What a method found.

    Attributes
    ----------
    centers : float32, shape (k, 3)
        In working units, the kept ones first; ``k`` ≤ ``n_colors``.
    iterations : int or None
        Rounds it took; None if the method does not say.
    notes : tuple of str
        For the person who asked.
    """

    centers: Floats
    iterations: int | None
    notes: tuple[str, ...] = ()
