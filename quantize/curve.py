"""Error and file size against K, and which K to suggest.

The curve is k-means in the chosen space, with the kept colours and ``rare``: the very palettes that
``quantize_image`` finds. Errors are exact (every distinct colour against its entry); file sizes are
estimated from bands of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, log2

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored, Counted
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.measuring.metrics import mean_and_p99, psnr_db
from quantize.outline import outline_result
from quantize.rendering.encode import estimate_png_size
from quantize.rendering.rivals import FileSize
from quantize.rendering.row_bands import Bands, take_bands
from quantize.settings import Settings, choose

CURVE_N_COLORS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
SMALL_DIFFERENCE = 2.0
"""Mean ΔE00 that counts as small: a difference of 2 is seen side by side, hardly one after the other."""
SMALL_AT_MOST = 10.0
"""What 99 % of the pixels stay below then: in a drawing most are exact, and a mean hides lost text."""
LITTLE_GAIN, LITTLE_GAIN_AT_MOST = 1.0, 5.0
"""Where even the most colours are not that near, so much more than with them counts as little."""

_SIZED_PIXELS = 1_000_000
# So many doublings of K from one that is known, sizes are told by it.
_NEAR = 2
# From so many colours on, a K between two others is told by these, if they differ by no more than that
# factor: mostly within 2 % of what packing it says, within 5 % at worst. Below, the best way to pack changes.
_SMOOTH_FROM, _ALIKE = 24, 1.12


@dataclass(frozen=True)
class CurvePoint:
    """What K colours cost.

    Attributes
    ----------
    n_colors : int
        K.
    mse, psnr_db, delta_e_00, delta_e_00_p99
        As in ``metrics.Metrics``.
    n_bytes : int
        About how large the indexed PNG is.
    """

    n_colors: int
    mse: float
    psnr_db: float
    delta_e_00: float
    delta_e_00_p99: float
    n_bytes: int


@dataclass(frozen=True)
class Known:
    """A point that somebody worked out before, and its size as it was told, which helps to tell others."""

    point: CurvePoint
    size: FileSize | None = None


@dataclass(frozen=True)
class Suggestion:
    """A point of a curve, and the rule that chose it: "small difference" or "little gain"."""

    point: CurvePoint
    rule: str

    @property
    def n_colors(self) -> int:
        """Return its K."""
        return self.point.n_colors


def error_curve(
    picture: Picture | Counted,
    settings: Settings | None = None,
    n_colors: Sequence[int] = CURVE_N_COLORS,
    *,
    bands: Bands | None = None,
    checkpoint: Callable[[], None] | None = None,
    known: Callable[[Settings], Known | None] = lambda settings: None,
) -> tuple[CurvePoint, ...]:
    """Measure what each K would cost.

    Parameters
    ----------
    picture : Picture or Counted
        With at least one visible pixel.
    settings : Settings, optional
        Of which ``space``, ``keep`` and ``rare`` count.
    n_colors : sequence of int
        Each 1 to 256. Those that the kept colours do not fit into are left out, as are those beyond the
        picture's number of colours (but for the first, which shows the picture unchanged).
    bands : Bands, optional
        The picture's, to measure sizes on, if they are at hand: then its colours are enough.
    checkpoint : callable, optional
        Called between points; what it raises ends the work.
    known : callable, optional
        Asked for each point before any is worked out, with its settings, nothing left open: whoever has that
        result returns its point. Sizes of points beside these are told more quickly.

    Raises
    ------
    QuantizeError
        If no pixel is visible, a K is out of its limits, or there are neither pixels nor bands.
    """
    given = settings or Settings()
    base = choose(Settings(space=given.space, rare=given.rare, n_colors=256), keep=given.keep)
    least = max(1, len(base.keep))
    wanted = [number for number in sorted(set(n_colors)) if number >= least]
    if not wanted:
        raise QuantizeError(f"curve needs at least one number of colours from {least} to 256, got none")
    bands = bands or _bands(picture)
    colored = Counted(picture.opacity, picture.color_set.remembering(), picture.cells.keeping())
    wishes = [choose(base, n_colors=number).resolved() for number in wanted]
    at_hand = {wish.n_colors: found for wish in wishes if (found := known(wish))}
    drafts: dict[int, _Draft] = {}
    points: dict[int, Known] = {}
    for wish in wishes:
        if checkpoint:
            checkpoint()
        number = wish.n_colors
        if number in at_hand:
            points[number] = at_hand[number]
        else:
            drafts[number] = _draft(colored, wish, bands)
        if (points[number].point if number in points else drafts[number]).mse == 0:
            break
    # The last first, as those before it lie between it and others.
    for number in sorted(drafts, key=lambda number: (number != max(drafts), number)):
        if checkpoint:
            checkpoint()
        points[number] = _sized(drafts[number], number, bands, points)
    return tuple(points[number].point for number in sorted(points))


def _ahead(sizes: dict[int, FileSize], number: int) -> float | None:
    """Tell how much the best level is likely to be ahead at a K, from points within ``_NEAR`` steps of it."""
    shares = {k: size.ahead for k, size in sizes.items() if size.ahead is not None}
    if not shares or min(abs(log2(k / number)) for k in shares) > _NEAR:
        return None
    return _between(shares, number)


def _of_quick(sizes: dict[int, FileSize], number: int) -> float | None:
    """Tell the share of what is packed quickly at a K, from the points on both sides if they say alike."""
    shares = {k: size.of_quick for k, size in sizes.items() if size.of_quick is not None}
    below, above = [k for k in shares if k < number], [k for k in shares if k > number]
    if number < _SMOOTH_FROM or not below or not above or min(above) > max(below) << _NEAR:
        return None
    least, most = sorted((shares[max(below)], shares[min(above)]))
    return _between(shares, number) if most <= _ALIKE * least else None


def _between(shares: dict[int, float], number: int) -> float:
    steps, logs = zip(*((log2(k), log(share)) for k, share in sorted(shares.items())), strict=True)
    return exp(float(np.interp(log2(number), steps, logs)))


def _bands(picture: Colored) -> Bands:
    if not isinstance(picture, Picture):
        raise QuantizeError("curve needs a picture's pixels or bands of them, got only its colours")
    return take_bands(picture.pixels, picture.alpha, _SIZED_PIXELS)


@dataclass(frozen=True, eq=False)
class _Draft:
    """A point without its size: errors, palette, and the entries of the bands' pixels."""

    mse: float
    delta_e_00: float
    delta_e_00_p99: float
    palette: NDArray[np.uint8]
    indices: NDArray[np.uint8]


