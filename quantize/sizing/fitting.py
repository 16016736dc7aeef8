"""The setting that looks best in so many bytes, and the smallest file that still looks so well.

What is chosen by estimate (``choosing.py``) is really written; if its length is not what was expected, the
estimate is corrected by that, and the search goes on. Smaller pictures are tried where no file of the whole
size was short enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.sizing.choosing import SCALES, Chooser
from quantize.sizing.estimating import Estimator
from quantize.sizing.explaining import explain
from quantize.sizing.kinds import find_kind
from quantize.sizing.recipe import Line, Recipe, lines_of
from quantize.sizing.sample import Sample, take_sample
from quantize.sizing.scores import score_looks
from quantize.sizing.writing import Writer, Written

Checkpoint = Callable[[], None]
Progress = Callable[[float], None]

LEAST_BYTES, MOST_BYTES = 100, 1_000_000_000
LEAST_LOOKS, MOST_LOOKS = 0.0, 99.0
_HIGHEST_GOAL = 99.9
# Files that are really written, at most.
_TRIES = 6
# A file that uses less of what it may is tried again with more colours, but for large pictures much less.
_FULL, _FULL_OF_LARGE, _LARGE = 0.93, 0.8, 4_000_000
# By so much an estimate is taken to be too small before anything was written.
_CAUTIOUS = 1.05
# An estimate that is by so much too long may still be wrong.
_DOUBTFUL = 1.5
# Of small pictures so many that are estimated to look nearly best, by no more than this, are written, too.
_RIVALS, _NEARLY, _SMALL = 4, 2.5, 1_000_000


@dataclass(frozen=True, eq=False)
class Fitted:
    """The file that was found.

    Attributes
    ----------
    written : Written
    looks : float
        SSIMULACRA2, of large pictures on tiles.
    given_up : str
        What it gave up, in a sentence.
    reached : bool
        Whether it looks as near as was wanted, if anything was.
    """

    written: Written
    looks: float
    given_up: str
    reached: bool = True


def fit_bytes(
    picture: Picture,
    n_bytes: int,
    kind: str = "png",
    *,
    squeeze: bool = False,
    sample: Sample | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Find what looks best in at most so many bytes.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    n_bytes : int
        100 to 1,000,000,000.
    kind : str
        A key of ``KINDS``.
    squeeze : bool
        Whether indexed PNGs are packed in every way there is: seconds for some per cent.
    sample : Sample, optional
        The picture's, if it is at hand.
    checkpoint : callable, optional
        Called often; what it raises ends the work.
    progress : callable, optional
        Called with the share that is done, 0–1.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, or no file of this kind is so short.
    """
    if isinstance(n_bytes, bool) or not isinstance(n_bytes, int) or not LEAST_BYTES <= n_bytes <= MOST_BYTES:
        raise QuantizeError(f"size must be {LEAST_BYTES} to {MOST_BYTES:,} bytes, got {n_bytes!r}")
    return _Search(picture, kind, squeeze, sample, checkpoint, progress).fit(n_bytes)


