"""The setting that looks best in so many bytes, and the smallest file that still looks so well.

Ways to write a kind of file are lines of recipes from small to large (``recipe.lines_of``). On a sample the
place on each line is found by halving, and the lines are compared by SSIMULACRA2. Then the file is really
written; if its length is not what was expected, the estimate is corrected by that, and the search goes on.
Smaller pictures are tried where no file of the whole size was short enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
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
# Widths and heights beside the picture's that are tried where nothing fits.
_SCALES = tuple(0.5 ** (step / 2) for step in range(1, 25))
# Scales are compared from the first at which anything fits, until so many in turn look no better.
_WORSE_SCALES = 3
# Files that are really written, at most.
_TRIES = 6
# A file that uses less of what it may is tried again with more colours, but for large pictures much less.
_FULL, _FULL_OF_LARGE, _LARGE = 0.93, 0.8, 4_000_000
# By so much an estimate is taken to be too small before anything was written.
_CAUTIOUS = 1.05
# By how much the logarithm of a length grows from one place of a line to the next.
_USUAL_SLOPE, _LEAST_SLOPE = 0.1, 0.01
# So many guesses by it; then the rest is halved.
_GUESSES = 4
# An estimate that is by so much too long may still be wrong.
_DOUBTFUL = 1.5
# A higher quality does not always look nearer: of small pictures, rungs of so many qualities below the
# highest that fits are looked at, too.
_RUNG, _RUNGS = 4, 3
# Of small pictures so many that are estimated to look nearly best, by no more than this, are written, too.
_RIVALS, _NEARLY, _SMALL = 4, 2.5, 1_000_000
# By so much whole colour must be better on a sample, whose tiles are cut where blocks are not.
_CLEARLY_SHORTER, _CLEARLY_NEARER = 0.97, 0.3


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


def _slope(steps: dict[int, float]) -> float:
    """Tell by how much the logarithm of a length grows from place to place of a line, as far as is known."""
    if len(steps) < 2:
        return _USUAL_SLOPE
    (first, low), (last, high) = sorted(steps.items(), key=lambda step: step[0])[-2:]
    return max((high - low) / (last - first), _LEAST_SLOPE)


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
        self._writer = Writer(picture, squeeze=squeeze)
        self._real: dict[Recipe, float] = {}

    def fit(self, n_bytes: int) -> Fitted:
        lines = lines_of(self._kind.key)
        best = self._search(n_bytes, lambda most: self._best_of(lines, most), lines)
        if best is None:
            best = self._search(n_bytes, self._choose_smaller, ())
        elif self._picture.size[0] * self._picture.size[1] <= _SMALL:
            best = self._compare(lines, n_bytes, best)
        return self._told(best or self._write_smaller(n_bytes))

    def _compare(self, lines: tuple[Line, ...], n_bytes: int, best: Written) -> Written:
        """Write what by estimate looks nearly as near as the best, too: estimates are no better than that."""
        off = len(best.data) / self._estimator.n_bytes(best.recipe)
        fitting = sorted(self._fitting(lines, n_bytes / off), key=self._rank, reverse=True)
        for recipe in fitting[:_RIVALS]:
            if recipe != best.recipe and self._rank(recipe) > self._rank(fitting[0]) - _NEARLY:
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

    def _rank(self, recipe: Recipe) -> float:
        """Tell how near a file looks; on a sample whole colour has to be clearly better."""
        rough = recipe.whole_color and not self._estimator.sample.exact
        return self._estimator.looks(recipe) - _CLEARLY_NEARER * rough

    def reach(self, looks: float) -> Fitted:
        best, real, goal = None, float("-inf"), looks
        tried: set[Recipe] = set()
        for choose in (self._choose_looks, self._choose_looks, self._choose_looks, self._nearest):
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

    def _choose_smaller(self, n_bytes: float) -> Recipe | None:
        """Choose the smaller picture that looks best by estimate; None if nothing is so short."""
        best, worse = None, 0
        for scale in _SCALES:
            found = self._best_of(lines_of(self._kind.key, scale), n_bytes)
            if found is not None:
                better = best is None or self._rank(found) > self._rank(best)
                best, worse = (found, 0) if better else (best, worse + 1)
            if worse == _WORSE_SCALES:
                break
        return best

    def _best_of(self, lines: tuple[Line, ...], n_bytes: float) -> Recipe | None:
        return max(self._fitting(lines, n_bytes), key=self._rank, default=None)

    def _fitting(self, lines: tuple[Line, ...], n_bytes: float) -> list[Recipe]:
        """List of each line what by estimate is so short, and looks best."""
        fitting: list[Recipe] = []
        start = len(lines[0]) // 2
        for number, line in enumerate(lines):
            place = self._last_fitting(line, n_bytes, start)
            self._progress(0.05 + 0.4 * (number + 1) / len(lines))
            if place is not None:
                fitting += [line[place], *self._below(line, place, n_bytes)]
            start = place or 0
        return fitting

    def _below(self, line: Line, place: int, n_bytes: float) -> list[Recipe]:
        """List some that are shorter and may look nearer all the same, where looking at them costs little."""
        if not (self._kind.lossy and self._estimator.sample.exact):
            return []
        last = place // _RUNG * _RUNG
        rungs = range(max(last - _RUNG * (_RUNGS - 1), 0), last + 1, _RUNG)
        return [line[rung] for rung in rungs if self._estimator.n_bytes(line[rung]) <= n_bytes]

    def _last_fitting(self, line: Line, n_bytes: float, start: int) -> int | None:
        """Find the last place of a line whose file is so short, from a first guess on; None if none is."""
        low, high, place = -1, len(line), start
        steps: dict[int, float] = {}
        while high - low > 1:
            steps[place] = log(self._estimator.n_bytes(line[place]))
            if steps[place] <= log(n_bytes):
                low = place
            else:
                high = place
            guess = place + round((log(n_bytes) - steps[place]) / _slope(steps))
            place = min(max(guess, low + 1), high - 1) if len(steps) < _GUESSES else (low + high) // 2
        return low if low >= 0 else None

    def _choose_looks(self, looks: float) -> Recipe:
        """Choose the shortest by estimate, or what looks best if nothing looks so near."""
        lines, reaching = lines_of(self._kind.key), []
        for number, line in enumerate(lines):
            place = self._last(line, lambda one: self._estimator.looks(one) < looks)
            self._progress(0.05 + 0.5 * (number + 1) / len(lines))
            first = 0 if place is None else place + 1
            if first < len(line):
                reaching.append(line[first])
        return min(reaching, key=self._length) if reaching else self._nearest()

    def _length(self, recipe: Recipe) -> float:
        """Tell about how long a file is; on a sample whole colour has to be clearly shorter."""
        rough = recipe.whole_color and not self._estimator.sample.exact
        return self._estimator.n_bytes(recipe) / (_CLEARLY_SHORTER if rough else 1)

    def _nearest(self, _: float = 0) -> Recipe:
        """Choose what looks best by estimate, however long it is."""
        lasts = [line[-1] for line in lines_of(self._kind.key)]
        return max([*lasts, *self._estimator.seen], key=self._rank)

    def _last(self, line: Line, holds: Callable[[Recipe], bool]) -> int | None:
        """Find the last place of a line up to which something holds, by halving; None if nowhere."""
        low, high = -1, len(line)
        while high - low > 1:
            middle = (low + high) // 2
            if holds(line[middle]):
                low = middle
            else:
                high = middle
        return low if low >= 0 else None

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
        for scale in (*_SCALES, 1e-9):
            yield lines_of(self._kind.key, scale)[0][0]
