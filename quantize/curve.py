"""Error and file size against K, and which K to suggest.

The curve is k-means in the chosen space, with the kept colours and ``rare``: the very palettes that
``quantize_image`` finds. Errors are exact (every distinct colour against its entry); file sizes are
estimated from bands of rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Counted
from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.measuring.metrics import mean_delta_e_00, psnr_db
from quantize.outline import outline_result
from quantize.rendering.encode import scaled_png_size
from quantize.rendering.row_bands import find_bands, find_share
from quantize.settings import Settings, choose

CURVE_N_COLORS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
SMALL_DIFFERENCE = 2.0
"""Mean ΔE00 that counts as small: a difference of 2 is seen side by side, hardly one after the other."""

_SIZED_PIXELS = 1_000_000


@dataclass(frozen=True)
class CurvePoint:
    """What K colours cost.

    Attributes
    ----------
    n_colors : int
        K.
    mse, psnr_db, delta_e_00
        As in ``metrics.Metrics``.
    n_bytes : int
        About how large the indexed PNG is.
    """

    n_colors: int
    mse: float
    psnr_db: float
    delta_e_00: float
    n_bytes: int


@dataclass(frozen=True)
class Suggestion:
    """A K, its mean ΔE00, and the rule that chose it: "small difference" or "bend"."""

    n_colors: int
    delta_e_00: float
    rule: str


def error_curve(
    picture: Picture,
    settings: Settings | None = None,
    n_colors: Sequence[int] = CURVE_N_COLORS,
    *,
    checkpoint: Callable[[], None] | None = None,
    known: Callable[[Settings], CurvePoint | None] = lambda settings: None,
) -> tuple[CurvePoint, ...]:
    """Measure what each K would cost.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    settings : Settings, optional
        Of which ``space``, ``keep`` and ``rare`` count.
    n_colors : sequence of int
        Each 1 to 256. Those that the kept colours do not fit into are left out, as are those beyond the
        picture's number of colours (but for the first, which shows the picture unchanged).
    checkpoint : callable, optional
        Called between points; what it raises ends the work.
    known : callable, optional
        Asked before a point is worked out, with its settings, nothing left open: whoever has that result
        returns its point.

    Raises
    ------
    QuantizeError
        If no pixel is visible, or a K is out of its limits.
    """
    given = settings or Settings()
    base = choose(Settings(space=given.space, rare=given.rare, n_colors=256), keep=given.keep)
    least = max(1, len(base.keep))
    wanted = [number for number in sorted(set(n_colors)) if number >= least]
    if not wanted:
        raise QuantizeError(f"curve needs at least one number of colours from {least} to 256, got none")
    sample = _sample(picture)
    colored = Counted(picture.opacity, picture.color_set.remembering(), picture.cells)
    points: list[CurvePoint] = []
    for number in wanted:
        if points and points[-1].mse == 0:
            break
        if checkpoint:
            checkpoint()
        wish = choose(base, n_colors=number).resolved()
        points.append(known(wish) or _measured(colored, wish, sample, picture.size[1]))
    return tuple(points)


Sample = tuple[NDArray[np.uint8], NDArray[np.uint8] | None, float]


def _sample(picture: Picture) -> Sample:
    """Find bands of a picture's rows and of its alpha, and their share of the bytes, to measure sizes on."""
    alpha = picture.alpha
    visible = None if alpha is None else is_visible(alpha)
    rows = find_bands(picture.pixels, _SIZED_PIXELS, visible)
    share = find_share(picture.pixels, rows, visible)
    return picture.pixels[rows], None if alpha is None else alpha[rows], share


def _measured(picture: Counted, settings: Settings, sample: Sample, height: int) -> CurvePoint:
    outline, found = outline_result(picture, settings), picture.color_set
    mse = outline.sse / found.n_pixels
    delta_e_00 = mean_delta_e_00(found, outline.palette, outline.table)
    pixels, alpha, share = sample
    entries, _ = found.look_up(pixels.reshape(-1, 3), outline.table)
    indices = entries.reshape(pixels.shape[:2])
    n_bytes = scaled_png_size(outline.palette, indices, alpha, height, share=share)
    return CurvePoint(settings.n_colors, mse, psnr_db(mse), delta_e_00, n_bytes)


def suggest_n_colors(points: Sequence[CurvePoint], threshold: float = SMALL_DIFFERENCE) -> Suggestion:
    """Suggest a K from a curve.

    The smallest K of the curve from which on the mean ΔE00 stays below ``threshold``. If it never does, the
    bend: the K where the curve lies farthest below the line from its first to its last point, with K on a
    logarithmic scale (the "kneedle" of Satopää et al., 2011, doi 10.1109/ICDCSW.2011.20).

    Raises
    ------
    QuantizeError
        If the curve has no points.
    """
    if not points:
        raise QuantizeError("curve must have at least one point, got none")
    small = [point.delta_e_00 < threshold for point in points]
    if small[-1]:
        first = len(small) - next((n for n, ok in enumerate(reversed(small)) if not ok), len(small))
        return Suggestion(points[first].n_colors, points[first].delta_e_00, "small difference")
    place = np.log([point.n_colors for point in points])
    error = np.array([point.delta_e_00 for point in points])
    line = np.interp(place, place[[0, -1]], error[[0, -1]])
    bend = points[int(np.argmax(line - error))]
    return Suggestion(bend.n_colors, bend.delta_e_00, "bend")
