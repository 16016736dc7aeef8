"""What the page that shows k-means at work has the engine run: through the cache, and in turns."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np

from pages import _cache, _state
from pages._choices import Choices
from pages._references import PictureRef, ResultRef
from quantize import Settings
from quantize.colors.hexadecimal import hex_colors, parse_hex
from quantize.measuring.cloud import sample_cloud
from quantize.measuring.comparison import Pair, match_palettes
from quantize.rendering.previews import encode_original
from quantize.teaching.attempts import Attempt, run_attempts
from quantize.teaching.film import pack_film
from quantize.teaching.mean_shift import Modes, find_modes
from quantize.teaching.mistakes import make_mistake
from quantize.teaching.points import find_points
from quantize.teaching.samples import Sample, try_samples
from quantize.teaching.starts import STARTS, choose_start
from quantize.teaching.subject import Subject
from quantize.teaching.trace import Trace, trace_run
from quantize.teaching.watched import Watched, write_start

FILM_SIDE = 600
MISTAKE_SIDE = 320
CLOUD_COLORS = 3000
_CORNERS = np.array([[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)], np.uint8)
MOST_ITERATIONS = 40
"""Of a run that is shown: later ones change next to nothing that is seen."""


def name_start(start: str, draw: int) -> str:
    """Call a start by its name and the number of its draw, as the address has it."""
    found = STARTS[start]
    return f"{found.title}, draw {draw}" if found.drawn else found.title


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
    def name(self) -> str:
        """What it is called: by its start, and which draw of it."""
        return "Your centres" if self.centers else name_start(self.start, self.draw)

    @property
    def given(self) -> "Run":
        """The one from the chosen start, with as many centres."""
        return Run(self.clusters, self.start, self.draw)


@dataclass(frozen=True, eq=False)
class Film:
    """A run to be played, and 32 characters that name it."""

    name: str
    data: bytes


def watched(picture: PictureRef, run: Run, name: str) -> Watched:
    """Describe a run to whoever writes code that makes it again, from a picture's file of this name."""
    width, height = picture.size
    plain = Subject.of(picture, name, Settings()).plain
    start = "" if run.centers else write_start(run.clusters, run.start, run.draw)
    return Watched(name, width * height, plain, trace(picture, run), MOST_ITERATIONS, start)


def trace(picture: PictureRef, run: Run) -> Trace:
    """Run k-means as it is taught, up to the iterations that are shown."""
    return _cache.kept(("trace", picture.digest, run), partial(_trace, picture, run))


def _trace(picture: PictureRef, run: Run) -> Trace:
    points = find_points(_cache.open_colors(picture))
    if run.centers:
        start = np.array([parse_hex(color) for color in run.centers], np.float64)
    else:
        start = choose_start(points, run.clusters, run.start, run.draw)
    return trace_run(points.colors, points.counts, start, max_iter=MOST_ITERATIONS)


def attempts(picture: PictureRef, run: Run, tries: int) -> tuple[Attempt, ...]:
    """Run k-means from so many draws of each start, with as many centres as a run has.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """

    def make(timed: _cache.Checkpoint) -> tuple[Attempt, ...]:
        points = find_points(_cache.open_colors(picture))
        return run_attempts(
            points, run.clusters, tries, seed=run.draw, max_iter=MOST_ITERATIONS, checkpoint=timed
        )

    key = "attempts", picture.digest, run.clusters, run.draw, tries
    return _cache.kept_of_steps(key, make, _state.checkpoint())


def samples(picture: PictureRef, run: Run) -> tuple[Sample, ...]:
    """Cluster samples of the picture, with as many centres as a run has.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """

    def make(timed: _cache.Checkpoint) -> tuple[Sample, ...]:
        opened = _cache.open_picture(picture)
        return try_samples(opened, run.clusters, max_iter=MOST_ITERATIONS, checkpoint=timed)

    key = "samples", picture.digest, run.clusters
    return _cache.kept_of_steps(key, make, _state.checkpoint())


def modes(picture: PictureRef, most: int) -> tuple[Modes, float]:
    """Find clusters by mean shift, at most so many; and the seconds that it took."""

    def make() -> tuple[Modes, float]:
        points, began = find_points(_cache.open_colors(picture)), time.perf_counter()
        return find_modes(points, most), time.perf_counter() - began

    return _cache.kept(("modes", picture.digest, most), make)


def in_colors(picture: PictureRef, centers: np.ndarray) -> ResultRef:
    """Give the picture the colours of centres, float64 (k, 3)."""
    codes = tuple(hex_colors(np.rint(centers).clip(0, 255).astype(np.uint8)))
    return _cache.quantized(picture, Settings(palette=codes), _state.checkpoint()).result


def pairs(first: ResultRef, second: ResultRef) -> tuple[Pair, ...]:
    """Pair two palettes' entries, the most different pair first."""
    key = "pairs", first.palette.tobytes(), second.palette.tobytes()
    return _cache.kept(key, lambda: match_palettes(first.palette, second.palette))


@dataclass(frozen=True, eq=False)
class Shown:
    """What came of a mistake, its pictures as PNG or lossless WebP."""

    message: str
    wrong: bytes | None
    right: bytes | None
    numbers: Mapping[str, Any]
    size: tuple[int, int]


def mistake(picture: PictureRef, key: str, clusters: int) -> Shown:
    """Make a mistake with a preview of the picture."""

    def make() -> Shown:
        pixels = _cache.open_thinned(picture, MISTAKE_SIDE).pixels
        made = make_mistake(key, pixels, clusters)
        wrong, right = (
            None if pixels is None else encode_original(pixels)[0] for pixels in (made.wrong, made.right)
        )
        return Shown(made.message, wrong, right, made.numbers, (pixels.shape[1], pixels.shape[0]))

    return _cache.kept(("mistake", picture.digest, key, clusters), make)


def empty_one(picture: PictureRef, run: Run) -> tuple[str, ...]:
    """The centres that a run begins with, the last one put into the corner that is farthest from all colours.

    It has no pixel unless it is the only one, or that corner is where the picture's colours are.
    """

    def make() -> tuple[str, ...]:
        start = trace(picture, run.given).steps[0].centers
        colors = _cache.open_colors(picture).color_set.colors.astype(np.float32)
        away = [float(np.square(colors - corner).sum(axis=1).min()) for corner in _CORNERS]
        codes = hex_colors(np.rint(start).clip(0, 255).astype(np.uint8))
        return (*codes[:-1], *hex_colors(_CORNERS[[int(np.argmax(away))]]))

    return _cache.kept(("empty", picture.digest, run.given), make)


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
    start = "own" if run.centers else run.start
    said: dict[str, Any] = {"shape": (height, width), "start": start, "name": run.name}
    if len(found.centers) > picture.n_colors:
        said["few"] = picture.n_colors
    if run.centers:
        before = trace(picture, run.given)
        name = run.given.name
        name = name if name.startswith("k-means") else name[0].lower() + name[1:]
        said["before"] = {"sse": before.sse, "name": f"the run from {name}, with as many centres"}
    return pack_film(found, shown.pixels, shown.alpha, cloud, said)
