"""What looks best in so many bytes, or is shortest and looks so well: by estimates on a sample.

Lines of recipes lead from small files to large ones. The place on each line is found by halving, and the
lines are compared by SSIMULACRA2.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

from quantize.sizing.estimating import Estimator
from quantize.sizing.kinds import Kind
from quantize.sizing.recipe import Line, Recipe, lines_of

# Widths and heights beside the picture's that are tried where nothing fits.
SCALES = tuple(0.5 ** (step / 2) for step in range(1, 25))
# Scales are compared from the first at which anything fits, until so many in turn look no better.
_WORSE_SCALES = 3
# By how much the logarithm of a length grows from one place of a line to the next.
_USUAL_SLOPE, _LEAST_SLOPE = 0.1, 0.01
# So many guesses by it; then the rest is halved.
_GUESSES = 4
# A higher quality does not always look nearer: of small pictures, rungs of so many qualities below the
# highest that fits are looked at, too.
_RUNG, _RUNGS = 4, 3
# By so much whole colour must be better on a sample, whose tiles are cut where blocks are not.
_CLEARLY_SHORTER, _CLEARLY_NEARER = 0.97, 0.3


def _slope(steps: dict[int, float]) -> float:
    """Tell by how much the logarithm of a length grows from place to place of a line, as far as is known."""
    if len(steps) < 2:
        return _USUAL_SLOPE
    (first, low), (last, high) = sorted(steps.items(), key=lambda step: step[0])[-2:]
    return max((high - low) / (last - first), _LEAST_SLOPE)


class Chooser:
    """Choose recipes of a kind of file by estimate.

    Parameters
    ----------
    kind : Kind
    estimator : Estimator
        Of the picture.
    progress : callable
        Called with the share of all work that is done, 0.05 to 0.6.
    """

    def __init__(self, kind: Kind, estimator: Estimator, progress: Callable[[float], None]) -> None:
        self._kind, self._estimator, self._progress = kind, estimator, progress

    def rank(self, recipe: Recipe) -> float:
        """Tell how near a file looks; on a sample whole colour has to be clearly better."""
        rough = recipe.whole_color and not self._estimator.sample.exact
        return self._estimator.looks(recipe) - _CLEARLY_NEARER * rough

    def smaller(self, n_bytes: float) -> Recipe | None:
        """Choose the smaller picture that looks best by estimate; None if nothing is so short."""
        best, worse = None, 0
        for scale in SCALES:
            found = self.best_of(lines_of(self._kind.key, scale), n_bytes)
            if found is not None:
                better = best is None or self.rank(found) > self.rank(best)
                best, worse = (found, 0) if better else (best, worse + 1)
            if worse == _WORSE_SCALES:
                break
        return best

    def best_of(self, lines: tuple[Line, ...], n_bytes: float) -> Recipe | None:
        """Choose what looks best and is so short; None if nothing is."""
        return max(self.fitting(lines, n_bytes), key=self.rank, default=None)

    def fitting(self, lines: tuple[Line, ...], n_bytes: float) -> list[Recipe]:
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

    def shortest(self, looks: float) -> Recipe:
        """Choose the shortest that looks so near, or what looks best if nothing looks so near."""
        lines, reaching = lines_of(self._kind.key), []
        for number, line in enumerate(lines):
            place = self._last(line, lambda one: self._estimator.looks(one) < looks)
            self._progress(0.05 + 0.5 * (number + 1) / len(lines))
            first = 0 if place is None else place + 1
            if first < len(line):
                reaching.append(line[first])
        return min(reaching, key=self._length) if reaching else self.nearest()

    def _length(self, recipe: Recipe) -> float:
        """Tell about how long a file is; on a sample whole colour has to be clearly shorter."""
        rough = recipe.whole_color and not self._estimator.sample.exact
        return self._estimator.n_bytes(recipe) / (_CLEARLY_SHORTER if rough else 1)

    def nearest(self, _: float = 0) -> Recipe:
        """Choose what looks best by estimate, however long it is."""
        lasts = [line[-1] for line in lines_of(self._kind.key)]
        return max([*lasts, *self._estimator.seen], key=self.rank)

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
