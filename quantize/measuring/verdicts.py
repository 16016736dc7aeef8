"""Which of several results is nearest to the original, by which yardstick, and where it gained.

Verdicts are data: a page puts them into words. A winner has the best number; results whose numbers round
alike to the digits that are shown share the win. Where the gain lies is looked for among families of colour
(``families.py``), on pixels taken evenly from the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantize.colors.difference import delta_e_00
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import SPACES
from quantize.decoding.picture import Picture
from quantize.measuring.families import FAMILIES, find_families
from quantize.rendering.previews import grid, preview

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

# The side of the preview on which gains are found: errors of two results there take about 0.1 s.
_SAMPLE_SIDE = 320


@dataclass(frozen=True)
class Yardstick:
    """A way to measure: ``digits`` that are shown, and whether the smaller number is the better one."""

    key: str
    digits: int
    smaller_wins: bool

    def is_tie(self, first: float, second: float) -> bool:
        """Tell whether two numbers look alike when they are shown."""
        return round(first, self.digits) == round(second, self.digits)


YARDSTICKS = (Yardstick("mse", 1, True), Yardstick("delta_e_00", 2, True), Yardstick("ssim", 4, False))


@dataclass(frozen=True)
class Verdict:
    """What one yardstick says.

    Attributes
    ----------
    yardstick : Yardstick
    ranking : tuple of (str, float)
        Every result and its number, the best first; of equal ones, in the order given.
    winners : tuple of str
        Those whose number looks like the best; all of them if it is a tie.
    """

    yardstick: Yardstick
    ranking: tuple[tuple[str, float], ...]
    winners: tuple[str, ...]

    @property
    def is_tie(self) -> bool:
        """Whether no result is behind another."""
        return len(self.winners) == len(self.ranking)


@dataclass(frozen=True)
class Sampled:
    """Even samples of a picture: what a pixel was and what a result made of it, uint8 (n, 3) sRGB each."""

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]


@dataclass(frozen=True)
class Gain:
    """The family of colours to which the winner owes most.

    Attributes
    ----------
    family : str
        Its name, in the plural.
    share : float
        Part of the picture, 0–1.
    winner, loser : float
        Mean error of either result there.
    winner_entries, loser_entries : int
        Palette entries of either that are of this family.
    """

    family: str
    share: float
    winner: float
    loser: float
    winner_entries: int
    loser_entries: int


def judge(numbers: Mapping[str, float], yardstick: Yardstick) -> Verdict:
    """Rank results, at least one, by their numbers on one yardstick."""
    sign = 1 if yardstick.smaller_wins else -1
    ranking = tuple(sorted(numbers.items(), key=lambda item: sign * item[1]))
    best = ranking[0][1]
    return Verdict(yardstick, ranking, tuple(key for key, n in ranking if yardstick.is_tie(n, best)))


def sample_errors(picture: Picture, result: Quantized) -> Sampled:
    """Take at most about 100,000 visible pixels of a picture and of a result, evenly."""
    before, after = preview(picture.pixels, _SAMPLE_SIDE), result.pixels_at(*grid(result.shape, _SAMPLE_SIDE))
    if picture.alpha is None:
        return Sampled(before.reshape(-1, 3), after.reshape(-1, 3))
    visible = is_visible(preview(picture.alpha, _SAMPLE_SIDE))
    return Sampled(before[visible], after[visible])


def _squared(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.square(before.astype(np.float32) - after).sum(axis=1)


_ERRORS: Mapping[str, Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.float32]]] = {
    "mse": _squared,
    "delta_e_00": delta_e_00,
}


def find_gain(key: str, picture: Picture, winner: Quantized, loser: Quantized) -> Gain | None:
    """Find the family of colours where the winner saves most of the error, counted over the picture.

    Parameters
    ----------
    key : {"mse", "delta_e_00"}
        The yardstick.
    picture : Picture
        The original.
    winner, loser : Quantized
        Two results of it.

    Returns
    -------
    Gain or None
        None if no family gains on the sample.
    """
    ours, theirs = sample_errors(picture, winner), sample_errors(picture, loser)
    if not len(ours.before):
        return None
    families = find_families(ours.before)
    errors = [_ERRORS[key](one.before, one.after) for one in (ours, theirs)]
    pixels = np.bincount(families, minlength=len(FAMILIES))
    ours_sum, theirs_sum = (np.bincount(families, error, minlength=len(FAMILIES)) for error in errors)
    best = int(np.argmax(theirs_sum - ours_sum))
    if theirs_sum[best] <= ours_sum[best]:
        return None
    entries = [int((find_families(one.palette) == best).sum()) for one in (winner, loser)]
    return Gain(
        family=FAMILIES[best],
        share=float(pixels[best] / pixels.sum()),
        winner=float(ours_sum[best] / pixels[best]),
        loser=float(theirs_sum[best] / pixels[best]),
        winner_entries=entries[0],
        loser_entries=entries[1],
    )


def lightness_error(picture: Picture, result: Quantized) -> float:
    """Work out the mean absolute difference of CIE L*, on the same sample as the gains."""
    sampled, to_lab = sample_errors(picture, result), SPACES["LAB"].to_working
    if not len(sampled.before):
        return 0.0
    return float(np.abs(to_lab(sampled.before)[:, 0] - to_lab(sampled.after)[:, 0]).mean())
