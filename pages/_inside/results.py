"""What the page that shows k-means at work has the engine run: through the cache, and in turns."""

from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import numpy as np

from pages import _cache
from pages._choices import Choices
from pages._references import PictureRef
from quantize.colors.hexadecimal import parse_hex
from quantize.measuring.cloud import sample_cloud
from quantize.teaching.film import pack_film
from quantize.teaching.starts import STARTS, choose_start
from quantize.teaching.trace import Trace, trace_run

FILM_SIDE = 600
CLOUD_COLORS = 3000
MOST_ITERATIONS = 40
"""Of a run that is shown: later ones change next to nothing that is seen."""


@dataclass(frozen=True)
class Run:
    """Which run: how many centres, how they are chosen, which draw; or centres of the visitor's own."""

    clusters: int
    start: str
    draw: int
    centers: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: Choices) -> "Run":
        """The one that was chosen."""
        draw = record.draw if STARTS[record.start].drawn else 0
        return cls(len(record.centers) or record.clusters, record.start, draw, record.centers)

    @property
    def given(self) -> "Run":
        """The one from the chosen start, with as many centres."""
        return Run(self.clusters, self.start, self.draw)


@dataclass(frozen=True, eq=False)
class Film:
    """A run to be played, and 32 characters that name it."""

    name: str
    data: bytes


def trace(picture: PictureRef, run: Run) -> Trace:
    """Run k-means as it is taught, up to the iterations that are shown."""
    return _cache.kept(("trace", picture.digest, run), partial(_trace, picture, run))


def _trace(picture: PictureRef, run: Run) -> Trace:
    cells = _cache.open_colors(picture).cells
    if run.centers:
        start = np.array([parse_hex(color) for color in run.centers], np.float64)
    else:
        start = choose_start(cells, run.clusters, run.start, run.draw)
    return trace_run(cells.colors, cells.counts, start, max_iter=MOST_ITERATIONS)


def film(picture: PictureRef, run: Run) -> Film:
    """Film a run on a preview of the picture."""
    key = "film", picture.digest, run
    name = blake2b(repr(key).encode(), digest_size=16).hexdigest()
    return Film(name, _cache.kept(key, partial(_film, picture, run)))


def _film(picture: PictureRef, run: Run) -> bytes:
    found = trace(picture, run)
    shown = _cache.open_thinned(picture, FILM_SIDE)
    cloud = sample_cloud(_cache.open_colors(picture), CLOUD_COLORS).colors
    width, height = picture.size
    said = {"shape": (height, width), "start": "own" if run.centers else run.start}
    if run.centers:
        before = trace(picture, run.given)
        name = STARTS[run.start].title.replace("Random", "random").replace("Splitting", "splitting")
        said["before"] = {"sse": before.sse, "name": f"the run from {name} with as many centres"}
    return pack_film(found, shown.pixels, shown.alpha, cloud, said)
