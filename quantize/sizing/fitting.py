"""The setting that looks best in so many bytes, and the smallest file that still looks so well.

Ways to write a kind of file are lines of recipes from small to large (``recipe.lines_of``). On a sample the
place on each line is found by halving, and the lines are compared by SSIMULACRA2. Then the file is really
written; if its length is not what was expected, the estimate is corrected by that, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

from quantize.colors.opacity import is_visible
from quantize.decoding.frames import lost_frames
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.sizing.estimating import Estimator
from quantize.sizing.kinds import find_kind
from quantize.sizing.recipe import Line, Recipe, lines_of
from quantize.sizing.sample import Sample, take_sample
from quantize.sizing.scores import score_looks
from quantize.sizing.writing import Writer, Written

Checkpoint = Callable[[], None]
Progress = Callable[[float], None]

LEAST_BYTES, MOST_BYTES = 100, 1_000_000_000
LEAST_LOOKS, MOST_LOOKS = 0.0, 99.0
# Widths and heights beside the picture's that are tried where nothing fits.
_SCALES = tuple(0.5 ** (step / 2) for step in range(1, 25))
# So many scales are compared, from the first at which anything fits.
_COMPARED_SCALES = 3
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
    """

    written: Written
    looks: float
    given_up: str


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
    """Find the smallest file that has at least this SSIMULACRA2, or the one that comes nearest to it.

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

    def fit(self, n_bytes: int) -> Fitted:
        off, best = 1.0 if self._estimator.sample.exact else _CAUTIOUS, None
        tried: set[Recipe] = set()
        full = _FULL_OF_LARGE if self._picture.size[0] * self._picture.size[1] > _LARGE else _FULL
        for number in range(_TRIES):
            recipe = self._choose(n_bytes / off)
            if recipe is None or recipe in tried:
                break
            tried.add(recipe)
            self._progress(0.5 + 0.4 * number / _TRIES)
            written = self._writer.write(recipe, self._checkpoint)
            off = len(written.data) / self._estimator.n_bytes(recipe)
            if len(written.data) <= n_bytes:
                if best is None or len(written.data) > len(best.data):
                    best = written
                if len(written.data) > full * n_bytes or number > 2:
                    break
        if best is None:
            best = self._write_smaller(tried, n_bytes)
        return self._told(best)

    def reach(self, looks: float) -> Fitted:
        found = self._choose_looks(looks)
        self._progress(0.6)
        written = self._writer.write(found, self._checkpoint)
        real, off = score_looks(self._picture, written), 0.0
        for _ in range(2):
            if real >= looks:
                break
            off += looks - real
            better = self._choose_looks(min(looks + off, 99.9))
            if better == found:
                break
            found, written = better, self._writer.write(better, self._checkpoint)
            real = score_looks(self._picture, written)
        return Fitted(written, real, explain(self._picture, written, real))

    def _told(self, written: Written) -> Fitted:
        self._progress(0.9)
        looks = score_looks(self._picture, written)
        self._progress(1.0)
        return Fitted(written, looks, explain(self._picture, written, looks))

    def _choose(self, n_bytes: float) -> Recipe | None:
        """Choose what looks best by estimate; None if nothing is so short."""
        found = self._best_of(lines_of(self._kind.key), n_bytes)
        if found is not None:
            return found
        compared: list[Recipe] = []
        for scale in _SCALES:
            fits = self._best_of(lines_of(self._kind.key, scale), n_bytes)
            if fits is not None:
                compared.append(fits)
            if len(compared) == _COMPARED_SCALES:
                break
        return max(compared, key=self._estimator.looks, default=None)

    def _best_of(self, lines: tuple[Line, ...], n_bytes: float) -> Recipe | None:
        fitting, start = [], len(lines[0]) // 2
        for number, line in enumerate(lines):
            place = self._last_fitting(line, n_bytes, start)
            self._progress(0.05 + 0.4 * (number + 1) / len(lines))
            if place is not None:
                fitting.append(line[place])
            start = place or 0
        return max(fitting, key=self._estimator.looks, default=None)

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
        """Choose the shortest by estimate, or what looks best if nothing looks so well."""
        lines, reaching = lines_of(self._kind.key), []
        for number, line in enumerate(lines):
            place = self._last(line, lambda one: self._estimator.looks(one) < looks)
            self._progress(0.05 + 0.5 * (number + 1) / len(lines))
            first = 0 if place is None else place + 1
            if first < len(line):
                reaching.append(line[first])
        if not reaching:
            return max((line[-1] for line in lines), key=self._estimator.looks)
        return min(reaching, key=self._estimator.n_bytes)

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

    def _write_smaller(self, tried: set[Recipe], n_bytes: int) -> Written:
        """Write ever smaller files until one fits, where estimates did not lead there."""
        least = min((recipe.scale for recipe in tried), default=1.0)
        for recipe in self._smaller(least):
            written = self._writer.write(recipe, self._checkpoint)
            if len(written.data) <= n_bytes:
                return written
        kind = self._kind.title
        raise QuantizeError(
            f"no {kind} of this picture has {n_bytes:,} bytes or less: the shortest found has "
            f"{len(written.data):,}"
        )

    def _smaller(self, least: float) -> Iterator[Recipe]:
        for scale in (*(scale for scale in _SCALES if scale <= least), 1e-9):
            yield lines_of(self._kind.key, scale)[0][0]


def explain(picture: Picture, written: Written, looks: float) -> str:
    """Say in a sentence what a file gave up beside its picture."""
    frames = lost_frames(picture.notes)
    if _shows_the_same(picture, written):
        if frames is None:
            return "It gave up nothing that is seen."
        return f"It gave up {frames}, and nothing that is seen of the first."
    recipe, lost = written.recipe, [frames] if frames else []
    lost += _explain_palette(picture, written)
    if recipe.quality is not None:
        lost.append(f"detail, at quality {recipe.quality} of 100")
        if not _is_as_clear(picture, written):
            lost.append("exact transparency")
    if recipe.scale < 1:
        height, width = written.pixels.shape[:2]
        lost.append(f"size: {width:,}×{height:,} pixels are left of {picture.size[0]:,}×{picture.size[1]:,}")
    return f"It gave up {join(lost or ['some nearness'])}; SSIMULACRA2 is {looks:.1f} of 100.".replace(
        "-", "\N{MINUS SIGN}"
    )


def _explain_palette(picture: Picture, written: Written) -> list[str]:
    recipe, lost = written.recipe, []
    if recipe.n_colors is not None and written.result is not None:
        before, after = picture.n_colors, len(written.result.palette)
        if after < before:
            how = "dithered" if recipe.strength else "not dithered"
            lost.append(f"{before - after:,} of {before:,} colours ({after} are left, {how})")
        if picture.opacity.is_partial:
            lost.append("partial transparency")
        if recipe.runs and written.result.sse:
            lost.append("some grain, for longer runs of one colour")
        if recipe.follow and written.result.sse:
            lost.append(f"nearness of single pixels, by up to {recipe.follow:g} steps of 255")
    return lost


def _shows_the_same(picture: Picture, written: Written) -> bool:
    if written.pixels.shape != picture.pixels.shape:
        return False
    if picture.opacity.is_partial and written.recipe.of_kind.indexed:
        return False
    apart = (written.pixels != picture.pixels).any(axis=2)
    if not _is_as_clear(picture, written):
        return False
    return not (apart if picture.alpha is None else apart & is_visible(picture.alpha)).any()


def _is_as_clear(picture: Picture, written: Written) -> bool:
    """Tell whether alpha is what it was; of a palette, whether the same pixels are visible."""
    if written.pixels.shape != picture.pixels.shape:
        return True  # of another size: there is nothing to compare pixel by pixel
    before, after = picture.alpha, written.alpha
    if before is None or after is None:
        return all(alpha is None or int(alpha.min()) == 255 for alpha in (before, after))
    if written.recipe.of_kind.indexed:
        return bool((is_visible(before) == is_visible(after)).all())
    return bool((before == after).all())


def join(words: list[str]) -> str:
    """List words as a sentence does."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
