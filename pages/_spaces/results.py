"""What the page that compares spaces works out and keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pages import _cache, _state
from pages._cache.encoded import encode_cut
from quantize import Metrics, Picture, Quantized, Settings
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import find_space
from quantize.measuring.cloud import Cloud, entries_of, sample_cloud
from quantize.measuring.comparison import Pair, Region, difference_map, find_regions, match_palettes
from quantize.measuring.similarity import ssim_of
from quantize.measuring.verdicts import YARDSTICKS, Gain, Verdict, find_gain, judge, lightness_error
from quantize.rendering.heat import choose_top, heat_png
from quantize.rendering.previews import grid, preview
from quantize.settings import choose

MAP_SIDE = 720
CROP_SIDE = 160
# In each of two charts: without a graphics card, a browser draws 20,000 in about a second.
CLOUD_POINTS = 10_000


@dataclass(frozen=True, eq=False)
class Made:
    """A result in one space and its figures."""

    result: Quantized
    metrics: Metrics


@dataclass(frozen=True, eq=False)
class Contrast:
    """Where two results differ.

    Attributes
    ----------
    png : bytes
        The difference map.
    top : float
        ΔE00 at the end of its scale.
    mean : float
        ΔE00 over all visible pixels of the map.
    regions : tuple of Region
        Where they differ most.
    crops : tuple of (bytes, bytes, bytes)
        Each region in the original (lossless WebP or PNG) and in both results (PNG).
    """

    png: bytes
    top: float
    mean: float
    regions: tuple[Region, ...]
    crops: tuple[tuple[bytes, bytes, bytes], ...]


@dataclass(frozen=True)
class Reasoned:
    """A verdict, and what is behind it: between the winner and the result that is last.

    Attributes
    ----------
    verdict : Verdict
    gain : Gain or None
        Where the winner gained most; None for SSIM and for ties.
    lightness : (float, float) or None
        For SSIM: mean lightness error of the winner and of the last.
    """

    verdict: Verdict
    gain: Gain | None = None
    lightness: tuple[float, float] | None = None


def make(picture: Picture, settings: Settings, spaces: Sequence[str]) -> dict[str, Made]:
    """Quantize and measure a picture in each space.

    Raises
    ------
    QuantizeError
        If the picture has nothing to quantize.
    """
    return {space: _make(picture, choose(settings, space=space)) for space in spaces}


def _make(picture: Picture, settings: Settings) -> Made:
    result = _cache.quantized(picture, settings, _state.checkpoint()).result
    return Made(result, _cache.metrics(picture, result))


def likeness(picture: Picture, made: Mapping[str, Made]) -> dict[str, float]:
    """Structural similarity of every result to the original: the slowest figure, so it is asked for apart."""
    return {space: _likeness(picture, one.result) for space, one in made.items()}


def _likeness(picture: Picture, result: Quantized) -> float:
    key = "ssim", picture.digest, result.settings
    return _cache.kept(key, lambda: ssim_of(picture, result))


def contrast(picture: Picture, first: Quantized, second: Quantized) -> Contrast:
    """Say where two results differ."""
    key = "contrast", picture.digest, first.settings, second.settings
    return _cache.kept(key, lambda: _contrast(picture, first, second))


def _contrast(picture: Picture, first: Quantized, second: Quantized) -> Contrast:
    difference = difference_map(first, second, MAP_SIDE)
    alpha = None if picture.alpha is None else preview(picture.alpha, MAP_SIDE)
    visible = difference if alpha is None else difference[is_visible(alpha)]
    if not visible.size:  # all that is visible fell between the pixels of the map
        visible = np.zeros(1, np.float32)
    width, height = picture.size
    top, regions = choose_top(visible), find_regions(difference, (width, height))
    crops = tuple(_crop(picture, first, second, region) for region in regions)
    return Contrast(heat_png(difference, top, alpha), top, float(visible.mean()), regions, crops)


def _crop(
    picture: Picture, first: Quantized, second: Quantized, region: Region
) -> tuple[bytes, bytes, bytes]:
    rows, columns = grid((region.height, region.width), CROP_SIDE)
    place = _moved(rows, region.y), _moved(columns, region.x)
    original, left, right = (encode_cut(picture, one, *place) for one in (None, first, second))
    return original, left, right


def _moved(places: slice, by: int) -> slice:
    return slice(places.start + by, places.stop + by, places.step)


def pairs(first: Quantized, second: Quantized) -> tuple[Pair, ...]:
    """Pair the entries of two palettes by nearest colour, the most different first."""
    key = "pairs", first.palette.tobytes(), second.palette.tobytes()
    return _cache.kept(key, lambda: match_palettes(first.palette, second.palette))


def reasons(picture: Picture, made: Mapping[str, Made]) -> tuple[Reasoned, ...]:
    """Judge the results by every yardstick, and look for what is behind it."""
    key = "reasons", picture.digest, tuple(one.result.settings for one in made.values())
    return _cache.kept(key, lambda: tuple(_reason(picture, made, number) for number in range(3)))


def _reason(picture: Picture, made: Mapping[str, Made], number: int) -> Reasoned:
    yardstick = YARDSTICKS[number]
    verdict = judge(_numbers(picture, made, yardstick.key), yardstick)
    if verdict.is_tie:
        return Reasoned(verdict)
    best, last = (made[verdict.ranking[place][0]].result for place in (0, -1))
    if yardstick.key == "ssim":
        errors = lightness_error(picture, best), lightness_error(picture, last)
        return Reasoned(verdict, lightness=errors)
    return Reasoned(verdict, gain=find_gain(yardstick.key, picture, best, last))


def _numbers(picture: Picture, made: Mapping[str, Made], key: str) -> dict[str, float]:
    if key == "ssim":
        return likeness(picture, made)
    return {space: getattr(one.metrics, key) for space, one in made.items()}


def cloud(picture: Picture) -> Cloud:
    """Colours of a picture, few enough to draw."""
    return _cache.kept(("cloud", picture.digest), lambda: sample_cloud(picture, CLOUD_POINTS))


def cells(picture: Picture, result: Quantized) -> np.ndarray:
    """Palette entry of each colour of the cloud, uint8 (n,)."""
    space, key = find_space(result.settings.space), ("cells", picture.digest, result.settings)
    return _cache.kept(key, lambda: entries_of(cloud(picture), result.palette, space))
