"""Ways to choose a palette's colours, as records: a new one is one more record.

A method looks at a picture in a working space and gives centres in that space. Everything after it
(rounding to 8 bits, assigning every pixel, counting) is the same for all, in ``pipeline.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from quantize.methods.finders import find_by_cuts, find_kmeans, find_opencv
from quantize.methods.looks import find_looks
from quantize.methods.median_cut import median_cut_centers
from quantize.methods.octree import octree_centers
from quantize.methods.task import SEARCH_CHOICES, STARTS, Found, Search, Task
from quantize.methods.wu import wu_centers
from quantize.records import Records


@dataclass(frozen=True)
class Method:
    """One way to choose centres.

    Attributes
    ----------
    key : str
        Its name in settings.
    title : str
        Its name for people.
    source : str
        Who describes it.
    find : callable
        Task → Found.
    search : Search
        What it uses where a person chose nothing.
    choices : tuple of str
        The fields of ``Search`` that it heeds.
    inits : tuple of str
        The starts it knows.
    weighted : bool
        Whether it can weigh colours, as ``rare`` needs.
    pixelwise : bool
        Whether it looks at pixels, so that a picture's colours alone do not do.
    soft : bool
        Whether it can choose colour and opacity together (``soft.py``).
    own_axes : bool
        Whether it measures in axes of its own, whatever space is chosen.
    """

    key: str
    title: str
    source: str
    find: Callable[[Task], Found]
    search: Search
    choices: tuple[str, ...] = ()
    inits: tuple[str, ...] = ()
    weighted: bool = False
    pixelwise: bool = False
    soft: bool = False
    own_axes: bool = False

    def uses(self, choice: str, init: str | None) -> bool:
        """Tell whether a choice changes anything; the start "split" leaves nothing to chance."""
        return choice in self.choices and (choice not in ("attempts", "seed") or init != "split")


# Those that choose nothing by a search get it too, and heed none of it.
_TEXTBOOK = Search(attempts=10, max_iter=20, epsilon=1.0, init="random", seed=0)

_TABLE = (
    Method(
        "kmeans",
        "k-means",
        "ours: see kmeans.py",
        find_kmeans,
        Search(attempts=1, max_iter=100, epsilon=0.05, init="split", seed=0),
        choices=SEARCH_CHOICES,
        inits=STARTS,
        weighted=True,
        soft=True,
    ),
    Method(
        "opencv",
        "cv2.kmeans",
        "OpenCV's tutorial K-Means Clustering in OpenCV",
        find_opencv,
        _TEXTBOOK,
        choices=tuple(choice for choice in SEARCH_CHOICES if choice != "effort"),
        inits=("random", "k-means++"),
        pixelwise=True,
    ),
    Method(
        "looks",
        "k-means for looks",
        "ours: see looks.py",
        find_looks,
        Search(attempts=1, max_iter=100, epsilon=0.05, init="split", seed=0),
        weighted=True,
        pixelwise=True,
        own_axes=True,
    ),
    Method(
        "wu",
        "Wu",
        "X. Wu, Efficient statistical computations for optimal color quantization, Gems II, 1991; ours",
        find_by_cuts(wu_centers),
        _TEXTBOOK,
        weighted=True,
    ),
    Method(
        "median cut",
        "median cut",
        "P. Heckbert, Color image quantization for frame buffer display, SIGGRAPH 1982; ours",
        find_by_cuts(median_cut_centers),
        _TEXTBOOK,
        weighted=True,
    ),
    Method(
        "octree",
        "octree",
        "M. Gervautz, W. Purgathofer, A simple method for color quantization, 1988; ours",
        find_by_cuts(octree_centers),
        _TEXTBOOK,
        weighted=True,
    ),
)
METHODS = Records("method", _TABLE)
find_method = METHODS.find
