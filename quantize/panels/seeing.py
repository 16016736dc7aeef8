"""What a picture is like: a drawing or a photo, and where its tones end.

A drawing's tones and pure colours are meant. It has few colours, or most of it is even areas, or it repeats
its colours, as text of any colour does with its soft edges. White, black and the commonest colour say nothing
of that: photos have them for grounds, too. Nor do colours that have others like them beside them: a very dark
or very light photo has so few levels that they all come back, and neighbours are often equal.

A photo's tones may be stretched, but only as far as its lightest and darkest pixels have little colour: those
are white or black that fell short, while a sky that became lighter would lose its blue.

The factors are ours, found by looking at photos, drawings and screens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES, Floats

# A sample is enough to see what colours a picture has.
_SEEN = 1 << 14
# Up to so many colours a picture is a drawing.
_FEW = 32
# Or from this share of even pixels on.
_EVEN = 0.5
# Or up to this share of pixels with a colour that was not there before, if so many inks have this share of
# them.
_NEW, _INKS, _OFTEN = 0.25, 16, 0.2
# Levels within which another colour is like one.
_LIKE = 1
# Of greys there are 256, in photos too: they all repeat.
_GREYS = 256
# Black and white, and levels within which photos have much that is all but that.
_ENDS_OF_TONES, _ALL_BUT = ((0, 0, 0), (255, 255, 255)), 8
# Percentiles of lightness that count as its ends; within so many units of 0 and 100 they are there already.
_ENDS, _NEAR = (0.5, 99.5), 8.0
# Fog and night stay what they are.
_DARKEST_WHITE, _LIGHTEST_BLACK = 75.0, 20.0
# Units of lightness from an end on which colours are looked at; chroma up to which one counts as grey, and
# from which on as colour.
_BESIDE, _GREY, _COLOR = 12.0, 6.0, 16.0
# Standard deviation of lightness above which tones need no curve, and the strongest curve.
_LIVELY, _MOST_CURVE = 26.0, 0.5


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen.

    Attributes
    ----------
    colors, counts : uint8, shape (n, 3); int64, shape (n,)
        Of a sample of pixels.
    drawn : bool
    black, white : float
        Lightness L*, 0–100, that should become black and white.
    curve : float
        0–1: how strong an S-curve would do good.
    said : str
        All that in words.
    """

    colors: NDArray[np.uint8]
    counts: NDArray[np.int64]
    drawn: bool
    black: float
    white: float
    curve: float
    said: str


def look_at(pixels: NDArray[np.uint8]) -> Seen:
    """Look at a picture, uint8 (h, w, 3) sRGB with at least one pixel."""
    rows = pixels.reshape(-1, 3)
    rows = rows[:: max(1, len(rows) // _SEEN) | 1]
    colors, counts = np.unique(rows, axis=0, return_counts=True)
    n = len(colors)
    if n <= _FEW or (
        _stands_alone(colors, counts)
        and (_is_even(pixels, colors[counts.argmax()]) or _is_repeated(colors, counts))
    ):
        what = f" of {n} colour{'s' * (n > 1)}" if n <= _FEW else ""
        return Seen(colors, counts, True, 0.0, 100.0, 0.0, f"a drawing{what}: tones kept")
    return _look_at_photo(colors, counts, SPACES["LAB"].to_working(rows))


def _stands_alone(colors: NDArray[np.uint8], counts: NDArray[np.int64]) -> bool:
    """Tell whether most of what the commonest colours have, grounds aside, is theirs and not of a cloud."""
    others = np.flatnonzero(~_is_ground(colors, counts))
    often = others[np.argsort(counts[others], kind="stable")[-_INKS:]]
    away = np.abs(colors.astype(np.int16)[:, None] - colors[often].astype(np.int16)[None]).max(axis=2)
    beside = np.where((away > 0) & (away <= _LIKE), counts[:, None], 0).sum(axis=0)
    own = counts[often]
    return bool(2 * own[own >= beside].sum() >= own.sum())


def _is_ground(colors: NDArray[np.uint8], counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which colours are all but white or black, or the commonest."""
    ground = np.logical_or((colors <= _ALL_BUT).all(axis=1), (colors >= 255 - _ALL_BUT).all(axis=1))
    return ground | (np.arange(len(colors)) == counts.argmax())


def _is_even(pixels: NDArray[np.uint8], common: NDArray[np.uint8]) -> bool:
    """Tell whether most pixels are like those beside and below them, but for grounds."""
    if min(pixels.shape[:2]) < 2:
        return False
    here = pixels[:-1, :-1]
    even = ((here == pixels[1:, :-1]) & (here == pixels[:-1, 1:])).all(axis=2)
    grounds = ((here == color).all(axis=2) for color in (*_ENDS_OF_TONES, common))
    other = ~np.logical_or.reduce([*grounds])
    return int((even & other).sum()) >= _EVEN * max(1, int(other.sum()))


def _is_repeated(colors: NDArray[np.uint8], counts: NDArray[np.int64]) -> bool:
    """Tell whether colours come back, and some of them far more often than others, but for grounds."""
    if len(colors) <= _GREYS:
        return False
    others = np.sort(counts[~_is_ground(colors, counts)])
    most = _NEW * others.sum() >= len(others)
    return bool(most and others[-_INKS:].sum() >= _OFTEN * others.sum())


def _look_at_photo(colors: NDArray[np.uint8], counts: NDArray[np.int64], lab: Floats) -> Seen:
    black, white = _find_ends(lab)
    spread = float(np.std(np.clip(lab[:, 0], black, white))) * 100 / (white - black)
    curve = round(float(np.clip((_LIVELY - spread) / _LIVELY, 0, _MOST_CURVE)), 1)
    low, high = np.percentile(lab[:, 0], _ENDS)
    said = f"lightness from {low:.0f} to {high:.0f} of 100"
    if (black, white) != (0, 100):
        said += f", {black:.0f} to {white:.0f} stretched to all of it"
    return Seen(colors, counts, False, black, white, curve, said)


def _find_ends(lab: Floats) -> tuple[float, float]:
    """Find the lightness that should become black and white: LAB of pixels, float32 (n, 3)."""
    low, high = (float(end) for end in np.percentile(lab[:, 0], _ENDS))
    black = min(low, _LIGHTEST_BLACK) * _greyness(lab[lab[:, 0] <= low + _BESIDE])
    white = 100 - (100 - max(high, _DARKEST_WHITE)) * _greyness(lab[lab[:, 0] >= high - _BESIDE])
    return 0.0 if black < _NEAR else black, 100.0 if white > 100 - _NEAR else white


def _greyness(lab: Floats) -> float:
    """Tell from 0 to 1 how little colour some pixels have."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    return float(np.clip((_COLOR - chroma) / (_COLOR - _GREY), 0, 1).mean())