def fit_looks(
    picture: Picture,
    looks: float,
    kind: str = "png",
    *,
    squeeze: bool = False,
    sample: Sample | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Find the smallest file that has at least this SSIMULACRA2; if none has, what looks best.

    Parameters
    ----------
    looks : float
        0 to 99.
    picture, kind, squeeze, sample, checkpoint, progress
        As for ``fit_bytes``.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits.
    """
    if not LEAST_LOOKS <= looks <= MOST_LOOKS:
        raise QuantizeError(
            f"looks must be a SSIMULACRA2 of {LEAST_LOOKS:g} to {MOST_LOOKS:g}, got {looks!r}"
        )
    return _Search(picture, kind, squeeze, sample, checkpoint, progress).reach(looks)


class _Search:
    def __init__(
        self, picture: Picture, kind: str, squeeze: bool, sample: Sample | None,
        checkpoint: Checkpoint | None, progress: Progress | None,
    ) -> None:  # fmt: skip
        self._kind = find_kind(kind)
        if not self._kind.clear and picture.alpha is not None:
            raise QuantizeError(f"{self._kind.title} cannot hold transparency: choose png, webp or avif")
        if not picture.opacity.n_visible:
            raise QuantizeError("picture must have a visible pixel, got only transparency")
        self._picture = picture
        self._checkpoint = checkpoint
        self._progress = progress or (lambda share: None)
        self._progress(0.02)
        self._estimator = Estimator(sample or take_sample(picture), checkpoint)
        self._choose = Chooser(self._kind, self._estimator, self._progress)
        self._writer = Writer(picture, squeeze=squeeze)
        self._real: dict[Recipe, float] = {}

    def fit(self, n_bytes: int) -> Fitted:
        lines = lines_of(self._kind.key)
        best = self._search(n_bytes, lambda most: self._choose.best_of(lines, most), lines)
        if best is None:
            best = self._search(n_bytes, self._choose.smaller, ())
        elif self._picture.size[0] * self._picture.size[1] <= _SMALL:
            best = self._compare(lines, n_bytes, best)
        return self._told(best or self._write_smaller(n_bytes))

    def _compare(self, lines: tuple[Line, ...], n_bytes: int, best: Written) -> Written:
        """Write what by estimate looks nearly as near as the best, too: estimates are no better than that."""
        off = len(best.data) / self._estimator.n_bytes(best.recipe)
        fitting = sorted(self._choose.fitting(lines, n_bytes / off), key=self._choose.rank, reverse=True)
        for recipe in fitting[:_RIVALS]:
            if recipe != best.recipe and self._choose.rank(recipe) > self._choose.rank(fitting[0]) - _NEARLY:
                written = self._writer.write(recipe, self._checkpoint)
                if len(written.data) <= n_bytes and self._looks(written) > self._looks(best):
                    best = written
        return best

    def _search(
        self, n_bytes: int, choose: Callable[[float], Recipe | None], lines: tuple[Line, ...]
    ) -> Written | None:
        """Write what is chosen by estimate, and better ones; at last the shortest of ``lines``."""
        off, best = 1.0 if self._estimator.sample.exact else _CAUTIOUS, None
        tried: set[Recipe] = set()
        full = _FULL_OF_LARGE if self._picture.size[0] * self._picture.size[1] > _LARGE else _FULL
        for number in range(_TRIES):
            recipe = choose(n_bytes / off)
            if best is None and (recipe is None or recipe in tried or number == _TRIES - 1):
                recipe = self._shortest(lines, n_bytes)
            if recipe is None or recipe in tried:
                break
            tried.add(recipe)
            self._progress(0.5 + 0.4 * number / _TRIES)
            written = self._writer.write(recipe, self._checkpoint)
            off = len(written.data) / self._estimator.n_bytes(recipe)
            if len(written.data) <= n_bytes:
                if best is None or self._looks(written) > self._looks(best):
                    best = written
                if len(written.data) > full * n_bytes or number > 2:
                    break
        return best

    def _shortest(self, lines: tuple[Line, ...], n_bytes: int) -> Recipe | None:
        """Choose what is shortest by estimate; None if it is much too long."""
        found = min((line[0] for line in lines), key=self._estimator.n_bytes, default=None)
        return found if found and self._estimator.n_bytes(found) <= _DOUBTFUL * n_bytes else None

    def reach(self, looks: float) -> Fitted:
        best, real, goal = None, float("-inf"), looks
        tried: set[Recipe] = set()
        shortest, nearest = self._choose.shortest, self._choose.nearest
        for choose in (shortest, shortest, shortest, nearest):
            recipe = choose(min(goal, _HIGHEST_GOAL))
            if recipe in tried:
                continue
            tried.add(recipe)
            written = self._writer.write(recipe, self._checkpoint)
            found = self._looks(written)
            self._progress(0.5 + 0.1 * len(tried))
            if found > real:
                best, real = written, found
            if real >= looks:
                break
            goal += looks - found
        assert best is not None
        return Fitted(best, real, explain(self._picture, best, real), real >= looks)

    def _looks(self, written: Written) -> float:
        """Tell how near a file really looks, once for each."""
        if written.recipe not in self._real:
            self._real[written.recipe] = score_looks(self._picture, written)
        return self._real[written.recipe]

    def _told(self, written: Written) -> Fitted:
        self._progress(0.9)
        looks = self._looks(written)
        self._progress(1.0)
        return Fitted(written, looks, explain(self._picture, written, looks))

    def _write_smaller(self, n_bytes: int) -> Written:
        """Write ever smaller files until one fits, where estimates did not lead there."""
        for recipe in self._smaller():
            written = self._writer.write(recipe, self._checkpoint)
            if len(written.data) <= n_bytes:
                return written
        kind = self._kind.noun
        raise QuantizeError(
            f"no {kind} of this picture has {n_bytes:,} bytes or less: the shortest found has "
            f"{len(written.data):,}"
        )

    def _smaller(self) -> Iterator[Recipe]:
        for scale in (*SCALES, 1e-9):
            yield lines_of(self._kind.key, scale)[0][0]