def _draft(picture: Counted, settings: Settings, bands: Bands) -> _Draft:
    outline, found = outline_result(picture, settings), picture.color_set
    mean, p99 = mean_and_p99(found, outline.palette, outline.table)
    entries, _ = found.look_up(bands.pixels.reshape(-1, 3), outline.table)
    indices = entries.reshape(bands.pixels.shape[:2])
    return _Draft(outline.sse / found.n_pixels, mean, p99, outline.palette, indices)


def _sized(draft: _Draft, number: int, bands: Bands, known: dict[int, Known]) -> Known:
    sizes = {k: one.size for k, one in known.items() if one.size is not None}
    size = estimate_png_size(
        draft.palette, draft.indices, bands.alpha, bands.height, share=bands.share,
        ahead=_ahead(sizes, number), of_quick=_of_quick(sizes, number),
    )  # fmt: skip
    differences = draft.delta_e_00, draft.delta_e_00_p99
    point = CurvePoint(number, draft.mse, psnr_db(draft.mse), *differences, size.n_bytes)
    return Known(point, size)


def suggest_n_colors(points: Sequence[CurvePoint]) -> Suggestion:
    """Suggest a K from a curve: the smallest from which on more colours make little difference.

    That is small if ΔE00 stays below ``SMALL_DIFFERENCE`` on average and below ``SMALL_AT_MOST`` for 99 % of
    the pixels. If even the last point is not that near, both may be more than there, by less than
    ``LITTLE_GAIN`` and ``LITTLE_GAIN_AT_MOST``.

    Raises
    ------
    QuantizeError
        If the curve has no points.
    """
    if not points:
        raise QuantizeError("curve must have at least one point, got none")
    last = points[-1]
    is_small = last.delta_e_00 < SMALL_DIFFERENCE and last.delta_e_00_p99 < SMALL_AT_MOST
    mean, most = SMALL_DIFFERENCE, SMALL_AT_MOST
    if not is_small:
        mean, most = last.delta_e_00 + LITTLE_GAIN, last.delta_e_00_p99 + LITTLE_GAIN_AT_MOST
    near = [point.delta_e_00 < mean and point.delta_e_00_p99 < most for point in points]
    first = len(near) - next((n for n, ok in enumerate(reversed(near)) if not ok), len(near))
    return Suggestion(points[first], "small difference" if is_small else "little gain")
