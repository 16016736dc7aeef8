"""What the page that compares spaces works out and keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from pages import _cache, _state
from pages._cache.encoded import encode_cut
from pages._cache.pictures import Pixels
from pages._cache.results import OpenResult
from pages._references import PictureRef, ResultRef
from quantize import Metrics, Picture, Quantized, Settings
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import find_space
from quantize.measuring.cloud import Cloud, entries_of, sample_cloud
from quantize.measuring.comparison import Pair, Region, difference_map, find_regions, match_palettes
from quantize.measuring.similarity import ssim_of
from quantize.measuring.verdicts import (
    YARDSTICKS,
    Gain,
    Verdict,
    Yardstick,
    find_gain,
    judge,
    lightness_error,
)
from quantize.rendering.heat import choose_top, heat_png
from quantize.rendering.previews import grid
from quantize.settings import choose

MAP_SIDE = 720
CROP_SIDE = 160
# In each of two charts: without a graphics card, a browser draws 20,000 in about a second.
CLOUD_POINTS = 10_000


@dataclass(frozen=True, eq=False)
class Made:
    """A result in one space and its figures."""

    result: ResultRef
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


def make(picture: PictureRef, settings: Settings, spaces: Sequence[str]) -> dict[str, Made]:
    """Quantize and measure a picture in each space.

    Raises
    ------
    QuantizeError
        If the picture has nothing to quantize.
    """
    return {space: _make(picture, choose(settings, space=space)) for space in spaces}


def _make(picture: PictureRef, settings: Settings) -> Made:
    result = _cache.quantized(picture, settings, _state.checkpoint()).result
    return Made(result, _cache.metrics(result))


def likeness(
    picture: PictureRef, made: Mapping[str, Made], opened: Picture | None = None
) -> dict[str, float]:
    """Structural similarity of every result to the original: the slowest figure, so it is asked for apart."""

    def find() -> dict[str, float]:
        original = opened or _cache.open_picture(picture)
        return {space: _likeness(original, one.result) for space, one in made.items()}

    return _cache.kept(("likeness", *_names(picture, made)), find)


def _likeness(opened: Picture, result: ResultRef) -> float:
    key = "ssim", result.source.digest, result.settings
    return _cache.kept(key, lambda: ssim_of(opened, _cache.open_result(result, opened).whole(opened)))


def _names(picture: PictureRef, made: Mapping[str, Made]) -> tuple[Any, ...]:
    return picture.digest, tuple(one.result.settings for one in made.values())


def contrast(picture: PictureRef, first: ResultRef, second: ResultRef) -> Contrast:
    """Say where two results differ."""
    key = "contrast", picture.digest, first.settings, second.settings
    return _cache.kept(key, lambda: _contrast(picture, first, second))


def _contrast(picture: PictureRef, first: ResultRef, second: ResultRef) -> Contrast:
    opened = _cache.open_picture(picture)
    pixels, results = Pixels.of(opened), [_cache.open_result(result, opened) for result in (first, second)]
    width, height = picture.size
    cuts = [result.cut(pixels, *grid((height, width), MAP_SIDE)) for result in results]
    difference, alpha = difference_map(cuts[0], cuts[1], MAP_SIDE), cuts[0].alpha
    visible = difference if alpha is None else difference[is_visible(alpha)]
    if not visible.size:  # all that is visible fell between the pixels of the map
        visible = np.zeros(1, np.float32)
    top, regions = choose_top(visible), find_regions(difference, (width, height))
    crops = tuple(_crop(pixels, results, region) for region in regions)
    return Contrast(heat_png(difference, top, alpha), top, float(visible.mean()), regions, crops)


def _crop(pixels: Pixels, results: Sequence[OpenResult], region: Region) -> tuple[bytes, bytes, bytes]:
    rows, columns = grid((region.height, region.width), CROP_SIDE)
    place = _moved(rows, region.y), _moved(columns, region.x)
    original, left, right = (encode_cut(pixels, one, *place) for one in (None, *results))
    return original, left, right


def _moved(places: slice, by: int) -> slice:
    return slice(places.start + by, places.stop + by, places.step)


def pairs(first: ResultRef, second: ResultRef) -> tuple[Pair, ...]:
    """Pair the entries of two palettes by nearest colour, the most different first."""
    key = "pairs", first.palette.tobytes(), second.palette.tobytes()
    return _cache.kept(key, lambda: match_palettes(first.palette, second.palette))


def reasons(picture: PictureRef, made: Mapping[str, Made]) -> tuple[Reasoned, ...]:
    """Judge the results by every yardstick, and look for what is behind it."""
    return _cache.kept(("reasons", *_names(picture, made)), lambda: _reasons(picture, made))


def _reasons(picture: PictureRef, made: Mapping[str, Made]) -> tuple[Reasoned, ...]:
    opened = _cache.open_picture(picture)

    @cache
    def whole(space: str) -> Quantized:
        return _cache.open_result(made[space].result, opened).whole(opened)

    alike = likeness(picture, made, opened)
    return tuple(_reason(opened, made, alike, whole, yardstick) for yardstick in YARDSTICKS)


def _reason(
    opened: Picture,
    made: Mapping[str, Made],
    alike: dict[str, float],
    whole: Callable[[str], Quantized],
    yardstick: Yardstick,
) -> Reasoned:
    key = yardstick.key
    figures = {space: getattr(one.metrics, key) for space, one in made.items()} if key != "ssim" else alike
    verdict = judge(figures, yardstick)
    if verdict.is_tie:
        return Reasoned(verdict)
    best, last = (whole(verdict.ranking[place][0]) for place in (0, -1))
    if key == "ssim":
        return Reasoned(verdict, lightness=(lightness_error(opened, best), lightness_error(opened, last)))
    return Reasoned(verdict, gain=find_gain(key, opened, best, last))


def cloud(picture: PictureRef) -> Cloud:
    """Colours of a picture, few enough to draw."""
    return _cache.kept(
        ("cloud", picture.digest), lambda: sample_cloud(_cache.open_colors(picture), CLOUD_POINTS)
    )


def cells(picture: PictureRef, result: ResultRef) -> np.ndarray:
    """Palette entry of each colour of the cloud, uint8 (n,)."""
    space, key = find_space(result.settings.space), ("cells", picture.digest, result.settings)
    return _cache.kept(key, lambda: entries_of(cloud(picture), result.palette, space))
