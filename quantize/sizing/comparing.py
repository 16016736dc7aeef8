"""Kinds of files side by side: bytes against looks, and which of them nothing beats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from quantize.decoding.picture import Picture
from quantize.selection import require_visible
from quantize.sizing.estimating import Estimator
from quantize.sizing.recipe import Recipe, compared_recipes
from quantize.sizing.sample import take_sample
from quantize.sizing.scores import Scores, score
from quantize.sizing.writing import Writer, Written, check_fits

EXACT_PIXELS = 1 << 20
"""Pictures of so many pixels are written whole; of larger ones files are estimated."""


@dataclass(frozen=True)
class Point:
    """What one way to write a picture costs.

    Attributes
    ----------
    recipe : Recipe or None
        None is the file as it came.
    n_bytes : int
    scores : Scores
    estimated : bool
        Whether both were found on a sample.
    """

    recipe: Recipe | None
    n_bytes: int
    scores: Scores
    estimated: bool = False


def list_recipes(picture: Picture) -> tuple[Recipe, ...]:
    """List the ways that are set against each other, without kinds that cannot hold the picture."""
    longest, clear = max(picture.size), picture.alpha is not None
    return tuple(recipe for recipe in compared_recipes(clear) if longest <= recipe.of_kind.longest)


def estimate_point(estimator: Estimator, recipe: Recipe) -> Point:
    """Estimate what a way costs; exactly where the picture is its own sample."""
    size = estimator.n_bytes(recipe)
    return Point(recipe, size, estimator.scores(recipe), estimated=not estimator.sample.exact)


def measure_point(picture: Picture, written: Written) -> Point:
    """Measure a file that was really written."""
    return Point(written.recipe, len(written.data), score(picture, written))


def compare_kinds(
    picture: Picture,
    recipes: Sequence[Recipe] | None = None,
    *,
    checkpoint: Callable[[], None] | None = None,
) -> tuple[Point, ...]:
    """Weigh ways to write a picture: really written up to a megapixel, estimated above.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    recipes : sequence of Recipe, optional
        All of ``list_recipes`` if left out.
    checkpoint : callable, optional
        Called between them; what it raises ends the work.

    Raises
    ------
    QuantizeError
        If a kind of file cannot hold the picture, or nothing of it is visible.
    """
    require_visible(picture, hard=True)
    recipes = list_recipes(picture) if recipes is None else recipes
    for recipe in recipes:
        check_fits(picture, recipe)
    if picture.size[0] * picture.size[1] > EXACT_PIXELS:
        estimator = Estimator(take_sample(picture), checkpoint)
        return tuple(estimate_point(estimator, recipe) for recipe in recipes)
    writer = Writer(picture)
    return tuple(measure_point(picture, writer.write(recipe, checkpoint)) for recipe in recipes)


def looks_in(points: Sequence[Point], n_bytes: int) -> dict[str, float]:
    """Tell about how near each kind of file can look in so many bytes.

    Between two qualities of a kind looks are taken to grow with the logarithm of bytes.

    Returns
    -------
    dict
        SSIMULACRA2 by the key of the kind; kinds without a file that is so short are left out.
    """
    lines: dict[tuple[str, bool], list[Point]] = {}
    for point in sorted(points, key=lambda one: one.n_bytes):
        if point.recipe is not None:
            whole = point.recipe.whole_color if point.recipe.of_kind.lossy else False
            lines.setdefault((point.recipe.kind, whole), []).append(point)
    found: dict[str, float] = {}
    for (kind, _), line in lines.items():
        fitting = [point.scores.ssimulacra2 for point in line if point.n_bytes <= n_bytes]
        if fitting:
            found[kind] = max(found.get(kind, fitting[0]), *fitting, _between(line, n_bytes))
    return found


def _between(line: Sequence[Point], n_bytes: int) -> float:
    """Estimate the looks of a line at so many bytes, which are not less than its first point's."""
    last = max(at for at, point in enumerate(line) if point.n_bytes <= n_bytes)
    low = line[last]
    if last == len(line) - 1 or not line[0].recipe or not line[0].recipe.of_kind.lossy:
        return low.scores.ssimulacra2
    high = line[last + 1]
    share = log(n_bytes / low.n_bytes) / log(high.n_bytes / low.n_bytes)
    return low.scores.ssimulacra2 + share * (high.scores.ssimulacra2 - low.scores.ssimulacra2)


def find_frontier(points: Sequence[Point]) -> tuple[int, ...]:
    """Find the points that nothing beats: whatever is shorter looks worse.

    Returns
    -------
    tuple of int
        Places in ``points``, from short to long; of equal ones the first.
    """
    order = sorted(
        range(len(points)), key=lambda at: (points[at].n_bytes, -points[at].scores.ssimulacra2, at)
    )
    best, found = float("-inf"), []
    for at in order:
        if points[at].scores.ssimulacra2 > best:
            best = points[at].scores.ssimulacra2
            found.append(at)
    return tuple(found)
